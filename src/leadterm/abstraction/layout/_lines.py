"""What the words on both sides of a line end say of it."""

from __future__ import annotations

import re

# Kinds of line ends: one that was meant; the words plainly go on; the next line begins like the middle of a sentence,
# perhaps like an item; it begins like a sentence, a name or an item; a sentence ends.
HARD, SOFT, LOWER, OPENER, OPEN, ENDED = 1, 2, 3, 4, 5, 6

_BULLETS = "•▪◦●■‣⁃"
_BOXES = "☐☒☑✓✗"
_CLOSERS = "\"')]’”"
# A line that ends in one of these goes on; in capitals they begin a sentence.
_FUNCTION = frozenset(
    "about an and any are as at be been being between but by can could did do does due during each for from had has"
    " have he her his if in including into is its might my no nor not of on or our over per shall she should than that"
    " the their these they this those through to under until upon very via was we were what when where whether which"
    " while who whose with within without would your".split()
)
# After these a name or a number goes on.
_NAMING = frozenset(
    "a class grade group may phase possible probable stage type vitamin vs will x hepatitis ckd h/o s/p c/o c/w d/t r/o"
    " w/ 2/2 dr mr mrs ms".split()
)
_GOES_ON = _FUNCTION | _NAMING
# A line that begins with one of these in lower case has begun before.
_GOES_BACK = frozenset(
    "and are as be because been but is of or nor than that the to was were which who whom whose will with would".split()
)
_MEASURES = frozenset("bp hr rr spo2 sat temp t p pulse wt ht bmi bsa weight height".split())
_ENDS = frozenset(".!?:")
_TITLES = (" Dr.", " Mr.", " Mrs.", " Ms.", " vs.", "e.g.", "i.e.")
_ANSWERS = frozenset(("no", "not", "a"))
_OPENERS = frozenset("no denies denied negative positive reports has had h/o s/p hx nkda".split())
_NUMBER = re.compile(r"\(?(\d{1,2})[.)](?=\s|[A-Za-z]|\Z)")
_LETTER = re.compile(r"\(?(?:[a-hA-H]|[ivx]{1,4}|[IVX]{1,4})[.)](?=\s)")
_LABEL = re.compile(r"[A-Z][A-Za-z0-9 /&,()'’-]{1,40}:(?=\s|\Z)")
# The beginning of a label of several words, or of a title.
_LABEL_BEGINS = re.compile(
    r"(?:\A|[.!?:•▪◦●]\s+)(?:[-+*]\s+)?[A-Z][a-z][\w'/-]*(?: (?:[A-Z][\w'/&-]*|of|the|and|for|in|to|&)){0,7}\Z"
)
_RULE = re.compile(r"[-=_*~#–—]{3,}\s*\Z")
_CENTRED = 8  # blanks before a line that is none of running text
_DATE = re.compile(r"\d{1,2}:\d\d|(?:0?[1-9]|1[0-2])/[0-3]?\d(?!\d)|(?:19|20)\d\d(?!\d)")
_GAP = re.compile(r"(?<=[^\s.:!?;,])(?: {2,}|[ ]*\t\s*)(?=\S)")


class Reader:
    """Reads the line ends of a text in order, and remembers how its lists are numbered and marked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.number = 0  # of the last item
        self.mark = ""  # of the last item of the block
        self.columns = "  " in text or "\t" in text
        self.pipes = "|" in text
        word = text.split(None, 1)[:1]
        self.begin(0, word[0] if word else "")

    def begin(self, at: int, word: str) -> None:
        """Takes note of a line that follows a blank one, or none."""
        self.mark = word[:1] if word in ("-", "*", "+", "–", "—", "·") else ""
        if (number := _NUMBER.match(word)) is not None:
            self.number = int(number[1])

    def kind(self, start: int, stop: int, at: int, word: str) -> int:
        """What the line end at `stop` is, after a line that begins at `start`, before `word` at `at`; 0 if blank."""
        line = self.text[start:stop].rstrip()
        body = line.lstrip()
        if not body:
            return 0
        ended = ends(body)
        goes_on = not ended and _goes_on(body)
        first = word[0]
        if not first.isalpha() or word[-1] in ".)":
            kind = self._marked(body, at, word, ended, goes_on)
            if kind:
                return kind
        if self.columns and self._aligned(line, stop, at):
            return HARD
        if self.pipes and self._piped(body, at):
            return HARD
        if not ended and body[-1] in "-=_*~#–—" and _RULE.match(body):
            return HARD
        if first.isupper() and not goes_on and (at - stop > _CENTRED or self._titled(body, at, word)):
            return HARD
        if ended:
            return HARD if body[-1] == ":" and body.isupper() else SOFT if body.endswith(_TITLES) else ENDED
        if goes_on:
            return SOFT
        if first.islower():
            return SOFT if word in _GOES_BACK else OPENER if word in _OPENERS else LOWER
        if body[-1] == "%" and word.rstrip(".,;") == "RA":  # a saturation on room air
            return SOFT
        if first.isdigit() and body[body.rfind(" ") + 1 :].lower() in _MEASURES:
            return SOFT
        if first in "(%&/<=>)+[,;" or (first.isdigit() and _counts(body, word)):
            return LOWER
        if (len(word) > 1 and word.istitle() and word.lower() in _FUNCTION) or (self.columns and "   " in body):
            return HARD
        return (
            LOWER if word.isupper() and len(word) > 1 and body.isupper() and line_at(self.text, at).isupper() else OPEN
        )

    def _marked(self, body: str, at: int, word: str, ended: bool, goes_on: bool) -> int:
        """The kind of a line end before a bullet, a number or a box; 0 where there is none."""
        first = word[0]
        if first in _BULLETS or (first == "#" and not word.strip("#")) or (first == ">" == word and body[0] == ">"):
            self.mark = first
            return HARD
        if word in ("-", "*", "+", "–", "—", "·"):
            if first == self.mark or ended:
                self.mark = first
                return HARD
            return SOFT if goes_on else OPEN
        if (number := _NUMBER.match(self.text, at)) is not None:
            return self._numbered(int(number[1]), ended, goes_on)
        if _LETTER.match(self.text, at):
            return HARD if ended else SOFT if goes_on else OPEN
        if _RULE.match(word):
            return HARD
        return 0

    def _numbered(self, number: int, ended: bool, goes_on: bool) -> int:
        if goes_on:
            return SOFT
        if ended or number == self.number + 1 > 1:
            self.number = number
            return HARD
        return OPEN

    def _aligned(self, line: str, stop: int, at: int) -> bool:
        """Whether the lines are rows of a table: a column begins at the same place in both."""
        mine = {gap.end() for gap in _GAP.finditer(line)}
        if not mine:
            return False
        offset = stop + 1
        line_after = line_at(self.text, offset)
        return any(gap.end() in mine or ("\t" in gap[0] and "\t" in line) for gap in _GAP.finditer(line_after))

    def _piped(self, body: str, at: int) -> bool:
        count = body.count("|")
        if not count:
            return False
        return (body[-1] == "|" == self.text[at]) or line_at(self.text, at).count("|") == count

    def _titled(self, body: str, at: int, word: str) -> bool:
        """Whether the next line begins with a label ("Plan: …") or is a header in capitals."""
        colon = self.text.find(":", at, at + 44)
        if colon > 0 and (found := _LABEL.match(self.text, at)) and "\n" not in found[0]:
            return not (": " in body or ". " in body) if body[-1] == ":" else not _LABEL_BEGINS.search(body)
        if len(word) > 2 and word.isupper() and not body.isupper():
            line = line_at(self.text, at).strip()
            return 4 < len(line) < 64 and line.isupper() and line[-1] not in ".,;"
        return False


def line_at(text: str, at: int) -> str:
    """The rest of the line that holds `at`."""
    end = text.find("\n", at)
    return text[at : end if end >= 0 else len(text)]


def indent_of(text: str, start: int, stop: int) -> int:
    """How many blanks stand before the first word of a line."""
    return stop - start - len(text[start:stop].lstrip())


def ends(line: str) -> bool:
    """Whether a line, without blanks at its end, ends a sentence or announces something."""
    last = line[-1:]
    return last in _ENDS or (last in _CLOSERS and line.rstrip(_CLOSERS)[-1:] in _ENDS)


def name_ends(line: str) -> bool:
    """Whether the last word of a line is a name, or of a title."""
    return line[line.rfind(" ") + 1 :][:1].isupper()


def _counts(body: str, word: str) -> bool:
    """Whether a number after a line belongs to the line, and begins no item of its own."""
    return ("  " in body or not body[0].isdigit()) and not _DATE.match(word)


def _goes_on(body: str) -> bool:
    """Whether a line ends in the middle of a sentence."""
    if body[-1] in ",;/&(-–":
        return True
    cut = body.rfind(" ") + 1
    tail = body[cut:]
    if len(tail) > 9:
        return False
    if tail not in _GOES_ON:
        # DO, MS and AS are no words but where all is in capitals.
        known = (len(tail) > 1 and tail.istitle()) or body.isupper()
        if not known or tail in ("May", "Will") or tail.lower() not in _GOES_ON:
            return False
    return tail.lower() not in _ANSWERS or body[:cut].rstrip()[-1:] not in tuple(":?-" + _BOXES)
