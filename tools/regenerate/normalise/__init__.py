"""Corrects mistakes in upstream's document that have only one possible meaning, and notes each of them.

It knows nothing about the API: that is in overlay.yaml.
"""

from tools.regenerate.normalise.content import normalise_content
from tools.regenerate.normalise.enums import open_enums
from tools.regenerate.normalise.envelopes import inline_envelopes
from tools.regenerate.normalise.head import normalise_head
from tools.regenerate.normalise.names import normalise_names
from tools.regenerate.normalise.parameters import normalise_parameters
from tools.regenerate.normalise.references import resolve_references
from tools.regenerate.normalise.schemas import normalise_schemas
from tools.regenerate.notes import Note, Notes
from tools.regenerate.tree import Object, copy

# In this order: each step relies on those before it.
STEPS = (
    normalise_head,
    resolve_references,
    normalise_parameters,
    normalise_content,
    normalise_schemas,
    inline_envelopes,
    open_enums,
    normalise_names,
)


def normalise(document: Object) -> tuple[Object, list[Note]]:
    """Return a normalised copy of the document, and what was adjusted in it."""
    notes = Notes()
    result: Object = copy(document)
    for step in STEPS:
        step(result, notes)
    return result, list(notes)
