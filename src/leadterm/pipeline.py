"""The way through the house: chart → facts → codes → findings → claim. The one place that knows the order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from leadterm import __version__, abstraction, claims, coding, edits, records
from leadterm._collector import held
from leadterm._kept import KEPT
from leadterm.codesets import CodeBook, open_book, phrasebook
from leadterm.codesets.relations.code_first import digest as code_first_digest
from leadterm.domain import (
    Claim,
    CodedEncounter,
    DataMissing,
    DateRange,
    Encounter,
    Finding,
    InForce,
    InputError,
    Money,
    RemittedClaim,
    RemittedLine,
    Status,
    parse_date,
    renumbered,
    sourced,
)
from leadterm.standards import edits_options
from leadterm.x12 import Readable

if TYPE_CHECKING:
    from leadterm.grouping import Drg, Hccs, StayPrice, WhyNot
    from leadterm.pricing import Prices, Terms
    from leadterm.review import Recoding

NOT_OF_IT = (
    "Not all of the late files bear the number of the coded encounter and its patient; where they are of it, say so "
    "with --together."
)
_HALF = re.compile("[\ud800-\udfff]")
# The components that coding and its edits ask; whatever else is installed answers questions of people alone.
CODED_WITH = frozenset(
    f"{system}:{component}"
    for system, components in {
        "icd10cm": ("tabular", "validity"),
        "icd10pcs": ("titles", "validity"),
        "msdrg": ("cc", "mcc", "weights"),
    }.items()
    for component in components
)

# The systems whose tables the edits of service lines ask.
JUDGES_CHARGES = frozenset({"ncci", "pfs", "opps", "coverage"})
UNKNOWN, FILING_MEDICAID = "unknown", "MC"
# What a claim says of lines that are not on it.
LEFT_OUT = "LEADTERM:lines/waiting"


class Profile(StrEnum):
    """What coding is for: codes by the guidelines, or every concept that is named (for evaluation alone)."""

    CODING = "coding"
    CONCEPTS = "concepts"


class Coder:
    """Codes encounters; made once, used for many charts (the dictionary is built for the first one).

    Attributes:
        book: The code sets.
        on: A controlling date that wins over the chart's own.
        strict: Whether a chart before the first release is refused (DataMissing) instead of warned about.
        profile: What for.
        policy: Which of the codes that are left to the facility it leaves out.
        options: How the edits judge (`edits_options`).
    """

    def __init__(
        self,
        book: CodeBook | None = None,
        on: date | str | None = None,
        *,
        strict: bool = False,
        profile: Profile = Profile.CODING,
        policy: coding.Policy | None = None,
        options: edits.Options | None = None,
    ) -> None:
        """Opens the code sets (compiling them on first use) unless `book` is given; `on` may be written in ISO."""
        self.book = book or open_book()
        self.on = parse_date(on, "date `on`") if isinstance(on, str) else on
        self.strict = strict
        self.profile = profile
        self.policy = policy or coding.Policy()
        self.options = options or edits_options()
        self._in_force: dict[date | None, InForce] = {}

    def facts(self, encounter: Encounter) -> CodedEncounter:
        """The encounter with its facts alone."""
        encounter = _whole_characters(encounter)
        facts = abstraction.abstract(encounter.documents, dictionary(self.book))
        return sourced(CodedEncounter(encounter, facts=facts))

    def code(self, encounter: Encounter) -> CodedEncounter:
        """The encounter with codes, findings, queries. Raises DataMissing where no release answers for its date."""
        # Nothing made here has cycles; the collector would walk over every table that is loaded.
        with held():
            return self._code(encounter)

    def _code(self, encounter: Encounter) -> CodedEncounter:
        encounter = records.settled(_whole_characters(encounter))
        dated = self._release(encounter)
        if self.profile is Profile.CONCEPTS:
            return self._concepts(encounter, dated)
        record = _standing(encounter)
        reading = abstraction.read(record.documents, dictionary(self.book))
        led = coding.recorded_leads(record, reading.facts, self.book, dated.on, reading.passages)
        assignments, notes, queries = coding.assign(
            record, reading.facts, self.book, dated.on, reading.sections, self.policy, reading.passages, led
        )
        coded = CodedEncounter(
            encounter,
            assignments,
            (),
            queries,
            _names(dated),
            __version__,
            f"sha256:{rules_digest()}",
            dated.on,
            None,
            (*reading.facts, *led.facts),
            led.told(assignments),
        )
        if coded.charges:
            coded = replace(coded, releases=_names_of_charges(dated))
        found = edits.check(coded, self.book, options=self.options)
        findings = renumbered((*dated.findings, *records.findings(encounter.notes), *found, *notes))
        asked = (*queries, *edits.queries(coded, self.book, options=self.options))
        numbered = tuple(replace(query, id=f"q{n}") for n, query in enumerate(asked, 1))
        return sourced(replace(coded, findings=findings, queries=numbered))

    def recode(
        self, before: CodedEncounter, late: Sequence[Encounter], *, together: bool = False
    ) -> tuple[CodedEncounter, Recoding]:
        """The encounter coded anew with records that came late, and what that changes; people's decisions are kept.

        Raises InputError where their numbers do not show that they are of this encounter; with `together` the caller
        says so. Raises DataMissing as `code` does.
        """
        whole = records.joined([before.encounter, *late], together=together)
        if len(whole) > 1:
            raise InputError(NOT_OF_IT)
        return self.renew(before, whole[0][1])

    def renew(self, before: CodedEncounter, encounter: Encounter) -> tuple[CodedEncounter, Recoding]:
        """The encounter as it stands now, coded anew, and what changed since it was coded before."""
        from leadterm import desk, review

        coded = sourced(self.code(encounter), before)
        if any(a.decision for a in before.assignments):
            coded = desk.recoded(before, coded)
        changed = review.recoding(before, coded)
        note = records.late(len(changed.late), len(changed.fallen), changed.reopened)
        return replace(coded, findings=renumbered((*coded.findings, *note))), changed

    def visits(self, encounter: Encounter) -> tuple[coding.Worksheet, ...]:
        """What an auditor writes down of each visit of an encounter; raises DataMissing as `code` does."""
        encounter = _standing(_whole_characters(encounter))
        dated = self._release(encounter)
        reading = abstraction.read(encounter.documents, dictionary(self.book))
        return coding.worksheets(encounter, reading.facts, self.book, dated.on, reading.sections, reading.passages)

    def _concepts(self, encounter: Encounter, dated: InForce) -> CodedEncounter:
        """Every mention as a code: no guideline, no edit, nothing for a claim."""
        record = _standing(encounter)
        reading = abstraction.read(record.documents, dictionary(self.book))
        coded = CodedEncounter(
            encounter,
            coding.assign_concepts(record, reading.facts, self.book, dated.on, reading.passages),
            releases=_names(dated),
            engine_version=__version__,
            rules_digest=f"sha256:{rules_digest()}",
            on=dated.on,
            facts=reading.facts,
        )
        return sourced(coded)

    def _release(self, encounter: Encounter) -> InForce:
        wanted = self.on or encounter.controlling_date
        if wanted not in self._in_force:
            by_flag = self.strict or self.on is not None
            self._in_force[wanted] = self.book.in_force(wanted, given_by_flag=by_flag)
        return self._in_force[wanted]


@lru_cache(maxsize=2)
def dictionary(book: CodeBook) -> abstraction.Dictionary:
    """The dictionary over the terms of a code book, which all its coders share.

    It takes seconds to make and is kept beside the stores, from where it is read in a fraction of one. The garbage
    collector is held meanwhile, and told afterwards that a hundred thousand strings stay.
    """
    terms = phrasebook.digest(book)
    KEPT.keep_in(book.folder, f"{terms} {coding.digest()}")
    path = book.folder / f"dictionary-{abstraction.image.digest(terms, abstraction.digest())}.bin"
    with held(keep=True):
        kept = abstraction.image.read(path)
        made = abstraction.Dictionary(() if kept else phrasebook.stream_terms(book), abstraction.vocabulary(), kept)
    if kept is None:
        abstraction.image.keep(path, made.image)
    return made


def _standing(encounter: Encounter) -> Encounter:
    """The encounter as its record stands: what was taken back or replaced says nothing that may be coded."""
    standing = encounter.standing
    return encounter if len(standing) == len(encounter.documents) else replace(encounter, documents=standing)


def _whole_characters(encounter: Encounter) -> Encounter:
    """The encounter with U+FFFD for halves of surrogate pairs (a text cut by a program that counts in UTF-16).

    They are no characters, and the dictionaries cannot take them; offsets stay what they are.
    """
    if not any(_HALF.search(d.text) for d in encounter.documents):
        return encounter
    mended = (replace(d, text=_HALF.sub("\ufffd", d.text), sha256="") for d in encounter.documents)
    return replace(encounter, documents=tuple(mended))


def _names(dated: InForce) -> Mapping[str, str]:
    return {r.name: r.period.start.isoformat() for r in dated.releases if r.name in CODED_WITH}


def _names_of_charges(dated: InForce) -> Mapping[str, str]:
    """The releases that charges are judged with, and the others."""
    judging = (r for r in dated.releases if r.system in JUDGES_CHARGES)
    return {**_names(dated), **{r.name: r.period.start.isoformat() for r in judging}}


@cache
def rules_digest() -> str:
    """One digest over all that decides codes and findings."""
    import hashlib

    digests = (abstraction.digest(), coding.digest(), edits.digest(), lexicon_digest(), code_first_digest())
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def lexicon_digest() -> str:
    """Digest of the lexicon that the dictionary was made from."""
    from leadterm.codesets import lexicon

    return lexicon.digest()


def build_claim(
    coded: CodedEncounter, book: CodeBook, claim_id: str | None = None, options: edits.Options | None = None
) -> tuple[Claim, tuple[Finding, ...]]:
    """The claim of a coded encounter and every finding on it.

    The codes are checked anew, since people accept, reject and add codes after the engine; overrides that the coded
    encounter bears are kept. Of what is no error only the lines are told that are not on the claim. Raises DataMissing
    where no release is installed for its date (contract: a claim is never built on a guess),
    InputError where the encounter cannot become this claim.
    """
    _must_be_covered(coded, book)
    claim = claims.build(coded, claim_id)
    # What is wrong with charges is told of the lines that they became.
    of_codes = (f for f in check_codes(coded, book, options) if not is_of_claims(f.rule))
    errors = (f for f in of_codes if f.stands or f.rule == LEFT_OUT)
    found = edits.check_claim(claim, book, codes=False, options=options or edits_options())
    return claim, renumbered((*errors, *found))


def check_posted(coded: CodedEncounter, book: CodeBook, options: edits.Options | None = None) -> tuple[Finding, ...]:
    """The findings on a coded encounter that is posted without a claim; raises DataMissing as `build_claim` does."""
    _must_be_covered(coded, book)
    return check_codes(coded, book, options)


def _must_be_covered(coded: CodedEncounter, book: CodeBook) -> None:
    """Raises DataMissing where no release is installed for the controlling date."""
    day = coded.encounter.controlling_date
    if day is None or not any(day in period for period in covered(book)):
        raise DataMissing(
            f"No ICD-10-CM release is installed for {day or 'a claim without a date'}: `leadterm codes status`."
        )


def with_facts(coded: CodedEncounter, book: CodeBook) -> CodedEncounter:
    """`coded` with its facts; read again from its documents where it was handed over without them."""
    if coded.facts or not coded.encounter.standing:
        return coded
    encounter = _standing(_whole_characters(coded.encounter))
    return replace(coded, facts=abstraction.abstract(encounter.documents, dictionary(book)))


def check_coded(coded: CodedEncounter, book: CodeBook, options: edits.Options | None = None) -> tuple[Finding, ...]:
    """What the edits find on a coded encounter, its facts read again where it has none."""
    return edits.check(with_facts(coded, book), book, options=options or edits_options())


def check_codes(coded: CodedEncounter, book: CodeBook, options: edits.Options | None = None) -> tuple[Finding, ...]:
    """The findings on a coded encounter as it stands now, after people accepted, rejected and added codes.

    Findings of other origin than the edits cannot be asked for again: they stand as they were written, until every
    code that they are about is rejected. So do those of a site's rules that are not among `options`.
    """
    standing = {a.id for a in coded.assignments if a.status is not Status.REJECTED}
    written = (f for f in coded.findings if _rule(f.rule, options) is None)
    kept = (f for f in written if not f.assignments or standing.intersection(f.assignments))
    return renumbered((*check_coded(coded, book, options), *kept))


def interchange(
    claim: Claim, control: int, at: datetime, submitter: str = "", receiver: str = "", *, production: bool = False
) -> bytes:
    """The 837P interchange of one claim, stamped with `at`; raises InputError for what such a file cannot carry."""
    envelope = claims.envelope_for(claim, control, at, submitter, receiver, production=production)
    return bytes(claims.write_837p([claim], envelope))


def read_claims(source: bytes | Readable | Iterable[bytes]) -> Iterator[claims.Part]:
    """The claims of an 837 in file order, each with its place and what is wrong with its form; see `claims.read_837`.

    Raises InputError, with its place, when the file is no X12, breaks off, or is of a version that is not read.
    """
    return claims.read_837(source)


def check_claim(claim: Claim, book: CodeBook, options: edits.Options | None = None) -> tuple[Finding, ...]:
    """Every finding on a claim."""
    return renumbered(edits.check_claim(claim, book, options=options or edits_options()))


def check_services(claim: Claim, book: CodeBook) -> tuple[Finding, ...]:
    """Every finding on the service lines of a claim, nothing else being asked of it (`claims.claim_of_services`)."""
    return edits.check_services(claim, book)


def pair_indicator(book: CodeBook, claim: RemittedClaim, line: RemittedLine, codes: Iterable[str]) -> str:
    """The modifier indicator of the NCCI edit behind a denied line, `unknown` where the installed tables have none.

    `codes`: what was billed that day. A line with a revenue code is a hospital's.
    """
    day = line.start or claim.start
    if day is None:
        return UNKNOWN
    medicaid = claim.filing == FILING_MEDICAID
    code = line.submitted_code or line.code
    found = edits.pair_of(book, code, codes, day, professional=not line.revenue_code, medicaid=medicaid)
    return UNKNOWN if found is None else str(found.modifier_indicator)


def covered(book: CodeBook) -> tuple[DateRange, ...]:
    """The days for which a tabular list is installed."""
    return tuple(r.period for r in book.releases() if r.name == "icd10cm:tabular")


def may_permit(rule: str, options: edits.Options | None = None) -> bool:
    """Whether a person may permit what that rule questions, with a reason; False for a rule that nobody knows.

    Of what the reading of a record told, a person may have looked into the record.
    """
    known = _rule(rule, options)
    return known.may_permit if known else rule in records.rules()


def _rule(rule: str, options: edits.Options | None) -> edits.Rule | None:
    """A rule of the edits or of the site."""
    return edits.rule(rule) or (options.site.rule(rule) if options and options.site else None)


def is_of_claims(rule: str) -> bool:
    """Whether the rule judges service lines, be they a claim's or the charges of a coding."""
    known = edits.rule(rule)
    return known is not None and known.on_claims


def authority(rule: str) -> str:
    """On whose authority a rule of coding or of the edits stands, with its reason; empty for one nobody knows."""
    guideline = coding.guideline_rules().get(rule)
    if guideline is not None:
        return f"{guideline.authority}: {guideline.reason}"
    edit = edits.rule(rule)
    return f"{edit.citation}: {edit.reason}" if edit else ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a coded encounter groups to and is worth.

    Attributes:
        drg: The MS-DRG of a facility's inpatient stay, or why there is none.
        hccs: What each model of risk adjustment makes of the diagnoses, or why there is nothing.
        services: The charges by the physician fee schedule.
        stay: The stay in dollars, or why not.
    """

    drg: Drg | WhyNot
    hccs: tuple[Hccs, ...] | WhyNot
    services: Prices
    stay: StayPrice | WhyNot


def worth(coded: CodedEncounter, book: CodeBook, base_rate: Money | None = None) -> Worth:
    """What the codes that are not rejected group to and are worth, on the dates of the encounter.

    `base_rate`: what the hospital is paid for a weight of one; without it a stay has a weight and no price.
    """
    from leadterm import grouping

    drg = grouping.drg_of(coded, book)
    return Worth(drg, grouping.hccs_of(coded), price(coded, book), grouping.stay_of(drg, base_rate))


def price(subject: CodedEncounter | Claim, book: CodeBook, terms: Terms | None = None) -> Prices:
    """What the Medicare physician fee schedule allows for a claim or for the charges of a coded encounter."""
    from leadterm import pricing

    return pricing.priced(subject, book, terms or pricing.Terms())
