from __future__ import annotations

from trailhound.simulate.life.linux import LinuxServers, MailFlow, ShopDatabase, partner_address


def test_cron_runs_every_hour_on_every_server(live):
    written = live(LinuxServers)
    for host in ("web1", "mx1", "db1", "jump1", "intra1"):
        assert written.text(f"linux/{host}/var/log/syslog*").count("cron.hourly") == 24


def test_administrators_pass_the_jump_host_and_use_sudo(live):
    written = live(LinuxServers)
    assert "Accepted publickey for" in written.text("linux/jump1/var/log/auth.log*")
    assert "COMMAND=" in written.text("linux/*/var/log/auth.log*")


def test_letters_pass_the_gateway(live):
    text = live(MailFlow).text("linux/mx1/var/log/mail.log*")
    assert text.count("removed") > 20
    assert text.count("imap-login: Login") == 24 * 6


def test_the_nightly_dump_and_the_monthly_report_look_like_theft(live):
    written = live(lambda world, _: ShopDatabase(world))
    text = written.text("linux/db1/var/log/postgresql/*.csv")
    assert text.count("COPY public.") == 3
    assert '"report_user"' in text
    assert {"backup", "report_user"} <= {person.name for person in written.truth.innocent}


def test_partners_have_addresses_from_the_documentation_range():
    assert partner_address("lund-logistics.example") == "192.0.2.102"
