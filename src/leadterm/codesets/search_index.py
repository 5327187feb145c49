"""Builds the search index: one short document for every phrase that names a code.

A code's phrases are its title, its inclusion terms and the lexicon's synonyms. Codes with a 7th character have no
documents of their own (there would be 51,000 that differ in two words): the code they extend carries the words of
its extensions, and the search picks the extension that was asked for.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .store import TEMPORARY, Store, sync

# Enough for one segment, so that documents keep their order: of equal matches the earlier comes first.
HEAP = 200_000_000
TITLE, INCLUSION, SYNONYM = "title", "inclusion", "synonym"
# A category weighs as if its title were this much longer: what can be billed comes first, unless it is wordier still.
NOT_BILLABLE = 12
_POSSESSIVE = re.compile(r"['’]s\b")
_KEEPS_S = ("ss", "us", "is", "as", "os")
_WORD = re.compile(r"[^\W_]+")
# Words in parentheses are nonessential modifiers: they may stand in the chart or not (guideline I.A.7).
_NONESSENTIAL = re.compile(r"\([^()]*\)")


class Document(NamedTuple):
    """One phrase. Sorted by its first field: procedures after diagnoses, then short before long."""

    place: tuple[int, int]
    system: str
    code: str
    kind: str
    surface: str
    billable: bool
    extensions: str = ""

    @property
    def entry(self) -> str:
        """What the search reads back."""
        return "\t".join((self.system, self.code, self.kind, "1" if self.billable else "0", self.surface))


class SynonymLike(Protocol):
    """A row of the lexicon."""

    @property
    def surface(self) -> str: ...  # noqa: D102
    @property
    def term(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102


def search_words(text: str) -> list[str]:
    """The words of a phrase or a query as the index holds them: lower case, without accents, plural s and 's.

    Unlike `wording.words`, nothing is dropped: whoever types "right" means it.
    """
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return [_singular(word) for word in _WORD.findall(_POSSESSIVE.sub("", plain))]


def _singular(word: str) -> str:
    """`word` without the s of the plural; British spellings are within a typo of the American ones."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEPS_S) else word


def essential_words(text: str) -> list[str]:
    """The words of a phrase without its nonessential modifiers."""
    return search_words(_NONESSENTIAL.sub(" ", text)) or search_words(text)


def build_index(path: Path, tabular: Store, pcs: Store, lexicon: Iterable[SynonymLike]) -> None:
    """Nothing; `path` becomes the folder of the index, or stays absent if the process dies."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    documents = sorted([*_diagnoses(tabular), *_procedures(pcs), *_synonyms(tabular, lexicon)])
    _write(temporary, documents)
    for file in temporary.iterdir():
        sync(file)
    temporary.replace(path)
    sync(path.parent)


def _write(folder: Path, documents: Iterable[Document]) -> None:
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for one in documents:
        if not (own := search_words(one.surface)):
            continue
        document = tantivy.Document()
        document.add_text("system", one.system)
        document.add_text("words", " ".join(own))
        for whole in dict.fromkeys((" ".join(own), " ".join(essential_words(one.surface)))):
            document.add_text("whole", whole)
        if one.extensions:
            document.add_text("extension", " ".join(search_words(one.extensions)))
        document.add_text("entry", one.entry)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> Any:
    """`words` and `extension` to match by word, `whole` to match exactly, `entry` to answer with."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("words", "extension"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("whole", "system"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("entry", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _length(phrase: str) -> int:
    return len(_NONESSENTIAL.sub("", phrase))


def _diagnoses(tabular: Store) -> Iterator[Document]:
    extensions: dict[str, list[str]] = {}
    for parent, title in tabular.all("SELECT parent, title FROM entry WHERE kind = 'seventh'"):
        extensions.setdefault(parent, []).append(title)
    rows = tabular.all(
        "SELECT code, title, notes, billable FROM entry WHERE kind IN ('category', 'subcategory', 'code')"
    )
    for code, title, packed, billable in rows:
        # A code that only lacks its 7th character counts as billable: the last step is the coder's.
        final = bool(billable) or code in extensions
        burden = 0 if final else NOT_BILLABLE
        meanings = " ".join(t[len(title) + 2 :] for t in extensions.get(code, ()))
        yield Document((0, _length(title) + burden), "icd10cm", code, TITLE, title, final, meanings)
        notes = json.loads(packed) if packed else {}
        # "Includes" names the content of a category as an inclusion term names that of a code (I10: hypertension).
        for term in (*notes.get("inclusion_terms", ()), *notes.get("includes", ())):
            yield Document((0, _length(term) + burden), "icd10cm", code, INCLUSION, term, final, meanings)


def _procedures(pcs: Store) -> Iterator[Document]:
    for code, title in pcs.all("SELECT code, value FROM entry"):
        yield Document((1, _length(title)), "icd10pcs", code, TITLE, title, True)


def _synonyms(tabular: Store, lexicon: Iterable[SynonymLike]) -> Iterator[Document]:
    known: dict[str, int] = dict(tabular.all("SELECT code, billable FROM entry"))
    for synonym in lexicon:
        if synonym.code not in known:
            continue
        final = bool(known[synonym.code])
        burden = 0 if final else NOT_BILLABLE
        for phrase in dict.fromkeys((synonym.surface, synonym.term)):
            yield Document((0, _length(phrase) + burden), "icd10cm", synonym.code, SYNONYM, phrase, final)
