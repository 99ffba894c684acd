from tools.regenerate.notes import Note, arranged, listed

NOTES = [
    Note("adjusted", "#/a", "x"),
    Note("left out", "GET /b", "why"),
    *(Note("adjusted", f"#/{n}", "y") for n in range(5)),
    Note("adjusted", "#/a", "x"),
    Note("dropped", "#/c", "z"),
]


def test_what_costs_a_caller_most_comes_first_and_nothing_twice() -> None:
    assert [note.kind for note in arranged(NOTES)] == ["left out", "dropped"] + ["adjusted"] * 6


def test_the_same_said_of_many_places_is_one_line() -> None:
    assert list(listed(NOTES)) == [
        "left out: GET /b: why",
        "dropped: #/c: z",
        "adjusted: #/a: x",
        "adjusted: #/0, #/1, #/2 and 2 more: y",
    ]
