"""Where text leaves the program: the result to stdout or ``-o FILE``, all talk to stderr."""

import sys


def say(text: str) -> None:
    """Write to stdout as it is; the text was made safe where it was made."""
    sys.stdout.write(text)
    sys.stdout.flush()


def complain(sentence: str, hint: str = "") -> None:
    """Write one sentence, and what to do, to stderr."""
    sys.stderr.write(f"mpmtune: {sentence}\n")
    if hint:
        sys.stderr.write(f"  {hint}\n")
