"""What a teacher is asked, and how its turn comes back: the plain prompt, and the one that gives a failure back.

The reflection prompt shows the note, the former turn, what was wrong with it, E and K. It is made without ever seeing
the right answer: only `shortlist`, the hint of a last round, is given it, and hides it among others. The lessons of
stage 1 (`lessons.py`) are asked by the same function, so a model meets in sampling what it was taught to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from raredxr1 import dialogue
from raredxr1.evaluate.rows import Status
from raredxr1.knowledge import KnowledgeBase
from raredxr1.knowledge.closure import closure
from raredxr1.reflect.acceptance import Rejection, Shown
from raredxr1.schemas import Diagnosis, Form, Task

REVIEW = "A former answer failed: look again."
MOST_FAULTS = 4
"""Faults named in a prompt; more would only be noise."""


@dataclass(frozen=True)
class Ask:
    """One question to a teacher: a system line and a user turn."""

    system: str
    user: str

    @property
    def prompt(self) -> str:
        """The same as one ChatML prompt."""
        return dialogue.chat(self.system, self.user)


@dataclass(frozen=True)
class Written:
    """One turn as it came back; `tokens` were generated, `prompt_tokens` read."""

    text: str = ""
    tokens: int = 0
    prompt_tokens: int = 0
    truncated: bool = False
    status: Status = "ok"
    reason: str = ""


def plain(note: str, form: Form, task: Task) -> Ask:
    """Ask for a diagnosis, as serving does."""
    return Ask(dialogue.system_line(form, task), note)


def reflection(note: str, former: Diagnosis, faults: Sequence[Rejection], shown: Shown, form: Form, task: Task) -> Ask:
    """Give a failure back.

    Args:
        note: the note, some of it masked perhaps.
        former: the failed turn.
        faults: why it failed.
        shown: E, K and the hint.
        form: asked for.
        task: asked for.
    """
    parts = [
        note.strip(),
        "\n".join(["Former answer", *former_lines(former)]),
        f"Failed: {'; '.join(said(faults))}",
    ]
    if shown.profiles:
        parts.append("\n".join(["Profiles", *shown.profiles]))
    if shown.opinions:  # next to the answer, where a small model learns soonest to look
        parts.append("\n".join(["Opinions", *shown.opinions]))
    if shown.hint:
        parts.append(shown.hint)
    return Ask(f"{dialogue.system_line(form, task)} {REVIEW}", "\n".join(parts))


def former_lines(former: Diagnosis) -> list[str]:
    """Write the failed turn briefly: its hypotheses and weighing where it has them, then its names on one line."""
    lines = [hypothesis.name for hypothesis in former.hypotheses]
    lines = [f"weighed {'; '.join(lines)}"] if lines else []
    lines += [former.weigh] if former.weigh else []
    named = "; ".join(candidate.name for candidate in former.answer)
    return [*lines, named or "no name could be read"]


def said(faults: Sequence[Rejection]) -> list[str]:
    """Name what was wrong, each kind of fault once, without the right answer."""
    found: dict[str, str] = {}
    for fault in faults:
        what = "the diagnosis" if fault.filter == "diagnosis" else f"{fault.filter} ({fault.reason})"
        found.setdefault(fault.filter, what)
    return list(found.values())[:MOST_FAULTS]


def shortlist(right: str, others: Sequence[str], rng: Random) -> str:
    """Hide the right name among three others: the hint of a last round."""
    names = [right, *[name for name in dict.fromkeys(others) if name.casefold() != right.casefold()][:3]]
    rng.shuffle(names)
    return f"Shortlist: {'; '.join(names)}"


def profile(kb: KnowledgeBase, disease: int, findings: int) -> str:
    """Name the most frequent findings of a disease, the more specific first among equals: "Rett syndrome: a; b; c"."""
    information = closure(kb).information
    own = [(term, frequency) for term, frequency in kb.frequencies[disease].items() if frequency > 0]
    own.sort(key=lambda item: (-item[1], -float(information[item[0]]), item[0]))
    return f"{kb.disease_names[disease]}: {'; '.join(kb.term_names[term] for term, _ in own[:findings])}"


def candidates(kb: KnowledgeBase, former: Sequence[int], opinions: Sequence[Sequence[int]], most: int) -> list[int]:
    """Choose whose profiles to show: the former first name, then the opinions' names in turn, best first."""
    longest = max(map(len, opinions), default=0)
    woven = [names[rank] for rank in range(longest) for names in opinions if rank < len(names)]
    return list(dict.fromkeys([*former[:1], *woven, *former[1:]]))[:most]
