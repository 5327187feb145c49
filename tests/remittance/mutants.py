"""Named single faults of an 835, and what a reader must make of each.

A `Mutant` changes one thing in a file of `generate.py` (`subject` gives one in which each finds its place); the counts
of SE, GE and IEA follow unless they are the fault. `expect` is `error` (nothing may be read from it: a named error) or
`finding:LEVEL`, a finding of that level among what is answered; `also` holds what is defensible besides. Levels:
`service`, `claim`, `transaction` (money does not add up), `envelope` (counts and control numbers), `structure`
(segments, elements and their form), `code` (a value outside its list).
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from .generate import generate
from .recompute import BLANK

Mutate = Callable[[bytes, random.Random], bytes]
Segments = list[list[str]]
Change = Callable[[Segments, int, random.Random], None]
When = Callable[[Segments, int], bool]

ERROR = "error"
SERVICE, CLAIM, TRANSACTION = "finding:service", "finding:claim", "finding:transaction"
ENVELOPE, STRUCTURE, CODE = "finding:envelope", "finding:structure", "finding:code"
# Where a claim, a line and a header loop end.
CLAIM_ENDS = ("CLP", "LX", "PLB", "SE")
LINE_ENDS = ("SVC", *CLAIM_ENDS)
PARTY_ENDS = ("N1", "LX", "PLB", "SE")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: its name, what must come of it, how it is made."""

    name: str
    expect: str
    mutate: Mutate
    also: tuple[str, ...] = ()


@cache
def subject(seed: int = 0) -> bytes:
    """A file in which every mutant finds its place: one payment of 16 claims, with TS3, PLB, a reversal and a stay."""
    kinds = ("ordinary", "refused", "stay", "after another", "taken back")
    laid = {"separators": "*^:~", "newline": "\n", "bom": False, "tail": "\n", "amounts": "cents"}
    one = {"interchanges": 1, "groups": 1, "transactions": 1, "debits": False}
    said = {"summaries": True, "settlements": True, "scenarios": kinds}
    for n in range(1000):
        content = generate(seed * 1000 + n, 16, **laid, **one, **said).content
        wanted = (b"CLP*", b"*22*-", b"MIA*", b"LQ*HE", b"*C*ACH*", b"CAS*CO")
        if all(w in content for w in wanted) and _has_claim_adjustment(content):
            return content
    raise LookupError("no seed near this one gives a file with everything in it")


def _has_claim_adjustment(content: bytes) -> bool:
    segments = _read(content)[1]
    return any(s[0] == "CAS" and _owner(segments, n) == "CLP" for n, s in enumerate(segments))


# Files as lists of segments.


def _read(content: bytes) -> tuple[str, Segments]:
    """What joins segments (terminator and line break), and the segments with the ISA's separators still in it."""
    text = content.decode("utf-8", "surrogateescape")
    element, terminator = text[3], text[105]
    newline = text[106 : len(text) - len(text[106:].lstrip(BLANK))]
    return terminator + newline, [s.strip(BLANK).split(element) for s in text.split(terminator) if s.strip(BLANK)]


def _write(joint: str, segments: Segments, element: str) -> bytes:
    return "".join(element.join(s) + joint for s in segments).encode("utf-8", "surrogateescape")


def _recount(segments: Segments) -> None:
    """SE01, GE01 and IEA01 as they must be."""
    since = dict.fromkeys(("", "ST", "GS"), 0)
    for segment in segments:
        if segment[0] == "ST":
            since[""] = 0
        since[""] += 1
        if segment[0] in since:
            since[segment[0]] += 1
        for kind, counted in (("SE", ""), ("GE", "ST"), ("IEA", "GS")):
            if segment[0] == kind:
                segment[1] = str(since[counted])
                since[counted] = 0


def _owner(segments: Segments, index: int) -> str:
    """The loop that a segment stands in: `SVC`, `CLP`, `LX`, or else `ST`."""
    return next((s[0] for s in reversed(segments[:index]) if s[0] in ("SVC", "CLP", "LX", "ST")), "")


def _end(segments: Segments, index: int, ends: Sequence[str]) -> int:
    """Where the loop that begins at `index` is over."""
    return next(n for n in range(index + 1, len(segments)) if segments[n][0] in ends)


def on(kind: str, change: Change, when: When = lambda segments, index: True, *, recount: bool = True) -> Mutate:
    """A mutation of one segment of `kind` for which `when` holds, drawn by the generator's chance."""

    def mutate(content: bytes, rng: random.Random) -> bytes:
        joint, segments = _read(content)
        places = [n for n, s in enumerate(segments) if s[0] == kind and when(segments, n)]
        if not places:
            raise LookupError(f"no {kind} to change in this file")
        change(segments, rng.choice(places), rng)
        if recount:
            _recount(segments)
        return _write(joint, segments, chr(content[3]))

    return mutate


# Where.


def is_(position: int, *values: str) -> When:
    """The element is one of `values`."""
    return lambda segments, n: len(segments[n]) > position and segments[n][position] in values


def amounts_to_something(*positions: int) -> When:
    """None of these elements is zero or absent."""
    return lambda segments, n: all(len(segments[n]) > p and _value(segments[n][p]) for p in positions)


def within(owner: str) -> When:
    return lambda segments, n: _owner(segments, n) == owner


def both(*conditions: When) -> When:
    return lambda segments, n: all(c(segments, n) for c in conditions)


def _value(text: str) -> Decimal:
    return Decimal(text or "0")


def _unpaid_part(segments: Segments, n: int) -> bool:
    """A line whose charge and payment differ."""
    return _value(segments[n][2]) != _value(segments[n][3])


def _settles(segments: Segments, n: int) -> bool:
    """A PLB whose pairs do not cancel out."""
    return sum((_value(a) for a in segments[n][4::2]), Decimal(0)) != 0


def _not_reversed(segments: Segments, n: int) -> bool:
    """Inside a claim that is no reversal: only there does CLP05 say what the patient owes."""
    return next(s for s in reversed(segments[:n]) if s[0] == "CLP")[2] != "22"


def _has_net_adjustment(segments: Segments, n: int) -> bool:
    cas = [s for s in segments[n : _end(segments, n, LINE_ENDS)] if s[0] == "CAS"]
    return sum((_value(a) for s in cas for a in s[3::3]), Decimal(0)) != 0


# What.


def add(position: int, cents: int) -> Change:
    """An amount off by so many cents."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n][position] = f"{_value(segments[n][position]) + Decimal(cents).scaleb(-2):.2f}"

    return change


def put(position: int, text: str) -> Change:
    """An element replaced."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n][position] = text

    return change


def negate(position: int) -> Change:
    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n][position] = f"{-_value(segments[n][position]):.2f}"

    return change


def keep(elements: int) -> Change:
    """Everything after so many elements lost."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        del segments[n][elements + 1 :]

    return change


def insert(*segment: str) -> Change:
    """A segment put in front of this one."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments.insert(n, list(segment))

    return change


def drop(segments: Segments, n: int, rng: random.Random) -> None:
    del segments[n]


def double(segments: Segments, n: int, rng: random.Random) -> None:
    segments.insert(n, list(segments[n]))


def drop_loop(*ends: str) -> Change:
    def change(segments: Segments, n: int, rng: random.Random) -> None:
        del segments[n : _end(segments, n, ends)]

    return change


def double_loop(*ends: str) -> Change:
    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n:n] = [list(s) for s in segments[n : _end(segments, n, ends)]]

    return change


def move_before(kind: str, *ends: str) -> Change:
    """The loop moved in front of the first `kind` of the file."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        loop = segments[n : _end(segments, n, ends)]
        del segments[n : n + len(loop)]
        place = next(m for m, s in enumerate(segments) if s[0] == kind)
        segments[place:place] = loop

    return change


def _fused(position: int) -> Change:
    """The separator after an element lost."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n][position : position + 2] = ["".join(segments[n][position : position + 2])]

    return change


def _units(text: str) -> Change:
    """SVC05, whether it was there or not."""

    def change(segments: Segments, n: int, rng: random.Random) -> None:
        segments[n] += [""] * (6 - len(segments[n]))
        segments[n][5] = text

    return change


def _merged(segments: Segments, n: int, rng: random.Random) -> None:
    """The terminator of a segment lost."""
    segments[n] += segments.pop(n + 1)


def _swap_paid(segments: Segments, n: int, rng: random.Random) -> None:
    """SVC03 of a line exchanged with that of another."""
    other = next(s for s in segments if s[0] == "SVC" and _value(s[3]) != _value(segments[n][3]))
    segments[n][3], other[3] = other[3], segments[n][3]


def _claim_and_payment(segments: Segments, n: int, rng: random.Random) -> None:
    """CLP04 and BPR02 a cent up together: the payment still adds up, the claim does not."""
    add(4, 1)(segments, n, rng)
    add(2, 1)(segments, next(m for m, s in enumerate(segments) if s[0] == "BPR"), rng)


def _same_control_number(segments: Segments, n: int, rng: random.Random) -> None:
    """The transaction twice under one number."""
    end = _end(segments, n, ("SE",)) + 1
    segments[end:end] = [list(s) for s in segments[n:end]]


# Bytes rather than segments.


def _cut(tenth: int) -> Mutate:
    """The file ends before its SE: at so many elevenths of what stands there."""
    return lambda content, rng: content[: content.rindex(b"SE" + content[3:4]) * tenth // 11]


def _cut_between_segments(content: bytes, rng: random.Random) -> bytes:
    """The file ends cleanly after a segment in its middle."""
    return content[: content.index(content[105:106], len(content) // 2) + 1]


def _bit(place: Callable[[bytes], list[int]], bit: int) -> Mutate:
    """One bit turned over at one of the places."""

    def mutate(content: bytes, rng: random.Random) -> bytes:
        at = rng.choice(place(content))
        return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]

    return mutate


def _starts(kind: bytes) -> Callable[[bytes], list[int]]:
    """Where segments of `kind` begin."""

    def places(content: bytes) -> list[int]:
        wanted = b"\n" + kind + content[3:4]
        return [n + 1 for n in range(len(content)) if content.startswith(wanted, n)]

    return places


def _paid_digits(content: bytes) -> list[int]:
    """The last digit of CLP04, of each claim."""
    out = []
    for start in _starts(b"CLP")(content):
        parts = content[start : content.index(b"\n", start)].split(content[3:4])
        out.append(start + len(content[3:4].join(parts[:5])) - 1)
    return out


def flips(content: bytes, rng: random.Random, bits: int = 1) -> bytes:
    """Bits turned over anywhere: a reader answers or raises its named error, and nothing else."""
    out = bytearray(content)
    for _ in range(bits):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _instead(content: bytes) -> Mutate:
    """Another file altogether."""
    return lambda _, rng: content


def _swapped(old: bytes, new: bytes) -> Mutate:
    """Every occurrence replaced; there is one."""

    def mutate(content: bytes, rng: random.Random) -> bytes:
        if old not in content:
            raise LookupError(f"no {old!r} in this file")
        return content.replace(old, new)

    return mutate


def _text(change: Callable[[bytes], bytes]) -> Mutate:
    return lambda content, rng: change(content)


def _4010(content: bytes) -> bytes:
    return content.replace(b"005010X221A1", b"004010X091A1").replace(b"*^*00501*", b"*U*00401*")


def _837(content: bytes) -> bytes:
    return (
        content.replace(b"005010X221A1", b"005010X222A1").replace(b"ST*835*", b"ST*837*").replace(b"GS*HP*", b"GS*HC*")
    )


# Texts that are no amount of money to the cent in X12.
NO_AMOUNTS = (
    "12.345",
    "1e5",
    "abc",
    "NaN",
    "١٢",
    "1,000.00",
    "+5.00",
    "--5",
    "Infinity",
    "0x10",
    "1_000",
    "5 0",
    "-",
    ".",
)
_PAID_CLAIM = both(amounts_to_something(3, 4), is_(2, "1"))
_LINE_CAS = both(within("SVC"), amounts_to_something(3))

MUTANTS: tuple[Mutant, ...] = (
    # Money.
    Mutant("BPR02 a cent more", TRANSACTION, on("BPR", add(2, 1))),
    Mutant("BPR02 a cent less", TRANSACTION, on("BPR", add(2, -1))),
    Mutant("BPR03 says debit", TRANSACTION, on("BPR", put(3, "D"), amounts_to_something(2))),
    Mutant("SVC03 a cent more", SERVICE, on("SVC", add(3, 1))),
    Mutant("SVC02 a cent less", SERVICE, on("SVC", add(2, -1))),
    Mutant("SVC03 of two lines exchanged", SERVICE, on("SVC", _swap_paid)),
    Mutant("CLP04 a cent more", CLAIM, on("CLP", add(4, 1))),
    Mutant("CLP03 a cent less", CLAIM, on("CLP", add(3, -1))),
    Mutant("CLP04 and BPR02 a cent more", CLAIM, on("CLP", _claim_and_payment)),
    Mutant("CLP05 is not the sum of PR", CLAIM, on("CLP", add(5, 1), amounts_to_something(5))),
    Mutant("reversal's charge lost its sign", CLAIM, on("CLP", negate(3), both(is_(2, "22"), amounts_to_something(3)))),
    Mutant("line CAS a cent more", SERVICE, on("CAS", add(3, 1), within("SVC"))),
    Mutant("line CAS sign lost", SERVICE, on("CAS", negate(3), _LINE_CAS)),
    Mutant("line CAS dropped", SERVICE, on("CAS", drop, both(_LINE_CAS, lambda s, n: len(s[n]) < 6))),
    Mutant("claim CAS a cent more", CLAIM, on("CAS", add(3, 1), within("CLP"))),
    Mutant("claim CAS dropped", CLAIM, on("CAS", drop, both(within("CLP"), amounts_to_something(3)))),
    Mutant("CAS given to the patient", CLAIM, on("CAS", put(1, "PR"), both(_LINE_CAS, is_(1, "CO"), _not_reversed))),
    Mutant("PLB sign lost", TRANSACTION, on("PLB", negate(4))),
    Mutant("PLB dropped", TRANSACTION, on("PLB", drop, _settles)),
    Mutant("PLB twice", TRANSACTION, on("PLB", double, _settles)),
    Mutant("claim dropped", TRANSACTION, on("CLP", drop_loop(*CLAIM_ENDS), _PAID_CLAIM)),
    Mutant("claim twice", TRANSACTION, on("CLP", double_loop(*CLAIM_ENDS), _PAID_CLAIM)),
    Mutant("CLP dropped, its loop left", TRANSACTION, on("CLP", drop, _PAID_CLAIM), (STRUCTURE, CLAIM, ERROR)),
    Mutant("line dropped", CLAIM, on("SVC", drop_loop(*LINE_ENDS), _has_net_adjustment)),
    Mutant("line twice", CLAIM, on("SVC", double_loop(*LINE_ENDS), _has_net_adjustment)),
    Mutant("SVC twice", SERVICE, on("SVC", double, _unpaid_part)),
    Mutant(
        "TS3 counts a claim more", TRANSACTION, on("TS3", lambda s, n, r: s[n].__setitem__(4, str(int(s[n][4]) + 1)))
    ),
    Mutant("TS3 charge a cent more", TRANSACTION, on("TS3", add(5, 1))),
    # Envelope.
    Mutant("SE01 wrong", ENVELOPE, on("SE", put(1, "7"), recount=False)),
    Mutant("SE02 is not ST02", ENVELOPE, on("SE", put(2, "9876"))),
    Mutant("GE01 wrong", ENVELOPE, on("GE", put(1, "3"), recount=False)),
    Mutant("GE02 is not GS06", ENVELOPE, on("GE", put(2, "98765"))),
    Mutant("IEA01 wrong", ENVELOPE, on("IEA", put(1, "2"), recount=False)),
    Mutant("IEA02 is not ISA13", ENVELOPE, on("IEA", put(2, "987654321"))),
    Mutant("ST02 twice", ENVELOPE, on("ST", _same_control_number)),
    Mutant("IEA missing", ENVELOPE, on("IEA", drop), (ERROR,)),
    Mutant("GE missing", ENVELOPE, on("GE", drop), (ERROR,)),
    Mutant("SE missing", ERROR, on("SE", drop), (ENVELOPE,)),
    Mutant("GS missing", ERROR, on("GS", drop), (ENVELOPE,)),
    Mutant("ST missing", ERROR, on("ST", drop)),
    # Structure.
    Mutant("BPR missing", ERROR, on("BPR", drop), (STRUCTURE,)),
    Mutant("BPR twice", STRUCTURE, on("BPR", double), (ERROR,)),
    Mutant("BPR16 missing", STRUCTURE, on("BPR", keep(15))),
    Mutant("BPR16 is no day", STRUCTURE, on("BPR", put(16, "20261332")), (ERROR,)),
    Mutant("TRN missing", STRUCTURE, on("TRN", drop), (ERROR,)),
    Mutant("N1 PR missing", STRUCTURE, on("N1", drop_loop(*PARTY_ENDS), is_(1, "PR")), (ERROR,)),
    Mutant("N1 PE missing", STRUCTURE, on("N1", drop_loop(*PARTY_ENDS), is_(1, "PE")), (ERROR,)),
    Mutant("payer's N4 missing", STRUCTURE, on("N4", drop, lambda s, n: s[n - 2][:2] == ["N1", "PR"])),
    Mutant("PER BL missing", STRUCTURE, on("PER", drop, is_(1, "BL"))),
    Mutant("LX missing", STRUCTURE, on("LX", drop, is_(1, "1")), (ERROR,)),
    Mutant("CLP before LX", STRUCTURE, on("CLP", move_before("LX", *CLAIM_ENDS)), (ERROR,)),
    Mutant("SVC before CLP", STRUCTURE, on("SVC", move_before("CLP", *LINE_ENDS)), (ERROR,)),
    Mutant("NM1 QC missing", STRUCTURE, on("NM1", drop, is_(1, "QC"))),
    Mutant("CLP of three elements", STRUCTURE, on("CLP", keep(3)), (ERROR,)),
    Mutant("CLP04 empty", STRUCTURE, on("CLP", put(4, "")), (ERROR,)),
    Mutant("CLP07 missing", STRUCTURE, on("CLP", put(7, ""))),
    Mutant("SVC without a code", STRUCTURE, on("SVC", put(1, "HC")), (ERROR,)),
    Mutant("CAS reason without an amount", STRUCTURE, on("CAS", keep(2)), (ERROR, SERVICE)),
    Mutant("PLB reason without an amount", STRUCTURE, on("PLB", keep(3)), (ERROR, TRANSACTION)),
    Mutant("DTM is no day", STRUCTURE, on("DTM", put(2, "20261332"), is_(1, "472")), (ERROR,)),
    Mutant("DTM of six digits", STRUCTURE, on("DTM", put(2, "261301"), is_(1, "472")), (ERROR,)),
    Mutant("unknown segment", STRUCTURE, on("CLP", insert("ZZZ", "1"))),
    Mutant("N1 among claims", STRUCTURE, on("CLP", insert("N1", "PR", "ANOTHER PAYER"), is_(2, "22")), (ERROR,)),
    Mutant("bell in a name", STRUCTURE, on("NM1", put(3, "ALDER\x07MERE"), is_(1, "QC")), (ERROR,)),
    Mutant("NUL in a name", STRUCTURE, on("NM1", put(3, "ALDER\x00MERE"), is_(1, "QC")), (ERROR,)),
    # Codes.
    Mutant("CAS group ZZ", CODE, on("CAS", put(1, "ZZ"), is_(1, "CO"))),
    Mutant("CLP02 is 99", CODE, on("CLP", put(2, "99"), is_(2, "1"))),
    Mutant("CARC is 9999X", CODE, on("CAS", put(2, "9999X"))),
    Mutant("RARC is 1N!", CODE, on("LQ", put(2, "1N!"))),
    Mutant("PLB reason is Q?", CODE, on("PLB", put(3, "Q?:REF1"))),
    Mutant("BPR04 is XYZ", CODE, on("BPR", put(4, "XYZ"))),
    Mutant("BPR03 is X", CODE, on("BPR", put(3, "X")), (ERROR, TRANSACTION)),
    Mutant("SVC01 qualifier ZZ", CODE, on("SVC", put(1, "ZZ:99213"))),
    # Amounts that are none.
    *(Mutant(f"CLP04 reads {text}", ERROR, on("CLP", put(4, text)), (STRUCTURE,)) for text in NO_AMOUNTS),
    Mutant("BPR02 reads abc", ERROR, on("BPR", put(2, "abc")), (STRUCTURE,)),
    Mutant("CAS03 reads 1e5", ERROR, on("CAS", put(3, "1e5")), (STRUCTURE,)),
    Mutant("PLB04 reads NaN", ERROR, on("PLB", put(4, "NaN")), (STRUCTURE,)),
    Mutant("SVC05 reads two", ERROR, on("SVC", _units("two")), (STRUCTURE,)),
    # Broken bytes.
    Mutant("separator lost in BPR", ERROR, on("BPR", _fused(1)), (STRUCTURE,)),
    Mutant("separator lost in SVC", ERROR, on("SVC", _fused(2)), (STRUCTURE,)),
    Mutant("separator lost in ISA", ERROR, on("ISA", _fused(3))),
    Mutant("terminator lost after CLP", ENVELOPE, on("CLP", _merged, recount=False), (STRUCTURE, ERROR)),
    *(Mutant(f"cut at {n} of 11", ERROR, _cut(n)) for n in range(1, 11)),
    Mutant("cut in ISA", ERROR, _text(lambda content: content[:60])),
    Mutant("cut between segments", ERROR, _cut_between_segments, (ENVELOPE,)),
    Mutant("bit in CLP04's last digit", CLAIM, _bit(_paid_digits, 0x01)),
    Mutant("high bit in CLP04", ERROR, _bit(_paid_digits, 0x80), (STRUCTURE,)),
    Mutant("bit in a CAS's name", STRUCTURE, _bit(_starts(b"CAS"), 0x01), (SERVICE, CLAIM, ERROR)),
    Mutant("bit in a CLP's name", STRUCTURE, _bit(_starts(b"CLP"), 0x08), (CLAIM, TRANSACTION, ERROR)),
    Mutant("bit in ISA's separator", ERROR, _bit(lambda content: [3], 0x01)),
    Mutant("component separator is the element's", ERROR, on("ISA", put(16, "*")), (STRUCTURE,)),
    # Something else.
    Mutant("version 004010X091A1", ERROR, _text(_4010), (ENVELOPE, STRUCTURE)),
    Mutant("an 837", ERROR, _text(_837)),
    Mutant("GS01 is HC", ERROR, _swapped(b"GS*HP*", b"GS*HC*"), (ENVELOPE, STRUCTURE, CODE)),
    Mutant("empty", ERROR, _instead(b"")),
    Mutant("blanks", ERROR, _instead(b" \r\n\t \n")),
    Mutant("byte-order mark alone", ERROR, _instead(b"\xef\xbb\xbf")),
    Mutant("ISA alone", ERROR, _text(lambda content: content[:106]), (ENVELOPE,)),
    Mutant("UTF-16", ERROR, _text(lambda content: content.decode().encode("utf-16"))),
    Mutant("EBCDIC", ERROR, _text(lambda content: content.decode().encode("cp037"))),
    Mutant("gzip", ERROR, _text(lambda content: gzip.compress(content, mtime=0))),
    Mutant("HTML page", ERROR, _instead(b"<!DOCTYPE html><html><body>Please log in</body></html>")),
    Mutant("PDF", ERROR, _instead(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")),
    Mutant("lower case", ERROR, _text(bytes.lower)),
    Mutant("text before ISA", ERROR, _text(lambda content: b"From: payer\n\n" + content), (ENVELOPE, STRUCTURE)),
    Mutant("text after IEA", STRUCTURE, _text(lambda content: content + b"-- \nend of report\n"), (ENVELOPE, ERROR)),
)
