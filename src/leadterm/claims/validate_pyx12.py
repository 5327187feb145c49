"""A port to pyx12, the opt-in judge of whole implementation guides (extra `x12`): slow, kept out of the hot path."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from leadterm.domain import DataMissing, InputError
from leadterm.x12 import read

UNREADABLE = "pyx12 cannot judge this file: it is not X12, or no map of pyx12 fits its GS08."


def accept_999(interchange: bytes) -> tuple[bool, str]:
    """Whether pyx12 accepts every functional group, and its 999 acknowledgement as text.

    Runs in this process; what pyx12 logs or warns of is kept from the terminal, for it may quote the data.
    Raises DataMissing when pyx12 is not installed, InputError when it cannot read the file or has no map for it.
    """
    if find_spec("pyx12") is None:
        raise DataMissing("Full X12 validation needs pyx12; install it with: pip install 'leadterm[x12]'")
    answer = io.StringIO()
    with _quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = _validate(io.StringIO(interchange.decode("utf-8-sig", "replace")), answer)
    text = answer.getvalue()
    if not text:
        raise InputError(UNREADABLE)
    verdicts = {segment[1] for segment in read(text.encode()) if segment.id == "AK9"}
    return whole and verdicts == {"A"}, text


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what pyx12's loggers say from those of the program; its own handlers, if any, still get it."""
    logger, nowhere = logging.getLogger("pyx12"), logging.NullHandler()
    before, logger.propagate = logger.propagate, False
    logger.addHandler(nowhere)
    try:
        yield
    finally:
        logger.removeHandler(nowhere)
        logger.propagate = before


def _validate(source: io.StringIO, answer: io.StringIO) -> bool:
    # Imported here: pyx12 is optional, and importing the package must not cost its maps.
    from pyx12.errors import EngineError, X12Error
    from pyx12.params import ParamsBase
    from pyx12.x12n_document import x12n_document

    try:
        return bool(x12n_document(ParamsBase(), source, answer, None))
    except (EngineError, X12Error):
        raise InputError(UNREADABLE) from None
