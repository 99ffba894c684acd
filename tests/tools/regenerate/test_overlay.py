import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.regenerate import overlay as overlays
from tools.regenerate.overlay import OverlayError, superfluous


def overlay(*actions: Any) -> dict[str, Any]:
    return {"overlay": "1.1.0", "info": {"title": "t", "version": "1"}, "actions": list(actions)}


def apply(document: dict[str, Any], actions: Any) -> dict[str, Any]:
    result, notes = overlays.apply(document, actions)
    assert notes == []
    return result


def left_out(document: dict[str, Any], actions: Any) -> str:
    """Return the note on the last action, which does not fit the document and changes nothing."""
    result, (note,) = overlays.apply(document, actions)
    assert result == overlays.apply(document, {**actions, "actions": [*actions["actions"][:-1], NOTHING]})[0]
    assert note.kind == "incomplete"
    return f"{note.where}: {note.what}"


NOTHING = {"target": "$", "update": {}}


def test_update_merges_objects() -> None:
    document = {"a": {"b": {"c": 1, "d": 2}, "e": [1]}}
    result = apply(
        document, overlay({"target": "$.a", "update": {"b": {"c": 3, "f": {}}, "e": [2, 3], "g": None}})
    )
    assert result == {"a": {"b": {"c": 3, "d": 2, "f": {}}, "e": [1, 2, 3], "g": None}}


@pytest.mark.parametrize(
    ("update", "expected"),
    [({"x": 1}, [0, {"x": 1}]), ("x", [0, "x"]), (None, [0, None]), ([1, 2], [0, 1, 2]), ([[1]], [0, [1]])],
)
def test_update_of_an_array(update: Any, expected: list[Any]) -> None:
    assert apply({"a": [0]}, overlay({"target": "$.a", "update": update})) == {"a": expected}


def test_update_of_a_primitive_replaces_it() -> None:
    document = {"a": [{"b": 1}, {"b": "two"}, {"b": None}], "c": [1, 2]}
    actions = [{"target": "$.a.*.b", "update": 5}, {"target": "$.c[?@==2]", "update": 7}]
    assert apply(document, overlay(*actions)) == {"a": [{"b": 5}, {"b": 5}, {"b": 5}], "c": [1, 7]}


def test_update_of_the_whole_document() -> None:
    assert apply({"a": 1}, overlay({"target": "$", "update": {"b": 2}})) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("document", "action"),
    [
        ({"a": {"b": 1}}, {"target": "$.a", "update": {"b": {}}}),
        ({"a": {"b": "string"}}, {"target": "$.a", "update": {"b": ["string", "null"]}}),
        ({"a": {"b": []}}, {"target": "$.a", "update": {"b": 1}}),
        ({"a": {}}, {"target": "$.a", "update": 1}),
        ({"a": {}}, {"target": "$.a", "update": [1]}),
        ({"a": 1}, {"target": "$.a", "update": {}}),
    ],
)
def test_kinds_that_do_not_merge(document: dict[str, Any], action: dict[str, Any]) -> None:
    said = left_out(document, overlay(action))
    assert re.search(r"action 1 .* at \$\['a'\].* cannot be merged with", said)


def test_targets_of_different_kinds() -> None:
    said = left_out({"a": [1], "b": {}}, overlay({"target": "$.*", "update": {}}))
    assert "different kinds" in said


def test_update_used_twice_is_not_shared() -> None:
    update = {"list": [{"x": 1}]}
    actions = [
        {"target": "$.*", "update": update},
        {"target": "$.a.list[0]", "update": {"x": 2}},
        {"target": "$.a.list", "update": 3},
    ]
    result = apply({"a": {}, "b": {}}, overlay(*actions))
    assert result == {"a": {"list": [{"x": 2}, 3]}, "b": {"list": [{"x": 1}]}}
    assert update == {"list": [{"x": 1}]}


@pytest.mark.parametrize("update", [{"x": 1}, [{"x": 1}]])
def test_item_appended_at_two_places_is_not_shared(update: Any) -> None:
    actions = [{"target": "$.*", "update": update}, {"target": "$.a[0]", "update": {"x": 2}}]
    assert apply({"a": [], "b": []}, overlay(*actions)) == {"a": [{"x": 2}], "b": [{"x": 1}]}


def test_array_merged_at_two_places_is_not_shared() -> None:
    actions = [{"target": "$.*", "update": {"l": [{"x": 1}]}}, {"target": "$.a.l[0]", "update": {"x": 2}}]
    result = apply({"a": {"l": []}, "b": {"l": []}}, overlay(*actions))
    assert result == {"a": {"l": [{"x": 2}]}, "b": {"l": [{"x": 1}]}}


def test_shared_nodes_of_the_document_are_copied() -> None:
    shared = {"x": 1}
    assert apply({"a": shared, "b": shared}, overlay({"target": "$.a", "update": {"x": 2}})) == {
        "a": {"x": 2},
        "b": {"x": 1},
    }


def test_remove_several_items_of_one_array() -> None:
    document = {"a": [{"n": "x"}, {"n": "y"}, {"n": "x"}, {"n": "z"}, {"n": "x"}]}
    result = apply(document, overlay({"target": "$.a[?@.n=='x']", "remove": True}))
    assert result == {"a": [{"n": "y"}, {"n": "z"}]}


def test_remove_at_several_depths() -> None:
    document = {"a": [{"x": [1, 2]}, {"x": [3, [4, 5]]}], "x": {"x": 1}}
    assert apply(document, overlay({"target": "$..x", "remove": True})) == {"a": [{}, {}]}


def test_a_node_selected_twice_is_changed_once() -> None:
    document = {"a": [1, 2, 3], "b": []}
    actions = [{"target": "$.a[0,0,-3]", "remove": True}, {"target": "$['b','b']", "update": 1}]
    assert apply(document, overlay(*actions)) == {"a": [2, 3], "b": [1]}


def test_remove_wins_over_update() -> None:
    assert apply({"a": {}}, overlay({"target": "$.a", "remove": True, "update": {"b": 1}})) == {}


def test_remove_false_is_no_removal() -> None:
    actions = [{"target": "$.a", "remove": False}, {"target": "$.a", "remove": False, "update": {"b": 1}}]
    assert apply({"a": {}}, overlay(*actions)) == {"a": {"b": 1}}


def test_the_whole_document_cannot_be_removed() -> None:
    assert "whole document" in left_out({"a": 1}, overlay({"target": "$", "remove": True}))


def test_actions_see_the_effects_of_earlier_ones() -> None:
    actions = [
        {"target": "$.a", "remove": True},
        {"target": "$", "update": {"a": [1]}},
        {"target": "$.a", "update": 2},
    ]
    assert apply({"a": {"b": 1}}, overlay(*actions)) == {"a": [1, 2]}


def test_no_match_names_the_action() -> None:
    actions = [
        {"target": "$.a", "update": {"b": 1}},
        {"target": "$.gone", "description": "One two three\n  four five six seven eight nine", "update": {}},
    ]
    name = "overlay.yaml: action 2 (One two three four five six seven eight …)"
    said = left_out({"a": {}}, overlay(*actions))
    assert said.startswith(f"{name}: not applied: it matches nothing")


def test_no_match_of_a_removal_is_noted() -> None:
    assert "matches nothing" in left_out({"a": {}}, overlay({"target": "$.gone", "remove": True}))


def test_no_match_can_be_allowed() -> None:
    assert apply({"a": 1}, overlay({"target": "$.gone", "update": {}, "x-on-no-match": "ok"})) == {"a": 1}


@pytest.mark.parametrize(
    ("action", "cause"),
    [
        ("text", "actions/2: Input should be a valid dictionary"),
        ({"update": {}}, "actions/2/target: Field required"),
        ({"target": 5, "update": {}}, "actions/2/target: Input should be a valid string"),
        ({"target": "$.a", "remove": "yes"}, "actions/2/remove: Input should be a valid boolean"),
        ({"target": "$.a", "copy": "$.b"}, "actions/2/copy: Extra inputs are not permitted"),
        ({"target": "$.a", "udpate": {}}, "actions/2/udpate: Extra inputs are not permitted"),
        (
            {"target": "$.a", "update": {}, "x-on-no-match": "OK"},
            "actions/2/x-on-no-match: Input should be 'ok'",
        ),
        ({"target": "$.a[", "update": {}}, "actions/2/target: .*not an RFC 9535 JSONPath query"),
        ({"target": "a", "update": {}}, "actions/2/target: .*not an RFC 9535 JSONPath query"),
        ({"target": "$.a | $.b", "update": {}}, "actions/2/target: .*not an RFC 9535 JSONPath query"),
        ({"target": "$.a.~", "update": {}}, "actions/2/target: .*not an RFC 9535 JSONPath query"),
    ],
)
def test_an_invalid_action(action: Any, cause: str) -> None:
    with pytest.raises(OverlayError, match=f"^overlay.yaml: {cause}") as caught:
        apply({"a": {}}, overlay({"target": "$.a", "update": {}}, action))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (None, "Input should be a valid dictionary"),
        ([], "Input should be a valid dictionary"),
        ({}, "overlay: Field required"),
        ({"overlay": 1.1, "actions": [{}]}, "overlay: Input should be a valid string"),
        ({"overlay": "1.0.0", "actions": [{}]}, "overlay: String should match pattern"),
        ({"overlay": "1.1.0"}, "actions: Field required"),
        ({"overlay": "1.1.0", "actions": {}}, "actions: Input should be a valid list"),
        ({"overlay": "1.1.0", "actions": []}, "actions: List should have at least 1 item"),
    ],
)
def test_an_invalid_overlay(text: Any, cause: str) -> None:
    with pytest.raises(OverlayError, match=f"^overlay.yaml: {cause}"):
        apply({}, text)


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.sampled_from("abcd"), trees, max_size=4)


def merges(old: Any, new: Any) -> Any:
    """Merge as the specification describes it."""
    if isinstance(old, dict) and isinstance(new, dict):
        both = {key: merges(old[key], new[key]) for key in old if key in new}
        return {**old, **new, **both}
    if isinstance(old, list) and isinstance(new, list):
        return old + new
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        raise TypeError
    return new


@settings(deadline=None)
@given(objects, objects)
def test_merging_follows_the_specification(document: dict[str, Any], update: dict[str, Any]) -> None:
    before = deepcopy((document, update))
    action = overlay({"target": "$", "update": update})
    try:
        expected = merges(document, update)
    except TypeError:
        left_out(document, action)
    else:
        assert apply(document, action) == expected
    assert (document, update) == before


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), max_size=8), st.integers(0, 3))
def test_remove_leaves_exactly_the_others(items: list[int], gone: int) -> None:
    action = {"target": f"$.a[?@=={gone}]", "remove": True, "x-on-no-match": "ok"}
    assert apply({"a": items}, overlay(action)) == {"a": [item for item in items if item != gone]}


class TestSuperfluous:
    ADDS = {"target": "$.a", "update": {"format": "date-time"}}
    REMOVES = {"target": "$.b", "remove": True}

    def test_an_action_that_changes_something_is_not_superfluous(self) -> None:
        assert superfluous({"a": {}, "b": 1}, overlay(self.ADDS, self.REMOVES)) == []

    def test_an_action_that_upstream_has_made_superfluous(self) -> None:
        document = {"a": {"format": "date-time"}, "b": 1}
        (name,) = superfluous(document, overlay(self.REMOVES, self.ADDS))
        assert name == "overlay.yaml: action 2 (no description)"

    def test_an_action_that_need_not_match_is_not_superfluous(self) -> None:
        assert superfluous({"b": 1}, overlay(self.ADDS | {"x-on-no-match": "ok"})) == []

    def test_an_action_that_no_longer_matches_is_not_superfluous(self) -> None:
        assert superfluous({"b": 1}, overlay(self.ADDS)) == []

    def test_an_action_without_update_and_remove_is_superfluous(self) -> None:
        assert len(superfluous({"a": {}}, overlay({"target": "$.a"}))) == 1

    def test_an_action_that_restores_what_an_earlier_one_removed(self) -> None:
        back = {"target": "$", "update": {"b": 1}}
        assert superfluous({"a": {}, "b": 1}, overlay(self.REMOVES, back)) == []
