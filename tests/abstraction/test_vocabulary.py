"""The vocabulary of drugs, procedures, devices and findings: well formed, reachable, no disease in it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from leadterm import pipeline
from leadterm.abstraction import _tables, _vocabulary
from leadterm.abstraction._vocabulary import TABLES, Entry, classes, load
from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.naming.mentions import Dictionary, Mention
from leadterm.codesets import CodeBook, lexicon
from leadterm.codesets.phrasebook import load_terms
from leadterm.codesets.terms import Term
from leadterm.codesets.wording import phrase
from leadterm.domain import FactKind, InternalError, Step

FOLDER = files("leadterm.abstraction") / "vocabulary"
LEAST = {"drugs": 1200, "procedures": 700, "devices": 150, "findings": 1500, "births": 500}
KINDS = {
    "drugs": {FactKind.DRUG},
    "procedures": {FactKind.PROCEDURE},
    "devices": {FactKind.DEVICE},
    "findings": {FactKind.FINDING, FactKind.CONDITION},
    "births": {FactKind.FINDING, FactKind.PROCEDURE},
}
HEADER = "surface\tconcept\tkind\tclass\tcontext\n"


@pytest.fixture(scope="session")
def notes(shared: Path) -> list[str]:
    """The notes of ACI-Bench."""
    lines = (shared / "benchmarks" / "aci-bench" / "notes.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@cache
def dictionary() -> Dictionary:
    """All entries as terms without a code."""
    return Dictionary(
        Term(
            phrase(e.surface),
            f"{e.concept} ({e.class_})",
            "",
            Step.LEXICON,
            e.surface if e.exact else None,
            e.needs,
            e.vetoes,
            e.within,
            e.outside,
        )
        for e in load()
    )


def find(text: str, section: str = "unknown") -> list[Mention]:
    return dictionary().find(fold(text), text, [(0, len(text), section)])


def said(text: str, section: str = "unknown") -> list[str]:
    return [m.terms[0].concept for m in find(text, section)]


def by_phrase(table: str | None = None) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in load(table):
        found.setdefault(phrase(entry.surface), []).append(entry)
    return found


def plain(entry: Entry) -> bool:
    return not (entry.exact or entry.needs or entry.vetoes or entry.within or entry.outside)


@pytest.mark.parametrize("table", TABLES)
class TestTable:
    def test_it_says_version_source_and_licence(self, table: str) -> None:
        head = " ".join((FOLDER / f"{table}.tsv").read_text("utf-8").splitlines()[:4])
        assert all(word in head for word in ("version", "source", "licence Apache-2.0"))

    def test_it_is_as_large_as_a_chart_needs(self, table: str) -> None:
        assert len(load(table)) >= LEAST[table]

    def test_its_entries_are_of_its_kind(self, table: str) -> None:
        assert {e.kind for e in load(table)} == KINDS[table]

    def test_every_cell_is_trimmed_and_said(self, table: str) -> None:
        cells = [cell for e in load(table) for cell in (e.surface, e.concept, e.class_)]
        assert [cell for cell in cells if not cell or cell != " ".join(cell.split())] == []

    def test_no_entry_is_said_twice_in_other_spelling(self, table: str) -> None:
        keys = [(phrase(e.surface), e.exact and e.surface, e.needs, e.vetoes, e.within, e.outside) for e in load(table)]
        assert len(set(keys)) == len(keys)

    def test_no_reading_stands_behind_one_that_always_holds(self, table: str) -> None:
        hidden = [es for es in by_phrase(table).values() if any(plain(e) for e in es[:-1])]
        assert [[e.surface for e in es] for es in hidden] == []


class TestReach:
    def test_every_surface_is_found_whole_where_its_context_stands(self) -> None:
        lost = []
        for e in load():
            text = " ; ".join([e.surface, *sorted(e.needs)[:1]])
            first = next(iter(find(text, min(e.within, default="unknown"))), None)
            if first is None or (first.start, first.end) != (0, len(e.surface.rstrip(" .%"))):
                lost.append(e.surface)
        assert lost == []

    @pytest.mark.parametrize(
        ("text", "concept"),
        [
            ("Lantus 20 units at bedtime", "insulin glargine (insulin)"),
            ("taking Eliquis 5 mg twice daily", "apixaban (anticoagulant)"),
            ("fluticasone inhaler two puffs", "fluticasone (inhaled steroid)"),
            ("fluticasone one spray each nostril", "fluticasone (nasal steroid)"),
            ("prednisolone eye drops", "prednisolone (eye drop)"),
            ("methadone clinic", "methadone (opioid dependence therapy)"),
            ("methadone 10 mg for back pain", "methadone (opioid analgesic)"),
            ("s/p lap chole in 2015", "cholecystectomy (operation)"),
            ("CT A/P without contrast", "ct of abdomen and pelvis (imaging)"),
            ("LP performed, CSF clear", "lumbar puncture (operation)"),
            ("hand x-ray", "hand x ray (imaging)"),
            ("x-rays of the right hand", "hand x ray (imaging)"),
            ("started tube feeds", "enteral feeding (therapy)"),
            ("Foley in place", "indwelling urinary catheter (tube or drain)"),
            ("on 2 L NC, sat 95%", "nasal cannula (respiratory device)"),
            ("blood culture grew E. coli", "blood culture (test)"),
            ("DES to LAD", "percutaneous coronary intervention (operation)"),
        ],
    )
    def test_a_clinicians_word_is_its_plain_name(self, text: str, concept: str) -> None:
        assert concept in said(text)

    @pytest.mark.parametrize(
        ("text", "concept"),
        [
            ("insulin resistance", "insulin"),
            ("steroid-induced hyperglycemia", "corticosteroid"),
            ("Lungs CTA bilaterally", "ct angiography"),
            ("ST elevation in leads II, III, aVF", "arteriovenous fistula for dialysis"),
            ("Mr. Walker returns", "walker"),
            ("granular cast in the urine", "orthopedic cast"),
            ("PT reports no pain", "physical therapy"),
            ("vancomycin resistant enterococcus", "vancomycin"),
            ("hospitalized for PD, Parkinson tremor", "peritoneal dialysis"),
            ("GBS with ascending weakness", "streptococcus agalactiae"),
        ],
    )
    def test_the_same_letters_in_another_sense_are_not_it(self, text: str, concept: str) -> None:
        assert [c for c in said(text) if c.startswith(f"{concept} (")] == []

    def test_a_bare_element_is_a_drug_only_among_the_medications(self) -> None:
        assert said("calcium", "medications") == ["calcium (vitamin)"]
        assert said("calcium 9.2", "results") == []

    @pytest.mark.parametrize(
        "word", "patch vent line balance port iron potassium calcium magnesium boot cast sling radiation access".split()
    )
    def test_everyday_words_are_no_entry_by_themselves(self, word: str) -> None:
        assert [e for e in by_phrase().get(word, []) if plain(e)] == []


class TestBesideTheCodes:
    def test_no_surface_is_a_title_or_inclusion_term_of_a_disease(self, book: CodeBook) -> None:
        known = by_phrase("drugs") | by_phrase("procedures") | by_phrase("devices")
        own = {p for p, entries in known.items() if any(not (e.exact or e.needs) for e in entries)}
        assert sorted({p for p, _ in _diseases(book)} & own) == []

    def test_no_surface_is_a_plain_disease_of_the_lexicon(self) -> None:
        own = {p for table in ("drugs", "procedures", "devices") for p, es in by_phrase(table).items() if plain(es[0])}
        plainly = {phrase(s.surface): s.code for s in lexicon.load() if not (s.exact or s.needs)}
        assert {p: plainly[p] for p in own if p in plainly and _is_disease(plainly[p])} == {}

    def test_every_drug_of_the_lexicon_is_here_with_the_class_of_its_code(self) -> None:
        own = by_phrase("drugs")
        rows = [s for s in lexicon.load() if s.code.startswith("Z79") and _is_drug_row(s)]
        assert len(rows) > 300
        wrong = [
            (s.surface, s.code)
            for s in rows
            if s.code not in {classes()[e.class_].status for e in own.get(phrase(s.surface), [])}
        ]
        assert wrong == []

    def test_no_longer_name_of_a_drug_hides_its_coded_one(self) -> None:
        """ "Naproxen sodium" would take the place of "naproxen", which leads to Z79.1."""
        coded = {phrase(s.surface): s for s in lexicon.load() if s.code.startswith("Z79") and not s.exact}
        hiding = []
        for p, entries in by_phrase("drugs").items():
            words = p.split()
            inner = (" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1))
            for s in (coded[i] for i in inner if i in coded and p not in coded):
                held = (not s.needs or not s.needs.isdisjoint(words)) and s.vetoes.isdisjoint(words)
                local = re.search(r"\b(topical|cream|patch|gel|iv|drip|infusion|gtt|taper|maintenance)\b", p)
                if held and not local and s.code == classes()[entries[0].class_].status:
                    hiding.append((p, s.surface))
        assert hiding == []


# What clinicians write, set down before the table of findings was: signs, symptoms, images, tissue, wounds, heads.
SAID = """
comminuted fracture, fracture, abscess, pleural effusion, effusion, metastasis, mass, lesion, contractions,
intercostal retractions, jugular venous distension, JVD, clonus, free air, biliary dilatation,
pericholecystic fluid, lymphovascular invasion, joint line tenderness, giving way, visual changes,
racing thoughts, grandiosity, loosening of associations, purulence, undermining, maceration, decelerations,
loose body, nerve palsy, surgical site infection, stress ulcer, pneumonitis, uterine rupture, organomegaly,
rebound, guarding, murmur, gallop, rales, rhonchi, clubbing, cyanosis, rigidity, rebound tenderness,
pitting edema, wheezing, crackles, tactile fremitus, egophony, accessory muscle use, nasal flaring, grunting,
carotid bruit, S3, displaced PMI, hepatojugular reflux, capillary refill, Murphy sign,
McBurney point tenderness, psoas sign, Rovsing sign, fluid wave, shifting dullness, spider angiomata,
caput medusae, asterixis, CVA tenderness, Lachman, anterior drawer, McMurray, Spurling, straight leg raise,
Phalen, Tinel, Hawkins, Neer, empty can, crepitus, antalgic gait, foot drop, pronator drift, Babinski, Romberg,
dysmetria, nystagmus, facial droop, hyperreflexia, cogwheel rigidity, resting tremor, pinpoint pupils, APD,
papilledema, scleral icterus, conjunctival pallor, bulging tympanic membrane, tonsillar exudate,
uvular deviation, cervical motion tenderness, adnexal tenderness, adnexal mass, cervical dilation,
late decelerations, fundal tenderness, vaginal bleeding, loss of fluid, meconium stained fluid,
flight of ideas, pressured speech, flat affect, psychomotor agitation, tangential, auditory hallucinations,
poor insight, anhedonia, decreased appetite, night sweats, chills, malaise, hot flashes, dizziness,
lightheadedness, numbness, tingling, saddle anesthesia, bowel incontinence, burning with urination,
urinary hesitancy, weak stream, dribbling, constipation, bloating, heartburn, black stools, blood in stool,
coughing up blood, PND, orthopnea, palpitations, passing out, ringing in ears, popping, instability, stiffness,
pulmonary nodule, ground glass opacities, air bronchograms, consolidation, midline shift, hydronephrosis,
fat stranding, bowel wall thickening, air-fluid levels, pneumatosis, free fluid, joint space narrowing,
osteophytes, disc bulge, foraminal narrowing, marrow edema, regional wall motion abnormality, vegetations,
pericardial effusion, ST depression, T wave inversions, positive margins, perineural invasion,
extracapsular extension, high grade dysplasia, mitotic figures, lymph node involvement, granulation tissue,
slough, eschar, tunneling, serosanguinous drainage, dehiscence, periwound erythema, foul odor,
hypotension requiring pressors, ventilator dyssynchrony, mottling, delirium, weaning failure, fluid overload,
bulging fontanelle, poor feeding, apnea of prematurity, ligamentous laxity, tumor, stenosis, thrombosis,
recurrence, perforation, ischemia, infarction, withdrawal, inflammation, infection, hernia, nodule, polyp,
rash, itching, petechiae, ecchymosis, swelling, erythema, warmth, induration, fluctuance, lymphadenopathy,
thyromegaly, nuchal rigidity, meningismus, pallor, diaphoresis, acute distress
"""


class TestFindings:
    """The findings beside the codes: with the dictionary as charts are read with it."""

    def find(self, book: CodeBook, text: str, section: str = "exam") -> list[tuple[str, str]]:
        found = pipeline.dictionary(book).find(fold(text), text, [(0, len(text), section)])
        return [(text[m.start : m.end], m.terms[0].code) for m in found]

    def test_what_clinicians_write_is_found(self, book: CodeBook) -> None:
        said = [" ".join(phrase.split()) for phrase in SAID.split(",")]
        lost = [words for words in said if not self.find(book, words)]
        assert len(said) > 200
        assert len(lost) <= len(said) * 0.05, lost

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("JVD to the angle of the jaw", "JVD"),
            ("no murmurs, rubs or gallops", "rubs"),
            ("knee pain with locking", "locking"),
            ("abdomen soft, no rebound or guarding", "rebound or guarding"),
            ("wound with undermining at 3 o'clock", "undermining"),
            ("PERRL, no APD", "APD"),
            ("thick gray discharge from the wound", "discharge"),
            ("denies SI and HI", "HI"),
            ("incision with warmth and purulence", "warmth"),
        ],
    )
    def test_a_word_in_its_sense_is_one(self, book: CodeBook, text: str, found: str) -> None:
        assert found in [words for words, _ in self.find(book, text)]

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("discharge home in the morning", "discharge"),
            ("hospital discharge summary", "discharge"),
            ("referred to pain management clinic", "pain"),
            ("he is locking his door at night", "locking"),
            ("exercise capacity of 7 METs", "METs"),
            ("allergies in the fall season", "fall"),
            ("taken to the trauma center", "trauma"),
            ("left hip injection", "injection"),
            ("reaching overhead and grasping", "reaching"),
            ("he runs every morning", "runs"),
            ("SI joint injection", "SI"),
            ("consolidation chemotherapy cycle 2", "consolidation"),
        ],
    )
    def test_the_same_word_in_another_sense_is_none(self, book: CodeBook, text: str, word: str) -> None:
        assert word not in [words for words, _ in self.find(book, text)]

    @pytest.mark.parametrize(
        "word", "normal stable change test scan left block rub thrill locking discharge catching urgency flare".split()
    )
    def test_a_word_of_many_senses_is_none_by_itself(self, word: str) -> None:
        assert [e for e in by_phrase("findings").get(word, []) if plain(e)] == []

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("fracture of the distal radius", "S52"),
            ("chest wall pain", "R07"),
            ("elevated blood pressure", "R03"),
            ("abscess of the lung", "J85"),
            ("severe shortness of breath", "R06"),
            ("metastasis to the liver", "C78"),
            ("stage 3 chronic kidney disease", "N18"),
            ("peptic ulcer", "K27"),
        ],
    )
    def test_a_coded_condition_keeps_its_code(self, book: CodeBook, text: str, code: str) -> None:
        assert any(c.startswith(code) for _, c in self.find(book, text, "assessment"))

    def test_no_finding_is_the_title_of_a_disease(self, book: CodeBook) -> None:
        """A phrase that opens a code for itself is a term of the code sets; the heads are there in `generic.txt`."""
        own = {p for p, entries in by_phrase("findings").items() if plain(entries[0])}
        coded = {t.phrase: t.code for t in load_terms(book) if t.plain}
        assert {p: coded[p] for p in own if p in coded} == {}

    def test_reading_the_table_takes_no_time(self) -> None:
        text = (FOLDER / "findings.tsv").read_text("utf-8")
        start = time.process_time()
        _vocabulary._entries("findings", text)
        assert time.process_time() - start < 0.25


class TestClasses:
    def test_every_class_has_entries(self) -> None:
        assert {e.class_ for e in load()} == set(classes())

    def test_a_status_is_a_category_of_long_term_use(self, book: CodeBook) -> None:
        said = {c.status for c in classes().values() if c.status}
        assert [s for s in said if not s.startswith("Z79") or book.node(s) is None] == []

    def test_only_drugs_have_a_status(self) -> None:
        assert {c.kind for c in classes().values() if c.status} == {FactKind.DRUG}


class TestLoader:
    def test_all_is_the_tables_one_after_another(self) -> None:
        assert load() == tuple(e for table in TABLES for e in load(table))

    def test_it_refuses_a_table_that_there_is_not(self) -> None:
        with pytest.raises(InternalError, match="no vocabulary table rocks"):
            load("rocks")

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("surface\tconcept\n", "does not have the columns"),
            (f"{HEADER}aspirin\taspirin\tdrug\taspirin\n", "does not have 5 fields"),
            (f"{HEADER}aspirin\taspirin\tmineral\taspirin\t\n", "unknown kind and class"),
            (f"{HEADER}aspirin\taspirin\tdrug\tsweets\t\n", "unknown kind and class"),
            (f"{HEADER}aspirin\taspirin\tdevice\taspirin\t\n", "unknown kind and class"),
            (HEADER + "aspirin\taspirin\tdrug\taspirin\t\n" * 2, "twice"),
        ],
    )
    def test_it_refuses_what_it_does_not_know(self, text: str, sentence: str) -> None:
        with pytest.raises(InternalError, match=sentence):
            _vocabulary._entries("drugs", text)

    def test_a_context_is_what_must_and_must_not_stand(self) -> None:
        (entry,) = _vocabulary._entries("drugs", f"{HEADER}asa\taspirin\tdrug\taspirin\tdaily !allergy @medications\n")
        assert (entry.needs, entry.vetoes, entry.within) == ({"daily"}, {"allergy"}, {"medications"})

    def test_every_table_of_every_room_is_in_the_digest(self) -> None:
        root = files("leadterm.abstraction")
        found = [table.name for table in _tables.all_tables(root)]
        assert {"cues.tsv", "sections.tsv", "measures.tsv", "drugs.tsv", "not_typos.txt", "speakers.tsv"} <= set(found)
        assert re.fullmatch("[0-9a-f]{64}", _tables.digest())


@pytest.mark.shared
class TestRealNotes:
    DOSE = re.compile(r"(?i)\b([a-z][a-z'-]{3,}),? \d[\d,.]* ?(?:mg|mcg|milligrams|units)\b")
    PROCEDURE = re.compile(
        r"(?i)\b[a-z]+(?:ectomy|oscopy|plasty|ostomy|ography|ogram|centesis)\b"
        r"|\b(?:MRI|CT|x-rays?|ultrasound|EKG|echo|biopsy|dialysis|transfusion)\b"
    )
    # Words before a number with a unit that are no drug.
    OTHER = re.compile(r"(?i)take|taking|taken|took|dose|tablet|cholesterol|hdl|ldl|triglycerides|elevat\w+|to|was|and")

    def test_the_words_that_have_a_dose_are_drugs(self, notes: list[str]) -> None:
        assert _share(notes, self.DOSE, self.OTHER) >= 0.9

    def test_the_words_that_end_as_procedures_do_are_procedures(self, notes: list[str]) -> None:
        assert _share(notes, self.PROCEDURE, re.compile("")) >= 0.9


def _share(notes: list[str], pattern: re.Pattern[str], other: re.Pattern[str]) -> float:
    """The share of what `pattern` matches that has a mention on it, of all but what is `other`."""
    known = total = 0
    for text in notes:
        lines = [(m.start(), m.end(), "unknown") for m in re.finditer(r"[^\n]+", text)]
        covered = {at for m in dictionary().find(fold(text), text, lines) for at in range(m.start, m.end)}
        for match in pattern.finditer(text):
            start, end = match.span(pattern.groups)
            if not other.pattern or not other.fullmatch(text[start:end]):
                total += 1
                known += not covered.isdisjoint(range(start, end))
    return known / total


def _is_disease(code: str) -> bool:
    """Of the chapters of diseases, symptoms and injuries; agents (T36-T50) are no disease by themselves."""
    return code[0] < "T" or (code[0] == "T" and not "T36" <= code[:3] <= "T50")


def _diseases(book: CodeBook) -> Iterator[tuple[str, str]]:
    for row in book.titles():
        if _is_disease(row.code):
            yield from ((phrase(text), row.code) for text in (row.title, *row.inclusion_terms))


def _is_drug_row(row: lexicon.Synonym) -> bool:
    """Rows of the lexicon that name a drug or its use, and not that someone has used it."""
    return not row.surface.startswith(("history of", "h/o", "hx of", "on "))
