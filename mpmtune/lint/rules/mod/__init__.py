"""Rules about modules and what they need."""
