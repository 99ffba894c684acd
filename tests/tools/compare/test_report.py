from tools.compare.changes import Change
from tools.compare.report import Report, for_terminal, in_markdown
from tools.regenerate.notes import Note

REMOVED = Change(True, "removed", "Customer.city")
PROPERTY = Change(True, "removed", "GET /customers", "removed the optional property `city`")
RETYPED = Change(False, "changed", "Customer.id", "str, was str | None")
OPERATION = Change(False, "added", "list_tickets", group="tickets_api")
NOTE = Note("left out", "POST /agreements", "its body cannot be generated")


def many(count: int, what: str, *, breaking: bool = False) -> tuple[Change, ...]:
    return tuple(Change(breaking, "removed" if breaking else "added", f"{what}{n}") for n in range(count))


def test_what_breaks_comes_first_and_what_is_new_is_grouped() -> None:
    report = Report("0.1.0", (RETYPED, OPERATION, REMOVED), (PROPERTY,), notes=(NOTE,))
    assert for_terminal(report, "build/changes.md").splitlines() == [
        "Breaking changes: 2",
        "  Customer.city: removed",
        "  GET /customers: removed the optional property `city`",
        "New: 1 operation in 1 group",
        "  tickets_api (1): list_tickets",
        "Other changes for callers: 1",
        "  Customer.id: str, was str | None",
        "Notes on the document: 1",
        "  left out: POST /agreements: its body cannot be generated",
        "Suggested version: 0.2.0 (now 0.1.0)",
        "Details and a draft for CHANGELOG.md: build/changes.md",
    ]


def test_the_draft_holds_what_the_suggested_version_is_for() -> None:
    report = Report("0.1.0", (), (PROPERTY, Change(False, "added", "GET /customers", "another server error")))
    draft = in_markdown(report).partition("~~~markdown")[2]
    assert "**Breaking**: `GET /customers`: removed the optional property `city`." in draft
    assert "another server error" not in draft
    draft = in_markdown(Report("0.1.0", (REMOVED,), (PROPERTY,))).partition("~~~markdown")[2]
    assert "`Customer.city`" in draft
    assert "GET /customers" not in draft


def test_nothing_has_changed() -> None:
    assert for_terminal(Report("1.0.0", (), ()), "x").splitlines() == [
        "Breaking changes: none",
        "Notes on the document: none",
        "Suggested version: 1.0.1 (now 1.0.0)",
        "Details and a draft for CHANGELOG.md: x",
    ]


def test_what_could_not_be_compared_is_told() -> None:
    report = Report("0.1.0", (), None, "oasdiff is not installed")
    assert "Changes on the wire: not compared: oasdiff is not installed" in for_terminal(report, "x")
    assert "Changes on the wire: not compared: `oasdiff is not installed`" in in_markdown(report)


def test_a_terminal_is_never_flooded_and_the_file_holds_all() -> None:
    operations = [Change(False, "added", f"list_{n}", group=f"group_{n % 16}_api") for n in range(70)]
    gone = (Change(True, "removed", "list_gone", group="gone_api"),)
    report = Report(
        "0.1.0",
        (*many(300, "Gone", breaking=True), *gone, *operations, *many(200, "Model")),
        many(70, "GET /wire"),
        notes=tuple(Note("adjusted", f"#/paths/{n}", f"reading {n}") for n in range(100)),
    )
    short, whole = for_terminal(report, "x").splitlines(), in_markdown(report)
    assert len(short) <= 60
    assert short[:2] == ["Breaking changes: 301", "  list_gone: removed"], "operations before models"
    assert short[16:18] == ["  and 286 more", "New: 70 operations in 16 groups"]
    assert short[-3:-2] == ["  and 85 more"]
    for each in (*report.python, *(report.http or ())):
        assert each.what in whole
    assert all(note.what in whole for note in report.notes)


def test_markdown_is_open_where_it_breaks_and_folded_elsewhere() -> None:
    assert in_markdown(Report("0.1.0", (RETYPED, OPERATION, REMOVED), (), notes=(NOTE,))) == (
        "### Breaking changes: 1\n\n- `Customer.city: removed`\n\n"
        "### Notes on the document: 1\n\n- `left out: POST /agreements: its body cannot be generated`\n\n"
        "### New: 1 operation in 1 group\n\n- `tickets_api: list_tickets`\n\n"
        "<details><summary>Other changes for callers: 1</summary>\n\n"
        "- `Customer.id: str, was str | None`\n\n</details>\n\n"
        "<details><summary>Draft for CHANGELOG.md</summary>\n\n~~~markdown\n"
        "### Added\n\n- `tickets_api`: `list_tickets`.\n\n"
        "### Changed\n\n- `Customer.id`: str, was str | None.\n\n"
        "### Removed\n\n- **Breaking**: `Customer.city`.\n~~~\n\n</details>\n\n"
        "Suggested version: 0.2.0 (now 0.1.0)\n"
    )


def test_nothing_that_upstream_wrote_is_markup() -> None:
    hostile = "`\n</details>\n~~~\n@everybody"
    changes = (Change(True, "changed", "Customer.id", hostile),)
    written = in_markdown(Report("0.1.0", changes, changes, notes=(Note("adjusted", "#", hostile),)))
    assert [line for line in written.splitlines() if line.startswith(("</", "~~~", "@"))] == [
        "~~~markdown",
        "~~~",
        "</details>",
    ]
    assert "- `Customer.id: ' </details> ~~~ @everybody`" in written
