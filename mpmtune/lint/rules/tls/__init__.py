"""Rules about TLS."""
