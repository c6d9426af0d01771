"""Evidence for the benchmarks: real files, copied and mutated so that caches cannot cheat.

Digits inside text are permuted per copy: values differ from copy to copy, shapes do not.
"""

from __future__ import annotations

import os
import random
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL = Path(os.environ.get("TRAILHOUND_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
RULES = REAL / "rules" / "sigmahq"


def evtx_files() -> list[Path]:
    """Give the real EVTX files, none where the data is missing."""
    return sorted((REAL / "evtx" / "attack-samples").rglob("*.evtx"))


def mutated_evtx(folder: Path, copies: int, seed: int = 1) -> int:
    """Write mutated copies of all EVTX files; gives the number of files."""
    generator = random.Random(seed)
    written = 0
    for copy in range(copies):
        digits = list(range(10))
        generator.shuffle(digits)
        for number, path in enumerate(evtx_files()):
            data = np.frombuffer(path.read_bytes(), dtype=np.uint8).copy()
            _permute_utf16(data, digits)
            (folder / f"{copy:03d}").mkdir(exist_ok=True)
            (folder / f"{copy:03d}" / f"{number:03d}.evtx").write_bytes(data.tobytes())
            written += 1
    return written


def _permute_utf16(data: np.ndarray, digits: list[int]) -> None:
    """Permute digits that stand between two other ASCII characters of UTF-16 text."""
    body = data[4096:]
    printable = (body >= 0x20) & (body < 0x7F)
    pair = np.zeros(len(body), dtype=bool)
    pair[:-1] = printable[:-1] & (body[1:] == 0)
    digit = (body >= 0x30) & (body <= 0x39) & pair
    inside = np.zeros(len(body), dtype=bool)
    inside[4:-4] = digit[4:-4] & pair[2:-6] & pair[6:-2] & pair[:-8]
    table = np.array([0x30 + d for d in digits], dtype=np.uint8)
    body[inside] = table[body[inside] - 0x30]


def json_events() -> Iterator[bytes]:
    """Give real Windows events as JSON lines."""
    for path in sorted((REAL / "evtx" / "security-datasets-json").glob("*/host/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json") and "__MACOSX" not in name:
                    with archive.open(name) as stream:
                        yield from (line.rstrip() for line in stream if line.startswith(b"{"))


_NUMBER = re.compile(rb"(?<=[\\ ./_-])(?<!\d{4}-)(?<!\d{4}-\d\d-)(?<!\d{4}-\d\d-\d\d )\d{2,}")
"""Numbers in the middle of texts, but for dates and times: they must stay some."""


def mutated_json(path: Path, size: int, seed: int = 1) -> int:
    """Write about `size` bytes of mutated JSON events to a file; gives the number of events."""
    generator = random.Random(seed)
    events = list(json_events())
    count = total = 0
    with path.open("wb") as stream:
        while total < size and events:
            digits = list(b"0123456789")
            generator.shuffle(digits)
            table = bytes.maketrans(b"0123456789", bytes(digits))
            for event in events:
                line = _NUMBER.sub(lambda match, t=table: match[0].translate(t), event)
                stream.write(line + b"\n")
                count, total = count + 1, total + len(line) + 1
                if total >= size:
                    break
    return count
