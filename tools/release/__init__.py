"""Tools that check a release."""
