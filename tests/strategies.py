"""Hypothesis strategies for domain values: any value that its constructor allows, all of it invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from leadterm.domain import (
    Address,
    Adjudication,
    Alternative,
    Assertion,
    Assignment,
    Attachment,
    Charge,
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    ClaimValue,
    Code,
    CodedEncounter,
    CodeSystem,
    DateRange,
    Decision,
    Document,
    DocumentStatus,
    DrugCode,
    Encounter,
    Evidence,
    Fact,
    FactKind,
    Finding,
    LineAdjudication,
    Money,
    Occurrence,
    Override,
    PathwayStep,
    Patient,
    Payer,
    Poa,
    PriorAdjustment,
    Provider,
    ProviderRole,
    Query,
    RecordedCode,
    RecordedKind,
    Role,
    ServiceLine,
    Setting,
    Severity,
    Sex,
    Span,
    Status,
    Step,
    Subscriber,
)
from leadterm.domain import codes as shapes

# Characters of one, two, three and four bytes, combining marks, line ends of every kind, and whatever else there is.
HARD = "aZ 0.µéß‑“”中文\u0301\u200d\r\n\t\u2028\U0001f9ec\U0001f469\U00010348\ufeff\0"
characters = st.sampled_from(HARD) | st.characters(exclude_categories=("Cs",))
texts = st.text(characters, max_size=40)
words = st.text(characters, min_size=1, max_size=6)
said = words.filter(str.strip)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
zones = st.sampled_from([None, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=30))])
moments = st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31), timezones=zones)
money = st.integers(-(10**11), 10**11).map(lambda cents: Money(Decimal(cents).scaleb(-2)))
units = st.integers(1, 10**7).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
pointers = st.lists(st.integers(1, 12), max_size=4).map(tuple)
modifiers = st.lists(st.from_regex(r"[A-Z0-9]{2}", fullmatch=True), max_size=4).map(tuple)
tuples_of_words = st.lists(words, max_size=2).map(tuple)
scalars = st.none() | st.booleans() | st.integers(-5, 5) | words
given_objects = st.dictionaries(
    words.filter(lambda key: key != "amount"), scalars | st.lists(scalars, max_size=2), max_size=2
)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`values`, or None."""
    return st.none() | values


def few(values: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """Tuples of up to `most` of `values`."""
    return st.lists(values, max_size=most).map(tuple)


def codes(*systems: CodeSystem) -> st.SearchStrategy[Code]:
    """Codes of the shape of one of `systems`, of any system when none is named."""
    return st.sampled_from(systems or tuple(CodeSystem)).flatmap(
        lambda system: st.from_regex(shapes.SHAPES[system], fullmatch=True).map(lambda value: Code(system, value))
    )


diagnosis_codes = codes(CodeSystem.ICD10CM)
service_codes = codes(CodeSystem.CPT, CodeSystem.HCPCS)
value_codes = few(st.fixed_dictionaries({"code": words}, optional={"amount": money.map(str) | st.integers(0, 99)}))
addresses = st.builds(Address, *[maybe(words)] * 6)
drugs = st.builds(DrugCode, words, maybe(units), maybe(words))
sexes = st.sampled_from(Sex)
patients = st.builds(
    Patient,
    id=maybe(words),
    sex=sexes,
    birth_date=maybe(days),
    age=maybe(st.integers(0, 130)),
    age_days=maybe(st.integers(0, 364)),
    birth_weight_g=maybe(st.integers(300, 6000)),
    first_name=maybe(words),
    middle_name=maybe(words),
    last_name=maybe(words),
    address=maybe(addresses),
    phone=maybe(words),
)
subscribers = st.builds(Subscriber, words, maybe(words), maybe(words), maybe(days), sexes, maybe(addresses))
signed = st.integers(-(10**7), 10**7).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
adjustments = few(st.builds(PriorAdjustment, words, words, money, maybe(signed)))
line_adjudications = st.builds(
    LineAdjudication,
    line=st.integers(1, 99),
    paid=money,
    code=maybe(service_codes),
    modifiers=modifiers,
    revenue_code=maybe(words),
    units=maybe(signed),
    adjustments=adjustments,
    date=maybe(days),
    remaining=maybe(money),
    bundled_into=maybe(st.integers(1, 99)),
    hipps=maybe(words),
)
adjudications = st.builds(
    Adjudication, money, adjustments, maybe(days), maybe(money), maybe(money), maybe(words), few(line_adjudications)
)
payers = st.builds(Payer, *[maybe(words)] * 5, subscribers, *[maybe(words)] * 5, adjudication=maybe(adjudications))


def providers(*roles: ProviderRole) -> st.SearchStrategy[Provider]:
    """Providers in one of `roles`, in any when none is named."""
    stated = [maybe(words)] * 6
    return st.builds(
        Provider, st.sampled_from(roles or list(ProviderRole)), *stated, maybe(addresses), maybe(words), maybe(words)
    )


def documents(document_id: str) -> st.SearchStrategy[Document]:
    """Documents of that id over any text."""
    return st.builds(
        Document,
        id=st.just(document_id),
        text=texts,
        type=maybe(words),
        author_role=maybe(words),
        author=maybe(words),
        service_time=maybe(moments),
        signed_time=maybe(moments),
        status=st.sampled_from(DocumentStatus),
        supersedes=maybe(words),
    )


charges = st.builds(
    Charge,
    code=service_codes,
    units=units,
    date=maybe(days),
    start=maybe(moments),
    end=maybe(moments),
    charge=maybe(money),
    revenue_code=maybe(words),
    modifiers=modifiers,
    pointers=pointers,
    provider=maybe(words),
    ndc=maybe(drugs),
)
stays = st.lists(days, min_size=2, max_size=2).map(sorted)


@st.composite
def moments_of_stay(draw: st.DrawFn) -> dict[str, date | None]:
    """Admission and discharge in their order, each a day, a moment or absent."""
    ends = dict(zip(("admission", "discharge"), draw(stays), strict=True))
    forms = st.sampled_from([lambda day: day, lambda day: datetime.combine(day, time(8, 30)), lambda day: None])
    return {name: draw(forms)(day) for name, day in ends.items()}


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    """Encounters with up to three documents and everything else, present or absent."""
    optional = (
        "encounter_class disposition admit_type admit_source place_of_service type_of_bill account clia referral "
        "frequency payer_control_number"
    )
    charts = tuple(draw(documents(f"d{n}")) for n in range(1, draw(st.integers(1, 4))))
    return Encounter(
        id=draw(words),
        setting=draw(st.sampled_from(Setting)),
        claim_type=draw(maybe(st.sampled_from(ClaimType))),
        date_of_service=draw(maybe(days)),
        patient=draw(patients),
        providers=draw(few(providers())),
        payers=draw(few(payers)),
        documents=charts,
        charges=draw(few(charges)),
        codes=draw(few(recorded_codes(charts))),
        condition_codes=draw(tuples_of_words),
        occurrences=draw(few(given_objects)),
        values=draw(value_codes),
        accident=draw(maybe(given_objects)),
        **draw(moments_of_stay()),
        **{name: draw(maybe(words)) for name in optional.split()},
    )


def evidence(charts: tuple[Document, ...]) -> st.SearchStrategy[Evidence]:
    """Quotations of a document that has text; of invented words where none has."""
    filled = [document for document in charts if document.text] or [Document("d0", "words of no chart")]

    @st.composite
    def quoted(draw: st.DrawFn) -> Evidence:
        document = draw(st.sampled_from(filled))
        start = draw(st.integers(0, len(document.text) - 1))
        quote = Evidence.quote(document, Span(start, draw(st.integers(start + 1, len(document.text)))))
        return Evidence(quote.document, quote.span, quote.text, draw(maybe(words)))

    return quoted()


def recorded_codes(charts: tuple[Document, ...]) -> st.SearchStrategy[RecordedCode]:
    """Codes that a record bears, with or without the words that it refers to."""
    kinds = maybe(st.sampled_from(RecordedKind))
    said = [maybe(words)] * 3
    return st.builds(
        RecordedCode, words, *said, kinds, maybe(days), maybe(evidence(charts)), maybe(words), maybe(words)
    )


def facts(charts: tuple[Document, ...]) -> st.SearchStrategy[Fact]:
    """Facts that stand in these documents."""
    quotes = evidence(charts)
    return st.builds(
        Fact,
        id=words,
        concept=words,
        kind=st.sampled_from(FactKind),
        assertion=st.sampled_from(Assertion),
        attributes=st.dictionaries(words, words, max_size=2),
        section=words,
        evidence=st.lists(quotes, min_size=1, max_size=2).map(tuple),
        cues=few(quotes),
        targets=tuples_of_words,
    )


def findings(charts: tuple[Document, ...] = ()) -> st.SearchStrategy[Finding]:
    """Findings, overridden or not."""
    return st.builds(
        Finding,
        id=words,
        rule=words,
        severity=st.sampled_from(Severity),
        message=words,
        fix=maybe(words),
        codes=tuples_of_words,
        assignments=tuples_of_words,
        source=maybe(words),
        evidence=few(evidence(charts)),
        location=maybe(given_objects),
        override=maybe(st.builds(Override, said, moments, said)),
    )


def assignments(charts: tuple[Document, ...]) -> st.SearchStrategy[Assignment]:
    """Assignments in any role, each with evidence and a pathway."""
    quotes = evidence(charts)
    steps = st.builds(PathwayStep, st.sampled_from(Step), words, maybe(words))
    return st.builds(
        Assignment,
        id=words,
        code=codes(),
        description=maybe(words),
        role=st.sampled_from(Role),
        sequence=st.integers(1, 99),
        confidence=st.floats(0, 1),
        evidence=st.lists(quotes, min_size=1, max_size=2).map(tuple),
        pathway=st.lists(steps, min_size=1, max_size=2).map(tuple),
        alternatives=few(st.builds(Alternative, words, words)),
        poa=maybe(st.sampled_from(Poa)),
        status=st.sampled_from(Status),
        decision=maybe(st.builds(Decision, words, moments, words, maybe(words))),
        units=maybe(units),
        modifiers=modifiers,
        pointers=pointers,
        service_date=maybe(days),
        provider=maybe(words),
        revenue_code=maybe(words),
        charge=maybe(money),
        ndc=maybe(drugs),
        facts=tuples_of_words,
    )


@st.composite
def coded_encounters(draw: st.DrawFn) -> CodedEncounter:
    """Whole answers, whose evidence quotes their own documents."""
    encounter = draw(encounters())
    charts = encounter.documents
    queries = st.builds(
        Query, words, words, words, tuples_of_words, tuples_of_words, tuples_of_words, few(evidence(charts))
    )
    return CodedEncounter(
        encounter=encounter,
        assignments=draw(few(assignments(charts))),
        findings=draw(few(findings(charts))),
        queries=draw(few(queries)),
        releases=draw(maybe(st.dictionaries(words, words, min_size=1, max_size=2))),
        engine_version=draw(texts),
        rules_digest=draw(texts),
        on=draw(maybe(days)),
        calibration=draw(maybe(words)),
        facts=draw(few(facts(charts))),
    )


@st.composite
def service_lines(draw: st.DrawFn, number: int) -> ServiceLine:
    """Service lines of that number, with a code or a revenue code."""
    start, end = draw(stays)
    code = draw(maybe(service_codes))
    return ServiceLine(
        number=number,
        code=code,
        units=draw(units),
        charge=draw(money),
        start=start,
        end=end,
        modifiers=draw(modifiers),
        pointers=draw(pointers),
        place_of_service=draw(maybe(words)),
        revenue_code=draw(words if code is None else maybe(words)),
        ndc=draw(maybe(drugs)),
        provider=draw(maybe(words)),
        unit=draw(words),
        noncovered=draw(maybe(money)),
        dated=draw(st.booleans()),
        **{name: draw(maybe(words)) for name in ("hipps", "description", "prior_authorization", "control_number")},
        **{name: draw(st.booleans()) for name in ("emergency", "epsdt", "family_planning")},
    )


def _frequencies(claim_type: ClaimType) -> st.SearchStrategy[str]:
    return st.sampled_from(["1", "7", "8"] if claim_type is ClaimType.PROFESSIONAL else ["0", "1", "2", "4", "7", "A"])


spans = stays.map(tuple)
occurrences = st.builds(
    lambda code, span, single: Occurrence(code, span[0], None if single else span[1]), said, spans, st.booleans()
)
statements = spans.map(lambda span: DateRange(*span))


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """Claims whose providers stand in the order of their roles, a second one of a role after all first ones."""
    roles = sorted(draw(st.sets(st.sampled_from(ProviderRole), max_size=3)), key=list(ProviderRole).index)
    named = tuple(draw(providers(role)) for role in roles)
    others = draw(few(providers(*roles))) if roles else ()
    optional = "payer_control_number place_of_service type_of_bill disposition admit_type admit_source "
    optional += "prior_authorization referral clia drg delay_reason special_program"
    claim_type = draw(st.sampled_from(ClaimType))
    return Claim(
        id=draw(st.from_regex(r"[!-~]([ -~]{0,36}[!-~])?", fullmatch=True)),
        claim_type=claim_type,
        patient=draw(patients),
        subscriber=draw(subscribers),
        payers=draw(few(payers)),
        providers=named + others,
        diagnoses=draw(
            few(
                st.builds(
                    ClaimDiagnosis,
                    codes(CodeSystem.ICD10CM, CodeSystem.ICD9CM),
                    st.sampled_from(Role),
                    maybe(st.sampled_from(Poa)),
                )
            )
        ),
        lines=tuple(draw(service_lines(n)) for n in range(1, draw(st.integers(1, 4)))),
        procedures=draw(few(st.builds(ClaimProcedure, codes(CodeSystem.ICD10PCS, CodeSystem.ICD9PROC), maybe(days)))),
        frequency=draw(_frequencies(claim_type)),
        accident=draw(maybe(given_objects)),
        accept_assignment=draw(st.booleans()),
        release=draw(st.booleans()),
        condition_codes=draw(tuples_of_words),
        occurrences=draw(few(occurrences)),
        values=draw(few(st.builds(ClaimValue, said, money))),
        attachments=draw(few(st.builds(Attachment, words, words, maybe(words)))),
        statement=draw(maybe(statements)),
        patient_paid=draw(maybe(money)),
        **draw(moments_of_stay()),
        **{name: draw(maybe(words)) for name in optional.split()},
    )
