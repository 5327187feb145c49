"""How long hl7 and hl7apy take to parse messages of HL7 version 2. Runs in the peers' environment alone."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import hl7  # type: ignore[import-not-found]
from hl7apy.consts import VALIDATION_LEVEL  # type: ignore[import-not-found]
from hl7apy.parser import parse_message  # type: ignore[import-not-found]


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    parsers: dict[str, Callable[[str], object]] = {"hl7": hl7.parse, "hl7apy": _tolerant}
    print(
        json.dumps(
            {name: _timed(parse, work["messages"]) | {"version": version(name)} for name, parse in parsers.items()}
        )
    )


def _tolerant(message: str) -> object:
    """In the mode that refuses least, without looking for groups, which fails on more."""
    return parse_message(message, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False)


def _timed(parse: Callable[[str], object], messages: list[str]) -> dict[str, float]:
    parse(messages[0])
    failed, spent = 0, 0.0
    for message in messages:
        began = time.process_time()
        try:
            parse(message)
        except Exception:
            failed += 1
        else:
            spent += time.process_time() - began
    return {"ms": spent / max(len(messages) - failed, 1) * 1000, "failed": failed}


if __name__ == "__main__":
    main()
