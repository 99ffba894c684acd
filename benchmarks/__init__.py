"""Benchmarks: compare this client with others, and check its own limits."""
