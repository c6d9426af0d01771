"""Downloads, where an operator asks for one. Nothing else in a scan opens a socket.

https only, certificates checked, a few redirects, a size and a time that end it, and no address of
the own network: a link in a mail or a redirect must not make this program ask internal services.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from trailhound import __version__
from trailhound.model.errors import UsageError, Where

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MAX_REDIRECTS = 3
WAIT_SECONDS = 30.0
TOTAL_SECONDS = 600.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class DownloadError(UsageError):
    """A download that failed or was refused."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloads with limits.

    Attributes:
        most: bytes; more is refused while they arrive.
        loopback: also allow this machine itself, over plain http; for tests and own servers.
        wait: seconds for a connection and for each piece.
        seconds: for the whole download, however slowly the bytes drip.
    """

    most: int
    loopback: bool = False
    wait: float = WAIT_SECONDS
    seconds: float = TOTAL_SECONDS

    def fetch(self, url: str, into: BinaryIO) -> str:
        """Write what a URL gives to a file; gives the URL it came from in the end."""
        try:
            with self._client() as client:
                return self._follow(client, url, into)
        except httpx.InvalidURL as error:
            raise DownloadError(f"not a URL: {error}", where=Where(url)) from error
        except httpx.TimeoutException as error:
            raise DownloadError("the server does not answer in time", where=Where(url)) from error
        except httpx.HTTPError as error:
            raise DownloadError(f"the download failed: {error}", where=Where(url)) from error

    def _client(self) -> httpx.Client:
        headers = {"user-agent": f"trailhound/{__version__}", "accept-encoding": "identity"}
        return httpx.Client(headers=headers, timeout=self.wait, trust_env=not self.loopback)

    def _follow(self, client: httpx.Client, url: str, into: BinaryIO) -> str:
        end = time.monotonic() + self.seconds
        for _ in range(MAX_REDIRECTS + 1):
            self._check(url)
            with client.stream("GET", url) as response:
                self._check_peer(response)
                if response.status_code not in _REDIRECTS:
                    self._write(response, into, end)
                    return url
                url = str(response.url.join(response.headers.get("location", "")))
        raise DownloadError(f"over {MAX_REDIRECTS} redirects", where=Where(url))

    def _check(self, url: str) -> None:
        """Refuse what must not be asked at all."""
        parts = _split(url)
        host = parts.hostname or ""
        if not host or parts.username or parts.password:
            raise DownloadError("not a URL with a host and without a password", where=Where(url))
        here = self.loopback and _is_loopback(host)
        if parts.scheme != "https" and not (here and parts.scheme == "http"):
            raise DownloadError("only https is downloaded", where=Where(url))
        if not here and not self._proxied(parts.scheme):
            for address in _addresses(host, url):
                self._check_address(address, url)

    def _check_peer(self, response: httpx.Response) -> None:
        """Ask the connection whom it reached: a name may give another address the second time."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if peer and not self._proxied(response.url.scheme):
            self._check_address(str(peer[0]), str(response.url))

    def _proxied(self, scheme: str) -> bool:
        """Behind a proxy of the operator's environment, the proxy looks names up."""
        return not self.loopback and scheme in getproxies()

    def _check_address(self, text: str, url: str) -> None:
        address = ipaddress.ip_address(text.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if not (address.is_global and not address.is_multicast) and not (
            self.loopback and address.is_loopback
        ):
            raise DownloadError(f"{address} is no address of the internet", where=Where(url))

    def _write(self, response: httpx.Response, into: BinaryIO, end: float) -> None:
        url = str(response.url)
        if response.status_code != httpx.codes.OK:
            raise DownloadError(f"the server answers {response.status_code}", where=Where(url))
        if response.headers.get("content-encoding", "identity") != "identity":
            raise DownloadError(
                "the server sends a packed answer nobody asked for", where=Where(url)
            )
        declared = response.headers.get("content-length", "")
        self._check_size(int(declared) if declared.isdigit() else 0, url)
        got = 0
        for piece in response.iter_raw():
            got += len(piece)
            self._check_size(got, url)
            if time.monotonic() > end:
                raise DownloadError(f"not done after {self.seconds:g} seconds", where=Where(url))
            into.write(piece)

    def _check_size(self, size: int, url: str) -> None:
        if size > self.most:
            raise DownloadError(f"larger than {self.most // 1024} KiB", where=Where(url))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise DownloadError(f"not a URL: {error}", where=Where(url)) from error


def _addresses(host: str, url: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DownloadError(f"the name {host!r} has no address", where=Where(url)) from error
    return [str(entry[4][0]) for entry in found]
