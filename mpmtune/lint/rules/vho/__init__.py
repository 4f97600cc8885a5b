"""Rules about virtual hosts, names and listeners."""
