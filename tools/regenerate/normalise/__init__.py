"""Reads what upstream's document says in an old, roundabout or mistaken way that leaves one meaning.

Each reading is said. It is knowledge-free: what is known of the API is in overlay.yaml.
"""

from tools.regenerate.normalise.answers import read_answers
from tools.regenerate.normalise.bodies import read_bodies
from tools.regenerate.normalise.enums import open_enums
from tools.regenerate.normalise.envelopes import read_envelopes
from tools.regenerate.normalise.head import read_head
from tools.regenerate.normalise.keys import with_string_keys
from tools.regenerate.normalise.names import read_names
from tools.regenerate.normalise.nullable import read_nullable
from tools.regenerate.normalise.parameters import read_parameters
from tools.regenerate.normalise.references import read_references
from tools.regenerate.normalise.schemas import read_schemas
from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Object

# In this order: each may rely on what those before it have straightened out.
READINGS = (
    read_head,
    read_references,
    read_parameters,
    read_bodies,
    read_answers,
    read_schemas,
    read_nullable,
    read_envelopes,
    open_enums,
    read_names,
)


def normalise(document: Object) -> tuple[Object, list[Note]]:
    """Return the normalised document, and what was read differently; the given one is left alone."""
    notes = Notes()
    result = with_string_keys(document, notes)
    for read in READINGS:
        read(result, notes)
    return result, list(notes)
