from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest

import leadterm
from leadterm._xml import MOST_DEPTH, parse
from leadterm.domain import InputError


class Recorder:
    def __init__(self) -> None:
        self.events: list[tuple[str, str, int]] = []
        self.attributes: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        self.events.append(("start", name, at))
        self.attributes.append(attributes)

    def end(self, name: str, at: int) -> None:
        self.events.append(("end", name, at))

    def text(self, text: str, at: int) -> None:
        self.events.append(("text", text, at))


def read(source: bytes) -> Recorder:
    recorder = Recorder()
    parse(source, recorder)
    return recorder


def test_offsets_are_bytes_of_the_file() -> None:
    source = "<a><b>é</b>x</a>".encode()
    events = read(source).events
    assert [e for e in events if e[0] == "start"] == [("start", "a", 0), ("start", "b", 3)]
    assert ("text", "x", source.index(b"x")) in events
    assert ("end", "b", source.index(b"</b>")) in events


def test_every_stretch_of_text_stands_at_its_offset() -> None:
    source = "<t>one\ntwo &amp; drei é</t>".encode()
    for kind, text, at in read(source).events:
        if kind == "text" and text != "&":
            assert source[at : at + len(text.encode())] == text.encode()


def test_undeclared_prefixes_come_as_written() -> None:
    recorder = read(b'<sdtc:raceCode xsi:type="CD"/>')
    assert recorder.events[0] == ("start", "sdtc:raceCode", 0)
    assert recorder.attributes == [{"xsi:type": "CD"}]


def test_a_stream_is_read_piece_by_piece() -> None:
    recorder = Recorder()
    parse(io.BytesIO(b"<a>" + b"x" * 200_000 + b"</a>"), recorder)
    assert sum(len(text) for kind, text, _ in recorder.events if kind == "text") == 200_000


@pytest.mark.parametrize(
    "source",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<?xml version="1.0"?>\n<!DOCTYPE a PUBLIC "-//W3C//DTD" "http://example.invalid/x.dtd"><a/>',
    ],
)
def test_a_document_type_is_refused(source: bytes) -> None:
    with pytest.raises(InputError, match="DOCTYPE"):
        read(source)


@pytest.mark.parametrize("source", [b"", b"<a>", b"<a></b>", b"<a>&undeclared;</a>", b"\xff\xfe<"])
def test_what_is_not_well_formed_is_refused(source: bytes) -> None:
    with pytest.raises(InputError, match="not well-formed"):
        read(source)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="encoding"):
        read(b'<?xml version="1.0" encoding="x-nonsense"?><a/>')


def test_an_error_of_the_handler_stays_its_own() -> None:
    class Failing(Recorder):
        def text(self, text: str, at: int) -> None:
            raise KeyError(text)

    with pytest.raises(KeyError):
        parse(b"<a>x</a>", Failing())


def test_the_sentence_names_the_line_and_not_the_text() -> None:
    with pytest.raises(InputError, match="line 2") as refused:
        read(b"<a>\n<secret>words</b></a>")
    assert "secret" not in str(refused.value)
    assert "words" not in str(refused.value)


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(InputError, match="nests"):
        read(b"<a>" * (MOST_DEPTH + 1))


PARSERS = {"xml", "pyexpat", "lxml", "defusedxml", "bs4", "html5lib", "xmltodict"}


def imported(source: str) -> set[str]:
    """The packages that a module imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def test_no_other_module_imports_a_parser_of_xml() -> None:
    root = Path(leadterm.__file__).parent
    using = {p.relative_to(root).as_posix() for p in root.rglob("*.py") if imported(p.read_text("utf-8")) & PARSERS}
    assert using == {"_xml.py"}


@pytest.mark.parametrize("line", ["import xml.dom", "from xml.sax import parse", "if 1:\n from lxml import etree"])
def test_another_import_would_be_found(line: str) -> None:
    assert imported(line) & PARSERS
