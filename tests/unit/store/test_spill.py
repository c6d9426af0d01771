from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trailhound.store.spill import SpillStore

CHILD = """
import sys, time
import pyarrow as pa
from trailhound.store.spill import SpillStore
store = SpillStore(memory_bytes=0)
store.add("authentication", pa.RecordBatch.from_pydict({"user_name": ["a"]}))
print(store.tables()["authentication"][0].parent, flush=True)
time.sleep(60)
"""


def test_small_evidence_stays_in_memory(logins):
    with SpillStore() as store:
        store.add("authentication", logins(3))
        store.add("authentication", logins(2))
        tables = store.tables()
        assert list(tables) == ["authentication"]
        assert isinstance(tables["authentication"], pa.Table)
        assert tables["authentication"].num_rows == 5
        assert not store.spilled


def test_much_evidence_goes_to_a_private_folder_that_is_removed(logins):
    with SpillStore(memory_bytes=2_000) as store:
        for _ in range(10):
            store.add("authentication", logins(30))
        store.add("log_activity", pa.RecordBatch.from_pydict({"log_name": ["x"]}))
        files = store.tables()["authentication"]
        assert isinstance(files, list)
        assert sum(pq.read_metadata(path).num_rows for path in files) == 300
        folder = files[0].parent
        assert folder.stat().st_mode & 0o777 == 0o700
        assert store.tables()["authentication"] == files
    assert not folder.exists()


def test_the_folder_is_gone_after_ctrl_c():
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    folder = Path(child.stdout.readline().decode().strip())
    assert folder.is_dir()
    os.kill(child.pid, signal.SIGINT)
    child.communicate(timeout=20)
    assert not folder.exists()
