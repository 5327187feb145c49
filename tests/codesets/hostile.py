"""A small valid file of every official format, invented, in its layout; and ways to break files.

Lines are as long as the layouts want them. `zyx` stands in every text that belongs to somebody (CPT, NUBC, NUCC, rationales): it must reach no message.
"""

# ruff: noqa: E501

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from openpyxl import Workbook, load_workbook

from leadterm.codesets.formats import Format, Offered, Recognised, Table, hcpcs_fixed
from leadterm.codesets.formats.ccsr import MOST_CATEGORIES
from leadterm.codesets.formats.fees import RVU_COLUMNS
from leadterm.domain import InputError

from . import pcs_made
from .made import written

OWNED = "zyx"
NOW = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z")


@dataclass(frozen=True)
class Sample:
    """A valid file: the component that it becomes, its path, its bytes, and what must be handed over with it."""

    component: str
    path: str
    data: bytes
    beside: tuple[Offered, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.component}-{self.path.rpartition('.')[2]}"

    @property
    def workbook(self) -> bool:
        return self.path.endswith(".xlsx")

    def offered(self, data: bytes | None = None) -> Offered:
        return written(self.path, self.data if data is None else data)


def sample(component: str, path: str, data: str | bytes, *beside: Offered) -> Sample:
    return Sample(component, path, data.encode() if isinstance(data, str) else data, beside)


def workbook(
    *rows: Sequence[object], title: str = "Sheet", more: dict[str, Sequence[Sequence[object]]] | None = None
) -> bytes:
    """A workbook with these rows in its first sheet, and `more` sheets by name."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    for name, content in (more or {}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return packed({name: NOW.sub(b"2031-01-01T00:00:00Z", data) for name, data in members(file.getvalue()).items()})


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    """An archive, the same at any hour."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


# --- ICD-10-CM and ICD-10-PCS ---

TABULAR = (
    '<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.tabular>\n<version>2031</version>\n<introduction><introSection '
    'type="about"><title>About</title></introSection></introduction>\n<chapter><name>13</name>\n<desc>Invented chapter '
    '(M00-M99)</desc>\n<includes><note>an invented thing</note></includes>\n<section id="M05-M14">\n<desc>Invented '
    "block (M05-M14)</desc>\n<diag><name>M10</name><desc>Gout</desc>\n<excludes1><note>false gout (M11.9)</note>"
    "</excludes1>\n<diag><name>M10.0</name><desc>Invented gout</desc></diag>\n<diag><name>M10.9</name><desc>Gout of "
    'all toes</desc>\n<sevenChrDef><extension char="A">first</extension>\n<extension char="D">later</extension>'
    "</sevenChrDef></diag>\n</diag>\n</section></chapter></ICD10CM.tabular>\n"
)


def index_xml(title: str, body: str, heads: Sequence[str] = ()) -> str:
    """An index or table of ICD-10-CM."""
    head = "".join(f'<head col="{n}">{text}</head>' for n, text in enumerate(heads, 1))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.index>\n<version>2031</version>\n<title>{title}</title>\n'
        f"{f'<indexHeading>{head}</indexHeading>' if heads else ''}\n<letter><title>A</title>\n{body}\n</letter>\n"
        "</ICD10CM.index>\n"
    )


INDEX_BODY = (
    '<mainTerm><title>Attack, attacks</title>\n<term level="1"><title>brook</title><see>Glimmer, river</see></term>\n'
    "</mainTerm>\n<mainTerm><title>Glimmer<nemod>(s) (mild)</nemod></title><code>G40.1</code>\n"
    '<term level="1"><title>river</title><code>G40.2</code><manif>I32</manif></term>\n'
    '<term level="1"><title>with</title>\n<term level="2"><title>water</title><seeAlso>Attack</seeAlso>'
    "<code>G41.-</code></term></term>\n</mainTerm>"
)
DRUG_HEADS = (
    *("Substance", "Poisoning Accidental (unintentional)", "Poisoning Intentional self-harm", "Poisoning Assault"),
    *("Poisoning Undetermined", "Adverse effect", "Underdosing"),
)
NEOPLASM_HEADS = (
    *("Neoplasm", "Malignant Primary", "Malignant Secondary", "Ca in situ", "Benign", "Uncertain Behavior"),
    "Unspecified Behavior",
)


def cells(stem: str) -> str:
    return "".join(f'<cell col="{n}">{stem}{n - 1}</cell>' for n in range(2, 8))


COLUMN_BODY = (
    f"<mainTerm><title>Azurol<nemod>(blue)</nemod></title>{cells('T39.01')}\n"
    f'<term level="1"><title>vapor</title>{cells("T59.9X")}</term>\n</mainTerm>\n'
    f"<mainTerm><title>Beige</title><see>Azurol</see></mainTerm>"
)
NEOPLASM_BODY = (
    f"<mainTerm><title>Neoplasm, neoplastic</title>{cells('C80.')}\n"
    f'<term level="1"><title>leaf</title>{cells("C76.")}</term>\n</mainTerm>'
)


def order_line(number: int, code: str, flag: int, title: str) -> str:
    return f"{number:05d} {code:<7} {flag} {title:<60} {title}\n"


ORDER = order_line(1, "A00", 0, "Wilting") + order_line(2, "A000", 1, "Wilting, dry") + order_line(3, "A009", 1, "Wilt")
PCS_ORDER = order_line(1, "001", 0, "Garden, Bypass") + order_line(2, "0016070", 1, "Bypass Leaf to Stem, Open")
FLAT = "A000    Wilting due to drought\nA009    Wilting, unspecified\nA010    Other wilting of leaves\n"
NODES = "1\nA00-A09\nA00\nA000\nA009\nA01\nB20-B20\nB20\n"
ADDENDA = (
    f"Add:         1 A001    {'Wilting due to frost':<60} Wilting due to frost\n"
    f"Delete:      1 A002    {'Wilting, other':<60} Other wilting\n"
    f"Revise from: 0 A00     {'Wilt':<60} Wilt\nRevise to:   0 A00     {'Wilting':<60} Wilting of all leaves\n\n"
    "Codes\n      1 additions\n      1 deletions\n      1 revisions\n"
)
POA = 'Order31\tPOAexemptCode\tDescription\n00003\tA00.9\tWilting\n00004\tV00.01XA\t"Fall, apple tree"\n'
POA_ROWS = (("Order31", "POAexemptCode", "Description"), (3, "A00.9", "Wilting"), (4, "V00.01XA", "Fall, apple tree"))
CONVERSION_ROWS = (
    ("ICD-10-CM Conversion Table FY 2031",),
    ("Current code assignment", "Effective", "Previous Code(s) Assignment"),
    ("I48.11", "2019", "I48.1"),
    ("E66.813", "2024", "E66.01; E66.8"),
    ("H02.151", "10/1/2020", "H02.101-H02.106"),
)
CONVERSION = "\r\n".join(",".join(row) for row in CONVERSION_ROWS) + "\r\n"

# --- HCPCS, CPT, NCCI, fees ---


def record(code: str, kind: str = "3", **fields: str) -> str:
    """A record of the HCPCS text."""
    said = {
        "HCPC": code.rjust(5),
        "SEQNUM": "00100",
        "RECID": kind,
        "LONG DESCRIPTION": "Invented item",
        "ADD DT": "20200101",
    }
    line = [" "] * hcpcs_fixed.WIDTH
    for name, value in {**said, **fields}.items():
        first, _ = hcpcs_fixed.LAYOUT[name]
        line[first - 1 : first - 1 + len(value)] = value
    return "".join(line)


HCPCS = "\r\n".join(
    (
        "***Disclaimers",
        "",
        record("A0001"),
        record("A0001", "4"),
        record("E0002"),
        record("V9999"),
        record("ZZ", "7"),
        "",
    )
)
HCPCS_ROWS = (
    list(hcpcs_fixed.LAYOUT),
    *(
        [{"HCPC": code, "SEQNUM": "0010", "RECID": kind, "LONG DESCRIPTION": "Item", "ADD DT": "20200101"}.get(name, "")
         for name in hcpcs_fixed.LAYOUT]
        for code, kind in (("A0001", "3"), ("V9999", "3"), ("ZZ", "7"))
    ),
)  # fmt: skip
CPT_NOTICE = "Copyright notice of the American Medical Association\r\n\r\n"
CPT_LONG = f"{CPT_NOTICE}00001\tZyxing of the snark\r\n0002T\tZyx watch, per hour\r\n99999\t3-fold zyx\r\n"
CPT_SHORT = f"{CPT_NOTICE}00001 ZYXING SNARK\r\n0002T ZYX WATCH\r\n99999 ZYX 3-FOLD\r\n"
CPT_LIST = (
    f"{CPT_NOTICE}Concept Id\tCPT Code\tLong\tMedium\tShort\tConsumer\r\n17\t00001\tZyxing, whole\tZYXING\tZYX\tA zyx\r\n"
    "18\t0002T\tZyx watch\tZYX W\tZYX\tA zyx\r\n"
)
PTP = (
    "Terms of use: zyx.\t\t\t\t\t\t\r\n\r\nColumn 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit "
    "Rationale\r\n\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n10021\t10022\t*\t19960101\t*\t1\tZyx reason\r\n"
    "10021\t36000\t\t20100401\t20151231\t0\tAnother zyx\r\n36000\tA4550\t\t20180701\t20180701\t9\tZyx reason\r\n"
)
PTP_ROWS = tuple(line.split("\t") for line in PTP.rstrip().split("\r\n"))
MUE_ROWS = (
    ("Notice of zyx",),
    ("HCPCS/CPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"),
    ("10021", "1", "2 Date of Service Edit: Policy", "Zyx"),
    ("A4550", "3", "3 Date of Service Edit: Clinical", "Zyx"),
)
MUE = "\r\n".join(",".join(row) for row in MUE_ROWS) + "\r\n"
ADD_ON_ROWS = (
    ("AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
     "AOC_Edit_DelDT", "Special_Instruction_Notes"),
    ("1", "10036", "", "10035", "", "2016001", "", "Zyx"),
    ("2", "A9999", "", "CCCCC", "", "20200101", "20251231", ""),
)  # fmt: skip
ADD_ON = "\n".join("\t".join(row) for row in ADD_ON_ROWS) + "\n"
ADD_ON_FLAT = f"110036{'':7}10035{'':7}2016001{'':7}Zyx\n2A9999{'':7}CCCCC{'':7}20200012025001\n"
_RVU_WORDS = list(RVU_COLUMNS.values())
_RVU_HEADER = ("HCPCS", "MOD", "DESCRIPTION", *_RVU_WORDS[2:])
_RVU_VALUES = {"STATUS CODE": "A", "GLOB DAYS": "XXX", "CONV FACTOR": "32.3465", "SUPERVISION": "09"}


def _rvu_row(code: str, modifier: str) -> tuple[str, ...]:
    decimals = ("RVU", "OP", "AMOUNT")
    plain = (
        _RVU_VALUES.get(w, "0.10" if w.endswith(decimals) else "" if "NA IND" in w else "9") for w in _RVU_WORDS[2:]
    )
    return (code, modifier, "Zyxing", *plain)


RVU_ROWS = (
    ("", "", "2031 National Physician Fee Schedule Relative Value File October Release"),
    _RVU_HEADER,
    _rvu_row("71046", ""),
    _rvu_row("71046", "26"),
    _rvu_row("A0001", ""),
)
RVU = "\r\n".join(",".join(row) for row in RVU_ROWS) + "\r\n"
GPCI_ROWS = (
    ("GEOGRAPHIC PRACTICE COST INDICES OF 2031",),
    ("Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name", "2031 PW GPCI", "2031 PE GPCI",
     "2031 MP GPCI"),
    ("10112", "AL", "00", "ALABAMA", "1", "0.869", "0.575"),
    ("02102", "AK", "01", "ALASKA*", "1.5", "1.081", "0.592"),
)  # fmt: skip
GPCI = "\r\n".join(",".join(row) for row in GPCI_ROWS) + "\r\n"
AREAS = (
    "COUNTIES INCLUDED IN 2031 LOCALITIES,,,,\r\nMedicare Contractor,Locality Number,State ,Fee Schedule Area ,Counties\r\n"
    "10112,0,ALABAMA ,STATEWIDE ,ALL COUNTIES \r\n,,,,\r\n1182,18,CALIFORNIA,LOS ANGELES,LOS ANGELES\r\n"
)
BASE_ROWS = (("2031 Anesthesia Base Units by CPT Code",), ("CPT Code", "Base Units"), ("00100", 5), ("01999", 3))
ANESTHESIA_BASE = "\r\n".join(",".join(map(str, row)) for row in BASE_ROWS) + "\r\n"
ANESTHESIA = "Contractor,Locality,Locality Name,National Anes CF of 20.3178\r\n10112 ,00 ,ALABAMA,19.31 \r\n02102 ,01 ,ALASKA*,27.86 \r\n"
ZIP = "".join(f"AK{code}0210201 Z9   0 A{'':52}20314\r\n" for code in ("99501", "99502", "99503"))
_CAP = "Note: Actual copayments would be lower due to the cap at the Inpatient Deductible of $1,736.00"
OPPS_ROWS = (
    ("Addendum B.-OPPS Payment by HCPCS Code for CY 2031",),
    ("CPT codes are copyright of zyx.",),
    ("HCPCS Code", "Short Descriptor", "SI", "APC", "Relative Weight", "Payment Rate", "National Unadjusted Copayment",
     "Minimum Unadjusted Copayment", "IRA Coinsurance percentage", "Adjusted Beneficiary Copayment", _CAP, "* Indicates a Change"),
    ("00100", "Zyxing", "N", "", "", "", "", "", "", "", "", ""),
    ("27447", "Zyx knee", "J1", "5115", "145.1201", "$13,048.08", ".", "$2,609.62", "", "$1,736.00", "Capped", ""),
    ("J0881", "Zyx drug", "K", "1685", "", "$3.117", ".", "$0.63", "16.4%", "$0.52", "", "*"),
)  # fmt: skip
OPPS_GROUPS = (
    ("Addendum A.-OPPS APCs for CY 2031",),
    ("APC", "Group Title", "SI", "Relative Weight", "Payment Rate", "National Unadjusted Copayment",
     "Minimum Unadjusted Copayment"),
    ("5115", "Level 5 Leaves", "J1", "145.1201", "$13,048.08", ".", "$2,609.62"),
    ("8011", "Watching leaves", "J2", "30.1", "$2,706.35", "", "$541.27"),
)  # fmt: skip


def quoted(rows: Sequence[Sequence[str]]) -> str:
    return "".join(",".join(f'"{c}"' if "," in c else c for c in row) + "\r\n" for row in rows)


# --- maps, coverage, groupings ---

GEM = "0010  A000    00000\r\n4589  NoDx    11000\r\n73300 M810    10000\r\n73300 M8000XA 10111\r\n"
ICD9 = "0010  Invented wilting\r\n4589  Invented pressure\r\nV011  Contact with wilting\r\nE8000 A fall\r\n"
ICD9_ROWS = (
    ("DIAGNOSIS CODE", "LONG DESCRIPTION", "SHORT DESCRIPTION"),
    ("0010", "Wilting", "Wilt"),
    ("4589", "Low", "L"),
)
SNOMED = "".join(
    "\t".join(cells) + "\r\n"
    for cells in (
        "id effectiveTime active moduleId refsetId referencedComponentId mapGroup mapPriority mapRule mapAdvice mapTarget"
        " correlationId mapCategoryId".split(),
        ["a", "20310301", "1", "5991000124107", "6011000124106", "990000010", "1", "1", "TRUE", "ALWAYS N08", "N08",
         "447561005", "447637006"],
        ["b", "20310301", "1", "5991000124107", "6011000124106", "990000010", "2", "1", "OTHERWISE TRUE", "ALWAYS E11.21",
         "E11.21", "447561005", "447637006"],
    )
)  # fmt: skip
CLAML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ClaML SYSTEM "ClaML.dtd">
<ClaML version="2.0.0"><Title name="ICD-10" version="2019"/>
<Modifier code="S_4"><SubClass code=".0"/></Modifier>
<ModifierClass modifier="S_4" code=".0"><Rubric kind="preferred"><Label>with</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_4" code=".1"><Rubric kind="preferred"><Label>without</Label></Rubric></ModifierClass>
<Class code="IV" kind="chapter"><Rubric kind="preferred"><Label>Chapter</Label></Rubric></Class>
<Class code="E10-E14" kind="block"><SuperClass code="IV"/><SubClass code="E10"/>
 <Rubric kind="preferred"><Label>Block</Label></Rubric></Class>
<Class code="E10" kind="category"><SuperClass code="E10-E14"/><ModifiedBy code="S_4"/>
 <Rubric kind="preferred"><Label>Type 1 <Fragment>wilting</Fragment></Label></Rubric></Class>
<Class code="M00" kind="category"><SuperClass code="E10-E14"/><SubClass code="M00.0"/>
 <Rubric kind="preferred"><Label>Joint</Label></Rubric></Class>
<Class code="M00.0" kind="category"><SuperClass code="M00"/><Rubric kind="preferred"><Label>A</Label></Rubric></Class>
</ClaML>
"""
WHO_LIST = (
    "3;N;X;01;A00;A00.-;A00;A00;Invented disease;001;4-002\n4;T;X;01;A00;A00.0;A00.0;A000;Invented, one;001;4-002\n"
)
ELEVEN = (
    "Foundation URI\tLinearization URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tIsResidual\tPrimaryLocation\t"
    "ChapterNo\tBrowserLink\tisLeaf\tVersion:2025 Jan 24 - 22:30 UTC\r\n"
    "http://id/1\t\t\t\tInvented chapter\tchapter\t1\tfalse\tTrue\t01\t\tfalse\t\r\n"
    "http://id/2\t\t\tBlockL1-1A0\t- Invented block\tblock\t1\tfalse\tTrue\t01\t\tfalse\t\r\n"
    "http://id/3\t\t1A00\t\t- - Invented disease\tcategory\t1\tfalse\tTrue\t01\t\ttrue\t\r\n"
)
DO_NAMES = "id\tlabel\tsubClassOf\nDOID:1\twilting\tDOID:4\nDOID:2\tdry wilting\tDOID:1\n"
DO_REFERENCES = "id\tlabel\txref\nDOID:1\twilting\tICD10CM:A00\nDOID:2\tdry wilting\tMESH:1\n"
DO_JSON = json.dumps({"doid_to_icd10cm": {"DOID:1": ["A00", "A00.1"]}, "synonym_to_icd10cm": {"wilt": "A00"}}, indent=1)
LCD = json.dumps({"27096": {"covered": ["M43.28", "M46.1"], "notCovered": ["I10"], "lcdIds": ["L39383"]}}, indent=1)
ARTICLES = {
    "article": 'article_id,article_version,title,article_eff_date\n50001,3,"An invented test",2024-10-01\n50002,1,B,\n',
    "article_x_hcpc_code": "article_id,article_version,hcpc_code_id,long_description\n50001,3,81161,Zyx\n50002,1,g0105,\n",
    "article_x_icd10_covered": "article_id,article_version,icd10_code_id\n50001,3,E11.22\n50002,1,I10\n",
    "article_x_contractor": "article_id,article_version,contractor_id,contractor_type_id,contractor_version\n50001,3,4,2,1\n",
    "contractor": "contractor_id,contractor_type_id,contractor_version,contractor_bus_name\n4,2,1,Invented\n",
    "contractor_jurisdiction": "contractor_id,contractor_type_id,contractor_version,state_id\n4,2,1,9\n",
    "state_lookup": "state_id,state_abbrev\n9,IA\n",
    "article_x_icd10_covered_group": "article_id,article_version,icd10_covered_group,paragraph\n50001,3,1,Zyx\n",
}
NCD_LISTS = "ncd,hcpcs,icd10,list,effective,end\n190.13,87536,B20,covered,2015-10-01,\n190.13,87536,I10,noncovered,,\n"
LIMITS = (
    "payer,codes,after,times,every,unit,ages,sex,diagnoses,risk,sooner,modifiers,since,until,citation\n"
    "medicare,G0999,,1,12,months,50-77,F,E11,O,6,KX,2026-01-01,,Zyx\n,G0998 G0997,G0999,,,lifetime,,,,,,,,,Zyx\n"
)
DOCUMENTS = (
    "document_display_id,document_type,document_version,effective_date,retirement_date,title,note,url,updated\r\n"
    "L30001,LCD,12,08/14/2025,N/A,Invented,,https://x,08/14/2025\r\nA50001,Article,3,08/14/2025,,Another,,https://y,\r\n"
)
_SIX = ",".join(f"'CCSR CATEGORY {n}','CCSR CATEGORY {n} DESCRIPTION'" for n in range(1, MOST_CATEGORIES + 1))
DX = (
    "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP','Default CCSR CATEGORY DESCRIPTION IP',"
    f"'Default CCSR CATEGORY OP','Default CCSR CATEGORY DESCRIPTION OP',{_SIX},'Rationale for Default Assignment'\r\n"
    + "".join(
        f"'{code}',\"Invented, words\",'DIG001','Infection','DIG001','Infection','DIG001','Infection'{BLANK * 5},'06'\r\n"
        for BLANK in (",' ',' '",)
        for code in ("A000", "A001", "Z993")
    )
)
DX_SHEETS = (
    ("DX to CCSR",),
    (
        "ICD-10-CM Code",
        "Description",
        "CCSR Category",
        "CCSR Category Description",
        "Inpatient Default",
        "Outpatient Default",
    ),
    ("A000", "Words", "DIG001", "Infection", "Y", "Y"),
    ("A000", "Words", "INF003", "Bacteria", "N", "N"),
    ("Z993", "Words", "FAC025", "Status", "X", "Y"),
)
PR = (
    "'ICD-10-PCS','ICD-10-PCS DESCRIPTION','PRCCSR','PRCCSR DESCRIPTION','CLINICAL DOMAIN'\r\n'0016070',\"Invented, "
    "words\",'CNS010','Category','Garden'\r\n'0016071','Words','CNS010','Category','Garden'\r\n"
)
PR_NAMES = "CCSR,CCSR_desc,clinical_domain\nCNS010,Invented category,Garden\nCNS011,Another,Garden\n"
WEIGHTS = (
    '"TABLE 5.-LIST OF MS-DRGS, RELATIVE WEIGHTING FACTORS, \nAND GEOMETRIC LENGTH OF STAY-FY 2031 Final Rule"'
    + "\t" * 9
    + "\r\nMS-DRG \tPost-Acute DRG\tSpecial Pay DRG\tMDC\tTYPE\tMS-DRG Title\tWeights - Before Cap\tWeights\tGeometric mean "
    "LOS\tArithmetic mean LOS\r\n001\tNo\tNo\tPRE\tSURG\tTRANSPLANT OF LEAF\t28.0239\t28.0239\t25.8\t36.2\r\n"
    '002\tYes\tNo\t01\tMED\t"WILTING, DRY"\t1.3318\t1.3318\t8.5\t14.0\r\n'
)
CC = "TABLE 6J - COMPLETE CC LIST - FY 2031\r\nDiagnosis Code\tDescription\r\nA00.0\tWilting\r\nA00.9\tWilting, dry\r\n"
EXCLUSIONS = (
    "TABLE 6K - COMPLETE LIST OF CC EXCLUSIONS - FY 2031\r\n\r\nK Part 1: List of CC and Major CC Codes\r\n I10 Dx  Lev "
    "PDX Exclusions   ICD-10-CM Description\r\n A000    CC  0002:2 codes     Words\r\n A021    MCC 0003:1 code      Words\r\n"
    " I462    MCC No Excl          Words\r\n\r\nPDX collection 0002\r\n  A000   Words\r\n  A001   Words\r\n\r\nPDX collection "
    "0003\r\n  A021   Words\r\n\r\nK Part 2: Codes that are CC or Major CC only if patient discharged alive\r\n\r\n  I462    "
    "Words\r\n\r\nK Part 3: Secondary Diagnosis CC/MCC Severity Exclusions in Select MS-DRGs\r\n\r\nMDC 04 DRGs 177-179 "
    "Words\r\n\r\n  A021    Words\r\n"
)
LEIE = (
    "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,EXCLTYPE,EXCLDATE,REINDATE,"
    "WAIVERDATE,WVRSTATE\n"
    "WILTON,ADA,M,,IND- LIC HC SERV PRO,NURSE,,0000000000,19700102,1 ELM ST,AMES,IA,50010,1128b4,20250120,00000000,"
    "00000000,\n"
    ",,,WILTON SUPPLIES INC,OTHER BUSINESS,DME,,1234567893,,2 ELM ST,AMES,IA,50010,1128a1,20240220,00000000,20250301,IA\n"
)
PEERS = "specialty,code,services\n207Q00000X,99213,120\n207Q00000X,99214,80.5\n282N00000X,871,12\n"
CHRONIC = (
    "condition_id,condition,condition_column_name,chronic_condition_type,condition_category,additional_logic,"
    "claims_qualification,inclusion_type,code_system,code\n1,Wilting,wilting,Invented,Leaves,None,Any,Include,ICD-10-CM,A000\n"
    "1,Wilting,wilting,Invented,Leaves,None,Any,Exclude,ICD-10-CM,A009\n2,Drought,dry,Invented,Leaves,None,Any,Include,NDC,0001\n"
)
ABBREVIATIONS = "abbreviation\tsense\tvariation\tcui\tfrequency\na/p\tanterior posterior\tA/P_2|a/p_4\tC1\t0.75\na/p\tplan\tA/P_1\tC2\t0.25\n"
TRIGGERS = json.dumps(
    {
        "resourceType": "ValueSet",
        "url": "http://hl7.org/fhir/us/ecr/ValueSet/invented",
        "compose": {
            "include": [
                {"system": "http://hl7.org/fhir/sid/icd-10-cm", "concept": [{"code": "A000", "display": "Wilting"}]},
                {"system": "http://snomed.info/sct", "concept": [{"code": "1"}]},
            ]
        },
    },
    indent=1,
)
GROUPER = json.dumps(
    {
        "metadata": {"category": "condition_grouper_3"},
        "valuesets": [
            {
                "url": "http://x/1",
                "title": "Wilting",
                "version": "3",
                "date": "2031-03-01",
                "compose": {
                    "include": [
                        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "concept": [{"code": "A000", "display": "W"}]}
                    ]
                },
            }
        ],
    },
    indent=1,
)
TAXONOMY = (
    "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n207R00000X,Zyx,Zyx medicine,,Zyx,,Zyx "
    "doctor,Individual\n207RC0000X,Zyx,Zyx medicine,Zyx heart,Zyx,,Zyx doctor,Individual\n"
)


def pairs(header: str, *codes: str, owner: str = "Zyxed") -> str:
    return f"{header}\n" + "".join(f"{code},{owner} words\n" for code in codes)


LISTS = {
    "place-of-service": pairs("place_of_service_code,description", "1", "11"),
    "discharge-status": pairs("discharge_disposition_code,description", "01", "20"),
    "admit-source": pairs("admit_source_code,description", "1", "E"),
    "admit-type": pairs("admit_type_code,description", "1", "2"),
    "poa": pairs("present_on_admit_code,description", "Y", "N"),
    "revenue-codes": pairs("revenue_center_code,revenue_center_description", "120", "0250"),
    "modifiers": pairs("modifier_code,description", "22", "AB"),
    "acute-diagnosis-ccs": pairs("ccs_diagnosis_category,description", "1", "2"),
    "planned-procedure-ccs": pairs("ccs_procedure_category,description", "1", "2"),
    "planned-procedure-pcs": pairs("icd_10_pcs,description", "0016070", "0016071"),
    "excluded-diagnosis-ccs": "ccs_diagnosis_category,description,exclusion_category\n1,Zyx,Zyx\n2,Zyx,Zyx\n",
    "specialty-cohort": "ccs,procedure_or_diagnosis,description,specialty_cohort\n1,Diagnosis,Zyx,Zyx\n1,Procedure,Zyx,Zyx\n",
}

SAMPLES: tuple[Sample, ...] = (
    sample("icd10cm:tabular", "icd10cm_tabular_2031.xml", TABULAR),
    sample("icd10cm:index", "icd10cm_index_2031.xml", index_xml("INDEX TO DISEASES and INJURIES", INDEX_BODY)),
    sample("icd10cm:eindex", "icd10cm_eindex_2031.xml", index_xml("External Cause of Injuries Index", INDEX_BODY)),
    sample("icd10cm:drug", "icd10cm_drug_2031.xml", index_xml("Table of Drugs", COLUMN_BODY, DRUG_HEADS)),
    sample("icd10cm:neoplasm", "icd10cm_neoplasm_2031.xml", index_xml("Table", NEOPLASM_BODY, NEOPLASM_HEADS)),
    sample("icd10cm:order", "icd10cm_order_2031.txt", ORDER),
    sample("icd10pcs:order", "icd10pcs_order_2031.txt", PCS_ORDER),
    sample("icd10cm:codes", "icd10cm_codes_2031.txt", FLAT),
    sample("icd10cm:code-list", "code-list-April-2031.txt", NODES),
    sample("icd10cm:order-addenda", "icd10cm_order_addenda_2031.txt", ADDENDA),
    sample("icd10cm:poa-exempt", "POAexemptCodesFY31.txt", POA),
    sample("icd10cm:poa-exempt", "POAexemptCodesFY31.xlsx", workbook(*POA_ROWS)),
    *(sample(f"icd10pcs:{path.split('_')[1]}", path, text) for _, path, text in pcs_made.FILES),
    sample("hcpcs:codes", "HCPC2031_OCT_ANWEB.txt", HCPCS),
    sample("hcpcs:codes", "HCPC2031_OCT_ANWEB.xlsx", workbook(*HCPCS_ROWS)),
    sample(
        "hcpcs:codes",
        "hcpcs-2031-10.csv",
        "code,kind,long_description,short_description\nA0001,code,Item,It\nZZ,modifier,M,M\n",
    ),
    sample(
        "charges:master",
        "charge-master.tsv",
        "# leadterm charge master 1\tfrom=2031-01-01\nline\tlocal\tdescription\tcode\trevenue\tprice\tmodifiers\n"
        "2\tER3\tZyx visit\t99283\t0450\t310.00\t\n3\tX1\tZyx film\t71046\t0320\t95.00\tTC\n",
    ),
    sample("maps:own", "own-map-2031-10-01.csv", "system,code,icd10cm\nlocal,ZYX1,I10\nlocal,ZYX2,E11.9\n"),
    sample("hcpcs:notes", "2031-10/notes.txt", "PROCESSING NOTES\n\n0001--FIRST NOTE\nGOES ON *\n0002--SECOND\n"),
    sample("cpt:codes", "CPT 2031/LONGULT.txt", CPT_LONG),
    sample("cpt:codes", "CPT 2031/SHORTU.TXT", CPT_SHORT, written("CPT 2031/LONGULT.txt", CPT_LONG)),
    sample("cpt:codes", "CPT 2031/list.tsv", CPT_LIST),
    sample("gems:icd9cm-icd10cm", "2018_I9gem.txt", GEM),
    sample("icd9cm:codes", "CMS32_DESC_LONG_DX.txt", ICD9),
    sample("icd9cm:codes", "CMS32_DESC_LONG_SHORT_DX.xlsx", workbook(*ICD9_ROWS)),
    sample("icd10cm:conversion", "conversion_2031.csv", CONVERSION),
    sample("icd10cm:conversion", "conversion_2031.xlsx", workbook(*CONVERSION_ROWS)),
    sample("snomed:icd10cm-map", "der2_iisssccRefset_ExtendedMapSnapshot_US1000124_20310301.txt", SNOMED),
    sample("icd10:codes", "icd102019en.xml", CLAML),
    sample("icd10:codes", "icd102019syst_codes.txt", WHO_LIST),
    sample("icd11:codes", "LinearizationMiniOutput-MMS-en.txt", ELEVEN),
    sample("doid:icd10cm", "HumanDO.tsv", DO_NAMES, written("allXREFinDO.tsv", DO_REFERENCES)),
    sample("doid:icd10cm", "doid.json", DO_JSON),
    sample("ncci:ptp-practitioner", "ccipra-v371r0-f1.TXT", PTP),
    sample("ncci:ptp-practitioner", "ccipra-v371r0-f1.xlsx", workbook(*PTP_ROWS)),
    sample("ncci:mue-practitioner", "MCR_MUE_PractitionerServices_Eff_10-01-2031.csv", MUE),
    sample("ncci:mue-practitioner", "MCR_MUE_PractitionerServices_Eff_10-01-2031.xlsx", workbook(*MUE_ROWS)),
    sample("ncci:add-on", "AOC_V2031Q4-MCR.tsv", ADD_ON),
    sample("ncci:add-on", "AOC_V2031Q4-F-MCR.txt", ADD_ON_FLAT),
    sample("ncci:add-on", "AOC_V2031Q4-MCR.xlsx", workbook(*ADD_ON_ROWS)),
    sample("pfs:rvu", "PPRRVU2031_Oct.csv", RVU),
    sample("pfs:rvu", "PPRRVU2031_Oct.xlsx", workbook(*RVU_ROWS)),
    sample("pfs:gpci", "GPCI2031.csv", GPCI),
    sample("pfs:gpci", "GPCI2031.xlsx", workbook(*GPCI_ROWS)),
    sample("pfs:localities", "31LOCCO.csv", AREAS),
    sample("pfs:anesthesia", "ANES2031.csv", ANESTHESIA),
    sample("pfs:anesthesia-base", "ANES_BASE_UNITS2031.csv", ANESTHESIA_BASE),
    sample("pfs:anesthesia-base", "Anesthesia Base Units 2031.xlsx", workbook(*BASE_ROWS)),
    sample("pfs:zip", "ZIP5_OCT2031.txt", ZIP),
    sample("opps:addendum-b", "2031_October_Web_Addendum_B.09.25.31.csv", quoted(OPPS_ROWS)),
    sample("opps:addendum-b", "2031_October_Web_Addendum_B.09.25.31.xlsx", workbook(*OPPS_ROWS)),
    sample("opps:addendum-a", "2031_October_Web_Addendum_A.09.25.31.csv", quoted(OPPS_GROUPS)),
    sample("opps:addendum-a", "2031_October_Web_Addendum_A.09.25.31.xlsx", workbook(*OPPS_GROUPS)),
    sample("coverage:lcd", "lcd_coverage.json", LCD),
    *(
        sample(
            "coverage:articles",
            f"{name}.csv",
            text,
            *(written(f"{other}.csv", rest) for other, rest in ARTICLES.items() if other != name),
        )
        for name, text in ARTICLES.items()
    ),
    sample("coverage:documents", "documents_latest.csv", DOCUMENTS),
    sample("coverage:ncd", "ncd-lists.csv", NCD_LISTS),
    sample("coverage:frequency", "limits.csv", LIMITS),
    sample("ccsr:dx", "DXCCSR_v2031-1.CSV", DX),
    sample(
        "ccsr:dx",
        "DXCCSR-Reference-File-v2031-1.xlsx",
        workbook(
            *DX_SHEETS, title="DX_to_CCSR_Mapping", more={"CCSR_Categories": [["x"], ["y"], ["DIG001", "Infection"]]}
        ),
    ),
    sample("ccsr:pr", "PRCCSR_v2031-1.CSV", PR),
    sample("ccsr:pr-categories", "CCSR_PR_categories.csv", PR_NAMES),
    sample("msdrg:weights", "drg_weights.txt", WEIGHTS),
    sample("msdrg:cc", "cc_list.txt", CC),
    sample("msdrg:cc-exclusions", "cc_exclusions.txt", EXCLUSIONS),
    *(sample(f"reference:{name}", f"{name.replace('-', '_')}.csv", text) for name, text in LISTS.items()),
    sample("reference:taxonomy", "nucc_taxonomy_311.csv", TAXONOMY),
    sample("reference:chronic-conditions", "chronic_conditions.csv", CHRONIC),
    sample("exclusions:leie", "UPDATED-2031-10.csv", LEIE),
    sample("peers:services", "peers-2031.csv", PEERS),
    sample("reference:abbreviations", "abbreviations.txt", ABBREVIATIONS),
    sample("reportable:triggers", "triggers.json", TRIGGERS),
    sample("reportable:conditions", "2031/grouper.json", GROUPER),
)


# --- ways to break a file ---

Mutation = Callable[[bytes, random.Random], bytes]
NUMBERS = re.compile(rb"[0-9]+")
DAYS = re.compile(rb"(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])")
YEARS = re.compile(rb"(?<![0-9])20[0-9]{2}(?![0-9])")
HUGE = 1 << 20


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _on_lines(change: Callable[[list[bytes], random.Random], list[bytes]]) -> Mutation:
    return lambda data, chance: b"".join(change(_lines(data), chance))


def _dropped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def _doubled(lines: list[bytes], chance: random.Random) -> list[bytes]:
    at = chance.randrange(len(lines))
    return [*lines[: at + 1], *lines[at:]]


def _swapped(lines: list[bytes], chance: random.Random) -> list[bytes]:
    chance.shuffle(lines)
    return lines


def _delimiter(data: bytes) -> bytes:
    return max((b"\t", b",", b";", b" ", b"><"), key=data.count)


def _on_cells(change: Callable[[list[bytes], random.Random], list[bytes]], everywhere: bool) -> Mutation:
    """Changes the cells of one line, or of all lines alike."""

    def mutation(data: bytes, chance: random.Random) -> bytes:
        by, lines, seed = _delimiter(data), _lines(data), chance.random()
        chosen = range(len(lines)) if everywhere else [chance.randrange(len(lines))]
        for at in chosen:
            lines[at] = by.join(change(lines[at].split(by), random.Random(seed)))
        return b"".join(lines)

    return mutation


def _replaced(pattern: re.Pattern[bytes], *by: bytes) -> Mutation:
    """Puts something else into the place of one match, or of every."""

    def mutation(data: bytes, chance: random.Random) -> bytes:
        found, other = list(pattern.finditer(data)), chance.choice(by)
        if not found or chance.random() < 0.2:
            return pattern.sub(other.replace(b"\\", rb"\\"), data)
        one = chance.choice(found)
        return data[: one.start()] + other + data[one.end() :]

    return mutation


def _put(*what: bytes) -> Mutation:
    """Puts something in anywhere."""

    def mutation(data: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(data) + 1)
        return data[:at] + chance.choice(what) + data[at:]

    return mutation


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _header(data: bytes) -> bytes:
    return _lines(data)[0]


TEXT_MUTATIONS: dict[str, Mutation] = {
    "cut": _cut,
    "line dropped": _on_lines(_dropped),
    "line doubled": _on_lines(_doubled),
    "lines shuffled": _on_lines(_swapped),
    "all lines doubled": _on_lines(lambda lines, _: [line for line in lines for _ in range(2)]),
    "all twice": lambda data, _: data * 2,
    "cell dropped": _on_cells(_dropped, False),
    "cell doubled": _on_cells(_doubled, False),
    "cells shuffled": _on_cells(_swapped, False),
    "column dropped": _on_cells(_dropped, True),
    "column doubled": _on_cells(_doubled, True),
    "columns shuffled": _on_cells(_swapped, True),
    "bytes flipped": _flipped,
    "utf-16": lambda data, _: _text(data).encode("utf-16"),
    "utf-16 without mark": lambda data, _: _text(data).encode("utf-16-le"),
    "windows-1252": _put("“é–’ÿ".encode("cp1252"), b"\x81\x8d\x90", b"\xff\xfe\xfd"),
    "mark": lambda data, _: b"\xef\xbb\xbf" + data,
    "mark within": _put(b"\xef\xbb\xbf"),
    "half a character": _put(b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
    "zeros": _put(b"\0", b"\0" * 100),
    "zeros between": lambda data, _: b"\0".join(data[n : n + 1] for n in range(len(data))),
    "line ends cr": lambda data, _: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "line ends crlf": lambda data, _: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\r\n"),
    "line ends strange": _put(b"\n", b"\r", "\u2028".encode(), "\u0085".encode(), b"\x0c", b"\x1c", b"\x0b"),
    "one line": lambda data, _: data.replace(b"\r", b"").replace(b"\n", b""),
    "header last": lambda data, _: b"".join((*_lines(data)[1:], b"\n", _header(data))),
    "header twice": lambda data, _: _header(data) + data,
    "header renamed": lambda data, chance: data.replace(
        chance.choice(re.findall(rb"\w+", _header(data)) or [b"x"]), b"Q", 1
    ),
    "header only": lambda data, chance: b"".join(_lines(data)[: chance.choice((1, 2, 3))]),
    "huge field": _put(b"x" * HUGE, b"9" * HUGE, b" " * HUGE, b"\xc3\xa9" * (HUGE // 2)),
    "huge line": lambda data, chance: data + b"A0000 " * (HUGE // 6),
    "many commas": _put(b"," * HUGE, b"\t" * HUGE, b";" * HUGE, b"(" * HUGE, b"-" * HUGE, b"[" * HUGE),
    "open quote": _put(b'"', b"'", b'""'),
    "strange characters": _put("Ⅷ²٣߀".encode(), "\u202e\x1b[31m".encode(), "ſİß".encode(), b"\x7f", b"%s{0}\\"),
    "number is text": _replaced(NUMBERS, b"x", b"", b"-1", b"1.5", b"nan", b"1e9999999", b"0x1f", b"+1"),
    "number is large": _replaced(NUMBERS, b"9" * 30, b"9" * 5_000, b"99999999999999999999"),
    "number is strange": _replaced(NUMBERS, "²".encode(), "٣".encode(), "１２".encode(), "Ⅷ".encode()),
    "day is none": _replaced(DAYS, b"20261399", b"00000000", b"99999999", b"20260230", b"0000000", b"2026400"),
    "year is none": _replaced(YEARS, b"0000", b"9999", b"0001", b"1899", b"2099", b"20 31"),
    "letters raised": lambda data, _: data.swapcase(),
    "empty": lambda data, _: b"",
    "blank": lambda data, chance: chance.choice((b"\n", b" ", b"\r\n" * 1000, b"\xef\xbb\xbf", b"\0", b"\xff\xfe")),
    "noise": lambda data, chance: chance.randbytes(3_000),
    "head then noise": lambda data, chance: data[: len(data) // 2] + chance.randbytes(3_000),
}


def _on_elements(change: Callable[[bytes, bytes, random.Random], bytes]) -> Mutation:
    """Changes one element without others in it: its name and its text are given."""

    def mutation(data: bytes, chance: random.Random) -> bytes:
        one = chance.choice(list(re.finditer(rb"<([\w.]+)[^<>]*>([^<>]*)</\1>", data)))
        return data[: one.start()] + change(one[0], one[1], chance) + data[one.end() :]

    return mutation


def _nested(name: bytes, depth: int) -> bytes:
    return b"<" + name + b">" + (b"<" + name + b">") * depth + (b"</" + name + b">") * depth + b"</" + name + b">"


XML_MUTATIONS: dict[str, Mutation] = {
    "element dropped": _on_elements(lambda whole, name, _: b""),
    "element doubled": _on_elements(lambda whole, name, _: whole * 2),
    "element empty": _on_elements(lambda whole, name, _: b"<" + name + b"/>"),
    "element renamed": _on_elements(lambda whole, name, _: whole.replace(name, b"desc")),
    "element within itself": _on_elements(lambda whole, name, _: b"<" + name + b">" + whole + b"</" + name + b">"),
    "element strange": _put(
        b"<diag/>", b"<term/>", b"<mainTerm/>", b"<Class/>", b"<axis/>", b"<value/>", b"<extension/>"
    ),
    "element moved": _put(b"<name>M10.9</name>", b"<note>x</note>", b"<title>x</title>", b"<code>A00</code>"),
    "vision": _put(b"<visCategory><value/></visCategory>", b"<visMax>1</visMax>", b"<visCategory/><value>3</value>"),
    "nested 400": _on_elements(lambda whole, name, _: _nested(name, 400)),
    "nested 100,000": _on_elements(lambda whole, name, _: _nested(name, 100_000)),
    "nested terms": _put(
        *(
            b"".join((b"<%s><title>x</title>" % n) for _ in range(490)) + (b"</%s>" % n) * 490
            for n in (b"term", b"diag")
        )
    ),
    "attribute gone": lambda data, chance: re.sub(rb' [\w:]+="[^"]*"', b"", data, count=chance.choice((0, 1, 3))),
    "attribute other": _replaced(re.compile(rb'"[^"<>]*"'), b'"x"', b'""', b'"99999999999999999999"', '"²"'.encode()),
    "document type": lambda data, _: data.replace(b"\n", b'\n<!DOCTYPE a [<!ENTITY b "bb">]>\n', 1),
    "document type outside": lambda data, _: data.replace(b"\n", b'\n<!DOCTYPE a SYSTEM "file:///etc/passwd">\n', 1),
    "entity": _put(b"&b;", b"&#0;", b"&#xD800;", b"&lt;"),
    "comment": _put(b"<!-- a -- b -->", b"<!-- a -->", b"<![CDATA[x]]>", b"<?pi x?>"),
    "encoding": lambda data, chance: data.replace(
        b"utf-8", chance.choice((b"utf-16", b"nonsense", b"shift_jis", b"utf-7", b"idna")), 1
    ),
}


def _values(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _values(one, (*path, key))


def _json_replaced(data: bytes, chance: random.Random) -> bytes:
    whole = {"": json.loads(data)}
    path = ("", *chance.choice(list(_values(whole[""]))))
    holder: Any = whole
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = chance.choice(
        (None, 0, -1.5, 10**40, True, "", "x", "\ud800", [], {}, [None], {"x": 1}, [["A000"]], float("nan"))
    )
    return json.dumps(whole[""]).encode()


JSON_MUTATIONS: dict[str, Mutation] = {
    "value of another kind": _json_replaced,
    "values of another kind": lambda data, chance: _json_replaced(_json_replaced(data, chance), chance),
    "key doubled": lambda data, _: data.replace(b"{", b'{"x": 1, "x": 2, ', 1),
    "nested 100,000": _replaced(re.compile(rb'"A0[^"]*"|\[\]'), b"[" * 100_000 + b"]" * 100_000, b'{"x":' * 100_000),
    "nested and cut": lambda data, _: data + b"[" * 100_000,
    "half a pair": _replaced(re.compile(rb"[Ww]ilt\w*"), rb"\ud800", rb"\udfff"),
}
CELLS: tuple[Any, ...] = (
    *(None, "", " ", "x", "zyx zyx", 0, -1, 3, 3.5, 1e300, 10**17, True, "²", "٣", "1e9999999", "9" * 40, "\x85\u2028"),
    *(datetime(2031, 10, 1), datetime(1900, 1, 1), time(1, 2), timedelta(days=40_000), "#N/A", "=1/0", "x" * 32_000),
)


def _sheets(change: Callable[[Workbook, random.Random], None]) -> Mutation:
    def mutation(data: bytes, chance: random.Random) -> bytes:
        book = load_workbook(io.BytesIO(data))
        change(book, chance)
        return saved(book)

    return mutation


def _cell(book: Workbook, chance: random.Random) -> None:
    page = book.worksheets[0]
    for _ in range(chance.choice((1, 1, 3, 10))):
        page.cell(chance.randint(1, page.max_row), chance.randint(1, page.max_column)).value = chance.choice(CELLS)


def _column_gone(book: Workbook, chance: random.Random) -> None:
    page = book.worksheets[0]
    page.delete_cols(chance.randint(1, page.max_column))


def _row_twice(book: Workbook, chance: random.Random) -> None:
    page = book.worksheets[0]
    page.append([cell.value for cell in page[chance.randint(1, page.max_row)]])


def _column(book: Workbook, chance: random.Random) -> None:
    page = book.worksheets[0]
    at, value = chance.randint(1, page.max_column), chance.choice(CELLS)
    for row in range(2, page.max_row + 1):
        page.cell(row, at).value = value


def _rows_gone(book: Workbook, chance: random.Random) -> None:
    book.worksheets[0].delete_rows(chance.choice((1, 2)), chance.choice((1, 2, 100)))


def _renamed(book: Workbook, chance: random.Random) -> None:
    book.worksheets[-1].title = "Other"


def _emptied(book: Workbook, chance: random.Random) -> None:
    for page in book.worksheets:
        page.delete_rows(1, 100)


def _far(book: Workbook, chance: random.Random) -> None:
    """A cell at the farthest corner: the sheet's area is 17 thousand million cells."""
    book.worksheets[0].cell(1_048_576, 16_384).value = "x"


def _member(change: Mutation) -> Mutation:
    """Changes one member of the workbook's archive."""

    def mutation(data: bytes, chance: random.Random) -> bytes:
        content = members(data)
        name = chance.choice(sorted(content))
        content[name] = change(content[name], chance)
        return packed(content)

    return mutation


def _member_gone(data: bytes, chance: random.Random) -> bytes:
    content = members(data)
    del content[chance.choice(sorted(content))]
    return packed(content)


def _bomb(data: bytes, chance: random.Random) -> bytes:
    content = members(data)
    name = next(n for n in content if n.endswith("sheet1.xml"))
    content[name] = content[name].replace(b"</sheetData>", b"<row/>" * 20_000_000 + b"</sheetData>")
    return packed(content)


WORKBOOK_MUTATIONS: dict[str, Mutation] = {
    "cells": _sheets(_cell),
    "column of one value": _sheets(_column),
    "column gone": _sheets(_column_gone),
    "row twice": _sheets(_row_twice),
    "rows gone": _sheets(_rows_gone),
    "sheet renamed": _sheets(_renamed),
    "sheets empty": _sheets(_emptied),
    "cut": _cut,
    "bytes flipped": _flipped,
    "member cut": _member(_cut),
    "member flipped": _member(_flipped),
    "member gone": _member_gone,
    "no archive": lambda data, _: b"PK\x03\x04" + b"x" * 1000,
    "empty": lambda data, _: b"",
    "is csv": lambda data, _: b"a,b,c\n1,2,3\n",
}
BOMBS: dict[str, Mutation] = {"far cell": _sheets(_far), "bomb": _bomb}


def mutations(one: Sample) -> dict[str, Mutation]:
    """The ways that fit a sample."""
    if one.workbook:
        return WORKBOOK_MUTATIONS
    more = XML_MUTATIONS if one.path.endswith(".xml") else JSON_MUTATIONS if one.path.endswith(".json") else {}
    return TEXT_MUTATIONS | {f"{name} (structure)": change for name, change in more.items()}


# --- what is expected of a broken file ---

UNREADABLE = re.compile(
    r"Traceback|object at 0x|list index|invalid literal|codec can't|NoneType|to unpack|constraint|<class|not subscriptable|"
    r"out of range|could not convert|must be |KeyError|IndexError|ValueError|TypeError|\n|[\x00-\x1f\x7f-\x9f\u202e]"
)
# Of a file that is one whole (XML), its kind may stand for it; the installer names the path beside it.
PLACED = re.compile(r"(?i)\b(?:line|row)\b|\bthe (?:file|tabular list|claml file)\b|^this xml\b")


def faults(sentence: str, name: str) -> str:
    """Why a refusal is none for people; empty where it is."""
    if not sentence.endswith("."):
        return "does not end with a full stop"
    if found := UNREADABLE.search(sentence):
        return f"has {found[0]!r}"
    if OWNED in sentence.lower():
        return "quotes what belongs to somebody"
    if len(sentence) > 400:
        return "is too long"
    return "" if name in sentence or PLACED.search(sentence) else "names neither file nor line"


def refusal(call: Callable[[], object]) -> str:
    """The sentence with which a call is refused; empty when it is not."""
    try:
        call()
    except InputError as error:
        return str(error)
    return ""


def claims(formats: Sequence[Format], one: Offered, strict: bool = True) -> list[tuple[Format, Recognised]]:
    """The formats that claim a file; one that raises InputError knows it and refuses it."""
    found = []
    for form in formats:
        try:
            if claim := form.recognise(one):
                found.append((form, claim))
        except InputError:
            if strict:
                raise
    return found


def filled(table: Table) -> list[int]:
    """How many rows each table of a store takes, as a store takes them."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        counted = []
        for part in table.parts:
            for statement in part.schema.split(";"):
                connection.execute(statement)
            counted.append(connection.executemany(part.insert, part.rows).rowcount)
        return counted
    finally:
        connection.close()


def broken(formats: Sequence[Format], own: Format, one: Sample, data: bytes) -> list[str]:
    """What is wrong with how a changed sample is treated."""
    offer, found, wrong = one.offered(data), [], []
    for other in formats:
        try:
            if claim := other.recognise(offer):
                found.append((other, claim))
        except InputError as error:
            wrong.append(faults(str(error), offer.name))
    if len(found) > 1:
        wrong.append(f"claimed as {[claim.name for _, claim in found]}")
    for other, claim in found:
        try:
            filled(other.read([offer, *one.beside] if other is own else [offer], claim))
        except InputError as error:
            wrong.append(f"{why}: {error}" if (why := faults(str(error), offer.name)) else "")
    return [why for why in wrong if why]


def linked(source: str, target: str) -> None:
    """Copies a file of a data home by a link: stores and manifests are replaced, never written to."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
