"""Transport accidents (V01 to V99): who the patient was, in or on what, against what, in traffic or not."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled

from .story import Hit, account, hits

# What a transport accident is told by; without one of these the words of vehicles tell nothing.
_ACCIDENT = (
    r"\b(?:mvc|mva|mcc|rta|tbi from mvc|collision|collid\w+|crash\w*|accident|rear-?ended|t-?boned|side-?swiped"
    r"|broadsided"
    r"|roll(?:ed)?-?over|rolled|overturned|flipped|struck|hit|ran (?:off|into|over)|run over|lost control|laid (?:it"
    r"|the|his|her)"
    r"|ejected|went down|thrown|hitting|fell (?:off|from)|head-on|wreck(?:ed)?|swerved|veered|skidded|slid)\b"
)
_MOTORED = (
    r"(?:car|vehicle|auto(?:mobile)?|truck|pick-?up(?: truck)?|\bsuv\b|van\b|minivan|sedan|taxi|motorist|driver|jeep)"
)
_HEAVY = (
    r"\b(?:semi|semi-?truck|18-?wheeler|tractor[- ]trailer|dump truck|garbage truck|box truck|heavy truck"
    r"|big rig|bus)\b"
)
_FIXED = (
    r"\b(?:tree|pole|guard ?rail|wall|barrier|median|embankment|building|fence|hydrant|house|post|curb|parked (?:car"
    r"|truck|vehicle)"
    r"|bridge abutment|ditch|mailbox|sign)\b"
)
_NOT_TRAFFIC = (
    r"\b(?:driveway|parking (?:lot|garage)|back ?yard|farm|field|off-?road|trail|private property|pump track|bmx"
    r"|bike park|skate ?park|park path|yard|playground|bike (?:path|trail)|woods|mountain bik\w+|race ?track"
    r"|motocross|camp ?ground|park)\b"
)
_TRAFFIC = (
    r"\b(?:street|road|highway|interstate|freeway|intersection|traffic|crosswalk|avenue|lane|roadway|i-\d+|mph"
    r"|red light|stop sign)\b"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A transport accident: its node in the Tabular List and the words that tell it."""

    code: str
    hit: Hit


def transport(chart: Chart) -> Moved | None:
    """The transport accident that the account tells, at its clearest; None where it tells none."""
    for read in (_on_foot, _cycle, _rider, _offroad, _occupant):
        told = [
            Moved(code, found) for found in hits(chart, _CUES[read.__name__]) if (code := read(_wide(chart, found)))
        ]
        if told:
            return next((moved for moved in told if not _VAGUE.match(moved.code)), told[0])
    return None


_VAGUE = compiled(r"V89|V[1-7]9|V09")
_CUES = {
    "_on_foot": rf"\bped(?:estrian)?\b[^.;]{{0,60}}\b(?:struck|hit|vs\.?|run over|knocked)\b|\b(?:struck|hit|run over"
    rf"|knocked down|clipped)\b"
    rf"[^.;]{{0,20}}\bby\b[^.;]{{0,25}}\b(?:{_MOTORED}|{_HEAVY})|\b(?:auto|car|vehicle) (?:vs\.?|versus) ped"
    rf"|{_MOTORED} ran over",
    "_cycle": r"\b(?:bicycl\w*|bike|bikes|biking|cyclist|cycling|bmx|handlebars?)\b",
    "_rider": r"\b(?:motorcycl\w*|motorbike|moped|mcc|motor scooter|vespa|harley|e-?bike|electric bi(?:ke|cycle))\b",
    "_offroad": r"\b(?:atv|four[- ]wheeler|4[- ]wheeler|quad bike|dirt ?bike|snowmobile|golf cart|utv|side-by-side"
    r"|dune buggy|go-?kart)\b",
    "_occupant": r"\b(?:mvc|mva|motor vehicle (?:collision|accident|crash)|(?:car|auto(?:mobile)?|traffic|vehicle|suv"
    r"|truck)"
    r" (?:accident|crash|collision|wreck)|driver|passenger|rear-?ended|t-?boned|restrained|unrestrained|belted"
    r"|head-on collision"
    r"|car seat)\b",
}


# What the chart says did not happen: "did not hit a tree or post".
_NOT_SO = compiled(
    r"\b(?:did not|didn't|never) (?:hit|strike|collide|run|touch)\b[^.;,]*?(?=[.;,]|\bbut\b|$)"
    r"|\bno (?:car|vehicle|other (?:rider|bike|cyclist|car))\b"
)


def _wide(chart: Chart, hit: Hit) -> str:
    """The sentence and the one after it: what was hit often stands there."""
    text = next(text for document, text in account(chart) if document is hit.document)
    at = text.find(hit.sentence)
    return _NOT_SO.sub(" ", text[at : at + len(hit.sentence) + 250])


def _said(pattern: str, text: str) -> bool:
    return compiled(pattern).search(text) is not None


def _traffic(text: str, presumed: bool = True) -> bool:
    """Whether on a public road: a vehicle's accident is unless the chart says otherwise (notes at V00 to V99)."""
    if _said(_TRAFFIC, text) and not _said(r"\bdriveway|parking (?:lot|garage)\b", text):
        return True
    return presumed and not _said(_NOT_TRAFFIC, text)


_NAMED = r"\b(?:car|truck|pick-?up|suv|van|minivan|sedan|auto|automobile|taxi|jeep)\b"


def _on_foot(text: str) -> str | None:
    if _said(
        r"\b(?:bicycl\w*|bike|cyclist|biking|motorcycl\w*|motorbike|driver|passenger|skateboard\w*|atv)\b", text
    ) and not _said(r"\bped(?:estrian)?\b|on foot|walking|crossing", text):
        return None
    category = "V04" if _said(_HEAVY, text) else "V03" if _said(rf"\b(?:{_MOTORED})", text) else None
    if category is None or (category == "V03" and not _said(_NAMED, text)):
        struck = _said(
            r"\bped(?:estrian)?\b[^.;]{0,40}\b(?:struck|hit)|(?:struck|hit) by (?:a |an )?(?:motor )?vehicle", text
        )
        return ("V09.20" if _traffic(text) else "V09.00") if struck else None
    if _said(r"\b(?:driveway|parking (?:lot|garage))\b", text):
        return f"{category}.00"
    return f"{category}.10" if _said(rf"{_TRAFFIC}|crossing", text) else f"{category}.90"


def _cycle(text: str) -> str | None:
    if not _said(rf"{_ACCIDENT}|\b(?:fell|fall|flew|went|flipped|thrown)\b", text) or _said(
        r"stationary bike|exercise bike|\be-?bike|electric bi|dirt ?bike|motor ?bike|recumbent|bike ride was", text
    ):
        return None
    end = "4" if _traffic(text, presumed=True) else "0"
    if _said(rf"(?:hit|struck|clipped|vs\.?|collided|collision|doored)[^.;]{{0,30}}\b{_HEAVY}", text):
        return f"V14.{end}"
    if _said(
        rf"(?:hit|struck|clipped|vs\.?|collided|collision|run over|doored|cut off)[^.;]{{0,30}}\b{_MOTORED}", text
    ) and not _said(r"parked (?:car|truck|vehicle)", text):
        return f"V13.{end}"
    if _said(rf"(?:hit|struck|into|against|collided with)[^.;]{{0,25}}{_FIXED}", text):
        return f"V17.{end}"
    if _said(r"(?:hit|struck|collided)[^.;]{0,25}\b(?:another (?:bike|cyclist|bicycl)|cyclist)", text):
        return f"V11.{end}"
    if _said(r"(?:hit|struck|collided)[^.;]{0,25}\b(?:pedestrian|dog|deer|animal)", text):
        return f"V10.{end}"
    return f"V18.{end}"


def _rider(text: str) -> str | None:
    if not _said(_ACCIDENT, text):
        return None
    electric = "1" if _said(r"e-?bike|electric bi", text) else "9"
    passenger = _said(r"\b(?:passenger|riding pillion|on the back of)\b", text)
    traffic = _traffic(text)
    role = {(True, False): "4", (True, True): "5", (False, False): "0", (False, True): "1"}[traffic, passenger]
    if _said(
        rf"(?:hit|struck|clipped|vs\.?|collided|collision|cut off|turned|pulled out|rear-?ended"
        rf"|t-?boned)[^.;]{{0,40}}{_HEAVY}",
        text,
    ):
        return f"V24.{role}{electric}"
    if _said(
        rf"(?:hit|struck|clipped|vs\.?|collided|collision|rear-?ended|t-?boned)[^.;]{{0,40}}\b{_MOTORED}"
        rf"|{_MOTORED}[^.;]{{0,25}}"
        r"(?:hit|struck|turned|pulled out|cut (?:him|her) off)",
        text,
    ) and not _said(r"no other vehicle|single vehicle|parked", text):
        return f"V23.{role}{electric}"
    if _said(rf"(?:hit|hitting|struck|into|against)[^.;]{{0,25}}{_FIXED}", text):
        return f"V27.{role}{electric}"
    if _said(r"\b(?:deer|dog|animal|pedestrian)\b", text) and not _said("swerv|avoid", text):
        return f"V20.{role}{electric}"
    if _said(
        r"lost control|laid|slid|skid|fell|thrown|ejected|low-?side|high-?side|gravel|went down|tipped|overturn|swerv",
        text,
    ):
        return f"V28.{role}{electric}"
    return f"V29.9{electric}" if traffic else f"V29.3{electric}"


def _offroad(text: str) -> str | None:
    if not _said(_ACCIDENT, text):
        return None
    kind = (
        "2"
        if "snowmobile" in text
        else "6"
        if _said("dirt ?bike", text)
        else "5"
        if _said(r"\b(?:atv|four[- ]wheeler|4[- ]wheeler|quad)", text)
        else "9"
    )
    passenger = _said(r"\bpassenger\b|on the back", text)
    if _said(r"\b(?:on (?:the|a) (?:street|road|highway)|public road)", text):
        return f"V86.{'1' if passenger else '0'}{kind}"
    return f"V86.{'6' if passenger else '5'}{kind}"


_VANS = r"\b(?:suv|pick-?up(?: truck)?|minivan|van|her truck|his truck|jeep|f-?150)\b"
_THEIRS = (
    r"(?:(?:hit|struck|t-?boned|rear-?ended|side-?swiped)\s+by|by|with|into|hit|struck|vs\.?|against"
    r"|from)\s+(?:an?(?:other)?\s+|the\s+|other\s+|oncoming\s+|parked\s+|\w+ing\s+)*(?P<what>[\w-]+(?:[ -]truck"
    r"|[ -]trailer|-wheeler)?)"
)


_OTHER = r"other (?:vehicle|car|driver|one) (?:was|is) (?:driving |in )?an? (?P<what>[\w-]+(?:[ -]truck)?)"


def _occupant(text: str) -> str | None:
    if not _said(_ACCIDENT + r"|\bcar seat\b", text) or _said(
        r"\b(?:truck driver|bus driver|driver'?s license|forklift|screw ?driver)\b(?![^.;]{0,60}(?:mvc|mva|collision"
        r"|crash))",
        text,
    ):
        return None
    passenger = _said(r"\bpassenger\b|back ?seat|rear seat|car seat|front seat passenger|backseat", text) and not _said(
        r"\bdriver\b(?!'?s?[- ]side)", text
    )
    driver = _said(r"\b(?:driver|driving|drove|at the wheel)\b(?!'?s?[- ]side)", text) and not passenger
    traffic = _traffic(text) or not _said(r"parking|driveway", text)
    role = ("5" if driver else "6" if passenger else "9") if traffic else ("0" if driver else "1" if passenger else "3")
    own = text
    for pattern in (_THEIRS, _OTHER):
        for match in compiled(pattern).finditer(text):
            own = own.replace(match.group(), " ")
    vehicle = "5" if _said(_VANS, own) else "4"
    return _against(text, vehicle, role)


def _against(text: str, vehicle: str, role: str) -> str:
    """The code of an occupant: `vehicle` 4 car, 5 pick-up truck, SUV or van."""
    theirs = " ".join(m["what"] for pattern in (_THEIRS, _OTHER) for m in compiled(pattern).finditer(text))
    if _said(_HEAVY, theirs):
        return f"V{vehicle}4.{role}"
    sort = next((n for n, p in _SORTS if _said(p, theirs)), None)
    if sort is not None:
        return f"V{vehicle}3.{role}{sort}" if vehicle == "4" else f"V{vehicle}3.{role}"
    if _said(rf"(?:into|hit|struck|against|with)[^.;]{{0,25}}{_FIXED}", text):
        return f"V{vehicle}7.{role}"
    if _said(r"(?:hit|struck|with)[^.;]{0,15}\b(?:deer|moose|elk|cow|horse|dog|animal|pedestrian)\b", text):
        return f"V{vehicle}0.{role}"
    if _said(r"\btrain\b", theirs):
        return f"V{vehicle}5.{role}"
    if _said(r"roll(?:ed)?-?over|rolled|overturned|flipped|ran off|single[- ]vehicle|lost control|no collision", text):
        return f"V{vehicle}8.{role}"
    if vehicle == "4" and role in "69" and not _said(r"\bpassenger\b|back ?seat|driver|driving", text):
        return "V89.2"
    unspecified = {"5": "40", "6": "50", "9": "60", "0": "00", "1": "10", "3": "20"}[role]
    return f"V{vehicle}9.{unspecified}"


_SORTS = (
    ("1", r"\bsuv\b|sport utility"),
    ("3", r"\bpick-?up(?:[ -]truck)?\b"),
    ("4", r"\b(?:van|minivan)\b"),
    ("2", r"\b(?:car|sedan|auto|automobile|taxi|coupe|hatchback)\b"),
)
