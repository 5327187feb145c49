"""`codes update` against a local server that serves pages and files like the owners', and fails like any server."""

from __future__ import annotations

import io
import shutil
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.update import OFFICIAL, Page, Policy, load_pages, update, wanted
from leadterm.codesets.update.fetch import fetch_file, fetch_page, is_public
from leadterm.codesets.update.pages import AMA, chosen, in_force, links
from leadterm.domain import DataMissing, InputError

from .test_installing import chapter

TODAY = date(2026, 11, 22)
LANDING = "/medicare/coding-billing/icd-10-codes"


def archive(**members: str) -> bytes:
    """A zip of texts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as one:
        for name, text in members.items():
            one.writestr(name, text)
    return packed.getvalue()


@dataclass
class Site:
    """What the server answers: bodies by path, and ways to fail."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    ranges: bool = True
    marks: dict[str, str] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    root: str = ""


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            site.seen.append((self.path, asked))
            if self.path in site.redirects:
                self.send_response(302)
                self.send_header("Location", site.redirects[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.path in site.statuses or self.path not in site.bodies:
                self.send_error(site.statuses.get(self.path, 404))
                return
            body, mark = site.bodies[self.path], site.marks.get(self.path, '"one"')
            start = int(asked[6:-1]) if asked and site.ranges and self.headers.get("If-Range") == mark else 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("ETag", mark)
            self.send_header("Content-Length", str(site.claims.get(self.path, len(body) - start)))
            self.end_headers()
            piece = body[start:]
            if self.path in site.cut:
                piece = piece[: site.cut.pop(self.path)]
                self.close_connection = True
            self.wfile.write(piece)

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.root = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


LOCAL = Policy(frozenset(("127.0.0.1",)), frozenset(("http",)), permits=lambda address: True, seconds=5)


def page(site: Site, group: str = "icd10cm", link: str = r"\d{4}-code-tables", terms: str = "free") -> Page:
    import re

    return Page(group, site.root + LANDING, re.compile(link), ("icd10cm:tabular",), terms)


@pytest.fixture
def copy(book: CodeBook, home: Path, tmp_path: Path) -> Path:
    shutil.copytree(home / "codesets", tmp_path / "home" / "codesets")
    return tmp_path / "home"


def landing(*names: str) -> bytes:
    rows = "".join(f'<li><a href="/files/zip/{name}">{name} (ZIP)</a></li>' for name in names)
    return f"<html><body><a href='#top'>Top</a><ul>{rows}</ul><a href='/about'>About</a></body></html>".encode()


def bring(site: Site, home: Path, **options: object) -> object:
    return update((), TODAY, home=home, policy=LOCAL, pages=(page(site),), **options)  # type: ignore[arg-type]


# --- the whole way ---


def test_the_newest_release_in_force_and_all_later_ones_are_fetched_and_installed(site: Site, copy: Path) -> None:
    site.bodies[LANDING] = landing(
        "2026-code-tables-tabular-index.zip",
        "2027-code-tables-tabular-index-updated-07-01-2026.zip",
        "april-1-2026-code-tables-tabular-index.zip",
        "2027-poster.zip",
    )
    name = "2027-code-tables-tabular-index-updated-07-01-2026.zip"
    site.bodies[f"/files/zip/{name}"] = archive(**{"icd10cm_tabular_2027.xml": chapter(2027)})
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(page(site),))
    assert [(o.release.name, o.release.period.start) for o in done.outcomes] == [("icd10cm:tabular", date(2026, 10, 1))]
    assert [path for path, _ in site.seen] == [LANDING, f"/files/zip/{name}"]
    assert any(r.period.start == date(2026, 10, 1) for r in open_book(copy).releases())


def test_what_was_installed_is_not_fetched_again(site: Site, copy: Path) -> None:
    site.bodies[LANDING] = landing("2027-code-tables.zip")
    site.bodies["/files/zip/2027-code-tables.zip"] = archive(**{"icd10cm_tabular_2027.xml": chapter(2027)})
    bring(site, copy)
    site.seen.clear()
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(page(site),))
    assert (done.outcomes, done.superfluous) == ((), ("2027-code-tables.zip",))
    assert [path for path, _ in site.seen] == [LANDING]


def test_a_file_with_a_wrong_member_is_asked_for_again(site: Site, copy: Path) -> None:
    site.bodies[LANDING] = landing("2027-code-tables.zip")
    site.bodies["/files/zip/2027-code-tables.zip"] = archive(**{"icd10cm_tabular_2027.xml": chapter(2025)})
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(page(site),))
    assert len(done.refused) == 1
    (again,), _ = wanted((), TODAY, accepted=False, home=copy, policy=LOCAL, pages=(page(site),))
    assert not again.present


def test_an_interrupted_update_changes_no_release(site: Site, copy: Path) -> None:
    manifest = (copy / "codesets/manifest.json").read_bytes()
    name = "/files/zip/2027-code-tables.zip"
    site.bodies[LANDING] = landing("2027-code-tables.zip")
    site.bodies[name] = archive(**{"icd10cm_tabular_2027.xml": chapter(2027)})
    site.cut[name] = 300
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(page(site),))
    assert "broke off after 300 of" in done.refused[0].reason
    assert (copy / "codesets/manifest.json").read_bytes() == manifest
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(page(site),))
    assert [o.status for o in done.outcomes] == ["installed"]
    assert site.seen[-1] == (name, "bytes=300-")


def test_one_page_that_fails_does_not_stop_the_others(site: Site, copy: Path) -> None:
    site.bodies[LANDING] = landing("2027-code-tables.zip")
    site.bodies["/files/zip/2027-code-tables.zip"] = archive(**{"icd10cm_tabular_2027.xml": chapter(2027)})
    moved = replace(page(site), url=f"{site.root}/moved", group="hcpcs")
    done = update((), TODAY, home=copy, policy=LOCAL, pages=(moved, page(site)))
    assert [o.status for o in done.outcomes] == ["installed"]
    assert "answered 404" in done.refused[0].reason


def test_a_page_that_names_no_file_any_more_is_told(site: Site, copy: Path) -> None:
    site.bodies[LANDING] = landing("poster.zip")
    with pytest.raises(InputError, match="names no file of icd10cm:tabular"):
        bring(site, copy)


# --- one file ---


def fetched(site: Site, tmp_path: Path, path: str = "/file.zip", policy: Policy = LOCAL) -> bytes:
    return fetch_file(site.root + path, tmp_path / "file.zip", policy, lambda done, total: None).path.read_bytes()


BODY = archive(**{"text.txt": "word " * 5_000, "noise.bin": "".join(chr(48 + i * 7 % 60) for i in range(90_000))})


def test_a_file_that_broke_off_is_continued_where_it_ended(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"], site.cut["/file.zip"] = BODY, 100
    with pytest.raises(InputError, match="goes on from there"):
        fetched(site, tmp_path)
    assert not (tmp_path / "file.zip").exists()
    assert fetched(site, tmp_path) == BODY
    assert site.seen[-1] == ("/file.zip", "bytes=100-")
    assert [p.name for p in tmp_path.iterdir()] == ["file.zip"]


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"], site.cut["/file.zip"] = b"PK\x03\x04" + b"old" * 500, 100
    with pytest.raises(InputError):
        fetched(site, tmp_path)
    site.bodies["/file.zip"], site.marks["/file.zip"] = BODY, '"two"'
    assert fetched(site, tmp_path) == BODY


def test_a_server_without_ranges_is_asked_from_the_start(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"], site.cut["/file.zip"], site.ranges = BODY, 100, False
    with pytest.raises(InputError):
        fetched(site, tmp_path)
    assert fetched(site, tmp_path) == BODY


def test_a_weak_mark_is_not_trusted_to_continue(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"], site.cut["/file.zip"], site.marks["/file.zip"] = BODY, 100, 'W/"one"'
    with pytest.raises(InputError):
        fetched(site, tmp_path)
    assert fetched(site, tmp_path) == BODY
    assert site.seen[-1] == ("/file.zip", "")


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"", b"PK"])
def test_what_is_no_archive_is_refused(site: Site, tmp_path: Path, body: bytes) -> None:
    site.bodies["/file.zip"] = body
    with pytest.raises(InputError, match="no archive"):
        fetched(site, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_it_is_too_large_is_not_fetched(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"], site.claims["/file.zip"] = BODY, 2 << 30
    with pytest.raises(InputError, match="larger than any release"):
        fetched(site, tmp_path)


def test_a_file_that_turns_out_too_large_is_cut_off(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"] = BODY
    with pytest.raises(InputError, match="larger than any release"):
        fetched(site, tmp_path, policy=replace(LOCAL, most_file=50))


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_status_that_is_no_file_is_told(site: Site, tmp_path: Path, status: int) -> None:
    site.statuses["/file.zip"] = status
    with pytest.raises(InputError, match=f"answered {status}"):
        fetched(site, tmp_path)


def test_a_full_disk_is_not_blamed_on_the_server(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"] = BODY
    (tmp_path / "file.zip.part").symlink_to("/dev/full")
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(DataMissing, match="LEADTERM_HOME"):
        fetch_file(site.root + "/file.zip", tmp_path / "file.zip", LOCAL, lambda done, total: None)


def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/file.zip"
        with pytest.raises(InputError, match="did not answer"):
            fetch_file(url, tmp_path / "x.zip", replace(LOCAL, seconds=0.3), lambda done, total: None)


# --- where may be asked ---


def test_redirects_are_followed_and_checked_like_the_first_request(site: Site, tmp_path: Path) -> None:
    site.bodies["/file.zip"] = BODY
    site.redirects["/a.zip"] = "/file.zip"
    assert fetched(site, tmp_path, "/a.zip") == BODY
    site.redirects["/b.zip"] = "http://localhost:9/file.zip"
    with pytest.raises(InputError, match="localhost is none of the official hosts"):
        fetched(site, tmp_path, "/b.zip")


def test_redirects_in_circles_end(site: Site, tmp_path: Path) -> None:
    site.redirects["/a.zip"] = "/b.zip"
    site.redirects["/b.zip"] = "/a.zip"
    with pytest.raises(InputError, match="in circles"):
        fetched(site, tmp_path, "/a.zip")
    assert len(site.seen) <= 6


def test_a_redirect_away_from_https_is_refused(site: Site) -> None:
    with pytest.raises(InputError, match="only https"):
        OFFICIAL.checked("http://www.cms.gov/files/zip/x.zip")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.cms.gov.evil.example/x.zip",
        "https://evil.example/www.cms.gov/x.zip",
        "https://user@www.cms.gov/x.zip",
        "https://www.cms.gov:8443/x.zip",
        "https://www.cms.gov@evil.example/x.zip",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x.zip",
        "https://2130706433/x.zip",
        "file:///etc/passwd",
        "ftp://ftp.cdc.gov/x.zip",
        "https://[bad/x.zip",
    ],
)
def test_addresses_that_are_not_official_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        OFFICIAL.checked(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "64:ff9b:1::1"],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_an_official_name_that_leads_inside_is_refused() -> None:
    policy = replace(OFFICIAL, resolve=lambda host, port: ["10.0.0.8"])
    with pytest.raises(InputError, match="private network"):
        fetch_page("https://www.cms.gov/x", policy)


def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    policy = replace(OFFICIAL, resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(InputError, match="private network"):
        fetch_page("https://www.cms.gov/x", policy)


def test_the_name_is_resolved_once_for_each_request(site: Site, tmp_path: Path) -> None:
    """A name that resolves differently the second time (DNS rebinding) changes nothing."""
    answers = iter(["127.0.0.1", "10.0.0.8"])
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    site.bodies["/file.zip"] = BODY
    policy = replace(LOCAL, permits=lambda address: address == "127.0.0.1", resolve=resolve)
    assert fetched(site, tmp_path, policy=policy) == BODY
    assert asked == ["127.0.0.1"]


def test_a_name_that_is_not_found_is_told() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(InputError, match="is not found"):
        fetch_page("https://www.cms.gov/x", replace(OFFICIAL, resolve=fails))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path / "own.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=www.cms.gov",
         "-addext", "subjectAltName=DNS:www.cms.gov", "-keyout", str(tmp_path / "key.pem"), "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[int, Site]]:
    found = Site(bodies={"/page": b"<html></html>"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda request, address: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_address[1], found
    server.shutdown()
    server.server_close()
    thread.join()


def tls(port: int, trust: ssl.SSLContext | None, host: str) -> Callable[[], tuple[str, str]]:
    """A page asked of the local TLS server under an official name: the port is put in after the check."""
    from leadterm.codesets.update import fetch

    policy = Policy(frozenset((host,)), permits=lambda address: True, resolve=lambda h, p: ["127.0.0.1"], trust=trust)
    original = fetch.http.client.HTTPSConnection.__init__

    def ask() -> tuple[str, str]:
        def aimed(self: object, host: str, _: int, **options: object) -> None:
            original(self, host, port, **options)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(fetch.http.client.HTTPSConnection, "__init__", aimed)
            return fetch_page(f"https://{host}/page", policy)

    return ask


def test_a_certificate_that_nobody_trusts_is_refused(secure: tuple[int, Site]) -> None:
    with pytest.raises(InputError, match="SSLCertVerificationError"):
        tls(secure[0], None, "www.cms.gov")()


def test_a_certificate_of_another_name_is_refused(secure: tuple[int, Site], certificate: Path) -> None:
    with pytest.raises(InputError, match="SSLCertVerificationError"):
        tls(secure[0], ssl.create_default_context(cafile=str(certificate)), "downloads.cms.gov")()


def test_a_trusted_certificate_of_the_right_name_is_accepted(secure: tuple[int, Site], certificate: Path) -> None:
    html, _ = tls(secure[0], ssl.create_default_context(cafile=str(certificate)), "www.cms.gov")()
    assert html == "<html></html>"


# --- pages and links ---

CMS = """
<a href="/files/zip/2026-code-tables-tabular-and-index.zip">2026 Code Tables (ZIP)</a>
<a href="https://www.cms.gov/files/zip/april-1-2026-code-tables-tabular-index.zip">April</a>
<a href=/files/zip/2027-code-tables-tabular-index.zip>2027</a>
<a href="/files/zip/2027-code-descriptions-tabular-order-updated-08-02-2026.zip">2027 descriptions</a>
<a href="/files/zip/2027-conversion-table.zip">conversion</a><a href="/files/zip/2027-poa-exempt-codes.zip">POA</a>
<a href="/files/zip/2027-icd-10-pcs-code-tables-and-index.zip">PCS</a>
<a href="/files/zip/2027-icd-10-pcs-order-file-long-and-abbreviated-titles.zip">PCS order</a>
<a href="/files/document/fy-2027-icd-10-cm-coding-guidelines.pdf">Guidelines</a>
<a href="javascript:void(0)">x</a><a>y</a><a href="">z</a>
"""


def test_each_kind_of_file_is_found_on_the_page_of_cms() -> None:
    found = {}
    for one in load_pages():
        if one.group in ("icd10cm", "icd10pcs"):
            taken = in_force(links(one, CMS, one.url), TODAY)
            found[one.brings[0]] = [(link.name, link.start) for link in taken]
    october = date(2026, 10, 1)
    assert found == {
        "icd10cm:tabular": [("2027-code-tables-tabular-index.zip", october)],
        "icd10cm:order": [("2027-code-descriptions-tabular-order-updated-08-02-2026.zip", october)],
        "icd10cm:conversion": [("2027-conversion-table.zip", october)],
        "icd10cm:poa-exempt": [("2027-poa-exempt-codes.zip", october)],
        "icd10pcs:tables": [("2027-icd-10-pcs-code-tables-and-index.zip", october)],
        "icd10pcs:order": [("2027-icd-10-pcs-order-file-long-and-abbreviated-titles.zip", october)],
        "icd10pcs:conversion": [],
    }


def test_in_may_the_april_update_is_the_newest_and_next_october_is_fetched_ahead() -> None:
    one = next(p for p in load_pages() if p.brings[0] == "icd10cm:tabular")
    found = [link.start for link in in_force(links(one, CMS, one.url), date(2026, 5, 14))]
    assert found == [date(2026, 4, 1), date(2026, 10, 1)]


@pytest.mark.parametrize(
    ("component", "names", "taken"),
    [
        ("hcpcs:codes", ["october-2026-alpha-numeric-hcpcs-file.zip", "july-2026-alpha-numeric-hcpcs-file.zip"], 1),
        (
            "ncci:ptp-practitioner",
            [f"medicare-ncci-2026q4-practitioner-ptp-edits-ccipra-v323r0-f{n}.zip" for n in (1, 2, 3, 4)]
            + ["medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip"],
            4,
        ),
        ("ncci:mue-practitioner", ["medicare-ncci-2026-q4-practitioner-services-mue-table.zip"], 1),
        (
            "opps:addendum-b",
            ["october-2026-opps-addendum-b.zip", "cy-2026-october-opps-addendum.zip", "july-2026-opps-addendum-b.zip"],
            2,
        ),
        ("pfs:rvu", ["rvu26d.zip", "rvu26c.zip", "rvu26a-updated-01-05-2026.zip"], 1),
    ],
)
def test_quarterly_files_of_the_newest_quarter_are_taken(component: str, names: list[str], taken: int) -> None:
    one = next(p for p in load_pages() if component in p.brings)
    html = "".join(f'<a href="/files/zip/{name}">x</a>' for name in names)
    found = [link.name for link in in_force(links(one, html, one.url), TODAY)]
    assert found == names[:taken]


def test_a_link_through_the_page_of_the_licence_leads_to_the_file_behind_it() -> None:
    one = next(p for p in load_pages() if "pfs:rvu" in p.brings)
    html = '<a href="https://www.cms.gov/license/ama?file=/files/zip/rvu26d.zip">RVU26D</a>'
    assert [link.url for link in links(one, html, one.url)] == ["https://www.cms.gov/files/zip/rvu26d.zip"]


ADDENDA = (
    "<a href='{0}/july-2026-addendum-b'>7</a><a href='{0}/october-2026-addendum-b'>10</a>"
    "<a href='{0}/october-2026-addendum-a'>A</a><a href='{0}/october-2026-asc-payment'>no</a><a href='/about'>x</a>"
)


def test_the_pages_of_releases_behind_a_landing_page_are_looked_at(site: Site) -> None:
    site.bodies[LANDING] = ADDENDA.format(LANDING).encode()
    for letter in "ab":
        file = f"/license/ama?file=/files/zip/october-2026-opps-addendum-{letter}.zip"
        site.bodies[f"{LANDING}/october-2026-addendum-{letter}"] = f"<a href='{file}'>Addendum</a>".encode()
    opps = next(p for p in load_pages() if p.group == "opps")
    found, failed = wanted((), TODAY, accepted=True, policy=LOCAL, pages=(replace(opps, url=site.root + LANDING),))
    assert [one.link.name for one in found] == [f"october-2026-opps-addendum-{letter}.zip" for letter in "ba"]
    assert failed == ()
    assert f"{LANDING}/july-2026-addendum-b" not in {path for path, _ in site.seen}


def test_a_page_of_a_release_elsewhere_is_not_asked(site: Site) -> None:
    site.bodies[LANDING] = b"<a href='http://elsewhere.example/october-2026-addendum-b'>x</a>"
    opps = replace(next(p for p in load_pages() if p.group == "opps"), url=site.root + LANDING)
    with pytest.raises(InputError, match="none of the official hosts"):
        wanted((), TODAY, accepted=True, policy=LOCAL, pages=(opps,))


def test_files_with_cpt_wait_for_the_licence() -> None:
    assert all(p.terms != AMA for p in chosen((), load_pages(), accepted=False))
    with pytest.raises(InputError, match="--accept-ama-licence"):
        chosen(("ncci",), load_pages(), accepted=False)
    assert {p.group for p in chosen(("ncci",), load_pages(), accepted=True)} == {"ncci"}


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(InputError, match="there are icd10cm, icd10pcs"):
        chosen(("icd12",), load_pages(), accepted=False)


def test_every_page_is_of_an_official_host_over_https() -> None:
    for one in load_pages():
        assert OFFICIAL.checked(one.url).hostname in OFFICIAL.hosts
