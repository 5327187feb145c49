"""`leadterm demo`: the whole way on the sample charts, from the chart's words to the claim."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodedEncounter, DataMissing, Encounter, InputError, Role

from ._out import json_bytes, open_book, put_json, say, write_whole
from .claim import interchange

if TYPE_CHECKING:
    from leadterm.pipeline import Coder


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of one sample chart."""

    coded: CodedEncounter
    claim: Path | None
    accepted: bool | None
    why_not: str | None
    files: tuple[Path, ...]


def demo(
    out: Annotated[Path, typer.Option(help="Folder for what is written.")] = Path("leadterm-demo"),
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Code the sample charts, check them, write their claims, and say where everything is.

    Example: leadterm demo --out /tmp/demo
    """
    from leadterm.pipeline import Coder

    coder = Coder(open_book())
    shown = [_one(coder, chart, out, number) for number, chart in enumerate(samples(), 1)]
    if json:
        put_json(_value(shown))
        return 0
    from .render import print_coded

    for s in shown:
        print_coded(s.coded, chart=True)
        print(_claim_line(s))
        print()
    print(
        f"{len(shown)} charts coded; {sum(s.claim is not None for s in shown)} claims written. Everything is in {out}."
    )
    say("Installed now: the embedded code sets (`leadterm codes status`). Official releases would add the Alphabetic")
    say("Index, HCPCS Level II, NCCI and the current fiscal year; loading them comes with a later version.")
    return 0


def _claim_line(s: Shown) -> str:
    if s.claim is None:
        return f"no 837P: {s.why_not}"
    verdict = {
        True: "accepted by pyx12 (999 A)",
        False: "REJECTED by pyx12",
        None: "not validated (pip install 'leadterm[x12]')",
    }
    return f"837P: {s.claim} · {verdict[s.accepted]}"


def samples() -> Iterator[Encounter]:
    """The sample encounters, each with its chart."""
    from dataclasses import replace

    from leadterm.domain import Document
    from leadterm.schemas import decode

    folder = sample_folder()
    for one in sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.name):
        encounter = decode.encounter(json_module.loads((one / "encounter.json").read_text(encoding="utf-8")), one.name)
        text = (one / "chart.txt").read_bytes().decode("utf-8")
        yield replace(encounter, documents=(Document("d1", text),))


def sample_folder() -> Path:
    """Where the sample charts lie: in the wheel, or in a checkout. Raises DataMissing where neither has them."""
    packaged = Path(str(files("leadterm"))) / "examples"
    checkout = Path(__file__).parents[3] / "examples"
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    raise DataMissing("The sample charts are not here; install the wheel again.")


def _one(coder: Coder, encounter: Encounter, out: Path, number: int) -> Shown:
    from leadterm.pipeline import build_claim
    from leadterm.schemas import encode

    coded = coder.code(encounter)
    whole, path, claim = (out / f"{encounter.id}.{kind}" for kind in ("coded.json", "837", "claim.json"))
    write_whole(whole, json_bytes(encode.coded(coded)))
    try:
        made, findings = build_claim(coded, coder.book)
    except (InputError, DataMissing) as error:
        return Shown(coded, None, None, str(error), (whole,))
    standing = [f for f in findings if f.stands]
    if standing:
        return Shown(coded, None, None, standing[0].message, (whole,))
    content = interchange(made, number)
    write_whole(path, content)
    write_whole(claim, json_bytes(encode.claim(made)))
    return Shown(coded, path, _accepted(content), None, (whole, path, claim))


def _accepted(content: bytes) -> bool | None:
    from leadterm.claims import accept_999

    try:
        return accept_999(content)[0]
    except DataMissing:
        return None


def _value(shown: list[Shown]) -> dict[str, Any]:
    charts = [
        {
            "id": s.coded.encounter.id,
            "codes": [a.code.value for a in s.coded.assignments if a.role is not Role.CHARGE],
            "findings": len(s.coded.findings),
            "claim": str(s.claim) if s.claim else None,
            "accepted": s.accepted,
        }
        for s in shown
    ]
    return {"schema": "leadterm.demo/1", "charts": charts, "files": [str(p) for s in shown for p in s.files]}
