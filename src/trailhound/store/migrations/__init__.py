"""Steps that bring a case file of any release up to this one. Forward only, never edited."""

from __future__ import annotations
