"""Fixes slips in upstream's document that leave only one possible meaning, and notes each of them.

It knows nothing about the API: that is in overlay.yaml.
"""

from tools.regenerate.normalise.bodies import read_bodies
from tools.regenerate.normalise.enums import open_enums
from tools.regenerate.normalise.envelopes import read_envelopes
from tools.regenerate.normalise.head import read_head
from tools.regenerate.normalise.keys import with_string_keys
from tools.regenerate.normalise.names import read_names
from tools.regenerate.normalise.nullable import read_nullable
from tools.regenerate.normalise.parameters import read_parameters
from tools.regenerate.normalise.references import read_references
from tools.regenerate.normalise.responses import read_responses
from tools.regenerate.normalise.schemas import read_schemas
from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Object

# In this order: each step relies on those before it.
STEPS = (
    read_head,
    read_references,
    read_parameters,
    read_bodies,
    read_responses,
    read_schemas,
    read_nullable,
    read_envelopes,
    open_enums,
    read_names,
)


def normalise(document: Object) -> tuple[Object, list[Note]]:
    """Return a normalised copy of the document, and what was adjusted in it."""
    notes = Notes()
    result = with_string_keys(document, notes)
    for step in STEPS:
        step(result, notes)
    return result, list(notes)
