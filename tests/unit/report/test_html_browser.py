"""The HTML report as a browser shows it: run with `-m browser` where a Chromium is installed."""

from __future__ import annotations

import base64
import sys
from datetime import UTC

import pytest

from tests.chromium import Chromium, executable
from tests.results import everywhere, finding, result
from trailhound.model.finding import Severity
from trailhound.report.html import html_report

pytestmark = pytest.mark.browser

NARROW, WIDE = 420, 1280
HOSTILE = '"><img src=http://evil.example/x><script>alert(1)</script>' + "W" * 300


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if sys.platform == "win32":
        pytest.skip("browser: Chromium is driven over descriptors, which Windows does not pass on")
    if executable() is None:
        pytest.skip("browser: no Chromium is installed")
    opened = Chromium(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def steps():
    return [
        finding(f"Step {n}", number=n, minute=n, severity=Severity.CRITICAL, host=f"srv{n % 3}.acme.example", pointers=30)
        for n in range(1, 9)
    ]  # fmt: skip


@pytest.fixture(scope="module", params=["usual", "hostile", "empty"])
def address(request, tmp_path_factory):
    made = {"usual": result(steps()), "hostile": everywhere(HOSTILE), "empty": result([])}
    place = tmp_path_factory.mktemp("report") / "report.html"
    place.write_bytes(b"".join(html_report(made[request.param], zone=UTC)))
    return place.as_uri()


def requests(browser):
    return [one["request"]["url"] for one in browser.of("Network.requestWillBeSent")]


def troubles(browser):
    return browser.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled",
                      "Page.javascriptDialogOpening")  # fmt: skip


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("dark", [False, True])
def test_it_loads_alone_and_without_a_complaint(browser, address, width, dark):
    browser.open(address, width=width, dark=dark)
    assert requests(browser) == [address]
    assert not troubles(browser)
    dark_ground = (
        browser.value("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    )
    assert dark_ground is dark


@pytest.mark.parametrize("place", ["", "#all"])
@pytest.mark.parametrize("width", [320, NARROW, WIDE])
def test_the_page_never_scrolls_sideways(browser, address, width, place):
    browser.open(address + place, width=width)
    assert browser.call("Page.getLayoutMetrics")["cssContentSize"]["width"] <= width


def test_everything_can_be_opened_without_a_script(browser, address):
    browser.open(address, width=WIDE, scripts=False)
    folded = browser.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
    browser.open(f"{address}#all", width=WIDE, scripts=False)
    assert browser.call("Page.getLayoutMetrics")["cssContentSize"]["height"] > folded


def test_the_keyboard_reaches_the_incidents_first(browser, address):
    browser.open(address, width=WIDE)
    for kind in ("rawKeyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
    assert browser.value("document.activeElement.className") == "skip"
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_nothing_is_too_wide_for_paper(browser, address):
    browser.open(address, width=WIDE)
    browser.call("Emulation.setEmulatedMedia", media="print")
    size = {"width": 690, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    assert browser.value("document.documentElement.scrollWidth") <= 690
    printed = base64.b64decode(browser.call("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF-")
