"""Each real cloud log goes to its reader, and no record is lost in silence."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from functools import partial

import orjson
import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import Source
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows

pytestmark = pytest.mark.real

SPECIFIC = {
    "aws/CloudTrail": "aws.cloudtrail",
    "stratus": "aws.cloudtrail",
    "gws": "google.workspace",
    "otrf/AADAuditEvents": "azure.entra",
    "otrf/OfficeActivityEvents": "m365.audit",
    "otrf/Microsoft365DefenderEvents": "cloud.json",
    "otrf/WindowsEvents": "windows.json",
    "otrf/ec2_proxy_s3_exfiltration": "aws.cloudtrail",
    "otrf/AWS_S3_HoneyBucketLogs": "generic.csv",
    "otrf/aws_s3_honeybucketlogs": "generic.csv",
    "panther": "cloud.json",
    "panther/AWS.CloudTrail": "aws.cloudtrail",
    "panther/Amazon.EKS.Audit": "generic.json",
    "panther/Azure": "azure.entra",
    "panther/GSuite": "google.workspace",
    "panther/Microsoft365": "m365.audit",
    "panther/Osquery": None,
    "splunk_example_logs": "splunk.export",
}
"""The longest name that fits a file tells its reader."""

ELSEWHERE = ("selfmade", "labels")


def evidence(folder):
    """Give name and bytes of each file, archives by their members."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(word in name for word in ELSEWHERE) or not path.is_file() or not path.stat().st_size:
            continue
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    yield f"{name}!{member}", archive.read(member)
        elif path.suffix in {".json", ".csv"}:
            yield name, path.read_bytes()


def expected_reader(name):
    fitting = [prefix for prefix in SPECIFIC if name.startswith(prefix)]
    return SPECIFIC[max(fitting, key=len)] if fitting else None


def expected_records(data):
    """Count records the naive way: parse everything, take the log out of its envelope."""
    try:
        whole = orjson.loads(data)
    except orjson.JSONDecodeError:
        return sum(1 for line in data.splitlines() if line.strip())
    if isinstance(whole, dict):
        for name in ("Records", "activities"):
            whole = whole.get(name, whole) if isinstance(whole, dict) else whole
    return len(whole) if isinstance(whole, list) else 1 if "TenantId" in whole else len(whole)


def test_every_file(real_data):
    seen: Counter[str] = Counter()
    for name, data in evidence(real_data / "cloud"):
        source = Source(name, partial(io.BytesIO, data), data[:4096], None, len(data))
        reader = choose(source)
        assert reader is not None, name
        seen[reader.name] += 1
        wanted = expected_reader(name)
        assert wanted in (reader.name, None), (name, reader.name)
        check_rows(name, data, source, reader)
    assert len(seen) >= 7


def check_rows(name, data, source, reader):
    budget = Budget()
    batches = list(reader.read(source, budget))
    rows = sum(batch.rows for batch in batches)
    tables = sum(part.num_rows for batch in batches for _, part in table_rows(batch))
    assert tables == rows, name
    if not name.endswith(".csv"):
        assert rows + budget.oddities.total >= expected_records(data), name
