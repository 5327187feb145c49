"""What medspaCy's ConText says of the mentions of sentences. Runs in the peer's environment alone."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import spacy  # type: ignore[import-not-found]
from medspacy.context import ConText  # type: ignore[import-not-found]
from spacy.tokens import Span  # type: ignore[import-not-found]

# The first that is set names the assertion; the others of the eight words are not among its axes.
AXES = (
    ("is_hypothetical", "hypothetical"),
    ("is_family", "family"),
    ("is_negated", "absent"),
    ("is_uncertain", "uncertain"),
    ("is_historical", "historical"),
)


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    nlp = spacy.blank("en")
    context = ConText(nlp)
    said = []
    began = time.process_time()
    for text, start, end in work["sentences"]:
        doc = nlp.make_doc(text)
        span = doc.char_span(start, end, label="CONDITION", alignment_mode="expand")
        doc.set_ents([Span(doc, span.start, span.end, label="CONDITION")])
        for token in doc:
            token.is_sent_start = token.i == 0
        context(doc)
        said.append(next((word for axis, word in AXES if getattr(doc.ents[0]._, axis)), "present"))
    spent = (time.process_time() - began) / len(said) * 1000
    print(json.dumps({"said": said, "ms": spent, "version": version("medspacy"), "spacy": version("spacy")}))


if __name__ == "__main__":
    main()
