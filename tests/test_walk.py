"""Which page to read next, which to read again, and when to stop: rules and properties."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mijnklantportaal import PaginationError
from mijnklantportaal.pagination.options import Anchor, Options, mark
from mijnklantportaal.pagination.reading import Reading
from mijnklantportaal.pagination.walk import MOST_DOUBTS, Walk
from tests.model import ADDED, Model, Page, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Script:
    """A walk that is driven manually: pages of two rows, each received 0.1 s after it was sent."""

    def __init__(self, options: Options | None = None) -> None:
        self.walk = Walk[Page](options or Options())

    def read(
        self, page: int, ids: Iterable[int], *, at: float, arrived: float | None = None, more: bool = True
    ) -> list[list[int]]:
        """Adds a reading; returns the new ids of each page that is to be yielded now."""
        envelope = Page(page, [Row(each) for each in ids], "more" if more else None)
        self.walk.arrived(Reading(page, envelope, at, at + 0.1 if arrived is None else arrived))
        given: list[list[int]] = []
        while self.walk.page is not None and not self.walk.wanted(0.0, 1, None, waiting=True):
            given += [[item.id for item in items] for _, items in self.walk.take()]
        return given


def test_pages_read_together_are_given_at_once() -> None:
    script = Script()
    assert script.read(1, [1, 2], at=0.0) == [[1, 2]]
    assert script.read(2, [3, 4], at=1.1, more=False) == [[3, 4]]
    assert script.walk.page is None
    assert (script.walk.shifted, script.walk.recovered) == (False, 0)


def test_how_long_an_answer_takes_is_no_gap() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0, arrived=30.0)
    assert script.read(2, [3, 4], at=31.0, arrived=61.0) == [[3, 4]]


def test_a_page_read_later_is_held_until_the_one_before_is_read_again() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [4, 5], at=60.0) == []  # 1 was deleted: 3 is on page 1 now
    assert script.walk.page == 1
    assert script.walk.wanted(60.1, 8, 50, waiting=True) == [1]  # and nothing is read ahead
    assert script.read(1, [2, 3], at=60.1) == [[3], [4, 5]]
    assert script.walk.page == 3
    assert (script.walk.shifted, script.walk.recovered) == (True, 1)


def test_pages_are_read_again_until_one_holds_a_row_that_was_given() -> None:
    script = Script()
    for page in (1, 2, 3):
        script.read(page, [2 * page - 1, 2 * page], at=0.2 * page)
    assert script.read(4, [12, 13], at=60.0) == []  # five were deleted
    assert script.read(3, [10, 11], at=60.1) == []
    assert script.read(2, [8, 9], at=60.2) == []
    assert script.read(1, [6, 7], at=60.3) == [[7], [8, 9], [10, 11], [12, 13]]
    assert script.walk.recovered == 5


def test_page_1_ends_the_search_also_if_nobody_is_left() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [7, 8], at=60.0) == []
    assert script.read(1, [5, 6], at=60.1) == [[5, 6], [7, 8]]


def test_a_row_that_was_given_shows_that_nothing_lies_between() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [2, 3], at=60.0) == [[3]]  # somebody was added
    assert (script.walk.shifted, script.walk.recovered) == (True, 0)


def test_reading_again_costs_one_request_where_nothing_changed() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [3, 4], at=60.0) == []
    assert script.read(1, [1, 2], at=60.1) == [[3, 4]]
    assert (script.walk.shifted, script.walk.recovered) == (False, 0)


@pytest.mark.parametrize("slow", [0.1, 5.0])
def test_reading_again_makes_no_gap_to_the_next_page(slow: float) -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(2, [3, 4], at=60.0)
    script.read(1, [1, 2], at=60.1, arrived=60.1 + slow)
    assert script.read(3, [5, 6], at=60.2 + slow) == [[5, 6]]


def test_an_empty_page_although_one_was_promised_is_doubted() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [], at=0.2, more=False) == []  # 1 was deleted: 3 is on page 1 now
    assert script.read(1, [2, 3], at=0.4, more=False) == [[3]]
    assert script.walk.page is None


def test_an_empty_page_read_before_the_promise_is_read_again() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(3, [], at=0.2, more=False)  # read before 9 was added, which moves 4 onto it
    assert script.read(2, [9, 3], at=0.25) == [[9, 3]]
    assert script.walk.page == 3
    assert script.read(3, [4], at=0.5, more=False) == [[4]]
    assert script.walk.page is None


def test_an_empty_page_that_promises_another_shows_nothing() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [], at=60.0) == [[]]


def test_a_page_read_too_early_is_read_again_and_both_readings_given_if_they_share_a_row() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(3, [5, 6], at=0.2)
    script.read(4, [7, 8], at=0.2)
    assert script.read(2, [2, 3], at=5.0) == [[3]]  # delayed; meanwhile, a row was added
    assert script.walk.page == 3
    assert script.walk.wanted(5.1, 8, 50, waiting=True) == [3]
    # Page 4 was read together with the older reading of page 3, and is not read again.
    assert script.read(3, [4, 5], at=5.2) == [[4, 5], [6], [7, 8]]
    assert script.walk.recovered == 1


def test_of_two_readings_without_a_common_row_the_newer_is_given() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(3, [15, 16], at=0.2)
    script.read(4, [17, 18], at=0.2)
    script.read(2, [2, 3], at=5.0)
    assert script.read(3, [4, 5], at=5.2) == [[4, 5]]
    assert script.walk.page == 4  # it was compared with the newer one, and read too early
    assert script.read(4, [6, 7], at=5.4) == [[6, 7]]


def test_rows_added_within_a_burst_have_the_next_page_read_again() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(3, [5, 6], at=0.2)  # read before a row was added, which moves 4 off page 2
    assert script.read(2, [2, 3], at=0.25) == [[3]]
    assert script.walk.page == 3
    assert script.read(3, [4, 5], at=0.5) == [[4, 5], [6]]


def test_a_page_that_turns_out_not_to_be_the_last_is_followed() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    script.read(3, [5], at=0.2, more=False)  # read before somebody was added
    assert not script.walk.wants(4)
    assert script.read(2, [2, 3], at=5.0) == [[3]]
    assert script.read(3, [4, 5], at=5.2, more=True) == [[4, 5]]
    assert script.walk.page == 4
    assert script.walk.wants(4)


def test_there_is_nothing_to_take_before_an_answer() -> None:
    assert Walk[Page](Options()).take() == []


def test_a_page_that_always_comes_late_is_given_in_the_end() -> None:
    script = Script()
    script.read(1, [1, 2], at=0.0)
    given: list[list[int]] = []
    moments = itertools.count(10.0, 10.0)
    requests = 0
    for moment in moments:
        page = script.walk.page
        if page is None or given:
            break
        requests += 1
        given = script.read(page, [10 * requests], at=moment, more=page == 1)
    assert given
    assert requests < 30


def test_a_page_that_never_fits_is_yielded_in_the_end() -> None:
    """All rows are new each time a page is read, and each time is long after the one before."""
    script, ids = Script(), itertools.count()
    pages: list[int] = []
    while script.walk.page in {1, 2}:
        pages.append(script.walk.page)
        assert len(pages) <= 3 * MOST_DOUBTS
        script.read(pages[-1], [next(ids), next(ids)], at=10.0 * len(pages))
    assert script.walk.page == 3
    assert len(pages) > MOST_DOUBTS


@pytest.mark.parametrize("ids", [[[1, 2]], [[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]]])
def test_a_list_that_repeats_itself_is_an_error_after_a_few_pages(ids: list[list[int]]) -> None:
    """Whether the API always returns the same page, or a few in turn."""
    script = Script()

    def list_on() -> None:
        for page in range(1, 100):
            script.read(page, ids[page % len(ids)], at=0.2 * page)

    with pytest.raises(PaginationError, match="repeats itself") as caught:
        list_on()
    assert caught.value.page is not None
    assert caught.value.page <= 6 * len(ids)


def test_many_rows_added_at_once_are_no_endless_list() -> None:
    rows = list(range(100))

    def import_many(rows: list[int]) -> None:
        rows[:0] = range(ADDED, ADDED + 60)

    model = Model(rows, size=2, changes=[(70.0, import_many)], limit=20)
    assert model.list() == list(range(100))


def test_items_without_an_id_are_given_as_they_come() -> None:
    walk = Walk[Page](Options(certain=True))
    given: list[object] = []
    for page, moment in ((1, 0.0), (2, 60.0), (1, 60.2), (2, 60.4)):
        rows: list[Row] = [Row(None)]  # type: ignore[arg-type]
        walk.arrived(Reading(page, Page(page, rows, "more" if page == 1 else None), moment, moment))
        for _, items in walk.take():
            given += items
    assert given == [Row(None)] * 2  # type: ignore[arg-type]
    assert walk.page is None


def test_two_thousand_empty_pages_do_not_recurse() -> None:
    script = Script()
    for page in range(1, 2001):
        assert script.read(page, [], at=60.0 * page, more=page < 2000) == [[]]
    assert script.walk.page is None


def test_a_list_of_only_empty_pages_ends() -> None:
    script = Script()

    def list_on() -> None:
        for page in range(1, 10_000):
            script.read(page, [], at=60.0 * page)

    with pytest.raises(PaginationError, match="only empty pages and does not end") as caught:
        list_on()
    assert caught.value.page == 5000


def test_max_items_is_exact_also_where_pages_are_read_again() -> None:
    script = Script(Options(max_items=3))
    script.read(1, [1, 2], at=0.0)
    assert script.read(2, [5, 6], at=60.0) == []
    assert script.read(1, [3, 4], at=60.1) == [[3]]
    assert script.walk.page is None
    assert script.walk.latest is not None
    assert script.walk.latest.page == 1


def test_what_stands_before_the_first_page_is_not_wanted() -> None:
    script = Script(Options(start_page=2))
    assert script.read(2, [3, 4], at=0.0) == [[3, 4]]
    assert script.read(3, [7, 8], at=60.0) == []
    assert script.read(2, [5, 6], at=60.1) == []
    assert script.read(1, [2, 4], at=60.2) == [[5, 6], [7, 8]]


def random_change(chance: random.Random, kinds: str, most: int) -> Callable[[list[int]], None]:
    """Draws deletions and additions: anywhere, at the front, or a range; fewer than `most` are added."""
    numbers = itertools.count(ADDED)
    place = chance.choice(["front", "end", "anywhere"])

    def change(rows: list[int]) -> None:
        for _ in range(chance.choice([0, 1, 1, 2, 5, 12])):
            if chance.choice(kinds) == "d":
                start = chance.randrange(len(rows) + 1)
                del rows[start : start + chance.choice([1, 1, 1, 5, 30])]
        if "a" in kinds:
            for _ in range(chance.randrange(most)):
                where = {"front": 0, "end": len(rows), "anywhere": chance.randrange(len(rows) + 1)}[place]
                rows.insert(where, next(numbers))

    return change


def random_model(chance: random.Random, *, retries: bool = True) -> Model:
    """Draws a list, its page size, the API's speed and limit, the concurrency and the consumer's pace."""
    latency = chance.choice([0.01, 0.1, 2.0])
    failing = chance.choice([0.0, 0.1, 0.5]) if retries else 0.0
    pace = chance.choice([0.0, 0.0, 0.4, 2.0, 5.0])
    return Model(
        list(range(chance.choice([0, 1, 5, 20, 40, 80, 150]))),
        size=chance.choice([1, 2, 3, 5]),
        concurrency=chance.choice([1, 2, 3, 8]),
        limit=chance.choice([None, 1, 2, 3, 10, 60]),
        window=chance.choice([5.0, 60.0]),
        latency=lambda: (chance.uniform(0, latency), chance.uniform(0, latency)),
        delay=lambda: chance.uniform(0, 6) if chance.random() < failing else 0.0,
        pace=lambda: pace,
    )


def throughout(rows: Iterable[int]) -> list[int]:
    """Returns those of these customers that existed when the listing began."""
    return [each for each in rows if each < ADDED]


def anchor_of(model: Model) -> Anchor | None:
    """Returns where a later listing resumes."""
    latest = model.walk.latest
    return Anchor.of(latest) if isinstance(latest, Reading) else latest


seeds = st.integers(0, 2**32)


@given(seed=seeds)
def test_a_quiet_list_is_given_whole_in_order_and_cheaply(seed: int) -> None:
    model = random_model(random.Random(seed))
    model.pace = lambda: 0.0
    rows = list(model.rows)
    assert model.list() == rows
    assert (model.walk.shifted, model.walk.recovered) == (False, 0)
    assert model.most_in_flight <= model.concurrency
    # A page that failed at first is read later than both its neighbours, and reading one again delays others.
    assert extra_requests(model, rows) <= 10 * model.delays


def test_a_page_that_failed_at_first_costs_a_third_of_a_request_on_average() -> None:
    extra = delays = 0
    for seed in range(300):
        model = random_model(random.Random(seed))
        model.pace = lambda: 0.0
        rows = list(model.rows)
        model.list()
        extra += max(0, extra_requests(model, rows))
        delays += model.delays
    assert delays > 100
    assert 3 * extra < delays


def extra_requests(model: Model, rows: list[int]) -> int:
    """Returns how many requests there were beyond one per page, per wait, and for pages past the end."""
    pages = max(1, -(-len(rows) // model.size))
    return len(model.requests) - pages - (min(model.concurrency, pages) - 1) - model.waits


@given(seed=seeds, pace=st.floats(0.0, 10.0))
def test_a_slow_consumer_costs_few_requests(seed: int, pace: float) -> None:
    chance = random.Random(seed)
    pages = chance.randrange(1, 300)
    model = Model(list(range(15 * pages)), concurrency=chance.randrange(2, 9), pace=lambda: pace)
    assert model.list() == list(range(15 * pages))
    # A burst begins with one extra page: bursts double until they are as long as the window.
    assert len(model.requests) <= pages + model.concurrency + 7 + model.waits + pages // 30


@given(seed=seeds, pages=st.integers(1, 40), pace=st.sampled_from([0.0, 0.3, 3.0]))
def test_a_break_wastes_no_more_than_was_given(seed: int, pages: int, pace: float) -> None:
    chance = random.Random(seed)
    model = Model(list(range(5000)), concurrency=chance.randrange(1, 9), pace=lambda: pace)
    model.list(most=pages)
    assert len(set(model.requests)) <= (2 * pages + 1 if pages > 1 and model.concurrency > 1 else pages)
    assert model.most_in_flight <= model.concurrency


@pytest.mark.parametrize(("kinds", "retries"), [("d", True), ("a", True), ("da", False)])
@given(seed=seeds)
def test_whatever_happens_between_bursts_nobody_is_lost(kinds: str, seed: int, retries: bool) -> None:
    """With both, there are no retries: a deletion that an addition hides cannot be detected."""
    chance = random.Random(seed)
    model = random_model(chance, retries=retries)
    model.between = random_change(chance, kinds, model.size)
    listed = model.list()
    assert len(listed) == len(set(listed))
    stayed = throughout(model.rows)
    assert [each for each in listed if each in set(stayed)] == stayed


@given(seed=seeds, certain=st.booleans(), max_items=st.none() | st.integers(0, 60))
def test_whatever_happens_at_any_moment_it_ends_and_nobody_comes_twice(
    seed: int, certain: bool, max_items: int | None
) -> None:
    chance = random.Random(seed)
    model = random_model(chance)
    start, change = len(model.rows), random_change(chance, "da", model.size)
    for _ in range(chance.randrange(40)):
        model.change_at(chance.uniform(0, 120), change)
    listed = model.list(Options(max_items=max_items, certain=certain))
    assert len(listed) == len(set(listed))
    assert all(0 <= each < start or each >= ADDED for each in listed)
    assert max_items is None or len(listed) <= max_items


@given(seed=seeds, max_items=st.integers(0, 60))
def test_max_items_is_exact_and_costs_no_page_more(seed: int, max_items: int) -> None:
    model = random_model(random.Random(seed), retries=False)
    model.pace = lambda: 0.0
    expected = model.rows[:max_items]
    assert model.list(Options(max_items=max_items)) == expected
    if max_items <= len(model.rows):
        assert len(set(model.requests)) == -(-max_items // model.size)


def test_a_list_that_grows_in_front_as_fast_as_it_is_read_ends() -> None:
    numbers = itertools.count(ADDED)

    def grow(rows: list[int]) -> None:
        rows[:0] = [next(numbers) for _ in range(15)]

    model = Model(list(range(1500)), concurrency=1, changes=[(0.1 * i + 0.01, grow) for i in range(10_000)])
    with pytest.raises(PaginationError, match="repeats itself"):
        model.list()
    assert len(model.requests) < 10


def test_a_list_of_which_nearly_all_is_deleted_ends_and_gives_the_rest() -> None:
    def delete(rows: list[int]) -> None:
        del rows[5:-5]

    model = Model(list(range(1500)), changes=[(30.0, delete)])
    assert model.list()[-5:] == list(range(1495, 1500))
    assert model.requests.count(1) == 2


@given(seed=seeds, kinds=st.sampled_from(["d", "a"]))
def test_going_on_at_an_anchor_loses_nobody_whatever_happened_meanwhile(seed: int, kinds: str) -> None:
    chance = random.Random(seed)
    model = random_model(chance)
    change = random_change(chance, kinds, model.size)
    first = model.list(most=chance.randrange(1, 9))
    anchor = anchor_of(model)
    assume(anchor is not None)
    assert anchor is not None
    change(model.rows)
    second = Model(model.rows, size=model.size, concurrency=model.concurrency)
    rest = second.list(Options(start_page=anchor))
    assert set(throughout(model.rows)) <= {*first, *rest}
    assert len(rest) == len(set(rest))
    # As long as a row of the anchor still exists, only the rest is yielded.
    if kinds == "d" and anchor.marks & {mark(row) for row in model.rows}:
        assert set(first).isdisjoint(rest)


def test_going_on_at_the_anchor_of_the_last_page_gives_nobody() -> None:
    model = Model(list(range(45)))
    model.list()
    second = Model(model.rows)
    anchor = anchor_of(model)
    assert anchor is not None
    assert second.list(Options(start_page=Anchor.parse(str(anchor)))) == []
    assert second.requests == [4, 3]


class TestCertain:
    """A listing with `certain=True`."""

    def test_a_quiet_list_is_listed_twice(self) -> None:
        model = Model(list(range(150)))
        assert model.list(Options(certain=True)) == list(range(150))
        assert 20 <= len(model.requests) <= 2 * (10 + 7)
        assert (model.walk.shifted, model.walk.recovered) == (False, 0)

    def test_whoever_the_first_pass_missed_is_given_and_listed_a_third_time(self) -> None:
        def delete(rows: list[int]) -> None:
            del rows[0]

        # Within a burst, where it cannot be detected: page 2 is in flight when page 1 has arrived.
        model = Model(list(range(150)), concurrency=1, latency=lambda: (0.5, 0.0), changes=[(0.6, delete)])
        listed = model.list(Options(certain=True))
        assert listed == [*range(15), *range(16, 150), 15]
        assert model.walk.recovered == 1
        assert len(model.requests) == 3 * 10

    @pytest.mark.parametrize("place", [0, -1])
    def test_whoever_is_added_at_either_end_is_given_but_not_taken_for_missed(self, place: int) -> None:
        def add(rows: list[int]) -> None:
            rows.insert(0 if place == 0 else len(rows), ADDED)

        model = Model(list(range(150)), concurrency=1, latency=lambda: (0.5, 0.0), changes=[(5.2, add)])
        assert model.list(Options(certain=True)) == [*range(150), ADDED]
        assert len(model.requests) == 10 + 11

    def test_it_ends_where_somebody_turns_up_each_time(self) -> None:
        numbers = itertools.count(ADDED)

        def add(rows: list[int]) -> None:
            rows.insert(5, next(numbers))

        model = Model(list(range(150)), changes=[(0.3 * i, add) for i in range(1000)])
        listed = model.list(Options(certain=True))
        assert throughout(listed) == list(range(150))
        assert len(model.requests) < 3 * 30
