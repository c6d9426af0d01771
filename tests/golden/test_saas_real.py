"""Events of sixty products, each known by its names, without loss and without oddities."""

from __future__ import annotations

import io
from collections import Counter
from functools import partial

import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import Source
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows

pytestmark = pytest.mark.real

KINDS = {
    "AWS.S3ServerAccess": "aws.s3_access",
    "AWS.VPCDns": "aws.route53_resolver",
    "Amazon.EKS.Audit": "kubernetes.audit",
    "Box.Event": "box.event",
    "CiscoUmbrella.DNS": "crowdstrike.fdr",
    "Dropbox.TeamEvent": "dropbox.team",
    "Duo.Administrator": "duo.administrator",
    "Duo.Authentication": "duo.authentication",
    "GCP.AuditLog": "gcp.audit",
    "GitHub.Audit": "github.audit",
    "MicrosoftDefenderXDR.AdvancedHunting": "m365.defender",
    "MicrosoftGraph.SecurityAlertV2": "m365.security_alert",
    "MicrosoftIntune.AuditLogs": "m365.intune",
    "MicrosoftIntune.OperationalLogs": "m365.intune",
    "MongoDB.OrganizationEvent": "mongodb_atlas.event",
    "MongoDB.ProjectEvent": "mongodb_atlas.event",
    "Netskope.Audit": "netskope.audit",
    "Okta.SystemLog": "okta.system",
    "OneLogin.Events": "onelogin.events",
    "OnePassword.ItemUsage": "onepassword.item_usage",
    "OnePassword.SignInAttempt": "onepassword.signin",
    "Proofpoint.Event": "proofpoint.message",
    "PushSecurity.Activity": "push_security.event",
    "PushSecurity.Controls": "push_security.event",
    "PushSecurity.Entities": "push_security.event",
    "Slack.AuditLogs": "slack.audit",
    "Snowflake.DataTransferHistory": "snowflake.data_transfer",
    "Snowflake.GrantsToRoles": "snowflake.grants",
    "Snowflake.GrantsToUsers": "snowflake.grants",
    "Snowflake.LoginHistory": "snowflake.login_history",
    "Snowflake.QueryHistory": "snowflake.query_history",
    "Sublime.Audit": "sublime.audit",
    "Sublime.MessageEvent": "sublime.message",
    "Zscaler.ZIA.AdminAuditLog": "zscaler.audit",
}
STRANGERS = {"Amazon.EKS.Audit": 14, "GCP.AuditLog": 8, "OneLogin.Events": 2}
"""Records that show no more than an address or a method: they stay searchable."""


def told(path):
    """Read a file whole: rows by kind and table, and what was met."""
    data = path.read_bytes()
    source = Source(
        path.name, partial(io.BytesIO, data), data[:4096], None, len(data),
        modified=path.stat().st_mtime,
    )  # fmt: skip
    reader = choose(source)
    assert reader is not None
    budget = Budget()
    kinds: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    for batch in reader.read(source, budget):
        kinds[batch.kind] += batch.rows
        for table, rows in table_rows(batch):
            tables[table] += rows.num_rows
    assert budget.parsed_bytes == len(data)
    return kinds, tables, budget.oddities.counts


@pytest.mark.parametrize("name", KINDS)
def test_each_product(real_data, name):
    path = real_data / "cloud/panther" / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{name} is not among the real logs")
    kinds, tables, oddities = told(path)
    assert kinds[KINDS[name]] == max(kinds.values())
    assert kinds["json.unknown"] == STRANGERS.get(name, 0)
    assert tables.total() == kinds.total()
    assert tables["log_activity"] <= kinds["json.unknown"] + kinds["crowdstrike.fdr"]
    assert oddities == {}


def test_one_event_of_each_source(real_data):
    path = real_data / "cloud/splunk_example_logs.json"
    if not path.is_file():
        pytest.skip("splunk_example_logs.json is not among the real logs")
    kinds, tables, oddities = told(path)
    assert kinds.total() == tables.total() == 195
    assert kinds["json.unknown"] <= 35, "14 events without their end, 20 of formats nobody reads"
    assert len(kinds) >= 20
    assert kinds >= Counter({"aws.cloudtrail": 48, "m365.audit": 18, "windows": 54})
    assert oddities == {"splunk.event": 14}
