"""host: the doorway: everything that is asked of a machine."""
