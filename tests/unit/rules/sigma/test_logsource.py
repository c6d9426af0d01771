from __future__ import annotations

import pytest

from trailhound.rules.sigma.logsource import Binding, bindings
from trailhound.rules.sigma.rule import LogSource

SYSMON = "microsoft-windows-sysmon/operational"


def kinds(category: str = "", product: str = "", service: str = "") -> set[str]:
    return {binding.kind for binding in bindings(LogSource(category, product, service))}


def test_an_exact_entry():
    found = bindings(LogSource("process_creation", "windows"))
    assert [b.route.get("EventID") for b in found] == [frozenset({"1"}), frozenset({"4688"})]
    assert found[1].fields["Image"] == "NewProcessName"


def test_fits():
    binding = Binding("windows", {"Channel": frozenset({SYSMON}), "EventID": frozenset({"1"})})
    assert binding.fits(
        {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": "1", "X": "y"}
    )
    assert not binding.fits({"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": "3"})
    assert not binding.fits({"EventID": "1"})
    assert Binding("k").fits({})


def test_a_category_alone_looks_in_every_product():
    assert {"windows", "linux.sysmon", "macos.process"} <= kinds("process_creation")


def test_an_open_product_serves_any():
    assert "webserver.access" in kinds("webserver")
    assert "webserver.access" in kinds("webserver", "apache")


def test_any_log_of_zeek():
    assert kinds("", "zeek", "made_up") == {"zeek.made_up"}


def test_an_unmapped_source_never_matches_everything():
    assert kinds("", "nobody", "x") == {"json.nobody", "csv.nobody"}
    assert kinds("", "", "orphan") == set()
    assert "windows" not in kinds("no_such_category", "windows")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (("", "aws", "cloudtrail"), "aws.cloudtrail"),
        (("", "azure", "signinlogs"), "azure.signinlogs"),
        (("", "gcp", "google_workspace.admin"), "google_workspace.admin"),
        (("", "google_workspace", "login"), "google_workspace.login"),
        (("", "linux", "sshd"), "linux.syslog"),
        (("", "m365", "audit"), "m365.audit"),
        (("", "m365", "intune"), "m365.intune"),
        (("", "postgresql", "pgaudit"), "postgresql.audit"),
        (("", "mysql", "audit"), "mysql.audit"),
        (("", "windows", "security"), "windows"),
        (("dns", "", ""), "zeek.dns"),
        (("", "postfix", ""), "postfix"),
    ],
)
def test_the_sources_of_our_readers(source, kind):
    assert kind in kinds(*source)
