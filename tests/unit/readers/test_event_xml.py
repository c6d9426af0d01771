from __future__ import annotations

import time

import pytest

from trailhound.readers.event_xml import _any, _usual, data_of, event_of

SPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
SYSTEM = (
    "<System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5}'/><EventID Qualifiers='0'>1"
    "</EventID><Level>4</Level><TimeCreated SystemTime='2026-11-04T08:00:00.1234567Z'/>"
    "<EventRecordID>7</EventRecordID><Correlation/><Channel>C</Channel></System>"
)


def event(data: str, system: str = SYSTEM) -> str:
    return f"<Event xmlns='{SPACE}'>{system}{data}</Event>"


def read(data: str):
    found = event_of(event(data))
    assert found is not None
    return found["Event"]


def test_the_shape_is_that_of_the_binary_log():
    assert read('<EventData><Data Name="Image">C:\\a.exe</Data></EventData>') == {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon", "Guid": "{5}"}},
            "EventID": {"#attributes": {"Qualifiers": "0"}, "#text": 1},
            "Level": 4,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-04T08:00:00.123456Z"}},
            "EventRecordID": 7,
            "Correlation": None,
            "Channel": "C",
        },
        "EventData": {"Image": "C:\\a.exe"},
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<Data Name="a">x &lt;&amp;&quot;&#65;&#x42; y</Data>', {"a": 'x <&"AB y'}),
        ('<Data Name="a">&boom;&#99999999;&amp;lt;</Data>', {"a": "&boom;&#99999999;&lt;"}),
        ('<Data Name="a"/><Data Name="b"></Data>', {"a": None, "b": None}),
        ("<Data>one</Data><Data>two</Data>", {"Data": {"#text": ["one", "two"]}}),
        ('<Data Name="a">1</Data><Data Name="a">2</Data>', {"a": "1"}),
        ('<Data Name="a">two\nlines </Data>', {"a": "two\nlines "}),
        ("<Data Name='q\"q'>x</Data>", {'q"q': "x"}),
        ('<Data Name="a"><![CDATA[<b>&amp;]]></Data>', {"a": "<b>&amp;"}),
        ('<!-- <Data Name="b">no</Data> --><Data Name="a">x</Data>', {"a": "x"}),
        ('<e:Data Name="a">x</e:Data>', {"a": "x"}),
        ("<Binary>00FF</Binary>", {"Binary": "00FF"}),
    ],
)
def test_values(data, expected):
    assert read(f"<EventData>{data}</EventData>")["EventData"] == expected
    named = data_of(f"<EventData xmlns='x'>{data}</EventData>")
    assert named == {k: v["#text"] if isinstance(v, dict) else v for k, v in expected.items()} or (
        named == expected
    )


def test_user_data_and_rendering_are_kept():
    made = read(
        "<UserData><Cleared xmlns='y'><SubjectUserName>b</SubjectUserName></Cleared></UserData>"
        "<RenderingInfo Culture='en-US'><Message>m</Message></RenderingInfo>"
    )
    assert made["UserData"] == {"Cleared": {"SubjectUserName": "b"}}
    assert made["RenderingInfo"]["Message"] == "m"
    assert made["EventData"] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<Event",
        "<Event></Event>",
        "<Event><System></System></Event>",
        event("")[:-10],
        f"<Other>{SYSTEM}</Other>",
        "<Event>text</Event>",
    ],
)
def test_what_is_no_whole_event(text):
    assert event_of(text) is None


def test_fragments_of_log_analytics():
    text = (
        '<DataItem type="System.XmlData" time="t"><EventData xmlns="x"><Data Name="a">1</Data>'
        '<Data Name="b">2</Data></EventData></DataItem>'
    )
    assert data_of(text) == {"a": "1", "b": "2"}
    assert data_of("no tags & no values") == {}


@pytest.mark.parametrize(
    "hostile",
    [
        "<a>" * 200_000,
        "<a " * 200_000,
        '<a b="' * 100_000,
        "<![CDATA[" * 100_000,
        "<!--" * 200_000,
        "&#x" * 300_000,
        "<Data Name=" + "'" * 300_000,
        "</Event>" * 100_000,
        "<a b='c'" + " d='e'" * 200_000 + "/>",
    ],
    ids=lambda text: text[:9],
)
def test_hostile_text_costs_little(hostile):
    before = time.process_time()
    event_of(event(f"<EventData>{hostile}</EventData>"))
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "data",
    [
        "<Data Name='a'>1</Data><Data Name=\"b\">&lt;</Data><Data Name='c'/><Data Name='d'></Data>",
        "<Data Name='a'>1</Data><Data Name='a'>2</Data>",
        "<Data>1</Data><Data Name='a/>'>2</Data>",
        "<Data Name='a'>1</Data><Binary>00</Binary>",
        "<Data Name='a' Type='x'>1</Data>",
        "",
    ],
)
def test_the_short_way_gives_what_the_long_one_gives(data):
    text = event(f"<EventData>{data}</EventData>")
    found, usual = _any(text), _usual(text)
    assert found is not None
    assert usual in (None, found)
    assert event_of(text) == found
    if usual:
        assert list(usual["Event"]["EventData"] or {}) == list(found["Event"]["EventData"] or {})
