"""The last codes of the Tabular List before the 7th character, below the node that a chart's words lead to."""

from __future__ import annotations

import pytest

from leadterm.codesets import CodeBook
from leadterm.coding.navigating.leaves import leaves, under


@pytest.mark.parametrize("chapter", ["13", "19"])
def test_below_a_node_stand_the_leaves_of_the_chapter_that_begin_with_it(chapter: str, book: CodeBook) -> None:
    every = leaves(book, chapter)
    prefixes = {leaf.code[:length] for leaf in every[::50] for length in range(1, 8)}
    assert len(prefixes) > 50
    for prefix in prefixes:
        assert under(book, chapter, prefix) == tuple(leaf for leaf in every if leaf.code.startswith(prefix))
