from __future__ import annotations

import importlib.util
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bootstrap.clone import miniature, tool_folder

if TYPE_CHECKING:
    from tests.bootstrap.clone import Clone

if sys.platform == "win32":
    pytest.skip("the bootstrap is a POSIX shell script", allow_module_level=True)


@pytest.fixture(params=["pip", "uv"])
def clone(request, tmp_path) -> Clone:
    """Give a fresh clone, in a folder with a blank in its name, once for each installer."""
    uv = shutil.which("uv") if request.param == "uv" else None
    if request.param == "uv" and not uv:
        pytest.skip("no uv on the path")
    if request.param == "pip" and not importlib.util.find_spec("ensurepip"):
        pytest.skip("this interpreter has no ensurepip")
    tools = tool_folder(tmp_path / "tools", uv=uv)
    return miniature(tmp_path / "a clone", tools, tmp_path / "cache")


@pytest.fixture
def bare(tmp_path) -> Clone:
    """Give a fresh clone that finds the shell's tools and nothing else."""
    tools = tool_folder(tmp_path / "tools", uv=None)
    (tools / "python3").unlink()
    return miniature(tmp_path / "a clone", tools, tmp_path / "cache")
