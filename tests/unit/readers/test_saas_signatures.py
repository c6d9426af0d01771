from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read
from trailhound.readers.cloud_json import READER

SLACK = {"action": "user_login", "actor": {"type": "user"}, "context": {"ua": "x"}}
RECORDS = [
    ("duo.authentication", {"factor": "x", "access_device": {}, "result": "x", "application": {}}),
    ("duo.administrator", {"action": "x", "username": "x", "isotimestamp": "x", "timestamp": 1}),
    ("duo.activity", {"activity_id": "x", "akey": "x", "actor": {}, "ts": "x"}),
    ("duo.telephony", {"credits": 1, "phone": "x", "type": "sms", "context": "x"}),
    ("onepassword.item_usage", {"item_uuid": "x", "vault_uuid": "x", "user": {}}),
    ("onepassword.signin", {"target_user": {}, "session_uuid": "x", "category": "x"}),
    ("onepassword.audit", {"actor_uuid": "x", "object_uuid": "x", "action": "x"}),
    ("box.event", {"event_type": "x", "created_by": {}, "source": {}}),
    ("dropbox.team", {"event_type": {"_tag": "x"}, "event_category": {}, "actor": {}}),
    ("mongodb_atlas.event", {"eventTypeName": "x"}),
    ("snowflake.login_history", {"IS_SUCCESS": "x", "USER_NAME": "x", "EVENT_ID": 1}),
    ("snowflake.query_history", {"query_text": "x", "query_type": "x", "query_id": "x"}),
    ("snowflake.grants", {"GRANTEE_NAME": "x", "GRANTED_BY": "x"}),
    ("snowflake.data_transfer", {"BYTES_TRANSFERRED": 1, "TARGET_CLOUD": "x"}),
    ("snowflake.session", {"SESSION_ID": 1, "AUTHENTICATION_METHOD": "x", "LOGIN_EVENT_ID": 1}),
    ("bitbucket.audit", {"auditType": {}}),
    ("atlassian.audit", {"attributes": {"action": "x"}, "type": "events"}),
    ("zoom.operation", {"operator": "x", "category_type": "x", "action": "x"}),
    ("zoom.signin", {"client_type": "x", "email": "x", "ip_address": "x", "type": "x", "time": 1}),
    ("gitlab.audit", {"author_id": 1, "entity_type": "x", "target_type": "x"}),
    ("gitlab.api", {"method": "x", "path": "x", "correlation_id": 1, "remote_ip": 1, "route": 1}),
    ("cloudflare.audit", {"when": "x", "actor": {}, "resource": {}}),
    ("cloudflare.access", {"app_uid": 1, "allowed": True, "user_email": "x", "ip_address": "x"}),
    ("cloudflare.firewall", {"RayID": 1, "Action": "x", "RuleID": "x", "ClientIP": "x"}),
    ("cloudflare.http", {"RayID": 1, "ClientRequestURI": "x", "EdgeStartTimestamp": 1}),
    ("tailscale.audit", {"eventGroupID": "x", "actor": {}, "target": {}}),
    ("tailscale.flow", {"nodeId": "x", "virtualTraffic": []}),
    ("notion.audit", {"workspace_id": "x", "actor": {}, "type": "x", "platform": "x"}),
    ("notion.audit", {"event": {"workspace_id": "x"}, "p_log_type": "Notion.AuditLogs"}),
    ("asana.audit", {"gid": "x", "event_type": "x", "event_category": "x", "actor": {}}),
    ("auth0.event", {"log_id": "x", "type": "s", "date": "x", "ip": "x"}),
    ("auth0.event", {"log_id": "x", "data": {"type": "s", "date": "x"}}),
    ("teleport.audit", {"code": "x", "uid": "x", "event": "user.login", "cluster_name": "x"}),
    ("salesforce.login", {"LoginTime": "x", "UserId": "x", "SourceIp": "x"}),
    ("salesforce.setup", {"CreatedById": "x", "Section": "x", "Action": "x"}),
    ("salesforce.event", {"EVENT_TYPE": "x", "ORGANIZATION_ID": "x", "USER_ID": "x"}),
    ("jamf.pro", {"webhook": {"webhookEvent": "x"}, "event": {}}),
    ("jamf.protect_alert", {"input": {"eventType": "x"}, "caid": "x"}),
    ("pingid.audit", {"recorded": "x", "actors": [], "resources": []}),
    ("circleci.job", {"job_name": "x", "build_num": 1, "reponame": "x"}),
    ("gmail.log", {"rfc2822_message_id": "x", "action_type": 10, "source": {}}),
    ("gmail.log", {"message_info": {}, "event_info": {}}),
    ("github.webhook", {"action": "x", "repository": {}, "sender": {}}),
    ("slack.audit", SLACK),
]


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_each_kind(kind, record):
    assert READER.sniff(lines_of(record), "x") > 0.8
    (batch,) = read(READER, lines_of(record))
    assert batch.kind == kind
    assert cells(batch, "@nothing") == [None]


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_one_name_less(kind, record):
    """A record that lacks a name is not mistaken for another kind."""
    for name in record:
        rest = {key: value for key, value in record.items() if key != name} | {"other": 1}
        assert {batch.kind for batch in read(READER, lines_of(rest))} <= {kind, "json.unknown"}


def test_what_is_inside_decides():
    assert READER.sniff(lines_of(SLACK | {"context": {"colour": "red"}}), "x") == 0


def test_names_fold():
    (batch,) = read(READER, lines_of({"query_text": "x", "query_type": "y", "query_id": "q"}))
    assert cells(batch, "QUERY_TYPE") == ["y"]
    assert batch.uids([0]) == ["q"]
    (batch,) = read(READER, lines_of({"eventtypename": "X", "orgid": "o"}))
    assert cells(batch, "orgId") == ["o"]


@pytest.mark.parametrize("mark", [".tag", "_tag"])
def test_variants_of_dropbox(mark):
    tagged = {mark: "login_fail", "description": "x"}
    record = {"event_type": tagged, "event_category": {mark: "x"}, "actor": {}}
    (batch,) = read(READER, lines_of(record, record | {"event_type": "torn {"}))
    assert cells(batch, "event_type._tag") == ["login_fail", None]


def test_auth0_streams():
    (batch,) = read(READER, lines_of({"log_id": "x", "data": {"type": "fp", "ip": "192.0.2.1"}}))
    assert cells(batch, "ip") == ["192.0.2.1"]


def test_atlassian_attributes():
    record = {"attributes": {"action": "user_added", "actor": {"email": "a@x"}}, "id": "1"}
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "actor.email") == ["a@x"]
