from __future__ import annotations

from time import process_time

import pytest

from trailhound.readers.auditd_fields import event_fields

CALL = "arch=c000003e syscall={} a0=1 a1=2 a2=3 a3=4 auid=1000 uid=0"


def of(*records):
    return event_fields([tuple(record.split(" ", 1)) for record in records])


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('comm="a b"', "comm", "a b"),
        ("comm=612062", "comm", "a b"),
        ("exe=2F746D702FC3A9", "exe", "/tmp/\xe9"),
        ("name=FF", "name", "\ufffd"),
        ("comm=abc", "comm", "abc"),
        ('comm="6162"', "comm", "6162"),
        ("pid=6162", "pid", "6162"),
        ('key="a"', "key", "a"),
        ("key=610162", "key", ["a", "b"]),
        ("key=(null)", "key", None),
        ("addr=?", "addr", None),
        ("msg='op=adding user id=7 res=success'", "op", "adding user"),
        ("msg='op=PAM:setcred acct=\"x\" res=success'", "op", "PAM:setcred"),
        ('res=success\'\x1dUID="root"', "res", "success"),
        ('res=success\'\x1dUID="root"', "UID", "root"),
        ('ID="unknown(7)"', "ID", None),
        ("a[b=c", "a", None),
    ],
)
def test_values(text, name, value):
    assert of(f"OTHER {text}").get(name) == value


def test_arguments_of_a_program_stand_before_the_pointers_of_the_call():
    found = of(f"SYSCALL {CALL.format(59)}", 'EXECVE argc=2 a0="cat" a1=2D62')
    assert (found["a0"], found["a1"], found.get("a2")) == ("cat", "-b", None)
    assert found["@command"] == "cat -b"


def test_pieces_of_a_long_argument_are_joined():
    quoted = of('EXECVE argc=2 a0="x" a1_len=4 a1[0]="ab" a1[1]="cd"')
    coded = of("EXECVE argc=2 a0=78 a1_len=8 a1[0]=6120 a1[1]=6263")
    assert (quoted["a1"], coded["a1"]) == ("abcd", "a bc")


def test_a_title_says_the_command_where_the_arguments_are_missing():
    found = of(f"SYSCALL {CALL.format(59)}", "PROCTITLE proctitle=6361740061")
    assert found["@command"] == "cat a"


@pytest.mark.parametrize(
    ("arch", "number", "name"),
    [("c000003e", 59, "execve"), ("c00000b7", 221, "execve"), ("40000003", 11, "execve"),
     ("c00000b7", 56, "openat"), ("c000003e", 450, "set_mempolicy_home_node"),
     ("c00000b7", 203, "connect"), ("c000003e", 335, None), ("28", 11, None)],
)  # fmt: skip
def test_calls_have_names_where_the_machine_is_known(arch, number, name):
    found = of(f"SYSCALL arch={arch} syscall={number}")
    assert found.get("SYSCALL") == name
    assert found["syscall"] == ([str(number), name] if name else str(number))


def test_a_name_that_auditd_wrote_is_kept():
    assert of("SYSCALL arch=28 syscall=11\x1dARCH=arm SYSCALL=execve")["SYSCALL"] == "execve"


@pytest.mark.parametrize(
    ("saddr", "family", "address", "port"),
    [
        ("020001BBC6336407" + "0" * 16, "inet", "198.51.100.7", "443"),
        (
            "0A0001BB00000000" + "20010DB8" + "0" * 22 + "07" + "0" * 8,
            "inet6",
            "2001:db8::7",
            "443",
        ),
        ("0200", None, None, None),
        ("zz", None, None, None),
        ("0", None, None, None),
    ],
)
def test_addresses(saddr, family, address, port):
    found = of(f"SOCKADDR saddr={saddr}")
    assert (found.get("saddr_fam"), found.get("laddr"), found.get("lport")) == (
        family, address, port,
    )  # fmt: skip


@pytest.mark.parametrize(("call", "initiated"), [(42, "true"), (43, "false")])
def test_who_began_a_connection(call, initiated):
    found = of(f"SYSCALL {CALL.format(call)}", "SOCKADDR saddr=020001BBC633640700")
    assert (found["@class"], found["@initiated"]) == ("network", initiated)


@pytest.mark.parametrize(
    ("kinds", "call", "activity"),
    [
        (("PARENT", "CREATE"), 257, "Create"),
        (("PARENT", "DELETE"), 263, "Delete"),
        (("DELETE", "CREATE"), 316, "Rename"),
        (("NORMAL",), 268, "Set Attributes"),
        (("NORMAL",), 76, "Update"),
        (("NORMAL",), 257, "Open"),
    ],
)
def test_what_was_done_to_a_file(kinds, call, activity):
    paths = [f'PATH name="{kind}" nametype={kind}' for kind in kinds]
    found = of(f"SYSCALL {CALL.format(call)}", 'CWD cwd="/tmp"', *paths)
    made = "CREATE" in kinds
    assert (found["@class"], found["@file_activity"]) == ("created" if made else "file", activity)
    assert found["@file"] == f"/tmp/{kinds[-1]}"
    assert found["nametype"] == (list(kinds) if len(kinds) > 1 else kinds[0])


def test_names_correspond_to_what_was_done():
    found = of('PATH name="/a" nametype=PARENT', 'PATH name="/a" nametype=PARENT', "PATH name=62")
    assert (found["name"], found["nametype"]) == (["/a", "/a", "b"], ["PARENT", "PARENT"])


@pytest.mark.parametrize(
    ("text", "actor", "number"),
    [
        ('auid=1000 uid=0\x1dAUID="alice" UID="root"', "alice", "1000"),
        ('auid=4294967295 uid=33\x1dAUID="unset" UID="www-data"', "www-data", "33"),
        ("auid=4294967295 uid=0", "root", "0"),
        ("auid=1000 uid=0", None, "1000"),
    ],
)
def test_who_acted(text, actor, number):
    found = of(f"SYSCALL {text}")
    assert (found["@actor"], found["@actor_uid"]) == (actor, number)


def test_hostile_text_costs_little():
    started = process_time()
    for text in (
        "a" * 400_000,
        "a=" * 200_000,
        '"' * 400_000,
        "op=" + "a " * 200_000,
        "a[" * 200_000,
    ):
        of(f"EXECVE {text}", f"OTHER {text}", f"SOCKADDR saddr={text}")
    assert process_time() - started < 2
