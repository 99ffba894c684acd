from tools.regenerate.notes import Note, arranged, listed

NOTES = [
    Note("adjusted", "#/a", "x"),
    Note("left out", "GET /b", "why"),
    *(Note("adjusted", f"#/{n}", "y") for n in range(5)),
    Note("adjusted", "#/a", "x"),
    Note("dropped", "#/c", "z"),
]


def test_the_most_costly_notes_come_first_without_duplicates() -> None:
    assert [note.kind for note in arranged(NOTES)] == ["left out", "dropped"] + ["adjusted"] * 6


def test_places_with_the_same_note_share_a_line() -> None:
    assert list(listed(NOTES)) == [
        "left out: GET /b: why",
        "dropped: #/c: z",
        "adjusted: #/a: x",
        "adjusted: #/0, #/1, #/2 and 2 more: y",
    ]
