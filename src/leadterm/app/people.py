"""Who is there: the name that the machine's account has, for whoever gives no other."""

from __future__ import annotations

import getpass

NAMELESS = "coder"


def account_name() -> str:
    """The account's name; `coder` for an account without one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return NAMELESS
