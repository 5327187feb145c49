"""EARS beside R surveillance's answers; export and prevalence, beside SQLite and plain Python counting the same."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import duckdb

from leadterm.analytics import By, Mart, Measure, Method, Question, Rates, ears, read_series
from leadterm.analytics import measure as asked
from leadterm.domain import (
    Assignment,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    Encounter,
    Evidence,
    PathwayStep,
    Patient,
    Role,
    Sex,
    Span,
    Step,
)

from .figures import AT_LEAST, AT_MOST, Figure, answer, cpu_seconds, shared
from .process import leadterm, run

SEED = 1
ORACLE = "oracles/surveillance"
SERIES = "salmonella_agona"
R = "R surveillance 1.20.3"
QUESTION = Question(Measure.PREVALENCE, (By.CATEGORY, By.MONTH))
CODES = [Code(CodeSystem.ICD10CM, f"{chapter}{n:02}.{last}") for chapter in "EIJM" for n in range(50) for last in "019"]
NOTE = Document("d1", "Assessment: an invented condition of an invented patient.\n" * 20)
PROOF = (Evidence.quote(NOTE, Span(15, 33)),)
PATHWAY = (PathwayStep(Step.LEXICON, "an invented condition"), PathwayStep(Step.TABULAR, "billable"))
# As many diagnoses, each of one of 600 codes in 200 categories, of a tenth as many persons over two years.
ENCOUNTERS = """
CREATE TABLE encounters AS
SELECT 'e' || range AS id, 'p' || hash(range) % {persons} AS patient_id, if(hash(range, 1) % 2 = 0, 'F', 'M') AS sex,
    (hash(range, 2) % 90)::INTEGER AS age, '45-54' AS age_band, 'outpatient' AS setting,
    DATE '2024-01-01' + (hash(range, 3) % 730)::INTEGER AS date, strftime(date, '%Y-%m') AS month
FROM range({encounters})
"""
DIAGNOSES = """
CREATE TABLE diagnoses AS
SELECT 'e' || range % {encounters} AS encounter, substr('EIJM', (hash(range, 4) % 4)::INTEGER + 1, 1)
        || lpad((hash(range, 5) % 50)::VARCHAR, 2, '0') AS category, category || '.' || hash(range, 6) % 3 AS code,
    'icd10cm' AS system, NULL::VARCHAR AS grouping, 'secondary' AS role, 1 AS sequence, 'suggested' AS status
FROM range({diagnoses})
"""
SQLITE = """
SELECT category, month, count(DISTINCT patient_id) FROM diagnoses JOIN encounters ON encounter = id GROUP BY 1, 2
"""
SQLITE_SEEN = "SELECT month, count(DISTINCT patient_id) FROM encounters GROUP BY 1"
EXPORT = """
import sys, time
from pathlib import Path
from benchmarks.analytics import generated
from leadterm.analytics import gathered, write_parquet
count, folder = int(sys.argv[1]), Path(sys.argv[2])
began = time.process_time()
for _ in generated(count):
    pass
made = time.process_time() - began
began = time.process_time()
with gathered(generated(count)) as mart:
    write_parquet(mart, folder)
print(time.process_time() - began - made)
"""


def measure(quick: bool) -> dict[str, Any]:
    """Figures of surveillance, export and prevalence."""
    folder = shared() / ORACLE
    watched = _surveillance(folder) if folder.is_dir() else []
    skipped = [] if watched else [f"{ORACLE} is absent; set LEADTERM_SHARED to the folder of the common data"]
    inputs = sorted(path for path in folder.glob(f"*{SERIES}.csv") if "farrington" not in path.name) if watched else []
    return answer([*watched, *_export(quick), *_prevalence(quick)], skipped=skipped, inputs=inputs)


# --- surveillance ---


def _surveillance(folder: Path) -> list[Figure]:
    counts = read_series((folder / f"{SERIES}.csv").read_text(encoding="utf-8"), SERIES)
    figures, agreed, judged = [], 0, 0
    for method in Method:
        name = method.value[-2:].upper()
        with (folder / f"oracle_ears{name}_{SERIES}.csv").open(encoding="utf-8") as file:
            oracle = list(csv.DictReader(file))
        found = ears(counts, method)
        pairs = list(zip(found, oracle, strict=True))
        furthest = max(abs(period.upperbound - float(row["ub"])) for period, row in pairs)
        figures.append(Figure(f"EARS {name}: largest difference of a bound from {R}", furthest, "", 1e-9, AT_MOST))
        agreed += sum(period.alarm == (row["alarm"] == "TRUE") for period, row in pairs)
        judged += len(pairs)
    times = 20
    seconds = cpu_seconds(lambda: [ears(counts, method) for _ in range(times) for method in Method])
    return [
        *figures,
        Figure("EARS: periods with the same verdict", agreed, f"of {judged}", judged, AT_LEAST),
        Figure("EARS: all three methods", times * judged / seconds, "periods/s CPU"),
    ]


# --- export ---


def generated(count: int) -> Iterator[CodedEncounter]:
    """Invented coded encounters with one to eight diagnoses each."""
    draw = Random(SEED)
    for number in range(count):
        codes = enumerate(draw.sample(CODES, draw.randint(1, 8)), 1)
        patient = Patient(f"p{draw.randrange(count // 3 + 1)}", draw.choice(list(Sex)), age=draw.randrange(100))
        day = date(2024, 1, 1) + timedelta(draw.randrange(730))
        yield CodedEncounter(
            Encounter(f"e{number}", date_of_service=day, patient=patient, documents=(NOTE,)),
            tuple(
                Assignment(
                    f"a{place}",
                    code,
                    "An invented condition",
                    Role.SECONDARY if place > 1 else Role.FIRST_LISTED,
                    place,
                    0.9,
                    PROOF,
                    PATHWAY,
                )
                for place, code in codes
            ),
            on=day,
        )


def _export(quick: bool) -> list[Figure]:
    from leadterm.schemas import encode

    count, rows = (2_000, 200) if quick else (100_000, 5_000)
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as name:
        folder = Path(name)
        done = run([sys.executable, "-c", EXPORT, str(count), str(folder / "values")])
        if done.exit_code:
            raise RuntimeError(f"the export ended with {done.exit_code}: {done.said[-500:]}")
        seconds = float(done.out)
        size = sum(path.stat().st_size for path in (folder / "values").iterdir())
        coded = folder / "coded.jsonl"
        with coded.open("w", encoding="utf-8") as file:
            for each in generated(rows):
                file.write(json.dumps(encode.coded(each)) + "\n")
        leadterm("lookup", "I10")  # compiles the code sets on first use
        read = leadterm("export", "parquet", str(folder / "files"), str(coded))
        return [
            Figure(f"export of {count:,} encounters from values, CPU", seconds, "s", 15 * count / 100_000, AT_MOST),
            Figure("export from values", count / seconds, "encounters/s CPU"),
            Figure("export from values, peak RSS", done.rss, "MB"),
            Figure("export, bytes an encounter", size / count, "bytes"),
            Figure("export from JSON (process, start-up included)", rows / read.cpu, "encounters/s CPU"),
            Figure("export from JSON, bytes an encounter", coded.stat().st_size / rows, "bytes"),
            Figure("export from JSON, peak RSS", read.rss, "MB"),
        ]


# --- prevalence ---


def _prevalence(quick: bool) -> list[Figure]:
    diagnoses = 50_000 if quick else 1_000_000
    size = {"diagnoses": diagnoses, "encounters": diagnoses * 2 // 5, "persons": diagnoses // 10}
    with duckdb.connect() as connection:
        connection.execute(ENCOUNTERS.format(**size))
        connection.execute(DIAGNOSES.format(**size))
        mart = Mart(connection, size["encounters"], diagnoses)
        answers: list[Rates] = []
        began = perf_counter()
        ours = cpu_seconds(lambda: answers.append(asked(mart, QUESTION)))
        wall = perf_counter() - began
        peers, rows = _peers(connection), answers[0].rows
    found = {tuple(row.group.values()): (row.cases, row.persons) for row in rows if row.cases}
    wrong = [name for name, (_, counted) in peers.items() if counted != found]
    if wrong:
        raise RuntimeError(f"{', '.join(wrong)} counted otherwise")
    what = f"prevalence by category and month over {diagnoses:,} diagnoses, CPU"
    return [
        Figure(what, ours, "s", 5 * diagnoses / 1_000_000, AT_MOST),
        Figure(what.replace("CPU", "wall"), wall, "s"),
        Figure("rows of that answer", len(rows), "rows"),
        *(Figure(what, seconds, "s", of=name) for name, (seconds, _) in peers.items()),
        *(Figure(f"prevalence, CPU, ratio to {name}", seconds / ours, "×") for name, (seconds, _) in peers.items()),
    ]


Counted = dict[tuple[str | None, ...], tuple[int | None, int | None]]


def _peers(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, Counted]]:
    """CPU seconds and answer of each peer; what they read lies in memory before the clock starts."""
    encounters = connection.execute("SELECT id, patient_id, month FROM encounters").fetchall()
    diagnoses = connection.execute("SELECT encounter, category FROM diagnoses").fetchall()
    return {
        f"SQLite {sqlite3.sqlite_version}": _sqlite(encounters, diagnoses),
        f"Python {sys.version.split()[0]} sets": _python(encounters, diagnoses),
    }


def _sqlite(encounters: list[tuple[Any, ...]], diagnoses: list[tuple[Any, ...]]) -> tuple[float, Counted]:
    counted: Counted = {}
    with sqlite3.connect(":memory:") as store:
        store.execute("CREATE TABLE encounters (id TEXT PRIMARY KEY, patient_id TEXT, month TEXT) WITHOUT ROWID")
        store.execute("CREATE TABLE diagnoses (encounter TEXT, category TEXT)")
        store.executemany("INSERT INTO encounters VALUES (?, ?, ?)", encounters)
        store.executemany("INSERT INTO diagnoses VALUES (?, ?)", diagnoses)

        def work() -> None:
            seen = dict(store.execute(SQLITE_SEEN))
            counted.update({(c, month): (cases, seen[month]) for c, month, cases in store.execute(SQLITE)})

        seconds = cpu_seconds(work)
    store.close()
    return seconds, counted


def _python(encounters: list[tuple[Any, ...]], diagnoses: list[tuple[Any, ...]]) -> tuple[float, Counted]:
    counted: Counted = {}

    def work() -> None:
        visits = {id: (person, month) for id, person, month in encounters}
        seen: dict[str, set[str]] = defaultdict(set)
        bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for person, month in visits.values():
            seen[month].add(person)
        for encounter, category in diagnoses:
            person, month = visits[encounter]
            bearers[category, month].add(person)
        counted.update({key: (len(persons), len(seen[key[1]])) for key, persons in bearers.items()})

    return cpu_seconds(work), counted
