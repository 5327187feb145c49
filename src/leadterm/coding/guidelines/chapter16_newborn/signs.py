"""How charts tell a newborn's age, birth, weight and weeks: patterns over the text in lower case."""

from __future__ import annotations

from leadterm.coding.patterns import compiled

_COUNT = r"(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
AGE = compiled(
    rf"\b{_COUNT}(?:[ -]?\d/\d)?[ -]?(?P<unit>hours?|hrs?|h|days?|d|do|dol|weeks?|wks?|wk|w|months?"
    rf"|mos?|mo|m)(?:[ -]?(?:old|o\b|olds)|(?= ?(?:/o|y/o)? ?(?:f|m|girl|boy|male|female|infant"
    rf"|baby|"
    r"ex-?term|former|ex-|term|preterm|newborn|check|visit|well|wcc|wcv)\b))"
    rf"|\bage:? {_COUNT.replace('<n>', '<m>')} ?(?P<unit2>hours?|h|days?|d|weeks?|wks?|months?|mo)\b"
    rf"|\b(?:dol|day of life|day) ?#? ?(?P<dol>\d{{1,3}})\b|(?:check|visit|exam|weight check"
    rf"|wt check|f/u|supervision),? (?:at )?{_COUNT.replace('<n>', '<k>')} ?(?P<unit3>days?|d"
    rf"|weeks?|wks?|w)\b"
    rf"|\bat {_COUNT.replace('<n>', '<j>')} (?P<unit4>days|weeks) (?:of age|of life)\b|\b(?P<do>\d{{1,2}}) ?do\b"
)
BORN_HERE = compiled(
    r"\bborn\b|\binborn\b|\bnewborn\b|\bneonat\w+|\bbirth ?(?:weight|wt)|\bbw\b|\bdob\b"
    r"|\bapgars?\b|\bn?svd\b|\bnursery\b|\bdate of birth\b|\bvaginal (?:birth|delivery)|\bc/s\b"
    r"|\bcesarean|\bnicu\b|\bdelivered\b|\bterm (?:boy|girl|male|female|infant)"
)
CAME = compiled(
    r"\b(?:received|transferred in|transfer(?:red)? from|accepted|outborn"
    r"|outside (?:birth )?hospital|referring hospital)\b|\breadmi\w+"
    r"|\badmitted (?:\w+ ){0,3}(?:from (?:home|clinic|ed\b|the ed|emergency|pediatrician|pcp))"
    r"|\b(?:brought|presented|presents?) (?:in (?!with mother)|to|by|with (?!mother|mom))"
    r"|\bwent home (?:on|at|with) (?:day|dol|mother)[^.\n]{0,60}\b(?:return|now|back)"
    r"|\bfrom (?:home|clinic) (?:for|with)\b|\buncomplicated birth\b"
    r"|\badmitted for (?:elective )?(?:repair|surgery|phototherapy)"
)
OUT = compiled(
    r"\bhome (?:birth|delivery)\b|\bborn (?:at home|in (?:the |an? )?(?:car|ambulance|taxi|parking"
    r"|family car|field|birthing center|birth center))|\bborn en route|\bborn before arrival"
    r"|\bbba\b|\bborn outside|\bout[- ]of[- ]hospital|\bdelivered (?:at home|in (?:the "
    r"|an? )?(?:car|ambulance|taxi)|en route)|\bbirth(?:ing)? center (?:birth|delivery)"
    r"|\bunplanned home"
)
CESAREAN = compiled(r"\bcesarean|\bcaesarean|\bc-?section|\bc section|\b[pr1]*l[ts]cs\b|\bc/s\b|\bcs\b")
MOTHERS = compiled(r"\b(?:prior|previous|hx|history of|past|after|one|two|mother'?s? (?:had|with))\s(?:\w+ ){0,3}\Z")
VAGINAL = compiled(
    r"\bn?svd\b|\bvaginal(?:ly)?\b|\bvbac\b|\bvacuum\b|\bforceps\b|\bsvb\b|\bnsvb\b|\bv[af]vd\b"
    r"|\bspontaneous delivery\b"
)
TWIN = compiled(r"\btwins?\b|\bdi[/-]?di\b|\bmono?[/-]di\b|\bd[ci]/?da\b")
TRIPLET, QUAD, QUINT = (
    compiled(r"\btriplets?\b"),
    compiled(r"\bquadruplets?\b|\bquads?\b"),
    compiled(r"\bquintuplets?\b"),
)
OTHERS = compiled(r"\b(?:sister|brother|sibling|mother|family|father|older|history)\b[^.;\n]{0,20}\Z")
GRAMS = compiled(
    r"\b(?P<g>\d[,.]?\d{3}|\d{3}) ?(?:g|gm|gms|grams?)\b|\b(?P<kg>\d\.\d{1,3}) ?(?:kg|kilos?)\b"
    r"|\b(?P<lb>\d{1,2}) ?(?:lb|lbs|pounds?),? ?(?P<oz>\d{1,2})? ?(?:oz|ounces?)?"
    r"|\bbw:? (?P<bare>\d\.\d{1,3})\b|\bbw:? (?P<bareg>\d{3,4})\b"
)
BIRTHWEIGHT = compiled(r"\b(?:bw|birth ?(?:weight|wt)|birthweight|weigh\w+)\b\W{0,4}(?:was |of |is )?")
NOT_WEIGHT = compiled(
    r"\b(?:discharge|dc|d/c|today|current|now|wt|weight at discharge|clot|placenta)\b[^.;,\n]{0,12}\Z"
)
WEEKS = compiled(
    r"\b(?P<w>[2-4]\d)(?: ?(?:w|\+|wk\w*|weeks?)? ?(?P<d>[0-6])(?:/7|d\b| days?\b)?)? ?-?(?:w\b|wk"
    r"|wks|week|weeks|weeker|weekers|/7|w\d|gestation|\d/7)|\b(?P<w2>[2-4]\d)(?:w|\+| )[0-6](?:d"
    r"|/7)?(?![\d/])"
)
STAYED = compiled(r"\b(?:dol|day of life|nicu|nursery|date of birth|dob)\b")
YOUNG = compiled(r"\bnewborn\b|\bneonat\w+|\bfirst (?:office )?visit\b|\bdays? old\b")
CORRECTED = compiled(r"\b(?:until|at|by|to|corrected|pma|since|oxygen at)\W{1,2}\Z")
NOW = compiled(r"\A[^.;\n]{0,12}\b(?:corrected|pma|cga|postmenstrual|old)\b")
BY = compiled(r"\b(?:born|delivered|delivery|deliv|via|by|birth)\W{1,2}(?:\w+[ -]){0,4}\Z")
