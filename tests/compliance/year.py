"""A synthetic year of claims: many specialties, honest providers who differ, and patterns planted in a few.

Everybody is invented. What honest providers do differs between them (levels, rates, case mix, volume, months), with
heavier tails than a normal law; nothing here knows the thresholds of the signals. Codes are numbers alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    Money,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Subscriber,
)

FIRST, DAYS = date(2026, 1, 1), 365
CHARGE, ONE = Money(Decimal("100.00")), Decimal(1)
GRADES = ("faint", "plain", "marked", "extreme")
KINDS = (
    *("em-levels", "modifier-25", "modifier-59", "panel-parts", "billed-apart", "impossible-day", "long-days"),
    *("sudden-use", "drg-pairs", "only-assessed", "excluded-provider", "cloned-notes"),
)
# Conditions that the made-up model of risk adjustment counts, and others that it does not.
RISKS = (
    *(
        "E11.9",
        "E11.22",
        "I50.32",
        "J44.1",
        "N18.32",
        "I48.91",
        "F33.1",
        "M06.9",
        "I73.9",
        "G20.A1",
        "C50.911",
        "K70.30",
    ),
    *("D68.69", "E66.01", "I27.20", "F20.9"),
)
PLAIN = ("I10", "E78.5", "M54.50", "J06.9", "R05.9", "K21.9", "Z00.00", "M25.561", "L40.0", "H26.9")
RISK_CODES = frozenset(code.replace(".", "") for code in RISKS)


@dataclass(frozen=True, slots=True)
class Variant:
    """How much honest providers differ, and how much is planted.

    Attributes:
        claims: About how many.
        tilt, rate, volume, month: Standard deviations between honest providers: of the log odds of a higher level, of
            the log odds of a share, of the log volume, and of the log use of a code between months.
        planted: Providers with each pattern, in grades by turns.
        new: Share of providers who begin during the year.
        authors: Authors of notes.
    """

    seed: int
    claims: int = 206_000
    tilt: float = 0.25
    rate: float = 0.35
    volume: float = 0.45
    month: float = 0.3
    planted: int = 12
    new: float = 0.06
    authors: int = 150


FIRST_VARIANT = Variant(20261)
# Another seed and more heterogeneity between the honest; set down before it was ever judged.
FROZEN_VARIANT = Variant(77003, tilt=0.3, rate=0.4, volume=0.6, month=0.4, planted=16, new=0.1)

# Fewer claims for each, and honest providers who differ almost twice as much: where it ends.
ROUGH_VARIANT = Variant(99, claims=120_000, tilt=0.45, rate=0.6, volume=0.8, month=0.7, new=0.15, authors=60)


@dataclass(frozen=True, slots=True)
class Specialty:
    """What a specialty bills.

    Attributes:
        count: Providers; `weight` their claims beside others'; `load` claims on a day of work.
        visits: Share of claims with a visit; `family` its codes from the lowest level up, with their weights.
        procedures: Share of claims with a procedure; `codes` which; `with_visit` share of these with a visit and 25.
        second: Share of procedure claims with a second one that bears 59.
        pair: Two services that are mostly done together, and the share of claims with them; `together` how often.
        panels: Share of claims with a laboratory panel.
        assessments: Share of claims that are assessment visits.
        timed: Codes with 15-minute units, or by minutes.
        seasonal: A code used by all in autumn.
        own: Codes with rare use.
    """

    taxonomy: str
    count: int
    weight: float = 1.0
    load: float = 12
    visits: float = 0.8
    family: tuple[str, ...] = ("99212", "99213", "99214", "99215")
    weights: tuple[float, ...] = (0.08, 0.42, 0.42, 0.08)
    procedures: float = 0.1
    codes: tuple[str, ...] = ("20610", "11200", "17110", "69210", "10060")
    with_visit: float = 0.4
    second: float = 0.05
    pair: tuple[str, str] | None = None
    paired: float = 0.0
    together: float = 0.9
    panels: float = 0.0
    assessments: float = 0.0
    timed: tuple[tuple[str, int], ...] = ()
    seasonal: str | None = None
    own: tuple[str, ...] = ("93000", "94010", "92551")
    place: str = "11"


DERM = ("17000", "11102", "17110", "11900", "17311")
SPECIALTIES = (
    Specialty("207Q00000X", 70, 1.3, 18, panels=0.12, assessments=0.1, seasonal="90471"),
    Specialty(
        "207R00000X", 70, 1.3, 16, weights=(0.05, 0.33, 0.5, 0.12), panels=0.15, assessments=0.12, seasonal="90471"
    ),
    Specialty("208000000X", 30, 1.0, 20, weights=(0.1, 0.55, 0.32, 0.03), seasonal="90460", own=("96110", "94760")),
    Specialty("207RC0000X", 35, 1.0, 14, weights=(0.03, 0.2, 0.57, 0.2), pair=("93306", "93880"), paired=0.2),
    Specialty("207N00000X", 35, 1.1, 24, 0.75, procedures=0.5, codes=DERM, with_visit=0.55, second=0.25),
    Specialty("207X00000X", 35, 0.9, 16, procedures=0.3, codes=("20610", "20605", "29881", "27447"), second=0.12),
    Specialty(
        "207W00000X", 25, 1.0, 20, pair=("92134", "92083"), paired=0.35, procedures=0.15, codes=("66984", "67028")
    ),
    Specialty(
        *("207RG0100X", 30, 0.9, 12, 0.6),
        **{"procedures": 0.3, "codes": ("43239", "45380", "45385"), "with_visit": 0.08, "second": 0.15},  # type: ignore[arg-type]
    ),
    Specialty(
        "213E00000X", 30, 1.0, 16, 0.4, procedures=0.3, with_visit=0.3, second=0.3, pair=("11721", "11055"), paired=0.35
    ),
    Specialty("2084P0800X", 30, 0.9, 9, 0.75, timed=(("90833", 1), ("90836", 1)), procedures=0.0),
    Specialty("103TC0700X", 30, 0.9, 7, 0.0, procedures=0.0, timed=(("90834", 1), ("90837", 1), ("90832", 1))),
    Specialty("225100000X", 40, 1.2, 11, 0.0, procedures=0.0, timed=(("97110", 2), ("97140", 1), ("97530", 1))),
    Specialty(
        "207P00000X", 30, 1.1, 14, 1.0, ("99282", "99283", "99284", "99285"), (0.05, 0.25, 0.4, 0.3), 0.12, place="23"
    ),
    Specialty("208M00000X", 30, 1.1, 16, 1.0, ("99231", "99232", "99233"), (0.1, 0.65, 0.25), 0.0, place="21"),
    Specialty("207L00000X", 25, 0.7, 5, 0.0, procedures=0.0, timed=(("00840", 110), ("01402", 95)), place="22"),
    Specialty(
        "2085R0202X",
        25,
        1.0,
        30,
        0.0,
        procedures=0.0,
        own=("71046", "74177", "73721"),
        pair=("74177", "71260"),
        paired=0.3,
    ),
    Specialty("291U00000X", 30, 1.2, 40, 0.0, procedures=0.0, panels=0.9, own=("85025", "84443")),
    Specialty("363L00000X", 30, 0.6, 8, 0.1, procedures=0.0, assessments=0.85, place="12"),
)
HOSPITALS, STAYS = 35, 0.12
MOST_OF_LOAD = 1.6
DRGS = (("871", "872"), ("193", "195"), ("291", "292"), ("682", "683"), ("061", "069"), ("480", "481"), ("177", "195"))
PANELS = (
    ("80053", "82040 82247 82310 82374 82435 82565 82947 84075 84132 84155 84295 84450 84460 84520".split()),
    ("80061", "82465 83718 84478".split()),
    ("80048", "82310 82374 82435 82565 82947 84132 84295 84520".split()),
)
# Strength of each pattern by grade. Of shares and levels: standard deviations between honest providers, on the scale of
# log odds; `faint` is what an honest provider of a thousand does as well, and nobody is promised to be found so.
STRENGTH = {
    "em-levels": (3.0, 6.0, 9.0, 12.0),
    "modifier-25": (3.0, 6.0, 9.0, 12.0),
    "modifier-59": (3.0, 6.0, 9.0, 12.0),
    "billed-apart": (3.0, 6.0, 9.0, 12.0),
    "drg-pairs": (3.0, 6.0, 9.0, 12.0),
    "panel-parts": (0.05, 0.3, 0.6, 0.9),  # share of panels in parts, where honest ones have about 0.01
    "impossible-day": (24.1, 25.5, 30.0, 40.0),  # hours
    "long-days": (15.5, 16.5, 17.5, 19.0),  # hours, on eight days
    "sudden-use": (0.04, 0.2, 0.3, 0.45),  # share of claims with the code since the change
    "only-assessed": (0.3, 1.5, 2.5, 4.0),  # diagnoses added at an assessment
    "excluded-provider": (1.0, 1.0, 1.0, 1.0),
    "cloned-notes": (0.04, 0.15, 0.3, 0.6),  # share of notes
}
HOSTS: dict[str, Callable[[Specialty], bool]] = {
    "em-levels": lambda s: s.visits > 0.5,
    "modifier-25": lambda s: s.procedures >= 0.3 and s.visits >= 0.4,
    "modifier-59": lambda s: s.procedures >= 0.3,
    "panel-parts": lambda s: s.panels > 0.1,
    "billed-apart": lambda s: s.pair is not None,
    "impossible-day": lambda s: any(units < 10 for _, units in s.timed),
    "long-days": lambda s: s.taxonomy in ("207Q00000X", "207R00000X", "103TC0700X"),
    "sudden-use": lambda s: s.load < 30 and s.taxonomy != "291U00000X",
    "only-assessed": lambda s: s.assessments > 0.1,
    "excluded-provider": lambda s: True,
}


@dataclass(slots=True)
class Doctor:
    """A provider with habits; `kind` and `strength` of what is planted, if anything."""

    npi: str
    specialty: Specialty
    count: int
    days: list[int]
    weights: list[float]
    with_visit: float
    second: float
    apart: float
    parts: float
    panel: list[str]
    kind: str | None = None
    grade: int = 0
    change: int = 0
    extra: str = "95004"
    providers: tuple[Provider, ...] = field(default=())
    full: dict[int, int] = field(default_factory=dict)

    @property
    def strength(self) -> float:
        return STRENGTH[self.kind][self.grade] if self.kind else 0.0


class Year:
    """One year: `claims()` in no order of days, `planted` by kind and NPI with its grade, `excluded()` for the list."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.random = Random(variant.seed)
        self.planted: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        self.doctors = list(self._doctors())
        self._plant()
        self.conditions: dict[str, tuple[str, ...]] = {}
        self.hospitals: list[tuple[str, int]] = []

    # --- who there is ---

    def _doctors(self) -> Iterator[Doctor]:
        v, random = self.variant, self.random
        total = sum(s.count * s.weight for s in SPECIALTIES)
        average = math.exp(v.volume**2 / 2)
        number = 1_000_000_000
        for s in SPECIALTIES:
            for _ in range(s.count):
                number += random.randrange(7, 900)
                mean = v.claims * (1 - STAYS) * s.weight / total
                count = max(25, round(mean * math.exp(random.gauss(0, v.volume)) / average))
                yield self._doctor(str(number), s, count)

    def _doctor(self, npi: str, s: Specialty, count: int) -> Doctor:
        v, random = self.variant, self.random
        begun = random.randrange(60, 240) if random.random() < v.new else 0
        worked = max(8, round(count / (s.load * math.exp(random.gauss(0, 0.2)))))
        open_days = [d for d in range(begun, DAYS) if (FIRST + timedelta(d)).weekday() < 5 or s.place in ("21", "23")]
        days = sorted(random.sample(open_days, min(worked, len(open_days))))
        tilt = v.tilt * heavy(random)
        weights = [w * math.exp(tilt * level) for level, w in enumerate(s.weights)]
        panel = [f"{npi}-{n}" for n in range(max(10, count // 3))]
        return Doctor(
            *(npi, s, count, days, weights),
            *(self.around(s.with_visit), self.around(s.second), self.around(1 - s.together), self.around(0.01), panel),
            providers=(Provider(ProviderRole.BILLING, npi, s.taxonomy, name=f"PRACTICE {npi}"),),
        )

    def around(self, share: float) -> float:
        """A provider's own share around that of the specialty."""
        if share <= 0:
            return 0.0
        return shifted(share, self.variant.rate * heavy(self.random))

    def _plant(self) -> None:
        free = [d for d in self.doctors if d.count >= 120 and d.days[0] < 40]
        self.random.shuffle(free)
        for kind, fits in HOSTS.items():
            hosts = self._spread([d for d in free if d.kind is None and fits(d.specialty) and _busy(d, kind)])
            for n, doctor in enumerate(hosts):
                doctor.extra = f"95{n:03}"
                doctor.kind, doctor.grade = kind, n % len(GRADES)
                doctor.change = self.random.randrange(150, 260)
                self._habits(doctor)
                self.planted[kind][doctor.npi] = GRADES[doctor.grade]

    def _spread(self, free: list[Doctor]) -> list[Doctor]:
        """Those in whom a pattern is planted: at most a tenth of a specialty."""
        taken: Counter[str] = Counter()
        found = []
        for d in free:
            if taken[d.specialty.taxonomy] < d.specialty.count / 10 and len(found) < self.variant.planted:
                taken[d.specialty.taxonomy] += 1
                found.append(d)
        return found

    def _habits(self, d: Doctor) -> None:
        """The habits of one with a pattern."""
        s, k = d.specialty, d.strength
        if d.kind == "em-levels":
            d.weights = [w * math.exp(self.variant.tilt * k * level) for level, w in enumerate(s.weights)]
        elif d.kind == "modifier-25":
            d.with_visit = shifted(s.with_visit, self.variant.rate * k)
        elif d.kind == "modifier-59":
            d.second = shifted(s.second, self.variant.rate * k)
        elif d.kind == "billed-apart":
            d.apart = shifted(1 - s.together, self.variant.rate * k)
        elif d.kind == "panel-parts":
            d.parts = k

    # --- what they bill ---

    def claims(self) -> Iterator[Claim]:
        """Every claim of the year."""
        for doctor in self.doctors:
            yield from self._of(doctor)
        yield from self._stays()

    def _of(self, d: Doctor) -> Iterator[Claim]:
        s, random = d.specialty, self.random
        burst = {
            (d.npi, code): [math.exp(random.gauss(0, self.variant.month)) for _ in range(12)]
            for code in (*s.own, s.seasonal or "")
        }
        for n in range(d.count):
            day = self._day(d)
            patient = self._patient(d)
            lines: list[tuple[str, tuple[str, ...], int, str]] = []
            kinds = random.random()
            assessed = kinds < s.assessments
            if assessed:
                lines.append((("99345" if s.place == "12" else "G0439"), (), 1, "UN"))
            else:
                self._services(d, day, lines, burst)
            if d.kind == "sudden-use" and day >= d.change and random.random() < d.strength:
                lines.append((d.extra, (), 1, "UN"))
            if lines:
                yield self._claim(d, f"{d.npi[-7:]}N{n}", patient, day, lines, assessed)
        yield from self._second_visits(d)
        if d.kind in ("impossible-day", "long-days"):
            yield from self._long(d)

    def _services(self, d: Doctor, day: int, lines: list[tuple[str, tuple[str, ...], int, str]], burst: object) -> None:
        s, random = d.specialty, self.random
        procedure = random.random() < s.procedures
        if procedure:
            first = random.choice(s.codes)
            lines.append((first, (), 1, "UN"))
            if random.random() < d.second:
                lines.append(
                    (random.choice([c for c in s.codes if c != first]), (random.choice(("59", "XS")),), 1, "UN")
                )
        if random.random() < d.with_visit if procedure else random.random() < s.visits:
            level = random.choices(s.family, d.weights)[0]
            lines.insert(0, (level, ("25",) if procedure else (), 1, "UN"))
        for code, units in s.timed:
            if random.random() < 0.6:
                minutes = units >= 10
                directed = ("QK",) if minutes and random.random() < 0.5 else ()
                long = max(15, round(random.gauss(units, 25))) if minutes else units
                lines.append((code, directed, long, "MJ" if minutes else "UN"))
                if s.taxonomy != "225100000X":
                    break
        if s.panels and random.random() < s.panels:
            panel, parts = random.choice(PANELS)
            lines += [(c, (), 1, "UN") for c in (parts if random.random() < d.parts else [panel])]
        self._others(d, day, lines, burst)

    def _others(self, d: Doctor, day: int, lines: list[tuple[str, tuple[str, ...], int, str]], burst: object) -> None:
        s, random = d.specialty, self.random
        assert isinstance(burst, dict)
        month = min(11, day * 12 // DAYS)
        base = 0.5 if s.visits + s.panels + s.paired + len(s.timed) == s.paired else 0.04
        for code in s.own:
            if random.random() < base * burst[d.npi, code][month]:
                lines.append((code, (), 1, "UN"))
        if s.seasonal and month in (8, 9, 10) and random.random() < 0.3 * burst[d.npi, s.seasonal][month]:
            lines.append((s.seasonal, (), 1, "UN"))
        if month >= 6 and s.visits > 0.3 and random.random() < 0.1:
            lines.append(("G2211", (), 1, "UN"))  # came into force for everybody in July

    def _second_visits(self, d: Doctor) -> Iterator[Claim]:
        """Pairs of services: on one claim, or on two within a few days."""
        s, random = d.specialty, self.random
        if s.pair is None:
            return
        for n in range(round(d.count * s.paired)):
            day, patient = random.choice(d.days), random.choice(d.panel)
            one, other = ((code, (), 1, "UN") for code in s.pair)
            if random.random() < d.apart:
                yield self._claim(d, f"{d.npi[-7:]}P{n}", patient, day, [one])
                yield self._claim(d, f"{d.npi[-7:]}Q{n}", patient, min(DAYS - 1, day + random.randrange(1, 6)), [other])
            else:
                yield self._claim(d, f"{d.npi[-7:]}P{n}", patient, day, [one, other])

    def _long(self, d: Doctor) -> Iterator[Claim]:
        """Claims that fill some days up to so many hours."""
        s, random = d.specialty, self.random
        impossible = d.kind == "impossible-day"
        codes = [c for c, u in s.timed if u < 10] or ["99214"]
        code = max(codes)
        each = {"90837": 53, "97530": 8, "90836": 38, "99214": 30}[code]
        free = [day for day in range(DAYS) if day not in d.full]
        for n, day in enumerate(random.sample(free, random.randrange(1, 3) if impossible else 8)):
            for m in range(math.ceil(d.strength * 60 / each)):
                yield self._claim(d, f"{d.npi[-7:]}L{n}X{m}", random.choice(d.panel), day, [(code, (), 1, "UN")])

    # --- days, patients and stays ---

    def _day(self, d: Doctor) -> int:
        """A day of work that is not full: nobody honest sees twice as many as on other days."""
        day = self.random.choice(d.days)
        most = MOST_OF_LOAD * d.count / len(d.days)
        for _ in range(20):
            if d.full.get(day, 0) < most:
                break
            day = self.random.choice(d.days)
        d.full[day] = d.full.get(day, 0) + 1
        return day

    def _patient(self, d: Doctor) -> str:
        random = self.random
        if d.specialty.taxonomy == "363L00000X" and random.random() < 0.8:
            other = random.choice(self.doctors[:140])  # of family and internal medicine
            return random.choice(other.panel)
        return random.choice(d.panel)

    def _conditions(self, patient: str) -> tuple[str, ...]:
        found = self.conditions.get(patient)
        if found is None:
            found = self.conditions[patient] = tuple(self.random.sample(RISKS, self.random.choice((0, 0, 1, 1, 2, 3))))
        return found

    def _claim(
        self,
        d: Doctor,
        number: str,
        patient: str,
        day: int,
        lines: Sequence[tuple[str, tuple[str, ...], int, str]],
        assessed: bool = False,
    ) -> Claim:
        random, on = self.random, FIRST + timedelta(day)
        codes = [c for c in self._conditions(patient) if random.random() < (0.9 if assessed else 0.65)]
        if d.kind == "only-assessed" and assessed:
            wanted = int(d.strength) + (random.random() < d.strength % 1)
            codes += random.sample([c for c in RISKS if c not in codes], wanted)
        diagnoses = [*codes, random.choice(PLAIN)]
        return Claim(
            *(number, ClaimType.PROFESSIONAL, Patient(id=patient), Subscriber(), PAYERS, d.providers),
            tuple(ClaimDiagnosis(icd(c), Role.SECONDARY if n else Role.FIRST_LISTED) for n, c in enumerate(diagnoses)),
            tuple(
                ServiceLine(
                    n, service(c), ONE if units == 1 else Decimal(units), CHARGE, on, on, modifiers, (1,), unit=unit
                )
                for n, (c, modifiers, units, unit) in enumerate(lines, 1)
            ),
            place_of_service=d.specialty.place,
        )

    def _stays(self) -> Iterator[Claim]:
        v, random = self.variant, self.random
        each = v.claims * STAYS / HOSPITALS
        hosts = random.sample(range(HOSPITALS), v.planted)
        for h in range(HOSPITALS):
            npi = f"19{h:08}"
            count = round(each * math.exp(random.gauss(0, v.volume)) / math.exp(v.volume**2 / 2))
            shares = [self.around(0.45) for _ in DRGS]
            short = self.around(0.15)
            if h in hosts:
                grade = hosts.index(h) % len(GRADES)
                target = random.randrange(len(DRGS) - 1)
                shares[target] = shifted(0.45, v.rate * STRENGTH["drg-pairs"][grade])
                self.planted["drg-pairs"][npi] = GRADES[grade]
            by = (Provider(ProviderRole.BILLING, npi, "282N00000X", name=f"HOSPITAL {h}"),)
            for n in range(max(count, 500 if h in hosts else 0)):
                which = random.randrange(len(DRGS))
                drg = DRGS[which][random.random() >= shares[which]]
                yield self._stay(by, f"{npi[-8:]}S{n}", drg, 1 if random.random() < short else random.randrange(2, 12))

    def _stay(self, by: tuple[Provider, ...], number: str, drg: str, nights: int) -> Claim:
        start = FIRST + timedelta(self.random.randrange(DAYS - 12))
        end = start + timedelta(nights)
        line = ServiceLine(1, None, Decimal(nights), CHARGE, start, end, revenue_code="0120")
        return Claim(
            *(number, ClaimType.INSTITUTIONAL, Patient(id=number), Subscriber(), PAYERS, by),
            (ClaimDiagnosis(icd("A41.9"), Role.PRINCIPAL),),
            (line,),
            **{"type_of_bill": "0111", "admission": start, "discharge": end, "disposition": "01", "drg": drg},  # type: ignore[arg-type]
        )

    def excluded(self) -> list[tuple[str, date, date | None]]:
        """NPIs of the list with the day of exclusion and of reinstatement.

        Those planted, honest ones whose exclusion begins later or ended before, and others who bill nothing.
        """
        random = Random(self.variant.seed + 1)
        rows: list[tuple[str, date, date | None]] = [
            (n, date(2020, 5, 1), None) for n in self.planted["excluded-provider"]
        ]
        honest = random.sample([d.npi for d in self.doctors if d.kind is None], 40)
        rows += [(n, date(2027, 1, 1), None) for n in honest[:20]]
        rows += [(n, date(2015, 1, 1), date(2019, 1, 1)) for n in honest[20:]]
        return rows + [(f"18{n:08}", date(2016, 7, 1), None) for n in range(500)]


def shifted(share: float, odds: float) -> float:
    """A share whose log odds are moved."""
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + odds)))


def heavy(random: Random) -> float:
    """Student's t with six degrees of freedom, of variance 1: honest providers have heavier tails than a normal law."""
    chi = sum(random.gauss(0, 1) ** 2 for _ in range(6))
    return random.gauss(0, 1) / math.sqrt(chi / 6) * math.sqrt(4 / 6)


def _busy(d: Doctor, kind: str) -> bool:
    return len(d.days) >= 14 if kind == "long-days" else d.count >= (300 if kind == "sudden-use" else 200)


PAYERS = (Payer("05102", "MEDICARE", "medicare"),)


_SERVICES: dict[str, Code] = {}
_DIAGNOSES: dict[str, Code] = {}


def service(code: str) -> Code:
    return _SERVICES.setdefault(code, Code(CodeSystem.CPT if code[0].isdigit() else CodeSystem.HCPCS, code))


def icd(code: str) -> Code:
    return _DIAGNOSES.setdefault(code, Code(CodeSystem.ICD10CM, code))
