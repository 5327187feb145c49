"""Whether the patient is pregnant, delivers in this stay, or has delivered (I.C.15.a to I.C.15.o), from the whole chart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from leadterm.coding.chart import Chart
from leadterm.coding.gestation import trimester_of
from leadterm.domain import Assertion, Fact, Setting, Sex

YOUNGEST, OLDEST = 9, 60
TERM = 37


class State(StrEnum):
    """What chapter 15 has to do with the patient."""

    NONE = "none"
    PREGNANT = "pregnant"
    DELIVERED = "childbirth"
    PUERPERIUM = "puerperium"
    LOST = "abortive"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Mother:
    """The patient as a mother.

    Attributes:
        state: Where she stands.
        phase: How titles of chapter 15 name it: a trimester, childbirth, puerperium; None where nothing tells.
        trimester: Of the stay's first day, for codes that have no childbirth of their own.
        weeks: The value that tells the weeks; None after the birth.
        fetuses: How many she carries or bore in this pregnancy.
        cesarean, vaginal, labor: How she delivered in this stay, and whether labor is told.
        parous: Whether she delivered before; None where nothing tells.
        nursing: Whether she breastfeeds.
    """

    state: State
    phase: str | None
    trimester: str | None
    weeks: Fact | None
    fetuses: int
    cesarean: bool
    vaginal: bool
    labor: bool
    parous: bool | None
    nursing: bool

    @property
    def number(self) -> int | None:
        """Completed weeks."""
        return int(float(self.weeks.attributes["value"])) if self.weeks else None

    @property
    def days(self) -> int | None:
        """Days since the first of the last period, as far as the chart tells them."""
        if self.weeks is None or self.number is None:
            return None
        return 7 * self.number + int(self.weeks.attributes.get("days", "0"))

    @property
    def expecting(self) -> bool:
        """Whether codes of pregnancy, birth and puerperium have a place in this chart."""
        return self.state not in (State.NONE, State.LATER)


_PREGNANT = re.compile(
    r"\bpregnan(?:t|cy)\b(?! (?:test|prevention|planned))|\bgravid\b|\bprimigravida|\bmultigravida|\bprimip\b|\bi\.?u\.?p\b"
    r"|\bg ?\d+ ?,? ?p ?\d[^\n]{0,40}\d+ ?(?:w\b|w\d|wk|week)|\bprenatal\b|\bantenatal\b|\bantepartum\b|\bfetal\b|\bfetus\b"
    r"|\btrimester\b|\bob visit\b|\bgestation\b|\bfht?r?s?\b[ :]*1[1-7]\d|\bintrauterine\b(?! device)"
)
_PAST = re.compile(
    r"\b(?:history of|prior|previous|hx|h/o|last|first|planning|desires?|attempting|prevent|avoid|negative|"
    r"before|since|after|in|during|of|not|no|future|wants?|if|menopaus\w+|test)\W{1,2}(?:\w+ ){0,2}\Z"
)
_UNDELIVERED = re.compile(r"\bundelivered\b|\bantepartum (?:stay|discharge|admission|unit)\b|\bstill pregnant\b")
_BORN = re.compile(
    r"\blive ?-?born|\blive births?\b|\b(?:viable|live|vigorous|living|healthy) (?:term |single |singleton |baby |newborn |preterm )*(?:male|female|boy|girl|"
    r"infant|baby|newborn|neonate|son|daughter|twins|[mf]\b)|\bstill ?-?born|\bstillbirth|\bapgars?\b|\bqbl\b|\bebl\b"
    r"|\b(?:delivered|gave birth to) (?:a |an |her )?(?:vaginally|boy|girl|male|female|infant|baby|son|daughter|by c|via|live|viable|healthy)"
    r"|\bplacenta (?:delivered|out|spontaneous|complete|intact|expelled)|\bdelivery (?:note|summary)\b"
    r"|, delivered\b|\bs/p (?:n?svd|nsvb|vavd|favd|[pr]?ltcs|c/?s|vbac|cesarean|c-section|vaginal delivery|primary|repeat)"
    r"|\bbaby (?:boy|girl)\b|\b(?:girl|boy|male|female|infant|m|f),? \(?\d[ ,.]?\d{3} ?g"
)
_BIRTH_WORDS = re.compile(
    r"\bn?svd\b|\bvaginal (?:delivery|birth)|\bvbac\b|\bcesarean|\bcaesarean|\bc-?section|\b[pr]?l[ts]cs\b|\bc/s\b"
    r"|\bdeliver(?:ed|y|ing)\b|\bvacuum\b|\bforceps\b|\bsvb\b|\bcs\b|\bdystocia|\blaceration|\bplacenta|\bapgar|\bpushed\b|\bltcs\b"
)
_ELSEWHERE = re.compile(
    r"\bafter delivering in\b|\bdelivered (?:at home|en route|in (?:the|an?) (?:car|ambulance|family car|parking|field|taxi))"
    r"|\bborn (?:in the car|en route|at home) (?:prior to|before)|\bdelivery (?:at home|outside|en route|in the (?:car|ambulance))"
    r"|\bhome (?:birth|delivery)\b|\bdelivered (?:prior to|before) (?:arrival|admission)|\bbba\b|\bout[- ]of[- ]hospital (?:birth|delivery)"
)
_AFTER = re.compile(
    r"\b(?:ppd|pp day|postpartum day|post-partum day|post partum day)[ #]*\d+|\b(?:\d+|one|two|three|four|five|six|seven|eight|ten|twelve)[- ](?:day|week|wk|month|d|mo)s? "
    r"(?:postpartum|post partum|post-partum|pp\b|post[- ]?(?:delivery|cesarean|c/?s|c-section|nsvd|svd)|s/p (?:n?svd|c/?s|cesarean|c-section|vaginal|delivery|[pr]?ltcs)"
    r"|after (?:an? |her |the |first |vaginal |cesarean |c-section |repeat |primary |uneventful |uncomplicated |normal |spontaneous |twin )*(?:birth|delivery|cesarean|c-section|c/?s|baby|n?svd|childbirth|delivering))"
    r"|\bpostpartum\b|\bpost-partum\b|\bpuerper\w+|\bpostnatal (?:visit|check|woman|mother)|\blactational\b|\bnursing mother\b|\bbreast ?feeding (?:mother|mom)\b"
    r"|\blactating\b|\bs/p (?:n?svd|c/?s|cesarean|c-section|vaginal delivery|[pr]?ltcs)\b|\bpp ?(?:visit|check)\b|\bdelivered (?:\d+|one|two|three|four|six) (?:day|week|wk|month)s? ago"
    r"|\b(?:exclusively |is |currently )(?:breast-?feeding)\b|\bnursing (?:her|a|the) (?:baby|infant|newborn|son|daughter)"
)
_READMITTED = re.compile(
    r"\breadmi(?:t|ssion)\w*|\badmitted\b[^.\n]{0,60}\b(?:postpartum|ppd|pp day|puerper)|\b(?:\d|1[0-2]|one|two|three|four|five|six) (?:days?|weeks?|wks?) "
    r"(?:postpartum|pp\b|(?:after|post|s/p|following)[ -](?:an? |her )?(?:\w+ ){0,2}(?:delivery|birth|cesarean|c-section|c/s|n?svd|ltcs|childbirth))|\b(?:delivery|delivered|birth|cesarean|c-section|c/s)\b[^.\n]{0,30}\b(?:elsewhere|at (?:this|another|an? outside|our) hospital|\d+ (?:days?|weeks?) ago)"
    r"|\bpresent\w* (?:on )?(?:ppd|postpartum day)"
)
_TWINS = re.compile(
    r"\btwins?\b(?! (?:brother|sister|sibling))|\bdi[/-]?di\b|\bmono?[/-]di\b|\bmo[/-]di\b|\bmo[/-]?mo\b|\bd[ci]/?da\b|\bmc/?da\b"
)
_TRIPLETS, _QUADS = re.compile(r"\btriplets?\b"), re.compile(r"\bquadruplets?\b|\bquads\b")
_MULTIPLE_BEFORE = re.compile(
    r"\b(?:prior|previous|family|fhx?|sister|mother|is an identical|history of)\b[^.;\n]{0,20}\Z"
)
_CESAREAN = re.compile(
    r"\bcesarean|\bcaesarean|\bc-?section|\bc section|\b[pr1]*l[ts]cs\b|\bc/s\b|\bcs\b|\bhysterotomy\b"
)
_NOT_THIS_CESAREAN = re.compile(
    r"\b(?:prior|previous|hx|history of|h/o|past|one|two|\d|x\d|repeat was|s/p|avoid\w*|for possible|possible|consent(?:ed)? for|vs\.?|or|versus|discuss\w*|offered|declin\w+|after|first|last|scar\w*)\s(?:\w+ ){0,3}\Z"
)
_REPEAT = re.compile(r"\brepeat\s(?:\w+ ){0,3}\Z")
_VAGINAL = re.compile(
    r"\bn?svd\b|\bvaginal (?:delivery|birth|twin)|\bvbac\b|\bvaginal birth after|\bsvb\b|\bnsvb\b|\bv[af]vd\b|\bdelivered vaginally|\bspontaneous (?:vaginal )?(?:delivery|birth)\b|\b(?:outlet|low|vacuum|mid)[- ]?"
    r"(?:vacuum|forceps|extraction|assisted)|\bvacuum[- ]assist|\bpush(?:ed|ing)\b|\bperineum intact|\bperineal (?:lac|tear)|\bdegree\b[^.\n]{0,25}\b(?:lac|tear)|\bsvds?\b|\bvag(?:inal)? del"
)
_NOT_THIS_VAGINAL = re.compile(
    r"\b(?:prior|previous|hx|history of|h/o|past|two|three|one|first|last|failed|attempt\w*|declin\w+)\s(?:\w+ ){0,3}\Z"
)
_LABOR = re.compile(
    r"\blabou?r(?:ing|ed)?\b|\bpush(?:ed|ing)\b|\bn?svd\b|\bvaginal (?:delivery|birth)|\bfully dilated|\bcomplete at\b|\barom\b|\binduc(?:ed|tion)\b|\biol\b|\bsecond stage\b|\bpitocin\b|\boxytocin (?:induction|augment)"
)
_NO_LABOR = re.compile(
    r"\b(?:not in|without|w/o|before|prior to|no(?: active)?)\s(?:spontaneous |active |any )?(?:labou?r|contractions)"
)
_PARITY = re.compile(
    r"\bg ?(?P<g>\d+) ?,? ?p ?(?P<p>\d+)(?:[- ]?(?:now|->|>|to|→)[- ]?p? ?(?P<now>\d+))?|\bgravida (?P<gg>\d+),? ?para (?P<pp>\d+)"
)
_FIRST = re.compile(r"\bprimigravida|\bprimip|\bnullip|\bfirst pregnancy|\bp0\b|\bg1\b|\bfirst baby|\bnulliparous")
_OTHER = re.compile(
    r"\bmultip|\bmultigravida|\bmultiparous|\bsecond pregnancy|\bthird pregnancy|\bg[2-9]\b|\bgrand ?mult"
)
_NURSING = re.compile(
    r"\bbreast-?feed|\bnursing\b(?! home| note| staff| facility| care| assessment| report)|\blactat|\bpumping\b|\bbf\b|\bbreast milk|\bbreast feeding"
)
_LOSS = ("O00", "O01", "O02", "O03", "O04", "O07", "Z33.2")


def mother(chart: Chart) -> Mother:
    """The patient as a mother; the state is NONE where nothing speaks of a pregnancy or she cannot be one."""
    return chart.once("mother", lambda: _mother(chart))


def _mother(chart: Chart) -> Mother:
    state = _state(chart)
    weeks = chart.weeks if state in (State.PREGNANT, State.DELIVERED) else None
    trimester = trimester_of(weeks.attributes["value"]) if weeks else _named_trimester(chart)
    phase = {State.DELIVERED: "childbirth", State.PUERPERIUM: "puerperium"}.get(state, trimester)
    cesarean, vaginal = _manner(chart) if state is State.DELIVERED else (False, False)
    labor = chart.tells(_LABOR) is not None and not (cesarean and not vaginal and _NO_LABOR.search(chart.text))
    return Mother(
        state,
        phase,
        trimester,
        weeks,
        _fetuses(chart),
        cesarean,
        vaginal,
        labor,
        _parous(chart),
        chart.tells(_NURSING) is not None,
    )


def _state(chart: Chart) -> State:
    patient = chart.encounter.patient
    if patient.sex is Sex.MALE or (chart.age is not None and not YOUNGEST <= chart.age <= OLDEST):
        return State.NONE
    if any(f.concept == "sequelae of complication of pregnancy, childbirth, and the puerperium" for f in chart.present):
        return State.LATER
    undelivered = _UNDELIVERED.search(chart.text) is not None
    if not undelivered and _delivered_here(chart):
        return State.DELIVERED
    if not undelivered and _lost(chart):
        return State.LOST
    if not undelivered and _after(chart):
        return State.PUERPERIUM
    return State.PREGNANT if undelivered or _pregnant(chart) else State.NONE


def _delivered_here(chart: Chart) -> bool:
    """Whether the birth is part of this stay: an outcome is told, and the patient did not come back after it."""
    if not (chart.stay or chart.encounter.setting is Setting.EMERGENCY):
        return False
    if _READMITTED.search(chart.text) or _ELSEWHERE.search(chart.text):
        return False
    return chart.tells(_BORN) is not None and _BIRTH_WORDS.search(chart.text) is not None


def _lost(chart: Chart) -> bool:
    told = [f for f in chart.facts if f.assertion is Assertion.PRESENT and f.targets and f.targets[0].startswith(_LOSS)]
    known = [f for f in told if f.section not in ("obstetric-history", "past-medical-history", "family-history")]
    return bool(known) and (chart.weeks is None or float(chart.weeks.attributes["value"]) < 20)


def _after(chart: Chart) -> bool:
    """Whether she has delivered: weeks of a pregnancy may be told of the birth, a living fetus may not."""
    after = chart.tells(_AFTER) or _ELSEWHERE.search(chart.text)
    return after is not None and not _expecting_now(chart)


_NOW = re.compile(
    r"\bfht?r?s?\b[ :]*1[1-7]\d|\bfetal heart|\bfetal movement|\bfm\b|\bgravid\b|\bcurrently pregnant|\bprenatal\b|\bpregnant\b"
)


def _expecting_now(chart: Chart) -> bool:
    found = chart.tells(_NOW)
    return found is not None and not _PAST.search(chart.text, 0, found.start())


def _pregnant(chart: Chart) -> bool:
    if chart.weeks is not None:
        return True
    return any(not _PAST.search(chart.text[max(0, m.start() - 40) : m.start()]) for m in _PREGNANT.finditer(chart.text))


_TRIMESTER = re.compile(r"\b(first|second|third|1st|2nd|3rd) trimester")
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}


def _named_trimester(chart: Chart) -> str | None:
    named = {_ORDINALS.get(m[1], m[1]) for m in _TRIMESTER.finditer(chart.text)}
    return named.pop() if len(named) == 1 else None


def _manner(chart: Chart) -> tuple[bool, bool]:
    """Whether this birth was by cesarean, whether vaginal; of twins it may be both."""
    cesarean = any(_this_cesarean(chart.text, m) for m in _CESAREAN.finditer(chart.text))
    vaginal = any(
        not _NOT_THIS_VAGINAL.search(chart.text[max(0, m.start() - 40) : m.start()])
        for m in _VAGINAL.finditer(chart.text)
    )
    if cesarean and vaginal:
        vaginal = bool(
            re.search(r"\bvbac\b|vaginal birth after|\bn?svd\b|vaginal delivery", chart.text)
        ) and not _DONE.search(chart.text)
        cesarean = not vaginal
    return cesarean, vaginal


_DONE = re.compile(
    r"(?:cesarean|caesarean|c-?section|c section|ltcs|lscs|c/s)\b[^.;\n]{0,40}\b(?:performed|done|under|at \d|for\b|due|secondary)"
    r"|\b(?:taken|went|to or|proceeded|underwent|urgent|emergent|stat|crash|primary|scheduled|elective|repeat)\b[^.;\n]{0,40}(?:cesarean|caesarean|c-?section|c section|ltcs|lscs|c/s)"
    r"|\b[pr1]ltcs\b"
)


def _this_cesarean(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 40) : found.start()]
    return bool(_REPEAT.search(before)) or not _NOT_THIS_CESAREAN.search(before)


def _fetuses(chart: Chart) -> int:
    for count, words in ((4, _QUADS), (3, _TRIPLETS), (2, _TWINS)):
        found = chart.tells(words)
        if found is not None and not _MULTIPLE_BEFORE.search(chart.text[max(0, found.start() - 40) : found.start()]):
            return count
    return 1


def _parous(chart: Chart) -> bool | None:
    """Whether this is not her first pregnancy: codes part primigravida from multigravida by gravidity."""
    if (said := _PARITY.search(chart.text)) is not None:
        return int(said["g"] or said["gg"]) > 1
    if _OTHER.search(chart.text):
        return True
    return False if _FIRST.search(chart.text) else None
