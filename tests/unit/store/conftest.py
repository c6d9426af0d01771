"""Hand-made batches and a fresh workspace for the tests of the store."""

from __future__ import annotations

import pyarrow as pa
import pytest

DAY = 86_400_000_000
NOON = 1_730_721_600_000_000  # 2024-11-04 12:00 UTC


@pytest.fixture
def logins():
    def make(count=4, *, start=NOON, step=60_000_000, user="a.meyer", source="auth.log"):
        return pa.RecordBatch.from_pydict(
            {
                "metadata_uid": [f"{source}-{start}-{n}" for n in range(count)],
                "time": pa.array([start + n * step for n in range(count)], pa.int64()),
                "metadata_source": [source] * count,
                "activity_name": ["Logon"] * count,
                "status": ["Success"] * count,
                "user_name": [user] * count,
                "src_endpoint_ip": ["203.0.113.20"] * count,
            }
        )

    return make
