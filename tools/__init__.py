"""Regenerating the client from upstream's document, and comparing; not shipped in the wheel."""
