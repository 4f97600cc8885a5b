"""Entry point of ``python -m mpmtune`` and of the ``mpmtune`` script."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from mpmtune.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
