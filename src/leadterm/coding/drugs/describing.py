"""What an official text of HCPCS Level II says of a drug: its names, the billing unit, how it is given, what it is not.

The texts have a habit: form, names, labels in brackets, qualifiers after commas, then the amount ("Injection, ketorolac
tromethamine, per 15 mg"). They are read by that habit; nothing is known here of any one drug.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from leadterm.coding.patterns import compiled

from .amounts import NUMBER, UNIT, Amount, amount

# Texts of what is no drug given here: taken by mouth, run by equipment at home, mixed by the pharmacy, unnamed.
_ELSEWHERE = compiled(
    r"\boral\b|insulin pump|compounded product|concentrated form|not otherwise classified|unclassified|\bnoc\b"
    r"|\bpharmacy\b|\bsupply fee\b|nasal vaccine|for hospitalized|blood|platelets|plasma, pooled"
)
_NOTES = compiled(
    r"\((?:code may be used|not to be used|for circumstances|list separately)[^)]*\)?"
    r"|, provided in.*|\((?:up to )[^)]*\)"
)
_FORM = compiled(r"^(?:injection|inj|infusion|instillation|intravesical instillation)\b[.,]?\s*")
_LABEL = compiled(r"\(([^()]*(?:\([^()]*\))?[^()]*)\)")
_AMOUNT = compiled(rf"(?P<number>{NUMBER})\s*(?P<unit>{UNIT})(?!\w)")
_TOTAL = compiled(rf"\(\s*(?P<number>{NUMBER})\s*(?P<unit>{UNIT})\s*\)")
_FLUID = compiled(rf"\((?P<number>{NUMBER}) (?P<unit>ml) = 1 unit\)")
_PER_ONE = compiled(rf"\bper (?:factor \w+ )?(?P<unit>{UNIT}|milligram)(?!\w)")
_PER_DOSE = compiled(
    r"\bper (?:study |treatment |therapeutic )?dose\b|\bper (?:vial|treatment|instillation|implant|study)\b"
    r"|\bintrauterine\b|\bimplant system\b|\bless than or equal to \d+ mg\b|\bgreater than \d+ mg\b|\bdays of therapy\b"
)
_PER_ML = compiled(r"mg/ml.*, per ml?$")
_TWO_LIMITS = compiled(r"\bup to [\d.]+ mg and .*\bup to [\d.]+ mg")
_BEFORE_AMOUNT = compiled(
    rf",?\s*(?:\bper\b|\bup to\b|less than or equal to|greater than|(?:{NUMBER})\s*(?:{UNIT})\b|%).*$"
)
_MAKERS = compiled(
    r"^(?:endo|baxter|hikma|fresenius(?: kabi)?|teva|sandoz|accord|apotex|mylan|xellia|hospira|pfizer|sun pharma"
    r"|par pharm|american regent|auromedics|dr\. reddy'?s|exela|maia|wg critical care|bpi|b\.? ?braun|belcher|cipla"
    r"|hope|international medication systems|ani|bluepoint|almaject|armas|eugia|gland|meitheal|slayback)$"
)
_NO_NAME = compiled(
    r"^(?:not for use.*|human|recombinant|ovine|equine|porcine|g-csf|gm-csf|nos|nitrogen mustard|contraceptive|e\.g\..*"
    r"|i\.e\..*|bcma|.*esrd.*|for .*|.*rhcg.*|250 i\.?u\.?|1500 i\.?u\.?|.*derived.*|d|antihemophilic.*"
    r"|isavuconazonium.*)$"
)
_QUALIFIER = compiled(
    r"not otherwise specified|parenteral|biosimilar|intravenous|intramuscular"
    r"|subcutaneous|\bhuman\b|recombinant|lyophilized"
    r"|preservative|^for |diagnostic|therapeutic|sterile|powder|intravitreal|implant|depot form|long[- ]acting"
    r"|extended[- ]release|single use|unit dose|fda|administered|inhalation|non-compounded|liposom|intraocular|excludes"
    r"|topical|aqueous|synthetic|solvent|purified|minidose|full dose|unrefrigerated|not therap|code may|%|non-esrd"
)
# What tells a form from the plain drug: it is asked of the chart too, else the plain one is meant.
_SPECIAL = (
    ("liposom", ("liposom",)),
    ("depot", ("depot", "lar", "long-acting", "long acting", "extended-release", "extended release")),
    ("long-acting", ("long-acting", "long acting", "extended-release", "extended release", "depot", "relprevv")),
    ("extended-release", ("extended-release", "extended release", "long-acting", "depot")),
    ("extended release", ("extended-release", "extended release", "long-acting", "depot")),
    ("preservative free", ("preservative free", "preservative-free")),
    ("preservative-free", ("preservative free", "preservative-free", "intrathecal", "epidural")),
    ("protein-bound", ("protein-bound", "protein bound", "nab-")),
    ("hyaluronidase", ("hyaluronidase",)),
    ("implant", ("implant",)),
    ("lock flush", ("flush", "lock")),
    ("minidose", ("minidose", "mini-dose", "50 mcg")),
    ("dextrose", ("dextrose", "d5w")),
    ("with epinephrine", ("epi",)),
    ("and ipratropium", ("ipratropium", "duoneb", "duo-neb", "combivent")),
    ("in sodium chloride", ("premix",)),
    ("in 0.", ("premix",)),
    ("inhal", ("inhal", "neb")),
    (" hd,", (" hd", "8 mg")),
    ("ophthalmic", ("ophthalmic", "eye", "intraocular", "intravitreal", "intracameral")),
    ("intraocular", ("intraocular", "eye")),
    ("intravitreal", ("intravitreal", "eye")),
)  # fmt: skip
_ROUTES = (
    ("for intravenous", "iv"),
    (", intravenous", "iv"),
    ("subcutaneous or intravenous", "sc iv"),
    ("intramuscular or intravenous", "im iv"),
    (", intramuscular", "im"),
    ("for intramuscular", "im"),
    ("for subcutaneous", "sc"),
    (", subcutaneous", "sc"),
    ("intra-articular", "joint"),
    ("inhalation", "neb"),
    ("intravitreal", "eye"),
    ("intraocular", "eye"),
    ("intravesical", "bladder"),
    ("topical", "skin"),
    ("implant", "implant"),
    ("intrathecal", "spine"),
)
_SALTS = frozenset(
    "hydrochloride hcl sulfate sodium phosphate tromethamine citrate mesylate tartrate maleate succinate calcium"
    " disodium bromide lactate hydrobromide dihydrate meglumine chloride bitartrate hyclate fumarate medoxomil"
    " methylsulfate lactobionate isethionate besylate ditromethamine esylate dihydrochloride pamoate".split()
)
# Names that lose what they are without the word for the salt.
_KEPT = frozenset(
    ("calcium chloride", "potassium chloride", "sodium chloride", "magnesium sulfate", "sodium phosphate")
)
_SUFFIX = compiled(r"-[a-z]{4}$")


class Described(NamedTuple):
    """A drug of an official text.

    Attributes:
        names: In small letters, the fullest first; without the salt among them.
        brands: Names in brackets that are no maker's.
        unit: One billing unit.
        routes: How it is given where the text says so.
        needs: Words of which the chart must have one, of each tuple; a maker's name, a form.
        esrd: Whether it is for those on dialysis (True), for others (False), or does not say.
        biosimilar: Whether it is one.
    """

    names: tuple[str, ...]
    brands: tuple[str, ...]
    unit: Amount
    routes: frozenset[str]
    needs: tuple[tuple[str, ...], ...]
    esrd: bool | None
    biosimilar: bool


def described(text: str) -> Described | None:
    """The drug of an official text; None where the text is none of a drug that is given, or has no amount."""
    lower = _NOTES.sub("", " ".join(text.lower().split())).strip(" .")
    unit = None if _ELSEWHERE.search(lower) else billing_unit(lower)
    if unit is None:
        return None
    labels = [label.strip() for label in _LABEL.findall(lower)]
    makers = tuple(label for label in labels if _MAKERS.search(label))
    brands = tuple(b for label in labels for b in _brands(label) if label not in makers)
    biosimilar = "biosimilar" in lower and "exclude" not in lower
    return Described(
        _names(lower, biosimilar),
        brands,
        unit,
        frozenset(route for words, routes in _ROUTES if words in lower for route in routes.split()),
        (*(((maker.split()[0],)) for maker in makers), *_special(lower)),
        None if "esrd" not in lower else not ("non-esrd" in lower or "non esrd" in lower),
        biosimilar,
    )


def billing_unit(lower: str) -> Amount | None:
    """One billing unit of an official text in small letters; of a fixed combination the sum of its parts."""
    if _PER_DOSE.search(lower) or _TWO_LIMITS.search(lower):
        return Amount(Decimal(1), "dose")
    if fluid := _FLUID.search(lower):
        return amount(fluid["number"], fluid["unit"])
    if _PER_ML.search(lower):
        return Amount(Decimal(1), "ml")
    found = [amount(m["number"], m["unit"]) for m in _AMOUNT.finditer(_LABEL.sub(" ", lower))]
    if not found:
        one = _PER_ONE.search(lower)
        labelled = _AMOUNT.search(lower)
        return amount("1", one["unit"]) if one else amount(labelled["number"], labelled["unit"]) if labelled else None
    same = [a for a in found if a.kind == found[0].kind and a.value]
    total = _TOTAL.search(lower)
    if len(same) > 1 and total:
        return amount(total["number"], total["unit"])
    return Amount(sum((a.value for a in same), Decimal(0)), found[0].kind) if same else None


def _names(lower: str, biosimilar: bool) -> tuple[str, ...]:
    bare = _BEFORE_AMOUNT.sub("", _LABEL.sub("", _FORM.sub("", lower)))
    parts = [" ".join(part.split()) for part in bare.split(",")]
    kept = [p for n, p in enumerate(parts) if p and (n == 0 or not _QUALIFIER.search(p)) and len(p) > 2]
    named = [name for part in kept for name in (part, without_salt(part), *_unsuffixed(part, biosimilar))]
    return tuple(dict.fromkeys(name for name in named if not name[0].isdigit()))


def _unsuffixed(name: str, biosimilar: bool) -> tuple[str, ...]:
    """The name without the four letters that part biologicals; a biosimilar is never meant by it."""
    return () if biosimilar or not _SUFFIX.search(name) else (_SUFFIX.sub("", name),)


def without_salt(name: str) -> str:
    """A drug's name without what it is bound to."""
    words = name.split()
    while len(words) > 1 and words[-1] in _SALTS and " ".join(words) not in _KEPT:
        words.pop()
    return " ".join(words)


def _brands(label: str) -> list[str]:
    if _NO_NAME.search(label) or _AMOUNT.search(label) or len(label) < 4 or "equivalent" in label:
        return []
    found = [b.strip().removeprefix("or ") for part in label.split("/") for b in part.split(",")]
    return [b for b in found if len(b) > 3 and not _QUALIFIER.search(b)]


def _special(lower: str) -> tuple[tuple[str, ...], ...]:
    text = lower.replace("non-depot", "")
    return tuple(dict.fromkeys(words for sign, words in _SPECIAL if sign in text))
