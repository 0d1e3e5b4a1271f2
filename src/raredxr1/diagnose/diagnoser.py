"""The product as a Python object: opened once, asked as often as wanted.

from raredxr1 import Diagnoser

diagnoser = Diagnoser()
result = diagnoser.diagnose("Girl of 4 years. She lost her words at 18 months and wrings her hands all day.")
for candidate in result.candidates:
    print(candidate.rank, candidate.name, candidate.id, candidate.confidence)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from raredxr1.diagnose.batched import ROWS, Given, diagnose_many
from raredxr1.diagnose.inputs import note_of, of_json, of_text, read_input
from raredxr1.diagnose.model import open_model
from raredxr1.diagnose.names import open_names
from raredxr1.diagnose.pipeline import NEXT_STEPS, Options, diagnose, with_crr
from raredxr1.diagnose.result import Result
from raredxr1.errors import InputError, reading

Note = str | Path | Mapping[str, Any]
"""A note in words; a file with a note, phenopacket or FHIR bundle; or the parsed JSON of one of the two."""


class Diagnoser:
    """A model and a knowledge base, open. Give each thread its own, or ask from one at a time."""

    def __init__(
        self,
        model: Path | str | None = None,
        knowledge: Path | str | None = None,
        *,
        threads: int | None = None,
        options: Options | None = None,
        crr: bool | None = None,
        deidentify: bool = False,
    ) -> None:
        """Open the model and the knowledge base.

        Args:
            model: exported folder, bundle or checkpoint, by default the shipped model; or the name of a model server,
                such as "ollama:qwen3:14b", which every note is then sent to.
            knowledge: knowledge base; by default the shipped one.
            threads: to compute with; by default one for each physical core.
            options: how to diagnose; by default as people are served, with next steps.
            crr: let other diagnosers' opinions in; None: if the options say how, else where that measured better for
                this model.
            deidentify: replace names, dates and the like before anything reads a note; look over what is left.

        Raises:
            InputError: the model or the knowledge base is missing or damaged, or the options do not go with the model.
        """
        self.model = open_model(model or None, threads)
        self.names = open_names(Path(knowledge) if knowledge else None)
        self._asked = options or Options(next_steps=NEXT_STEPS)
        self._crr = True if crr is None and self._asked.crr else crr
        self.options = with_crr(self._asked, self.model, self._crr)
        self._deidentify = deidentify

    def diagnose(self, note: Note, *, name: str | None = None, on_text: Callable[[str], None] | None = None) -> Result:
        """Diagnose one patient.

        Args:
            note: see `Note`.
            name: what the result calls the note; by default its file's name, or "text".
            on_text: given each piece of the model's turn as it is written.

        Raises:
            InputError: the note cannot be read, says nothing, or is longer than the model can read.
        """
        given = self._given(note, name)
        return diagnose(
            given.note, self.model, self.names, self.options, given.name, on_text, given.notices, given.redactions
        )

    def diagnose_many(self, notes: Iterable[Note], rows: int = ROWS) -> Iterator[Result | InputError]:
        """Diagnose many, `rows` at a time, which is several times as fast; gives results, or why there is none.

        Args:
            notes: see `Note`; read as they are needed.
            rows: notes held and answered together.
        """
        waiting = iter(notes)
        while chunk := list(islice(waiting, rows)):
            given: list[Given | InputError] = []
            for note in chunk:
                try:
                    given.append(self._given(note, None))
                except InputError as error:
                    given.append(error)
            good = [one for one in given if isinstance(one, Given)]
            results = iter(diagnose_many(good, self.model, self.names, self.options))
            yield from (one if isinstance(one, InputError) else next(results) for one in given)

    def with_options(self, **changes: Any) -> "Diagnoser":
        """The same model and knowledge, asked in another way: `with_options(samples=5)`.

        Whether CRR is used is settled anew, unless `crr` is among the changes: what measured better for one form says
        nothing of another.
        """
        other = copy(self)
        other._asked = replace(self._asked, **changes)
        if "crr" in changes:
            other._crr = changes["crr"] is not None
        other.options = with_crr(other._asked, self.model, other._crr)
        return other

    def _given(self, note: Note, name: str | None) -> Given:
        if isinstance(note, Path):
            name = name or note.name
            with reading(note):
                read = read_input(note.read_bytes(), name)
        elif isinstance(note, str):
            read = of_text(note, name or "text")
        else:
            read = of_json(dict(note), name or "text")
        words, notices = note_of(read, name or "text", self.names.kb)
        return Given.of(words, name or "text", notices, self._deidentify)
