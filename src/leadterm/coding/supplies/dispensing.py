"""Whether a thing was handed over in this encounter: by its sentence, or by the document or list that it stands in."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.statements import Place, Told, told
from leadterm.domain import Document

_HANDED = compiled(
    r"\b(?:dispens\w+|issued|fit(?:ted)?(?: with| for)?|fitting|applied|provided(?: with)?|supplied|delivered|given"
    r"|gave|furnished|placed (?:in|into|on)"
    r"|rented|renting|sold|received|set up|set-up|sent home with|left with|discharged (?:home )?with|splinted"
    r"|casted|in (?:a )?new)\b",
    re.IGNORECASE,
)
# A paper of whoever hands things over.
_PAPER = compiled(
    r"\b(?:dme|durable medical equipment|equipment|supply|supplies|orthotics?|prosthetics?|orthosis|brace|oxygen"
    r"|items?|cpap|pap)[ /&]*(?:and \w+ )?"
    r"(?:delivery|dispens\w+|set-?up|fitting|issue|shipment|order confirmation)\b|\bproof of delivery\b"
    r"|\bdelivery (?:ticket|receipt|note|slip)\b"
    r"|\bdispensing (?:note|record|log)\b|\b(?:equipment|items?|supplies) (?:delivered|dispensed|issued|provided"
    r"|supplied)\b|\bfitting note\b",
    re.IGNORECASE,
)
_LETTERS = (
    "deliver",
    "dispens",
    "set-up",
    "setup",
    "set up",
    "fitting",
    "issue",
    "shipment",
    "provided",
    "supplied",
    "order conf",
)
# Words that make a thing the patient's own, of before.
_OWN = compiled(
    r"\b(?:has|have|had|uses?|using|used|owns?|with (?:his|her|their)|(?:his|her|their) own|own"
    r"|ambulat\w+ (?:\w+ )?(?:with|using)|walks? with|wears?"
    r"|wearing|arriv\w+|presents? (?:in|with)|came in|brought|existing|already|remov\w+|in place|discontinu\w+|old"
    r"|broken|lost|replac\w+ at"
    r"|continu\w+|transfers? with|walked|training with|with (?:a |an )?(?=$))\b[^.;\n]{0,40}\Z",
    re.IGNORECASE,
)
_OWN_AFTER = compiled(
    r"\A[^.;\n]{0,30}?\b(?:at home|from home|in place|removed|at baseline|training|for ambulation at"
    r"|in the (?:garage|car)|\bprn at home|was removed"
    r"|was ordered|ordered for|broke|cut off|taken off|compliance|not dispensed)\b",
    re.IGNORECASE,
)


def is_paper(document: Document) -> bool:
    """Whether a document is one of deliveries or dispensing, by its first lines or its type."""
    top = f"{document.type or ''}\n{document.text[:400]}"
    return any(letters in top.lower() for letters in _LETTERS) and _PAPER.search(top) is not None


def handed(chart: Chart, place: Place, paper: bool) -> bool:
    """Whether what stands at a place was handed over now: said so, or listed on a paper of deliveries."""
    if told(chart, place) is not Told.DONE or _OWN_AFTER.match(place.after):
        return False
    own = _OWN.search(place.before)
    said = (
        _HANDED.search(place.before[own.end() if own and own.end() < len(place.before) else 0 :]) if not own else None
    )
    if said or (not own and _HANDED.search(place.after[:60])):
        return True
    return paper and not own and _listed(place)


def _listed(place: Place) -> bool:
    """Whether the words stand in a list and not in a sentence: they begin their line, or a number or label leads."""
    text = place.document.text
    start = text.rfind("\n", 0, place.span.start) + 1
    lead = text[start : place.span.start]
    return not re.search(r"[a-z]{3,} [a-z]{3,}", re.sub(r"^[^:|\n]{0,30}[:|]", "", lead))
