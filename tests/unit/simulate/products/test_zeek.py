from __future__ import annotations

from trailhound.simulate.clock import SECOND
from trailhound.simulate.products.zeek import COLUMNS, Flow, Request


def test_headers_name_and_type_every_column(small):
    for log in COLUMNS:
        for path in small.files(f"zeek/*/{log}.*"):
            lines = small.read(path).splitlines()
            assert lines[0] == "#separator \\x09"
            assert lines[4] == f"#path\t{log}"
            width = len(lines[6].split("\t"))
            assert lines[6].startswith("#fields\tts")
            assert lines[7].startswith("#types\ttime")
            assert len(lines[7].split("\t")) == width
            assert lines[-1].startswith("#close\t2026-11-0")
            assert all(line.count("\t") == width - 2 for line in lines[8:-1])


def test_a_connection_and_what_it_carried_share_their_uid(world, at, finished):
    flow = Flow("10.0.0.1", "198.51.100.9", 443, SECOND, 500, 9000)
    world.zeek.tls(at, flow, "site.example")
    written = finished()
    (conn,), (ssl,) = written.zeek("conn"), written.zeek("ssl")
    assert conn["uid"] == ssl["uid"]
    assert conn["id.orig_p"] == ssl["id.orig_p"]
    assert (conn["service"], conn["orig_bytes"], conn["local_orig"]) == ("ssl", "500", "T")
    assert ssl["server_name"] == "site.example"


def test_a_request_brings_a_file(world, at, finished):
    flow = Flow("10.0.0.1", "198.51.100.9", 80, SECOND, 300, 9000)
    world.zeek.request(at, flow, Request("site.example", "/a.ps1", "-", "text/plain", "a.ps1"))
    written = finished()
    (http,), (file,) = written.zeek("http"), written.zeek("files")
    assert http["resp_fuids"] == file["fuid"]
    assert file["conn_uids"] == http["uid"]
    assert file["total_bytes"] == http["response_body_len"] == "9000"


def test_a_name_that_does_not_exist(world, at, finished):
    world.zeek.lookup(at, "10.0.0.1", "10.0.0.10", "wpad.example", ())
    (dns,) = finished().zeek("dns")
    assert (dns["rcode_name"], dns["answers"]) == ("NXDOMAIN", "-")


def test_a_connection_that_nobody_answered_has_no_sizes(world, at, finished):
    world.zeek.flow(at, Flow("203.0.113.9", "192.0.2.80", 23, 60, state="S0", history="S"))
    (conn,) = finished().zeek("conn")
    assert (conn["duration"], conn["orig_bytes"], conn["orig_pkts"]) == ("-", "-", "1")


def test_time_stamps_are_when_the_connection_began(world, at, finished):
    world.zeek.flow(at, Flow("10.0.0.1", "10.0.0.2", 22, 9 * SECOND))
    (conn,) = finished().zeek("conn")
    assert conn["ts"] == f"{at // SECOND}.000000"
    assert conn["duration"] == "9.000000"
