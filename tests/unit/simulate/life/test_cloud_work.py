from __future__ import annotations

from trailhound.simulate.life.cloud_work import CloudWork, Designers


def test_people_sign_in_read_send_and_open_files(live):
    written = live(CloudWork)
    operations = {record["Operation"] for record in written.audit()}
    assert operations >= {"UserLoggedIn", "MailItemsAccessed", "Send", "FileAccessed"}
    people = {
        r["properties"]["userPrincipalName"] for r in written.entra("insights-logs-signinlogs")
    }
    assert len(people) >= 4


def test_microsofts_own_servers_are_in_the_log(live):
    system = [r for r in live(CloudWork).audit() if r["UserType"] == 3]
    assert system
    assert all(record["Operation"] == "Set-Mailbox" for record in system)


def test_the_designers_work_in_a_tenant_of_their_own(live):
    assert live(Designers).files("cloud/google/drive.json")
