"""Order files, code descriptions, code lists, addenda and the POA-exempt list: made by hand in the official layouts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from leadterm.codesets.formats import Recognised, Table, order_files, poa_exempt
from leadterm.codesets.formats._offered import Offered
from leadterm.codesets.lists.order import (
    DiagnosisCodes,
    DiagnosisNodes,
    DiagnosisOrder,
    DiagnosisOrderAddenda,
    PoaExempt,
    ProcedureCodes,
    ProcedureOrder,
    ProcedureOrderAddenda,
)
from leadterm.domain import Code, CodeSystem, InputError

from .made import offered, read, recognised_by, release, store, written

ALL = (*order_files.FORMATS, *poa_exempt.FORMATS)


def order_line(number: int, code: str, flag: int, short: str, long: str = "") -> str:
    return f"{number:05d} {code:<7} {flag} {short:<60} {long or short}"


def lines(*texts: str) -> str:
    return "".join(f"{text}\n" for text in texts)


DIAGNOSES = lines(
    order_line(1, "A00", 0, "Wilting"),
    order_line(2, "A000", 1, "Wilting due to drought"),
    order_line(3, "A009", 1, "Wilting, unsp", "Wilting, unspecified"),
)
PROCEDURES = lines(
    order_line(1, "001", 0, "Garden, Bypass"),
    order_line(2, "0016070", 1, "Bypass Leaf to Stem, Open", "Bypass Leaf to Stem with Bark, Open Approach"),
)
ADDENDA = lines(
    "Add:         1 A001    " + f"{'Wilting due to frost':<60} Wilting due to frost",
    "Delete:      1 A002    " + f"{'Wilting, other':<60} Other wilting",
    "Revise from: 0 A00     " + f"{'Wilt':<60} Wilt",
    "Revise to:   0 A00     " + f"{'Wilting':<60} Wilting of all leaves",
    "",
    "Headers",
    "      1 headers in icd10cm_order_2030.txt",
    "      0 additions",
    "      0 deletions",
    "      1 revisions",
    "of which",
    "      1 revisions to both long and short titles",
    "",
    "Codes",
    "      1 additions",
    "      1 deletions",
    "      0 revisions",
)
NAMES = {
    "order": "icd10cm_order_2031.txt",
    "codes": "icd10cm_codes_2031.txt",
    "addenda": "icd10cm_order_addenda_2031.txt",
    "poa": "POAexemptCodesFY31.txt",
}
POA = lines(
    "Order31\tPOAexemptCode\tDescription",
    "00003\tA00.9\tWilting, unspecified",
    '00004\tV00.01XA\t"Fall from a ladder, apple tree, initial encounter"',
)


def made(one: Offered) -> tuple[Recognised, Table]:
    """What the one format that recognises a file makes of it."""
    (form,) = [f for f in ALL if f.recognise(one)]
    return read(form, one)


def opened(face: type, folder: Path, one: Offered):  # type: ignore[no-untyped-def]
    found, table = made(one)
    assert found.name == face.COMPONENT  # type: ignore[attr-defined]
    return face(store(folder, table), release(found, table))


# --- order files ---


def test_an_order_file_tells_headers_codes_and_titles(tmp_path: Path) -> None:
    order = opened(DiagnosisOrder, tmp_path, written(NAMES["order"], DIAGNOSES))
    assert dict(order.release.counts) == {"lines": 3, "headers": 1, "billable": 2}
    entry = order.entry("a009")
    assert (entry.code, entry.billable, entry.short, entry.long) == (
        "A00.9",
        True,
        "Wilting, unsp",
        "Wilting, unspecified",
    )
    assert not order.is_billable("A00")
    assert not order.is_billable("B99")
    assert order.entry(Code(CodeSystem.ICD10CM, "A00.0")) == order.entry("A00.0")
    assert [e.code for e in order.starting("A00.")] == ["A00", "A00.0", "A00.9"]


def test_a_procedure_order_file_is_told_by_its_codes(tmp_path: Path) -> None:
    order = opened(ProcedureOrder, tmp_path, written("order_2031.txt", PROCEDURES))
    assert order.entry("0016070").long == "Bypass Leaf to Stem with Bark, Open Approach"
    assert order.entry("001").billable is False


def test_where_both_shapes_fit_the_name_tells_the_system() -> None:
    text = order_line(1, "B00", 0, "Imaging of the garden")
    names = ("icd10pcs_order_2031.txt", "icd10cm_order_2031.txt")
    assert [recognised_by(ALL, written(name, text)) for name in names] == [["icd10pcs:order"], ["icd10cm:order"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_and_line_ends_make_no_difference(tmp_path: Path, encoding: str, end: str) -> None:
    text = DIAGNOSES.replace("drought", "séchage").replace("\n", end)
    order = opened(DiagnosisOrder, tmp_path, written(NAMES["order"], text.encode(encoding)))
    assert order.entry("A00.0").short == "Wilting due to séchage"


def test_columns_counted_in_bytes_are_read_too(tmp_path: Path) -> None:
    short = "Ménière wilting"
    padded = short + " " * (60 - len(short.encode()))
    text = f"00001 A000    1 {padded} Ménière wilting, both leaves\n"
    entry = opened(DiagnosisOrder, tmp_path, written(NAMES["order"], text)).entry("A00.0")
    assert (entry.short, entry.long) == (short, "Ménière wilting, both leaves")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (order_line(4, "A000", 1, "Again"), "stands twice"),
        (order_line(2, "A001", 1, "Out of order"), "stands twice, or out of order"),
        ("00004 A001    1 Short title alone", "columns are not those"),
        ("00004 A001    2 " + "x" * 60 + " y", "is no line of an order file"),
        ("00004 A001", "is no line of an order file"),
        (order_line(4, "0A01", 1, "Of another system"), "its code is none of ICD-10-CM"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_its_number(line: str, why: str) -> None:
    one = written(NAMES["order"], DIAGNOSES + line + "\n")
    form = order_files.FORMATS[0]
    found = form.recognise(written(NAMES["order"], DIAGNOSES))
    assert found is not None
    with pytest.raises(InputError, match=rf"{NAMES['order']}, line 4: .*{why}"):
        form.read([one], found)


def test_a_file_without_a_year_says_where_to_put_it() -> None:
    with pytest.raises(InputError, match="put the year into its name"):
        order_files.FORMATS[0].recognise(written("icd10cm_order.txt", DIAGNOSES))


@given(st.lists(st.tuples(st.text("ABCXYZ019", min_size=1, max_size=4), st.booleans()), min_size=1, max_size=20))
def test_what_is_written_by_the_layout_is_read_back(rows: list[tuple[str, bool]]) -> None:
    codes = list(dict.fromkeys(f"A0{end}" for end, _ in rows))
    text = lines(*(order_line(n, code, n % 2, f"Title {n}", f"Long {n}") for n, code in enumerate(codes, 1)))
    _, table = made(written(NAMES["order"], text))
    kept = [(row[1], row[2], row[3], row[4]) for row in table.parts[0].rows]
    assert kept == [(n, n % 2, f"Title {n}", f"Long {n}") for n in range(1, len(codes) + 1)]


# --- code descriptions and code lists ---


def test_code_descriptions_give_titles(tmp_path: Path) -> None:
    text = lines("A000    Wilting due to drought", "A009    Wilting, unspecified", "U071    COVID-19")
    codes = opened(DiagnosisCodes, tmp_path, written(NAMES["codes"], text))
    assert codes.title("a000") == "Wilting due to drought"
    assert codes.title("A00") is None
    assert [d.code for d in codes.starting("A")] == ["A00.0", "A00.9"]


def test_procedure_descriptions_are_told_by_their_codes(tmp_path: Path) -> None:
    text = lines("0016070 Bypass Leaf to Stem", "0016071 Bypass Leaf to Root")
    codes = opened(ProcedureCodes, tmp_path, written("icd10pcs_codes_2031.txt", text))
    assert codes.title("0016071") == "Bypass Leaf to Root"


def test_a_description_that_stands_twice_is_refused() -> None:
    text = lines("A000    Wilting due to drought", "A000    Wilting, again")
    with pytest.raises(InputError, match=r"line 2: the code A00\.0 stands twice"):
        made(written(NAMES["codes"], text))


def test_a_bare_list_has_chapters_blocks_and_codes(tmp_path: Path) -> None:
    text = "1\r\nA00-A09\r\nA00\r\nA000\r\nB20\r\nB20\r\nB99"
    nodes = opened(DiagnosisNodes, tmp_path, written("code-list-April-2031.txt", text))
    assert dict(nodes.release.counts) == {"nodes": 7, "chapters": 1, "blocks": 2, "codes": 4}
    kinds = [nodes.kind(n) for n in ("1", "a00-a09", "A000", "B20-B20", "B20", "C00")]
    assert kinds == ["chapter", "block", "code", "block", "code", None]
    assert list(nodes.codes()) == ["A00", "A00.0", "B20", "B99"]
    assert str(nodes.release.period.start) == "2031-04-01"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("icd10cm_codes_2031.txt", ""),
        ("icd10cm_codes_2031.txt", "\n\n"),
        ("2018_I10gem.txt", "A000    0010  10000\nA001    NoDx  11000\n"),
        ("LONGULT_2031.txt", "00100 Anesthesia of a garden gnome\n00102 Another\n"),
        ("CMS32_DESC_LONG_DX_2031.txt", "0010  Wilting due to drought\n0011  Wilting\n"),
        ("list_2031.txt", "apple\npear\n"),
        ("numbers_2031.txt", "1\n2\n3\n"),
        ("icd10cm_index_addenda_2031.txt", "          Add       - wilting A00.0\n"),
        ("icd10cm_order_2031.txt", "<?xml version='1.0'?>\n<ICD10CM.index/>"),
    ],
)
def test_files_of_other_formats_are_left_to_others(name: str, text: str) -> None:
    assert recognised_by(ALL, written(name, text)) == []


# --- addenda ---


def test_addenda_tell_additions_deletions_and_revisions(tmp_path: Path) -> None:
    addenda = opened(DiagnosisOrderAddenda, tmp_path, written(NAMES["addenda"], ADDENDA))
    assert dict(addenda.release.counts) == {"additions": 1, "deletions": 1, "revisions": 1}
    assert [(c.kind, c.code, c.billable) for c in addenda.changes()] == [
        ("addition", "A00.1", True),
        ("deletion", "A00.2", True),
        ("revision", "A00", False),
    ]
    (revision,) = addenda.of("A00")
    assert (revision.old_short, revision.short, revision.old_long, revision.long) == (
        "Wilt",
        "Wilting",
        "Wilt",
        "Wilting of all leaves",
    )
    assert [c.code for c in addenda.changes("deletion")] == ["A00.2"]


def test_procedure_addenda_have_no_flag(tmp_path: Path) -> None:
    text = f"Add:         0016070 {'Bypass Leaf':<60} Bypass Leaf to Stem\n"
    addenda = opened(ProcedureOrderAddenda, tmp_path, written("order_addenda_2031.txt", text))
    (change,) = addenda.changes()
    assert (change.code, change.billable, change.short, change.long) == (
        "0016070",
        None,
        "Bypass Leaf",
        "Bypass Leaf to Stem",
    )


def test_addenda_of_the_descriptions_have_one_title() -> None:
    found, table = made(written("icd10cm_codes_addenda_2031.txt", "Add:         A001    Wilting due to frost\n"))
    assert found.name == "icd10cm:codes-addenda"
    ((*_, short, long, _, _),) = table.parts[0].rows
    assert (short, long) == (None, "Wilting due to frost")


def test_an_addenda_without_changes_is_one(tmp_path: Path) -> None:
    text = lines(
        "", "Headers", "  3 headers in icd10cm_order_2031.txt", "", "Codes", "  9 codes in icd10cm_order_2031.txt"
    )
    addenda = opened(DiagnosisOrderAddenda, tmp_path, written(NAMES["addenda"], text))
    assert list(addenda.changes()) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("      1 additions", "      2 additions"), "has 1 additions and says that it has 2"),
        (("Revise to:   0 A00 ", "Revise to:   0 A01 "), "line 4: a revision is not told by two lines of one code"),
        (("Revise from:", "Delete:     "), "line 4: a revision is not told by two lines"),
        (("of which", "and more"), "line 11: it is no line of an addenda"),
    ],
)
def test_addenda_that_contradict_themselves_are_refused(change: tuple[str, str], why: str) -> None:
    form = order_files.FORMATS[3]
    found = form.recognise(written(NAMES["addenda"], ADDENDA))
    assert found is not None
    with pytest.raises(InputError, match=why):
        form.read([written(NAMES["addenda"], ADDENDA.replace(*change, 1))], found)


def test_addenda_cut_within_a_revision_are_refused() -> None:
    with pytest.raises(InputError, match="ends within a revision"):
        made(written(NAMES["addenda"], lines(*ADDENDA.splitlines()[:3])))


# --- POA-exempt list ---


def test_exempt_codes_are_known(tmp_path: Path) -> None:
    exempt = opened(PoaExempt, tmp_path, written(NAMES["poa"], POA))
    assert dict(exempt.release.counts) == {"codes": 2}
    assert exempt.is_exempt("A009")
    assert exempt.is_exempt(Code(CodeSystem.ICD10CM, "V00.01XA"))
    assert not exempt.is_exempt("A00.0")
    assert exempt.title("V00.01XA") == "Fall from a ladder, apple tree, initial encounter"
    assert str(exempt.release.period.start) == "2030-10-01"


@pytest.mark.parametrize(
    "text",
    [
        POA.partition("\n")[2],
        "\ufeff" + POA,
        POA.replace("\n", "\r\n"),
        POA.replace("\t", ",").replace("A00.9,Wilting, unspecified", 'A00.9,"Wilting, unspecified"'),
        POA.replace("A00.9", "A009"),
        "Codes exempt from POA reporting\n\n" + POA,
    ],
)
def test_variants_of_the_list_are_read_alike(text: str) -> None:
    _, table = made(written(NAMES["poa"], text))
    assert [row[0] for row in table.parts[0].rows] == ["A00.9", "V00.01XA"]


def test_the_workbook_is_read_where_it_comes_alone() -> None:
    book = Workbook()
    for row in (("Order31", "POAexemptCode", "Description"), ("00003", "A00.9", "Wilting"), (4, "B00.1", "Rust")):
        assert book.active is not None
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    found, table = made(written("POAexemptCodesFY31.xlsx", data.getvalue()))
    assert [row[:2] for row in table.parts[0].rows] == [("A00.9", 3), ("B00.1", 4)]
    text = poa_exempt.recognise(written(NAMES["poa"], POA))
    assert text is not None
    assert text.rank < found.rank  # the text of the same archive is read first


@pytest.mark.parametrize("kind", ["Add", "Delete", "Revise"])
def test_lists_of_changes_are_not_the_list(kind: str) -> None:
    assert recognised_by(ALL, written(f"POAexempt{kind}CodesFY31.txt", POA)) == []


@pytest.mark.parametrize(("month", "start"), [("Apr", "2031-04-01"), ("Jan", "2031-01-01")])
def test_a_list_named_by_month_holds_from_it(month: str, start: str) -> None:
    found = poa_exempt.recognise(written(f"POAexemptCodes{month}31.txt", POA))
    assert found is not None
    assert str(found.period.start) == start


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("00005\tnot a code\tRust", "line 4: it has not an order number"),
        ("00005\tA00.9\tAgain", "stands twice"),
        ("00005\tB00.1\t ", "has no title"),
        ("00005\tB00.1", "has not an order number, a code and a title"),
    ],
)
def test_rows_that_do_not_fit_are_refused(row: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        made(written(NAMES["poa"], POA + row + "\n"))


def test_a_name_of_another_year_than_the_header_is_refused() -> None:
    with pytest.raises(InputError, match="2031, which its name contradicts"):
        poa_exempt.recognise(written("POAexemptCodesFY29.txt", POA))


# --- releases compared, the real files ---


def test_releases_are_compared_by_code(tmp_path: Path) -> None:
    _, table = made(written(NAMES["order"], DIAGNOSES))
    told = dict(order_files.DIFFERS["icd10cm:order"](store(tmp_path, table)))
    assert told["A00.9"] == {"billable": "yes", "short": "Wilting, unsp", "long": "Wilting, unspecified"}


def test_the_order_file_of_fiscal_year_2025(shared: Path, tmp_path: Path) -> None:
    path = shared / "releases/icd10cm/2025-order/regenerated-icd10cm_order_2025.txt.xz"
    order = opened(DiagnosisOrder, tmp_path, offered(path))
    assert dict(order.release.counts) == {"lines": 97_584, "headers": 23_324, "billable": 74_260}
    assert order.entry("E11.22").long == "Type 2 diabetes mellitus with diabetic chronic kidney disease"
    assert str(order.release.period.start) == "2024-10-01"


def test_the_code_list_of_april_2026(shared: Path, tmp_path: Path) -> None:
    nodes = opened(DiagnosisNodes, tmp_path, offered(shared / "releases/icd10cm/2026-04/code-list-April-2026.txt"))
    assert dict(nodes.release.counts) == {"nodes": 98_505, "chapters": 22, "blocks": 297, "codes": 98_186}
    assert nodes.kind("S52.521A") == "code"


def test_no_other_file_of_the_releases_is_taken_for_one_of_these(shared: Path) -> None:
    taken = {
        path.name: found
        for path in sorted((shared / "releases").rglob("*"))
        if path.is_file() and (found := recognised_by(ALL, offered(path, shared / "releases")))
    }
    assert taken == {
        "regenerated-icd10cm_order_2025.txt.xz": ["icd10cm:order"],
        "code-list-April-2026.txt": ["icd10cm:code-list"],
    }
