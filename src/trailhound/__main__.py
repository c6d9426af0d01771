"""`python -m trailhound`."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from trailhound.cli import main

        main()
    except KeyboardInterrupt:  # while modules were loaded
        sys.stderr.write("trailhound: interrupted\n")
        sys.exit(130)
