"""Vessels led past a block and cleaned out: from where to where, with what, and what was taken for it (B3.6, B3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Statement, Telling, statements
from leadterm.coding.procedures.terms import Term

from .drawing import cue, drawn, first, whole

_VEIN, _SYNTHETIC, _BANK = cue("vessels.vein"), cue("vessels.synthetic"), cue("vessels.bank")
_IN_PLACE = compiled(r"\bin[ -]situ\b")
_ENDOSCOPIC = compiled(r"\bendoscop\w+[^.]{0,40}(?:vein|harvest)|\b(?:vein|harvest\w*)[^.]{0,40}endoscop")
_INTERNAL, _PATCH = compiled(r"\binternal carotid|\bica\b"), cue("vessels.patch")


def bypass(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of a bypass: argument is table, part it leads from and qualifier ("041:femoral artery:L").

    Nothing where its graft was there before, and something was done to it.
    """
    if _OLD_GRAFT.search(context.act.statement.text):
        return
    table, part, qualifier = argument.split(":")
    part = part.replace("-", " ")
    device = _conduit(context)
    if qualifier == "F":  # of both femoral arteries: the side that it leads to is the other one
        for built in drawn(legal, term, context, f"{table}_0{device or '_'}_", part):
            other = {"K": "J", "L": "H"}.get(built.code[3], "K")
            yield from drawn(legal, term, context, f"{table}{built.code[3]}0{device or '_'}{other}", "")
    else:
        yield from drawn(legal, term, context, f"{table}_0{device or '_'}{qualifier}", part)
    if device == "9" and not _IN_PLACE.search(whole(context)):
        way = "4" if _ENDOSCOPIC.search(whole(context)) else "0"
        yield from drawn(legal, term, context, f"06B_{way}ZZ", "saphenous vein")


_OLD_GRAFT = compiled(
    r"\b(?:thrombectomy|embolectomy|thrombolysis|revision|removal|excision|explant\w*|exploration|ligation|stenting"
    r"|angioplasty)(?: and \w+)? of (?:[\w-]+ ){0,5}bypass|\b(?:thrombosed|occluded|infected) (?:[\w-]+ ){0,5}bypass"
)


def _conduit(context: Context) -> str:
    """What the blood is led through: as the nearest words tell; empty where none do."""
    for level in context.of("clause", "sentence", "names", "account", "beside"):
        for pattern, device in ((_SYNTHETIC, "J"), (_VEIN, "9"), (_BANK, "K")):
            if pattern.search(level.text):
                return device
    return ""


def endarterectomy(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of an artery cleaned out, and of the patch that closes it; a carotid as far as it was cleaned."""
    part = argument.replace("-", " ")
    if part == "carotid":
        part = "internal carotid artery" if _INTERNAL.search(whole(context)) else "common carotid artery"
    table = "04" if part.startswith(("femoral", "common femoral", "iliac", "popliteal")) else "03"
    yield from drawn(legal, term, context, f"{table}C_0ZZ", part)
    patch = first(context, _PATCH, "clause", "sentence", "names", "account", "beside")
    if patch:
        yield from drawn(legal, term, context, f"{table}U_0{_patch(whole(context))}Z", part)


def _patch(text: str) -> str:
    words = " . ".join(text[max(0, m.start() - 60) : m.end() + 30] for m in _PATCH.finditer(text))
    if compiled(r"\bvein\b|\bsaphenous|\bautologous").search(words):
        return "7"
    return "K" if compiled(r"\bbovine|\bpericardi|\bporcine|\bbiologic|\bxeno|\bphoto ?fix").search(words) else "J"


_LEVELS = ("clause", "sentence", "names", "account", "beside")
_STENTED, _ELUTING = cue("vessels.stent"), compiled(r"\bdrug[ -]eluting stent|\bdes\b|\beluvia|\bzilver")
_COATED = compiled(r"\bdrug[ -]coated|\bdcb\b|\blutonix|\bin\.?pact|\bpaclitaxel[ -]coated|\bstellarex")
_TWO = compiled(r"\b(?:two|2|second|overlapping)\b(?! ?(?:mm|cm|x|\.))[^.;,]{0,40}\bstents?")


def dilation(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of a vessel dilated from inside, with the stents that stay and whether a drug coats the balloon."""
    del argument
    own = " . ".join(level.text for level in context.of("clause", "sentence"))
    device = "Z"
    if _STENTED.search(own) or _STENTED.search(first(context, _STENTED, "names")):
        device = (
            ("5" if _TWO.search(own) else "4") if _ELUTING.search(whole(context)) else "E" if _TWO.search(own) else "D"
        )
    veins = compiled(r"\bvein|\bvenous|\bvenoplast|\bfistula|\bvena\b|\bcephalic|\bbasilic").search(own)
    qualifier = "1" if _COATED.search(whole(context)) and not veins else "Z"
    template = f"0{'{56}' if veins else '{34}'}7_3{device}{qualifier}"
    parts = [] if veins else _several(context.act.words)
    for part in parts:
        yield from drawn(legal, term, context, template, part)
    if not parts:
        built = [tuple(drawn(legal, term, one, template)) for one in (context, *_before(context))]
        yield from next((some for some in built if some and _named_there(some)), built[0])


_LATELY = 4  # sentences before one that names no vessel, in which the same vessel was worked on


def _before(context: Context) -> Iterator[Context]:
    """The sentences before, the nearest first: a balloon follows the atherectomy of the same artery."""
    mine = context.act.statement
    told = [s for s in statements(context.chart) if s.report == mine.report and s.telling is mine.telling]
    for s in [s for s in told if s.start < mine.start][: -_LATELY - 1 : -1]:
        yield Context(context.chart, replace(context.act, statement=s, start=0, end=0, clause=(0, len(s.text))))


def _several(text: str) -> list[str]:
    """The arteries of the leg that a text names in one breath, where they are more than one (B3.2a)."""
    named = dict.fromkeys(_LEG[m[1]] for m in _IN_LEG.finditer(text))
    return list(named) if len(named) > 1 else []


_LEG = {
    "common iliac": "common iliac artery",
    "external iliac": "external iliac artery",
    "internal iliac": "internal iliac artery",
    "common femoral": "femoral artery",
    "superficial femoral": "femoral artery",
    "sfa": "femoral artery",
    "femoral": "femoral artery",
    "popliteal": "popliteal artery",
    "anterior tibial": "anterior tibial artery",
    "posterior tibial": "posterior tibial artery",
    "peroneal": "peroneal artery",
}
_IN_LEG = compiled(rf"\b({'|'.join(_LEG)})\b")


def embolization(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of vessels closed from inside: a device where coils, plugs or glue stay (B3.12)."""
    del argument
    plain = compiled(r"\bgelfoam only|\bthrombin only").search(whole(context))
    template = f"0{{345}}L_3{'Z' if plain else 'D'}Z"
    every = (tuple(drawn(legal, term, one, template)) for one in (context, *_closing(context)))
    built = [some for some in every if some]
    yield from next((some for some in built if _named_there(some)), built[0] if built else ())


def _named_there(built: tuple[Built, ...]) -> bool:
    """Whether the words of the operation itself tell the vessel, not the way in that the report tells elsewhere."""
    return all(one.open is None and one.choices[0].by in ("clause", "sentence", "term") for one in built)


_CLOSES = compiled(
    r"\b(?:(?:micro-?)?coils?|coiled|emboli[sz]ed|plug|particles|glue|nbca|onyx|gelfoam|microspheres|embospheres)\b"
)
_SPARED = compiled(r"\b(?:no|not|without|nothing)\b")


def _closing(context: Context) -> Iterator[Context]:
    """The sentences of the report that tell what was put into which vessel."""
    mine = context.act.statement
    before: Statement | None = None
    for s in statements(context.chart):
        mine_too = s.report == mine.report and s.telling is not Telling.AIM
        if mine_too and (found := _CLOSES.search(s.text)) and not _SPARED.search(s.text[: found.end()]):
            told = before if before is not None and _THAT.search(s.text[: found.start()]) else s
            last = max(told.text.rfind(mark) for mark in ";:") + 1 if told is before else 0
            act = replace(context.act, statement=told, start=last, end=last, clause=(last, len(told.text)))
            yield Context(context.chart, act)
        before = s if mine_too else None


# "This artery was closed with coils": the one that the sentence before named last.
_THAT = compiled(r"\b(?:this|that) (?:artery|vessel|branch)\b")


def pulmonary(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of clots taken from the arteries of the lungs through a catheter: trunk, right, left."""
    del argument
    text = " . ".join(level.text for level in context.of("clause", "sentence", "names", "account", "beside"))
    parts = [
        c
        for c, p in (
            ("P", r"\bmain pulmonary (?:artery|trunk)|\bpulmonary trunk|\bsaddle"),
            ("Q", r"\bright (?:main |lower lobe )?pulmonary arter|\bright pa\b|\bbilateral pulmonary"),
            ("R", r"\bleft (?:main |lower lobe )?pulmonary arter|\bleft pa\b|\bbilateral pulmonary"),
        )
        if compiled(p).search(text)
    ]
    sided = [c for c in parts if c != "P"] or parts
    for part in sided:
        yield from drawn(legal, term, context, f"02C{part}3ZZ", "")
    if not sided:
        yield from drawn(legal, term, context, "02C_3ZZ", "pulmonary artery")


def stroke(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The code of a clot taken from an artery of the head or neck, and whether a stent retriever took it."""
    del argument
    text = whole(context)
    way = "7" if compiled(r"\bstent[ -]?retriev|\bsolitaire|\btrevo|\bembotrap").search(text) else "Z"
    inner = cue("vessels.inner")
    if inner.search(" . ".join(level.text for level in context.of(*_LEVELS))):
        yield from drawn(legal, term, context, f"03CG3Z{way}", "")
    else:
        yield from drawn(legal, term, context, f"03C_3Z{way}", "internal carotid artery")
