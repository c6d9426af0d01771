"""`python -m bench [NAME...]`: prints each figure as it is measured."""

from __future__ import annotations

import sys
from importlib import import_module

FIGURES = ("rules", "evtx", "json_events", "detection")


def main() -> None:
    """Measure the figures named, or all."""
    print(f"{'figure':78} {'measured':>14} {'must':>10} {'aim':>10}")
    for name in sys.argv[1:] or FIGURES:
        for figure in import_module(f"bench.{name}").run():
            print(
                f"{figure.name:78} {figure.value:>14} {figure.must:>10} {figure.aim:>10}",
                flush=True,
            )


if __name__ == "__main__":
    main()
