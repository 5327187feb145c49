"""The files of a folder that are whole: nobody writes to them any more, as far as size and time tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from leadterm.domain import InputError
from leadterm.records import is_chart


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was seen: its size in bytes and the time of its last change in nanoseconds."""

    size: int
    changed: int


class Arrivals:
    """Looks at a folder again and again."""

    def __init__(self, folder: Path, settle: float, clock: Callable[[], float]) -> None:
        """`settle`: seconds for which a file keeps its size and time before it is whole; `clock`: seconds, as files."""
        self._folder, self._settle, self._clock = folder, settle, clock
        self._seen: dict[str, tuple[Seen, float]] = {}

    def look(self) -> tuple[list[tuple[Path, Seen]], list[Path]]:
        """The files that are whole, oldest first, and those that may still be written to.

        Raises InputError where the folder cannot be read.
        """
        now = self._clock()
        whole, waiting, seen = [], [], {}
        for path in self._files():
            state = seen_now(path)
            if state is None:
                continue
            before, since = self._seen.get(path.name, (state, now))
            since = since if before == state else now
            seen[path.name] = state, since
            # A file that was moved here bears its old time: it is whole at once.
            if now - since >= self._settle or 0 <= self._settle <= now - state.changed / 1e9:
                whole.append((path, state))
            else:
                waiting.append(path)
        self._seen = seen
        return sorted(whole, key=lambda w: (w[1].changed, w[0].name)), waiting

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if is_chart(path))
        except OSError as error:
            raise InputError(f"{self._folder} cannot be read: {error.strerror}.") from None


def seen_now(path: Path) -> Seen | None:
    """The file as it is now; None where it has gone."""
    try:
        state = path.stat()
    except OSError:
        return None
    return Seen(state.st_size, state.st_mtime_ns)
