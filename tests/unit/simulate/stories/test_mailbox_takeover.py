from __future__ import annotations


def steps(small):
    return [step for step in small.truth.steps if step.story == "mailbox-takeover"]


def test_the_fraud_is_told_from_the_letter_to_the_account_number(small):
    told = [step.technique for step in steps(small)]
    assert told == [
        "T1566.002", "T1204.001", "T1621", "T1078.004", "T1078.004", "T1564.008", "T1098.003",
        "T1098.003", "T1114.002", "T1530", "T1534",
    ]  # fmt: skip
    assert len({user for step in steps(small) for user in step.users if "@" in user}) == 1


def test_six_prompts_are_declined_before_one_is_accepted(small):
    records = small.entra("insights-logs-signinlogs")
    intruder = [r["resultType"] for r in records if r["callerIpAddress"] == "203.0.113.20"]
    assert intruder == ["500121"] * 6 + ["0"]


def test_the_rule_hides_what_speaks_of_money(small):
    rules = [
        r for r in small.audit() if r["Operation"] == "New-InboxRule" and r["ClientIP"][:3] == "203"
    ]
    values = {p["Name"]: p["Value"] for p in rules[0]["Parameters"]}
    assert values["Name"] == "."
    assert "bank" in values["SubjectOrBodyContainsWords"]
    assert values["MoveToFolder"] == "RSS Feeds"


def test_the_consent_names_its_scopes(small):
    (consent,) = [r for r in small.audit() if r["Operation"] == "Consent to application."]
    text = str(consent["ModifiedProperties"])
    assert "Mail.Send" in text
    assert "offline_access" in text


def test_the_click_is_seen_on_the_network(small):
    assert [row["host"] for row in small.zeek("http") if row["uri"].startswith("/s?d=")] == [
        "acrne.example"
    ]
