"""What a text says of the findings it mentions.

The text is cut once into logical lines (`lines`), which headings own (`headings`), then into rows of tables (`tables`),
boxes to tick (`boxes`) and sentences, whose cues are read from left to right (`clauses`, `subjects`). The words that
are looked for stand in `data/assertion`. English only.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from raredxr1 import lazy_re as re
from raredxr1.knowledge.assertion.boxes import BOX, Boxes, boxes_of, signed_lines, ticked_states
from raredxr1.knowledge.assertion.carried import (
    GROWN,
    Carried,
    gender_of,
    goes_on,
    is_headed,
    is_past,
    names_of,
    years_of,
)
from raredxr1.knowledge.assertion.clauses import read_clauses
from raredxr1.knowledge.assertion.context import NONE_SEEN, YES_NO, Context, Place
from raredxr1.knowledge.assertion.cues import FINDING, Word, words_of
from raredxr1.knowledge.assertion.decided import decided, is_doubted, under
from raredxr1.knowledge.assertion.effects import effects, letters_of
from raredxr1.knowledge.assertion.general import general, of_somebody
from raredxr1.knowledge.assertion.headings import (
    PATIENT,
    WRITER,
    Heading,
    Owner,
    heading_line,
    inline_heading,
    is_heading,
    next_owner,
)
from raredxr1.knowledge.assertion.labels import is_label, several_labels
from raredxr1.knowledge.assertion.lines import Line, is_item, logical_lines, sentences, without_leaders
from raredxr1.knowledge.assertion.patient import NUMBERED, patient_of
from raredxr1.knowledge.assertion.precautions import precautions
from raredxr1.knowledge.assertion.separated import with_bars
from raredxr1.knowledge.assertion.states import Assertion
from raredxr1.knowledge.assertion.subjects import GOES_ON, Subject
from raredxr1.knowledge.assertion.tables import Row, Table, cell_of, rows_of
from raredxr1.knowledge.assertion.unborn import of_mother
from raredxr1.rare_re import rare

LONGEST = 250
"""Words of a sentence that are read together: what has no full stop for longer is no sentence."""

_PRONOUN = re.compile(r"\s*(?:he|she)\b", re.IGNORECASE)
_ALLERGIES = re.compile(r"\s*(?:All|ALL|ADRs?|NKDA but|Allerg(?:y|ies)|ALLERG(?:Y|IES))\s?:")
"""Heads of allergies in ward shorthand."""
_FREQUENCY = re.compile(
    r"\s+(?:is|are|occurs?|(?:can|may) (?:be|occur))\s+(?:[a-z]+\s+)?"
    r"(?:rare|rarely|uncommon|common|unusual|infrequent|possible)\b",
    re.IGNORECASE,
)
"""What is said of side effects in general, and not of those that a patient has."""


def assertions(text: str, places: Sequence[Place]) -> list[Assertion]:
    """Say of each place (start, end) of a text what is said there, in order."""
    return [said for said, _ in statements(text, places)]


def statements(text: str, places: Sequence[Place]) -> list[tuple[Assertion, bool]]:
    """Say of each place what `assertions` does, and whether what is of another person is denied of them."""
    if not places:
        return []
    text = with_bars(without_leaders(text))
    findings = _merged(places)
    said = dict.fromkeys(findings, Assertion.present)
    note = _Note(text, findings)
    said |= note.states()
    said |= of_mother(text, findings)
    starts = [a for a, _ in findings]
    of_place = [findings[max(0, bisect_left(starts, start + 1) - 1)] for start, _ in places]
    return [(said[place], place in note.denied) for place in of_place]


def _merged(places: Sequence[Place]) -> list[Place]:
    merged: list[Place] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


_DIED = rare(r"\b(?:died|dead|deceased|death|passed away|succumbed)\b", re.IGNORECASE)
_WELL = re.compile(r"\b(?:no|not|well|healthy|fit|unaffected|normal|fine|alive|asymptomatic)\b", re.IGNORECASE)
_ILL = re.compile(
    r"\b(?:died|dead|deceased|death|passed away|succumbed|affected|has|had|have|suffer\w*|diagnosed|disabled|ill|"
    r"similar(?:ly)?|same)\b",
    re.IGNORECASE,
)
"""Words of a sentence about a relative who has something, though it names no finding."""


class _Note:
    """A text with its findings, read line by line."""

    def __init__(self, text: str, findings: Sequence[Place]) -> None:
        self._text = text
        self._lines = logical_lines(text, findings, is_heading)
        self._of_line = self._dealt(findings)
        self._boxes: Boxes | None = boxes_of(text)
        self._signed = signed_lines(self._lines)
        self._rows = rows_of(text, self._lines)
        self._tables = self._made_tables()
        self._states: dict[Place, Assertion] = {}
        self.denied: set[Place] = set()
        """What is of others, and denied of them."""
        self._patient = patient_of(text)
        self._of_somebody = of_somebody(text)
        self._years = years_of(text)
        self._names, self._relatives = names_of(text, self._years)

    def states(self) -> dict[Place, Assertion]:
        """Read it."""
        owner: Owner | None = None
        context = Context()
        for number, line in enumerate(self._lines):
            findings = self._of_line[number]
            heading = (
                heading_line(self._text, line, bool(findings), lists=is_item(self._text, self._lines, number + 1))
                if number not in self._rows
                else None
            )
            heading = self._of_writer(
                heading
                or self._by_number(line.start, line.end)
                or (inline_heading(self._text, line.start, line.end) if not line.bullet else None),
                owner is not None and owner.family,
            )
            if owner and heading and heading.state == PATIENT and line.indent > owner.indent:
                heading = None
            owner = next_owner(owner, line, heading, self._text)
            context = Context(owner.state if owner else PATIENT, relative=context.relative if owner else "")
            context.family = owner is not None and owner.family
            if owner and heading:
                context.relative = ""
            if number in self._signed and findings:
                self._states |= dict.fromkeys(findings, self._signed[number])
                continue
            if number in self._rows:
                self._row(number, context)
                continue
            if findings or context.state != PATIENT or context.asked:
                self._line(line, findings, context, heading)
        return self._states

    def _of_writer(self, heading: Heading | None, family: bool) -> Heading | None:
        """A heading as it stands, but for "Me:" and for who tells of the patient.

        "Me:" names a relative where a parent writes, and else nobody; a relative who is quoted outside a family history
        is no subject.
        """
        if heading is not None and heading.teller and not family:
            return replace(heading, state=PATIENT, person=False)
        if heading is None or heading.state != WRITER:
            return heading
        return replace(heading, state="other", person=True) if self._patient.writer == "relative" else None

    def _by_number(self, start: int, end: int) -> Heading | None:
        """A heading that names somebody of the pedigree by a number, where the note tells which the patient's is."""
        match = NUMBERED.match(self._text, start, end) if self._patient.number else None
        if match is None:
            return None
        own = "".join(match["number"].split()) == self._patient.number
        return Heading(PATIENT if own else "other", match.end(), person=not own)

    def _dealt(self, findings: Sequence[Place]) -> list[list[Place]]:
        """The findings of each line."""
        dealt: list[list[Place]] = [[] for _ in self._lines]
        at = 0
        for place in findings:
            while at + 1 < len(self._lines) and self._lines[at + 1].start <= place[0]:
                at += 1
            if self._lines and self._lines[at].start <= place[0] < self._lines[at].end:
                dealt[at].append(place)
        return dealt

    # --- tables ------------------------------------------------------------------------------------------------------

    def _made_tables(self) -> dict[int, Table]:
        rows: dict[int, list[int]] = {}
        for number, row in self._rows.items():
            rows.setdefault(row.table, []).append(number)
        return {
            table: Table(
                self._text,
                [self._rows[number] for number in numbers],
                [self._in_cell(number, 0) for number in numbers],
            )
            for table, numbers in rows.items()
        }

    def _in_cell(self, number: int, cell: int) -> bool:
        start, end = self._rows[number].cells[cell]
        return any(start <= a < end for a, _ in self._of_line[number])

    def _row(self, number: int, context: Context) -> None:
        row, findings = self._rows[number], self._of_line[number]
        if findings and self._boxes and self._ticked_list(row):
            self._line(self._lines[number], findings, context, None)
            return
        table = self._tables[row.table]
        if table.of_relatives:
            context = Context("other", family=True)
        of_cell: dict[int, list[Place]] = {}
        for finding in findings:
            of_cell.setdefault(cell_of(row, finding[0]), []).append(finding)
        state = table.of_row(row) if 0 in of_cell else None
        for cell, inside in of_cell.items():
            start, end = row.cells[cell]
            if cell == 0 and state is not None:
                self._states |= dict.fromkeys(inside, under(context.state, state))
                continue
            heads = table.of_header(cell) if row is table.first and cell else None
            if heads is not None:
                self._states |= dict.fromkeys(inside, heads)
                continue
            answer = table.answer_behind(row, cell) if cell and row is not table.first else None
            if answer is not None:
                self._states |= dict.fromkeys(inside, under(context.state, answer))
                continue
            own = Context(table.column_state(row, cell) or context.state)
            part = Line(start, max(end, inside[-1][1]), "", 0, False)
            self._line(part, inside, own, None)

    def _ticked_list(self, row: Row) -> bool:
        """Whether each cell is a box with its words, so that the row is a line of several boxes."""
        starts = [BOX.match(self._text, start, end) for start, end in row.cells[1:]]
        return all(
            box and self._text[box.end() : end].strip() for box, (_, end) in zip(starts, row.cells[1:], strict=True)
        )

    # --- lines -------------------------------------------------------------------------------------------------------

    def _line(self, line: Line, findings: Sequence[Place], context: Context, heading: Heading | None) -> None:
        if self._boxes and (ticked := ticked_states(self._text, line, findings, self._boxes)):
            self._states |= {place: under(context.state, state) for place, state in ticked.items()}
            findings = [place for place in findings if place not in ticked]
            if not findings:
                return
        at = 0
        owned = context.state if not heading or context.family else PATIENT
        inline, full = None, True
        for start, end in sentences(self._text, line, findings):
            inside = []
            while at < len(findings) and findings[at][0] < end:
                inside.append(findings[at])
                at += 1
            start = self._answer(start, end, context)
            begins = self._by_number(start, end) or self._of_writer(
                inline_heading(self._text, start, end), context.family
            )
            if begins:
                denied = begins.state == "absent" and context.family and start == line.start
                context.state, context.relative = "other" if denied else begins.state, ""
                start = begins.start
                inline = begins
                context.headed = gender_of(self._text[line.start : start].lower().strip()) if begins.person else ""
                if begins.state == PATIENT or (begins.state == "other" and not begins.person and not begins.closed):
                    owned = begins.state
            elif inline and full and (inline.person or inline.state in ("absent", "present", "uncertain")):
                context.state, inline = owned, None
            if self._of_somebody:
                context.general = general(self._text, start, end, context.general is not None)
            self._sentence(start, end, inside, context)
            full = self._text[end - 1] != ";"
            if begins and begins.closed:
                context.state, inline = owned, None

    def _answer(self, start: int, end: int, context: Context) -> int:
        """A yes or no to the question before; where the sentence begins behind it."""
        begin = start
        if context.asked and (answer := YES_NO.match(self._text, start, end)):
            self._states |= dict.fromkeys(context.asked, Assertion.present if answer["yes"] else Assertion.absent)
            begin = answer.end()
        elif context.sought and NONE_SEEN.match(self._text, start, end):
            self._states |= dict.fromkeys(context.sought, Assertion.absent)
        asked = any(self._text[a:b].lower().startswith("allerg") for a, b in context.asked)
        goes_on = context.allergies and self._text[:start].rstrip()[-1:] == ";"
        context.allergies = asked or goes_on or bool(_ALLERGIES.match(self._text, start, end))
        context.asked, context.sought = [], []
        return begin

    def _sentence(self, start: int, end: int, findings: Sequence[Place], context: Context) -> None:
        if not findings and context.state != "other":
            context.labels = several_labels(self._text, start, end, context.labels)
            if context.carried is not None and not self._goes_on(
                context, words_of(self._text, start, end, ())[:LONGEST]
            ):
                context.carried = None
            context.before = start, end
            context.effects &= self._text[end - 1] == ";"
            context.part = self._begun_with(start, end) if self._text[end - 1] == ";" else None
            return
        if context.before and _PRONOUN.match(self._text, start, end):
            # whom the sentence before was about matters to the pronoun that this one begins with
            subject = Subject(antecedent=context.antecedent)
            before = words_of(self._text, *context.before, ())[:LONGEST]
            read_clauses(before, subject)
            context.antecedent = subject.antecedent
            ill = _ILL.search(self._text, *context.before) and not _WELL.search(self._text, *context.before)
            if context.carried is None and ill and subject.carried is not None:
                context.carried = Carried(subject.carried, is_past(before))
        elif context.before:
            context.antecedent = ""
        context.before = None
        words = words_of(self._text, start, end, findings)
        subject = Subject(
            context.state == "other",
            context.antecedent,
            context.relative,
            self._patient.writer,
            self._patient.gender,
            self._patient.born,
            self._names,
            context.neutral,
            self._years is not None and self._years >= GROWN,
        )
        if context.state != "other":
            if context.part is not None and words and words[0].text in GOES_ON:
                subject.go_on(context.part)
            elif self._goes_on(context, words):
                subject.go_on(context.carried.gender if context.carried else "")
            elif is_headed(words, context.headed, self._patient.gender):
                subject.go_on(context.headed)
            elif words and words[0].text in self._relatives and self._text[start:end].lstrip()[:1].isupper():
                subject.go_on(self._relatives[words[0].text])
        context.part = None
        verdicts = {
            first + at: verdict
            for first in range(0, len(words), LONGEST)
            for at, verdict in read_clauses(words[first : first + LONGEST], subject).items()
        }
        letters = letters_of(words)
        for at in effects(words, letters, self._text, context.allergies):
            verdicts[at].supposed |= not verdicts[at].denied
        for at in precautions(words, letters, self._text):
            verdicts[at].supposed = True
        if context.effects:  # "side effects: fever, rash; febrile seizures are rare"
            for at, verdict in verdicts.items():
                verdict.supposed |= bool(_FREQUENCY.match(self._text, words[at].end))
        if context.general:
            for at, verdict in verdicts.items():
                verdict.supposed |= context.general[0] <= words[at].start < context.general[1]
        last = verdicts[max(verdicts)] if verdicts else None
        listed = last is not None and last.supposed and not last.tested
        context.effects = listed and self._text[end - 1] == ";"
        context.antecedent = subject.antecedent
        context.relative = subject.relative or context.relative
        context.neutral = subject.neutral
        theirs = [verdict for verdict in verdicts.values() if verdict.other and not verdict.denied]
        has = bool(theirs) or _DIED.search(self._text, start, end) is not None
        context.carried = Carried(subject.carried, is_past(words)) if has and subject.carried is not None else None
        found = [word for word in words if word.text == FINDING]
        context.labels = several_labels(self._text, start, end, context.labels)
        for word, (_, verdict) in zip(found, sorted(verdicts.items()), strict=True):
            verdict.uncertain |= is_doubted(self._text, word.start, word.end)
            verdict.uncertain |= is_label(self._text, start, (word.start, word.end), end, context.labels)
        for place, (_, verdict) in zip(found, sorted(verdicts.items()), strict=True):
            said = decided(self._text, verdict, context.state, start, place.start)
            self._states[place.start, place.end] = said
            if said is Assertion.other and verdict.denied:
                self.denied.add((place.start, place.end))
        if self._text[start:end].rstrip().endswith("?"):
            context.asked = [(word.start, word.end) for word in found]
        context.sought = [
            (word.start, word.end)
            for word, (_, one) in zip(found, sorted(verdicts.items()), strict=True)
            if one.supposed
        ]

    def _begun_with(self, start: int, end: int) -> str | None:
        """Gender of the relative whom a part of a sentence begins with: "Older brother (8), carrier only; "."""
        subject = Subject(patient=self._patient.gender)
        read_clauses(words_of(self._text, start, end, ())[:LONGEST], subject)
        return subject.begun_with

    def _goes_on(self, context: Context, words: Sequence[Word]) -> bool:
        return context.carried is not None and goes_on(words, context.carried, self._patient.gender, self._years)
