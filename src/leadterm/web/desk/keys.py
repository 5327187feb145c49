"""The keys of the desk: names, what they do, what they are until the coder chooses others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from leadterm.domain import InputError

# A key, perhaps with modifiers, or two keys pressed after each other. What is pressed with Ctrl is the browser's.
SHAPE = re.compile(r"(?:(?:Alt|Shift)\+)*(?:\S|F[0-9]{1,2}|Arrow(?:Up|Down|Left|Right)|Home|End|PageUp|PageDown)")
# What moves the focus, opens or leaves belongs to the browser and to the dialogs.
KEPT_FREE = frozenset({"Tab", "Escape", "Enter", "Shift+Tab"})
PREFERENCE = "keys"


@dataclass(frozen=True, slots=True)
class Key:
    """One action with its key.

    Attributes:
        name: What scripts know it by.
        keys: What is pressed: `a`, `U`, `Alt+ArrowUp`, `g q`.
        what: What it does.
        group: Under which heading the list shows it.
    """

    name: str
    keys: str
    what: str
    group: str


GROUPS = ("Codes", "Text", "Chart", "Elsewhere")
KEYS = (
    Key("next_code", "j", "The next code", "Codes"),
    Key("previous_code", "k", "The code before", "Codes"),
    Key("next_suggestion", "]", "The next suggestion that is open, with its words", "Codes"),
    Key("previous_suggestion", "[", "The open suggestion before", "Codes"),
    Key("accept", "a", "Accept the code", "Codes"),
    Key("reject", "r", "Reject the code and say why", "Codes"),
    Key("reconsider", "z", "Take the decision on the code back", "Codes"),
    Key("replace", "x", "Put another code in its place", "Codes"),
    Key("why", "w", "Why this code: its way, notes, alternatives", "Codes"),
    Key("edit", "e", "Edit the particulars of the code", "Codes"),
    Key("poa", "p", "Present on admission", "Codes"),
    Key("up", "Alt+ArrowUp", "Move the code up", "Codes"),
    Key("down", "Alt+ArrowDown", "Move the code down", "Codes"),
    Key("jump", "o", "Go to the words of the code", "Text"),
    Key("text", "t", "To the text: arrows select words, with Shift more of them, Enter goes to their codes", "Text"),
    Key("add", "c", "Add a code, from the selected words or by search", "Text"),
    Key("marks", "m", "Show or hide what is negated, history, family, uncertain", "Text"),
    Key("next_document", "n", "The next document", "Text"),
    Key("previous_document", "b", "The document before", "Text"),
    Key("codes", "s", "To the codes", "Chart"),
    Key("pane", "F6", "To the next part of the page", "Chart"),
    Key("undo", "u", "Undo", "Chart"),
    Key("redo", "U", "Do again", "Chart"),
    Key("finding", "f", "The next finding, or reason why it is not finished", "Chart"),
    Key("query", "q", "The queries to the provider", "Chart"),
    Key("leads", "l", "What the record had coded before", "Chart"),
    Key("encounter", "i", "The encounter", "Chart"),
    Key("late", "L", "Late documents", "Chart"),
    Key("worth", "v", "What the codes group to", "Chart"),
    Key("out", "d", "What comes out: claim, JSON, CSV, summary", "Chart"),
    Key("finish", "F", "Finish the coding", "Chart"),
    Key("queue", "g q", "The queue", "Elsewhere"),
    Key("compliance", "g c", "The case files of compliance", "Elsewhere"),
    Key("book", "g b", "The code book", "Elsewhere"),
    Key("keys", "?", "These keys", "Elsewhere"),
)
NAMES = {key.name: key for key in KEYS}


def chosen(kept: Mapping[str, str] | None) -> dict[str, str]:
    """The keys in force: what the coder chose, else as they are at first."""
    own = kept or {}
    return {key.name: own.get(key.name, key.keys) for key in KEYS}


def checked(wanted: Mapping[str, str]) -> dict[str, str]:
    """The choices that differ from the first keys. Raises InputError for what is no key, and for one used twice."""
    given = {name: " ".join(wanted.get(name, key.keys).split()) for name, key in NAMES.items()}
    for name, keys in given.items():
        parts = keys.split(" ")
        if len(parts) > 2 or not all(SHAPE.fullmatch(part) for part in parts) or KEPT_FREE & set(parts):
            raise InputError(f"“{NAMES[name].what}” has no key that can be used; press one key, or two after another.")
    twice = [keys for keys, count in Counter(given.values()).items() if count > 1]
    if twice:
        users = " and ".join(f"“{NAMES[n].what}”" for n, keys in given.items() if keys == twice[0])
        raise InputError(f"The key {twice[0]} is given to {users}; each needs its own.")
    first = [keys for keys in given.values() if " " not in keys]
    shadowed = [keys for keys in given.values() if " " in keys and keys.split(" ")[0] in first]
    if shadowed:
        raise InputError(f"{shadowed[0]} cannot be reached: its first key does something by itself.")
    return {name: keys for name, keys in given.items() if keys != NAMES[name].keys}
