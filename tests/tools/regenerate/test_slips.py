"""A document with one mistake is never rejected, and nothing is lost silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from tests.tools.regenerate.slips import CUSTOMER, CUSTOMERS, SLIPS
from tests.whole import as_json, part
from tools.regenerate.effective import effective
from tools.regenerate.fit import fit
from tools.regenerate.generate import CONFIG, ROOT
from tools.regenerate.tree import copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.regenerate.notes import Note

OVERLAY = (ROOT / "overlay.yaml").read_bytes()


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    """A few operations of the whole API, and the schemas that they need."""
    operations = {CUSTOMERS: ["get", "post"], CUSTOMER: ["get"], "/customer-groups": ["get"]}
    document: dict[str, Any] = part(operations, {"Customer", "CustomerGroup", "Error_ApiError"})
    return document


def through(document: dict[str, Any]) -> tuple[set[str], list[Note]]:
    """Return what callers can use (calls, parameters, results, fields), and the notes."""
    corrected, notes = effective(as_json(document), OVERLAY)
    fitting, more = fit(corrected, ROOT / CONFIG)
    options = ConfigFile.load_from_path(ROOT / CONFIG)
    config = Config.from_sources(options, MetaType.NONE, ROOT / "openapi.json", "utf-8", False, None)
    data: Any = GeneratorData.from_dict(copy(fitting), config=config)
    found: set[str] = set()
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            call = f"{collection.tag}.{endpoint.name}"
            found.add(f"{call} -> {endpoint.response_type().as_unembedded_code()}")
            found |= {f"{call}({each.python_name})" for each in endpoint.list_all_parameters()}
    for model in data.models:
        properties = (*model.required_properties, *model.optional_properties)
        found |= {
            f"{model.class_info.name}.{each.python_name}: {each.get_type_string().as_unembedded_code()}"
            for each in properties
        }
    return found, [*notes, *more]


@pytest.fixture(scope="module")
def before(good: dict[str, Any]) -> tuple[set[str], list[Note]]:
    return through(good)


@pytest.mark.parametrize(
    ("change", "said"), [pytest.param(change, said, id=name) for name, change, said in SLIPS]
)
def test_is_not_rejected_and_nothing_is_lost_silently(
    change: Callable[[Any], None], said: str, good: dict[str, Any], before: tuple[set[str], list[Note]]
) -> None:
    document = copy(good)
    change(document)
    found, notes = through(document)
    new = [note for note in notes if note not in before[1]]
    assert any(said in note.what for note in new) if said else True, new
    lost = before[0] - found
    assert not lost or new, f"silently lost: {lost}"
    assert "customers_api.list_customers -> CustomerPage" in found
    assert "customers_api.list_customers(page)" in found
