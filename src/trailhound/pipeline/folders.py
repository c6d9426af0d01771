"""The user's own folders: rule sets they added, and the cache of compiled rules."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Give the folder of things the user added (`XDG_DATA_HOME`, or the system's place for it)."""
    return _folder("XDG_DATA_HOME", Path.home() / ".local" / "share")


def cache_folder() -> Path:
    """Give the folder of things that can be made again; deleting it only costs time."""
    return _folder("XDG_CACHE_HOME", Path.home() / ".cache")


def rules_folder() -> Path:
    """Give the folder of rule sets the user added."""
    return data_folder() / "rules"


def _folder(variable: str, default: Path) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named) / "trailhound"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(default))) / "trailhound"
    return default / "trailhound"
