"""What must hold of a reader on any input, and the records that inputs are made from."""

from __future__ import annotations

import gzip
import io
import os
import time
import tracemalloc
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from leadterm.domain import Encounter, InputError
from leadterm.records import BadRow, Overrides, read_upload
from leadterm.records.charts import RECORDS
from leadterm.records.formats import Format

LARGEST_SEED = 20_000
SMALL_ONES = 200
SECONDS_A_RECORD = 0.5
SECONDS_A_BYTE = 50e-6
TIMES_THE_INPUT = 10
# What tables and imports of a first use take, and the least that anything takes.
ROOM = 4_000_000

ANY = "any"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


NAMES: Mapping[str, str] = {
    "ccda": "record.xml",
    "fhir": "record.json",
    "hl7v2": "record.hl7",
    "rtf": "record.rtf",
    "pdf": "record.pdf",
    "table": "record.csv",
    "html": "record.html",
    "archive": "record.zip",
    ANY: "record",
}
FORMATS: Mapping[str, Format] = {
    "ccda": Format.XML,
    "fhir": Format.FHIR,
    "hl7v2": Format.HL7V2,
    "rtf": Format.RTF,
    "pdf": Format.PDF,
    "table": Format.TABLE,
    "html": Format.HTML,
}
# Where samples of the common data are, and how their names end.
SAMPLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ccda": ("ccda", (".xml", ".ccda", ".ccd")),
    "fhir": ("fhir", (".json", ".ndjson")),
    "hl7v2": ("hl7v2", (".hl7",)),
    "pdf": ("ccda", (".pdf",)),
}


def _pdf(content: bytes) -> bytes:
    """A PDF of one page with a text, a font, a form and a stream of objects."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 4 0 R>>/XObject<</X 7 0 R>>>>"
    within = b"8 0 <</A 1>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page + b"/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/ObjStm/N 1/First 4/Length %d>>stream\n%s\nendstream" % (len(within), within),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 6>>stream\n/X Do \nendstream",
    )
    body = b"".join(b"%d 0 obj%s endobj\n" % numbered for numbered in enumerate(objects, 1))
    return b"%PDF-1.5\n" + body + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


WRITTEN: Mapping[str, tuple[bytes, ...]] = {
    "ccda": (
        b'<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><title>A</title>'
        b"<text><table><tr><td ID='a'>Asthma</td></tr></table><list><item>x</item></list></text><entry><act>"
        b"<code code='1' codeSystem='2.16.840.1.113883.6.96'><originalText><reference value='#a'/></originalText>"
        b"</code></act></entry></section></component></structuredBody></component></ClinicalDocument>",
        b"<ClinicalDocument><component><nonXMLBody><text mediaType='text/plain' representation='B64'>RmV2ZXI=</text>"
        b"</nonXMLBody></component></ClinicalDocument>",
    ),
    "fhir": (
        b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"DocumentReference","id":"d","content":'
        b'[{"attachment":{"contentType":"text/plain","data":"RmV2ZXIu"}}]}},{"resource":{"resourceType":"Condition",'
        b'"id":"c","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}}}]}',
    ),
    "hl7v2": (
        b"MSH|^~\\&|A|B|C|D|20260514||MDM^T02|1|P|2.5\rPID|1||7||F^A||19590211|F\rPV1|1|O\r"
        b"TXA|1|PN|TX|||||||||D1|||||AU\rOBX|1|FT|x||a\\.br\\b\\T\\c\\X41\\~d\rDG1|1||I10^x^I10C|||F\r",
    ),
    "rtf": (
        b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 A:\\par \\b asthma\\b0 \\'e9 \\u233? {\\*\\x y}}",
        b"{\\rtf1\\mac{\\info{\\title t}}\\trowd a\\cell b\\cell\\row\\bin4 1234 c}",
    ),
    "pdf": (_pdf(b"BT /F1 12 Tf 72 700 Td (Acute cough.) Tj 0 -14 Td (Fever.) Tj ET"),),
    "table": (
        b'visit;note type;note date;note\nV1;progress;2026-05-14;"Cough ""dry"".\nAsthma."\nV2;;5/14/2026;Fever.\n',
    ),
    "html": (
        b"<!doctype html><html><head><style>p{}</style></head><body><h1>A</h1><p>Fever &amp; <b>cough</b><br>now"
        b"<table><tr><td>gout<td>2012</table><ul><li>x</ul><pre> a\n b</pre></body></html>",
    ),
    "archive": (_zipped({"a.txt": b"Assessment: gout.", "b/c.rtf": b"{\\rtf1 Fever.}"}), gzip.compress(b"Fever. " * 9)),
}


def seeds(reader: str) -> tuple[bytes, ...]:
    """The records that inputs of a reader are made from; those of the common data too where it is."""
    if reader == ANY:
        return tuple(seed for name in FORMATS for seed in seeds(name)[:40])
    # Of each hundred PDFs some are real ones, which have very many characters for each to be asked for.
    found = list(WRITTEN.get(reader, ())) * (SMALL_ONES if reader == "pdf" else 1)
    shared = os.environ.get("LEADTERM_SHARED")
    if shared and reader in SAMPLES:
        folder, endings = SAMPLES[reader]
        for path in sorted((Path(shared) / "samples" / folder).rglob("*")):
            if path.suffix.lower() in endings and path.stat().st_size <= LARGEST_SEED * (50 if reader == "pdf" else 1):
                found.append(path.read_bytes())
    return tuple(found)


def reads(reader: str, raw: bytes) -> None:
    """Nothing where the record is read or refused in time, and each character stands where its origin says."""
    spent = seconds_for(reader, raw)
    assert spent < allowed(raw), f"{spent:.2f} s for {len(raw)} bytes"


def seconds_for(reader: str, raw: bytes) -> float:
    """What it takes until the record is read or refused; each character then stands where its origin says."""
    began = time.process_time()
    with suppress(InputError):
        for encounter in _encounters(reader, raw):
            _stands(encounter)
    return time.process_time() - began


def allowed(raw: bytes) -> float:
    """The seconds that a record may take."""
    return SECONDS_A_RECORD + SECONDS_A_BYTE * len(raw)


def takes_memory(reader: str, raw: bytes) -> int:
    """The most bytes that are held at a time while a record is read, beyond those that anything takes."""
    tracemalloc.start()
    try:
        reads_slowly(reader, raw)
        return tracemalloc.get_traced_memory()[1] - ROOM
    finally:
        tracemalloc.stop()


def reads_slowly(reader: str, raw: bytes) -> None:
    """As `reads`, however long it takes."""
    with suppress(InputError):
        for _ in _encounters(reader, raw):
            pass


def _encounters(reader: str, raw: bytes) -> Iterable[Encounter]:
    if reader in FORMATS:
        return RECORDS[FORMATS[reader]](raw, NAMES[reader], "record")
    read = (chart.content for chart in read_upload(NAMES[reader], raw, Overrides()))
    return (content for content in read if not isinstance(content, BadRow))


def _stands(encounter: Encounter) -> None:
    for document in encounter.documents:
        end = 0
        for stretch in document.origin or ():
            assert end <= stretch.start
            end = stretch.start + stretch.length
        assert end <= len(document.text)
    for code in encounter.codes:
        assert code.code.strip()
