"""confparse: bytes to a tree of directives."""
