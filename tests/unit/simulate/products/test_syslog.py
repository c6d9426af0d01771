from __future__ import annotations

import re

from trailhound.simulate.clock import SECOND
from trailhound.simulate.company import DATABASE, WEB

CLASSIC = re.compile(r"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w/.-]+(\[\d+\])?: .+$")
MODERN = re.compile(r"^<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 \S+ \S+ \S+ - - .+$")


def test_lines_follow_rfc_3164_and_one_host_rfc_5424(world, at, finished):
    world.syslog.say(at, WEB, "sshd", "hello", pid=7)
    world.syslog.say(at, DATABASE, "sshd", "hello")
    written = finished()
    assert written.lines("linux/web1/var/log/auth.log*") == ["Nov  2 09:00:00 web1 sshd[7]: hello"]
    (line,) = written.lines("linux/db1/var/log/auth.log*")
    assert line == "<86>1 2026-11-02T09:00:00.000000+00:00 db1 sshd - - - hello"


def test_every_line_of_a_simulation_has_the_form(small):
    for host in ("web1", "jump1", "mx1", "intra1"):
        assert all(map(CLASSIC.match, small.lines(f"linux/{host}/var/log/*.log*")))
    assert all(map(MODERN.match, small.lines("linux/db1/var/log/auth.log*")))


def test_logs_are_rotated(small):
    names = [path.name for path in small.files("linux/jump1/var/log/auth.log*")]
    assert names == ["auth.log", "auth.log.1", "auth.log.2.gz"]


def test_programs_say_what_they_say(world, at, finished):
    syslog = world.syslog
    syslog.session(at, WEB, "ann", "10.0.0.1", pid=50)
    syslog.goodbye(at + SECOND, WEB, "ann", "10.0.0.1", pid=50)
    syslog.wrong_password(at + 5 * SECOND, WEB, "pi", "203.0.113.9", pid=51, known=False)
    syslog.sudo(at + 6 * SECOND, WEB, "ann", "/bin/ls")
    syslog.cron(at + 7 * SECOND, WEB, "root", "true")
    written = finished()
    text = written.text("linux/web1/var/log/auth.log*")
    assert "Accepted publickey for ann from 10.0.0.1 port" in text
    assert "Invalid user pi from 203.0.113.9" in text
    assert "Failed password for invalid user pi from 203.0.113.9" in text
    assert "TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/ls" in text
    assert "(root) CMD (true)" in written.text("linux/web1/var/log/syslog*")
