"""What search learns from the phrases themselves: words of speech, and the words of the titles that they lead to.

Who says "refractory" finds "intractable": inclusion terms and index entries stand under titles that say the same in
other words, so that a word of theirs which the title lacks points to words of the title which they lack.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

# A word is taken to lead to another when so many of its phrases do, and so much more often than phrases at large.
LEAST, SHARE, LIFT = 2, 0.2, 4.0
MOST = 4


def learned(
    phrases: Iterable[tuple[str, frozenset[str]]], titles: Mapping[str, frozenset[str]]
) -> dict[str, list[tuple[str, float]]]:
    """For a stem the stems of titles that it leads to, with the share of its phrases that do, greatest first.

    Args:
        phrases: Code and stems of every phrase that is not a title.
        titles: Stems of the title, by code.
    """
    said: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    total = 0
    for code, own in phrases:
        title = titles[code]
        total += 1
        lacking = title - own
        meant.update(lacking)
        for word in own - title:
            said[word] += 1
            together[word].update(lacking)
    found = {word: _leads(counts, said[word], meant, total) for word, counts in together.items()}
    return {word: leads for word, leads in found.items() if leads}


def _leads(counts: Counter[str], said: int, meant: Counter[str], total: int) -> list[tuple[str, float]]:
    leads = []
    for word, times in counts.items():
        share = times / (said + 1)
        if times >= LEAST and share >= SHARE and share * total >= LIFT * meant[word]:
            leads.append((word, round(share, 2)))
    return sorted(leads, key=lambda lead: (-lead[1], lead[0]))[:MOST]
