"""What is trained on: every usable case once as a differential and once as a final diagnosis.

A row that cannot be trained on (unreadable, no diagnosis, nothing to read, too long) is kept as a row with its reason,
never dropped silently.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from raredxr1 import dialogue
from raredxr1.cases.plain import render_case
from raredxr1.cases.readers import RowError, read_cases
from raredxr1.curriculum.config import RLConfig, Synthetic
from raredxr1.errors import InputError
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.internalize.corpus import Corpus, taught_diseases
from raredxr1.knowledge import KnowledgeBase
from raredxr1.runstore import sha256
from raredxr1.schemas import Case, Diagnosis, Form, Task

TASKS: tuple[Task, ...] = ("differential", "final")


@dataclass(frozen=True)
class Prompt:
    """One case asked in one task.

    Attributes:
        index: place in the list of prompts; even: differential, odd: final diagnosis.
        case_id: the case.
        task: what is asked.
        form: how it is to be answered.
        note: the text as given.
        text: the prompt as the model reads it.
        gold: the right answer, ready for the matcher.
        present: term numbers of the patient's findings; empty where the case gives none.
        absent: term numbers of what the case says is absent.
    """

    index: int
    case_id: str
    task: Task
    form: Form
    note: str
    text: str
    gold: Gold
    present: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()


@dataclass
class PromptSet:
    """All prompts, the rows that gave none, and where everything comes from."""

    prompts: list[Prompt] = field(default_factory=list)
    unusable: list[dict[str, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases are trained on."""
        return len(self.prompts) // len(TASKS)


def make_prompts(
    config: RLConfig, kb: KnowledgeBase, matcher: Matcher, start: Path, tokens: Callable[[str], int]
) -> PromptSet:
    """Read or draw all cases and write their prompts.

    Args:
        config: the recipe.
        kb: the knowledge base.
        matcher: prepares the right answers.
        start: folder of the starting checkpoint; `taught.json` in it says which diseases synthetic patients may have.
        tokens: how many tokens a text has.

    Raises:
        InputError: a case file is missing or damaged, or no case is usable.
    """
    found = PromptSet()
    for path in config.cases:
        rows = read_cases(path)
        found.inputs[f"cases {path.name}"] = sha256(path)
        found.sources += [s for s in _sources(rows) if s not in found.sources]
        for row in rows:
            _add(row, path.name, config, kb, matcher, tokens, found)
    if config.synthetic:
        found.sources.append(f"synthetic-{config.synthetic.seed} (patients drawn from HPO annotations)")
        for case in synthetic_cases(config.synthetic, kb, start):
            _add(case, "synthetic", config, kb, matcher, tokens, found)
    if not found.prompts:
        first = found.unusable[0] if found.unusable else {"reason": "no rows"}
        raise InputError(f"no case can be trained on: {first.get('case', '')} {first['reason']}".replace("  ", " "))
    return found


def synthetic_cases(synthetic: Synthetic, kb: KnowledgeBase, start: Path) -> list[Case]:
    """Draw patients of the diseases a checkpoint was taught; of all, where it does not say which."""
    taught = start / "taught.json"
    if taught.is_file():
        ids = json.loads(taught.read_text(encoding="utf-8"))
        diseases = [disease for disease in map(kb.disease, ids) if disease is not None]
    else:
        diseases = taught_diseases(kb)
    corpus = Corpus(kb, diseases, synthetic.seed, synthetic.plain_share, register_share=synthetic.register_share)
    return [corpus.case(number) for number in range(synthetic.count)]


def write_unusable(path: Path, found: PromptSet) -> None:
    """Write the rows that cannot be trained on, one a line, with the reason."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found.unusable), encoding="utf-8")


def _add(
    row: Case | RowError,
    file: str,
    config: RLConfig,
    kb: KnowledgeBase,
    matcher: Matcher,
    tokens: Callable[[str], int],
    found: PromptSet,
) -> None:
    if isinstance(row, RowError):
        found.unusable.append({"file": file, "case": row.case_id or f"line {row.line}", "reason": row.reason})
        return
    note, reason = _note(row, kb)
    gold = matcher.gold(row.gold)
    if not reason and not gold.labels and not gold.ids:
        reason = "gold: names no disease"
    texts = [dialogue.render_prompt(note, config.form, task) for task in TASKS]
    longest = max(map(tokens, texts)) if not reason else 0
    if longest > config.prompt_tokens:
        reason = f"the prompt has {longest} tokens, prompt_tokens allows {config.prompt_tokens}"
    if reason:
        found.unusable.append({"file": file, "case": row.case_id, "reason": reason})
        return
    present, absent = (
        frozenset(kb.term(i) for i in ids if kb.resolve_term(i)) for ids in (row.hpo_observed, row.hpo_excluded)
    )
    for task, text in zip(TASKS, texts, strict=True):
        found.prompts.append(
            Prompt(len(found.prompts), row.case_id, task, config.form, note, text, gold, present, absent)
        )


def _note(case: Case, kb: KnowledgeBase) -> tuple[str, str]:
    """The text to read, and why there is none."""
    if case.note and case.note.strip():
        return case.note, ""
    known = {key: [i for i in getattr(case, key) if kb.resolve_term(i)] for key in ("hpo_observed", "hpo_excluded")}
    if not any(known.values()):
        return "", "neither a note nor phenotypes the knowledge base knows"
    return render_case(case.model_copy(update=known), kb), ""


def _sources(rows: Sequence[Case | RowError]) -> list[str]:
    """Where cases come from, in words: the repository of each source, with the split where the rows name one."""
    found: dict[str, None] = {}
    for row in rows:
        if isinstance(row, Case) and row.source:
            split = getattr(row, "split", None)
            found.setdefault(row.source.split(" ")[0] + (f" (split: {split})" if isinstance(split, str) else ""))
    return list(found)


@dataclass(frozen=True)
class Rollout:
    """What the model wrote to a prompt, as text and as a Diagnosis.

    Attributes:
        prompt: what was asked.
        text: the completion without the end-of-turn token.
        tokens: its length, the end-of-turn token included.
        truncated: it was cut at the limit.
        diagnosis: the text, parsed.
    """

    prompt: Prompt
    text: str
    tokens: int
    truncated: bool = False
    diagnosis: Diagnosis = field(default_factory=Diagnosis)

    @property
    def names(self) -> list[str]:
        """The names of the answer, in order."""
        return [candidate.name for candidate in self.diagnosis.answer]


def read_rollout(prompt: Prompt, text: str, tokens: int, truncated: bool = False) -> Rollout:
    """Parse a completion as serving and scoring do."""
    diagnosis = dialogue.parse(text, prompt.note, prompt.form, prompt.task, truncated)
    return Rollout(prompt, text, tokens, truncated, diagnosis)
