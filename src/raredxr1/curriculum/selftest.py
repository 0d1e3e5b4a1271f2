"""Can the rewards be reached at all? Known good turns are scored before a single step is trained.

Two kinds. For every case the right answer, before other names where a list is asked for: a gold name that the matcher
cannot recognise, or that no list can hold, would be punished for ever. For the full form also the turns that stage 1
teaches, whose reasoning is true by construction: if they do not earn their rewards, the rewards are wrong, or the
knowledge base is another than the one that wrote them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from raredxr1 import dialogue
from raredxr1.curriculum.config import RLConfig
from raredxr1.curriculum.prompts import Prompt, Rollout, read_rollout
from raredxr1.curriculum.scoring import Scorer
from raredxr1.errors import InputError
from raredxr1.internalize.config import Mixture
from raredxr1.internalize.corpus import Corpus
from raredxr1.knowledge import KnowledgeBase
from raredxr1.schemas import Candidate, DiseaseName, Form, Task

LEAST = 0.9
"""Least mean that gold turns must reach in every reward."""
LEAST_LENGTH = -0.1
"""Least mean of the over-length punishment, which is 0 at best."""
SEED = 9_001


@dataclass(frozen=True)
class SelfTest:
    """What gold turns earn: the mean of each reward, and the cases whose right answer earns nothing."""

    means: dict[str, float]
    unreachable: list[str]
    turns: int


def self_test(config: RLConfig, scorer: Scorer, prompts: Sequence[Prompt]) -> SelfTest:
    """Score gold turns.

    Raises:
        InputError: a reward cannot be reached.
    """
    answers = {prompt.index: gold_answer(prompt, scorer.terms.kb, config.least_names) for prompt in prompts}
    accuracy = {index: scorer.score(rollout)["accuracy"] for index, rollout in answers.items()}
    unreachable = sorted({prompts[index].case_id for index, earned in accuracy.items() if earned < 1.0})
    turns = list(answers.values()) if config.form == "short" else gold_turns(config, scorer, prompts)
    scored = [scorer.score(rollout) for rollout in turns[: max(config.self_test, 1)]]
    means = {name: sum(one[name] for one in scored) / len(scored) for name in scorer.names} if scored else {}
    if len(unreachable) * len(("differential", "final")) > (1 - LEAST) * len(prompts):
        raise InputError(
            f"self-test: the right answer earns no full reward in {len(unreachable)} of {len(prompts) // 2} cases "
            f"({', '.join(unreachable[:3])} ...): their diagnoses are not recognised"
        )
    low = {name: mean for name, mean in means.items() if mean < (LEAST_LENGTH if name == "length" else LEAST)}
    if low:
        said = ", ".join(f"{name} {mean:.2f}" for name, mean in low.items())
        raise InputError(f"self-test: gold turns do not reach their rewards: {said}; see curriculum/selftest.py")
    return SelfTest({name: round(mean, 4) for name, mean in means.items()}, unreachable, len(scored))


def gold_answer(prompt: Prompt, kb: KnowledgeBase, least_names: int) -> Rollout:
    """The right answer in the short form: alone, or first of as many names as a differential should hold."""
    names = [prompt.gold.name]
    if prompt.task == "differential":
        names = _filled(names, kb, prompt.gold.diseases, least_names)
    listed = "".join(f"{rank}. {dialogue.clean(name)}\n" for rank, name in enumerate(names, 1))
    text = f"{dialogue.ANSWER}\n{listed}{dialogue.ANSWER_END}"
    asked = Prompt(prompt.index, prompt.case_id, prompt.task, "short", prompt.note, prompt.text, prompt.gold)
    return read_rollout(asked, text, len(text.split()))


def gold_turns(config: RLConfig, scorer: Scorer, prompts: Sequence[Prompt]) -> list[Rollout]:
    """Full turns as stage 1 teaches them, about the diseases of the prompts, alternately in both tasks."""
    kb = scorer.terms.kb
    diseases = sorted({disease for prompt in prompts for disease in prompt.gold.diseases if kb.frequencies[disease]})
    if not diseases:
        return []
    corpus = Corpus(kb, diseases, SEED)
    rollouts: list[Rollout] = []
    for number in range(config.self_test):
        example = corpus.example(number, Mixture(final=0, differential=0, full=1, profile=0))
        if example.disease is None:
            continue
        note = example.prompt.partition(f"{dialogue.TURN_START}user\n")[2].partition(dialogue.TURN_END)[0]
        task: Task = ("differential", "final")[number % 2]
        form: Form = "full"
        turn = dialogue.parse(example.completion, note, form)
        names = [candidate.name for candidate in turn.answer]
        # as many names as asked for, also where fewer diseases are trained on
        names = names[:1] if task == "final" else _filled(names, kb, frozenset(diseases), config.least_names)
        answer = [Candidate(rank=rank, name=name) for rank, name in enumerate(names, 1)]
        turn = turn.model_copy(update={"task": task, "answer": answer})
        gold = scorer.matcher.gold([DiseaseName(id=i) for i in kb.disease_ids(example.disease)])
        present, absent = (
            frozenset(filter(None, (scorer.terms.linked(f.term) for f in turn.findings if f.present is there)))
            for there in (True, False)
        )
        asked = Prompt(number, f"gold-{number}", task, form, note, example.prompt, gold, present, absent)
        text = dialogue.render_turn(turn)
        rollouts.append(read_rollout(asked, text, min(len(text.split()), config.completion_tokens)))
    return rollouts


def _filled(names: list[str], kb: KnowledgeBase, taken: frozenset[int], least: int) -> list[str]:
    """Names, followed by those of other diseases until there are enough."""
    others = (dialogue.clean(name) for disease, name in enumerate(kb.disease_names) if disease not in taken)
    return [*names, *islice(others, max(0, least - len(names)))]
