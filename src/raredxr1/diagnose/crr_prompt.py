"""The opinions as the lead diagnostician reads them: behind the note, before its own answer.

The turn asked for is the usual one, so that it is read and scored like any other; quotes count only where they stand in
the note itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from raredxr1 import dialogue
from raredxr1.diagnose.asking import Prompt
from raredxr1.diagnose.engine import Engine
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.opinions import Heard
from raredxr1.schemas import Finding, Form, Task

ROLE = (
    "Opinions of other diagnosers and profiles of their candidates follow the note. You are the lead diagnostician: "
    "weigh them, trust none, quote the note alone."
)
_SIZES = ((10, 6, 10), (5, 5, 8), (5, 3, 6), (5, 0, 0), (3, 0, 0))
"""Diseases of each opinion, profiles, findings of each profile: tried in order until the prompt fits."""


@dataclass(frozen=True)
class Lead:
    """What stands before the lead diagnostician."""

    own: Prompt
    """How the model was asked without them: by the note, or by what was read of a long one."""
    opinions: str

    @staticmethod
    def within(own: Prompt, heard: Sequence[Heard], names: Names, engine: Engine, reserve: int) -> "Lead | None":
        """Write as much as fits into the context beside `reserve` tokens of turn; None: not even the least does."""
        for lines, profiles, findings in _SIZES:
            lead = Lead(own, written(heard, names, lines, profiles, findings))
            prompt = lead.ask("full", "differential", ())
            if engine.count(prompt.text + prompt.begun) + reserve <= engine.context_length:
                return lead
        return None

    def ask(self, form: Form, task: Task, read: Sequence[Finding]) -> Prompt:
        """The prompt for a form and a task."""
        user = f"{dialogue.note_of(self.own.text)}\n\n{self.opinions}"
        text = dialogue.chat(f"{dialogue.system_line(form, task)} {ROLE}", user)
        return replace(self.own, text=text) if form == "full" else Prompt(text)


def written(heard: Sequence[Heard], names: Names, lines: int, profiles: int, findings: int) -> str:
    """Write so many names of each opinion, and profiles of those named first by any, with so many findings each."""
    said = ["Opinions"]
    for one in heard:
        opinion = one.opinion
        listed = "; ".join(f"{line.rank}. {dialogue.clean(line.name, ';')}" for line in opinion.lines[:lines])
        said.append(f"{opinion.source} ({opinion.read}): {listed or opinion.silent}")
    described = _first_named(heard, names, profiles)
    if described:
        said += ["Profiles", *(_profile(disease, names, findings) for disease in described)]
    return "\n".join(said)


def _first_named(heard: Sequence[Heard], names: Names, most: int) -> list[int]:
    """The diseases named first by all, then those named second, and so on."""
    ranked = sorted(
        (line.rank, place, line.id) for place, one in enumerate(heard) for line in one.opinion.lines if line.id
    )
    diseases = dict.fromkeys(names.kb.disease(record_id) for _, _, record_id in ranked)
    return [disease for disease in diseases if disease is not None][:most]


def _profile(disease: int, names: Names, most: int) -> str:
    kb = names.kb
    common = sorted(kb.frequencies[disease].items(), key=lambda item: -item[1])
    findings = "; ".join(f"{kb.term_names[term]} {share:.0%}" for term, share in common[:most] if share > 0)
    return f"{kb.disease_names[disease]}: {findings}"
