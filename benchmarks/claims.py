"""Writing 837P claims, each judged by pyx12; reading their segments beside pyx12, and reading them into claims."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from tests.claims.correct import correct_claims
from tests.claims.generate import claims, envelope

from leadterm.claims import ReadClaim, accept_999, read_837, write_837p
from leadterm.domain import Claim
from leadterm.x12 import read

from .figures import AT_LEAST, ROOT, Figure, answer, cpu_seconds

SEED = 1


def measure(quick: bool) -> dict[str, Any]:
    """Figures over generated claims, each in an interchange of its own."""
    batch = list(claims(20 if quick else 1000, SEED))
    written: list[bytes] = []
    writing = cpu_seconds(lambda: written.extend(write_837p([c], envelope(n)) for n, c in enumerate(batch, 1)))
    whole = cpu_seconds(lambda: write_837p(batch, envelope()))
    figures = [
        Figure("written, one interchange each", len(batch) / writing, "claims/s CPU"),
        Figure("written, one interchange for all", len(batch) / whole, "claims/s CPU"),
        *_into_claims("generated claims", batch),
        *_into_claims("correct claims", list(correct_claims(SEED, 20 if quick else 1000, 0))),
    ]
    inputs = [ROOT / "tests/claims" / name for name in ("generate.py", "correct.py", "correct_professional.py")]
    if find_spec("pyx12") is None:
        return answer(figures, skipped=["pyx12 is not installed (extra x12)"], inputs=inputs)
    peer, text = f"pyx12 {version('pyx12')}", b"".join(written)
    verdict: list[tuple[bool, str]] = []
    judging = cpu_seconds(lambda: verdict.append(accept_999(text)))
    accepted = sum(s.id == "AK9" and s[1] == "A" for s in read(verdict[0][1].encode()))
    ours, theirs = _rate(lambda: read(text)), _rate(lambda: _pyx12_reader(text))
    return answer(
        [
            Figure("claims with a 999 A", accepted, f"of {len(batch)}", len(batch), AT_LEAST),
            *figures,
            Figure("validated against the whole guide", len(batch) / judging, "claims/s CPU", of=peer),
            Figure("read", ours, "segments/s CPU"),
            Figure("read", theirs, "segments/s CPU", of=peer),
            Figure("reading, ratio to the peer", ours / theirs, "×"),
        ],
        inputs=inputs,
    )


def _into_claims(called: str, batch: list[Claim]) -> list[Figure]:
    """How fast a file of these claims is read into claims, with everything that is wrong with its form."""
    text, got = write_837p(batch, envelope()), 0

    def work() -> None:
        nonlocal got
        got = sum(isinstance(part, ReadClaim) and not part.findings for part in read_837(text))

    seconds = cpu_seconds(work)
    size = sum(1 for _ in read(text)) / len(batch)
    return [
        Figure(f"{called} read into claims, {size:.0f} segments each", len(batch) / seconds, "claims/s CPU"),
        Figure(f"{called} that came back without a finding", got, f"of {len(batch)}", len(batch), AT_LEAST),
    ]


def _rate(segments: Callable[[], Any]) -> float:
    count = 0

    def work() -> None:
        nonlocal count
        count = sum(1 for _ in segments())

    seconds = cpu_seconds(work)
    return count / seconds


def _pyx12_reader(text: bytes) -> Any:
    from pyx12.x12file import X12Reader

    return X12Reader(io.StringIO(text.decode("ascii")))
