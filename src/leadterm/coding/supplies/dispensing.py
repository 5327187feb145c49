"""Whether a thing was handed over in this encounter: by its sentence, or by the document or list that it stands in."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import Place
from leadterm.coding.statements import Told, told
from leadterm.domain import Document

HANDED_OVER = compiled(
    r"\b(?:dispens\w+|issued|fit(?:ted)?(?: with| for)?|fitting|applied|provided(?: with)?|supplied|delivered|given"
    r"|gave|furnished|(?:placed|put|strapped|locked) (?:\w+ ){0,2}?(?:in|into|on)|to keep|fabricated"
    r"|molded (?:on|to)|delivery of|handed(?: out| over)?"
    r"|(?:went|goes|going|left|leaves|leaving|go) (?:home |out )?(?:with|in)"
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
# The same in other words: something that is done with things, and the things that it is done with.
_DEED = compiled(
    r"\b(?:deliver\w*|dispens\w*|set[ -]?up|shipp\w*|shipment|refills?|re-?supply|resupplied|rental|ticket"
    r"|proof of delivery|pod|issued?"
    r"|fitting|packing (?:slip|list)|order (?:form|confirmation|summary)|work ?order|pick ?list|invoice"
    r"|hand-?out|provided|supplied|drop[- ]?ship)\b",
    re.IGNORECASE,
)
_THINGS = compiled(
    r"\b(?:dme\w*|hme|durable|medical equipment|equipment|suppl(?:y|ies)|orthoti\w*|prosthe\w*|pedorthi\w*"
    r"|orthos[ie]s|braces?|wheel ?chairs?"
    r"|oxygen|o2|cpap|bipap|pap|ostomy|urolog\w*|catheters?|wound|dressings?|surgical dressings?|diabetic"
    r"|glucose|cgm|shoes?|enteral|walkers?"
    r"|mobility|hospital bed|beds?|nebuli\w*|respiratory|incontinence|compression|lymphedema|mastectomy"
    r"|breast pump|tens|insulin pump|pump"
    r"|trach\w*|sleep|npwt|items?|home medical|pharmacy)\b",
    re.IGNORECASE,
)
_TOP = 3  # lines in which a paper says what it is
_LETTERS = (
    *("deliver", "dispens", "set-up", "setup", "set up", "fitting", "issue", "ship", "provided", "supplied", "order"),
    *("refill", "supply", "rental", "ticket", "pod", "packing", "invoice", "pick list", "picklist"),
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
    r"\A[ ]?(?:rx|script|prescription|order)\b|\A[^.;\n]{0,30}?\b(?:at home|from home|in place|removed"
    r"|at baseline|training|for ambulation at"
    r"|in the (?:garage|car)|\bprn at home|was removed"
    r"|was ordered|ordered for|broke|cut off|taken off|compliance|not dispensed)\b",
    re.IGNORECASE,
)


def is_paper(document: Document) -> bool:
    """Whether a document is one of deliveries or dispensing, by its first lines or its type."""
    top = f"{document.type or ''}\n{document.text[:400]}"
    if not any(letters in top.lower() for letters in _LETTERS):
        return False
    if _PAPER.search(top) is not None:
        return True
    head = "\n".join([line for line in top.split("\n") if line.strip()][:_TOP])[:240]
    return _DEED.search(head) is not None and _THINGS.search(head) is not None


def handed(chart: Chart, place: Place, paper: bool) -> bool:
    """Whether what stands at a place was handed over now: said so, or listed on a paper of deliveries."""
    if told(chart, place) is not Told.DONE or _OWN_AFTER.match(place.after):
        return False
    own = _OWN.search(place.before)
    said = (
        HANDED_OVER.search(place.before[own.end() if own and own.end() < len(place.before) else 0 :])
        if not own
        else None
    )
    if said or (not own and HANDED_OVER.search(place.after[:60])):
        return True
    return paper and not own and _listed(place)


def _listed(place: Place) -> bool:
    """Whether the words stand in a list and not in a sentence: they begin their line, or a number or label leads."""
    text = place.document.text
    start = text.rfind("\n", 0, place.span.start) + 1
    lead = text[start : place.span.start]
    return not re.search(r"[a-z]{3,} [a-z]{3,}", re.sub(r"^[^:|\n]{0,30}[:|]", "", lead))
