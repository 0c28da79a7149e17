"""Inputs nobody meant: what reads a file, a question or a table is run on them by the hundred thousand (SECURITY.md)."""
