"""The words around the code say what the code does: commands, rules, transcripts, snippets, links."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from leadterm import coding, edits, records, review
from leadterm.cli.app import app
from leadterm.codesets import CodeBook
from leadterm.codesets.remarks import remarks
from leadterm.compliance.signals import signal_rules

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
FOLDERS = ("docs", "decisions")
PAGES = sorted([*ROOT.glob("*.md"), *(p for f in FOLDERS for p in (ROOT / f).rglob("*.md") if "_build" not in p.parts)])
HEADING = re.compile(r"(?m)^## `(?P<name>[^`]+)`$")
LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#\s]+)(?:#(?P<anchor>[^)\s]+))?\)")
FENCE = re.compile(r"```(?P<language>\w*)\n(?P<body>.*?)```", re.DOTALL)
NOT_OURS = {".git", ".venv", "_build", "leadterm-demo", "dist", "__pycache__", "node_modules"}
# A path of the machine that this was written on; hosts of package registries. Put together, so as not to find itself.
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|home|root|Users)/(?!\s)\w", re.ASCII)
REGISTRY = re.compile("|".join((r"pypi\.or" "g", r"pythonhosted\.or" "g", r"npmjs\.or" "g", "--(?:extra-)?index-url")))


@cache
def _commands() -> dict[str, set[str]]:
    """Every command with its options."""

    def walk(node: Any, words: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        options = {o for p in node.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")}
        yield " ".join(words), options | {"-h", "--help"}
        for name, command in getattr(node, "commands", {}).items():
            yield from walk(command, (*words, name))

    return dict(walk(typer.main.get_command(app), ("leadterm",)))


def _sections(page: str) -> dict[str, str]:
    parts = HEADING.split((REFERENCE / page).read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section() -> None:
    assert set(_sections("commands.md")) == set(_commands())


@pytest.mark.parametrize("command", _commands())
def test_every_option_is_documented(command: str) -> None:
    shown = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", _sections("commands.md")[command]))
    assert _commands()[command] <= shown


def test_every_rule_is_documented() -> None:
    page = (REFERENCE / "rules.md").read_text(encoding="utf-8")
    known = {*coding.guideline_rules(), *(r.id for r in edits.rules()), *remarks(), *review.query_rules()}
    known |= {rule.id for rule in signal_rules().values()} | set(records.rules())
    assert {rule for rule in known if f"### `{rule}`" not in page} == set()


@pytest.mark.usefixtures("book")
def test_generated_pages_and_transcripts_are_fresh() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONUTF8": "1"}
    arguments = [sys.executable, "-m", "docs.generate", "--check"]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    # Standard error is shown, not judged: what libraries say of themselves at an interpreter's end is no stale page.
    assert (done.stdout, done.returncode) == ("", 0), f"run `python -m docs.generate`\n{done.stderr}"


def _snippets() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, found in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
            if found["language"] == "python":
                yield f"{page.relative_to(ROOT).as_posix()}#{number}", found["body"]


@pytest.mark.parametrize("snippet", [pytest.param(body, id=name) for name, body in _snippets()])
def test_python_snippet_prints_what_it_says(snippet: str, book: CodeBook) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(snippet, "snippet", "exec"), {})
    promised = re.findall(r"(?m)^print\(.*\)  # (.+)$", snippet)
    assert not promised or printed.getvalue().splitlines() == promised


def _shown_commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for found in FENCE.finditer(page.read_text(encoding="utf-8")):
            if found["language"] in ("console", "sh"):
                body = found["body"].replace("\\\n", " ")
                for line in re.findall(r"(?m)^(?:\$ )?(?:[^#\n]*\| )?(leadterm [^|>\n]+)", body):
                    yield page.relative_to(ROOT).as_posix(), line.partition(" ||")[0].strip()


@pytest.mark.parametrize(("page", "line"), list(_shown_commands()))
def test_shown_command_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(line)
    name = max((c for c in _commands() if f"{' '.join(words)} ".startswith(f"{c} ")), key=len)
    assert name != "leadterm"
    assert {w for w in words if re.fullmatch(r"--?[a-z][a-z-]*", w)} <= _commands()[name]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_relative_links_resolve(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for found in LINK.finditer(text):
        target = (page.parent / found["target"]).resolve()
        assert target.exists(), found["target"]
        assert not found["anchor"] or found["anchor"] in _anchors(target), found[0]
    for anchor in re.findall(r"\]\(#([^)\s]+)\)", text):
        assert anchor in _anchors(page), anchor


def _texts() -> Iterator[Path]:
    """What a commit would hold, as far as it is text: hidden caches and what is built left out."""
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n not in NOT_OURS and (not n.startswith(".") or n == ".ci")]
        yield from (Path(folder) / name for name in files if name not in NOT_OURS)  # in a worktree .git is a file


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = []
    for path in _texts():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {m[0]}" for p in (MACHINE, REGISTRY) for m in p.finditer(text)]
    assert found == []


def test_readme_can_be_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_examples_of_the_contract_are_json() -> None:
    found = [m for page in PAGES for m in FENCE.finditer(page.read_text(encoding="utf-8")) if m["language"] == "json"]
    bodies = [m["body"].strip() for m in found]
    assert all(isinstance(json.loads(b if b.startswith("{") else f"{{{b}}}"), dict) for b in bodies)
