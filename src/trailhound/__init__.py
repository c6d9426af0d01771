"""Trailhound finds indicators of compromise in an organisation's logs."""

from __future__ import annotations

__version__ = "0.1.0"
