"""Whether the chart says that a drug was given at this encounter: only that is billed; what is not said is asked."""

from __future__ import annotations

from enum import Enum

from leadterm.coding.patterns import compiled

from ._cues import cue
from .details import Details
from .formulary import Product
from .marked import marked_not
from .mentions import Mention

# Sections that speak of other things than what was done today.
SILENT = frozenset(
    "family-history past-medical-history past-surgical-history social-history instructions review-of-systems"
    " problem-list obstetric-history".split()
)
STORY = frozenset(("hpi", "chief-complaint", "medications", "immunizations", "allergies"))
INJECTED = frozenset(("im", "sc", "iv"))
# Ways of taking that no billing unit of this room is for.
NOT_BILLED = frozenset(("po", "nasal", "pr", "skin", "drops"))
_TITLE = compiled(
    r"\b(?:center|hospital|outpt|outpatient|clinic|visit|note|summary|suite|report"
    r"|home|discharge|prior|plan|consent|teaching|ordered|orders)\b"
)


_PLAIN = compiled(
    r"\bmars?\b(?! ?\d)|\b(?:medications?|meds|drugs|immunizations?|vaccin\w+) (?:given"
    r"|administered)|\badministration record\b"
)
_LISTS = compiled(r"\b(?:home|discharge|current|prescri\w+|plan|allerg\w+|orders?|rx|instructions?|history|next)\b")
_CLOCK = compiled(r"\d:[0-5]\d|(?<![\d.,/])(?:[01]\d|2[0-3])[0-5]\d\b|\d ?[ap]\.?m\b|\bwast|\bdiscard")


_SIDE = compiled(
    r"\b(?:right|left|rt|lt|r|l|each|both|bilat(?:eral)?)[\s.)]*(?:(?:upper|lower|outer|vastus|anterior) )*"
    r"(?:dorso|ventro|lateral )?(?:delt(?:oid)?s?|glut\w*|buttocks?|thighs?|arms?|abd\w*|lateralis|hips?"
    r"|quad\w*|vg|dg|vl)\b"
    r"|\b[rl](?:uoq|vg|dg|vl|d|ua|gm)\b|\b(?:deltoid|delt|glut\w*|thigh|arm|abdomen|vg|vl|buttock|ventroglut\w*)[\s,(]+"
    r"(?:right|left|rt|lt|r|l)\b|\babd(?:omen)?,? [rl][ul]q\b"
)
_PLACE = compiled(
    rf"{_SIDE.pattern}|\bintra-?articular|\bjoint\b|\bbursa|\bknee\b|\bshoulder\b|\bintra-?lesional|\bintra-?vitreal|\bintra-?vesical"
)
_PROCEDURE = compiled(
    r"\btime[- ]?out\b|\bprepped\b|\baspirated\b|\bwas injected\b|\bsterile (?:technique|prep|fashion)\b|\bconsent\b"
)
_INTO = compiled(
    r"\binto (?:\w+ ){0,2}(?:lesions?|keloids?|sites?|plaques?|scars?|joint|knee|shoulder|bladder|vitreous|sheath)\b"
    r"|\b\d+ (?:lesions?|keloids?|sites?|plaques?|nodules?)\b|\bintra-?vitreal|\bintra-?vesical"
)
_ORDERED = compiled(r"\bgive\b|\borders?\b|\bordered\b|\badminister\b")


_LOG_ROW = compiled(
    r"[ \t|*-]*(?:(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d)[ap]?m?[ \t|:,-]+(?:[a-z0-9#./]+ ){0,3}"
)
_UNCHECKED = compiled(r"(?:\[\s*\]|\(\s+\)|☐|□|\b(?:no|n)\s*\[x\])[^\[(☐□☑☒✓✔]*$")
# Cells that hold only strokes: the columns of a giving that nobody filled in.
_EMPTY = compiled(r"(?:(?:^|[ \t]{2,}|\||\t)[ \t]*(?:-{1,8}|—|n/a)[ \t]*(?=[ \t]{2}|\||\t|\n|$)){2}")
_IMAGED = compiled(
    r"\b(?:technique|contrast|injected|before and after|following|after|with|administ\w+|enhanced|using|dose)\b"
)


_INSERTED = compiled(
    r"\b(?:inserted|placed|deployed|insertion (?:today|performed|done|completed|without|was)|seated|introduced"
    r"|advanced)\b"
)
_OTHERS = compiled(r"\bcompar\w+|\bindication|\bhistory\b|\bprior\b|\bprevious")


_RUNS = compiled(
    r"\b(?:on|up|start\w*|began|begun|hung|from|infus\w*|ran|run)\b[^.\n]{0,25}\d:?\d\d"
    r"|\d:?[0-5]\d ?(?:-+>?|–|to|until|→) ?\d{1,2}:?[0-5]\d"
)


class Verdict(Enum):
    """What the chart says of it."""

    GIVEN = "given"
    ASK = "ask"
    NO = "no"


def may_tell(mention: Mention, limit: int = 0) -> bool:
    """Whether the words around a name can say that it was given, before anything is read of them."""
    if is_recorded(mention):
        return True
    if mention.passage.kind in SILENT:
        return False
    if all(p.kind in ("diagnostic", "device") for p in mention.products):
        return True
    if limit > mention.high and _RUNS.search(mention.lower, mention.high, limit):
        return True
    whole = mention.whole
    return bool(_PLACE.search(whole) or cue("given").search(whole) or _CLOCK.search(whole) or cue("ask").search(whole))


def verdict(mention: Mention, told: Details) -> Verdict:
    """Whether the drug was given, is perhaps given, or was not."""
    own, kind = f"{mention.lead} {mention.own}", mention.passage.kind
    record = is_recorded(mention)
    if (kind in SILENT and not record) or told.route in NOT_BILLED:
        return Verdict.NO
    if is_unchecked(mention) or cue("refused").search(own) or _left(own) or cue("elsewhere").search(own):
        return Verdict.NO
    if _is_device(mention):
        return Verdict.GIVEN if _INSERTED.search(own) and not cue("taken").search(own) else Verdict.NO
    said = bool(cue("given").search(own)) or (not _decided(own) and _said_beside(mention, told))
    timed = told.times.moment is not None or told.times.stop is not None
    if cue("taken").search(own) and not timed and not (said and (record or cue("here").search(own))):
        return Verdict.NO
    if kind in STORY and not record and not (timed and is_logged(mention)):
        shown = (
            bool(_SIDE.search(mention.own))
            or timed
            or told.waste is not None
            or bool(told.containers)
            or told.ndc is not None
        )
        return Verdict.GIVEN if said and (shown or cue("here").search(own)) else Verdict.NO
    into = told.route in INJECTED or (not told.route and all(_is_injected(p) for p in mention.products))
    dosed = bool(told.doses or told.ratios or told.strengths or told.containers or told.per or told.bare)
    row = timed and into and dosed and not _planned(kind)
    ran = into and told.times.minutes is not None  # who writes when it began and ended, gave it
    if not said and not timed and _EMPTY.search(own):
        return Verdict.NO
    puffed = told.route == "neb" and dosed and not _planned(kind) and bool(cue("here").search(own) or told.fold > 1)
    row = row or ran or puffed or _is_contrast(mention, told)
    if said or record or row or _placed(mention, told, own):
        return Verdict.GIVEN
    asked = told.route in INJECTED and bool(told.doses) and bool(cue("ask").search(own))
    return Verdict.ASK if asked else Verdict.NO


def _is_injected(product: Product) -> bool:
    """Whether a drug is given by needle alone, as far as its ways or its official text tell."""
    if product.routes:
        return product.routes <= {*INJECTED, "joint", "lesion"} and product.kind not in ("anesthetic", "none")
    return product.title.lower().startswith(("injection", "inj,", "infusion"))


def _is_device(mention: Mention) -> bool:
    """Whether what is named is placed and no drug that is given: an intrauterine device, say."""
    return all(p.kind == "device" for p in mention.products)


def _is_contrast(mention: Mention, told: Details) -> bool:
    """Whether a report of imaging tells how much of a contrast medium or tracer was injected."""
    if any(p.kind != "diagnostic" for p in mention.products) or not told.doses or _OTHERS.search(mention.header):
        return False
    return bool(_IMAGED.search(mention.whole)) or told.route == "iv"


def is_recorded(mention: Mention) -> bool:
    """Whether the mention stands in a record of what was given, by the line over it or by the header of its section."""
    if mention.row is not None and mention.row.given and not _LISTS.search(f"{mention.header} {mention.heading}"):
        return True
    heading = mention.heading
    if heading and (is_record(heading) or _LISTS.search(heading)):
        return is_record(heading)
    return is_record(mention.header)


def is_logged(mention: Mention) -> bool:
    """Whether the line begins with a time of the day and, after it, the drug: a row of a log."""
    begin = mention.lower.rfind("\n", 0, mention.start) + 1
    return bool(_LOG_ROW.fullmatch(mention.lower, begin, mention.start))


def is_unchecked(mention: Mention) -> bool:
    """Whether it stands behind a box that nobody checked, or in a row with No in the column of what was given."""
    line = mention.lower[mention.lower.rfind("\n", 0, mention.start) + 1 : mention.start]
    return bool(_UNCHECKED.search(line)) or marked_not(mention.lower, mention.start)


def is_record(header: str) -> bool:
    """Whether a header stands over what was given, and is no title of a whole note."""
    if not header or not cue("record").search(header):
        return False
    return bool(_PLAIN.search(header)) or not _TITLE.search(header)


def _placed(mention: Mention, told: Details, own: str) -> bool:
    """Whether dose and place of the needle are told: in a side's muscle, or in the joint of a procedure's account."""
    amount = bool(told.doses or told.strengths or told.bare)
    if not amount or _ORDERED.search(own) or cue("planned").search(own) or cue("taken").search(own):
        return False
    if told.route in ("im", "sc"):
        return bool(_SIDE.search(own))
    if told.route not in ("joint", "lesion", "eye", "bladder") or _planned(mention.passage.kind):
        return False
    if told.doses and _INTO.search(own):
        return True
    return bool(_PROCEDURE.search(mention.lower, mention.passage.start, mention.passage.end))


def _planned(kind: str) -> bool:
    return kind in ("plan", "assessment-plan")


def _decided(own: str) -> bool:
    """Whether the drug's own words tell what became of it."""
    return bool(cue("planned").search(own))


def _said_beside(mention: Mention, told: Details) -> bool:
    """Whether the sentence says of its drugs together that they were given, after the last or before this one."""
    tail = mention.lower[mention.high : mention.sentence[1]]
    head = mention.lower[mention.sentence[0] : mention.low]
    complete = told.route in INJECTED and bool(told.doses)
    return _says(tail) or (complete and _says(head))


def _says(words: str) -> bool:
    if ";" in words or cue("refused").search(words) or cue("planned").search(words):
        return False
    return bool(cue("given").search(words))


def _left(own: str) -> bool:
    """Whether it was only planned or prescribed: no word after the plan says that it was done."""
    plans = list(cue("planned").finditer(own))
    return bool(plans) and not cue("given").search(own, plans[-1].end())
