"""The coding desk over kept charts: opening, coding, every action in one transaction, and what comes out of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import Any

from leadterm import desk
from leadterm.cases import Case
from leadterm.codesets import CodeBook
from leadterm.desk import Action, Tally, Timeline, Work
from leadterm.domain import Code, CodedEncounter, CodeSystem, Encounter, Finding, InputError, renumbered, sourced
from leadterm.edits import Options
from leadterm.pipeline import Coder, check_codes, may_permit
from leadterm.records import joined, late
from leadterm.review import recoding
from leadterm.schemas import decode, encode
from leadterm.storage import Database, now
from leadterm.storage import charts as kept
from leadterm.storage.charts import KeptAction, KeptChart

from .opened import Came, ChartMissing, Opened, described, entry_of, shown, summary

__all__ = ["Came", "ChartMissing", "Desk", "Opened"]

# A chart of more characters is coded in the background, while its page says so.
CODED_AT_ONCE = 40_000
# Charts whose work is held in memory; the others are replayed from their logs when they are looked at.
HELD = 24
# The number of a coding that is looked at before it is kept: none that is kept has it.
AS_IF = desk.MOST_CODINGS - 1
MEANWHILE = "The chart was changed elsewhere in this moment; do it again."
NOT_OF_IT = (
    "Not every file bears the number of this encounter and its patient. Where you know that they are of it, say so"
    " (together)."
)
PRACTICE = "A practice case is coded as it stands; nothing comes to it."


class Desk:
    """All that is done at the desk. One object a process; its methods may be called from several threads."""

    def __init__(
        self,
        database: Database,
        book: CodeBook,
        *,
        coder: Coder | None = None,
        options: Options | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """`options`: how the edits judge what is decided; `coder` has its own for what it suggests."""
        self.database = database
        self.book = book
        self.options = options
        self._coder = coder or Coder(book, options=options)
        self._clock = clock
        self._held: OrderedDict[str, Opened] = OrderedDict()
        self._lock = RLock()
        self._coding: dict[str, Future[None]] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="coding")

    def close(self) -> None:
        """Lets go of the database; what is being coded is coded to its end first."""
        self._worker.shutdown()
        self.database.close()

    # --- the queue ---

    def queue(self) -> list[KeptChart]:
        """The charts, the one that was changed last first."""
        with self.database.reading() as connection:
            return kept.list_charts(connection, self.database.organisation)

    def open(self, encounter: Encounter, origin: str, name: str | None = None) -> str:
        """Keeps a chart and has it coded; its id. A long one is coded in the background."""
        chart_id = self._keep(encounter, origin, name or encounter.id, None)
        if sum(len(d.text) for d in encounter.documents) <= CODED_AT_ONCE:
            self._code(chart_id)
        return chart_id

    def open_practice(self, case: Case) -> str:
        """Opens a coding case as a chart without suggestions; its id."""
        chart_id = self._keep(case.encounter, "practice", case.title, case.id)
        self._code(chart_id)
        return chart_id

    def _keep(self, encounter: Encounter, origin: str, name: str, practice: str | None) -> str:
        with self.database.writing() as connection:
            return kept.add_chart(
                connection,
                self.database.organisation,
                name=shown(name),
                origin=origin,
                encounter=encode.encounter(encounter, origins=True),
                practice=practice,
                summary=described(encounter),
                opened=self._clock(),
            )

    def remove(self, chart_id: str) -> None:
        """Removes a chart with everything that was done on it. Raises ChartMissing."""
        with self._lock, self.database.writing() as connection:
            self._held.pop(chart_id, None)
            if not kept.remove_chart(connection, self.database.organisation, chart_id):
                raise ChartMissing("There is no such chart.")

    # --- a chart ---

    def chart(self, chart_id: str) -> KeptChart:
        """What is kept of a chart. Raises ChartMissing."""
        with self.database.reading() as connection:
            found = kept.find_chart(connection, self.database.organisation, chart_id)
        if found is None:
            raise ChartMissing("There is no such chart.")
        return found

    def look(self, chart_id: str) -> Opened | None:
        """The chart as it stands; None while it is being coded. Raises ChartMissing, or what coding failed with."""
        with self._lock:
            opened = self._present(chart_id)
            if opened is not None:
                self._coding.pop(chart_id, None)
                return opened
            running = self._coding.get(chart_id)
            if running is None or not running.done():
                self._coding[chart_id] = running or self._worker.submit(self._code, chart_id)
                return None
            del self._coding[chart_id]
        running.result()
        return self.look(chart_id)

    def look_at(self, chart_id: str, number: int) -> Opened | None:
        """The chart as it stood after that line of its log; None where there is no such line."""
        opened = self.look(chart_id)
        if opened is None or not 0 <= number <= opened.number:
            return None
        if number == opened.number:
            return opened
        with self.database.reading() as connection:
            lines = kept.actions_after(connection, opened.chart.key, 0)
        begun = Timeline((opened.timeline.works[0],), last=opened.chart.opened)
        entries = (entry_of(line) for line in lines if line.number <= number)
        return self._judged(opened.chart, begun.replayed(entries, self._codings(opened.chart.key)))

    def act(self, chart_id: str, action: Action, by: str) -> Opened:
        """Does one action, and gives the chart after it. What comes back is kept: a crash does not undo it.

        Raises ChartMissing, and InputError in a sentence for what cannot be done.
        """
        return self._write(chart_id, action.kind, self._titled(chart_id, action), by)

    def undo(self, chart_id: str, by: str) -> Opened:
        """Takes back the last action that stands."""
        return self._write(chart_id, desk.UNDO, None, by)

    def redo(self, chart_id: str, by: str) -> Opened:
        """Does again what was undone last."""
        return self._write(chart_id, desk.REDO, None, by)

    def wrote(self, chart_id: str, number: int, kind: str, action: Action | None) -> bool:
        """Whether the log's next line after `number` is this very action: it was done, but nobody got the answer."""
        with self.database.reading() as connection:
            lines = kept.actions_after(connection, self.chart(chart_id).key, number)
        given = None if action is None else self._titled(chart_id, action)
        return bool(lines) and (lines[0].kind, entry_of(lines[0]).action) == (kind, given)

    def describe(self, chart_id: str, encounter: Encounter, by: str) -> Opened:
        """Describes the encounter otherwise: the chart is coded anew, what people decided is carried over."""
        before = self._ready(chart_id)
        if before.work.finished is not None:
            raise InputError("This coding is finished; reopen it to change it.")
        coded = self._coded(before.chart, replace(encounter, documents=before.work.encounter.documents))
        return self.act(chart_id, desk.Describe(self._keep_coding(chart_id, coded)), by)

    def late(self, chart_id: str, records: Sequence[Encounter], by: str, *, together: bool = False) -> Came:
        """What records that came late changed: the chart is coded anew, what people decided is carried over.

        A finished coding is reopened, unless no code changes and nothing is in the way of its end. Of records that
        tell nothing new nothing is kept. Raises ChartMissing, and InputError where the numbers of the records do not
        show that they are of this encounter, unless the caller says so with `together`.
        """
        before = self._ready(chart_id)
        whole = _whole(before, records, together=together)
        coded = sourced(self._coded(before.chart, whole), before.work.coded)
        work = desk.carried(before.work, coded, AS_IF)
        changed = recoding(before.work.coded, work.coded)
        if not (changed.late or changed.fallen or changed.reopened or _told_more(before.work.encounter, whole)):
            return Came(before, before, changed, None)
        note = late(len(changed.late), len(changed.fallen), changed.reopened)
        reopens = changed.reopened or bool(desk.obstacles(work, self._findings(work)))
        number = self._keep_coding(chart_id, replace(coded, findings=renumbered((*coded.findings, *note))))
        after = self._write(chart_id, desk.Late.kind, desk.Late(number, reopens), by, of=before.work.encounter)
        return Came(before, after, changed, after.number)

    def came(self, chart_id: str, number: int) -> Came | None:
        """The late documents of that line of a chart's log; None where it is the line of something else.

        Raises ChartMissing, and InputError while the chart is being coded.
        """
        chart = self._ready(chart_id).chart
        with self.database.reading() as connection:
            lines = kept.actions_after(connection, chart.key, number - 1) if number > 0 else []
        if not lines or lines[0].kind != desk.Late.kind:
            return None
        before, after = self.look_at(chart_id, number - 1), self.look_at(chart_id, number)
        if before is None or after is None:
            return None
        return Came(before, after, recoding(before.work.coded, after.work.coded), number)

    def _write(
        self, chart_id: str, kind: str, action: Action | None, by: str, *, of: Encounter | None = None
    ) -> Opened:
        """Writes a line; `of`: the encounter that it was made for, which must not have changed meanwhile."""
        with self._lock:
            before = self._ready(chart_id)
            if of is not None and before.work.encounter != of:
                raise InputError(MEANWHILE)
            _refuse(action, before)
            payload = desk.written(action) if action else {}
            line = KeptAction(before.number + 1, kind, payload, shown(by), self._clock())
            # Done as it will be read again, so that a replay cannot come out otherwise.
            timeline = before.timeline.then(entry_of(line), self._codings(before.chart.key))
            after = self._judged(before.chart, timeline)
            chart = replace(before.chart, changed=line.at, finished=after.work.finished, summary=summary(after))
            with self.database.writing() as connection:
                if not kept.add_action(connection, self.database.organisation, chart.key, line):
                    raise InputError(MEANWHILE)
                kept.note_change(connection, chart.key, chart.changed, chart.finished, dict(chart.summary))
            return self._hold(chart_id, replace(after, chart=chart))

    def _titled(self, chart_id: str, action: Action) -> Action:
        """The action, a code that it enters with its title of today. Raises InputError for a code nobody knows."""
        if not isinstance(action, (desk.Add, desk.Replace)):
            return action
        opened = self._ready(chart_id)
        return replace(action, title=self.title(action.code, opened))

    def title(self, code: Code, opened: Opened) -> str | None:
        """The title of a code on the chart's day; None for a CPT code without a licensed file."""
        entry = self.book.lookup(code, on=opened.work.coded.on)
        if entry is None and (
            code.system is not CodeSystem.HCPCS or self.book.release_for("hcpcs:codes", opened.work.coded.on)
        ):
            raise InputError(f"No installed release knows the code {code}.")
        return entry.description if entry else None

    # --- what is held and what is kept ---

    def _ready(self, chart_id: str) -> Opened:
        opened = self.look(chart_id)
        if opened is None:
            raise InputError("This chart is still being coded; wait a moment.")
        return opened

    def _present(self, chart_id: str) -> Opened | None:
        """The chart from memory, brought up to date with its log; None where it is not coded yet."""
        found = self._held.get(chart_id)
        with self.database.reading() as connection:
            chart = kept.find_chart(connection, self.database.organisation, chart_id)
            if chart is None:
                self._held.pop(chart_id, None)
                raise ChartMissing("There is no such chart.")
            timeline = found.timeline if found else self._begun(connection, chart)
            if timeline is None:
                return None
            lines = kept.actions_after(connection, chart.key, timeline.number)
        if found and not lines:
            return self._hold(chart_id, found)
        replayed = timeline.replayed(map(entry_of, lines), self._codings(chart.key))
        return self._hold(chart_id, self._judged(chart, replayed))

    def _begun(self, connection: Any, chart: KeptChart) -> Timeline | None:
        document = kept.coding_of(connection, chart.key, 1)
        return None if document is None else Timeline.begun(decode.coded(document), chart.opened)

    def _judged(self, chart: KeptChart, timeline: Timeline) -> Opened:
        findings = self._findings(timeline.work)
        permittable = frozenset(f.rule for f in findings if may_permit(f.rule, self.options))
        return Opened(chart, timeline, findings, desk.obstacles(timeline.work, findings), permittable)

    def _findings(self, work: Work) -> tuple[Finding, ...]:
        return check_codes(desk.permitted(work), self.book, self.options)

    def _hold(self, chart_id: str, opened: Opened) -> Opened:
        self._held[chart_id] = opened
        self._held.move_to_end(chart_id)
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        return opened

    def _codings(self, key: int) -> Callable[[int], CodedEncounter]:
        def coding(number: int) -> CodedEncounter:
            with self.database.reading() as connection:
                document = kept.coding_of(connection, key, number)
            if document is None:
                raise InputError("That coding is not kept.")
            return decode.coded(document)

        return coding

    # --- coding ---

    def _code(self, chart_id: str) -> None:
        """Codes a chart that was opened; one that is coded meanwhile keeps its first coding."""
        chart = self.chart(chart_id)
        with self.database.reading() as connection:
            encounter = decode.encounter(kept.encounter_of(connection, chart.key), chart.name)
        self._keep_coding(chart_id, self._coded(chart, encounter), first=True)

    def _coded(self, chart: KeptChart, encounter: Encounter) -> CodedEncounter:
        """The encounter as the engine codes it; of a practice chart without what it suggests."""
        coded = self._coder.code(encounter)
        return (
            coded
            if chart.practice is None
            else replace(coded, assignments=(), findings=(), queries=(), facts=(), leads=())
        )

    def _keep_coding(self, chart_id: str, coded: CodedEncounter, *, first: bool = False) -> int:
        document = encode.coded(coded, origins=True)
        with self._lock, self.database.writing() as connection:
            chart = kept.find_chart(connection, self.database.organisation, chart_id)
            if chart is None:
                raise ChartMissing("There is no such chart.")
            if first and kept.coding_of(connection, chart.key, 1) is not None:
                return 1
            number = kept.add_coding(connection, self.database.organisation, chart.key, document, self._clock())
            if number == 1:
                begun = self._judged(chart, Timeline.begun(coded, chart.opened))
                kept.note_change(connection, chart.key, chart.changed, None, summary(begun))
            return number

    # --- preferences and counts ---

    def preference(self, name: str) -> Any:
        """What the coder chose (keys, name, …); None where nothing was chosen."""
        with self.database.reading() as connection:
            return kept.preference(connection, self.database.organisation, name)

    def prefer(self, name: str, value: Any) -> None:
        """Keeps a choice of the coder."""
        with self.database.writing() as connection:
            kept.put_preference(connection, self.database.organisation, name, value)

    def tallies(self) -> list[tuple[KeptChart, Tally]]:
        """The counts of each chart that is coded, practice left out."""
        listed = (c for c in self.queue() if c.practice is None and "tally" in c.summary)
        return [(chart, desk.read_tally(chart.summary["tally"])) for chart in listed]


def _whole(before: Opened, records: Sequence[Encounter], *, together: bool) -> Encounter:
    """The encounter of a chart with late records. Raises InputError where they are of another one."""
    if before.chart.practice is not None:
        raise InputError(PRACTICE)
    whole = joined([before.work.encounter, *records], together=together)
    if len(whole) > 1:
        raise InputError(NOT_OF_IT)
    return whole[0][1]


def _told_more(before: Encounter, now: Encounter) -> bool:
    """Whether an encounter says more than before, but for copies of its documents and what is told of joining."""
    return _beside(before) != _beside(now)


def _beside(encounter: Encounter) -> Encounter:
    """What an encounter says beside its documents; a code whose words stand in two copies is one."""
    codes = dict.fromkeys(replace(code, evidence=None) for code in encounter.codes)
    return replace(encounter, documents=(), notes=(), codes=tuple(codes))


def _refuse(action: Action | None, before: Opened) -> None:
    """Raises InputError for what depends on the findings: an end too early, a permit of what nobody can permit."""
    if isinstance(action, desk.Finish) and before.obstacles:
        raise InputError(f"It cannot be finished yet: {before.obstacles[0].sentence}")
    if isinstance(action, desk.Permit):
        about = action.rule, frozenset(action.codes)
        if all((f.rule, frozenset(f.codes)) != about for f in before.findings):
            raise InputError("That finding no longer stands on this chart; there is nothing to permit.")
        if action.rule not in before.permittable:
            raise InputError("No person can permit this: the rule leaves no exception. Change the codes instead.")
