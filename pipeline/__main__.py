"""``python -m pipeline``: the command line, entered by the launcher ``./redaksi``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run one command and leave with its exit code."""
    from pipeline import cli

    sys.exit(cli.run(sys.argv[1:]))


if __name__ == "__main__":
    main()
