"""Generated claims before pyx12, each in an interchange of its own: for tests and benchmarks."""

from __future__ import annotations

from leadterm.claims import accept_999, write_837p
from leadterm.x12 import read

from .generate import claims, envelope


def accepted(n: int, seed: int = 1) -> int:
    """How many of `n` generated claims pyx12 accepts (`AK9*A`), each in its own interchange, judged in one pass.

    One pass, because pyx12 loads its maps anew for every file, which takes longer than a hundred claims.
    """
    files = [write_837p([claim], envelope(number)) for number, claim in enumerate(claims(n, seed), start=1)]
    _, answer = accept_999(b"".join(files))
    return sum(s.id == "AK9" and s[1] == "A" for s in read(answer.encode()))
