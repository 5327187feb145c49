"""How charts say that a patient is pregnant, delivers or has delivered: patterns over the text in lower case."""

from __future__ import annotations

from leadterm.coding.patterns import compiled

PREGNANT = compiled(
    r"\bpregnan(?:t|cy)\b(?! (?:test|prevention|planned))|\bgravid\b|\bprimigravida|\bmultigravida"
    r"|\bprimip\b|\bi\.?u\.?p\b"
    r"|\bg ?\d+ ?,? ?p ?\d[^\n]{0,40}\d+ ?(?:w\b|w\d|wk|week)|\bprenatal\b|\bantenatal\b"
    r"|\bantepartum\b|\bfetal\b|\bfetus\b"
    r"|\btrimester\b|\bob visit\b|\bgestation\b|\bfht?r?s?\b[ :]*1[1-7]\d|\bintrauterine\b(?! device)"
)
PAST = compiled(
    r"\b(?:history of|prior|previous|hx|h/o|last|first|planning|desires?|attempting|prevent|avoid|negative|"
    r"second|third|fourth|both|each|earlier|"
    r"before|since|after|in|during|of|not|no|future|wants?|if|menopaus\w+|test)\W{1,2}(?:\w+ ){0,2}\Z"
)
UNDELIVERED = compiled(r"\bundelivered\b|\bantepartum (?:stay|discharge|admission|unit)\b|\bstill pregnant\b")
BORN = compiled(
    r"\blive ?-?born|\blive births?\b|\b(?:viable|live|vigorous|living|healthy) (?:term |single "
    r"|singleton |baby |newborn |preterm )*(?:male|female|boy|girl|"
    r"infant|baby|newborn|neonate|son|daughter|twins|[mf]\b)|\bstill ?-?born|\bstillbirth|\bapgars?\b|\bqbl\b|\bebl\b"
    r"|\b(?:delivered|gave birth to) (?:a |an |her )?(?:vaginally|boy|girl|male|female|infant|baby"
    r"|son|daughter|by c|via|live|viable|healthy)"
    r"|\bplacenta (?:delivered|out|spontaneous|complete|intact|expelled)|\bdelivery (?:note|summary)\b"
    r"|, delivered\b|\bs/p (?:n?svd|nsvb|vavd|favd|[pr]?ltcs|c/?s|vbac|cesarean|c-section"
    r"|vaginal delivery|primary|repeat)"
    r"|\bbaby (?:boy|girl)\b|\b(?:girl|boy|male|female|infant|m|f),? \(?\d[ ,.]?\d{3} ?g"
)
BIRTH_WORDS = compiled(
    r"\bn?svd\b|\bvaginal (?:delivery|birth)|\bvbac\b|\bcesarean|\bcaesarean|\bc-?section|\b[pr]?l[ts]cs\b|\bc/s\b"
    r"|\bdeliver(?:ed|y|ing)\b|\bvacuum\b|\bforceps\b|\bsvb\b|\bcs\b|\bdystocia|\blaceration"
    r"|\bplacenta|\bapgar|\bpushed\b|\bltcs\b"
)
ELSEWHERE = compiled(
    r"\bafter delivering in\b|\bdelivered (?:at home|en route|in (?:the|an?) (?:car|ambulance"
    r"|family car|parking|field|taxi))"
    r"|\bborn (?:in the car|en route|at home) (?:prior to|before)|\bdelivery (?:at home|outside"
    r"|en route|in the (?:car|ambulance))"
    r"|\bhome (?:birth|delivery)\b|\bdelivered (?:prior to|before) (?:arrival|admission)|\bbba\b"
    r"|\bout[- ]of[- ]hospital (?:birth|delivery)"
)
AFTER = compiled(
    r"\b(?:ppd|pp day|postpartum day|post-partum day|post partum day)[ #]*\d+|\b(?:\d+|one|two"
    r"|three|four|five|six|seven|eight|ten|twelve)[- ](?:day|week|wk|month|d|mo)s? "
    r"(?:postpartum|post partum|post-partum|pp\b|post[- ]?(?:delivery|cesarean|c/?s|c-section|nsvd"
    r"|svd)|s/p (?:n?svd|c/?s|cesarean|c-section|vaginal|delivery|[pr]?ltcs)"
    r"|after (?:an? |her |the |first |vaginal |cesarean |c-section |repeat |primary |uneventful "
    r"|uncomplicated |normal |spontaneous |twin )*(?:birth|delivery|cesarean|c-section|c/?s|baby"
    r"|n?svd|childbirth|delivering))"
    r"|\bpostpartum\b|\bpost-partum\b|\bpuerper\w+|\bpostnatal (?:visit|check|woman|mother)"
    r"|\blactational\b|\bnursing mother\b|\bbreast ?feeding (?:mother|mom)\b"
    r"|\blactating\b|\bs/p (?:n?svd|c/?s|cesarean|c-section|vaginal delivery|[pr]?ltcs)\b"
    r"|\bpp ?(?:visit|check)\b|\bdelivered (?:\d+|one|two|three|four|six) (?:day|week|wk"
    r"|month)s? ago"
    r"|\b(?:exclusively |is |currently )(?:breast-?feeding)\b|\bnursing (?:her|a|the) (?:baby"
    r"|infant|newborn|son|daughter)"
)
READMITTED = compiled(
    r"\breadmi(?:t|ssion)\w*|\badmitted\b[^.\n]{0,60}\b(?:postpartum|ppd|pp day|puerper)|\b(?:\d"
    r"|1[0-2]|one|two|three|four|five|six) (?:days?|weeks?|wks?) "
    r"(?:postpartum|pp\b|(?:after|post|s/p|following)[ -](?:an? |her )?(?:\w+ ){0,2}(?:delivery"
    r"|birth|cesarean|c-section|c/s|n?svd|ltcs|childbirth))|\b(?:delivery|delivered|birth|cesarean"
    r"|c-section|c/s)\b[^.\n]{0,30}\b(?:elsewhere|at (?:this|another|an? outside|our) hospital"
    r"|\d+ (?:days?|weeks?) ago)"
    r"|\bpresent\w* (?:on )?(?:ppd|postpartum day)"
)
TWINS = compiled(
    r"\btwins?\b(?! (?:brother|sister|sibling))|\bdi[/-]?di\b|\bmono?[/-]di\b|\bmo[/-]di\b"
    r"|\bmo[/-]?mo\b|\bd[ci]/?da\b|\bmc/?da\b"
)
TRIPLETS, QUADS = compiled(r"\btriplets?\b"), compiled(r"\bquadruplets?\b|\bquads\b")
MULTIPLE_BEFORE = compiled(
    r"\b(?:prior|previous|family|fhx?|sister|mother|is an identical|history of)\b[^.;\n]{0,20}\Z"
)
CESAREAN = compiled(r"\bcesarean|\bcaesarean|\bc-?section|\bc section|\b[pr1]*l[ts]cs\b|\bc/s\b|\bcs\b|\bhysterotomy\b")
NOT_THIS_CESAREAN = compiled(
    r"\b(?:prior|previous|hx|history of|h/o|past|one|two|\d|x\d|repeat was|s/p|avoid\w*"
    r"|for possible|possible|consent(?:ed)? for|vs\.?|or|versus|discuss\w*|offered|declin\w+|after"
    r"|first|last|scar\w*)\s(?:\w+ ){0,3}\Z"
)
REPEAT = compiled(r"\brepeat\s(?:\w+ ){0,3}\Z")
VAGINAL = compiled(
    r"\bn?svd\b|\bvaginal (?:delivery|birth|twin)|\bvbac\b|\bvaginal birth after|\bsvb\b|\bnsvb\b"
    r"|\bv[af]vd\b|\bdelivered vaginally|\bspontaneous (?:vaginal )?(?:delivery|birth)\b"
    r"|\b(?:outlet|low|vacuum|mid)[- ]?"
    r"(?:vacuum|forceps|extraction|assisted)|\bvacuum[- ]assist|\bpush(?:ed|ing)\b"
    r"|\bperineum intact|\bperineal (?:lac|tear)|\bdegree\b[^.\n]{0,25}\b(?:lac|tear)|\bsvds?\b"
    r"|\bvag(?:inal)? del"
)
NOT_THIS_VAGINAL = compiled(
    r"\b(?:prior|previous|hx|history of|h/o|past|two|three|one|first|last|failed|attempt\w*|declin\w+)\s(?:\w+ ){0,3}\Z"
)
LABOR = compiled(
    r"\blabou?r(?:ing|ed)?\b|\bpush(?:ed|ing)\b|\bn?svd\b|\bvaginal (?:delivery|birth)"
    r"|\bfully dilated|\bcomplete at\b|\barom\b|\binduc(?:ed|tion)\b|\biol\b|\bsecond stage\b"
    r"|\bpitocin\b|\boxytocin (?:induction|augment)"
)
NO_LABOR = compiled(
    r"\b(?:not in|without|w/o|before|prior to|no(?: active)?)\s(?:spontaneous |active |any )?(?:labou?r|contractions)"
)
PARITY = compiled(
    r"\bg ?(?P<g>\d+) ?,? ?p ?(?P<p>\d+)(?:[- ]?(?:now|->|>|to|→)[- ]?p? ?(?P<now>\d+))?"
    r"|\bgravida (?P<gg>\d+),? ?para (?P<pp>\d+)"
)
FIRST = compiled(r"\bprimigravida|\bprimip|\bnullip|\bfirst pregnancy|\bp0\b|\bg1\b|\bfirst baby|\bnulliparous")
OTHER = compiled(r"\bmultip|\bmultigravida|\bmultiparous|\bsecond pregnancy|\bthird pregnancy|\bg[2-9]\b|\bgrand ?mult")
NURSING = compiled(
    r"\bbreast-?feed|\bnursing\b(?! home| note| staff| facility| care| assessment| report)"
    r"|\blactat|\bpumping\b|\bbf\b|\bbreast milk|\bbreast feeding"
)
NOW = compiled(
    r"\bfht?r?s?\b[ :]*1[1-7]\d|\bfetal heart|\bfetal movement|\bfm\b|\bgravid\b"
    r"|\bcurrently pregnant|\bprenatal\b|\bpregnant\b"
)
TRIMESTER = compiled(r"\b(first|second|third|1st|2nd|3rd) trimester")
DONE = compiled(
    r"(?:cesarean|caesarean|c-?section|c section|ltcs|lscs|c/s)\b[^.;\n]{0,40}\b(?:performed|done"
    r"|under|at \d|for\b|due|secondary)"
    r"|\b(?:taken|went|to or|proceeded|underwent|urgent|emergent|stat|crash|primary|scheduled"
    r"|elective|repeat)\b[^.;\n]{0,40}(?:cesarean|caesarean|c-?section|c section|ltcs|lscs|c/s)"
    r"|\b[pr1]ltcs\b"
)
HISTORY = compiled(r"\b(?:history of|hx of|hx|h/o|prior|previous|past|risk of|risk for)\W{1,2}(?:\w+ )?\Z")
YEARS = compiled(r"[^.;\n]*\b(?:years? ago|yrs ago|in (?:19|20)\d\d|as a teen\w*|with (?:her )?(?:first|last|prior))\b")
