"""What the documentation needs."""
