from __future__ import annotations

from trailhound.readers.syslog_fields import late_fields


def made(kind, program, message):
    late = late_fields(kind, program, {"message": [message]})
    columns = next(iter(late.values()))()
    assert set(columns) == set(late)
    return {name: column[0] for name, column in columns.items() if column[0] is not None}


def test_the_kind_and_the_program_choose_what_reads_the_message():
    assert made("linux.syslog", "sshd", "Invalid user x from 192.0.2.1")["event"] == "invalid_user"
    assert made("linux.syslog", "sudo", "a : USER=root ; COMMAND=/bin/id")["runas"] == "root"
    assert made("postfix", "qmgr", "32B9922A592: removed")["queue_id"] == "32B9922A592"
    assert (
        made("dovecot", "dovecot", "imap-login: Login: user=<a>, rip=192.0.2.1")["rip"]
        == "192.0.2.1"
    )
    assert made("linux.syslog", "kernel", "Invalid user x from 192.0.2.1") == {}
