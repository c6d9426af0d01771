"""`python -m trailhound`."""

from __future__ import annotations

from trailhound.cli import main

if __name__ == "__main__":
    main()
