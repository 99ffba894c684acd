"""Checks for a release."""
