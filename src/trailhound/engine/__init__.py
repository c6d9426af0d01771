"""Where questions to the tables run."""

from __future__ import annotations
