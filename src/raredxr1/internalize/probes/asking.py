"""Ask a model all questions and judge its answers."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from raredxr1.evaluate.resampling import Resamples
from raredxr1.internalize.callbacks import MetricsFile
from raredxr1.internalize.config import InternalizeConfig, Probes
from raredxr1.internalize.probes.judging import Judge, ProbeReport
from raredxr1.internalize.probes.questions import NoteQuestion, Questions, make_questions
from raredxr1.internalize.probes.writing import asking, log_likelihoods, write
from raredxr1.knowledge import KnowledgeBase
from raredxr1.runstore import append_jsonl
from raredxr1.schemas import MAX_CANDIDATES

NAME_TOKENS = 48
"""Of a turn that holds one name; the longest names of the knowledge base are cut, and count as wrong."""

Answers = dict[str, list[float]]
"""By figure, one value a question (a pair of look-alikes counts as one): 0 to 1."""


class Prober:
    """Asks the same questions of a model as often as wanted."""

    def __init__(self, config: InternalizeConfig, probes: Probes, kb: KnowledgeBase, diseases: Sequence[int]) -> None:
        """Draw the questions; see `make_questions`."""
        self.config, self.probes, self.kb = config, probes, kb
        self.questions: Questions = make_questions(config, probes, kb, diseases)
        self._judge = Judge(kb)

    def ask(self, model: Any, tokenizer: Any) -> ProbeReport:
        """Ask everything and take means; the model may be in training and is left as it was."""
        started = time.monotonic()
        answers = self.answers(model, tokenizer)
        return ProbeReport(
            figures={name: Resamples({name: values}, self.probes.seed).mean(name) for name, values in answers.items()},
            held_out=self.config.held_out is not None,
            said_in_new_words=self.questions.said_in_new_words,
            left_out=self.questions.left_out,
            seed=self.probes.seed,
            seconds=round(time.monotonic() - started, 2),
        )

    def answers(self, model: Any, tokenizer: Any) -> Answers:
        """How each question was answered."""
        found: Answers = {}
        with asking(model, self.config.bf16):
            for kind, questions in (("familiar", self.questions.familiar), ("new", self.questions.new)):
                if questions:
                    ranks = self._ranks(questions, model, tokenizer)
                    found[f"{kind}_top1"] = [float(rank == 1) for rank in ranks]
                    found[f"{kind}_top10"] = [float(rank is not None) for rank in ranks]
                    found[f"{kind}_mrr"] = [1 / rank if rank else 0.0 for rank in ranks]
            found |= self._described(model, tokenizer)
            if self.questions.choices:
                found["choice_accuracy"] = self._chosen(model, tokenizer)
        return found

    def _ranks(self, questions: Sequence[NoteQuestion], model: Any, tokenizer: Any) -> list[int | None]:
        """Rank of the right name among ten beams for each note; None: not among them."""
        prompts, tokens = [question.prompt for question in questions], min(self.probes.tokens, NAME_TOKENS)
        batch = max(1, self.probes.batch // 2)  # a beam search holds ten turns a prompt
        turns = write(model, tokenizer, prompts, tokens, MAX_CANDIDATES, batch)
        return [self._judge.rank(t, q.note, q.disease) for q, t in zip(questions, turns, strict=True)]

    def _described(self, model: Any, tokenizer: Any) -> Answers:
        """Precision and recall of told findings, of the disease asked about and, as chance, of the next one."""
        asked = self.questions.profiles
        turns = write(model, tokenizer, [q.prompt for q in asked], self.probes.tokens, 1, 4 * self.probes.batch)
        answers = ["".join(turn) for turn in turns]
        own = [question.disease for question in asked]
        judged = {"": own, "_chance": own[1:] + own[:1]} if len(set(own)) > 1 else {"": own}
        found: Answers = {}
        for kind, diseases in judged.items():
            both = [self._judge.profile(answer, d) for answer, d in zip(answers, diseases, strict=True)]
            found[f"profile_precision{kind}"] = [precision for precision, _ in both]
            found[f"profile_recall{kind}"] = [recall for _, recall in both]
        return found

    def _chosen(self, model: Any, tokenizer: Any) -> list[float]:
        """The likelier of the two names, as the beginning of an answer; a pair, asked both ways, counts as one."""
        asked, names = self.questions.choices, self.kb.disease_names
        pairs = [(q.prompt, f"{names[d]}:") for q in asked for d in (q.right, q.wrong)]
        scores = log_likelihoods(model, tokenizer, pairs, 2 * self.probes.batch)
        right = [float(scores[2 * i] > scores[2 * i + 1]) for i in range(len(asked))]
        return [(right[i] + right[i + 1]) / 2 for i in range(0, len(right), 2)]


FILE = "probes.jsonl"


class ProbeFile(TrainerCallback):  # type: ignore[misc]
    """Appends what the probes find to probes.jsonl: step, tokens, minutes of training, figures.

    The weights are the same with probes and without: they are asked in evaluation mode, greedily, with the state of the
    random numbers kept. Their time is taken out of the tokens a second.
    """

    def __init__(
        self, path: Path, prober: Prober, tokenizer: Any, tokens_a_step: int, metrics: MetricsFile | None = None
    ) -> None:
        """Take the questions, where to write, and whose clock is to stop meanwhile."""
        self.path, self.prober, self.tokenizer = path, prober, tokenizer
        self.tokens, self.metrics = tokens_a_step, metrics
        self.interval = 60 * prober.probes.every_minutes
        self.trained, self.since, self.asked_at = 0.0, time.monotonic(), -1

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ask before the first step; where training goes on, go on with its minutes."""
        rows = read_rows(self.path)
        while rows and rows[-1]["step"] > state.global_step:
            rows.pop()
        self.trained = 60 * rows[-1]["minutes"] if rows else 0.0
        self.since = time.monotonic()
        if rows and rows[-1]["step"] == state.global_step:
            self.asked_at = state.global_step
        else:
            self._ask(state.global_step, kwargs["model"])

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Look at the clock."""
        if time.monotonic() - self.since >= self.interval:
            self._ask(state.global_step, kwargs["model"])

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ask after the last step."""
        if self.asked_at != state.global_step:
            self._ask(state.global_step, kwargs["model"])

    def _ask(self, step: int, model: Any) -> None:
        began = time.monotonic()
        self.trained += began - self.since
        report = self.prober.ask(model, self.tokenizer)
        row = {"step": step, "tokens": step * self.tokens, "minutes": round(self.trained / 60, 3)}
        append_jsonl(self.path, [row | report.model_dump(mode="json")])
        self.since, self.asked_at = time.monotonic(), step
        if self.metrics:
            self.metrics.paused += self.since - began


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file with a `step`, less those that a resumed run went through again.

    A last line that a kill cut short is left out: what it said is asked again.
    """
    kept: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        while kept and kept[-1]["step"] > row["step"]:
            kept.pop()
        kept.append(row)
    return kept
