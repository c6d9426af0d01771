"""Records of security products, of Amazon's services, and those that follow OCSF."""

from __future__ import annotations

from functools import lru_cache

from trailhound.readers.signature import Signature, named


@lru_cache(maxsize=1024)
def _falcon(name: str) -> tuple[str, ...]:
    """Know a field of the sensor also where a collector keeps the event apart."""
    return (name, f"event.{name}")


@lru_cache(maxsize=1024)
def _detailed(name: str) -> tuple[str, ...]:
    """Know a finding that EventBridge carries: its own id comes before that of the envelope."""
    return (f"detail.{name}", name)


_VPC = {
    "srcaddr": "srcAddr", "dstaddr": "dstAddr", "srcport": "srcPort", "dstport": "dstPort",
    "flow-direction": "flowDirection", "instance-id": "instanceId", "interface-id": "interfaceId",
    "account-id": "accountId", "log-status": "logStatus", "vpc-id": "vpcId",
    "subnet-id": "subnetId", "tcp-flags": "tcpFlags",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _vpc(name: str) -> tuple[str, ...]:
    """Know the fields of flow logs as text has them, as JSON has them, and with underscores."""
    return tuple(dict.fromkeys((name, _VPC.get(name, name), name.replace("-", "_"))))


SECURITY: tuple[Signature, ...] = (
    Signature(
        "crowdstrike.fdr",
        ("event_simpleName",),
        named("ContextTimeStamp timestamp event.ContextTimeStamp @timestamp", "id", _falcon),
    ),
    Signature(
        "crowdstrike.event_stream",
        ("metadata", "event"),
        named("metadata.eventCreationTime", "metadata.customerIDString metadata.offset"),
        inside=("metadata", "eventCreationTime eventType"),
    ),
    Signature(
        "crowdstrike.alert",
        ("composite_id detection_id", "severity severity_name", "created_timestamp timestamp"),
        named("timestamp created_timestamp", "composite_id"),
    ),
    Signature(
        "sentinelone.threat",
        ("threatInfo",),
        named("threatInfo.identifiedAt threatInfo.createdAt", "id"),
    ),
    Signature(
        "sentinelone.activity",
        ("activityType", "primaryDescription"),
        named("createdAt", "id"),
    ),
    Signature(
        "sentinelone.deep_visibility",
        ("event.type", "event.time", "src.process.name agent.uuid endpoint.name"),
        named("event.time", "event.id"),
    ),
    Signature(
        "aws.guardduty",
        ("service Service", "resource Resource", "arn Arn", "schemaVersion SchemaVersion"),
        named("updatedAt UpdatedAt createdAt CreatedAt", "id"),
    ),
    Signature(
        "aws.guardduty",
        ("detail-type", "detail", "source"),
        named("updatedAt time", "id", _detailed),
        inside=("detail", "schemaVersion detectorId"),
    ),
    Signature(
        "aws.security_hub",
        ("ProductArn", "GeneratorId", "AwsAccountId"),
        named("UpdatedAt CreatedAt LastObservedAt", "Id"),
    ),
    Signature(
        "aws.config",
        ("configurationItemCaptureTime", "resourceType", "configurationItemStatus"),
        named("configurationItemCaptureTime", "configurationStateId resourceId"),
    ),
    Signature(
        "aws.route53_resolver",
        ("query_name", "query_type", "srcaddr vpc_id srcids"),
        named("query_timestamp", ""),
    ),
    Signature(
        "aws.s3_access",
        ("bucket", "bucketowner requester remoteip requesturi", "operation requestid"),
        named("time", "requestid"),
    ),
    Signature(
        "aws.vpcflow",
        ("srcAddr srcaddr", "dstAddr dstaddr", "dstPort dstport action packets"),
        named("start Start", "", _vpc),
    ),
    Signature(
        "umbrella.dns",
        ("internalIp InternalIp", "externalIp ExternalIp", "responseCode ResponseCode"),
        named("timestamp Timestamp", ""),
    ),
    Signature(
        "netskope.audit",
        ("audit_log_event",),
        named("timestamp", "_id"),
    ),
    Signature(
        "netskope.alert",
        ("alert_type", "alert_name", "_id _insertion_epoch_timestamp"),
        named("timestamp", "_id"),
    ),
    Signature(
        "proofpoint.click",
        ("clickTime", "threatURL url", "clickIP"),
        named("clickTime", "GUID"),
    ),
    Signature(
        "proofpoint.message",
        ("messageTime", "phishScore spamScore", "sender recipient"),
        named("messageTime", "GUID"),
    ),
    Signature(
        "zscaler.audit",
        ("auditlogtype", "adminid", "recordid action"),
        named("time", "recordid"),
    ),
    Signature(
        "push_security.event",
        ("object", "new old", "version", "timestamp id"),
        named("timestamp", ""),
        inside=("new", "employee employeeId email appType action mode id"),
    ),
    Signature(
        "sublime.audit",
        ("created_by", "data", "created_at", "type"),
        named("created_at", "id"),
        inside=("data", "request"),
    ),
    Signature(
        "sublime.message",
        ("data", "created_at", "type"),
        named("created_at", "id"),
        inside=("data", "flagged_rules triggered_actions"),
    ),
    Signature(
        "splunk.stream_http",
        ("http_method", "src_ip", "dest_ip", "flow_id endtime"),
        named("timestamp endtime", ""),
    ),
    Signature(
        "opencanary",
        ("logtype", "dst_host", "src_host"),
        named("utc_time local_time local_time_adjusted", ""),
    ),
    Signature(
        "ocsf",
        ("class_uid class_name", "metadata", "category_uid type_uid severity_id"),
        named("time", "metadata.uid"),
    ),
    Signature(
        "ocsf",
        ("src_endpoint", "dst_endpoint"),
        named("time", "metadata.uid"),
    ),
)  # fmt: skip
