"""Compliance signals over a synthetic year of 200,000 claims: what is found and what is a false alarm, by kind; speed.

Three years are judged: the one that the signals were built beside, a frozen variant with another seed and more
heterogeneity, and a rough one, of which nothing is promised. Beside the speed stand the same counts by plain DuckDB,
over lines that lie in a table already.
"""

from __future__ import annotations

import resource
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from tests.compliance.judging import FAINT, Judged, Score, judged
from tests.compliance.year import FIRST_VARIANT, FROZEN_VARIANT, ROUGH_VARIANT, Year

from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, cpu_seconds

FOUND, FALSE = 95.0, 1.0
OF_PEER = 50_000
COLUMNS = (
    "claim VARCHAR, npi VARCHAR, specialty VARCHAR, patient VARCHAR, day DATE, code VARCHAR, modifier VARCHAR,"
    " units DOUBLE"
)
# What the signals count, as one would write it by hand; the judging of the counts is not among it.
COUNTS = (
    "SELECT npi, code, date_trunc('month', day), count(*) FROM line GROUP BY ALL",
    "SELECT npi, code[:4], avg(code[5:5]::INT), count(*) FROM line WHERE code BETWEEN '99202' AND '99350' GROUP BY ALL",
    "SELECT npi, count(*), count(*) FILTER (v) FROM (SELECT npi, claim, bool_or(modifier = '25') v FROM line"
    " GROUP BY ALL HAVING bool_or(code BETWEEN '10004' AND '69990')) GROUP BY ALL",
    "SELECT npi, count(*), count(*) FILTER (v) FROM (SELECT npi, claim,"
    " bool_or(modifier IN ('59', 'XE', 'XP', 'XS', 'XU')) v FROM line GROUP BY ALL) GROUP BY ALL",
    "SELECT npi, day, sum(units), count(*) FROM line GROUP BY ALL",
    "SELECT npi, patient, day, list_sort(list(DISTINCT code)) FROM line WHERE code BETWEEN '80047' AND '89398'"
    " GROUP BY ALL",
    "SELECT a.npi, a.code, b.code, count(*) FROM line a JOIN line b ON a.claim = b.claim AND a.code < b.code"
    " GROUP BY ALL",
)


def measure(quick: bool) -> dict[str, Any]:
    """Figures of both years; a quick run judges a tenth of the first."""
    first = judged(replace(FIRST_VARIANT, claims=10_000, authors=20) if quick else FIRST_VARIANT)
    figures = _speed(first)
    figures += _scores(first, "first year") if not quick else []
    figures += _scores(judged(FROZEN_VARIANT), "frozen year") if not quick else []
    figures += [replace(f, floor=None) for f in _scores(judged(ROUGH_VARIANT), "rough year")] if not quick else []
    figures.append(Figure("peak memory, the generator's included", _peak(), "MiB", 300, AT_MOST))
    figures += _beside_duckdb(2_000 if quick else OF_PEER)
    inputs = [ROOT / "tests/compliance" / f"{name}.py" for name in ("year", "notes", "judging")]
    return answer(figures, inputs=inputs)


def _speed(year: Judged) -> list[Figure]:
    return [
        Figure("claims", year.claims, ""),
        Figure(
            "claims seen and judged, twelve kinds of signals",
            year.claims / year.seconds,
            "claims/s CPU",
            10_000,
            AT_LEAST,
        ),
        Figure("notes read for likeness", year.notes / year.seconds_of_notes, "notes/s CPU"),
    ]


def _scores(year: Judged, name: str) -> list[Figure]:
    planted = sum(_planted(s) for s in year.scores)
    found = sum(s.sensitivity * _planted(s) for s in year.scores)
    honest, false = sum(s.honest for s in year.scores), sum(s.false for s in year.scores)
    figures = [
        Figure(f"{name}: planted and found, of {planted} in all", 100 * found / planted, "%", FOUND, AT_LEAST),
        Figure(f"{name}: false alarms, of {honest} honest comparisons", 100 * false / honest, "%", FALSE, AT_MOST),
    ]
    for s in year.scores:
        figures.append(Figure(f"{name}, {s.kind}: found of {_planted(s)}", 100 * s.sensitivity, "%"))
        figures.append(
            Figure(f"{name}, {s.kind}: false alarms of {s.honest}", 100 * s.false_alarms, "%", FALSE, AT_MOST)
        )
    return figures


def _planted(s: Score) -> int:
    """How many were planted, but for the faint, which nobody is promised to find."""
    return sum(n for grade, n in s.planted.items() if grade != FAINT)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _beside_duckdb(claims: int) -> list[Figure]:
    import duckdb

    from leadterm.compliance.signals import Watch

    some = list(islice(Year(FIRST_VARIANT).claims(), claims))
    ours = len(some) / cpu_seconds(lambda: Watch().see_all(some).signals())
    lines = list(
        chain.from_iterable(
            (
                (
                    c.id,
                    c.providers[0].npi,
                    c.providers[0].taxonomy,
                    c.patient.id,
                    x.start,
                    x.code.value,
                    m,
                    float(x.units),
                )
                for x in c.lines
                if x.code is not None
                for m in (x.modifiers or (None,))
            )
            for c in some
        )
    )
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"CREATE TABLE line ({COLUMNS})")

    def load() -> None:
        for at in range(0, len(lines), 5000):
            rows = lines[at : at + 5000]
            columns = [list(column) for column in zip(*rows, strict=True)]
            unnested = ", ".join(f"unnest(${n})" for n in range(1, len(columns) + 1))
            connection.execute(f"INSERT INTO line SELECT {unnested}", columns)

    loading = cpu_seconds(load)
    counting = cpu_seconds(lambda: [connection.execute(query).fetchall() for query in COUNTS])
    peer = f"DuckDB {duckdb.__version__}"
    return [
        Figure("the same claims counted and judged", ours, "claims/s CPU"),
        Figure("the counts alone, lines in a table already", len(some) / counting, "claims/s CPU", of=peer),
        Figure(
            "the counts, with the lines put into the table", len(some) / (loading + counting), "claims/s CPU", of=peer
        ),
    ]
