from __future__ import annotations

import csv
import io

from trailhound.simulate.products.m365 import pairs


def export(written):
    (file,) = written.files("cloud/m365/UAL-*.csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_mail_and_files_are_exported_as_the_search_cmdlet_does(world, at, finished):
    person = world.company.people[0]
    world.m365.cmdlet(at, person, "New-InboxRule", "2001:db8::1", {"Name": "."})
    rows = export(finished())
    assert rows[0]["RecordType"] == "ExchangeAdmin"
    assert rows[0]["CreationDate"] == "11/2/2026 9:00:00 AM"
    assert (rows[0]["ResultIndex"], rows[0]["ResultCount"]) == ("1", str(len(rows)))


def test_the_record_is_json_inside_the_cell(world, at, finished):
    person = world.company.people[0]
    world.m365.cmdlet(at, person, "New-InboxRule", "2001:db8::1", {"Name": "."})
    record = finished().audit()[0]
    assert record["CreationTime"] == "2026-11-02T09:00:00"
    assert record["ClientIP"] == "[2001:db8::1]:45022"
    assert record["Parameters"] == [{"Name": "Name", "Value": "."}]


def test_sign_ins_come_from_the_api(world, at, finished):
    person = world.company.people[0]
    world.m365.sign_in(
        at, person, "192.0.2.1", "Edge", error=("50126", "InvalidUserNameOrPassword")
    )
    written = finished()
    assert not written.files("cloud/m365/UAL-*.csv")
    (record,) = written.audit()
    assert record["Operation"] == "UserLoginFailed"
    assert record["LogonError"] == "InvalidUserNameOrPassword"


def test_mail_access_and_sending_name_the_mailbox(world, at, finished):
    person = world.company.people[0]
    world.m365.mail_access(at, person, "192.0.2.1", client="REST", messages=3)
    world.m365.send(at, person, "192.0.2.1", "Hello", client="REST", attachment="a.pdf")
    world.m365.file(at, person, "FileDownloaded", "192.0.2.1", ("sales", "a.docx"), agent="Edge")
    world.m365.directory(at, person, "Update user.", ("User", "x"), {"Name": "value"})
    found = {record["Operation"]: record for record in finished().audit()}
    assert len(found["MailItemsAccessed"]["Folders"][0]["FolderItems"]) == 3
    assert found["Send"]["Item"]["Attachments"].startswith("a.pdf")
    assert found["FileDownloaded"]["SourceFileExtension"] == "docx"
    assert found["Update user."]["ModifiedProperties"][0]["NewValue"] == "value"


def test_some_rows_come_twice(small):
    ids = [record["Id"] for record in small.audit()]
    assert len(set(ids)) < len(ids) < 1.1 * len(set(ids))


def test_pairs_keep_their_order():
    assert pairs(B="1", A="2") == [{"Name": "B", "Value": "1"}, {"Name": "A", "Value": "2"}]
