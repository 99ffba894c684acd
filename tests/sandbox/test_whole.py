"""Every read operation of the whole API, over HTTP."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mijnklantportaal.document import Document
from mijnklantportaal.sandbox import Change, Options, Sandbox, by_page
from mijnklantportaal.sandbox.faults import Status
from tests.sandbox.helpers import client_of, ids_in, readable


@pytest.fixture(scope="module")
def running(whole: Path) -> Iterator[tuple[Sandbox, httpx.Client]]:
    with Sandbox(document=whole, limit=None) as sandbox, client_of(sandbox) as client:
        yield sandbox, client


@pytest.fixture
def portal(running: tuple[Sandbox, httpx.Client]) -> tuple[Sandbox, httpx.Client]:
    running[0].reset()
    return running


def listed(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page: int | None = 1
    while page:
        response = client.get(path, params={"page": page}).raise_for_status().json()
        assert (response["current_page"], response["per_page"]) == (page, 15)
        rows += response["data"]
        page = page + 1 if response["next_page_url"] else None
    return rows


def strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from strings(each)
    if isinstance(value, str):
        yield value


def test_every_list_has_its_name_and_rows(portal: tuple[Sandbox, httpx.Client], whole: Path) -> None:
    sandbox, client = portal
    lists = Document(json.loads(whole.read_text())).lists
    assert len(lists) == 16
    for operation in lists:
        path = operation.path.format(**ids_in(operation.path, sandbox, client))
        rows = listed(client, path)
        owner = path.split("/")[2] if operation.path_parameters else None
        assert [row["id"] for row in rows] == sandbox.ids(operation.command, owner=owner) != []
        assert len(sandbox.ids(operation.command)) == (100 if operation.command == "customers" else 40)


def test_every_item_has_the_fields_of_its_list(portal: tuple[Sandbox, httpx.Client], whole: Path) -> None:
    sandbox, client = portal
    paths = readable(json.loads(whole.read_text()))
    assert len(paths) == 36
    for template in paths:
        path = template.format(**ids_in(template, sandbox, client))
        response = client.get(path)
        assert response.status_code == 200, path
        above = client.get(path.rpartition("/")[0])
        if template.endswith("}") and above.status_code == 200:
            shown = response.json()
            (row,) = [row for row in above.json()["data"] if row["id"] == shown["id"]]
            assert row == {name: shown[name] for name in row}


@pytest.mark.parametrize(
    "path",
    [
        "/customers/{}",
        "/payment-links/{}/payments",
        "/punch-cards/{}/issued/x",
        "/customer-invoices/{}/pdf",
        "/agreements/{}/documents/x/download",
        "/files/{}",
    ],
)
def test_an_unknown_id_is_404_and_counted(portal: tuple[Sandbox, httpx.Client], path: str) -> None:
    _, client = portal
    response = client.get(path.format("cst_unknown1"))
    assert (response.status_code, response.json()["code"]) == (404, 404)
    assert response.headers["X-RateLimit-Remaining"] == "999999"


def test_an_id_of_another_owner_is_404(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = portal
    mine, other = sandbox.ids("punch-cards")[:2]
    issued = sandbox.ids("bought-punch-cards", owner=mine)[0]
    assert client.get(f"/punch-cards/{mine}/issued/{issued}").json()["punchCardId"] == mine
    assert client.get(f"/punch-cards/{other}/issued/{issued}").status_code == 404
    assert sandbox.ids("punch-cards", owner=mine) == []  # they have no owners
    agreement = sandbox.ids("agreements")[0]
    document = client.get(f"/agreements/{agreement}").json()["documents"][0]["id"]
    assert client.get(f"/agreements/{agreement}/documents/{document}/download").status_code == 200
    assert client.get(f"/agreements/{agreement}/documents/{document[:-1]}/download").status_code == 404


def test_ids_refer_to_existing_rows(portal: tuple[Sandbox, httpx.Client], whole: Path) -> None:
    sandbox, client = portal
    names = ["customers", "customer-groups", "file-shares", "payment-links", "punch-cards", "files"]
    known = {sandbox.ids(name)[0][:3]: set(sandbox.ids(name)) for name in names}
    found = 0
    for name in (operation.command for operation in Document(json.loads(whole.read_text())).lists):
        for position in range(40):
            for text in strings(sandbox.item(position, of=name)):
                for id_, prefix in re.findall(r"\b((cst|cug|fss|plk|pcd|fsf)_[a-z0-9]{14})", text):
                    assert id_ in known[prefix]
                    found += 1
    assert found > 500
    invoice = client.get("/customer-invoices").json()["data"][0]
    assert invoice["links"]["customer"]["href"].endswith(f"/customers/{invoice['customerId']}")
    assert client.get(f"/customers/{invoice['customerId']}").json()["id"] == invoice["customerId"]


def test_values_have_the_form_of_the_examples(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, _ = portal
    invoices = [sandbox.item(position, of="customer-invoices") for position in range(40)]
    assert all(re.fullmatch(r"inv_[a-z0-9]{14}", str(each["id"])) for each in invoices)
    assert len({each["invoiceNumber"] for each in invoices}) == 40
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", str(each["issuedAt"])) for each in invoices)
    assert {type(each["paidAt"]) for each in invoices} == {str, type(None)}
    created = [str(each["createdAt"]) for each in invoices]
    assert created == sorted(created, reverse=True)


def test_writing_is_501(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = portal
    response = client.post("/customers", json={})
    assert response.status_code == 501
    assert response.json()["message"] == "The sandbox does not serve operations that write."
    assert client.patch(f"/customers/{sandbox.ids()[0]}").status_code == 501
    refused = client.delete("/customers")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert len(sandbox.ids()) == 100


def test_a_list_without_pages(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = portal
    response = client.get("/appointments", params={"days": 7}).json()
    assert [row["id"] for row in response["data"]] == sandbox.ids("appointments")
    assert set(response) == {"data"}
    assert sandbox.requests[-1].page is None


def test_numbers_of_rows_and_own_rows(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = portal
    link = "plk_mine"
    mine: Options = {
        "customers": 3,
        "items": {"customer-invoices": 17, "webhooks": 0},
        "rows": {
            "tickets": [{"title": "Factuur kwijt"}, {"id": "tic_mine", "extra": 1}],
            "payment-links": [{"id": link}],
            "payment-link-payment": [{"paymentLinkId": link, "amount": "1.00"}, {}],
        },
    }
    sandbox.reset(**mine)
    assert [len(listed(client, f"/{name}")) for name in ("customers", "customer-invoices", "webhooks")] == [
        3,
        17,
        0,
    ]
    tickets = listed(client, "/tickets")
    assert [ticket["title"] for ticket in tickets] == ["Factuur kwijt", "Invoice issue"]
    assert sandbox.ids("tickets")[1] == "tic_mine"
    assert client.get("/tickets/tic_mine").json()["extra"] == 1
    assert tickets[0]["customerId"] in {None, *sandbox.ids()}
    assert [each["amount"] for each in listed(client, f"/payment-links/{link}/payments")] == ["1.00", "12.95"]


def test_the_same_seed_gives_the_same_rows(whole: Path) -> None:
    def rows(seed: int) -> list[object]:
        sandbox = Sandbox(document=whole, seed=seed)
        return [sandbox.item(position, of="file-requests") for position in range(40)]

    first = rows(1)
    assert first == rows(1)
    second = rows(2)
    assert not any(row in second for row in first)


def test_changes_faults_and_order_apply_to_every_list(portal: tuple[Sandbox, httpx.Client]) -> None:
    sandbox, client = portal
    sandbox.reset(
        order="name",
        limit=4,
        changes=[Change(request=3, remove=40, add=1, of="payment-links")],
        faults=by_page({2: [Status(500)]}),
    )
    names = [str(sandbox.item(position, of="invoices")["invoiceNumber"]) for position in range(40)]
    assert names == sorted(names)
    responses = [client.get("/payment-links", params={"page": page}) for page in (1, 2, 1)]
    assert [response.status_code for response in responses] == [200, 500, 200]
    assert [row["id"] for row in responses[2].json()["data"]] == sandbox.ids("payment-links")
    assert [client.get("/tickets").status_code for _ in range(2)] == [200, 429]
    assert [(request.page, request.attempt) for request in sandbox.requests[:3]] == [(1, 1), (2, 1), (1, 2)]


@pytest.mark.parametrize(
    "options",
    [
        {"items": {"ticket": 1}},
        {"rows": {"ticket": []}},
        {"changes": [Change(request=1, of="ticket")]},
    ],
)
def test_an_unknown_list_is_an_error(whole: Path, options: Any) -> None:
    with pytest.raises(ValueError, match=r"'ticket'.*tickets"):
        Sandbox(document=whole, **options)


def test_own_rows_with_the_same_id_are_an_error(whole: Path) -> None:
    with pytest.raises(ValueError, match="two rows of 'tickets' have the same id"):
        Sandbox(document=whole, rows={"tickets": [{"id": "tic_1"}, {"id": "tic_1"}]})
