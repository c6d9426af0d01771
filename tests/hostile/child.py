"""Unpack or scan what is named on the command line, and print what came of it and what it cost."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailhound.model.limits import Limits
from trailhound.unpack.walk import discover

if TYPE_CHECKING:
    from trailhound.model.oddity import Oddity


def peak_mib() -> float:
    """Give the most memory this program held.

    Not `ru_maxrss`: that one survives exec, and would be the size of the test process.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def unpack(paths: list[Path], limits: Limits) -> dict[str, Any]:
    said: dict[str, dict[str, bool]] = {}
    read: dict[str, int] = {}

    def report(name: str, oddity: Oddity) -> None:
        kinds = said.setdefault(name, {})
        kinds[oddity.kind] = oddity.lost or kinds.get(oddity.kind, False)

    for source in discover(paths, limits, report):
        with source.open() as stream:
            total = 0
            while piece := stream.read(1024 * 1024):
                total += len(piece)
        read[source.name] = total
    return {"said": said, "read": read}


def scan(paths: list[Path]) -> dict[str, Any]:
    module = importlib.import_module("trailhound.pipeline.scan")
    names = ("Options", "ScanOptions")
    options = next((getattr(module, name)() for name in names if hasattr(module, name)), None)
    result = module.scan(paths, options)
    inputs = [
        {
            "source": item.source.encode("utf-8", "backslashreplace").decode(),
            "status": item.status,
            "events": item.events,
            "incomplete": item.incomplete,
            "kinds": sorted(item.oddity_counts),
        }
        for item in result.inputs
    ]
    return {"inputs": inputs, "findings": len(result.findings)}


def main() -> None:
    what, names, limits = json.loads(sys.argv[1])
    paths = [Path(name) for name in names]
    started = time.monotonic()
    answer = scan(paths) if what == "scan" else unpack(paths, Limits(**limits))
    cost = {"seconds": time.monotonic() - started, "mib": peak_mib()}
    print(json.dumps(answer | cost))


if __name__ == "__main__":
    main()
