"""CPU of medspaCy a note: sentences, target rules, ConText, sections. Runs in the peer's environment alone."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import medspacy  # type: ignore[import-not-found]
from medspacy.ner import TargetRule  # type: ignore[import-not-found]

PIPES = {"medspacy_pyrush", "medspacy_target_matcher", "medspacy_context", "medspacy_sectionizer"}


def main() -> None:
    work = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    began = time.process_time()
    nlp = medspacy.load(medspacy_enable=PIPES)
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(phrase, "CONDITION") for phrase in work["phrases"]])
    loaded = time.process_time() - began
    nlp(work["texts"][0])
    began = time.process_time()
    mentions = sum(len(nlp(text).ents) for text in work["texts"])
    spent = (time.process_time() - began) / len(work["texts"]) * 1000
    said = {"ms": spent, "start_s": round(loaded, 2), "mentions": mentions, "notes": len(work["texts"])}
    print(json.dumps({**said, "version": version("medspacy"), "spacy": version("spacy"), "pipes": nlp.pipe_names}))


if __name__ == "__main__":
    main()
