"""Free skin grafts: the skin replaced, its thickness, and the place that the graft was taken from (B3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import Act
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Statement, Telling, statements
from leadterm.coding.procedures.terms import Term

from .drawing import drawn

_PLACES = (
    r"thighs?|legs?|calf|calves|groins?|inguinal(?: region| crease| area)?|abdomen|abdominal(?: wall)?|scalp|arms?"
    r"|forearms?|wrists?|hips?|buttocks?|backs?|flanks?|chest|neck|foot|feet|hands?|supraclavicular|(?:post|pre)-?auricular"
    r"|ear|clavic\w+|suprapubic"
)
_SITE = rf"(?:the |his |her |a |an )?(?P<site>(?:[\w/-]+ ){{0,4}}?(?:{_PLACES}))\b"
_SIDED = r"(?:(?:right|left|both|bilateral|anterior|lateral|anterolateral|medial|upper|r|l) )*"
DONOR: tuple[Pattern, ...] = (
    compiled(
        r"\b(?:harvest\w*|taken|obtained|procured|cut|raised|shaved|removed)\b[^.;]{0,70}?\b(?:from|off|over|on|at) "
        + _SITE
    ),
    compiled(r"\bdonor(?: (?:site|area|skin|graft)s?)?\W*(?:was |were |is |of |from |on |in |at )*" + _SITE),
    compiled(rf"(?P<site>\b{_SIDED}(?:{_PLACES})) (?:as )?(?:the )?(?:donor|harvest)"),
    compiled(r"\b(?:auto)?grafts?\b[^.;]{0,50}? from " + _SITE),
    compiled(rf"\bgraft(?:ing|s)?\W+(?P<site>{_SIDED}(?:{_PLACES})) (?:on|in)?to (?:the )?(?:left|right|l|r)?"),
    compiled(r"\bharvest(?:ed|ing| of) (?:\w+ ){0,4}?(?:skin )?(?:graft )?(?:from )?" + _SITE),
)
_GRAFT = compiled(r"\b(?:graft|stsg|ftsg|skin|dermatome|autograft|donor)")
_NOT = compiled(
    r"\b(?:no|not|without|prior|previous|old|healed|planned|may|will|would|cadaver\w*|allograft"
    r"|considered)\b[^.;]{0,40}\Z"
)
_BONE = compiled(r"\b(?:bone graft|iliac crest|vein graft|saphenous|fat graft|nerve graft|tendon graft|cartilage)\b")


def codes(legal: Legal, term: Term, context: Context, qualifier: str) -> Iterator[Built]:
    """The skin that is replaced and, where the record tells it, the skin that the graft came from."""
    act = context.act
    text = act.statement.text
    for start, end in donors(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    covered = Context(context.chart, replace(act, statement=replace(act.statement, text=text)))
    yield from drawn(legal, term, covered, f"0HR_X7{qualifier}")
    yield from harvested(legal, term, context)


def harvested(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The skin that the graft was cut from, where the record tells it (B3.9)."""
    donor = next(_taken(context), None)
    if donor is not None:
        yield from (one for one in drawn(legal, term, donor, "0HB_XZZ") if one.open is None)


def donors(text: str) -> Iterator[tuple[int, int]]:
    """Where a text names the place that a graft was taken from."""
    for pattern in DONOR:
        for found in pattern.finditer(text):
            if not _NOT.search(text[: found.start()]) and not _BONE.search(found[0]):
                yield found.span("site")


def _taken(context: Context) -> Iterator[Context]:
    """The place where each sentence of the record tells that the graft was taken."""
    mine = context.act.statement
    for one in (mine, *_same(context, mine)):
        if one is mine or _GRAFT.search(one.text):
            for start, end in donors(one.text):
                yield Context(context.chart, Act(context.act.term, one, start, end, (start, end)))


def _same(context: Context, mine: Statement) -> Iterator[Statement]:
    """The other sentences of the same report, its list of operations before the account."""
    every = [s for s in statements(context.chart) if s.report == mine.report and s.telling is not Telling.AIM]
    return (s for s in sorted(every, key=lambda s: s.telling) if s.start != mine.start)
