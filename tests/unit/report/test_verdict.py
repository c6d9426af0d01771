from __future__ import annotations

from tests.results import HOUR, START, finding, result
from trailhound.model.entity import Entity, EntityType
from trailhound.model.finding import Nature, Severity
from trailhound.report.verdict import counted, counts, is_active, place, sentence, title


def test_the_evidence_is_named_by_its_title_else_its_folder():
    assert title(result(title="ACME")) == "ACME"
    assert title(result(title="")) == "case"
    assert title(result([], inputs=[], title="")) == "nothing"


def test_a_sentence_begins_with_a_capital_letter():
    assert [sentence(text) for text in ("2 to look at", "nothing", "")] == [
        "2 to look at",
        "Nothing",
        "",
    ]


def test_counts_say_what_asks_for_a_person():
    critical = finding(severity=Severity.CRITICAL)
    weak = [
        finding(number=n, severity=Severity.LOW, host=f"h{n}", user=f"u{n}") for n in range(2, 4)
    ]
    assert counts(result([critical])) == ["1 incident needs you"]
    assert counts(result([critical, *weak])) == ["1 incident needs you", "2 weak signals folded"]
    assert counts(result(interrupted=True))[0] == "INTERRUPTED, this is a part"


def test_calm_is_not_called_clean():
    assert counts(result([])) == ["nothing asks for a person in what could be judged"]
    assert counts(result([], inputs=[])) == ["no evidence here: nothing was judged"]
    stopped = result([], inputs=[], interrupted=True)
    assert counts(stopped) == ["INTERRUPTED, this is a part"]


def test_one_is_singular():
    assert (counted(1, "event"), counted(1_204, "event")) == ("1 event", "1,204 events")


def test_an_attack_is_active_near_the_end_of_the_evidence():
    one = result([finding(severity=Severity.CRITICAL)]).incidents[0]
    assert is_active(one, START + HOUR)
    assert not is_active(one, START + HOUR + 1)
    assert not is_active(one, None)
    trace = result([finding(severity=Severity.CRITICAL, nature=Nature.IOC)]).incidents[0]
    assert not is_active(trace, START)


def test_places_are_one_word():
    host = Entity(EntityType.HOST, "fs01.corp.acme.example")
    user = Entity(EntityType.USER, r"acme\a.meyer@acme.example")
    assert place([user, host]) == "fs01"
    assert place([user]) == "a.meyer"
    assert place([Entity(EntityType.HOST, "10.1.2.3")]) == "10.1.2.3"
    assert place([Entity(EntityType.IP, "203.0.113.20")]) == ""
