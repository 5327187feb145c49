"""The keys of the code book: what the browser listens to, what the list under `?` shows, what the documentation tells.

A key of one character is inert in text fields and can be switched off in that list (WCAG 2.1.4).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key, or two pressed after each other (`g t`).

    Attributes:
        keys: What is pressed, in words of the keyboard.
        what: What it does.
        path: The page that it opens; empty where a script does something else.
        single: Whether it can be switched off: keys of one printable character.
    """

    keys: str
    what: str
    path: str = ""
    single: bool = True


KEYS = (
    Key("/", "Go to the search field"),
    Key("?", "Show these keys"),
    Key("g s", "Search: the first page", "/"),
    Key("g t", "Tabular List", "/tabular"),
    Key("g i", "Alphabetic Index", "/index"),
    Key("g p", "ICD-10-PCS builder", "/pcs"),
    Key("g h", "HCPCS Level II", "/hcpcs"),
    Key("g r", "Releases", "/releases"),
    Key("n", "The next code, where a page has one"),
    Key("p", "The code before"),
    Key("u", "Up: the category, block or chapter above"),
    Key("d", "Go to the as-of date"),
    Key("↓ ↑", "Move through suggestions, results and lists", single=False),
    Key("→ ←", "Open and close a term of a tree", single=False),
    Key("Enter", "Open what is marked", single=False),
    Key("Esc", "Close suggestions or this list; clear a search field, then leave it", single=False),
)
