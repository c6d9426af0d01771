"""One file a step, named by its number."""

from __future__ import annotations
