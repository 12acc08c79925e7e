"""Runs of a process in the pure kernel, with virtual time: for tests, and for trying what is being drawn."""
