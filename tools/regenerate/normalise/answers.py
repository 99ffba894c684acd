"""What an operation answers: of a success, the one shape that the client reads.

Answers other than 2xx are left out: the client's transport raises them, and with them a call would return a
union.
"""

import re

from tools.regenerate.normalise.bodies import media_types
from tools.regenerate.notes import Notes
from tools.regenerate.tree import Json, Object, is_object
from tools.regenerate.walk import Operation, operations


def read_answers(document: Object, notes: Notes) -> None:
    """Read the successes of each operation."""
    for each in operations(document):
        answers: Json = each.node.get("responses")
        each.node["responses"] = kept = _successes(answers if is_object(answers) else {}, each, notes)
        for status, told in kept.items():
            kept[status] = answer = {"description": "", **told} if is_object(told) else {"description": ""}
            _read(answer, status, each, notes)
        if not kept:
            notes.say("incomplete", each.name, "no success is documented: what it answers is not parsed")


def _successes(answers: Object, operation: Operation, notes: Notes) -> Object:
    read: Object = {}
    for status, answer in answers.items():
        found = re.match(r"\s*([1-5])(\d\d|xx)(?!\d)", status, re.IGNORECASE)
        plain = f"{found[1]}{found[2].upper()}" if found else status
        if plain != status:
            notes.say("read", operation.name, f"the status {status} as {plain}")
        read.setdefault(plain, answer)
    kept = {key: value for key, value in read.items() if re.fullmatch(r"2(\d\d|XX)", key)}
    # Where only `default` is documented, it is what a success looks like.
    return kept or {key: value for key, value in read.items() if key == "default"}


def _read(answer: Object, status: str, operation: Operation, notes: Notes) -> None:
    where = f"{operation.name}: its answer {status}"
    if "schema" in answer and "content" not in answer:
        answer["content"] = {"application/json": {"schema": answer.pop("schema")}}
        notes.say("read", where, "a schema that stands beside `content`, as that of its JSON")
    content = media_types(answer, where, notes)
    for media_type, media in content.items():
        if "schema" not in media:
            media["schema"] = {}
            notes.say("read", where, f"{media_type} without a schema, as any value")
    if not content and status in {"200", "201", "202", "2XX"}:
        notes.say("incomplete", where, "what it holds is not documented, so it is not parsed")
