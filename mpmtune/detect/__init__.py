"""detect: a host to facts."""
