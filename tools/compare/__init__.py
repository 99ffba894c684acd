"""Compares two documents; compares document, client and API."""
