"""A code book with small releases of every component that has a page: the embedded ones, and invented ones beside."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.codesets.made import read, release, store, written
from tests.codesets.pcs_made import FILES as PCS_FILES
from tests.codesets.test_hcpcs_format import record

from leadterm.codesets import CodeBook, lexicon, open_book
from leadterm.codesets.formats import Format, Offered, alphabetic_index, column_tables, gems, hcpcs
from leadterm.codesets.store import Kept, Manifest, index_name

# The key of the desk, for whoever tests it: a program shows it as `Authorization: Bearer`.
TOKEN = "invented-token-of-the-tests-and-of-no-desk1"
FILLER = "".join(f'<term level="1"><title>kind {n:03}</title><code>A00.{n % 10}</code></term>' for n in range(500))
INDEX = f"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2026</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
<letter><title>D</title>
<mainTerm><title>Diabetes, diabetic<nemod>(mellitus) (sugar)</nemod></title><code>E11.9</code>
  <term level="1"><title>type 2</title><code>E11.9</code>
    <term level="2"><title>with</title>
      <term level="3"><title>chronic kidney disease</title><code>E11.22</code></term>
      <term level="3"><title>glow<nemod>(mild)</nemod></title><code>E11.40</code><manif>[I43]</manif></term>
    </term>
  </term>
</mainTerm>
<mainTerm><title>Dropsy</title><see>Diabetes, type 2</see></mainTerm>
</letter>
<letter><title>W</title>
<mainTerm><title>Wide</title><code>A00.9</code>{FILLER}
  <term level="1"><title>last</title><code>A01.00</code>
    <term level="2"><title>within the last</title><code>A01.01</code></term>
  </term>
</mainTerm>
</letter></ICD10CM.index>"""
EXTERNAL = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2026</version><title>ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX</title>
<letter><title>F</title><mainTerm><title>Fall, falling<nemod>(accidental)</nemod></title><code>W19</code>
  <term level="1"><title>from</title><term level="2"><title>ladder</title><code>W11</code></term></term>
</mainTerm></letter></ICD10CM.index>"""
DRUG_HEADS = (
    *("Substance", "Poisoning Accidental (unintentional)", "Poisoning Intentional self-harm", "Poisoning Assault"),
    *("Poisoning Undetermined", "Adverse Effect", "Underdosing"),
)
NEOPLASM_HEADS = (
    *("Neoplasm", "Malignant Primary", "Malignant Secondary", "Ca in situ"),
    *("Benign", "Uncertain Behavior", "Unspecified Behavior"),
)


def table(title: str, heads: Iterable[str], *terms: str) -> str:
    """A table with columns, as the official file writes it."""
    columns = "".join(f'<head col="{n}">{head}</head>' for n, head in enumerate(heads, 1))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><ICD10CM.index><version>2026</version><title>{title}</title>'
        f"<indexHeading>{columns}</indexHeading><letter><title>A</title>{''.join(terms)}</letter></ICD10CM.index>"
    )


def cells(*codes: str) -> str:
    """The six cells of a row."""
    return "".join(f'<cell col="{n}">{code}</cell>' for n, code in enumerate(codes, 2))


DRUG = table(
    "ICD-10-CM TABLE of DRUGS and CHEMICALS",
    DRUG_HEADS,
    f"<mainTerm><title>Aspirin</title>{cells('T39.011', 'T39.012', 'T39.013', 'T39.014', 'T39.015', 'T39.016')}"
    f'<term level="1"><title>glowing</title>{cells("T39.091", "T39.092", "T39.093", "T39.094", "T39.095", "T39.096")}'
    "</term></mainTerm>",
    f"<mainTerm><title>Moonwater</title>{cells('T50.991', 'T50.992', 'T50.993', 'T50.994', '--', '--')}</mainTerm>",
)
NEOPLASM = table(
    "ICD-10-CM NEOPLASM TABLE",
    NEOPLASM_HEADS,
    f"<mainTerm><title>Neoplasm, neoplastic</title>{cells('C80.1', 'C79.9', 'D09.9', 'D36.9', 'D48.9', 'D49.9')}"
    f'<term level="1"><title>breast</title>{cells("C50.9-", "C79.81", "D05.-", "D24.-", "D48.6-", "D49.3")}</term>'
    "</mainTerm>",
)
MODIFIER = record("RT", "Right side", kind="7")
HCPCS = {
    "2020-07": (record("A0001", "Moon bandage, each"), record("E0002", "Lamp"), record("V9999", "Eyeglass"), MODIFIER),
    "2020-10": (
        record("A0001", "Moon bandage, large, each"),
        record("E0003"),
        record("J1885", "Star water, 15 mg"),
        record("V9999"),
        MODIFIER,
    ),
}
GEM = "".join(
    f"{line}\r\n"
    for line in (
        *("E1122  25040  10000", "E1122  5859   10111", "E119   25000  10000"),
        *("Z9989  NoDx   11000", "A000   0010   00000"),
    )
)
DAYS = {"2020-07": "HCPC2020_JUL_ANWEB.txt", "2020-10": "HCPC2020_OCT_ANWEB.txt"}


def full(home: Path, folder: Path) -> CodeBook:
    """The releases of `home` and the invented ones, as a home in `folder`."""
    stores = folder / "codesets"
    stores.mkdir(parents=True)
    manifest = Manifest.load(home / "codesets")
    kept = list(manifest.kept)
    for one in kept:
        os.link(home / "codesets" / one.release.path, stores / one.release.path)
    for number, (form, files) in enumerate(_given()):
        found, made = read(form, *files)
        name = f"made-{number}"
        store(stores, made, name)
        size = (stores / f"{name}.sqlite").stat().st_size
        kept.append(Kept(release(found, made, f"{name}.sqlite"), "", size, "0" * 64))
    # No test searches for what is invented here, so the search of the embedded releases does, under the new name.
    search = index_name(kept, lexicon.digest())
    shutil.copytree(home / "codesets" / manifest.search, stores / search)
    Manifest(tuple(kept), search).save(stores)
    return open_book(folder)


@contextmanager
def serving(book: CodeBook, routes: Iterable[Any] = (), desk: Callable[[CodeBook], Any] | None = None) -> Iterator[str]:
    """The address of a server over a code book, over further routes before its own, and over a desk."""
    import uvicorn

    from leadterm.web import create_app
    from leadterm.web.access import Access

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(book, desk, access=Access.at(port=port, token=TOKEN))
    app.router.routes[:0] = routes
    config = uvicorn.Config(app, port=port, log_level="critical", access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def _given() -> Iterable[tuple[Format, tuple[Offered, ...]]]:
    texts = {
        "icd10cm_index_2026.xml": (alphabetic_index.FORMATS, INDEX),
        "icd10cm_eindex_2026.xml": (alphabetic_index.FORMATS, EXTERNAL),
        "icd10cm_drug_2026.xml": (column_tables.FORMATS, DRUG),
        "icd10cm_neoplasm_2026.xml": (column_tables.FORMATS, NEOPLASM),
        "2018_I10gem.txt": (gems.FORMATS, GEM),
    }
    for name, (formats, content) in texts.items():
        one = written(f"2026/{name}", content)
        yield next(f for f in formats if f.recognise(one)), (one,)
    for form, name, content in PCS_FILES:
        yield form, (written(name, content),)
    for quarter, records in HCPCS.items():
        yield hcpcs.FORMATS[0], (written(f"hcpcs/{quarter}/{DAYS[quarter]}", "\r\n".join(("", *records, ""))),)
