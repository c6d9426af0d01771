"""What sshd, sudo, su, PAM, cron, the account tools, logind and polkit write.

Users may name themselves like a log line ("x from 192.0.2.1 port 22"): patterns take the last
address, which the daemon wrote, never the first.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    "event", "user", "target", "src_ip", "src_port", "src_host", "auth_method", "key", "runas",
    "tty", "pwd", "command", "image", "reason", "service", "uid", "group", "session", "home",
    "shell",
)  # fmt: skip


class Pattern(NamedTuple):
    """A message: how it begins, what happened, where its fields stand."""

    start: str
    event: str
    fields: re.Pattern[str]


ADDRESS = r"(?P<src_ip>[0-9A-Fa-f]{0,4}[.:][0-9A-Fa-f:.]+)"
PEER = ADDRESS + r"(?: port (?P<src_port>\d+))?"

SSHD = (
    Pattern("Accepted ", "accepted", re.compile(
        r"Accepted (?P<auth_method>\S+) for (?P<user>.*) from (?P<src_ip>\S+) "
        r"port (?P<src_port>\d+)(?: ssh2?)?(?:: (?P<key>.*))?")),
    Pattern("Failed ", "failed", re.compile(
        r"Failed (?P<auth_method>\S+) for (?:(?P<reason>invalid user) |illegal user )?(?P<user>.*) "
        r"from (?P<src_ip>\S+) port (?P<src_port>\d+)")),
    Pattern("Invalid user ", "invalid_user", re.compile(
        r"Invalid user (?P<user>.*) from (?P<src_ip>\S+)(?: port (?P<src_port>\d+))?")),
    Pattern("Illegal user ", "invalid_user", re.compile(
        r"Illegal user (?P<user>.*) from (?P<src_ip>\S+)")),
    Pattern("input_userauth_request: ", "invalid_user_request", re.compile(
        r"input_userauth_request: invalid user (?P<user>.*?)(?: \[preauth\])?\Z")),
    Pattern("Connection from ", "connection", re.compile(
        r"Connection from (?P<src_ip>\S+) port (?P<src_port>\d+)")),
    Pattern("Connection closed by ", "closed", re.compile(
        r"Connection closed by (?:(?P<reason>authenticating|invalid) user (?P<user>.*) )?"
        rf"{PEER}(?: \[preauth\])?\Z")),
    Pattern("Connection reset by ", "closed", re.compile(
        r"Connection reset by (?:(?P<reason>authenticating|invalid) user (?P<user>.*) )?"
        rf"{PEER}(?: \[preauth\])?\Z")),
    Pattern("Disconnected from ", "disconnected", re.compile(
        r"Disconnected from (?:(?:(?P<reason>authenticating|invalid) )?user (?P<user>.*) )?"
        rf"{PEER}(?: \[preauth\])?\Z")),
    Pattern("Received disconnect from ", "disconnected", re.compile(
        rf"Received disconnect from {PEER}:"
        r"\s?\d+: ?(?P<reason>.*?)(?: \[preauth\])?\Z")),
    Pattern("error: Received disconnect from ", "disconnected", re.compile(
        rf"error: Received disconnect from {PEER}:"
        r"\s?\d+: ?(?P<reason>.*?)(?: \[preauth\])?\Z")),
    Pattern("error: maximum authentication attempts ", "too_many", re.compile(
        r"error: maximum authentication attempts exceeded for (?:invalid user )?(?P<user>.*) "
        r"from (?P<src_ip>\S+) port (?P<src_port>\d+)")),
    Pattern("Disconnecting", "too_many", re.compile(
        r"Disconnecting(?: (?:authenticating|invalid) user (?P<user>\S+) (?P<src_ip>\S+) "
        r"port (?P<src_port>\d+))?: (?P<reason>Too many .*?)(?: \[preauth\])?\Z")),
    Pattern("reverse mapping checking ", "reverse_mapping", re.compile(
        r"reverse mapping checking getaddrinfo for (?P<src_host>.*) \[(?P<src_ip>[^\]\s]+)\]")),
    Pattern("Did not receive identification ", "no_identification", re.compile(
        rf"Did not receive identification string from {ADDRESS}"
        r"(?: port (?P<src_port>\d+))?")),
    Pattern("Bad protocol version ", "bad_protocol", re.compile(
        r"Bad protocol version identification '(?P<reason>.*)' from (?P<src_ip>\S+)"
        r"(?: port (?P<src_port>\d+))?")),
    Pattern("User ", "not_allowed", re.compile(
        r"User (?P<user>.*) from (?P<src_ip>\S+) not allowed because (?P<reason>.*)")),
    Pattern("ROOT LOGIN REFUSED", "not_allowed", re.compile(
        r"(?P<reason>ROOT LOGIN REFUSED) FROM (?P<src_ip>\S+)(?: port (?P<src_port>\d+))?")),
    Pattern("Starting session: ", "session_started", re.compile(
        r"Starting session: (?P<command>.*) for (?P<user>\S+) from (?P<src_ip>\S+) "
        r"port (?P<src_port>\d+)")),
    Pattern("subsystem request for ", "subsystem", re.compile(
        r"subsystem request for (?P<service>\S+) by user (?P<user>\S+)")),
)  # fmt: skip

SU = (
    Pattern("Successful su for ", "accepted", re.compile(
        r"Successful su for (?P<target>\S+) by (?P<user>\S+)")),
    Pattern("FAILED su for ", "failed", re.compile(
        r"FAILED su for (?P<target>\S+) by (?P<user>\S+)")),
    Pattern("(to ", "accepted", re.compile(
        r"\(to (?P<target>[^)\s]+)\) (?P<user>\S+) on (?P<tty>\S+)")),
    Pattern("FAILED SU ", "failed", re.compile(
        r"FAILED SU \(to (?P<target>[^)\s]+)\) (?P<user>\S+) on (?P<tty>\S+)")),
    Pattern("+ ", "accepted", re.compile(r"\+ (?P<tty>\S+) (?P<user>[^\s:]+):(?P<target>\S+)")),
    Pattern("- ", "failed", re.compile(r"- (?P<tty>\S+) (?P<user>[^\s:]+):(?P<target>\S+)")),
)  # fmt: skip

CRON = (
    Pattern("(", "command", re.compile(r"\((?P<user>[^)\s]+)\) CMD \((?P<command>.*)\)\Z")),
    Pattern("(", "crontab_changed", re.compile(
        r"\((?P<user>[^)\s]+)\) (?P<reason>REPLACE|DELETE|RELOAD|END EDIT) \((?P<target>.*)\)")),
    Pattern("(", "crontab", re.compile(
        r"\((?P<user>[^)\s]+)\) (?P<reason>LIST|BEGIN EDIT) \((?P<target>.*)\)")),
    Pattern("(", "note", re.compile(r"\((?P<user>[^)\s]+)\) (?P<reason>[A-Za-z].*)")),
)  # fmt: skip

ACCOUNTS = (
    Pattern("new user: ", "user_created", re.compile(
        r"new user: name=(?P<target>[^,]+), UID=(?P<uid>\d+)(?:, GID=\d+)?"
        r"(?:, home=(?P<home>[^,]*))?(?:, shell=(?P<shell>[^,]*))?(?:, from=(?P<tty>\S+))?")),
    Pattern("new group: ", "group_created", re.compile(r"new group: name=(?P<group>[^,]+)")),
    Pattern("group added to ", "group_created", re.compile(
        r"group added to .*: name=(?P<group>[^,]+)")),
    Pattern("failed adding user ", "user_create_failed", re.compile(
        r"failed adding user '(?P<target>[^']+)',? ?(?P<reason>.*)")),
    Pattern("add '", "group_member_added", re.compile(
        r"add '(?P<target>[^']+)' to (?P<reason>shadow )?group '(?P<group>[^']+)'")),
    Pattern("delete user '", "user_deleted", re.compile(r"delete user '(?P<target>[^']+)'")),
    Pattern("delete '", "group_member_removed", re.compile(
        r"delete '(?P<target>[^']+)' from (?P<reason>shadow )?group '(?P<group>[^']+)'")),
    Pattern("removed group '", "group_deleted", re.compile(r"removed group '(?P<group>[^']+)'")),
    Pattern("group '", "group_deleted", re.compile(r"group '(?P<group>[^']+)' removed")),
    Pattern("change user '", "user_changed", re.compile(
        r"change user '(?P<target>[^']+)' (?P<reason>.*)")),
    Pattern("change user name '", "user_renamed", re.compile(
        r"change user name '(?P<target>[^']+)' to (?P<reason>.*)")),
    Pattern("lock user '", "user_locked", re.compile(r"lock user '(?P<target>[^']+)'")),
    Pattern("unlock user '", "user_unlocked", re.compile(r"unlock user '(?P<target>[^']+)'")),
    Pattern("user ", "group_member_added", re.compile(
        r"user (?P<target>\S+) added by (?P<user>\S+) to group (?P<group>\S+)")),
    Pattern("user ", "group_member_removed", re.compile(
        r"user (?P<target>\S+) removed by (?P<user>\S+) from group (?P<group>\S+)")),
    Pattern("password for '", "password_changed", re.compile(
        r"password for '(?P<target>[^']+)' changed by '(?P<user>[^']+)'")),
    Pattern("changed password expiry ", "user_changed", re.compile(
        r"(?P<reason>changed password expiry) for (?P<target>\S+)")),
)  # fmt: skip

LOGIND = (
    Pattern("New session ", "session_opened", re.compile(
        r"New session '?(?P<session>[^\s']+)'? of user '?(?P<user>[^\s']+?)'?\.?\Z")),
    Pattern("Removed session ", "session_closed", re.compile(
        r"Removed session '?(?P<session>[^\s'.]+)")),
)  # fmt: skip

POLKIT = (
    Pattern("Operator of ", "accepted", re.compile(
        r"Operator of (?P<session>\S+) successfully authenticated as unix-user:(?P<target>\S+) "
        r"to gain .*authorization for action (?P<reason>\S+)")),
    Pattern("Operator of ", "failed", re.compile(
        r"Operator of (?P<session>\S+) FAILED to authenticate to gain authorization "
        r"for action (?P<reason>\S+)")),
)  # fmt: skip

PKEXEC = (
    Pattern("", "command", re.compile(
        r"(?P<user>\S+): Executing command \[USER=(?P<runas>[^\]]*)\] \[TTY=(?P<tty>[^\]]*)\] "
        r"\[CWD=(?P<pwd>[^\]]*)\] \[COMMAND=(?P<command>.*)\]")),
)  # fmt: skip

LOGIN = (
    Pattern("FAILED LOGIN ", "failed", re.compile(
        r"FAILED LOGIN \(\d+\) on '(?P<tty>[^']*)'(?: from '(?P<src_host>[^']*)')? "
        r"FOR '(?P<user>.*)', (?P<reason>.*)")),
    Pattern("ROOT LOGIN", "accepted", re.compile(r"(?P<reason>ROOT LOGIN) +on '(?P<tty>[^']*)'")),
    Pattern("LOGIN ON ", "accepted", re.compile(r"LOGIN ON (?P<tty>\S+) BY (?P<user>\S+)")),
)  # fmt: skip

PAM = (
    Pattern("authentication failure; ", "pam_failure", re.compile(
        r"authentication failure; (?P<reason>.*)")),
    Pattern("session opened ", "session_opened", re.compile(
        r"session opened for user (?P<target>[^\s(]+)(?:\(uid=(?P<uid>\d+)\))?"
        r"(?: by (?P<user>[^\s(]+)?)?")),
    Pattern("session closed ", "session_closed", re.compile(
        r"session closed for user (?P<target>\S+)")),
    Pattern("password changed ", "password_changed", re.compile(
        r"password changed for (?P<target>\S+)")),
    Pattern("PAM ", "pam_failure", re.compile(
        r"PAM \d+ more authentication failures?; (?P<reason>.*)")),
    Pattern("check pass; ", "unknown_user", re.compile(r"check pass; (?P<reason>user unknown)")),
)  # fmt: skip
_PAM_MODULE = re.compile(r"pam_\w{1,32}\((?P<service>[^:)\s]{1,64})[^)]{0,200}\): ")
_PAM_PAIR = re.compile(r"\b(\w{1,32})=(\S*)")
_SUDO_KEYS = {"TTY": "tty", "PWD": "pwd", "USER": "runas", "GROUP": "group", "COMMAND": "command"}


def _first(patterns: tuple[Pattern, ...], message: str) -> dict[str, Any]:
    """Give the fields of the first pattern that fits."""
    for start, event, fields in patterns:
        if message.startswith(start) and (match := fields.match(message)):
            return {"event": event, **{k: v for k, v in match.groupdict().items() if v}}
    return {}


def _program(patterns: tuple[Pattern, ...], message: str) -> dict[str, Any]:
    found = _first(patterns, message) or _pam(message)
    if "command" in found:
        found["image"] = found["command"].split(" ", 1)[0]
    if "src_port" in found:
        found["src_port"] = int(found["src_port"][:9])
    return found


def _pam(message: str) -> dict[str, Any]:
    """Read a PAM line; who it is about is `target`, who asked is `user`."""
    module = _PAM_MODULE.match(message)
    found = _first(PAM, message[module.end() :] if module else message)
    if found and module:
        found["service"] = module["service"]
    if found.get("event") == "pam_failure":
        pairs = dict(_PAM_PAIR.findall(found["reason"]))
        names = {"tty": "tty", "ruser": "user", "rhost": "src_ip", "user": "target", "uid": "uid"}
        found |= {ours: pairs[theirs] for theirs, ours in names.items() if pairs.get(theirs)}
    return found


def _sudo(message: str) -> dict[str, Any]:
    """`alice : [what is wrong ;] TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls`."""
    user, colon, rest = message.partition(" : ")
    if not colon or "COMMAND=" not in rest or message.startswith("pam_"):
        return _program((), message)
    rest, _, command = rest.partition("COMMAND=")
    found: dict[str, Any] = {"event": "command", "user": user.strip(), "command": command}
    found["image"] = command.split(" ", 1)[0]
    for part in rest.split(" ; "):
        key, equals, value = part.strip().partition("=")
        if equals and key in _SUDO_KEYS:
            found[_SUDO_KEYS[key]] = value
        elif part.strip() and not equals:
            found["reason"] = part.strip()
            found["event"] = "failed" if "password" in part else "denied"
    return found


_BY_PROGRAM: dict[str, tuple[Pattern, ...]] = {
    **dict.fromkeys(("sshd", "sshd-session", "sshd-auth"), SSHD),
    **dict.fromkeys(("cron", "crond", "crontab", "anacron"), CRON),
    **dict.fromkeys(
        ("useradd", "usermod", "userdel", "groupadd", "groupmod", "groupdel", "gpasswd", "passwd",
         "chage", "chpasswd", "newusers"), ACCOUNTS),
    **dict.fromkeys(("polkitd", "polkit-agent-helper-1"), POLKIT),
    "su": SU, "systemd-logind": LOGIND, "pkexec": PKEXEC, "login": LOGIN,
}  # fmt: skip


def parser_of(program: str) -> Callable[[str], dict[str, Any]]:
    """Give what reads the messages of a program; PAM lines are read for every one."""
    return _sudo if program == "sudo" else partial(_program, _BY_PROGRAM.get(program, ()))
