"""Words of a picture, by tesseract where it is installed: a program of its own, asked by its command line."""

from __future__ import annotations

import base64
import csv
import io
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

SECONDS = 120
# Points for each dot of a page's picture (`pdf.worker.DOTS`).
SCALE = 72 / 300
# Below this confidence, of a hundred, what is read is more often wrong than right.
SUREST = 50.0
Words = list[tuple[float, ...]]
Read = tuple[str, Words]
NOTHING: Read = ("", [])


def recogniser() -> str | None:
    """Where tesseract is; None where it is not installed."""
    return shutil.which("tesseract")


def recognised(image: str | None) -> Read:
    """Text and words with boxes (left, bottom, right, top in points) of a page's picture in base64; nothing without."""
    picture = base64.b64decode(image or "")
    if not picture:
        return NOTHING
    height = int(picture.split(None, 3)[2])
    (read,) = recognised_pages(picture) or (NOTHING,)
    text, words = read
    return text, [(start, length, *_points(box, height)) for start, length, *box in words]


def recognised_pages(picture: bytes) -> list[Read]:
    """Text and words with boxes (left, top, right, bottom in dots) of the pages of a picture; none where it is none."""
    program = recogniser()
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "tsv"], input=picture, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return []
    rows = csv.DictReader(io.StringIO(done.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_laid_out(page) for _, page in groupby(rows, key=lambda row: row.get("page_num"))]


def _points(box: Sequence[float], height: int) -> Iterator[float]:
    left, top, right, bottom = box
    yield from (round(side * SCALE, 1) for side in (left, height - bottom, right, height - top))


def _laid_out(rows: Iterable[Mapping[str, str]]) -> Read:
    """The words of a page of tesseract's table, a line for each of its lines."""
    parts: list[str] = []
    words: Words = []
    length, line = 0, None
    for row in rows:
        word = (row.get("text") or "").strip()
        if not word or float(row["conf"]) < SUREST:
            continue
        here = (row["block_num"], row["par_num"], row["line_num"])
        gap = "" if line is None else " " if here == line else "\n"
        line = here
        left, top, width, tall = (float(row[name]) for name in ("left", "top", "width", "height"))
        words.append((length + len(gap), len(word), left, top, left + width, top + tall))
        parts += (gap, word)
        length += len(gap) + len(word)
    return "".join(parts), words
