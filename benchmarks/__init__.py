"""Heard measured against peers, on the same files and the same model; docs/benchmarks.md has the numbers."""
