"""Which episode of care for its injuries a chart tells of: active treatment, routine care while it heals, late effect.

The 7th character follows the treatment, not whether this provider sees the patient for the first time (I.C.19.a): one
reading of the whole chart counts for all its injuries, unless the words about one of them say otherwise.
"""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Setting

INITIAL, SUBSEQUENT, SEQUELA = "initial encounter", "subsequent encounter", "sequela"
_AFTERCARE = (Setting.HOME_HEALTH, Setting.SKILLED_NURSING)
# What is done while an injury heals, wherever it stands in the chart.
_HEALING = compiled(
    r"\b(?:routine(?:ly)? healing|heal(?:ing|ed) (?:well|as expected|appropriately|routinely|nicely|uneventfully"
    r"|normally)"
    r"|(?:bridging|abundant|good|early|some|more|visible) callus|callus (?:formation|seen|visible|present|forming)"
    r"|interval healing|continued healing"
    r"|(?:cast|splint|sling|boot|brace|collar|immobilizer) (?:off|removal|removed|change|changed|check|discontinued"
    r"|d/c'?d)"
    r"|(?:suture|staple|stitch|pin|hardware|k-wire|screw)s? (?:removal|removed|out|pulled|were removed)"
    r"|remov(?:al|ed) of (?:the )?(?:suture|staple|stitch|pin|hardware|cast|splint)s?"
    r"|wound (?:re)?check|aftercare|after-care|subsequent encounter"
    r"|fracture (?:clinic )?(?:follow-?up|f/u|check|clinic (?:wk|week|follow))"
    r"|(?:non-?|mal)union|delayed (?:union|healing)|out of (?:the )?cast|(?:first|1st) post-?op(?:erative)? visit"
    r"|post-?op(?:erative)? (?:visit|check|follow|appointment|week)|alignment (?:kept|maintained|unchanged|stable)"
    r"|return(?:ed|ing)? to (?:play|sport|work) (?:progression|clearance|cleared)|cleared to return"
    r"|visit \d+ ?(?:/|of) ?\d+)\b"
)
# The head of a note of therapy.
_THERAPY = compiled(
    r"\b(?:pt|physical therapy|ot|occupational therapy|therapy|rehab) (?:daily |progress |treatment )?(?:note|visit"
    r"|session|eval(?:uation)?|discharge)\b"
)
HEAD = 80
# Words about what may come or is to be done: the healing that they name is not yet there.
_AHEAD = compiled(
    r"\b(?:risks?|return|rtc|follow[- ]?up in|will|plan to|schedul\w*|refer\w*|recommend\w*|discuss\w*|consider\w*|if"
    r"|until|once|expect\w*|next|may|should|would|needs?|precautions?|including|begin|start"
    r"|(?:suture|staple|stitch)s? (?:removal|out|check) (?:in )?\d+ ?(?:d|days?|wks?|weeks?)(?! (?:ago|post|after))"
    r"|in (?:the )?(?:\d+|one|two|three|four|six|eight|ten)(?: ?- ?\d+| to \d+)? ?"
    r"(?:h|hrs?|hours|d|days?|wks?|weeks?|mos?|months?))\b"
)
_PARTS = compiled(r"[.;,\n]")
# How a visit after the injury opens; what is only planned ("follow up in 2 weeks") is none.
_RETURN = compiled(
    r"(?:\b(?:here|seen|presents?|returns?|comes?|back|visit|in|today|clinic|ortho|surgery|reason|injury|office)\b"
    r"[^.\n]{0,25}\b(?:for|:)?[^.\n]{0,15}\b(?:follow-?(?:ing )?up|f/u|fu|recheck|re-check)\b"
    r"(?! (?:in|with|w/|prn|as needed|if|by|at|\d|one|two|three|appointment|here))"
    r"|\b(?:follow-?up|f/u) (?:visit|of|exam|note|\d+ ?(?:wk|week|month|mo)s?:?)\b"
    r"|\b(?:s/p|status post|now|post) ?\d+ ?(?:wk|week|month|mo)s?\b"
    r"|\b(?:\d+|one|two|three|four|five|six|eight|ten|twelve) ?-?(?:wk|week|month|mo)s? ?(?:s/p|status[- ]post|post"
    r"|out|after (?:surgery|orif|fixation|injury|reconstruction|repair|fall|his|her|the)|since (?:surgery|injury|orif))"
    r"|\b(?:wk|week|month) (?:\d+|one|two|three|four|six) (?:of|after|post|out|s/p|since|visit|check|follow)"
    r"|\bclinic,? (?:wk|week) ?\d+|\bf/u \d+ (?:wk|week|mo)s?\b(?=:)"
    r"|\bs/p (?:[a-z]+ ){0,3}(?:reconstruction|orif|crpp|fixation|im nail|nailing|repair|pinning)\b)"
)
# Treatment that is active still, or that only begins.
_ACTIVE = compiled(
    r"\b(?:first visit|new (?:pt|patient)|initial (?:visit|evaluation|encounter|eval|consult)|new injury"
    r"|re-?injur(?:y|ed)"
    r"|today (?:he|she|patient) (?:fell|slipped|tripped)|(?:fell|slipped|tripped|twisted|cut|hit|struck|injured|burned)"
    r"[^.\n]{0,40}(?:today|this morning|this afternoon|last night|yesterday|tonight|\d+ ?(?:h|hr|hrs|hours?|min"
    r"|minutes) ago)"
    r"|(?:orif|surgery|repair|fixation|operation|operative treatment|reduction) (?:is |was )?(?:scheduled|planned"
    r"|booked|today)"
    r"|(?:plan|schedule|scheduled|book|booked|consent(?:ed)?|proceed|needs|requires)[^.\n]{0,30}"
    r"(?:orif|surgery|repair|fixation|reconstruction|pinning)|acute injury|referred (?:from|by) (?:the )?(?:ed|er"
    r"|urgent)"
    r"|still (?:under )?active treatment|infected)\b"
)
_BACK_TO_EMERGENCY = compiled(
    r"\b(?:suture|staple|stitch)s? (?:removal|out)|\bwound (?:re)?check|\bhere for (?:removal|re-?check)|\brecheck\b"
    r"|\bcast (?:check|problem|too tight|wet)"
)
_ADMITTED_AFTER = compiled(
    r"\b(?:non-?union|mal-?union|hardware removal|aftercare|inpatient rehab|rehabilitation (?:admission|stay|unit)"
    r"|swing bed|routine healing)\b"
)


def episode(chart: Chart) -> str:
    """The episode of care of the chart's injuries: initial, subsequent; a late effect is told by its own words."""
    return chart.once("navigating.episode", lambda: _episode(chart))


def _episode(chart: Chart) -> str:
    text = " ".join(" ".join(d.text.lower() for d in chart.encounter.documents).split())
    setting = chart.encounter.setting
    if setting in _AFTERCARE:
        return SUBSEQUENT
    if setting is Setting.EMERGENCY:
        return SUBSEQUENT if _BACK_TO_EMERGENCY.search(text) else INITIAL
    if setting is Setting.INPATIENT:
        return SUBSEQUENT if _ADMITTED_AFTER.search(text) else INITIAL
    healing = _HEALING.search(text) is not None and _HEALING.search(_so_far(chart)) is not None
    later = 2 * (healing or bool(_THERAPY.search(text[:HEAD]))) + bool(_RETURN.search(text))
    return SUBSEQUENT if later > bool(_ACTIVE.search(text)) else INITIAL


def _so_far(chart: Chart) -> str:
    """What the chart tells of what has been, without what may come or is to be done."""
    parts = (part for d in chart.encounter.documents for part in _PARTS.split(d.text.lower()))
    return " . ".join(" ".join(part.split()) for part in parts if not _AHEAD.search(part))
