from __future__ import annotations

import io
import socket

import pytest

from tests.loopback import serving
from trailhound.net import DownloadError, Fetcher


@pytest.fixture
def server():
    with serving() as found:
        yield found


def fetched(url: str, **more) -> bytes:
    into = io.BytesIO()
    Fetcher(**{"most": 1000, "loopback": True} | more).fetch(url, into)
    return into.getvalue()


def test_a_download(server):
    assert fetched(server.says("/a", b"rules")) == b"rules"


def test_the_final_url_is_told(server):
    server.says("/b", b"rules")
    url = server.says("/a", status=302, headers={"Location": "/b"})
    assert Fetcher(1000, loopback=True).fetch(url, io.BytesIO()) == f"{server.url}/b"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server, status):
    server.says("/b", b"x")
    assert fetched(server.says("/a", status=status, headers={"Location": "/b"})) == b"x"


def test_three_redirects_and_no_more(server):
    for n in range(4):
        server.says(f"/{n}", status=302, headers={"Location": f"/{n + 1}"})
    server.says("/4", b"x")
    assert fetched(f"{server.url}/1") == b"x"
    with pytest.raises(DownloadError, match="redirects"):
        fetched(f"{server.url}/0")


def test_a_redirect_loop_ends(server):
    with pytest.raises(DownloadError, match="redirects"):
        fetched(server.says("/a", status=302, headers={"Location": "/a"}))
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/x",
        "https://10.0.0.1/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://0.0.0.0/x",
        "https://100.64.0.1/x",
        "https://224.0.0.1/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "https://user:secret@127.0.0.1/x",
    ],
)
def test_a_redirect_cannot_lead_inside(server, location):
    url = server.says("/a", status=302, headers={"Location": location})
    with pytest.raises(DownloadError):
        fetched(url)
    assert server.asked == ["/a"]


def test_loopback_is_refused_unless_allowed(server):
    url = server.says("/a", b"x")
    for one in (url, url.replace("http:", "https:"), url.replace("127.0.0.1", "localhost")):
        with pytest.raises(DownloadError):
            fetched(one, loopback=False)
    assert server.asked == []


def test_plain_http_is_refused():
    with pytest.raises(DownloadError, match="only https"):
        fetched("http://example.org/x", loopback=False)


@pytest.mark.parametrize("url", ["https://", "https:///x", "nothing", "", "https://[::1", "//a/b"])
def test_what_is_no_url(url):
    with pytest.raises(DownloadError):
        fetched(url)


def test_a_name_that_gives_a_private_address(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(DownloadError, match=r"10\.1\.2\.3"):
        fetched("https://intranet.example/x", loopback=False)


def test_a_name_without_an_address(monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(DownloadError, match="no address"):
        fetched("https://nowhere.example/x", loopback=False)


@pytest.mark.parametrize("status", [204, 400, 403, 404, 500])
def test_an_answer_that_is_no_file(server, status):
    with pytest.raises(DownloadError, match=str(status)):
        fetched(server.says("/a", status=status))


def test_too_large_as_declared(server):
    with pytest.raises(DownloadError, match="larger"):
        fetched(server.says("/a", b"x" * 1001))


def test_too_large_and_not_declared(server):
    url = server.says("/a", b"x" * 5000, headers={"Content-Length": "", "Connection": "close"})
    server.answers["/a"].headers = {"Transfer-Encoding": "chunked"}
    chunks = b"".join(b"400\r\n" + b"x" * 1024 + b"\r\n" for _ in range(4)) + b"0\r\n\r\n"
    server.answers["/a"].body = chunks
    with pytest.raises(DownloadError):
        fetched(url)


def test_exactly_the_limit(server):
    assert len(fetched(server.says("/a", b"x" * 1000))) == 1000


def test_cut_off(server):
    with pytest.raises(DownloadError, match="failed"):
        fetched(server.says("/a", b"x" * 10, declared=100))


def test_an_unasked_encoding(server):
    with pytest.raises(DownloadError, match="packed"):
        fetched(server.says("/a", b"x", headers={"Content-Encoding": "gzip"}))


def test_dripping_bytes_run_out_of_time(server):
    with pytest.raises(DownloadError, match="not done"):
        fetched(server.says("/a", b"x" * 100, drip=0.05), seconds=0.2)


def test_silence_runs_out_of_time(server):
    with pytest.raises(DownloadError, match="in time"):
        fetched(server.says("/a", b"x" * 5, drip=5.0), wait=0.2)


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(DownloadError, match="failed"):
        fetched(f"http://127.0.0.1:{port}/x")


def test_the_connection_is_checked_not_only_the_name(server, monkeypatch):
    """A name may give a public address when it is checked and this machine when it is used."""
    monkeypatch.setattr("trailhound.net.Fetcher._check", lambda *_: None)
    with pytest.raises(DownloadError, match="no address of the internet"):
        fetched(server.says("/a", b"x"), loopback=False)
