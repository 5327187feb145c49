"""Words of a picture, by tesseract where it is installed: a program of its own, asked by its command line."""

from __future__ import annotations

import base64
import csv
import io
import shutil
import subprocess

SECONDS = 120
# Points for each dot of the picture (`worker.DOTS`).
SCALE = 72 / 300
# Below this confidence, of a hundred, what is read is more often wrong than right.
SUREST = 50.0
Words = list[tuple[float, ...]]


def recogniser() -> str | None:
    """Where tesseract is; None where it is not installed."""
    return shutil.which("tesseract")


def recognised(image: str | None) -> tuple[str, Words]:
    """Text and words with boxes (left, bottom, right, top in points) of a picture in base64; nothing without one."""
    program = recogniser()
    if image is None or program is None:
        return "", []
    picture = base64.b64decode(image)
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "tsv"], input=picture, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return "", []
    height = int(picture.split(None, 3)[2])
    return _laid_out(done.stdout.decode("utf-8", "replace"), height)


def _laid_out(table: str, height: int) -> tuple[str, Words]:
    """The rows of words of tesseract's table, a line for each of its lines."""
    parts: list[str] = []
    words: Words = []
    length, line = 0, None
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = (row.get("text") or "").strip()
        if not word or float(row["conf"]) < SUREST:
            continue
        here = (row["block_num"], row["par_num"], row["line_num"])
        gap = "" if line is None else " " if here == line else "\n"
        line = here
        left, top, width, tall = (float(row[name]) for name in ("left", "top", "width", "height"))
        box = (left, height - top - tall, left + width, height - top)
        words.append((length + len(gap), len(word), *(round(side * SCALE, 1) for side in box)))
        parts += (gap, word)
        length += len(gap) + len(word)
    return "".join(parts), words
