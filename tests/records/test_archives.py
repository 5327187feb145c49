"""Packed files: their charts as if they lay in a folder, bombs and what is no chart refused in a sentence."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from leadterm.domain import Encounter, InputError
from leadterm.records import Overrides, archives, read_charts, read_joined, read_upload

GOUT, FEVER = b"Assessment: gout.", b"Assessment: fever."


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


def told(name: str, raw: bytes) -> dict[str, str]:
    """Texts of the charts by their ids."""
    charts = (chart.content for chart in read_upload(name, raw, Overrides()))
    return {e.id: "".join(d.text for d in e.documents) for e in charts if isinstance(e, Encounter)}


def test_the_files_of_a_zip_are_charts_and_what_shows_them_is_none() -> None:
    files = {"b/two.rtf": b"{\\rtf1 Fever.}", "a/one.txt": GOUT, "a/style.xsl": b"<x/>", "__MACOSX/a/one.txt": b"x"}
    files |= {"Thumbs.db": b"\xd0\xcf\x11\xe0", "a/README.txt": b"How this was made."}
    assert told("export.zip", packed(files)) == {"one": GOUT.decode(), "two": "Fever."}


def test_a_gzip_is_what_it_holds() -> None:
    assert told("note.txt.gz", gzip.compress(GOUT)) == {"note": GOUT.decode()}


def test_of_an_exchange_the_documents_alone_are_read() -> None:
    files = {
        "README.TXT": b"How to open this.",
        "INDEX.HTM": b"<html><body>Contents</body></html>",
        "IHE_XDM/SUBSET01/METADATA.XML": b"<SubmitObjectsRequest/>",
        "IHE_XDM/SUBSET01/DOC0001.TXT": GOUT,
    }
    assert told("xdm.zip", packed(files)) == {"DOC0001": GOUT.decode()}


def test_files_of_one_visit_are_joined_within_an_archive_as_in_a_folder(tmp_path: Path) -> None:
    head = b"MRN: 778812\nVisit #: V2001\n\n"
    path = tmp_path / "visit.zip"
    path.write_bytes(packed({"a.txt": head + GOUT, "b.txt": head + FEVER}))
    (chart,) = read_joined([path], io.BytesIO(), Overrides())
    assert isinstance(chart.content, Encounter)
    assert [d.file for d in chart.content.documents] == ["a.txt", "b.txt"]
    assert [c.is_row for c in read_charts(path, io.BytesIO(), Overrides())] == [True, True]


def a_bomb() -> bytes:
    return packed({"a.txt": bytes(archives.ALWAYS + archives.PIECE + 1)})


def lying() -> bytes:
    """A zip that says that it holds one byte."""
    raw = packed({"a.txt": GOUT * 9})
    size = (len(GOUT) * 9).to_bytes(4, "little")
    return raw.replace(size, (1).to_bytes(4, "little"))


def nameless() -> bytes:
    """A zip whose only file has no name: where one is cut off by a zero."""
    return packed({"a.txt": GOUT}).replace(b"a.txt", b"\0.txt")


def locked() -> bytes:
    raw = bytearray(packed({"a.txt": GOUT}, zipfile.ZIP_STORED))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (a_bomb(), "expands to more than"),
        (gzip.compress(bytes(archives.ALWAYS + archives.PIECE + 1)), "expands to more than"),
        (packed({f"{n}.txt": b"" for n in range(10_001)}, zipfile.ZIP_STORED), "more than 10,000 files"),
        (packed({"b.zip": packed({"a.txt": GOUT})}), "holds another archive"),
        (gzip.compress(gzip.compress(GOUT)), "holds another archive"),
        (packed({"[Content_Types].xml": b"", "word/document.xml": b""}), "save it as PDF"),
        (packed({"a.txt": GOUT}, zipfile.ZIP_LZMA), "packed in a way"),
        (packed({"style.css": b""}), "no file that could be coded"),
        (locked(), "password"),
        (nameless(), "no file that could be coded"),
        (packed({"a.txt": GOUT})[:-9], "damaged or cut off"),
        (gzip.compress(GOUT)[:-9], "damaged or cut off"),
        (lying(), "damaged or cut off"),
    ],
)
def test_what_is_too_much_or_no_chart_is_refused_in_a_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        told("export.zip", raw)
    assert "gout" not in str(refused.value)


def test_an_archive_is_opened_no_further_than_a_record_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_EXPANDED", 3 * len(GOUT))
    files = {f"{n}.txt": GOUT for n in range(3)}
    assert len(told("export.zip", packed(files))) == 3
    with pytest.raises(InputError, match="expands to more than"):
        told("export.zip", packed(files | {"3.txt": GOUT}))
