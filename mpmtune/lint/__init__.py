"""lint: a tree of directives to findings, pure."""
