"""Everything that judging and asking need, opened once: knowledge, matcher, right answers, rankings, accepted pool."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from raredxr1.diagnose.names import Names
from raredxr1.evaluate.case_set import Item
from raredxr1.evaluate.gold import Gold
from raredxr1.evaluate.matcher import Matcher
from raredxr1.knowledge.claims import Claims
from raredxr1.reflect.acceptance import Pool, Rejection, Shown, judge, read
from raredxr1.reflect.attempt_log import Advice, Attempt
from raredxr1.reflect.config import ReflectConfig
from raredxr1.reflect.opinions import Opinion, Rankings
from raredxr1.reflect.prompts import Ask, Written
from raredxr1.schemas import Diagnosis


@dataclass
class Context:
    """The cases at hand and the means to judge them.

    Attributes:
        config: of the run.
        items: usable cases by id, in order.
        names: what names link to.
        matcher: evaluation's own.
        rankings: E of the knowledge base.
        further: E of further models, by case.
        truth: what is true of diseases and findings.
        pool: what was accepted so far.
    """

    config: ReflectConfig
    items: dict[str, Item]
    names: Names
    matcher: Matcher
    rankings: Rankings
    further: dict[str, list[Opinion]] = field(default_factory=dict)
    truth: Claims = field(init=False)
    pool: Pool = field(init=False)
    _golds: dict[str, Gold] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with an empty pool."""
        self.truth = Claims(self.names.kb)
        self.pool = Pool(self.config.limits.duplicate)

    def gold(self, case_id: str) -> Gold:
        """The right answer of a case, ready for the matcher."""
        if case_id not in self._golds:
            case = self.items[case_id].case
            self._golds[case_id] = self.matcher.gold(case.gold if case else [])
        return self._golds[case_id]

    def disease(self, case_id: str) -> str:
        """One string for the disease of a case: its first id, or its name."""
        gold = self.gold(case_id)
        return min(gold.ids) if gold.ids else gold.name

    def turn(self, attempt: Attempt) -> Diagnosis:
        """Read a sampled turn again, against the plain note."""
        note, config = self.items[attempt.case_id].note, self.config
        return read(attempt.text, note, config.form, config.task, attempt.truncated, self.names)

    def verdict(self, case_id: str, written: Written, shown: Shown) -> tuple[bool, list[Rejection]]:
        """Judge a turn: whether the diagnosis is right, and everything that keeps it from being accepted."""
        if written.status != "ok" or not written.text.strip():
            reason = written.reason or "an empty text"
            return False, [Rejection(filter="teacher", reason=reason)]
        item, config, gold = self.items[case_id], self.config, self.gold(case_id)
        turn = read(written.text, item.note, config.form, config.task, written.truncated, self.names)
        faults = judge(
            written.text,
            turn,
            item.note,
            gold,
            self.matcher,
            self.names,
            config.limits,
            self.truth,
            shown,
            item.present,
            item.absent,
        )
        if not faults and (other := self.pool.like(self.disease(case_id), item.note, written.text)):
            faults.append(Rejection(filter="duplicate", reason=f"nearly the same as {other}"))
        return all(fault.filter != "diagnosis" for fault in faults), faults

    def advice(self, case_id: str, opinions: Sequence[Opinion]) -> Advice | None:
        """How good opinions are: what copying the first of them would have made of the case."""
        named = [opinion.names for opinion in opinions if opinion.names]
        if not named:
            return None
        gold = self.gold(case_id)
        right = [[self.matcher.judge(name, gold).level == "strict" for name in names] for names in named]
        return "first" if right[0][0] else "named" if any(map(any, right)) else "none"

    def record(self, rows: Sequence[Attempt]) -> None:
        """Remember accepted turns, to know their near-duplicates."""
        for row in rows:
            if row.accepted:
                name = "/".join(map(str, row.key))
                self.pool.add(self.disease(row.case_id), name, self.items[row.case_id].note, row.text)


@dataclass(frozen=True)
class Job:
    """One turn to be sampled."""

    case_id: str
    round: int
    index: int
    ask: Ask
    shown: Shown = field(default_factory=Shown)
    opinions: tuple[Opinion, ...] = ()
    of: tuple[int, int] | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """What identifies it, as in `Attempt`."""
        return self.case_id, self.round, self.index
