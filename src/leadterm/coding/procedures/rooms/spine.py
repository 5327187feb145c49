"""The spine by its levels: joints fused, discs taken, cord and roots freed, vertebrae raised and filled (B3.10, B3.13).

Vertebrae are numbered from C1 = 1 to S1 = 25; a joint or disc has the number of its upper vertebra. "L4-S1" is two
joints, "C5-6" one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn, fixed, whole

_OFFSET = {"c": 0, "t": 7, "d": 7, "l": 19, "s": 24}
_LEVEL = re.compile(
    r"\b(c|t|l|s)(\d{1,2})(?:(?: vertebra\w*)? ?(?:-|–|/|to|through|thru)+ ?(c|t|l|s)?-?(\d{1,2}))?"
    r"(?: ?(?:-|–|/) ?(c|t|l|s)?(\d{1,2}))?(?!\d|\.\d)"
)
_OCCIPUT = compiled(r"\bocciput|\boccipit")
# (first joint, last joint, table, value of one joint, value of several, joints up to which the second holds)
_JOINTS = (
    (0, 0, "0RG", ("0",)), (1, 6, "0RG", ("1", "2")), (7, 7, "0RG", ("4",)), (8, 18, "0RG", ("6", "7", "8")),
    (19, 19, "0RG", ("A",)), (20, 23, "0SG", ("0", "1")), (24, 24, "0SG", ("3",)),
)  # fmt: skip
_DISCS = (
    (1, 6, "0R", "3"),
    (7, 7, "0R", "5"),
    (8, 18, "0R", "9"),
    (19, 19, "0R", "B"),
    (20, 23, "0S", "2"),
    (24, 24, "0S", "4"),
)
VERTEBRAE = ((1, 7, "0P", "3"), (8, 19, "0P", "4"), (20, 24, "0Q", "0"), (25, 29, "0Q", "1"))
_CAGE, _AUTO, _ALLO, _SYNTHETIC = (
    cue("spine.cage"),
    cue("spine.autograft"),
    cue("spine.allograft"),
    cue("spine.synthetic"),
)
_STRUT = cue("spine.strut")
_FRONT, _BEHIND_FRONT, _BEHIND = cue("spine.anterior"), cue("spine.interbody_behind"), cue("spine.posterior")
_GUTTERS = cue("spine.gutters")
_WHOLE_DISC, _DISC = cue("spine.whole_disc"), cue("spine.disc")
_CREST = cue("spine.crest")
_CORD, _ROOT = cue("spine.cord"), cue("spine.root")


def joints(text: str) -> list[int]:
    """The joints that a text names, by the number of their upper vertebra; a single vertebra names none."""
    found: set[int] = set()
    for m in _LEVEL.finditer(text):
        chain = _chain(m)
        for upper, lower in pairwise(chain):
            found.update(range(upper, lower))
    if _OCCIPUT.search(text):
        found.add(0)
    return sorted(found)


def vertebrae(text: str) -> list[int]:
    """The vertebrae that a text names, those between two of a range included."""
    found: set[int] = set()
    for m in _LEVEL.finditer(text):
        chain = _chain(m)
        found.update(range(chain[0], chain[-1] + 1))
    return sorted(found)


def _chain(m: re.Match[str]) -> list[int]:
    """The vertebrae of one mention in order: "L4-5-S1" is three."""
    chain: list[int] = []
    region = m[1]
    for letter, number in ((m[1], m[2]), (m[3], m[4]), (m[5], m[6])):
        if number is None:
            continue
        region = letter or ("s" if region == "l" and number == "1" and chain else region)
        here = _OFFSET[region] + int(number)
        if chain and here <= chain[-1]:
            break
        chain.append(here)
    return chain


def _levels(context: Context) -> list[int]:
    """The joints of an operation: as its own words tell, else the list, the diagnoses, the account."""
    alone = len(_OPERATION.findall(context.act.statement.text)) < 2
    for level in context.of(
        *(("sentence",) if alone else ()), "clause", "sentence", "names", "beside", "aims", "account"
    ):
        found = joints(_worked_on(level.text))
        if found:
            return found
    return []


def _worked_on(text: str) -> str:
    """A text without the sentences that tell which level was left as it is."""
    return " . ".join(one for one in text.split(" . ") if not _ALONE.search(one)) if _ALONE.search(text) else text


_ALONE = cue("spine.alone")


_OPERATION = cue("spine.operation")


# --- fusion (B3.10) ---


def fusion(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of joints fused: `anterior`, `interbody` from behind, `posterior`, `combined`, or as the words tell."""
    found = _levels(context)
    columns = _columns(context, argument)
    if not found:
        yield asked("0SG__0_", (), "levels that were fused")
        return
    for ending in columns:
        device = fusion_device(context, ending)
        for table, value in joint_values(found):
            if device:
                yield from fixed(legal, f"{table}{value}0{device}{ending}")
            else:
                yield from drawn(legal, term, context, f"{table}{value}0_{ending}")
    if any(e in "0J" for e in columns):
        yield from discs(legal, context, found)
    if "corpectomy" in context.act.words:
        yield from corpectomy(legal, term, context, argument)
    yield from _harvest(legal, context)


def corpectomy(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of vertebral bodies cut out: those named right before the word, else right behind it."""
    del argument
    for level in context.of("clause", "sentence", "names", "account"):
        for m in _CORPECTOMY.finditer(level.text):
            if places := vertebrae(m[1] or m[2] or ""):
                for table, value in of(places, VERTEBRAE):
                    yield from fixed(legal, f"{table}B{value}0ZZ")
                return
    yield from drawn(legal, term, context, "0{PQ}B_0ZZ", "vertebra")


_CORPECTOMY = compiled(
    r"\b([ctl]\d{1,2}(?: ?(?:-|,|and|&|to)+ ?[ctl]?\d{1,2})*)? ?(?:vertebral )?(?:corpectom|vertebrectom)\w+"
    r"(?:,? (?:of |at )?([ctl]\d{1,2}(?: ?(?:-|,|and|&|to)+ ?[ctl]?\d{1,2})*))?"
)


def joint_values(found: Iterable[int]) -> Iterator[tuple[str, str]]:
    """The tables and values of joints; several of one region count together (B3.10a)."""
    every = list(found)
    for first_, last, table, values in _JOINTS:
        number = sum(1 for one in every if first_ <= one <= last)
        if not number:
            continue
        place = 0 if number == 1 else 1 if number <= 7 or len(values) < 3 else 2
        yield table, values[min(place, len(values) - 1)]


def _columns(context: Context, argument: str) -> list[str]:
    """0 front column from the front, J front column from behind, 1 rear column from behind (B3.10b)."""
    own = context.act.statement.text
    if argument == "anterior":
        return ["0"]
    if argument == "interbody":
        more = _GUTTERS.search(whole(context)) and not _posterior_named(context)
        return ["J", "1"] if more else ["J"]
    if argument == "posterior":
        return ["1"]
    if argument == "combined":
        return ["0", "1"] if _FRONT.search(whole(context)) else ["J", "1"]
    if _BEHIND_FRONT.search(own):
        return ["J"]
    if _FRONT.search(own):
        return ["0"]
    if _BEHIND.search(own):
        return ["1"]
    text = whole(context)
    if _BEHIND_FRONT.search(text):
        return ["J"]
    return ["0"] if _FRONT.search(text) and not _BEHIND.search(text) else ["1"]


def _posterior_named(context: Context) -> bool:
    """Whether the list of operations has a fusion from behind of its own."""
    return any(cue("spine.posterior_name").search(level.text) for level in context.of("names"))


def fusion_device(context: Context, ending: str) -> str:
    """The device by its order: a cage, then the patient's bone, then bank bone, then what is synthetic (B3.10c)."""
    text = whole(context)
    if ending in "0J":
        if _CAGE.search(text):
            return "A"
        if _STRUT.search(text):
            return "K"
        if _AUTO.search(text):
            return "7"
        if _ALLO.search(text):
            return "K"
        return "A" if ending == "J" else ""
    for pattern, device in ((_AUTO, "7"), (_ALLO, "K"), (_SYNTHETIC, "J")):
        if pattern.search(text):
            return device
    return ""


def discs(legal: Legal, context: Context, found: list[int]) -> Iterator[Built]:
    """The discs that were taken before a fusion from the front or between the bodies (B3.8)."""
    text = whole(context)
    if not _DISC.search(text):
        return
    operation = "T" if _WHOLE_DISC.search(text) else "B"
    for table, value in of(found, _DISCS):
        yield from fixed(legal, f"{table}{operation}{value}0ZZ")


def of(found: Iterable[int], regions: Iterable[tuple[int, int, str, str]]) -> list[tuple[str, str]]:
    """The tables and values of those regions in which something was found."""
    every = list(found)
    return [(table, value) for first_, last, table, value in regions if any(first_ <= n <= last for n in every)]


def _harvest(legal: Legal, context: Context) -> Iterator[Built]:
    """Bone cut from the crest through an incision of its own (B3.9)."""
    text = whole(context)
    if not _CREST.search(text):
        return
    left = compiled(r"\bleft (?:posterior |anterior |superior )*iliac|\biliac crest[^.]{0,40}\bleft\b").search(text)
    yield from fixed(legal, f"0QB{'3' if left else '2'}0ZZ")


# --- discs, cord and roots ---


def discectomy(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of discs taken, in part or whole (B3.8), where no fusion of the same report counts them."""
    del argument
    if any(cue("spine.motion").search(level.text) for level in context.of("clause", "sentence", "names")):
        return
    if any(cue("spine.fused").search(level.text) for level in context.of("clause", "sentence", "names")):
        return
    found = _levels(context)
    way = "4" if compiled(r"\bendoscop").search(context.act.statement.text) else "0"
    operation = "T" if _WHOLE_DISC.search(whole(context)) else "B"
    if not found:
        yield from drawn(legal, term, context, f"0{{RS}}{operation}_{way}ZZ", "disc")
    for table, value in of(found, _DISCS):
        yield from fixed(legal, f"{table}{operation}{value}{way}ZZ")


_CORDS = ((1, 7, "00N", "W"), (8, 19, "00N", "X"), (20, 25, "00N", "Y"))
_ROOTS = ((1, 7, "01N", "1"), (8, 19, "01N", "8"), (20, 24, "01N", "B"))


def decompression(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of a cord, or of roots, that were freed: taking bone is only the way to them (B3.13)."""
    own = " . ".join(level.text for level in context.of("clause", "sentence", "names", "account", "beside"))
    if (
        argument != "lamina"
        and compiled(r"\bdiscectomy|\bmicrodiscectomy").search(context.act.statement.text)
        and not _CORD.search(context.act.statement.text)
    ):
        return
    places = _places(context)
    roots = bool(_ROOT.search(own))
    cord = bool(_CORD.search(own)) or not roots
    if not places:
        yield asked("00N_0ZZ", ("cervical", "thoracic", "lumbar"), "level that was decompressed")
        return
    if cord:
        for table, value in of(places, _CORDS):
            yield from fixed(legal, f"{table}{value}0ZZ")
    if roots:
        for table, value in of(places, _ROOTS):
            yield from fixed(legal, f"{table}{value}0ZZ")


def _places(context: Context) -> list[int]:
    """The vertebrae of an operation; the region where only that is told."""
    alone = len(_OPERATION.findall(context.act.statement.text)) < 2
    for level in context.of(
        *(("sentence",) if alone else ()), "clause", "sentence", "names", "beside", "aims", "account"
    ):
        found = vertebrae(level.text)
        if found:
            return found[:-1] if len(found) > 1 and found[-1] in (8, 20, 25) else found
        for word, place in (("cervical", 4), ("thoracic", 12), ("lumbar", 22)):
            if word in level.text:
                return [place]
    return []


# --- vertebrae raised and filled ---


def augmentation(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of cement in vertebrae, of raising them where a balloon did (`raised`), of a core that was taken."""
    places = next(
        (v for level in context.of("clause", "sentence", "names", "account", "aims") if (v := vertebrae(level.text))),
        [],
    )
    told = of(places, VERTEBRAE)
    if not told:
        yield from drawn(legal, term, context, "0{PQ}U_3JZ", "vertebra")
    sampled = _CORE.search(whole(context)) is not None
    for table, value in told:
        if argument == "raised":
            yield from fixed(legal, f"{table}S{value}3ZZ")
        yield from fixed(legal, f"{table}U{value}3JZ")
        if sampled and len(told) == 1:  # of several the record must say which
            yield from fixed(legal, f"{table}B{value}3ZX")


_CORE = cue("spine.core")


def hardware(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of screws and rods of the spine: argument is the operation, H insertion or P removal."""
    found = _levels(context) or vertebrae(whole(context))
    tables = {"H": {"0RG": "0RH", "0SG": "0SH"}, "P": {"0RG": "0RP", "0SG": "0SP"}}[argument]
    for table, value in joint_values(found):
        single = {"2": "1", "7": "6", "8": "6"}.get(value, value) if table == "0RG" else {"1": "0"}.get(value, value)
        yield from fixed(legal, f"{tables[table]}{single}04Z")
