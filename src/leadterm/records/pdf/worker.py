"""The process that opens one PDF: bytes on standard input, a line of JSON a page on standard output.

It is a process of its own, with bounds, because PDFium is native code and a hostile file may make it take all memory.
A line: `text`, `words` (start, length, left, bottom, right, top in points from the lower left corner), `pictures`; of a
page without text, where pictures are asked for, `image`: its picture as PNM in base64.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MOST_PAGES = 10_000
MOST_CHARACTERS = 20_000_000
# What a file may hold whatever its size, and for each of its bytes: packed words take a fifth of their size or more.
CHARACTERS, CHARACTERS_A_BYTE = 1_000_000, 20
# Of memory: what interpreter, library and a page as a picture take, and what each byte of the file may.
ROOM, MEMORY_A_BYTE, MOST_MEMORY = 768 << 20, 40, 2 << 30
IMAGE = pdfium.FPDF_PAGEOBJ_IMAGE
DOTS = 300  # an inch, as text recognition wants it
POINTS = 72
BLANK = frozenset(" \t\r\n\u00a0\0\x02\ufffe")


def main() -> None:
    """Reads, answers.

    Exits with 3 for what is no readable PDF, with 4 for one that wants a password, with 5 for more text than a file of
    its size holds.
    """
    raw = sys.stdin.buffer.read()
    _bound(len(raw))
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        sys.exit(4 if "password" in str(error).lower() else 3)
    pictured = "--pictures" in sys.argv
    left = min(MOST_CHARACTERS, max(CHARACTERS, len(raw) * CHARACTERS_A_BYTE))
    for page in islice(document, MOST_PAGES):
        line = _page(page, pictured, left)
        left -= len(line["text"])
        print(json.dumps(line, separators=(",", ":")), flush=True)


def _bound(size: int) -> None:
    """Bounds memory, by the size of the file, and time.

    Where the system has no such bounds, only the patience of the caller is one.
    """
    try:
        import resource
    except ImportError:
        return
    most = min(ROOM + MEMORY_A_BYTE * size, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))


def _page(page: Any, pictured: bool, left: int) -> dict[str, Any]:
    shown = page.get_textpage()
    count = shown.count_chars()
    if count > left:
        sys.exit(5)
    # A character of two code units is told as the first of them or as itself, by the version of PDFium.
    units = (pdfium.FPDFText_GetUnicode(shown.raw, n) for n in range(count))
    text = "".join(chr(unit) if not 0xD800 <= unit < 0xE000 else "\ufffd" for unit in units)
    line: dict[str, Any] = {"text": text, "words": list(_words(shown, text)), "pictures": _pictures(page)}
    if pictured and not text.strip() and line["pictures"]:
        line["image"] = base64.b64encode(_image(page)).decode()
    return line


def _words(shown: Any, text: str) -> Iterator[tuple[float, ...]]:
    """The words of a page, each with the box around its characters."""
    start = 0
    for n in range(len(text) + 1):
        if n == len(text) or text[n] in BLANK:
            if start < n:
                boxes = [shown.get_charbox(i) for i in range(start, n)]
                low, high = (min, min, max, max), zip(*boxes, strict=True)
                yield (start, n - start, *(round(pick(side), 1) for pick, side in zip(low, high, strict=True)))
            start = n + 1


def _pictures(page: Any) -> bool:
    return any(found.type == IMAGE for found in islice(page.get_objects(max_depth=3), 10_000))


def _image(page: Any) -> bytes:
    """The page as a grey picture (PGM)."""
    bitmap = page.render(scale=DOTS / POINTS, grayscale=True)
    rows = bytes(bitmap.buffer)
    lines = (rows[n * bitmap.stride : n * bitmap.stride + bitmap.width] for n in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)


if __name__ == "__main__":
    main()
