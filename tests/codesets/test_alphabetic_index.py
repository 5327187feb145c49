"""The Alphabetic Index and the External Cause Index: read as printed, walked as a coder walks, never invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets.alphabetic.entries import IndexEntry
from leadterm.codesets.alphabetic.index import AlphabeticIndex, ExternalCauseIndex
from leadterm.codesets.alphabetic.words import content, readings, take_apart, words
from leadterm.codesets.formats import alphabetic_index, column_tables
from leadterm.domain import InputError

from .index_files import FILES, RELEASES, Compiled, compiler, differences, real, second_reading
from .made import offered, read, recognised_by, release, store, written

ALL = (*alphabetic_index.FORMATS, *column_tables.FORMATS)
INDEX, _ = alphabetic_index.FORMATS

# Invented index in the official schema: several codes and manifestations, modifiers within a title, nine levels.
DEEP = (
    "".join(f'<term level="{n}"><title>step {n}</title>' for n in range(1, 10)) + "<code>A09.9</code>" + "</term>" * 9
)
BOOK = f"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2026</version>
  <title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter><title>A</title>
    <mainTerm><title>Attack, attacks</title>
      <term level="1"><title>brook</title><see>Glimmer, river (upper)</see></term>
    </mainTerm>
    <mainTerm><title>Brook, brooks</title><see>condition</see></mainTerm>
    <mainTerm><title>Deep</title>{DEEP}</mainTerm>
    <mainTerm><title>Fenwick's disease<nemod>(of brook)</nemod> or syndrome<nemod>(chronic)</nemod> NEC</title>
      <code>K50.90</code></mainTerm>
    <mainTerm><title>Fracture, traumatic<nemod>(abduction) (closed)</nemod></title><code>S99.-</code>
      <term level="1"><title>wrist, wrists</title><code>S62.50-</code></term>
    </mainTerm>
    <mainTerm><title>Glimmer<nemod>(s) (of) (mild)</nemod></title>
      <seeAlso>Shimmer; and see also Attack, brook</seeAlso>
      <code>G40.1</code>
      <term level="1"><title>due to<nemod>(in)</nemod></title>
        <term level="2"><title>dew</title><code>E85.4</code><manif>[I43]</manif></term>
        <term level="2"><title>frost</title><code>E85.1 [M14.80] [M14.81]</code><warning>Look twice</warning></term>
      </term>
      <term level="1"><title>river<nemod>(upper)</nemod></title><code>I21.9</code><code>I22.0</code></term>
      <term level="1"><title>type 2</title><code>E11.9</code>
        <term level="2"><title>with</title>
          <term level="3"><title>non-setting sun</title><code>E11.2-</code></term>
        </term>
      </term>
      <term level="1"><title>water</title><seecat>T36</seecat><subcat>T75.0</subcat></term>
    </mainTerm>
    <mainTerm><title>Hepatic glow</title>
      <term level="1"><title>A</title><code>B15.9</code></term>
      <term level="1"><title>drug</title><see>Table of Drugs and Chemicals, by drug, poisoning</see></term>
      <term level="1"><title>growth</title><seeAlso>Neoplasm, glow, by site</seeAlso></term>
      <term level="1"><title>lost</title><see>Nowhere, at all</see></term>
      <term level="1"><title>numbered</title><see>E08-E13 with .21</see></term>
    </mainTerm>
    <mainTerm><title>Neoplasm, neoplastic</title><seeAlso>Table of Neoplasms</seeAlso></mainTerm>
    <mainTerm><title>Shimmer</title><see>Glimmer, type 2, with non setting suns</see></mainTerm>
  </letter>
</ICD10CM.index>
"""
COUNTS = {
    "main_terms": 9,
    "subterms": 24,
    "codes": 12,
    "manifestations": 3,
    "see": 6,
    "see_also": 3,
    "see_category": 1,
    "see_subcategory": 1,
    "warnings": 1,
    "nonessential_modifiers": 8,
    "see_resolved": 3,
    "see_elsewhere": 5,
    "see_unresolved": 1,
    "codes_unread": 0,
}
PLACE = "2026/icd10cm_index_2026.xml"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> AlphabeticIndex:
    """The invented index."""
    found, table = read(INDEX, written(PLACE, BOOK))
    return AlphabeticIndex(store(tmp_path_factory.mktemp("index"), table), release(found, table))


def below(index: AlphabeticIndex, main: str, *titles: str) -> IndexEntry:
    """The entry under a main term, by the titles as printed."""
    entry = index.main_terms(main, 1)[0]
    for title in titles:
        entry = next(e for e in index.children(entry.id) if e.title == title)
    return entry


def codes(entry: IndexEntry) -> list[str]:
    return [f"[{c.text}]" if c.manifestation else c.text for c in entry.codes]


# --- reading ---


def test_everything_that_was_read_is_counted() -> None:
    _, table = read(INDEX, written(PLACE, BOOK))
    assert dict(table.counts) == COUNTS


def test_a_title_is_kept_as_printed_with_its_modifiers_wherever_they_stand(index: AlphabeticIndex) -> None:
    entry = index.main_terms("fenwick", 1)[0]
    assert entry.title == "Fenwick's disease (of brook) or syndrome (chronic) NEC"
    assert entry.essential == "Fenwick's disease or syndrome NEC"
    assert (entry.modifiers, entry.residual) == (("of brook", "chronic"), "NEC")


def test_the_ending_of_a_plural_is_no_modifier(index: AlphabeticIndex) -> None:
    entry = index.main_terms("glimmer", 1)[0]
    assert (entry.title, entry.essential, entry.modifiers) == ("Glimmer(s) (of) (mild)", "Glimmer", ("of", "mild"))


@pytest.mark.parametrize(
    ("printed", "essential", "modifiers"),
    [
        ("bis(chloroethyl)amine", "bis(chloroethyl)amine", ()),
        ("graft (electrode(s)) (joint)", "graft", ("electrode(s)", "joint")),
        ("open ( left", "open", ("left",)),
        ("(quite) wrapped", "wrapped", ("quite",)),
        ("(all of it)", "(all of it)", ("all of it",)),
    ],
)
def test_titles_are_taken_apart(printed: str, essential: str, modifiers: tuple[str, ...]) -> None:
    title = take_apart(printed)
    assert (title.essential, title.modifiers) == (essential, modifiers)


def test_manifestations_follow_the_etiology_in_order(index: AlphabeticIndex) -> None:
    assert codes(below(index, "glimmer", "due to (in)", "dew")) == ["E85.4", "[I43]"]
    assert codes(below(index, "glimmer", "due to (in)", "frost")) == ["E85.1", "[M14.80]", "[M14.81]"]


def test_several_codes_of_one_entry_are_kept(index: AlphabeticIndex) -> None:
    assert codes(below(index, "glimmer", "river (upper)")) == ["I21.9", "I22.0"]


def test_a_dash_marks_the_code_incomplete(index: AlphabeticIndex) -> None:
    (code,) = below(index, "glimmer", "type 2", "with", "non-setting sun").codes
    assert (code.text, code.code, code.incomplete) == ("E11.2-", "E11.2", True)
    assert codes(index.main_terms("fracture", 1)[0]) == ["S99.-"]


def test_nine_levels_are_read(index: AlphabeticIndex) -> None:
    entry = index.paths_to("A09.9")[0]
    assert (entry.level, codes(entry)) == (9, ["A09.9"])
    assert index.path(entry.id) == "Deep, " + ", ".join(f"step {n}" for n in range(1, 10))


def test_a_warning_is_kept(index: AlphabeticIndex) -> None:
    assert below(index, "glimmer", "due to (in)", "frost").notes == ("Look twice",)


def test_the_default_code_stands_beside_the_main_term(index: AlphabeticIndex) -> None:
    main = index.main_terms("glimmer", 1)[0]
    assert main.default_code is not None
    assert main.default_code.code == "G40.1"
    assert below(index, "glimmer", "type 2").default_code is None


def test_marks_of_changes_are_read_as_what_holds() -> None:
    changed = BOOK.replace(
        "<title>Brook, brooks</title>", "<diff><old>Beck</old><new>Brook</new><unc>, brooks</unc></diff>"
    )
    _, table = read(INDEX, written(PLACE, changed))
    assert dict(table.counts) == COUNTS
    assert "Brook, brooks" in {row[4] for row in table.parts[0].rows}


def test_a_byte_order_mark_and_other_line_ends_change_nothing() -> None:
    _, table = read(INDEX, written(PLACE, b"\xef\xbb\xbf" + BOOK.replace("\n", "\r\n").encode()))
    assert dict(table.counts) == COUNTS


def test_windows_1252_is_read_where_it_is_declared() -> None:
    old = BOOK.replace('encoding="utf-8"', 'encoding="windows-1252"').replace("Shimmer<", "Shimmèr<")
    _, table = read(INDEX, written(PLACE, old.encode("cp1252")))
    assert "Shimmèr" in {row[4] for row in table.parts[0].rows}


# --- what is refused, and whose file it is ---


def test_each_file_is_claimed_once() -> None:
    external = BOOK.replace("INDEX TO DISEASES and INJURIES", "External Cause of Injuries Index")
    untitled = BOOK.replace("<title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>", "")
    assert recognised_by(ALL, written(PLACE, BOOK)) == ["icd10cm:index"]
    assert recognised_by(ALL, written(PLACE, external)) == ["icd10cm:eindex"]
    assert recognised_by(ALL, written(PLACE, untitled)) == ["icd10cm:index"]
    assert recognised_by(ALL, written("2026/icd10cm_eindex_2026.xml", untitled)) == ["icd10cm:eindex"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<?xml version='1.0'?>",
        "ICD10CM.index",
        "<ICD10CM.tabular><version>2026</version></ICD10CM.tabular>",
        "<ICD10PCS.index><version>2026</version></ICD10PCS.index>",
        "<other><!-- <ICD10CM.index> --></other>",
        "<ICD10CM.index><version>2026</version><letter>",
    ],
)
def test_other_files_are_left_to_others(text: str) -> None:
    assert recognised_by(ALL, written("2026/other.xml", text)) == []


def test_a_file_of_changes_only_is_refused() -> None:
    with pytest.raises(InputError, match=r"icd10cm_index_2026.xml lists changes only"):
        INDEX.recognise(written(PLACE, BOOK.replace("<ICD10CM.index>", '<ICD10CM.index isAddenda="true">')))


HOSTILE = {
    "not well-formed XML": BOOK[: len(BOOK) // 2],
    "DOCTYPE": BOOK.replace("<ICD10CM.index>", "<!DOCTYPE x [<!ENTITY a 'b'>]>\n<ICD10CM.index>"),
    "has <odd>, which is not known; update Leadterm (line 6)": BOOK.replace("<mainTerm>", "<odd/><mainTerm>", 1),
    "has text between its terms (line 6)": BOOK.replace("<mainTerm>", "words<mainTerm>", 1),
    "has a term without title (line 7)": BOOK.replace("<title>brook</title><see>", "<see>", 1),
    "has <term> in the wrong place (line 6)": BOOK.replace("<mainTerm>", '<term level="1"/><mainTerm>', 1),
    "column is no number": BOOK.replace("<code>K50.90</code>", '<cell col="x">K50.90</cell>'),
    "has columns, which": BOOK.replace(
        "<letter>", '<indexHeading><head col="1">Title</head></indexHeading><letter>'
    ).replace("  <letter>", " " * 9000 + "<letter>"),
    "without the shape of ICD-10-CM": BOOK.replace("<code>K50.90</code>", "<code>see your doctor</code>"),
    "holds no main terms": "<ICD10CM.index><title>diseases and injuries</title><letter/></ICD10CM.index>",
}


@pytest.mark.parametrize("sentence", HOSTILE)
def test_what_the_schema_does_not_know_is_refused_with_its_line(sentence: str) -> None:
    offer = written(PLACE, HOSTILE[sentence])
    found = INDEX.recognise(written(PLACE, BOOK))
    assert found is not None
    with pytest.raises(InputError) as refused:
        INDEX.read([offer], found)
    assert sentence in str(refused.value)


def test_a_year_that_the_name_contradicts_is_refused() -> None:
    with pytest.raises(InputError, match="which its name contradicts"):
        INDEX.recognise(written("icd10cm_index_2025.xml", BOOK))


def test_the_year_of_the_content_dates_the_file() -> None:
    found = INDEX.recognise(written("index.xml", BOOK))
    assert found is not None
    assert found.period.start == date(2025, 10, 1)


# --- finding ---


@pytest.mark.parametrize(
    ("said", "path", "used", "absorbed", "left"),
    [
        ("glimmer", "Glimmer", ["glimmer"], [], []),
        ("Glimmers, mild", "Glimmer", ["Glimmers"], ["mild"], []),
        ("Fenwick disease", "Fenwick's disease or syndrome NEC", ["Fenwick", "disease"], [], []),
        ("chronic fenwick's syndrome", "Fenwick's disease or syndrome NEC", ["fenwick's", "syndrome"], ["chronic"], []),
        (
            "glimmer type II with nonsetting sun",
            "Glimmer, type 2, with, non-setting sun",
            ["glimmer", "type", "II", "nonsetting", "sun"],
            [],
            [],
        ),
        (
            "type 2 glimmer non setting suns",
            "Glimmer, type 2, with, non-setting sun",
            ["type", "2", "glimmer", "nonsetting", "suns"],
            [],
            [],
        ),
        ("frost glimmer", "Glimmer, due to, frost", ["frost", "glimmer"], [], []),
        ("glimmer of the purple dew", "Glimmer, due to, dew", ["glimmer", "dew"], [], ["purple"]),
        ("hepatic glow A", "Hepatic glow, A", ["hepatic", "glow", "A"], [], []),
    ],
)
def test_words_lead_to_an_entry_and_are_accounted_for(
    index: AlphabeticIndex, said: str, path: str, used: list[str], absorbed: list[str], left: list[str]
) -> None:
    best = index.find(said)[0]
    assert (best.path, list(best.absorbed), list(best.left)) == (path, absorbed, left)
    assert list(best.used) == used


def test_a_capital_a_is_no_article(index: AlphabeticIndex) -> None:
    assert index.find("hepatic A glow")[0].path == "Hepatic glow, A"
    assert index.find("a hepatic glow")[0].left == ()


def test_words_beyond_the_bound_are_told_as_left_over(index: AlphabeticIndex) -> None:
    best = index.find("glimmer " + "dew " * 30 + "purple")[0]
    assert (best.path, best.left[-1]) == ("Glimmer, due to, dew", "purple")


def test_a_step_that_nobody_said_is_not_taken(index: AlphabeticIndex) -> None:
    best = index.find("glimmer sun")[0]
    assert (best.path, best.left) == ("Glimmer", ("sun",))


def test_a_qualifier_of_the_main_term_that_was_not_said_is_told(index: AlphabeticIndex) -> None:
    best = index.find("wrist fracture")[0]
    assert (best.path, best.unsaid) == ("Fracture, traumatic, wrist, wrists", ("traumatic",))
    assert index.find("traumatic wrist fracture")[0].unsaid == ()


def test_with_presumes_a_link_and_due_to_states_one(index: AlphabeticIndex) -> None:
    assert index.find("glimmer type 2 non-setting sun")[0].presumed
    assert not index.find("glimmer dew")[0].presumed
    assert below(index, "glimmer", "type 2", "with").presumes


def test_see_is_followed_with_the_words_that_are_left(index: AlphabeticIndex) -> None:
    best = index.find("brook attack")[0]
    assert (best.path, [e.essential for e in best.via]) == ("Glimmer, river", ["brook"])
    best = index.find("shimmer")[0]
    assert (best.path, [e.title for e in best.via]) == ("Glimmer, type 2, with, non-setting sun", ["Shimmer"])


def test_see_condition_stays_where_it_is(index: AlphabeticIndex) -> None:
    best = index.find("brook")[0]
    assert (best.path, [r.text for r in best.entry.references]) == ("Brook", ["condition"])


@pytest.mark.parametrize("said", ["", "   ", "with", "zzz", "(", "'", "%_", "glimmr", "\x00", "x" * 10_000])
def test_what_is_not_there_is_not_found(index: AlphabeticIndex, said: str) -> None:
    assert index.find(said) == ()


@given(st.text(max_size=60))
def test_any_text_is_answered(index: AlphabeticIndex, said: str) -> None:
    for hit in index.find(said, 3):
        assert hit.used


@given(st.lists(st.sampled_from("glimmer dew frost type 2 with sun river mild due to".split()), max_size=8))
def test_the_order_of_the_words_does_not_matter(index: AlphabeticIndex, said: list[str]) -> None:
    forward, backward = index.find(" ".join(said)), index.find(" ".join(reversed(said)))
    assert [h.path for h in forward] == [h.path for h in backward]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("post-traumatic", "Posttraumatic"),
        ("non traumatic", "nontraumatic"),
        ("Ménière's disease", "meniere diseases"),
        ("type II", "type 2"),
        ("fibroses", "fibrosis"),
        ("Charcot-Marie-Tooth", "charcot marie tooth"),
        ("vertebrae", "vertebra"),
        ("feet", "foot"),
    ],
)
def test_variants_of_a_word_are_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_a_vitamin_and_an_intravenous_line_are_no_numbers() -> None:
    assert (words("vitamin I"), words("grade I")) == (["vitamin", "i"], ["grade", "1"])


def test_a_title_is_read_in_its_ways() -> None:
    assert set(readings("Fall, falling")) == {("fall",), ("falling",)}
    assert readings("Action, heart") == (("action", "heart"),)
    assert set(readings("moderate or severe")) == {("moderate",), ("severe",)}
    assert set(readings("Pick disease or syndrome")) == {("disease", "pick"), ("pick", "syndrome")}
    assert content("in diseases NEC") == ("disease",)


# --- the tree ---


def test_main_terms_are_listed_by_their_beginning(index: AlphabeticIndex) -> None:
    assert [e.essential for e in index.main_terms("F")] == ["Fenwick's disease or syndrome NEC", "Fracture, traumatic"]
    assert [e.essential for e in index.main_terms("", 2)] == ["Attack, attacks", "Brook, brooks"]
    assert index.main_terms("zz") == ()


def test_ways_lead_down_and_up(index: AlphabeticIndex) -> None:
    sun = below(index, "glimmer", "type 2", "with", "non-setting sun")
    assert [e.essential for e in index.ancestors(sun.id)] == ["Glimmer", "type 2", "with", "non-setting sun"]
    assert not sun.has_children
    assert index.children(sun.id) == ()


@pytest.mark.parametrize("number", [0, -1, 10**6, 2**70, -(2**70)])
def test_a_number_without_an_entry_has_nothing(index: AlphabeticIndex, number: int) -> None:
    assert (index.entry(number), index.children(number), index.path(number)) == (None, (), "")


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        ("E11.9", ["Glimmer, type 2"]),
        ("e1122", ["Glimmer, type 2, with, non-setting sun"]),
        ("E11.2-", ["Glimmer, type 2, with, non-setting sun", "Hepatic glow, numbered"]),
        ("E11.-", ["Glimmer, type 2", "Glimmer, type 2, with, non-setting sun", "Hepatic glow, numbered"]),
        ("I43", ["Glimmer, due to, dew"]),
        ("S62.502A", ["Fracture, traumatic, wrist, wrists"]),
        ("T36.0X1A", ["Glimmer, water"]),
        ("T75.01XA", ["Glimmer, water"]),
        ("E11.21", ["Glimmer, type 2, with, non-setting sun", "Hepatic glow, numbered"]),
        ("E10.21", ["Hepatic glow, numbered"]),
        ("E08.9", []),
        ("G40.101", []),
        ("Z99.9", []),
        ("%", []),
        ("", []),
    ],
)
def test_the_ways_to_a_code_are_found(index: AlphabeticIndex, code: str, paths: list[str]) -> None:
    found = [index.path(e.id) for e in index.paths_to(code)]
    assert found == paths


def test_a_code_without_its_seventh_character_leads_there(tmp_path: Path) -> None:
    found, table = read(INDEX, written(PLACE, BOOK.replace("K50.90", "W11")))
    index = AlphabeticIndex(store(tmp_path, table), release(found, table))
    assert len(index.paths_to("W11.XXXA")) == 1


# --- cross references ---


@pytest.mark.parametrize(
    ("titles", "kind", "sort", "targets", "rest"),
    [
        (("attack", "brook"), "see", "entry", ["Glimmer, river"], ""),
        (("brook",), "see", "condition", [], ""),
        (("shimmer",), "see", "entry", ["Glimmer, type 2, with, non-setting sun"], ""),
        (("glimmer",), "see also", "entry", ["Shimmer", "Attack, brook"], ""),
        (("hepatic", "drug"), "see", "drugs", [], "by drug, poisoning"),
        (("hepatic", "growth"), "see also", "neoplasm", [], "glow, by site"),
        (("hepatic", "lost"), "see", "unresolved", [], "Nowhere, at all"),
        (("hepatic", "numbered"), "see", "category", [], "E08-E13 with .21"),
        (("neoplasm",), "see also", "neoplasm", [], ""),
        (("glimmer", "water"), "see category", "category", [], ""),
    ],
)
def test_references_lead_to_entries_or_are_answered_as_what_they_are(
    index: AlphabeticIndex, titles: tuple[str, ...], kind: str, sort: str, targets: list[str], rest: str
) -> None:
    followed = index.follow(below(index, *titles))[0]
    assert (followed.reference.kind, followed.sort, followed.rest) == (kind, sort, rest)
    assert [index.path(e.id) for e in followed.entries] == targets


# --- real files ---


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Compiled]:
    """Compiles real files, each once."""
    return compiler(alphabetic_index.FORMATS, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def external(shared: Path, compiled: Callable[[Path], Compiled]) -> ExternalCauseIndex:
    """The real index of April 2026."""
    made = compiled(real(shared, "eindex", "2026-04"))
    return ExternalCauseIndex(made.store, made.release)


@pytest.fixture(scope="module")
def rebuilt(shared: Path, compiled: Callable[[Path], Compiled]) -> AlphabeticIndex:
    """The reconstructed Alphabetic Index of April 2025."""
    made = compiled(shared / "releases/icd10cm/2025-04/reconstructed-icd10cm-index-2025.xml.xz")
    return AlphabeticIndex(made.store, made.release)


def resolved(counts: dict[str, int]) -> float:
    """Share of "see" and "see also" that lead somewhere."""
    return 1 - counts["see_unresolved"] / (counts["see"] + counts["see_also"])


@pytest.mark.shared
def test_the_reconstructed_index_has_the_counts_of_its_source(rebuilt: AlphabeticIndex) -> None:
    counts = dict(rebuilt.release.counts)
    assert (counts["main_terms"], counts["subterms"], counts["codes"]) == (8_100, 72_924, 62_721)
    assert (counts["see"], counts["see_also"]) == (12_136, 2_057)
    assert resolved(counts) > 0.98
    assert rebuilt.release.period.start == date(2025, 4, 1)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("year", "mains", "subterms", "codes", "see", "see_also"),
    [
        ("2023", 314, 7_687, 6_591, 791, 98),
        ("2025-04", 314, 7_750, 6_650, 790, 98),
        ("2026-04", 314, 7_776, 6_671, 791, 98),
    ],
)
def test_the_external_cause_index_is_read_whole(
    shared: Path,
    compiled: Callable[[Path], Compiled],
    year: str,
    mains: int,
    subterms: int,
    codes: int,
    see: int,
    see_also: int,
) -> None:
    path = real(shared, "eindex", year)
    assert recognised_by(ALL, offered(path, path.parents[1])) == ["icd10cm:eindex"]
    counts = compiled(path).counts
    told = [counts[k] for k in ("main_terms", "subterms", "codes", "see", "see_also", "codes_unread")]
    assert told == [mains, subterms, codes, see, see_also, 0]
    assert resolved(counts) > 0.975


@pytest.mark.shared
@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        (
            "type 2 diabetes mellitus with chronic kidney disease",
            "Diabetes, type 2, with, chronic kidney disease",
            "E11.22",
        ),
        ("heart attack", "Infarct, myocardium, myocardial", "I21.9"),
        ("chest pain", "Pain, chest", "R07.9"),
        ("acute appendicitis", "Appendicitis, acute", "K35.80"),
        ("chronic obstructive pulmonary disease", "Disease, pulmonary, chronic obstructive", "J44.9"),
        ("low back pain", "Pain, low back", "M54.50"),
        ("Crohn disease", "Enteritis, regional", "K50.90"),
        ("obstructive sleep apnea", "Apnea, sleep, obstructive", "G47.33"),
        ("hepatitis A", "Hepatitis, viral, virus, type, A", "B15.9"),
        ("hypertensive heart failure", "Hypertension, heart, with, heart failure", "I11.0"),
    ],
)
def test_conditions_are_found_as_coders_find_them(rebuilt: AlphabeticIndex, said: str, path: str, code: str) -> None:
    hits = rebuilt.find(said, 5)
    assert path in [h.path for h in hits] or code in [c.code for h in hits[:2] for c in h.entry.codes]
    assert hits[0].left == ()
    assert code in [c.code for h in hits[:3] for c in h.entry.codes]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("said", "path", "code"),
    [
        ("fall from ladder", "Fall, from, off, out of, ladder", "W11"),
        ("bitten by dog", "Bite, bitten by, dog", "W54.0"),
    ],
)
def test_external_causes_are_found(external: ExternalCauseIndex, said: str, path: str, code: str) -> None:
    best = external.find(said)[0]
    assert (best.path, best.left, [c.code for c in best.entry.codes]) == (path, (), [code])


@pytest.mark.shared
def test_every_path_of_the_external_causes_leads_to_its_entry_again(external: ExternalCauseIndex) -> None:
    wanted = [e for n in range(1, 8_000, 97) if (e := external.entry(n)) and e.codes and not e.references]
    lost = []
    for entry in wanted:
        path = external.path(entry.id)
        ends = [h for h in external.find(path, 20) if h.entry.id == entry.id or h.entry.codes == entry.codes]
        lost += [path] if not ends else []
    assert len(wanted) > 60
    assert len(lost) <= 0.05 * len(wanted), lost


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "numbers"),
    [("2023", "2025-04", (213, 150, 10)), ("2025-04", "2026-04", (51, 25, 18)), ("2023", "2026-04", (264, 175, 27))],
)
def test_two_releases_of_external_causes_differ_as_a_second_reading_says(
    shared: Path, compiled: Callable[[Path], Compiled], old: str, new: str, numbers: tuple[int, int, int]
) -> None:
    ours, theirs = [], []
    for year in (old, new):
        path = real(shared, "eindex", year)
        differ = alphabetic_index.DIFFERS["icd10cm:eindex"]
        ours.append({key: dict(fields) for key, fields in differ(compiled(path).store)})
        theirs.append(second_reading(path))
    assert [set(one) for one in ours] == [set(one) for one in theirs]
    assert differences(*ours) == differences(*theirs) == numbers


def test_the_real_files_are_named_once() -> None:
    assert {year for _, year in FILES} == set(RELEASES)
