"""The schemas themselves: valid, complete, and in step with the domain's words."""

from __future__ import annotations

import ast
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from leadterm import compliance, domain, schemas
from leadterm.compliance import casefile

from .validation import validator


@pytest.mark.parametrize("name", schemas.NAMES)
def test_each_schema_is_valid(name: str) -> None:
    Draft202012Validator.check_schema(schemas.load(name))


@pytest.mark.parametrize("name", schemas.NAMES)
def test_each_schema_bears_the_urn_and_the_title_of_its_name(name: str) -> None:
    shape, version = name.rsplit("-", 1)
    schema = schemas.load(name)
    assert schema["$id"] == f"urn:leadterm:{shape}:{version}"
    assert schema["title"] == f"leadterm.{shape}/{version}"
    assert "leadterm" in json.dumps(schema["properties"]["schema"])


def test_names_are_all_that_is_packaged() -> None:
    packaged = {entry.name for entry in files(schemas).iterdir() if entry.name.endswith(".json")}
    assert packaged == {f"{name}.json" for name in schemas.NAMES}


def references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*map(references, schema.values()))
    return set().union(*map(references, schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("name", schemas.NAMES)
def test_every_reference_leads_somewhere(name: str) -> None:
    check = validator(name)
    resolver = check._resolver
    for reference in references(schemas.load(name)):
        assert resolver.lookup(reference).contents


@pytest.mark.parametrize("name", schemas.NAMES)
def test_no_definition_is_left_over(name: str) -> None:
    used = set().union(*(references(schemas.load(each)) for each in schemas.NAMES))
    own = schemas.load(name)
    for definition in own.get("$defs", {}):
        assert {f"#/$defs/{definition}", f"{own['$id']}#/$defs/{definition}"} & used, definition


ENUMS = [
    ("coded-1", ("$defs", "role"), domain.Role),
    ("coded-1", ("$defs", "poa"), domain.Poa),
    ("coded-1", ("properties", "setting"), domain.Setting),
    ("coded-1", ("$defs", "assignment", "properties", "status"), domain.Status),
    ("coded-1", ("$defs", "step", "properties", "step"), domain.Step),
    ("findings-1", ("$defs", "finding", "properties", "severity"), domain.Severity),
    ("facts-1", ("$defs", "fact", "properties", "kind"), domain.FactKind),
    ("facts-1", ("$defs", "fact", "properties", "assertion"), domain.Assertion),
    ("facts-1", ("$defs", "document", "properties", "status"), domain.DocumentStatus),
    ("encounter-1", ("properties", "setting"), domain.Setting),
    ("encounter-1", ("properties", "claim_type"), domain.ClaimType),
    ("encounter-1", ("$defs", "provider", "properties", "role"), domain.ProviderRole),
    ("encounter-1", ("$defs", "document", "properties", "status"), domain.DocumentStatus),
    ("encounter-1", ("$defs", "code_system"), domain.CodeSystem),
    ("compliance-1", ("$defs", "case", "properties", "status"), casefile.Status),
    ("compliance-1", ("$defs", "disposition"), casefile.Disposition),
    ("compliance-1", ("$defs", "date_event"), compliance.Event),
    ("overpayment-1", ("$defs", "deadline", "properties", "state"), compliance.State),
    ("claim-1", ("properties", "claim_type"), domain.ClaimType),
    ("claim-1", ("$defs", "provider", "properties", "role"), domain.ProviderRole),
    ("claim-1", ("$defs", "sex"), domain.Sex),
]


@pytest.mark.parametrize(("name", "path", "kind"), ENUMS, ids=lambda item: str(item))
def test_the_schema_and_the_domain_know_the_same_words(name: str, path: tuple[str, ...], kind: Any) -> None:
    place = schemas.load(name)
    for key in path:
        place = place[key]
    assert [word for word in place["enum"] if word is not None] == list(kind)


def test_a_loaded_schema_is_the_callers_own() -> None:
    schemas.load("hits-1")["title"] = "changed"
    assert schemas.load("hits-1")["title"] == "leadterm.hits/1"


def test_an_unknown_name_has_a_sentence() -> None:
    with pytest.raises(domain.InputError, match="There is no schema of that name; there are account-1"):
        schemas.load("../coded-1")


def test_the_runtime_imports_the_standard_library_and_the_domain_only() -> None:
    for source in Path(schemas.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert not re.match(r"jsonschema|referencing", node.module or "")
                assert not (node.module or "").startswith("leadterm") or node.module == "leadterm.domain"
