"""What stands between a name and its number, around both, and behind: the patterns that `values.py` is made of."""

from __future__ import annotations

import re

from ._units import UNIT

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
# A range, a date, a time, an ordinal, a longer number, a grade ("2+") are no results.
_NO_RESULT = (
    r"(?![\d+]|[.,]\d|\s?[/\\]\s?\d|:\d|'?s\b|st\b|nd\b|rd\b|th\b|-\w|\s?-\s?\d|\s(?:to|through|out\sof)\s\d|\s?x\s\d"
    r"|\s(?:(?:st|nd|rd|th)\s)?(?:percentile|centile|%ile))"
)
RESULT = re.compile(rf"{NUMBER}{_NO_RESULT}")
SIGNED = re.compile(rf"(?:-|\+|minus\s|negative\s)?{NUMBER}{_NO_RESULT}")
PAIR = re.compile(r"(\d{2,3})\s?(?:/|\\|over)\s?(\d{2,3})(?![\d/]|\.\d|s\b|-\d)")
SPAN = re.compile(rf"({NUMBER})\s?%?\s?(?:-|to)\s?({NUMBER})(?![\d/]|\.\d)")
HEIGHT = re.compile(
    r"([3-8])\s?(?:'|ft\b\.?|feet\b|foot\b)[\s,-]{0,2}(?:and\s)?(?:(\d{1,2}(?:\.\d+)?)(?:\s?(?:\"|''"
    r"|inch(?:es)?|in\b))?)?"
)
POUNDS = re.compile(r"(\d{1,3})\s?(?:lbs?|pounds?)\b\.?,?\s?(?:and\s)?(\d{1,2}(?:\.\d+)?)\s?(?:oz|ounces?)\b")
APGAR = re.compile(
    r"(10|\d)(?:\s?(?:at\s)?(?:1|one)\smin(?:ute)?s?)?\s?(?:/|,|\band\b|-)\s?(?:and\s)?(10|\d)(?!\d)"
    r"(?:\s?(?:/|,|,?\sand)\s?(10|\d)(?![\d./]))?"
)
PERCENTILE = re.compile(r"(\d{1,2}(?:\.\d+)?)\s?(?:st|nd|rd|th)?\s?(?:percentile|centile|%ile|%tile)")
QUALIFIER = re.compile(
    r"\s*(?P<sign>[<>]=?|≤|≥|(?:less|fewer|lower)\sthan|(?:greater|more|higher)\sthan|over|under|above|below|at\sleast)"
    r"(?:\sor\sequal\sto)?\s*(?=[\d.])"
)
SIGNS = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">=", "at least": ">="} | {
    **dict.fromkeys(("less than", "fewer than", "lower than", "under", "below"), "<"),
    **dict.fromkeys(("greater than", "more than", "higher than", "over", "above"), ">"),
}

_DATE = (
    r"(?:(?:on|in|from|dated|of)\s+)?(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?(?:(?:19|20)\d\d)?"
    r"|(?:on|from)\s\d{1,2}/\d{1,2}|in\s(?:19|20)\d\d|(?:at|@)\s?\d{1,2}:\d\d(?:\s?[ap]m)?|\d{1,2}/\d{1,2}(?=[:)])"
    r"|(?:(?:done|drawn|checked|obtained|measured)\s)?\d{1,2}\s(?:days?|weeks?|months?|years?)\sago,?)(?![\d/])"
)
_FILLER = (
    r"(?:readings?\sfrom\slast\s\d+\sencounters?|spine|hip|femoral|neck|lumbar|forearm|radius|serum|ser|plasma"
    r"|plas|bld|poc|whole|blood|venous|arterial|capillary|levels?|counts?|values?|readings?|results?|scores?"
    r"|tests?"
    r"|today|tonight|now|currently|current|here|initially|initial|repeat|repeated|rechecked|recheck|last|latest|most"
    r"|recent|recently|yesterday|overnight|(?:this|the|next|yesterday)\s(?:morning|afternoon|evening|am|visit|day)"
    r"|on\s(?:admission|arrival|presentation|exam(?:ination)?|discharge|room\sair|ra|recheck|repeat|labs?)"
    r"|in\s(?:the\s)?(?:ed|er)|at\s(?:home|rest|discharge|admission|presentation|arrival|triage|baseline|goal|present|that\stime"
    r"|the\stime|about|around|approximately)"
    r"|in\s(?:clinic|triage|the\s(?:clinic|office|ed|er|field|emergency\s(?:room|department)))|random|fasting"
    r"|sitting|standing"
    r"|supine|seated|lying|orthostatic|oral|orally|tympanic|axillary|rectal|temporal|(?:left|right)\sarm|resting"
    r"|ambulatory|manual|automated|office|home|elevated|high|low|normal|stable|good|markedly|slightly|mildly|very"
    r"|approximately|approx|about|around|roughly|nearly|almost|only|just|still|again|up\sto|down\sto|back"
    r"|found|noted|measured|recorded|reported|reviewed|checked|obtained|calculated|estimated|documented|read|reads"
    r"|showed|shows|showing|running|averaging|averages?|avg|was|were|is|are|be|been|being|has|had|have|of|to|at|it|also"
    r"|total|the|an?|his|her|their|pt|patient|patient's|came|returned|remains|remained|as|low\sas|high\sas|peaked"
    r"|decreased|increased|improved|rose|fell|dropped|went|trended|trending|down|up|adult|peds|pulse|ox|device|method"
    r"|(?:non-?)?hdl|calc|direct|quant(?:itative)?|hs|i|t|yet|then|lvef|by\s(?:echo|doppler|ultrasound|us"
    r"|report)|overall"
    r"|measures?|measuring|rated|rates?|equals?|max(?:imum)?|\(calculated\))\b"
)
# A word beyond which a number belongs to something else, or is no result but a change, a limit, a dose.
_BLACK = (
    r"(?:and|or|with|without|but|if|for|than|goals?|target|over|under|above|below|between|by|loss|lost|gain|gained"
    r"|drop|change|decrease|increase|difference|ratio|intake|supplement\w*|replacement|repletion|restriction|infusion"
    r"|diet|tablets?|tabs?|capsules?|transfusion\w*|percentile|centile|not|no|every|each|times|per|plus|until"
    r"|when|after"
    r"|before|because|since|take|taking|takes|give|given|start\w*|dose|doses|mg|therapy|treatment|treated|medications?"
    r"|history|due|old|year|age|aged|who|which|while|normal\srange|range|reference|chloride|carbonate|citrate|gluconate"
    r"|sulfate|sulphate|oxide|phosphate|acetate|glargine|deficiency|specimen|piece|tumou?r|uterus|placenta"
    r"|bearing|lifting|cuff|monitor\w*|checks?|bicarbonate)"
)
_SEPARATOR = r"[\s:=|*~@!≈_#)\]]|\.{2,}|\((?:[^()\d\n]{0,24}|[hl!*])\)|\[[^\[\]\d\n]{0,24}\]|[(\[](?=\s{0,3}[\d.<>~])"
_HYPHEN = r"|-+>?(?!\d{1,3}-)|→"
_AFTER_NAME = rf"(?:[\s,|]{{0,3}}[(\[]?(?P<unit>{UNIT})[)\]]?(?=[\s:=|,-]))?"


def _link(separator: str, required: str = "") -> re.Pattern[str]:
    """Name to number over words that say nothing, or over other words and a last one that leads to the number."""
    gap = rf"(?:{separator}){{0,60}}+"
    item = rf"{gap}(?:,\s{{0,3}})?(?:{_DATE}|{_FILLER}|\({_DATE}\))"
    plain = rf"(?:{item}){{0,9}}{gap}"
    words = (
        rf"(?:{gap}(?!{_BLACK}\b)[a-z][a-z'-]{{0,24}}+){{1,6}}?{gap}\b(?:(?:of|at|to|was|were|is|are|measures)\b"
        rf"|(?<=[:=]))"
        rf"{gap}(?:(?:{_FILLER}){gap}){{0,3}}"
    )
    return re.compile(
        rf"{_AFTER_NAME}{required}(?:{plain}|{words})(?P<comma>,\s{{1,2}})?(?=[<>≤≥\d.+-]|from\s|minus\s|negative\s"
        rf"|(?:less|more|greater|fewer|lower|higher)\sthan|over|under|above|below|at\sleast)"
    )


LINK = _link(_SEPARATOR + _HYPHEN)
LINK_SIGNED = _link(_SEPARATOR + r"|-(?=[\s>])")
LINK_JOINED = _link(
    _SEPARATOR,
    r"(?=\s*:|[\s,]+(?:up\s|down\s)?(?:to|at|of|as|was|were|is|with\s(?:a\s)?(?:temp|temperature|bp|hr|rate)\s"
    r"|in\sthe)\b|\s*\(\d)",
)
LINK_CLEAR = re.compile(
    rf"{_AFTER_NAME}\s*(?:[:=|*~-]|->|was|of|is|at|to|level|\([hl!*]\)|{_DATE}:?)?(?:\s|\([hl!*]\)|\||was|of|\*"
    rf"|!){{0,30}}(?=[<>≤≥\d.])"
)
FROM = re.compile(
    rf"from\s+(?:a\s)?(?:baseline\sof\s)?(?P<from>{NUMBER})(?:\s?{UNIT})?\s+(?:up\s|down\s)?to\s+(?={NUMBER})"
)
TREND = re.compile(rf"\s*(?:{UNIT})?\s*(?:-+>|=>|→|➔|➜|»|>)\s*({NUMBER})(?![\d/]|\.\d)")
EARLIER = re.compile(
    rf"[\s,(\[]{{0,4}}(?:(?:which\sis\s)?(?:up|down|increased|decreased|improved|worse|worsened|rising|risen)\s)?"
    rf"(?:from|was|baseline|previously|previous|prior|prev)\b:?(?:\s(?:an?|of|baseline|was|level|value"
    rf"|yesterday|the|prior)\b){{0,4}}:?\s?"
    rf"({NUMBER})(?![\d/]|\.\d|\s?(?:days|weeks|months|years|hours))"
)
_FLAG_WORD = r"hh|ll|h|l|high|low|elevated|normal|abnormal|critical(?:ly)?(?:\s(?:high|low))?|wnl|increased|decreased|a"
FLAG = re.compile(
    rf"(?:[ ]*(?:\|[ ]*)?[(\[][ ]*(?P<a>{_FLAG_WORD}|!|\*+)[ ]*[)\]]"
    rf"|[ ]*[|,;*]?[ ]*\*?(?P<b>{_FLAG_WORD})\*?(?=[ ]*(?:[,;.|)\]\n]|$|\d|[ ]{{2}})))"
)
FLAGS = {
    **dict.fromkeys(("h", "hh", "high", "elevated", "increased"), "high"),
    **dict.fromkeys(("l", "ll", "low", "decreased", "reduced", "depressed"), "low"),
    **dict.fromkeys(("normal", "wnl"), "normal"),
    **dict.fromkeys(("abnormal", "!", "*", "**", "a"), "abnormal"),
    **dict.fromkeys(("critical", "critically"), "critical"),
}
REFERENCE = re.compile(
    rf"[ ]*(?:\|[ ]*)?[,;]?[ ]*[(\[]?[ ]*(?:(?:ref(?:erence)?|normal|nl)\.?(?:[ ](?:range|values?"
    rf"|interval))?[: ]{{0,3}})?"
    rf"(?:{NUMBER}[ ]?(?:-|to)[ ]?{NUMBER}|[<>≤≥]=?[ ]?{NUMBER})[ ]*(?:\|[ ]*)?(?P<unit>{UNIT})?[ ]*[)\]]?(?![/\d])"
)
UNIT_BEHIND = re.compile(rf"\s{{0,3}}(?:\|\s{{0,3}})?(?P<unit>{UNIT})")
CLOSED = re.compile(r"\s{0,2}(?:[,;.)|(]|\n|$)")
GAP_FLAG = re.compile(
    r"\b(elevated|high(?!\s(?:end|normal))|low(?!\s(?:end|normal))|reduced|decreased(?=\s+at))\b(?!\s+as)|\((!"
    r"|h|l)\)|\|\s{0,3}(h|l|hh|ll)\s{0,3}\|"
)

# Words before a name that make of its number a wish or a limit.
WISH = re.compile(
    r"\b(?:(?<!at\s)goals?|targets?|keep(?:ing)?|maintain\w*|aim\w*|if|until|unless|desired|ideal|threshold|"
    r"(?:call|notify|return|page)\s(?:\w+\s){0,3}for|transfuse\w*|target(?:ing)?|should\sbe|hold\w*(?:\s\w+){0,2}\sfor)"
    r"\b[^.;,\n\d|]{0,25}$"
)
LIMIT = re.compile(
    r"\b(?:for|when|whenever|hold|parameters|criteria|cutoff|with\sa|or|and|prn|normal)\s[^.;,\n\d|]{0,12}$"
)
# Without one of these before a name none of the patterns for such words can match.
BEFORE = re.compile(
    r"\b(?:goal|target|keep|maintain|aim|if\b|until|unless|desired|ideal|threshold|call|notify|return|page"
    r"|transfus|should|hold"
    r"|elevated|high|low|decreased|increased|raised|reduced|depressed|baseline|previous|prior|last|old)"
)
BEFORE_FLAG = re.compile(r"\b(elevated|high|low|decreased|increased|raised|reduced|depressed)\s+(?:serum\s+|an?\s+)?$")
BEFORE_TIME = re.compile(r"\b(baseline|previous|prior|last|old)\s+(?:[a-z]+\s+)?$")
# What is gained or lost is no weight.
CHANGE = re.compile(
    r"[\s-]{0,2}(?:weight\s)?(?:increase|decrease|loss|gain|more|less|over|heavier|lighter|up|down|lighter"
    r"|overweight|since|difference)\b"
)
FALLEN = re.compile(r"\b(?:from|fall|fell)\s(?:[a-z]+\s){0,2}$")

OXYGEN = re.compile(
    r"[\s,(]{0,3}(?:(?:while|breathing|when)\s)?(?:on\s+|@\s?|with\s)?(?:(?P<air>room\s?air|r/?a)\b"
    r"|(?P<litres>\d{1,2}(?:\.\d)?)\s?-?\s?l(?:pm|iters?|itres?|/min|/m)?\b"
    r"|(?P<way>nasal\scannula|nc|bi-?pap|c-?pap|hfnc|high[\s-]flow|nrb|non-?rebreather|supplemental|ventilator"
    r"|vent|trach)\b)"
)
OXYGEN_BEFORE = re.compile(
    r"\b(?:(?P<air>room\sair|ra)|(?P<litres>\d{1,2}(?:\.\d)?)\s?l(?:pm|iters?|/min)?)\b(?:\s(?:nc"
    r"|nasal\scannula|o2|oxygen))?[\s:,-]{0,3}$"
)
GAP_AIR = re.compile(r"\b(?:room\sair|on\sra)\b")
PREDICTED = re.compile(r"[\s,(]{0,3}(\d{1,3})\s?%(?:\s?(?:of\s)?pred)?")
CLASS = re.compile(
    r"\bclass\s(?P<a>[123]|i{1,3})\s(?:severe\s)?obes\w+|\bobesity,?\s\(?class\s(?P<b>[123]|i{1,3})\b"
    r"|\b(?P<c>morbid(?:ly)?\sobes\w+|severe(?:ly)?\sobes\w+|super\sobes\w+|obesity|obese|overweight"
    r"|underweight|normal\sweight)\b"
)
CLASSES = {"i": "1", "ii": "2", "iii": "3"}
SIDE = r"(?:right|left|bilateral(?:ly)?|both|rt|lt|r|l|od|os|ou)"
SIDES = {
    **dict.fromkeys(("right", "rt", "r", "od", "re"), "right"),
    **dict.fromkeys(("left", "lt", "l", "os", "le"), "left"),
    **dict.fromkeys(("both", "bilateral", "bilaterally", "ou"), "both"),
}
WORD = re.compile(
    r"(?:[\s:=|-]{0,6}|\s(?:was|were|is|test|testing|dip|result|screen)){1,4}"
    r"(?P<word>neg(?:ative)?|pos(?:itive)?|trace|small|moderate|large|none|[1-4]\+|\+{1,4}|not\sdetected"
    r"|undetectable)(?![a-z\d])"
)
WORDS = {
    "neg": "negative",
    "pos": "positive",
    "not detected": "negative",
    "undetectable": "negative",
    "none": "negative",
}
FLUID = re.compile(
    r"\b(?P<urine>ua|u/a|urinalysis|urine|urinary|dipstick|dip|upt)\b|\b(?P<csf>csf|cerebrospinal\sfluid)\b"
    r"|\b(?P<pleural>pleural)\b|\b(?P<ascites>ascitic|ascites|peritoneal|paracentesis)\b"
    r"|\b(?P<synovial>synovial|joint\sfluid)\b"
    r"|\b(?P<blood>cbc|bmp|cmp|chem|labs?|serum|plasma|abg|vbg|lfts)\b|(?P<stop>[.;]\s|\n)"
)
# What follows was measured in it: the name itself, or a list that a colon or a verb opens.
OF_FLUID = re.compile(
    r"[^,.;:\n]{0,12}\Z|[^,.;:\n]{0,25}?(?::|=|\s-\s|\b(?:show\w*|reveal\w*|with|was|were|is|demonstrat\w*"
    r"|notable|significant|positive|remarkable|had|has)\b)"
)
# An organ or a tumour is weighed, not the patient.
WEIGHED = re.compile(
    r"\b(?:specimen|piece|tumou?r|mass|spleen|uterus|gland|placenta|lesion|prostate|kidney|liver|heart|ovary"
    r"|thyroid|testis|breast|tissue|stone)\b[^.;\n]{0,30}\Z"
)
FLUID_NAMES = {"pleural": "pleural fluid", "ascites": "ascitic fluid", "synovial": "synovial fluid"}


def qualified(sign: re.Match[str]) -> tuple[tuple[str, str], ...]:
    """The attribute that a match of `QUALIFIER` is."""
    return (("qualifier", SIGNS[" ".join(sign["sign"].split())]),)


def oxygen(found: re.Match[str]) -> str:
    """What the patient breathes: room air, litres a minute, or a device."""
    if found["air"]:
        return "room air"
    return f"{found['litres']} L" if found["litres"] else found["way"]


def weight_class(words: str) -> str:
    """The class of weight that the words name, or nothing."""
    found = CLASS.search(words)
    if not found:
        return ""
    if number := found["a"] or found["b"]:
        return f"obesity class {CLASSES.get(number, number)}"
    name = found["c"]
    stem = next((s for s in ("morbid", "severe", "super") if name.startswith(s)), "")
    return f"{stem} obesity" if stem else "obesity" if name.startswith("obes") else " ".join(name.split())
