"""Entry point of ``python -m mpmtune`` and of the ``mpmtune`` script."""

import contextlib
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    _stand_in_for_closed_streams()
    try:
        from mpmtune.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the app could take it
        code = 130
    _leave(code)


def _leave(code: int) -> None:
    """Leave at once: to take a large tree apart, object by object, costs a tenth of the run."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _stand_in_for_closed_streams() -> None:
    """Open /dev/null for each stream that the caller closed (``>&-``), where Python has None."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


if __name__ == "__main__":
    main()
