"""The edits that deny claims: whole tables installed, claims judged, beside pyx12 on the same claims as an 837P.

Made up, seeded: four million pairs (`ptp.py`), units of 10,000 codes, add-on codes; the fee schedule and coverage are
those of the common data. Claims: the correct professional ones of the tests, and claims whose codes are drawn from all
15,000 of the pairs, so that hardly any two lines ask for the same.
"""

from __future__ import annotations

import gc
import json
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.claims.correct import correct_claims
from tests.claims.correct import service as procedure

from leadterm import edits
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.installing.changing import install
from leadterm.codesets.store import store_folder
from leadterm.domain import Claim, ClaimType, ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import remarks

from . import ptp
from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, cpu_seconds, shared
from .process import python

SEED, PASSES = 11, 3
RELEASES = ("pfs/rvu25d", "pfs/zip", "lcd")
UNITS, ADD_ONS = 10_000, 400
LINES = 3
OF_PEER = 100
CHILD = "from pathlib import Path; from benchmarks.ncci import judge; print(judge(Path({home!r}), {count}))"


def measure(quick: bool) -> dict[str, Any]:
    """Figures of a process of its own, which opens the compiled stores and judges."""
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-ncci-") as name:
        home = Path(name) / "home"
        skipped = prepare(home, Path(name), ptp.QUICK if quick else ptp.PAIRS)
        run = python(CHILD.format(home=str(home), count=200 if quick else 3_000))
    told = json.loads(run.out)
    figures = [
        Figure("tables opened, the first claim judged, wall", told["load"], "s", 2, AT_MOST),
        Figure("claims of 3 lines, codes of all tables: families of payers' edits", told["wide"], "claims/s CPU"),
        Figure("correct professional claims: the same families", told["families"], "claims/s CPU", 4_000, AT_LEAST),
        Figure("correct professional claims: all edits", told["all"], "claims/s CPU", 2_000, AT_LEAST),
        Figure("claims of 3 lines, codes of all tables: all edits", told["wide all"], "claims/s CPU"),
        Figure("peak memory", told["memory"], "MiB", 300, AT_MOST),
        Figure("findings of these families on correct claims, a claim", told["found"], ""),
    ]
    if "peer" in told:
        figures.append(Figure("correct professional claims as an 837P", told["peer"], "claims/s CPU", of="pyx12"))
        figures.append(Figure("ratio to the peer, all edits", told["all"] / told["peer"], "×"))
    return answer(figures, skipped=skipped, inputs=[ROOT / "benchmarks/ncci.py", ROOT / "benchmarks/ptp.py"])


def prepare(home: Path, folder: Path, pairs: int) -> list[str]:
    """A home with everything installed; what is not at hand is told."""
    home.mkdir()
    known = open_book().folder
    shutil.copytree(known, store_folder(home))
    made = folder / "made"
    made.mkdir()
    ptp.write(made, pairs)
    (made / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv").write_text(_units(), encoding="ascii")
    (made / "AOC_V2026Q3-MCR.txt").write_text(_add_ons(), encoding="ascii")
    common = shared()
    given = [place for name in RELEASES if (place := common / "releases" / name).exists()]
    install([made, *given], home)
    shutil.rmtree(made)
    return [] if given else ["without the common data neither fee schedule nor coverage is judged"]


def _units() -> str:
    random = Random(SEED)
    kinds = ("1 Line Edit", "2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical")
    codes = sorted(random.sample(ptp.codes(), UNITS))
    rows = (f"{code},{random.choice((1, 2, 3, 4, 10))},{random.choice(kinds)},Made up\n" for code in codes)
    return "HCPCS/ CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,Rationale\n" + "".join(rows)


def _add_ons() -> str:
    random = Random(SEED + 1)
    codes = ptp.codes()
    pairs = {(one, random.choice(codes)) for one in random.sample(codes, ADD_ONS) for _ in range(5)}
    rows = (f"1\t{one}\t\t{primary}\t\t2013091\t\t\n" for one, primary in sorted(pairs) if one != primary)
    names = ("AOC Edit Type", "Add-On Code", "AOC DEL DT", "Primary Code", "Primary Code DEL DT", "AOC EDIT EF DT")
    return "\t".join((*names, "AOC EDIT DEL DT", "Special Instruction/Notes")) + "\n" + "".join(rows)


def judge(home: Path, count: int) -> str:
    """What a process measures that opens that home: JSON."""
    professional = list(islice(_professional(), count))
    wide = list(_wide(professional, count))
    began = perf_counter()
    book = open_book(home)
    edits.check_claim(wide[0], book)
    told: dict[str, float] = {"load": perf_counter() - began}
    told["wide"] = _rate(wide, lambda seen: lambda claim: _families(claim, book, seen))
    told["families"] = _rate(professional, lambda seen: lambda claim: _families(claim, book, seen))
    told["all"] = _rate(professional, lambda seen: lambda claim: edits.check_claim(claim, book, earlier=seen))
    told["wide all"] = _rate(wide, lambda seen: lambda claim: edits.check_claim(claim, book, earlier=seen))
    told["found"] = sum(_families(claim, book, edits.Seen()) for claim in professional) / len(professional)
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if find_spec("pyx12") is not None:
        told["peer"] = _peer(professional[:OF_PEER])
    return json.dumps(told)


def _families(claim: Claim, book: CodeBook, seen: edits.Seen) -> int:
    """How many remarks NCCI, fee schedule, outpatient and coverage have on a claim."""
    billing = Billing(claim, book, None, seen)
    found = remarks(billing, edits._charge_rules(billing.controlling_day, claim.claim_type))
    seen.remember(claim)
    return len(found)


def _rate(claims: Sequence[Claim], asking: Callable[[edits.Seen], Callable[[Claim], object]]) -> float:
    """Claims a second of CPU time, the best of several passes; each pass is a stream of its own."""

    def passing() -> None:
        ask = asking(edits.Seen())
        for claim in claims:
            ask(claim)

    gc.collect()
    return len(claims) / min(cpu_seconds(passing) for _ in range(PASSES))


def _professional() -> Iterator[Claim]:
    for seed in range(100):
        yield from (c for c in correct_claims(seed, 250, 0) if c.claim_type is ClaimType.PROFESSIONAL)


def _wide(claims: Sequence[Claim], count: int) -> Iterator[Claim]:
    """Their people and days, with services of all kinds."""
    random, codes = Random(SEED + 2), ptp.codes()
    for claim in islice(claims, count):
        yield replace(claim, lines=tuple(_service(claim, n, random.choice(codes)) for n in range(1, LINES + 1)))


def _service(claim: Claim, number: int, code: str) -> ServiceLine:
    line = claim.lines[0]
    return replace(line, number=number, code=procedure(code), units=Decimal(1), modifiers=(), ndc=None)


def _peer(claims: Sequence[Claim]) -> float:
    from tests.claims.generate import envelope

    from leadterm.claims import accept_999, write_837p

    text = bytes(write_837p(claims, envelope()))
    return len(claims) / cpu_seconds(lambda: accept_999(text))
