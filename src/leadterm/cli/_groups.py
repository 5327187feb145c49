"""What codes group to, for people: one block an encounter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from .plain import styled

if TYPE_CHECKING:
    from leadterm.grouping import Ccsr, Comorbidity, Drg, Groups, Hccs, Index, Outcome, WhatIf, WhyNot

# The scores of the indices, in words.
SCORES = {
    "charlson_1987": "weights of 1987",
    "quan_2011": "of 2011",
    "age_points": "points for age",
    "age_adjusted": "with age",
    "count": "conditions",
    "van_walraven": "van Walraven",
}


def print_groups(found: Groups, tried: WhatIf | None, unknown: tuple[str, ...]) -> None:
    """The block of one encounter, with what was asked to be tried."""
    day = f" · {found.on}" if found.on else ""
    several = f" · {len(found.encounters)} encounters" if found.encounters else ""
    print(f"{styled(found.id, 'bold')} · {found.setting}{day}{several}")
    for code in unknown:
        print(f"  {styled('unknown', 'red')} {code}: no installed release has it")
    for line in (*_drg(found.drg), *_hccs(found.hccs), *_ccsr(found.ccsr), *_comorbidity(found.comorbidity)):
        print(f"  {line}")
    if tried:
        for line in _what_if(tried):
            print(f"  {line}")


def _none(name: str, answer: WhyNot) -> str:
    return f"{styled(name, 'cyan')} – {answer.sentence}"


def _drg(found: Drg | WhyNot) -> Iterator[str]:
    from leadterm.grouping import WhyNot

    if isinstance(found, WhyNot):
        yield _none("MS-DRG", found)
        return
    weight = "" if isinstance(found.weight, WhyNot) else f" · weight {found.weight.relative}"
    yield f"{styled('MS-DRG', 'cyan')} {styled(found.drg, 'bold')} {found.title}{weight} · {found.version}"
    for sentence in (*found.reasons, *found.assumed):
        yield f"  {sentence}"


def _hccs(found: tuple[Hccs, ...] | WhyNot) -> Iterator[str]:
    from leadterm.grouping import WhyNot

    if isinstance(found, WhyNot):
        yield _none("HCC", found)
        return
    for one in found:
        yield from _hcc(one)


def _hcc(one: Hccs) -> Iterator[str]:
    from leadterm.grouping import WhyNot

    raw = "no score" if isinstance(one.score, WhyNot) else f"raw score {one.score.raw}"
    yield f"{styled(one.model, 'cyan')} payment year {one.payment_year} · {raw}"
    for category in one.categories:
        value = "" if category.coefficient is None else f" · {category.coefficient:.3f}"
        yield f"  {category.number:>4} {category.title} · {', '.join(category.codes)}{value}"
    for lost in one.superseded:
        words = f"{lost.title} · {', '.join(lost.codes)} · {lost.why}"
        yield f"  {lost.number:>4} {styled(words, 'dim')}"
    if isinstance(one.score, WhyNot):
        yield f"  {one.score.sentence}"
        return
    others = [f"{name} {value:.3f}" for name, value in one.score.parts if "HCC " not in name]
    yield f"  {' · '.join(others)}"
    for sentence in (*one.score.assumed, *([one.remark] if one.remark else [])):
        yield f"  {styled(sentence, 'dim')}"


def _ccsr(found: Ccsr | WhyNot) -> Iterator[str]:
    from leadterm.grouping import WhyNot

    if isinstance(found, WhyNot):
        yield _none("CCSR", found)
        return
    default = found.default
    yield (
        f"{styled('CCSR', 'cyan')} "
        + (default.sentence if isinstance(default, WhyNot) else f"{styled(default.category, 'bold')} {default.name}")
        + f" · {found.release}"
    )
    procedures = () if isinstance(found.procedures, WhyNot) else found.procedures
    for one in (*found.diagnoses, *procedures):
        named = ", ".join(f"{c.category} {c.name}" for c in one.categories)
        yield f"  {one.code:<9}{named or one.why}"
    for sentence in (found.procedures.sentence if isinstance(found.procedures, WhyNot) else None, found.remark):
        if sentence:
            yield f"  {styled(sentence, 'dim')}"


def _comorbidity(found: Comorbidity | WhyNot) -> Iterator[str]:
    from leadterm.grouping import WhyNot

    if isinstance(found, WhyNot):
        yield _none("Comorbidity", found)
        return
    for name, index in (("Charlson", found.charlson), ("Elixhauser", found.elixhauser), ("AHRQ", found.ahrq)):
        if isinstance(index, WhyNot):
            yield _none(name, index)
        else:
            yield from _index(name, index)


def _index(name: str, index: Index) -> Iterator[str]:
    scores = " · ".join(f"{SCORES.get(score, score)} {value}" for score, value in index.scores)
    yield f"{styled(name, 'cyan')} {scores}"
    for condition in index.conditions:
        yield f"  {condition.title} · {', '.join(condition.codes)}"
    for lost in index.gave_way:
        words = f"{lost.title} · {', '.join(lost.codes)} · gives way to {lost.to}"
        yield f"  {styled(words, 'dim')}"
    for code in index.not_counted:
        yield f"  {styled(f'{code.code} not for {code.key}. {code.why}', 'dim')}"
    if index.remark:
        yield f"  {styled(index.remark, 'dim')}"


def _what_if(tried: WhatIf) -> Iterator[str]:
    yield f"{styled('What if', 'cyan')} (for {tried.purpose}; each by itself, in the order of the chart)"
    for one in tried.outcomes:
        yield f"  {one.change:<8}{one.code:<9}{_group(one)}{_score(one)}"


def _group(one: Outcome) -> str:
    from leadterm.grouping import WhyNot

    if isinstance(one.drg, WhyNot):
        return f"no MS-DRG: {one.drg.sentence}"
    return f"MS-DRG {one.drg.drg} {_signed(one.weight_change)}"


def _score(one: Outcome) -> str:
    return "" if one.score_change is None else f" · score {_signed(one.score_change)}"


def _signed(value: Decimal | None) -> str:
    if value is None:
        return "(no weight)"
    return f"{value:+}" if value else "±0"
