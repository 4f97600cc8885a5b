"""Rules about suppressing comments."""
