"""What there is to say about a document: every liberty that was taken with it, and every loss."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final, Literal

from tools.regenerate.tree import Object

Kind = Literal["read", "dropped", "incomplete", "left out"]

# In the order of what they cost a caller.
KINDS: Final[tuple[Kind, ...]] = ("left out", "incomplete", "dropped", "read")
_NAMED: Final = 3


@dataclass(frozen=True)
class Note:
    """One thing that is not taken from the document as it stands.

    Attributes:
        kind: `read` (a slip that leaves one meaning was read that way), `dropped` (a keyword that the
            generator does not take), `incomplete` (generated in part) or `left out` (an operation).
        where: The operation (`POST /agreements`), the place in the document, or both.
        what: What was done, or is missing, and why.
    """

    kind: Kind
    where: str
    what: str

    def as_json(self) -> Object:
        """Give it as it stands in provenance.json."""
        return asdict(self)


class Notes(list[Note]):
    """The notes on one document, as they come up."""

    def say(self, kind: Kind, where: str, what: str) -> None:
        """Add a note."""
        self.append(Note(kind, where, what))


def arranged(notes: Iterable[Note]) -> list[Note]:
    """Sort the notes by what they cost a caller, each once."""
    return sorted(dict.fromkeys(notes), key=lambda note: KINDS.index(note.kind))


def listed(notes: Iterable[Note]) -> Iterator[str]:
    """Yield a line for each thing that there is to say; places of which the same is said share one."""
    arranged_ = sorted(arranged(notes), key=lambda note: (KINDS.index(note.kind), note.what))
    for (kind, what), group in groupby(arranged_, key=lambda note: (note.kind, note.what)):
        places = [note.where for note in group]
        more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
        yield f"{kind}: {', '.join(places[:_NAMED])}{more}: {what}"
