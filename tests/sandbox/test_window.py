from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal.sandbox.window import FixedWindow


def remaining(window: FixedWindow, now: float) -> int:
    return int(window.headers(now)["X-RateLimit-Remaining"])


def test_the_window_starts_at_its_first_counted_request() -> None:
    window = FixedWindow(2, 60)
    assert remaining(window, 1_000) == 2
    assert [window.take(now) for now in (1_030, 1_080, 1_089.9)] == [True, True, False]
    assert window.take(1_090)
    assert remaining(window, 1_149.9) == 1
    assert remaining(window, 1_150) == 2


def test_rejected_requests_do_not_prolong_it() -> None:
    window = FixedWindow(1, 60)
    assert [window.take(now) for now in (0, 59, 59.9, 60)] == [True, False, False, True]


def test_whole_seconds_are_rounded_down_so_that_retry_after_can_be_short() -> None:
    window = FixedWindow(1, 60)
    window.take(100.75)
    rejected = [window.headers(now, rejected=True) for now in (100.75, 101, 160.5)]
    assert [headers["X-RateLimit-Reset"] for headers in rejected] == ["160"] * 3
    assert [headers["Retry-After"] for headers in rejected] == ["60", "59", "0"]
    assert not window.take(160.5)


@given(st.integers(1, 5), st.floats(0.5, 90), st.lists(st.floats(0, 30), max_size=60))
def test_no_window_ever_holds_more_than_the_limit(limit: int, seconds: float, steps: list[float]) -> None:
    window = FixedWindow(limit, seconds)
    starts: list[float] = []
    used = 0
    for now in accumulate(steps, initial=1_000.0):
        if not starts or now >= starts[-1] + seconds:
            starts.append(now)
            used = 0
        allowed = used < limit
        assert window.take(now) is allowed
        used += allowed
        assert remaining(window, now) == limit - used
        assert int(window.headers(now, rejected=True)["Retry-After"]) >= 0
