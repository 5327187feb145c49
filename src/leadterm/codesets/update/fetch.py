"""Fetches one file over https: from hosts that are known, to addresses that are public, resumed, bounded, whole.

The name of a host is resolved once; the connection goes to the address that was checked, so that a name which
resolves differently the second time changes nothing. Every redirect is checked like the first request. A proxy is not
used: with one, nobody here could see where a connection ends; fetch by browser and run `leadterm codes install` there.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from leadterm.domain import DataMissing, InputError

MOST_PAGE = 8 << 20
MOST_FILE = 1 << 30
MOST_REDIRECTS = 5
PIECE = 1 << 18
SECONDS = 60.0
REDIRECTS = (301, 302, 303, 307, 308)
# Addresses that stand for IPv4 ones behind a translator or a tunnel: no official host needs them.
TRANSLATED = tuple(ipaddress.IPv6Network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32"))
AGENT = "leadterm"
Resolve = Callable[[str, int], list[str]]


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet: not this machine, not a local network, not a cloud's metadata."""
    found = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in TRANSLATED):
            return False
        if mapped := found.ipv4_mapped or found.sixtofour:
            return is_public(str(mapped))
    return found.is_global and not found.is_multicast


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be fetched from where.

    Attributes:
        hosts: The only hosts that are asked, redirects included.
        schemes: `https` alone, but for tests against a server of their own.
        permits: Whether a connection may go to an address.
        resolve: Gives the addresses of a host.
        most_page, most_file: Bytes.
        seconds: Longest silence of a server.
        trust: Certificates; None: those of the machine.
    """

    hosts: frozenset[str]
    schemes: frozenset[str] = frozenset(("https",))
    permits: Callable[[str], bool] = is_public
    resolve: Resolve = _resolve
    most_page: int = MOST_PAGE
    most_file: int = MOST_FILE
    seconds: float = SECONDS
    trust: ssl.SSLContext | None = field(default=None, compare=False)

    def checked(self, url: str) -> SplitResult:
        """The parts of an address that may be asked. Raises InputError with the reason for any other."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise InputError("A link on the page is no address; fetch the file by browser and install it.") from None
        if parts.scheme not in self.schemes:
            raise InputError(f"{_shown(parts)} is not fetched: only https is.")
        if parts.username or parts.password or (port not in (None, 443) and "https" in self.schemes):
            raise InputError(f"{_shown(parts)} is not fetched: an official address has neither user nor port.")
        if (parts.hostname or "").lower() not in self.hosts:
            raise InputError(
                f"{_shown(parts)} is not fetched: {parts.hostname or 'that host'} is none of the official hosts. "
                "Fetch the file by browser and run `leadterm codes install` on it."
            )
        return parts

    def address(self, host: str, port: int) -> str:
        """An address of `host` that may be connected to. Raises InputError when it has none, or any that may not."""
        try:
            found = self.resolve(host, port)
        except OSError:
            found = []
        if not found:
            raise InputError(f"{host} is not found; see whether this machine is connected, or install files by hand.")
        if any(not self.permits(address) for address in found):
            raise InputError(f"{host} leads to an address inside a private network; nothing is fetched from it.")
        return found[0]


OFFICIAL = Policy(frozenset(("www.cms.gov", "hcup-us.ahrq.gov", "ftp.cdc.gov", "downloads.cms.gov", "edit.cms.gov")))


def _shown(parts: SplitResult) -> str:
    """An address for a message: without user, password and query."""
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was checked."""

    def __init__(self, host: str, port: int, address: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection):
    """The same with TLS; the certificate is that of the name."""

    def __init__(self, host: str, port: int, address: str, policy: Policy) -> None:
        self._trust = policy.trust or ssl.create_default_context()
        super().__init__(host, port, timeout=policy.seconds, context=self._trust)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body has not been read: where it came from after redirects, and the response."""

    url: str
    response: http.client.HTTPResponse

    def header(self, name: str) -> str:
        """A header, or nothing."""
        return self.response.getheader(name) or ""


@contextmanager
def asked(url: str, policy: Policy, headers: dict[str, str] | None = None) -> Iterator[Answer]:
    """The answer to a GET, redirects followed. Raises InputError for what may not be asked and for what fails."""
    for _ in range(MOST_REDIRECTS + 1):
        parts = policy.checked(url)
        connection = _connection(parts, policy)
        try:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request(
                "GET", target, headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
            )
            response = connection.getresponse()
            if response.status not in REDIRECTS:
                yield Answer(url, response)
                return
            url = urljoin(url, response.getheader("Location") or "")
        except (OSError, http.client.HTTPException) as error:
            raise InputError(
                f"{_shown(parts)} did not answer as it should ({type(error).__name__}); run the command again, "
                "what was fetched so far is kept."
            ) from None
        finally:
            connection.close()
    raise InputError(f"{_shown(urlsplit(url))} leads in circles; fetch the file by browser and install it.")


def _connection(parts: SplitResult, policy: Policy) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = policy.address(host, port)
    if parts.scheme == "https":
        return _Secure(host, port, address, policy)
    return _Plain(host, port, address, policy.seconds)


def fetch_page(url: str, policy: Policy) -> tuple[str, str]:
    """A page and its address after redirects. Raises InputError when it is not there or too large."""
    with asked(url, policy) as answer:
        if answer.response.status != http.client.OK:
            raise InputError(f"The page {url} answered {answer.response.status}; it may have moved.")
        body = answer.response.read(policy.most_page + 1)
        if len(body) > policy.most_page:
            raise InputError(f"The page {url} is larger than any page of its owner; it is not read.")
        return body.decode("utf-8", "replace"), answer.url


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: where it lies, its sha256, the address that it came from."""

    path: Path
    sha256: str
    url: str


def fetch_file(url: str, path: Path, policy: Policy, progress: Callable[[int, int], None]) -> Fetched:
    """The archive at `url` as `path`; what an interrupted call has left beside it is continued.

    `progress` is told bytes and total (0: not known). Raises InputError when the answer is no archive, is cut short,
    too large, or may not be fetched; then nothing lies at `path`.
    """
    part, note = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json")
    have, mark = _begun(part, note, url)
    headers = {"Range": f"bytes={have}-", "If-Range": mark} if have else {}
    with asked(url, policy, headers) as answer:
        status = answer.response.status
        if status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE or (have and status not in (200, 206)):
            part.unlink(missing_ok=True)
        if status not in (http.client.OK, http.client.PARTIAL_CONTENT):
            raise InputError(f"{_shown(urlsplit(answer.url))} answered {status}; the file may have moved.")
        continued = status == http.client.PARTIAL_CONTENT and _continues(answer, have)
        if status == http.client.PARTIAL_CONTENT and not continued:
            part.unlink(missing_ok=True)
            raise InputError(f"{_shown(urlsplit(answer.url))} sent another part than was asked for; run it again.")
        start = have if continued else 0
        _note(note, url, answer)
        _receive(answer, part, start, policy, progress)
    return _finish(part, note, path, url)


def _begun(part: Path, note: Path, url: str) -> tuple[int, str]:
    """How many bytes of the same file lie here, and the mark by which the server knows it; 0 where it had none."""
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["url"] == url and known["mark"]:
            return part.stat().st_size, known["mark"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return 0, ""


def _note(note: Path, url: str, answer: Answer) -> None:
    mark = answer.header("ETag")
    # A weak mark promises no equal bytes; the day of the last change does, to the second.
    strong = mark if mark and not mark.startswith("W/") else answer.header("Last-Modified")
    note.write_text(json.dumps({"url": url, "mark": strong}), encoding="utf-8")


def _continues(answer: Answer, have: int) -> bool:
    return answer.header("Content-Range").startswith(f"bytes {have}-")


def _receive(answer: Answer, part: Path, start: int, policy: Policy, progress: Callable[[int, int], None]) -> None:
    expected = int(length) if (length := answer.header("Content-Length")).isdigit() else 0
    total = start + expected if expected else 0
    if total > policy.most_file:
        raise InputError(f"{_shown(urlsplit(answer.url))} is larger than any release; it is not fetched.")
    done = start
    with part.open("r+b" if start else "wb", buffering=0) as file:
        file.seek(start)
        while piece := answer.response.read(PIECE):
            done += len(piece)
            if done > policy.most_file:
                raise InputError(f"{_shown(urlsplit(answer.url))} is larger than any release; it is not fetched.")
            _write(file, piece)
            progress(done, total)
    if total and done < total:
        raise InputError(
            f"{_shown(urlsplit(answer.url))} broke off after {done:,} of {total:,} bytes; run the command again, it "
            "goes on from there."
        )


def _write(file: FileIO, piece: bytes) -> None:
    try:
        written = file.write(piece)
        if written < len(piece):
            file.write(piece[written:])
    except OSError as error:  # told apart from a server that fails
        raise DataMissing(
            f"What is fetched cannot be written ({type(error).__name__}); free some space or set LEADTERM_HOME to a "
            "folder that can be written."
        ) from None


def _finish(part: Path, note: Path, path: Path, url: str) -> Fetched:
    digest = hashlib.sha256()
    with part.open("rb") as file:
        head = file.read(4)
        digest.update(head)
        while piece := file.read(PIECE):
            digest.update(piece)
    if head != b"PK\x03\x04":
        part.unlink()
        note.unlink(missing_ok=True)
        raise InputError(
            f"{_shown(urlsplit(url))} is no archive (a page that asks for something, perhaps); fetch it by browser and "
            "run `leadterm codes install` on it."
        )
    part.replace(path)
    note.unlink(missing_ok=True)
    return Fetched(path, digest.hexdigest(), url)
