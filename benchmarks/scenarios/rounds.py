"""Rounds: in each, every peer runs once, in random order, so that conditions are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K")


def interleaved(members: Sequence[K], rounds: int, turn: Callable[[K], T]) -> list[list[T]]:
    """Returns the results of each peer, round by round."""
    found: list[list[T]] = [[] for _ in members]
    random = Random(0)
    for number in range(rounds):
        print(f"  round {number + 1} of {rounds}", flush=True)
        for place in random.sample(range(len(members)), len(members)):
            found[place].append(turn(members[place]))
    return found
