"""One rule per file, one folder per family."""
