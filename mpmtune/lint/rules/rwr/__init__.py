"""Rules about rewriting and proxying."""
