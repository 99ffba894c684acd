"""`mijnklantportaal list`: every list of a document, with all that `customers` can do."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal.document import Document, shipped
from mijnklantportaal.sandbox import Sandbox, faults
from tests.cli.helpers import run
from tests.support import page, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.helpers import Ran

    Invoke = Callable[..., Ran]


@pytest.fixture
def portal(whole: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A portal with everything that the whole API has, and the command of a client of it."""
    document = Document(json.loads(whole.read_bytes()))
    for module in ("mijnklantportaal.cli.order", "mijnklantportaal.document"):
        monkeypatch.setattr(f"{module}.shipped", lambda: document)
    with Sandbox(document=str(whole), limit=None, items={"customer-invoices": 20}) as sandbox:
        monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", sandbox.api_key)
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url)
        yield sandbox


def rows(done: Ran) -> list[dict[str, object]]:
    assert (done.status, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_the_overview_shows_every_list_with_ids_and_fields(portal: Sandbox, invoke: Invoke) -> None:
    done = invoke("list")
    text = re.sub(r"\n {3,}", " ", done.out)
    assert (done.status, len(text.splitlines())) == (0, 16)
    assert re.search(r"^payment-link-payment <linkId> +id, paymentLinkId, currency", text, re.MULTILINE)
    assert re.search(r"^agreements +fields not documented$", text, re.MULTILINE)


def test_every_list_can_be_listed_in_every_format(portal: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    from mijnklantportaal.document import shipped as whole

    for operation in whole().lists:
        ids: list[str] = []
        for parameter in operation.path_parameters:
            owner = {"linkId": "payment-links", "punchCardId": "punch-cards"}[parameter.name]
            ids.append(str(rows(invoke("list", owner, "--limit", "1"))[0]["id"]))
        listed = rows(invoke("list", operation.command, *ids))
        assert listed
        for kind in "json", "csv", "xlsx":
            target = tmp_path / f"{operation.command}.{kind}"
            assert invoke("list", operation.command, *ids, "--output", str(target)) == (0, "", "")
        assert json.loads((tmp_path / f"{operation.command}.json").read_text()) == listed
        with (tmp_path / f"{operation.command}.csv").open(newline="") as stream:
            assert [row["id"] for row in csv.DictReader(stream)] == [row["id"] for row in listed]
        lines = invoke("list", operation.command, *ids, "--format", "table").out.splitlines()
        assert lines[0].startswith("id ")
        assert [line.split()[0] for line in lines[1:-1]] == [row["id"] for row in listed]
        noun = operation.command.replace("-", " ").removesuffix("s")
        assert re.match(rf"{len(listed)} {noun}s?, ", lines[-1])


def test_a_nested_list_takes_an_id(portal: Sandbox, invoke: Invoke) -> None:
    first, second = [str(row["id"]) for row in rows(invoke("list", "payment-links", "--limit", "2"))]
    for link in first, second:
        assert {row["paymentLinkId"] for row in rows(invoke("list", "payment-link-payment", link))} <= {link}
    assert portal.requests[-1].path == f"/v1/payment-links/{second}/payments"


def test_an_id_is_quoted_in_the_path(
    portal: Sandbox, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(page(1, [], more=False)) as wire:
        monkeypatch.setenv("MIJNKLANTPORTAAL_BASE_URL", wire.base_url)
        assert invoke("list", "payment-link-payment", "../x?y").status == 0
        assert wire.targets == ["/v1/payment-links/%2E%2E%2Fx%3Fy/payments?page=1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["customer-invoces"], "there is no list 'customer-invoces'; did you mean customer-invoices?"),
        (["x"], "there is no list 'x'; `mijnklantportaal list` shows all names"),
        (["payment-link-payment"], "payment-link-payment needs linkId"),
        (["tickets", "tic_1"], "tickets needs no ids"),
        (["tickets", "--columns", "id,naam"], "no field 'naam'; there are id, customerId, title"),
        (["tickets", "--group", "x"], "No such option"),
        (["--limit", "3"], "add the NAME of a list"),
    ],
)
def test_an_invalid_option_is_one_line_and_sends_nothing(
    arguments: list[str], words: str, portal: Sandbox, invoke: Invoke
) -> None:
    done = invoke("list", *arguments)
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert words in done.err
    assert portal.requests == []


def test_customers_equals_list_customers(portal: Sandbox, invoke: Invoke) -> None:
    assert invoke("customers", "--format", "csv") == invoke("list", "customers", "--format", "csv")


def test_the_resume_line_names_the_list(portal: Sandbox, invoke: Invoke, tmp_path: Path) -> None:
    portal.reset(faults=lambda request: faults.WrongPage(7) if request.page == 2 else None)
    done = invoke("list", "customer-invoices", "--limit", "18")
    assert re.fullmatch(
        r"To resume: mijnklantportaal list customer-invoices --start-page 1\.\S+ --limit 3",
        done.err.splitlines()[1],
    )


def test_names_are_completed() -> None:
    words = {"COMP_WORDS": "mijnklantportaal list ", "COMP_CWORD": "2"}
    completed = run(_MIJNKLANTPORTAAL_COMPLETE="bash_complete", **words).out.split()
    assert completed == [f"plain,{operation.command}" for operation in shipped().lists]
