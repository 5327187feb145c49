"""What codes group to as contract JSON: groups/1. The values are those of `leadterm.grouping`, by their attributes.

A part without an answer is null, and `why` has its sentence under the key of the part. Weights and scores are numbers,
exact to the places that their tables have.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .encode_parts import Json, plain

PARTS = ("drg", "hcc", "ccsr", "comorbidity")


def groups(value: Any, tried: Any = None, unknown: tuple[str, ...] = ()) -> Json:
    """`value` (a `Groups`) as leadterm.groups/1; `tried` is a `WhatIf` of the same encounter."""
    answers = {"drg": value.drg, "hcc": value.hccs, "ccsr": value.ccsr, "comorbidity": value.comorbidity}
    hccs = None if _why(value.hccs) else [_hcc(one) for one in value.hccs]
    return {
        "schema": "leadterm.groups/1",
        "id": value.id,
        "setting": plain(value.setting),
        "date_of_service": plain(value.on),
        "encounters": list(value.encounters),
        "drg": _or_null(value.drg, _drg),
        "hcc": hccs[0] if hccs else None,
        "ccsr": _or_null(value.ccsr, _ccsr),
        "comorbidity": _or_null(value.comorbidity, _comorbidity),
        "hccs": hccs or [],
        "unknown": list(unknown),
        "why": {part: why for part, answer in answers.items() if (why := _why(answer))},
        "what_if": _what_if(tried) if tried is not None else None,
    }


def _why(value: Any) -> str | None:
    """The sentence of what stands in the place of an answer; None for an answer."""
    found: str | None = getattr(value, "sentence", None)
    return found


def _or_null(value: Any, write: Any) -> Json | None:
    return None if _why(value) else write(value)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _drg(value: Any) -> Json:
    weight = None if _why(value.weight) else value.weight
    return {
        "code": value.drg,
        "mdc": value.mdc,
        "title": value.title,
        "weight": _number(weight.relative) if weight else None,
        "reasons": list(value.reasons),
        "mdc_title": value.mdc_title,
        "kind": value.kind,
        "version": value.version,
        "level": value.level,
        "principal": value.principal,
        "secondary": [{"code": s.code, "level": s.level, "why_not": s.why_not} for s in value.secondary],
        "deciding": list(value.deciding),
        "geometric_los": _number(weight.geometric_los) if weight else None,
        "arithmetic_los": _number(weight.arithmetic_los) if weight else None,
        "hospital_acquired": _acquired(value.acquired) if value.acquired else None,
        "transfer": _transfer(value.transfer) if value.transfer else None,
        "assumed": list(value.assumed),
    }


def _acquired(value: Any) -> Json:
    return {
        "conditions": [{"code": code, "hac": hac.number, "title": hac.title} for code, hac in value.met],
        "changes": value.changes,
        "without": {"code": value.drg, "title": value.title, "weight": _number(value.weight)},
    }


def _transfer(value: Any) -> Json:
    return {
        "kind": value.kind,
        "status": value.status,
        "to": value.to,
        "source": value.paragraph,
        "days": value.days,
        "geometric_los": _number(value.mean),
        "special_pay": value.special_pay,
        "fraction": _number(value.fraction),
        "reduces": value.reduces,
    }


def _hcc(value: Any) -> Json:
    scored = None if _why(value.score) else value.score
    return {
        "model": value.model,
        "score": _number(scored.raw) if scored else None,
        "categories": [
            {"number": c.number, "title": c.title, "codes": list(c.codes), "coefficient": _number(c.coefficient)}
            for c in value.categories
        ],
        "superseded": [
            {"number": s.number, "title": s.title, "codes": list(s.codes), "why": s.why} for s in value.superseded
        ],
        "parts": [{"variable": name, "coefficient": _number(v)} for name, v in scored.parts] if scored else [],
        "payment_year": value.payment_year,
        "assumed": list(scored.assumed) if scored else [],
        "source": value.source,
        "remark": value.remark,
        "why": _why(value.score),
    }


def _ccsr(value: Any) -> Json:
    return {
        "release": value.release,
        "default": _or_null(value.default, _category),
        "why": _why(value.default),
        "diagnoses": [_categories(one) for one in value.diagnoses],
        "procedures": None if _why(value.procedures) else [_categories(one) for one in value.procedures],
        "procedures_why": _why(value.procedures),
        "unmapped": list(value.unmapped),
        "remark": value.remark,
    }


def _categories(value: Any) -> Json:
    return {"code": value.code, "role": plain(value.role), "categories": [_category(c) for c in value.categories]}


def _category(value: Any) -> Json:
    return {"code": value.category, "title": value.name}


def _comorbidity(value: Any) -> Json:
    return {
        "charlson": _index(value.charlson),
        "elixhauser": _index(value.elixhauser),
        "ahrq": _or_null(value.ahrq, _index),
        "why": _why(value.ahrq),
    }


def _index(value: Any) -> Json:
    return {
        "algorithm": value.algorithm,
        "scores": dict(value.scores),
        "conditions": [
            {"condition": c.key, "title": c.title, "codes": list(c.codes), "weights": dict(c.weights)}
            for c in value.conditions
        ],
        "gave_way": [
            {"condition": g.key, "title": g.title, "codes": list(g.codes), "to": g.to} for g in value.gave_way
        ],
        "not_counted": [{"code": n.code, "condition": n.key, "why": n.why} for n in value.not_counted],
        "remark": value.remark,
    }


def _what_if(value: Any) -> Json:
    return {"purpose": plain(value.purpose), "outcomes": [_outcome(one) for one in value.outcomes]}


def _outcome(value: Any) -> Json:
    weight = None if _why(value.drg) else value.drg.weight
    return {
        "change": value.change,
        "code": value.code,
        "drg": None
        if weight is None
        else {
            "code": value.drg.drg,
            "title": value.drg.title,
            "weight": None if _why(weight) else _number(weight.relative),
        },
        "weight_change": _number(value.weight_change),
        "hcc": _or_null(value.hcc, _short_hcc),
        "score_change": _number(value.score_change),
        "why": {part: why for part in ("drg", "hcc") if (why := _why(getattr(value, part)))},
    }


def _short_hcc(value: Any) -> Json:
    scored = None if _why(value.score) else value.score
    return {
        "model": value.model,
        "score": _number(scored.raw) if scored else None,
        "categories": [c.number for c in value.categories],
    }
