"""What a dictionary is made of as plain data, kept in a file: reading it takes a tenth of making it.

The file is `marshal`, which reads a hundred thousand strings in a few hundredths of a second, behind the checksum of
its content. Like the compiled stores beside it, it belongs to the user's own data home, never shared: `marshal` is
made for data that one wrote oneself. What it was made from is in its name: another Python or dictionary makes another.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from leadterm.codesets.phrasebook import only_newest

_CHECKSUM = 32  # bytes of a sha256
_MODULES = ("mentions.py", "image.py", "_alphabet.py", "_elliptical.py", "_permuted.py", "_spelling.py")


class Image(NamedTuple):
    """The parts of a dictionary.

    Attributes:
        packed: Every phrase with its readings, one string each.
        words: The words of the alphabet in the order of their letters.
        spelt: The phrases as letters, in the order of `packed`.
        things: Numbers of the phrases that may share words with a neighbour.
        permuted: By the two rarest words of each phrase of interchangeable order: its letters and number.
        misspelt: By what is left of each long word without one letter: the words.
    """

    packed: list[str]
    words: tuple[str, ...]
    spelt: list[str]
    things: list[int]
    permuted: dict[str, list[tuple[str, int]]]
    misspelt: dict[int, list[str]]


def digest(*parts: str) -> str:
    """Name for the image of what `parts` digest, made by this code and this Python."""
    total = hashlib.sha256(f"{sys.version} {' '.join(parts)}".encode())
    for name in _MODULES:
        total.update((files(__package__) / name).read_bytes())
    return total.hexdigest()[:16]


def read(path: Path) -> Image | None:
    """The image of a file; None where there is none or it is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    kept = memoryview(content)[_CHECKSUM:]
    if hashlib.sha256(kept).digest() != content[:_CHECKSUM]:
        return None
    return Image(*marshal.loads(kept))


def keep(path: Path, image: Image) -> None:
    """Writes an image whole under another name, then renames it; a folder that cannot be written costs only time."""
    content = marshal.dumps(tuple(image))
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".tmp-", delete=False) as handle:
            handle.write(hashlib.sha256(content).digest() + content)
        Path(handle.name).replace(path)
        only_newest(path.parent, "dictionary-*.bin")
    except OSError:
        return
