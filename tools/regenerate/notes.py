"""Notes on a document: all that was adjusted, dropped or left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

Kind = Literal["adjusted", "dropped", "incomplete", "left out"]

# What costs a caller most comes first.
KINDS: Final[tuple[Kind, ...]] = ("left out", "incomplete", "dropped", "adjusted")
_NAMED: Final = 3


@dataclass(frozen=True)
class Note:
    """One thing that the client does not take from the document as written.

    Attributes:
        kind: `adjusted` (a mistake with one possible meaning), `dropped` (a keyword that the generator does
            not support), `incomplete` (generated in part) or `left out` (an operation).
        where: The operation (`POST /agreements`) or the place in the document.
        what: What was done or is missing, and why.
    """

    kind: Kind
    where: str
    what: str


class Notes(list[Note]):
    """The notes on one document."""

    def add(self, kind: Kind, where: str, what: str) -> None:
        """Add a note."""
        self.append(Note(kind, where, what))


def arranged(notes: Iterable[Note]) -> list[Note]:
    """Sort the notes by what they cost a caller, without duplicates."""
    return sorted(dict.fromkeys(notes), key=lambda note: KINDS.index(note.kind))


def listed(notes: Iterable[Note]) -> Iterator[str]:
    """Yield the notes as lines; places with the same note share one."""
    arranged_ = sorted(arranged(notes), key=lambda note: (KINDS.index(note.kind), note.what))
    for (kind, what), group in groupby(arranged_, key=lambda note: (note.kind, note.what)):
        places = [note.where for note in group]
        more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
        yield f"{kind}: {', '.join(places[:_NAMED])}{more}: {what}"
