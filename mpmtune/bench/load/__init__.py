"""Clients of a bench: each part of a load is a value that can be driven."""
