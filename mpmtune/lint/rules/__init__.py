"""One rule a file, in the folder of its family; see ``mpmtune.lint.rule``."""
