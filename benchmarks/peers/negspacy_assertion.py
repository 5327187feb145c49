"""Which mentions of sentences negspacy takes for negated. Runs in the peer's environment alone."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import spacy  # type: ignore[import-not-found]
from negspacy.negation import Negex  # type: ignore[import-not-found]
from spacy.tokens import Span  # type: ignore[import-not-found]


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    nlp = spacy.blank("en")
    nlp.add_pipe("negex", config={"ent_types": ["CONDITION"]})
    negex: Negex = nlp.get_pipe("negex")
    said = []
    began = time.process_time()
    for text, start, end in work["sentences"]:
        doc = nlp.make_doc(text)
        span = doc.char_span(start, end, label="CONDITION", alignment_mode="expand")
        doc.set_ents([Span(doc, span.start, span.end, label="CONDITION")])
        for token in doc:
            token.is_sent_start = token.i == 0
        negex(doc)
        said.append("absent" if doc.ents[0]._.negex else "present")
    spent = (time.process_time() - began) / len(said) * 1000
    print(json.dumps({"said": said, "ms": spent, "version": version("negspacy"), "spacy": version("spacy")}))


if __name__ == "__main__":
    main()
