"""Measures Leadterm beside its peers: `python -m benchmarks.run` (see README.md)."""
