"""What is raised, and what a shell sees of it.

    LeadtermError
     ├── InputError      exit 2   the caller's mistake or an unreadable file
     ├── DataMissing     exit 3   a release or licensed file is not installed
     └── InternalError   exit 4   ours: please report it

Findings are values and never raised. No message holds chart text or a name.
"""

from __future__ import annotations


class LeadtermError(Exception):
    """The root of everything Leadterm raises on purpose; its message is one sentence that says what to do."""

    exit_code = 4


class InputError(LeadtermError):
    """What was given cannot be used: bad file, bad option, bad value."""

    exit_code = 2


class DataMissing(LeadtermError):
    """The data needed for the answer is not installed; the message names the command that brings it."""

    exit_code = 3


class InternalError(LeadtermError):
    """A promise of ours did not hold."""

    exit_code = 4
