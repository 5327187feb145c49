"""leadterm.coded/1 read into a CodedEncounter."""

from __future__ import annotations

from functools import partial

from leadterm.domain import (
    Alternative,
    Assertion,
    Assignment,
    CodedEncounter,
    CodeSystem,
    Decision,
    Encounter,
    Fact,
    FactKind,
    Finding,
    LeadUse,
    Override,
    PathwayStep,
    Poa,
    Query,
    RecordLead,
    Role,
    Severity,
    Status,
    Step,
)

from .decode_encounter import read_encounter, read_recorded_code
from .decode_parts import read_evidence, read_modifiers, read_ndc, read_pointers
from .reading import Node, every, must, within, words


def read_coded(at: Node) -> CodedEncounter:
    """The coded encounter at a node; `date_of_service` is the controlling date that was used."""
    at.schema("leadterm.coded/1")
    engine = at["engine"]
    return CodedEncounter(
        encounter=_encounter(at),
        assignments=tuple(
            within(node, partial(_assignment, number=n)) for n, node in enumerate(at["assignments"].items(), 1)
        ),
        findings=every(at["findings"], read_finding),
        queries=every(at["queries"], _query),
        releases=_plain_words(at["releases"]) or None,
        engine_version=engine["version"].text() or "",
        rules_digest=engine["rules"].text() or "",
        on=at["date_of_service"].day(),
        calibration=at["calibration"].text(),
        facts=every(at["facts"], _fact),
        leads=every(at["leads"], _lead),
    )


def read_finding(at: Node) -> Finding:
    """The finding at a node."""
    return Finding(
        id=must(Node.text, at["id"]),
        rule=must(Node.text, at["rule"]),
        severity=must(lambda node: node.choice(Severity), at["severity"]),
        message=must(Node.text, at["message"]),
        fix=at["fix"].text(),
        codes=words(at["codes"]),
        assignments=words(at["assignments"]),
        source=at["source"].text(),
        evidence=every(at["evidence"], read_evidence),
        location=at["location"].mapping(),
        override=_override(at["override"]),
    )


def _encounter(at: Node) -> Encounter:
    """The encounter of the coding; its id and setting may stand in the answer alone."""
    inner = at["encounter"]
    stated = {key: at[key].value for key in ("id", "setting")}
    own = {key: item for key, item in inner.value.items() if item is not None} if inner.given() else {}
    return read_encounter(Node({**stated, **own}, inner.path), "encounter")


def _assignment(at: Node, number: int) -> Assignment:
    system = at["system"].choice(CodeSystem)
    status = at["status"].choice(Status) or Status.SUGGESTED
    sequence = at["sequence"].integer()
    return Assignment(
        id=at["id"].text() or f"a{number}",
        code=must(lambda node: node.code(*([system] if system else [])), at["code"]),
        description=at["description"].text(),
        role=must(lambda node: node.choice(Role), at["role"]),
        sequence=number if sequence is None else sequence,
        confidence=_confidence(at["confidence"], status),
        evidence=every(at["evidence"], read_evidence),
        pathway=every(at["pathway"], _step),
        alternatives=every(at["alternatives"], _alternative),
        poa=at["poa"].choice(Poa),
        status=status,
        decision=_decision(at["decision"]),
        units=at["units"].units(),
        modifiers=read_modifiers(at["modifiers"]),
        pointers=read_pointers(at["pointers"]),
        service_date=at["service_date"].day(),
        provider=at["provider"].text(),
        revenue_code=at["revenue_code"].text(),
        charge=at["charge"].amount(),
        ndc=read_ndc(at["ndc"]),
        facts=words(at["facts"]),
    )


def _confidence(at: Node, status: Status) -> float:
    """A confidence; what a person added needs none, and is then certain."""
    if at.value is None and status is Status.ADDED:
        return 1.0
    return must(Node.number, at)


def _lead(at: Node) -> RecordLead:
    return RecordLead(
        read_recorded_code(at),
        words(at["targets"]),
        at["origin"].text(),
        must(lambda node: node.choice(LeadUse), at["use"]),
        must(Node.text, at["why"]),
    )


def _step(at: Node) -> PathwayStep:
    step = must(lambda node: node.choice(Step), at["step"])
    return PathwayStep(step, must(Node.text, at["text"]), at["rule"].text())


def _alternative(at: Node) -> Alternative:
    return Alternative(must(Node.text, at["code"]), must(Node.text, at["why_not"]))


def _decision(at: Node) -> Decision | None:
    if not at.given():
        return None
    return Decision(
        by=must(Node.text, at["by"]),
        at=must(Node.moment, at["at"]),
        method=must(Node.text, at["method"]),
        reason=at["reason"].text(),
    )


def _override(at: Node) -> Override | None:
    if not at.given():
        return None
    return Override(must(Node.text, at["by"]), must(Node.moment, at["at"]), must(Node.text, at["reason"]))


def _query(at: Node) -> Query:
    return Query(
        id=must(Node.text, at["id"]),
        reason=must(Node.text, at["reason"]),
        question=must(Node.text, at["question"]),
        codes=words(at["codes"]),
        options=words(at["options"]),
        indicators=words(at["indicators"]),
        evidence=every(at["evidence"], read_evidence),
    )


def _fact(at: Node) -> Fact:
    return Fact(
        id=must(Node.text, at["id"]),
        concept=must(Node.text, at["concept"]),
        kind=must(lambda node: node.choice(FactKind), at["kind"]),
        assertion=must(lambda node: node.choice(Assertion), at["assertion"]),
        attributes=_plain_words(at["attributes"]),
        section=must(Node.text, at["section"]),
        evidence=every(at["evidence"], read_evidence),
        cues=every(at["cues"], read_evidence),
        targets=words(at["targets"]),
        speaker=at["speaker"].text(),
        copied_from=read_evidence(at["copied_from"]) if at["copied_from"].given() else None,
    )


def _plain_words(at: Node) -> dict[str, str]:
    """An object whose values are strings; of null, empty."""
    given = at.mapping() or {}
    return {key: must(Node.text, at[key]) for key in given}
