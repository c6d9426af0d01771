from __future__ import annotations

from time import process_time

import pytest

from trailhound.readers.syslog_programs import parser_of


def fields(program, message):
    return parser_of(program)(message)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            "Accepted password for alice from 192.0.2.1 port 22 ssh2",
            {
                "event": "accepted",
                "user": "alice",
                "src_ip": "192.0.2.1",
                "src_port": 22,
                "auth_method": "password",
            },
        ),
        (
            "Accepted publickey for a b from 2001:db8::1 port 22 ssh2: RSA SHA256:x",
            {"event": "accepted", "user": "a b", "src_ip": "2001:db8::1", "key": "RSA SHA256:x"},
        ),
        (
            "Failed none for invalid user  from 192.0.2.1 port 1 ssh2",
            {"event": "failed", "reason": "invalid user", "src_ip": "192.0.2.1"},
        ),
        ("Invalid user oracle from 192.0.2.1", {"event": "invalid_user", "user": "oracle"}),
        ("Invalid user  from 192.0.2.1 port 5", {"event": "invalid_user", "src_port": 5}),
        (
            "Connection closed by authenticating user root 192.0.2.1 port 4022 [preauth]",
            {"event": "closed", "user": "root", "src_ip": "192.0.2.1", "src_port": 4022},
        ),
        ("Connection closed by 192.0.2.1 [preauth]", {"event": "closed", "src_ip": "192.0.2.1"}),
        (
            "Disconnected from user alice 192.0.2.1 port 22",
            {"event": "disconnected", "user": "alice"},
        ),
        (
            "Received disconnect from 192.0.2.1 port 22:11: Bye Bye [preauth]",
            {"event": "disconnected", "src_ip": "192.0.2.1", "src_port": 22, "reason": "Bye Bye"},
        ),
        (
            "Received disconnect from 2001:db8::1: 11: Bye",
            {"src_ip": "2001:db8::1", "reason": "Bye"},
        ),
        (
            (
                "error: maximum authentication attempts exceeded for root from "
                "192.0.2.1 port 22 ssh2 [preauth]"
            ),
            {"event": "too_many", "user": "root", "src_ip": "192.0.2.1"},
        ),
        (
            "reverse mapping checking getaddrinfo for host.example [192.0.2.1] failed - POSSIBLE",
            {"event": "reverse_mapping", "src_host": "host.example", "src_ip": "192.0.2.1"},
        ),
        (
            "User bob from 192.0.2.1 not allowed because not listed in AllowUsers",
            {"event": "not_allowed", "user": "bob", "reason": "not listed in AllowUsers"},
        ),
        (
            "Did not receive identification string from 192.0.2.1 port 9",
            {"event": "no_identification", "src_port": 9},
        ),
        (
            (
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 "
                "tty=ssh ruser= rhost=192.0.2.1  user=root"
            ),
            {
                "event": "pam_failure",
                "service": "sshd",
                "src_ip": "192.0.2.1",
                "target": "root",
                "tty": "ssh",
            },
        ),
        (
            "pam_unix(sshd:session): session closed for user root",
            {"event": "session_closed", "target": "root"},
        ),
    ],
)
def test_sshd(message, wanted):
    assert fields("sshd", message).items() >= wanted.items()


@pytest.mark.parametrize(
    "name",
    ["x from 10.0.0.1 port 22 ssh2", "root from 10.0.0.1 port 1 ssh2: RSA", "a from b from c"],
)
def test_a_name_that_looks_like_a_log_line_does_not_change_the_address(name):
    found = fields("sshd", f"Failed password for invalid user {name} from 203.0.113.5 port 7 ssh2")
    assert (found["user"], found["src_ip"], found["src_port"]) == (name, "203.0.113.5", 7)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            "alice : TTY=pts/0 ; PWD=/home/a ; USER=root ; COMMAND=/bin/sh -c 'a ; b'",
            {
                "event": "command",
                "user": "alice",
                "runas": "root",
                "tty": "pts/0",
                "pwd": "/home/a",
                "command": "/bin/sh -c 'a ; b'",
                "image": "/bin/sh",
            },
        ),
        (
            "alice : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id",
            {"event": "denied", "reason": "user NOT in sudoers", "command": "/bin/id"},
        ),
        ("alice : command not allowed ; TTY=x ; USER=root ; COMMAND=/bin/id", {"event": "denied"}),
        (
            "alice : 3 incorrect password attempts ; TTY=x ; USER=root ; COMMAND=/bin/id",
            {"event": "failed", "user": "alice", "runas": "root"},
        ),
        (
            "alice : TTY=x ; USER=root ; GROUP=adm ; COMMAND=/bin/echo password ; USER=nobody",
            {"event": "command", "runas": "root", "group": "adm"},
        ),
        (
            "pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)",
            {"event": "session_opened", "target": "root", "user": "alice", "service": "sudo"},
        ),
    ],
)
def test_sudo(message, wanted):
    assert fields("sudo", message).items() >= wanted.items()


@pytest.mark.parametrize(
    ("program", "message", "wanted"),
    [
        (
            "su",
            "Successful su for root by alice",
            {"event": "accepted", "user": "alice", "target": "root"},
        ),
        ("su", "FAILED su for root by alice", {"event": "failed", "target": "root"}),
        ("su", "+ /dev/pts/0 alice:root", {"event": "accepted", "user": "alice", "target": "root"}),
        ("su", "- /dev/pts/0 alice:root", {"event": "failed", "tty": "/dev/pts/0"}),
        (
            "cron",
            "(root) CMD (cd / && x (y))",
            {"event": "command", "user": "root", "command": "cd / && x (y)", "image": "cd"},
        ),
        ("cron", "(root) RELOAD (crontabs/root)", {"event": "crontab_changed", "reason": "RELOAD"}),
        ("crontab", "(bob) LIST (bob)", {"event": "crontab", "user": "bob"}),
        (
            "useradd",
            "new user: name=bob, UID=1001, GID=1001, home=/home/bob, shell=/bin/bash, from=none",
            {
                "event": "user_created",
                "target": "bob",
                "uid": "1001",
                "home": "/home/bob",
                "shell": "/bin/bash",
            },
        ),
        (
            "useradd",
            "failed adding user 'bob', exit code: 9",
            {"event": "user_create_failed", "reason": "exit code: 9"},
        ),
        (
            "usermod",
            "change user 'bob' UID from '1001' to '0'",
            {"event": "user_changed", "reason": "UID from '1001' to '0'"},
        ),
        ("userdel", "delete user 'bob'", {"event": "user_deleted", "target": "bob"}),
        (
            "gpasswd",
            "user bob added by root to group sudo",
            {"event": "group_member_added", "user": "root", "group": "sudo"},
        ),
        ("groupadd", "new group: name=ops, GID=1002", {"event": "group_created", "group": "ops"}),
        (
            "passwd",
            "pam_unix(passwd:chauthtok): password changed for bob",
            {"event": "password_changed", "target": "bob"},
        ),
        (
            "systemd-logind",
            "New session c2 of user a.meyer.",
            {"event": "session_opened", "session": "c2", "user": "a.meyer"},
        ),
        (
            "polkitd",
            (
                "Operator of unix-session:2 FAILED to authenticate to gain "
                "authorization for action org.x [a]"
            ),
            {"event": "failed", "reason": "org.x"},
        ),
        (
            "pkexec",
            (
                "alice: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/a] "
                "[COMMAND=/bin/bash]"
            ),
            {
                "event": "command",
                "user": "alice",
                "runas": "root",
                "command": "/bin/bash",
                "pwd": "/home/a",
            },
        ),
        (
            "login",
            "FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure",
            {"event": "failed", "user": "root", "reason": "Authentication failure"},
        ),
        (
            "vsftpd",
            (
                "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 "
                "rhost=192.0.2.1 user=bob"
            ),
            {"event": "pam_failure", "src_ip": "192.0.2.1", "target": "bob"},
        ),
    ],
)
def test_others(program, message, wanted):
    assert fields(program, message).items() >= wanted.items()


@pytest.mark.parametrize("program", ["sshd", "sudo", "su", "cron", "useradd", "kernel"])
@pytest.mark.parametrize(
    "message", ["", "hello", "(", "Failed ", "alice : ", "session ", "pam_unix(x"]
)
def test_what_says_nothing_gives_nothing(program, message):
    assert fields(program, message) == {}


@pytest.mark.parametrize("program", ["sshd", "sudo", "su", "cron", "useradd", "polkitd", "kernel"])
@pytest.mark.parametrize(
    "start",
    [
        "",
        "Failed password for ",
        "Connection closed by invalid user ",
        "(root) CMD (",
        "a : ",
        "new user: name=",
        "pam_unix(x:auth): authentication failure; ",
    ],
)
@pytest.mark.parametrize("unit", ["a", "0", " from ", "=", "(", " ; ", "' to group '"])
def test_long_messages_cost_little(program, start, unit):
    started = process_time()
    fields(program, start + unit * (100_000 // len(unit)))
    assert process_time() - started < 0.5


def test_a_megabyte_in_the_place_of_a_service_costs_nothing():
    message = f"pam_unix({'x' * 1_000_000}: session closed for user root"
    start = process_time()
    parser_of("sshd")(message)
    assert process_time() - start < 2
