"""Rules about process and thread limits."""
