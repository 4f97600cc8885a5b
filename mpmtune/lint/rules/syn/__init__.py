"""Rules about syntax, context and scope."""
