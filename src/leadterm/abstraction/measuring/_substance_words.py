"""The words that charts have for tobacco, alcohol and drugs, and for whether, how much and until when."""

from __future__ import annotations

import re

# What is used: the names by substance and, where the name says it, product. The first that fits a place counts.
_NAMES: tuple[tuple[str, str, str], ...] = (
    (
        "tobacco",
        "chewing tobacco",
        r"smokeless\stobacco|chew(?:s|ed|ing)?\s(?:tobacco|snuff)|dip(?:s|ped|ping)?\s(?:snuff|tobacco)"
        r"|oral\stobacco|snuff|snus",
    ),
    ("tobacco", "vaping", r"vap(?:es|ing|ed|e|er|ers)|e-?\s?cig(?:arette)?s?|electronic\scigarettes?|juul(?:s|ing)?"),
    ("tobacco", "cigars", r"cigars?"),
    ("tobacco", "hookah", r"hookah"),
    ("tobacco", "", r"(?:non|ex)?-?smok(?:er|es|ed|ing|e)|tobacco|tob|nicotine|tobaccoism"),
    ("tobacco", "cigarettes", r"cigarettes?|cigs|ppd"),
    (
        "alcohol",
        "",
        r"alcohol(?:ics?|ism)?|etoh|ethanol|(?:non)?-?drinkers?|drinks?|drinking|drank|teetotal\w*|beers?|wine"
        r"|liquor|vodka|whisk(?:e)?y|sober|sobriety",
    ),
    ("cannabis", "", r"marijuana|cannabis|thc|weed|pot|hashish"),
    ("cocaine", "", r"crack\scocaine|cocaine|crack"),
    ("opioids", "heroin", r"heroin"),
    ("opioids", "", r"opioids?|opiates?|fentanyl|narcotics?|oxycodone|hydrocodone|percocet|oxycontin"),
    ("stimulants", "methamphetamine", r"methamphetamines?|crystal\smeth|meth"),
    ("stimulants", "", r"amphetamines?|stimulants?"),
    (
        "sedatives",
        "",
        r"benzodiazepines?|benzos?|barbiturates?|sedatives?(?:,?\shypnotic(?:,?\sor\sanxiolytic)?)?|xanax",
    ),
    ("hallucinogens", "", r"lsd|(?:magic\s)?mushrooms?|psilocybin|hallucinogens?|ecstasy|mdma|molly"),
    ("inhalants", "", r"inhalants?|huff(?:s|ed|ing)?|whippets?"),
    (
        "other",
        "",
        r"(?:(?:iv|intravenous|injection|injected|injecting|illicit|recreational|recreation|street|illegal|hard"
        r"|other)[\s-]+){0,3}(?:drugs?|substances?)|ivdu|ivda|idu|polysubstance|poly-?substance|illicits?"
        r"|recreationals?",
    ),
)
KINDS: tuple[tuple[str, str], ...] = tuple((substance, product) for substance, product, _ in _NAMES)
ANCHOR = re.compile(r"(?<![^\W_])(?:" + "|".join(f"({names})" for _, _, names in _NAMES) + r")(?![^\W_])")
# A text without any of these says nothing of substances. Short ones are looked for at the start of a word.
GATES = [
    *(
        "smok tobacco cigar nicotine e-cig ecig juul snuff snus hookah alcohol etoh ethanol drink drank teetotal liquor"
        " vodka whisk sober sobri marijuana cannabis hashish cocaine heroin opioid opiate fentanyl oxyco hydroco"
        " percocet narcotic methamphetamine amphetamine stimulant benzo barbiturate sedative xanax mushroom psilocybin"
        " hallucinogen ecstasy inhalant whippet drugs substance polysub ivdu ivda illicit recreational"
    ).split(),
    *("drug use", "drug abuse", "drug addict", "drug dependence", "drug habit", "drug history", "drug:", "street drug"),
    *(
        before + word
        for before in " \n(/,:;-+"
        for word in (
            "tob",
            "cigs",
            "vap",
            "ppd",
            "beer",
            "wine",
            "thc",
            "weed",
            "pot ",
            "crack",
            "meth ",
            "lsd",
            "mdma",
        )
    ),
    *(before + word for before in " \n(/,:;-+" for word in ("molly", "huff", "idu ", "dips ", "chew")),
]

# A name in these words is about something else. They are looked for from the name's start on, and before it.
NOT_BEHIND = re.compile(
    r"smok\w*\s(?:inhalation|detectors?|alarms?|exposure\sfrom|from|damage|filled|salmon|meats?|foods?)"
    r"|drugs?[\s-](?:allerg\w*|reactions?|eluting|coated|interactions?|screen\w*|fever|rash|induced"
    r"|resistan\w*|levels?|store|eruption"
    r"|test\w*|intoleranc\w*|sensitiv\w*|monitoring|therapy|treatment|names?|regimen|of\schoice|free|class|was"
    r"|were|is|has|had)"
    r"|substances?\s(?!(?:abuse|use|misuse|dependence|addiction|disorder)\b)"
    r"|nicotine\s(?:patch\w*|gum|lozenge\w*|replacement|\d|inhaler|spray|transdermal)"
    r"|alcohol\s(?:swabs?|wipes?|pads?|prep|based|withdrawal|intoxication|level|resistant|rub|gel|injection"
    r"|septal|ablation|hand|poisoning)"
    r"|alcoholic\s(?!(?:in|with|who|and|or|for|since|drinks?|beverages?|but|on|by|at|now|abusing|drinking|sober)\b)\w"
    r"|(?:thc|cannabis|marijuana|weed)\s(?:creams?|lotions?|topicals?|balms?|salves?|free)"
    r"|fentanyl\s(?:patch\w*|\d|mcg|drip|infusion|citrate|gtt|iv)"
    r"|wine[\s-](?:stain|colou?red)|packs?\s(?:of\s(?!cigarettes)|rbc|red)|pot\s(?:belly|roast)|ecstasy\sof"
    r"|weed\s(?:killer|eater|pollen)"
    r"|crack\s?l|tobacco\s(?:smoke\spollution)|drink(?:s|ing)?\s(?:(?:a\s(?:lot|glass|cup)\sof|lots\sof"
    r"|plenty\sof|some|more|mainly|mostly|only|much|his|her|their|the|an?|enough|\d+\s(?:glasses|bottles|cups"
    r"|liters|ounces|oz|l)\sof|sips\sof|adequate|clear|thickened|thin)\s)*"
    r"(?:water|fluids?|liquids?|coffee|tea|green\stea|soda|sodas|juice|milk|caffeine|gatorade|pop|coke|energy"
    r"|club|formula|electrolyte\w*|boost|ensure|caffeinated|contrast|smoothies?|shakes?|from\s(?:a\s)?(?:cup"
    r"|bottle|straw))"
    r"|(?:thc|benzos?|opiates?|opioids?|cocaine|amphetamines?|cannabis|marijuana)\s(?:screen|positive|negative"
    r"|metabolite|in\sthe\surine)"
)
NOT_BEFORE = re.compile(
    r"(?:rubbing|isopropyl|benzyl|acid|cetyl|stearyl|pva|polyvinyl|methyl|absolute|dehydrated|prescription"
    r"|anti|ice|wood|house)[\s-]$"
)
# "Drugs" that are medicines, drinks that are none, smoke of other fires: by the word that follows.
NOT_BEFORE_WORD: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("drug", "substance"),
        re.compile(
            r"\b(?:anti-?\w+|prescription|prescribed|chemotherapy|this|the|that|these|those|of|new|study|oral|generic"
            r"|counter|otc|two"
            r"|three|steroidal|inflammatory|immunosuppressive|ototoxic|other\s\w+|nsaid|disease-modifying|which|what"
            r"|toxic)\s$"
        ),
    ),
    (
        ("drink",),
        re.compile(
            r"\b(?:energy|soft|sports?|sugary|sweetened|caffeinated|cold|hot|carbonated|fizzy|protein|soy|able\sto"
            r"|unable\sto|can|cannot"
            r"|with\sa|offered\sa|eat\sor|eats\sand|eat\sand|eating\sand|eating\sor|(?:anything|something|nothing"
            r"|water|fluids)\sto)\s$"
        ),
    ),
    (("smok",), re.compile(r"\b(?:wildfire|wood|fire|house|campfire|grease|stove|inhaled|inhaling|barbecue)\s$")),
)
# Screens and tests find a drug; they say nothing of its use.
TEST = re.compile(r"\b(?:uds|utox|toxicology|tox(?:icology)?\sscreen|drug\sscreen|screen|positive\sfor|urine)\b")
EXPOSURE = re.compile(
    r"\b(?:(?:second|2nd|third)[\s-]?hand|passive|environmental)[\s-]+(?:tobacco\s|cigarette\s)?(?:smoke"
    r"|smoking|smoker|vape|exposure)\b(?:\sexposure)?"
    r"|\b(?:exposed|exposure)\sto\s(?:tobacco|cigarette|second[\s-]?hand|passive)\s?(?:smok\w+"
    r"|tobacco\ssmoke)?|\btobacco\s(?:smoke\s)?exposure\b|\bets\sexposure\b"
)
OTHERS = re.compile(
    r"\b(?:husband|wife|mother|father|mom|dad|brother|sister|parents?|son|daughter|family|roommates?|partner"
    r"|boyfriend|girlfriend"
    r"|spouse|friends?|uncle|aunt|grand\w+|siblings?|anyone|someone|people|others|co-?workers?|household"
    r"|caregivers?|maternal|paternal|fhx?|wifes?|step\w+|cousins?)\b"
)
# Advice, plans and suppositions speak of no use.
ADVICE = re.compile(
    r"\b(?:advis\w+|encourag\w+|counsel\w*|recommend\w*|discuss\w*|avoid\w*|should|refrain|risks?|if|unless"
    r"|educat\w+|warn\w+|importance|caution\w*"
    r"|instruct\w+|cessation|reduce|reducing|decrease|limit(?!s)|stay\saway|would|could|may|might|benefits?"
    r"|triggers?|do\snot|don't|please|need\sto|needs\sto|must|urged|told\sto|goals?|helps?|minimi\w+|until"
    r"|when\syou|swab\w*|clean(?:ed|sed)?\swith|handouts?|information\son|possible|rule\sout)\b"
)
TRYING = re.compile(
    r"\b(?:(?:try\w*|tried|wants?|want\w*|attempt\w*|plan\w*|hop\w+|ready|interested|motivated|unable"
    r"|unwilling|difficult\w*|struggl\w+|failed|willing|not\sready|working|desires?|like|looking|considering)"
    r"(?:\s\w+){0,3}\s(?:quit\w*|stop\w*|ceas\w+|cut\w*|cessation|reduc\w*|limit\w*)|(?:has|have"
    r"|had)\snot\s(?:yet\s)?(?:quit|stopped)|cut(?:ting)?\s(?:down|back)|down\sto|decreased\s(?:to|from)"
    r"|denies\sinterest\sin)\b"
)

# The patterns of use (guideline I.C.5.b), and two ways of none.
NEVER, NONE, FORMER, CURRENT = "never", "none", "former", "current use"
ABUSE, DEPENDENCE, IN_REMISSION, USE_DISORDER = "abuse", "dependence", "in remission", "use disorder"
EXPOSED = "exposure"
CUE = re.compile(
    r"\b(?:"
    r"(?P<never>never(?:\s(?:used|a|an|been|user|any))?|life-?(?:long|time)\s(?:non|never|abstain\w+)-?"
    r"|no\s(?:prior\s|previous\s|past\s|known\s|significant\s)?(?:history|h/o|hx)(?:\sof)?"
    r"|den(?:ies|ied|y|ying)\s(?:(?:any|a|prior|past|current|or|other|significant)\s)*(?:history|h/o"
    r"|hx)(?:\sof)?|has\snot\sever|denies\sever)"
    r"|(?P<current>continues?|currently|current|active(?:ly)?|still|admits|endorses|reports|states|positive"
    r"|yes|regular(?:ly)?|every\sday|some\sdays?|occasional(?:ly)?|on\soccasion|social(?:ly)?|rare(?:ly)?"
    r"|heavy|heavily|heavier|light|moderate(?:ly)?|daily|nightly|weekly|uses?|using|consumes?|consuming|smokes"
    r"|drinks|snorts|injects|takes|sometimes|minimal(?:ly)?|infrequent(?:ly)?|frequent(?:ly)?|weekends?"
    r"|drinker|enjoys|daily|excessive|chronic|present|active|ongoing|injecting|snorting|(?:is|are|been|be"
    r"|am)(?=\s(?:smoking|drinking|vaping|chewing|using)))"
    r"|(?P<former>former(?:ly)?|ex|quit|stopped|used\sto|previous(?:ly)?|past|prior|remote|(?:history|h/o"
    r"|hx)(?:\sof)?|ceased|gave\sup|given\sup|discontinued|clean|sober|smoked|drank|took|tried|experimented"
    r"|used|abstinent|recovering|recovered|in\srecovery|reformed|distant|abstains\sfrom)"
    r"|(?P<none>den(?:ies|ied|y|ying)|nor?|not|none|neg(?:ative)?|without|doesn't|don't|didn't|isn't|non|nil"
    r"|absent|abstains|neither|n)"
    r")\b|(?P<plus>\(\s?\+\s?\)|(?<!\S)\+)|(?P<minus>\(\s?-\s?\))"
)
BREAK = re.compile(r"\b(?:but|that|however|although|though|who|which|except)\b|[;:\"]|\n")
LIST = re.compile(
    r"[\s,/&]*(?:(?:or|and|nor|and/or)\b)?[\s,/&]*(?:(?:any|other|use|of|using|a|the|also|illegal|products?"
    r"|smoking|to)\s*)*"
)
LABEL = re.compile(
    r"\s{0,3}(?:(?:/\s?\w+\s)?(?:use|usage|status|history|hx|consumption|intake|abuse|product\suse|products?"
    r"|screening|user|habits?)\b\s{0,3}){0,2}(?:\([^()\n]{0,20}\)\s{0,2})?(?:[:=?|]|\s-{1,2}\s"
    r"|-\s)\s{0,6}(?:\n\s{0,6})?"
)
# "Nor using": of a denied list, the verb of its next member.
LISTED_VERB = re.compile(
    r"[\s,/&]*(?:or|nor|and)?[\s,]*(?:uses?|using|consum\w+|takes|taking|drinks|smokes)\s(?:any\s|of\s|the\s)*"
)
SINCE_NONE = re.compile(
    r"[^.;]{0,25}?\b(?:in|for|x)\s(?:(?:the|past|last|over|about|more\sthan|at\sleast|approximately"
    r"|almost)\s){0,3}(?P<for>\d+\+?\s?(?:years?|yrs?|months?)|many\syears|years|several\syears)\b"
)
PAST = re.compile(
    r"[^.;,]{0,25}?\b(?:in\sthe\s(?:distant\s|remote\s)?past|previously|formerly|years\sago|in\s(?:college"
    r"|high\sschool|(?:his|her|their)\s(?:\w+\s)?(?:20s|30s|40s|teens|twenties|thirties|youth)))\b"
)
# Of these many are medicines: their use is reported only as misuse or where it is denied.
BARE = re.compile(r"(?:other\s)?(?:drugs?|substances?)$")
MEDICINES = re.compile(
    r"fentanyl|opioids?|opiates?|narcotics?|oxycod|hydrocod|percocet|oxycontin|amphetamines?$|stimulant|benzo"
    r"|barbit|sedativ|xanax"
)
DRINK = re.compile(r"(?:drinks?|drinking|drank)$")
BARE_LABEL = re.compile(r"\s(?:use|status|usage)\s{1,8}(?=(?:yes|no|never|former|current|not)\b)")
DISORDER = re.compile(
    r"[\s,-]{1,3}(?:(?P<abuse>abuser?|abuses|misuse|harmful\suse)|(?P<dependence>dependen(?:ce|t|cy)"
    r"|addict(?:ion|ed)?|withdrawal)"
    r"|(?P<disorder>use\sdisorder|disorder))\b"
)
SEVERITY_BEFORE = re.compile(r"\b(mild|moderate|severe)\s(?:\w+\s)?$")
SEVERITY_BEHIND = re.compile(
    r"\s?(?:use\s)?disorder[\s,(:-]{1,3}(?:currently\s)?(mild|moderate|severe)(?=[\s]*(?:$|[,.;:)(-]|in\b"
    r"|with\b|on\b|and\s\w+\s(?:use|disorder)))"
)
REMISSION = re.compile(
    r"\bin\s(?:(?P<kind>early|sustained|full|partial|complete|long-?term)(?:,?\s(?:full|partial"
    r"|sustained))?\s)?(?:remission|recovery)\b|\bremission\b|\brecover(?:ing|ed)\b"
)
INJECTED = re.compile(r"\b(?:iv|intravenous(?:ly)?|inject\w*|ivdu|ivda|idu)\b")

_NUMBER = (
    r"(?:\d+(?:\.\d+)?(?:\s?(?:-|to)\s?\d+(?:\.\d+)?)?|1/2|\d\s1/2|½|an?|half(?:\sa)?|one(?:\sand\sa\shalf)?"
    r"|two|three|four|five|six|seven|eight|nine|ten|several|a\sfew|a\scouple(?:\sof)?|multiple|1-2)"
)
_EACH = (
    r"(?:(?:\s?/\s?|\s(?:per|an?|each|every|in\sa)\s)(?:day|d|night|week|wk|month|mo|year|weekend|evening)\b"
    r"|\s(?:daily|nightly|weekly|monthly)|\s(?:on\s(?:the\s)?)?(?:weekends?|occasion)|\sonce\s(?:a"
    r"|per)\s(?:week|day|month|year)|\sonce\severy\sweek)"
)
_THING = (
    r"(?:ppd|packs?/day|pk/day|pack[\s-]?years?|pk-?yrs?|packs?(?:\sof\scigarettes)?|cigarettes?|cigs?|cigars?"
    r"|joints?|blunts?|bowls?|bags?|grams?|g"
    r"|(?:standard\s|alcoholic\s|mixed\s)?drinks?|beers?|(?:glass(?:es)?|bottles?|cans?|shots?|pints?|liters?"
    r"|handles?|boxes|box|cups?|fifths?|oz|ounces?|six-?\s?packs?|12-?\s?packs?|cases?)(?:\sof\s(?:wine|beer"
    r"|vodka|liquor|whisk(?:e)?y|rum|gin|alcohol|tequila))?|cocktails?)"
)
QUANTITY = re.compile(rf"(?<![\w./-]){_NUMBER}[\s-]?{_THING}\b(?:{_EACH})?|(?:packs/day|alcohol/week):\s*[\d.]+")
RATE = re.compile(rf"\s?{_NUMBER}{_EACH}")
LASTING = re.compile(r"\s(?:since\s(?:age|the|he|she|\d|\w+teen|teen)|for\s(?:the|many|about|over|\d)|x\s?\d)")
FREQUENCY = re.compile(
    r"\b(?:daily|nightly|weekly|monthly|occasional(?:ly)?|on\soccasion|occasion|social(?:ly)?|rare(?:ly)?"
    r"|heavy|heavily|every\s(?:day|night|weekend|week)|most\sdays|\d+(?:-\d+)?\s(?:times|x|days)\s?(?:an?|per"
    r"|/)\s?(?:day|week|month|year)|(?:on\s)?weekends|on\s(?:special\soccasions|holidays)|sometimes|minimal"
    r"|moderate|infrequent(?:ly)?|excessive|once\s(?:a|every)\s(?:week|month|day)|some\sdays)\b"
)
PRODUCT = re.compile(r"\b(?P<edibles>gummies|edibles?)|(?P<vaping>vap\w+)\b")
_WHEN = (
    r"(?:in\s|on\s|around\s|approximately\s|about\s|over\s|since\s|~\s?){0,2}(?:(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec)[a-z]*\.?\s(?:\d{1,2},?\s)?(?:19|20)\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/\d{4}"
    r"|(?:19|20)\d\d|\d+\+?\s(?:years?|yrs?|months?|weeks?|days?)\s(?:ago|prior)|(?:last|this)\s(?:year|month"
    r"|week)|at\s(?:age\s)?\d\d|at\sthe\sage\sof\s\d\d|(?:many|several|a\sfew)\syears\sago)"
)
QUIT = re.compile(
    rf"\b(?:quit|stopped|ceased|clean|sober|gave\s(?:it\s)?up|abstinent|quit\sdate|discontinued"
    rf"|former)\b:?(?:\s(?:smoking|drinking|using|use|tobacco|alcohol|it"
    rf"|cold\sturkey))?[\s,:]{{0,3}}(?P<when>{_WHEN})|\b(?:until|abstinent\ssince|since)\s(?P<until>(?:19"
    rf"|20)\d\d)"
)
AGO = re.compile(r"(?P<when>\d+\+?\s(?:years?|yrs?|months?)\sago)")
LEADING = re.compile(r"^(?:in|on|around|approximately|about|over|since|~)\s+")
SOBER_FOR = re.compile(
    r"\b(?:sober|clean|abstinent|remission|recovery)\s(?:for\s|x\s?|×\s?)?(?:the\s(?:last"
    r"|past)\s)?(?P<for>\d+\+?\s?(?:years?|yrs?|months?))\b(?!\sago)"
)
DURATION = re.compile(
    r"(?:\bfor|\bx|×|\bover)\s?(?:(?:about|the\s(?:last|past)|approximately|at\sleast|over"
    r"|>)\s){0,2}(?P<for>\d+\+?\s?(?:years?|yrs?|months?|decades?))\b(?!\s?ago)"
)
NEXT_QUIT = re.compile(
    rf"[.\n]?\s{{0,6}}(?:(?:he|she|they|patient)\s)?(?:quit|stopped)(?:\sdate)?(?:\ssmoking"
    rf"|\sdrinking)?[\s:]{{1,3}}(?P<when>{_WHEN})"
)


def severity(before: str, behind: str) -> str:
    """The severity that the chart gives a use disorder, from the words before and behind the substance."""
    found = SEVERITY_BEHIND.match(behind) or SEVERITY_BEFORE.search(before)
    return found[1] if found else ""


def bare_date(found: re.Match[str]) -> str:
    """When use ended, of a match of `QUIT` and its like, without "in" and "about"."""
    groups = found.groupdict()
    when = groups.get("when") or groups.get("until") or ""
    while (bare := LEADING.sub("", when)) != when:
        when = bare
    return when
