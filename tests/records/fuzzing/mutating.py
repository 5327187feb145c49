"""Inputs by chance from records that are there."""

from __future__ import annotations

import random
from collections.abc import Sequence

OF_FORMATS = b"""
< > </ /> <text> </section> <![CDATA[ ]]> &amp; &#0; &#x10FFFF; <!DOCTYPE <!-- --> ID= #a xsi:nil="true" B64
{ } [ ] : , null true 1e999 -0 "" "resourceType" "Bundle" "reference": "#" \\u0000 \\ud800 base64 text/html
| ^ ~ & \\ \\.br\\ \\X0D\\ MSH| OBX| TXA| FHS| BTS| "" 99999999 20260231 \\rtf1 \\bin \\u-1? \\'zz \\par {\\* \\uc9
%PDF- obj endobj stream endstream xref trailer startxref /Length /Filter ; 0 -1 999999999999999999999
"""
BYTES = (b"\t", b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x82", b"\x0b", b"\x1c\r", b'"\n"')
WORDS = (*OF_FORMATS.split(), *BYTES)


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the records, changed in a few places."""
    raw = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 30))):
        at, length = chance.randrange(len(raw) + 1), chance.choice((0, 1, 2, 8, 40, 400))
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        part = raw[at : at + length]
        new = chance.choice(
            (
                b"",
                chance.choice(WORDS),
                part * chance.choice((2, 3, 50)),
                bytes([chance.randrange(256)]),
                other[start : start + chance.randrange(200)],
                part[::-1],
            )
        )
        raw = raw[:at] + new + raw[at + length :]
    return raw or b"x"
