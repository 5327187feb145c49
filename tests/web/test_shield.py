"""What every answer carries, what the pages are made of, and how errors are told."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from httpx import Client

from leadterm.codesets import CodeBook
from leadterm.web import shield
from leadterm.web.assets import Assets
from leadterm.web.keys import KEYS

WEB = Path(str(files("leadterm.web")))
DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-code-book.md"
EVERYWHERE = ("/", "/tabular", "/nothing", "/api/nothing", "/api/search?q=x", "/api/icd10cm/v3/search?terms=x")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_shuts_the_browser_in(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == shield.CONTENT_SECURITY_POLICY
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", [*EVERYWHERE, "/codes/icd10cm/E11.22"])
def test_head_answers_as_get_without_a_body(client: Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


def test_pages_hold_no_inline_script_and_no_inline_style(client: Client) -> None:
    for path in ("/", "/tabular/E11", "/codes/icd10cm/S52.521A", "/pcs?code=0FQ", "/index?q=diabetes", "/releases"):
        html = client.get(path).text
        assert not re.search(r"<script(?![^>]* src=)", html)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)


def test_nothing_that_is_served_names_another_machine(client: Client) -> None:
    for folder in ("templates", "static/js", "static/css"):
        for file in filter(Path.is_file, (WEB / folder).rglob("*")):
            assert not re.search(r"(?:https?:)?//[a-z0-9]", file.read_text(encoding="utf-8").replace("// ", "")), file
    assert not re.findall(r'(?:href|src|action)="(?:https?:)?//', client.get("/tabular/E11").text)


def test_vendored_files_are_as_their_owners_published_them() -> None:
    vendor = WEB / "static" / "vendor"
    listed = tomllib.loads((vendor / "vendor.toml").read_text(encoding="utf-8"))["file"]
    for one in listed:
        assert hashlib.sha256((vendor / one["path"]).read_bytes()).hexdigest() == one["sha256"]
        assert one["version"] in one["path"]
        assert (vendor / one["licence_file"]).stat().st_size > 100
    told = {one[key] for one in listed for key in ("path", "licence_file")} | {"vendor.toml"}
    assert {file.name for file in vendor.iterdir()} == told


def test_static_files_are_kept_for_ever_under_their_hash(client: Client) -> None:
    assets = Assets.load()
    first = client.get(assets.address("css/book.css"))
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = client.get(assets.address("css/book.css"), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_static_file_of_another_version_is_not_kept_for_ever(client: Client) -> None:
    assert client.get("/static/000000000000/css/book.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["..%2fapp.py", "%2e%2e%2fapp.py", "..%5capp.py", "css/none.css", "%00", "templates/base.html"]
)
def test_only_static_files_are_served(client: Client, path: str) -> None:
    assert client.get(f"/static/{Assets.load().version}/{path}").status_code == 404


def test_every_file_that_a_page_names_is_served(client: Client) -> None:
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/tabular/E99.9", 404),
        ("/codes/icd10cm/E99.99", 404),
        ("/codes/klingon/E11", 400),
        ("/index/nothing", 404),
        ("/index?at=Nowhere", 404),
        ("/tabular?on=tomorrow", 400),
        ("/?q=" + "x" * 201, 400),
        ("/releases/diff?a=2020-01-01&b=hcpcs:codes@2020-07-01", 400),
        ("/releases/diff?a=x@2020-01-01&b=y@2020-01-01", 400),
        ("/releases/diff?a=2020-01-01&b=2021-01-01&kind=vanished", 400),
    ],
)
def test_a_page_that_there_is_not_says_so_in_a_sentence(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert '<p class="lead">' in answer.text
    assert "Traceback" not in answer.text


def test_what_is_typed_is_shown_as_text(client: Client) -> None:
    html = client.get("/", params={"q": '<script>alert("x")</script>'}).text
    assert "<script>alert" not in html


def test_an_error_of_ours_shows_nothing_of_the_inside(
    client: Client, library: CodeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(library, "search", broken)
    for path in ("/?q=broken", "/api/search?q=broken", "/api/icd10cm/v3/search?terms=broken"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert answer.headers["content-security-policy"] == shield.CONTENT_SECURITY_POLICY


def test_every_key_is_documented() -> None:
    told = DOCS.read_text(encoding="utf-8")
    assert [key.keys for key in KEYS if f"| `{key.keys}` |" not in told] == []


def test_every_address_is_documented() -> None:
    told = DOCS.read_text(encoding="utf-8")
    from leadterm.web.app import ROUTES

    fragments = {"/typeahead", "/index/typeahead", "/index/below"}
    assert [path for path in ROUTES.keys() - fragments if f"`{path}" not in told] == []
