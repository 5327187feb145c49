"""PDF: words with page and box, pages that are pictures, files that are none."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from leadterm.domain import Document, Encounter, InputError, Span
from leadterm.records import pdf
from leadterm.records.attachments import Attachment, opened

pytest.importorskip("pypdfium2", reason="the extra [pdf] is not installed")

IMAGE = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1"
PICTURE = b"<<" + IMAGE + b">>stream\n\0\nendstream"


def a_pdf(*contents: bytes, filter_: bytes = b"") -> bytes:
    """A file of one page for each stream of drawing orders."""
    pages = [4 + 2 * n for n in range(len(contents))]
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(b"%d 0 R" % n for n in pages)),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        900: PICTURE,
    }
    for number, content in zip(pages, contents, strict=True):
        resources = b"<</Font<</F1 3 0 R>>/XObject<</I1 900 0 R>>>>"
        objects[number] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources%s/Contents %d 0 R>>" % (
            resources,
            number + 1,
        )
        objects[number + 1] = b"<<%s/Length %d>>stream\n%s\nendstream" % (filter_, len(content), content)
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, value) for number, value in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def line(text: bytes, left: int = 72, bottom: int = 700) -> bytes:
    return b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (left, bottom, text)


SCAN = b"q 100 0 0 100 72 600 cm /I1 Do Q"


def read(raw: bytes) -> Encounter:
    (found,) = pdf.read(raw, "note.pdf", "note")
    return found


def only(raw: bytes) -> Document:
    (document,) = read(raw).documents
    return document


def test_wide_blanks_of_a_line_part_cells() -> None:
    # As a table is drawn: cells at their places, blanks of one line within them.
    row = line(b"Breast cancer, left") + line(b"Resolved", 250) + line(b"2012", 330)
    assert only(a_pdf(row)).text == "Breast cancer, left\tResolved\t2012"


def test_heads_and_feet_do_not_part_a_sentence() -> None:
    def page(number: int, body: bytes) -> bytes:
        return line(b"Okafor, Ada MRN 30418") + line(body, 72, 600) + line(b"Page %d of 3" % number, 72, 30)

    note = only(a_pdf(page(1, b"She has no fever or"), page(2, b"cough. Her rash is gone."), page(3, b"Plan: rest.")))
    assert note.text == (
        "Okafor, Ada MRN 30418\nShe has no fever or\ncough. Her rash is gone.\nPage 2 of 3"
        "\n\nOkafor, Ada MRN 30418\nPlan: rest.\nPage 3 of 3"
    )


def test_words_have_page_and_box() -> None:
    note = only(a_pdf(line(b"Acute cough."), line(b"Fever.", 100, 500)))
    assert note.text == "Acute cough.\n\nFever."
    assert note.origin is not None
    place = note.origin.place(Span(14, 20))
    assert place is not None
    page, _, box = place.partition(", box ")
    left, bottom, right, top = (float(side) for side in box.split())
    assert page == "page 2"
    assert 100 <= left < right < 140
    assert 497 < bottom < 501 < top < 515


def test_lines_of_a_page_are_lines() -> None:
    assert only(a_pdf(line(b"Plan") + line(b"Rest.", bottom=680))).text == "Plan\nRest."


def test_pages_without_text_are_told_as_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.setattr("leadterm.records.recognising.shutil.which", lambda _: None)
    found = read(a_pdf(SCAN, line(b"Cough."), SCAN))
    assert found.documents[0].text == "Cough."
    assert [(note.rule, note.message) for note in found.notes] == [
        ("LEADTERM:records/scan", "2 pages are pictures, without a text layer: what stands there was not read.")
    ]


TESSERACT = """#!/bin/sh
head -c 2 > /dev/null
cat > /dev/null
printf 'block_num\\tpar_num\\tline_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n'
printf '1\\t1\\t1\\t300\\t300\\t300\\t50\\t96.1\\tAcute\\n1\\t1\\t1\\t650\\t300\\t300\\t50\\t91\\tcough\\n'
printf '1\\t1\\t1\\t950\\t300\\t30\\t50\\t12\\tqx\\n1\\t1\\t2\\t300\\t400\\t300\\t50\\t80\\tnow\\n'
"""


def test_pictures_are_read_where_tesseract_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text(TESSERACT, encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = read(a_pdf(SCAN))
    (note,) = found.documents
    assert note.text == "Acute cough\nnow", "what it is not sure of is left out"
    assert note.origin is not None
    # A picture has whole dots, so that its upper edge may lie a quarter of a point above the page's.
    assert note.origin.place(Span(0, 5)) == "page 1, box 72 708.2 144 720.2"
    assert [n.message for n in found.notes] == ["1 page is a picture, read by tesseract: check what is quoted of them."]


@pytest.mark.parametrize("raw", [b"%PDF-1.4\nnothing", b"%PDF-1.7\n" + b"<</Type/Page" * 2000])
def test_what_is_no_pdf_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match="is no PDF that can be read"):
        read(raw)


def test_a_bomb_of_compressed_blanks_is_bounded() -> None:
    bomb = zlib.compress(zlib.compress(b" " * 300_000_000, 9), 9)
    try:
        found = read(a_pdf(bomb, filter_=b"/Filter[/FlateDecode/FlateDecode]"))
    except InputError:
        return
    assert found.documents == ()


def test_more_text_than_a_file_of_its_size_holds_is_refused() -> None:
    from leadterm.records.pdf import worker

    page = SimpleNamespace(get_textpage=lambda: SimpleNamespace(count_chars=lambda: 1_000_001))
    with pytest.raises(SystemExit) as ended:
        worker._page(page, False, worker.CHARACTERS)
    assert ended.value.code == 5
    assert "far more text" in pdf.REFUSALS[5]


def test_an_attachment_names_its_place_in_the_record() -> None:
    attachment = Attachment(a_pdf(line(b"Cough.")), "application/pdf", "OBX[1]-5")
    text, origin, notes = opened(attachment)
    assert (text, notes) == ("Cough.", ())
    assert origin is not None
    assert (origin.place(Span(0, 6)) or "").startswith("OBX[1]-5, page 1, box ")


@pytest.mark.shared
def test_real_files_are_read(shared: Path) -> None:
    files = sorted((shared / "samples/ccda").rglob("*.pdf"))
    assert len(files) >= 4
    for path in files:
        assert len(only(path.read_bytes()).text) > 1000, path.name


def test_an_attachment_of_a_wrong_type_is_opened_by_its_beginning() -> None:
    assert opened(Attachment(a_pdf(line(b"Cough.")), "application/octet-stream", "x"))[0] == "Cough."


def lines(left: int, top: int, *words: bytes) -> bytes:
    """A cell as it is drawn: its lines below each other."""
    return b"".join(line(text, left, top - 14 * number) for number, text in enumerate(words))


def test_the_lines_of_a_cell_are_one() -> None:
    head = line(b"PROBLEMS")
    first = (
        lines(72, 680, b"Deep vein", b"thrombosis,", b"left leg")
        + lines(140, 680, b"2015")
        + lines(200, 680, b"Resolved")
    )
    second = lines(72, 630, b"Gout") + lines(140, 630, b"2010") + lines(200, 630, b"treated with", b"allopurinol")
    assert only(a_pdf(head + first + second)).text == (
        "PROBLEMS\nDeep vein thrombosis, left leg\t2015\tResolved\nGout\t2010\ttreated with allopurinol"
    )


def test_blocks_side_by_side_keep_their_lines() -> None:
    # The next word had room: the line was meant to end.
    head = (
        line(b"SUMMARY")
        + lines(72, 680, b"MRN: 778812", b"DOB: 01/02/1950")
        + lines(320, 680, b"Visit #: V77", b"Sex: F")
    )
    centred = (
        lines(72, 580, b"Community Hospital") + line(b"Discharge Summary", 80, 566) + line(b"MRN: 778812", 200, 580)
    )
    assert only(a_pdf(head)).text == "SUMMARY\nMRN: 778812\nDOB: 01/02/1950\nVisit #: V77\nSex: F"
    assert only(a_pdf(line(b"GENERAL") + centred)).text == "GENERAL\nCommunity Hospital\nDischarge Summary\nMRN: 778812"
