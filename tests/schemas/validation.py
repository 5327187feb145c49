"""Validators over all schemas of the contract, as they are and closed against keys that they do not name."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from leadterm import schemas

Schemas = dict[str, dict[str, Any]]


@cache
def validator(name: str, *, closed: bool = False) -> Draft202012Validator:
    """A validator of the schema `name`; `closed`, it refuses keys that no schema names, the encounter's too."""
    known = {each: schemas.load(each) for each in schemas.NAMES}
    if closed:
        known = {each: shut(schema) for each, schema in known.items()}
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in known.values())
    return Draft202012Validator(known[name], registry=registry)


def shut(schema: Any) -> Any:
    """`schema` with additionalProperties false wherever it lists the properties of an object."""
    if isinstance(schema, list):
        return [shut(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shut_inside = {key: deepcopy(item) if key == "not" else shut(item) for key, item in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema and "object" in schema["type"]:
        shut_inside.setdefault("additionalProperties", False)
    if schema.get("title") is None and list(schema.get("properties", ())) == ["amount"]:
        shut_inside.pop("additionalProperties", None)  # value codes are kept as given
    return shut_inside


def problems(name: str, value: Any, *, closed: bool = False) -> list[str]:
    """What is wrong with `value` under the schema `name`; empty when nothing is."""
    return [f"{error.json_path}: {error.message}" for error in validator(name, closed=closed).iter_errors(value)]
