"""Records of services that people work with: identity, files, chat, code, databases in the cloud.

More exact kinds come before those whose names are common words.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from trailhound.readers.native_batch import Names, itself
from trailhound.readers.projection import lenient_object
from trailhound.readers.signature import Signature, aliases, named

if TYPE_CHECKING:
    from trailhound.model.batch import Column
    from trailhound.readers.native_batch import Maker, NativeBatch


@lru_cache(maxsize=1024)
def _any_case(name: str) -> tuple[str, ...]:
    """Know a name as written, and in capitals and small letters, as exports fold them."""
    return tuple(dict.fromkeys((name, name.upper(), name.lower())))


def _tags(parent: str, batch: NativeBatch) -> Column:
    """Give the variant that Dropbox marks by `.tag`, a name no dotted path reaches.

    Collectors whose names cannot begin so write `_tag`.
    """
    column = batch.columns((parent,))[parent]
    known = {text: _tag(text) for text in {v for v in column if isinstance(v, str)}}
    return [known.get(value) if isinstance(value, str) else None for value in column]


def _tag(text: str) -> str | None:
    members = lenient_object(text.encode()) or {}
    tag = members.get(".tag", members.get("_tag"))
    return tag if isinstance(tag, str) else None


def _tag_parent(name: str) -> tuple[str, ...]:
    return (name.removesuffix("._tag"),) if name.endswith("._tag") else ()


def _tag_maker(name: str) -> Maker | None:
    parent = _tag_parent(name)
    return partial(_tags, parent[0]) if parent else None


_DROPBOX = Names(("timestamp", "p_event_time"), (), itself, _tag_maker, _tag_parent)


@lru_cache(maxsize=1024)
def _atlassian(name: str) -> tuple[str, ...]:
    return (name, f"attributes.{name}")


@lru_cache(maxsize=1024)
def _gmail(name: str) -> tuple[str, ...]:
    return (f"message_info.{name}", f"event_info.{name}", name)


_AUTH0 = {name: (f"data.{name}",) for name in (
    "type", "date", "log_id", "user_name", "user_id", "ip", "user_agent", "client_id",
    "client_name", "connection", "description", "strategy", "hostname", "audience",
)}  # fmt: skip

SAAS: tuple[Signature, ...] = (
    Signature(
        "duo.authentication",
        ("factor", "access_device auth_device", "result", "application integration"),
        named("isotimestamp timestamp", "txid"),
    ),
    Signature(
        "duo.activity",
        ("activity_id", "akey outcome", "actor action"),
        named("ts", "activity_id"),
    ),
    Signature(
        "duo.telephony",
        ("credits", "phone", "type", "context telephony_id"),
        named("isotimestamp ts timestamp", "telephony_id"),
    ),
    Signature(
        "duo.administrator",
        ("action", "username", "isotimestamp description", "timestamp isotimestamp"),
        named("isotimestamp timestamp", ""),
    ),
    Signature(
        "onepassword.item_usage",
        ("item_uuid", "vault_uuid", "user client"),
        named("timestamp", "uuid timestamp"),
    ),
    Signature(
        "onepassword.signin",
        ("target_user", "session_uuid", "category type"),
        named("timestamp", "uuid timestamp"),
    ),
    Signature(
        "onepassword.audit",
        ("actor_uuid", "object_type object_uuid", "action"),
        named("timestamp", "uuid"),
    ),
    Signature(
        "box.event",
        ("event_type", "created_by", "additional_details source ip_address event_id session_id"),
        named("created_at recorded_at", "event_id"),
    ),
    Signature(
        "dropbox.team",
        ("event_type", "involve_non_team_member event_category", "actor origin details"),
        _DROPBOX,
        inside=("event_type", ".tag _tag description"),
    ),
    Signature(
        "mongodb_atlas.event",
        ("eventTypeName eventtypename",),
        named("created", "id", lru_cache(maxsize=1024)(lambda name: (name, name.lower()))),
    ),
    Signature(
        "snowflake.login_history",
        ("IS_SUCCESS is_success", "USER_NAME user_name", "CLIENT_IP client_ip EVENT_ID event_id"),
        named("EVENT_TIMESTAMP", "EVENT_ID", _any_case),
    ),
    Signature(
        "snowflake.query_history",
        ("QUERY_TEXT query_text", "QUERY_TYPE query_type",
         "EXECUTION_STATUS execution_status WAREHOUSE_NAME warehouse_name QUERY_ID query_id"),
        named("START_TIME END_TIME", "QUERY_ID", _any_case),
    ),
    Signature(
        "snowflake.grants",
        ("GRANTEE_NAME grantee_name", "GRANTED_BY granted_by"),
        named("CREATED_ON MODIFIED_ON", "", _any_case),
    ),
    Signature(
        "snowflake.data_transfer",
        ("BYTES_TRANSFERRED bytes_transferred", "TARGET_CLOUD target_cloud"),
        named("START_TIME END_TIME", "", _any_case),
    ),
    Signature(
        "snowflake.session",
        ("SESSION_ID session_id", "AUTHENTICATION_METHOD authentication_method",
         "LOGIN_EVENT_ID login_event_id"),
        named("CREATED_ON", "SESSION_ID", _any_case),
    ),
    Signature(
        "bitbucket.audit",
        ("auditType",),
        named("timestamp", ""),
    ),
    Signature(
        "atlassian.audit",
        ("attributes", "type id"),
        named("attributes.time", "id", _atlassian),
        inside=("attributes", "action actor context"),
    ),
    Signature(
        "zoom.operation",
        ("operator", "category_type", "operation_detail action"),
        named("time", ""),
    ),
    Signature(
        "zoom.signin",
        ("client_type", "email", "ip_address", "type", "time"),
        named("time", ""),
    ),
    Signature(
        "gitlab.audit",
        ("author_id", "entity_type entity_path",
         "target_type target_details details event_type"),
        named("created_at time", "id"),
    ),
    Signature(
        "gitlab.api",
        ("method", "path", "correlation_id", "remote_ip", "controller route"),
        named("time", ""),
    ),
    Signature(
        "cloudflare.audit",
        ("when When ActionType", "actor ActorEmail ActorIP", "resource owner ResourceType ID"),
        named("when When", "id ID"),
    ),
    Signature(
        "cloudflare.access",
        ("app_uid AppUUID", "allowed Allowed", "user_email Email", "ip_address IPAddress"),
        named("created_at CreatedAt", "ray_id RayID"),
    ),
    Signature(
        "cloudflare.firewall",
        ("RayID", "Action", "Source RuleID Kind", "ClientIP"),
        named("Datetime", ""),
    ),
    Signature(
        "cloudflare.http",
        ("RayID", "ClientRequestURI", "EdgeStartTimestamp EdgeResponseStatus"),
        named("EdgeStartTimestamp EdgeEndTimestamp", "RayID"),
    ),
    Signature(
        "tailscale.audit",
        ("eventGroupID", "actor", "target action"),
        named("eventTime deferredAt", "eventGroupID target.id action"),
    ),
    Signature(
        "tailscale.flow",
        ("nodeId", "virtualTraffic exitTraffic subnetTraffic physicalTraffic"),
        named("start logged", ""),
    ),
    Signature(
        "notion.audit",
        ("workspace_id", "actor", "type", "platform ip_address event_id"),
        named("timestamp", "id"),
    ),
    Signature(
        "notion.audit",
        ("event", "p_log_type"),
        named("event.timestamp", "event.id"),
        inside=("event", "workspace_id"),
    ),
    Signature(
        "asana.audit",
        ("gid", "event_type", "event_category", "actor resource"),
        named("created_at", "gid"),
    ),
    Signature(
        "auth0.event",
        ("log_id", "type", "date", "client_id user_id ip user_agent description"),
        named("date", "log_id", aliases(_AUTH0)),
    ),
    Signature(
        "auth0.event",
        ("log_id", "data"),
        named("data.date", "log_id", aliases(_AUTH0)),
        inside=("data", "type date log_id"),
    ),
    Signature(
        "teleport.audit",
        ("code", "uid", "event", "cluster_name ei"),
        named("time", "uid"),
    ),
    Signature(
        "salesforce.login",
        ("LoginTime", "UserId", "LoginType Status SourceIp"),
        named("LoginTime", "Id"),
    ),
    Signature(
        "salesforce.setup",
        ("CreatedById CreatedBy", "Section", "Display Action"),
        named("CreatedDate", "Id"),
    ),
    Signature(
        "salesforce.event",
        ("EVENT_TYPE", "ORGANIZATION_ID", "USER_ID REQUEST_ID"),
        named("TIMESTAMP_DERIVED", ""),
    ),
    Signature(
        "jamf.pro",
        ("webhook", "event"),
        named("webhook.eventTimestamp", ""),
        inside=("webhook", "webhookEvent eventTimestamp"),
    ),
    Signature(
        "jamf.protect_alert",
        ("input match", "caid host context severity"),
        named("input.timestamp created timestamp", "uuid"),
        inside=("input", "eventType match related"),
    ),
    Signature(
        "pingid.audit",
        ("recorded", "actors", "resources"),
        named("recorded", "id"),
    ),
    Signature(
        "circleci.job",
        ("build_num", "job_name workflows", "reponame vcs_revision"),
        named("start_time queued_time job_time", ""),
    ),
    Signature(
        "gmail.log",
        ("rfc2822_message_id", "action_type", "destination source"),
        named("timestamp", ""),
    ),
    Signature(
        "gmail.log",
        ("message_info", "event_info"),
        named("event_info.timestamp_usec", "", _gmail),
    ),
    Signature(
        "github.webhook",
        ("action", "repository organization", "sender"),
        named("workflow_run.created_at pull_request.updated_at alert.created_at "
              "repository.updated_at", ""),
    ),
    Signature(
        "slack.audit",
        ("action", "actor", "context"),
        named("date_create", "id"),
        inside=("context", "location ua ip_address session_id"),
    ),
)  # fmt: skip
