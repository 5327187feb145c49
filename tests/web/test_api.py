"""The REST answers: those of the command line, valid by their schemas; errors in sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from leadterm.codesets import CodeBook
from leadterm.schemas import NAMES, encode, load

REGISTRY: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in map(load, NAMES)
)


def valid(value: Any, name: str) -> Any:
    Draft202012Validator(load(name), registry=REGISTRY).validate(value)
    return value


def test_lookup_answers_as_the_command_does(client: Client, library: CodeBook) -> None:
    answer = client.get("/api/lookup/e1122")
    assert answer.status_code == 200
    assert valid(answer.json(), "codes-1") == json.loads(json.dumps(encode.codes([library.full_entry("E11.22")])))  # type: ignore[list-item]


def test_a_day_in_the_address_is_the_day_that_counts(client: Client) -> None:
    (code,) = client.get("/api/lookup/E66.813", params={"on": "2020-05-01"}).json()["codes"]
    assert not code["valid"]


def test_a_system_in_the_address_is_the_one_that_is_read(client: Client) -> None:
    assert client.get("/api/lookup/E11.22", params={"system": "icd10pcs"}).status_code == 404


@pytest.mark.parametrize("written", ["E99.99", "nonsense", "E11.22.22", "<script>", "🩺", "x" * 500])
def test_an_unknown_code_is_told_as_a_finding(client: Client, written: str) -> None:
    answer = client.get(f"/api/lookup/{written}")
    assert answer.status_code == 404
    (code,) = valid(answer.json(), "codes-1")["codes"]
    assert code["findings"][0]["severity"] == "error"


def test_search_answers_as_the_command_does(client: Client, library: CodeBook) -> None:
    answer = client.get("/api/search", params={"q": "diabetic kidny diseas", "limit": 5}).json()
    assert valid(answer, "hits-1") == encode.hits(library.search("diabetic kidny diseas", limit=5))


def test_releases_are_those_that_are_installed(client: Client, library: CodeBook) -> None:
    answer = valid(client.get("/api/releases").json(), "releases-1")
    assert len(answer["releases"]) == len(library.releases())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/search", 400),
        ("/api/search?q=", 400),
        ("/api/search?q=x&limit=501", 400),
        ("/api/search?q=x&limit=few", 400),
        ("/api/search?q=x&system=klingon", 400),
        ("/api/search?q=" + "x" * 201, 400),
        ("/api/lookup/E11.22?on=31.12.2026", 400),
        ("/api/nothing", 404),
        ("/api/search?q=" + "x" * 5000, 414),
    ],
)
def test_errors_are_one_sentence_of_json(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"].endswith(".")


def test_it_is_read_only(client: Client) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, "/api/search?q=x")
        assert answer.status_code == 405
        assert answer.json()["error"].endswith(".")


def test_openapi_describes_the_addresses(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/lookup/{code}", "/api/search", "/api/releases"} <= set(paths)
