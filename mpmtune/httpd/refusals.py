"""How a pure parser says that httpd refuses an argument."""


class RefusedError(ValueError):
    """httpd refuses the argument; the text is httpd's own, as printed below AH00526."""
