"""The order of fields in PAN-OS syslog records, by log type.

Names are those of the vendor's syslog field descriptions (PAN-OS 11.1; older versions have the same
order and end sooner). An empty name is a field kept for future use.
"""

from __future__ import annotations

_HEAD = " receive_time serial type subtype - time_generated"
_GROUPS = "dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name"
_SESSION = (
    "src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset - "
    "sessionid repeatcnt sport dport natsport natdport flags proto action"
)
_DEVICES = " ".join(
    f"{side}_{what}"
    for side in ("src", "dst")
    for what in ("category", "profile", "model", "vendor", "osfamily", "osversion", "host", "mac")
)
_PLACE = f"{_DEVICES} container_id pod_namespace pod_name src_edl dst_edl hostid serialnumber"
_APPLICATION = (
    "subcategory_of_app category_of_app technology_of_app risk_of_app characteristic_of_app "
    "container_of_app tunneled_app is_saas_of_app sanctioned_state_of_app"
)


def _names(text: str) -> tuple[str, ...]:
    return ("", *("" if name == "-" else name for name in text.split()))


FIELDS: dict[str, tuple[str, ...]] = {
    "TRAFFIC": _names(
        f"{_HEAD} {_SESSION} bytes bytes_sent bytes_received packets start elapsed category - "
        f"seqno actionflags srcloc dstloc - pkts_sent pkts_received session_end_reason {_GROUPS} "
        "action_source src_uuid dst_uuid tunnelid monitortag parent_session_id parent_start_time "
        "tunnel assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection "
        "link_change_count policy_id link_switches sdwan_cluster sdwan_device_type "
        f"sdwan_cluster_type sdwan_site dynusergroup_name xff_ip {_PLACE} src_dag dst_dag "
        f"session_owner high_res_timestamp nssai_sst nssai_sd {_APPLICATION} offloaded flow_type "
        "cluster_name"
    ),
    "THREAT": _names(
        f"{_HEAD} {_SESSION} misc threatid category severity direction seqno actionflags srcloc "
        "dstloc - contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer "
        f"sender subject recipient reportid {_GROUPS} - src_uuid dst_uuid http_method tunnelid "
        "monitortag parent_session_id parent_start_time tunnel thr_category contentver - assoc_id "
        "ppid http_headers url_category_list rule_uuid http2_connection dynusergroup_name xff_ip "
        f"{_PLACE} domain_edl src_dag dst_dag partial_hash high_res_timestamp reason justification "
        f"nssai_sst {_APPLICATION} cloud_reportid cluster_name flow_type"
    ),
    "SYSTEM": _names(
        f"{_HEAD} vsys eventid object - - module severity opaque seqno actionflags {_GROUPS} - - "
        "high_res_timestamp"
    ),
    "CONFIG": _names(
        f"{_HEAD} host vsys cmd admin client result path seqno actionflags {_GROUPS} dg_id comment "
        "- high_res_timestamp"
    ),
    "GLOBALPROTECT": _names(
        f"{_HEAD} vsys eventid stage auth_method tunnel_type srcuser srcregion machinename "
        "public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os "
        "client_os_ver repeatcnt reason error opaque status location login_duration "
        "connect_method error_code portal seqno actionflags high_res_timestamp selection_type "
        f"response_time priority attempted_gateways gateway {_GROUPS} vsys_id"
    ),
    "AUTHENTICATION": _names(
        f"{_HEAD} vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset "
        f"serverprofile desc clienttype event factorno seqno actionflags {_GROUPS} vsys_id "
        "authproto rule_uuid high_res_timestamp"
    ),
    "USERID": _names(
        f"{_HEAD} vsys ip user datasourcename eventid repeatcnt timeout beginport endport "
        f"datasource datasourcetype seqno actionflags {_GROUPS} vsys_id factortype "
        "factorcompletiontime factorno ugflags userbysource tag_name high_res_timestamp"
    ),
    "HIP-MATCH": _names(
        f"{_HEAD} srcuser vsys machinename os src matchname repeatcnt matchtype - - seqno "
        f"actionflags {_GROUPS} vsys_id srcipv6 hostid serialnumber mac high_res_timestamp"
    ),
}
CONFIG_WITH_CHANGES = _names(
    f"{_HEAD} host vsys cmd admin client result path before_change_detail after_change_detail "
    f"seqno actionflags {_GROUPS} dg_id comment - high_res_timestamp"
)
"""Configuration records of a profile that sends what was there before and after."""
ANY = _names(_HEAD)
"""What every type begins with."""
