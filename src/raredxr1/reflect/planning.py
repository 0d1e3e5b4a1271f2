"""Which turns a round samples: first attempts on masked notes, then failures given back with what is known.

Everything random in a question depends on the seed, the case, the round and the index alone, so a run that goes on asks
what it would have asked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random

from raredxr1.reflect.acceptance import Shown
from raredxr1.reflect.attempt_log import Attempt
from raredxr1.reflect.context import Context, Job
from raredxr1.reflect.masking import mask_note
from raredxr1.reflect.opinions import Opinion, opinion_of, terms_for
from raredxr1.reflect.prompts import candidates, plain, profile, reflection, shortlist

History = Mapping[str, Sequence[Attempt]]
"""Sampled turns of each case, in order."""


def history(rows: Sequence[Attempt]) -> dict[str, list[Attempt]]:
    """Sort turns by case."""
    by_case: dict[str, list[Attempt]] = defaultdict(list)
    for row in rows:
        by_case[row.case_id].append(row)
    return by_case


def first_attempts(bench: Context, round_: int, each: int, cases: Sequence[str]) -> list[Job]:
    """Ask plainly, each time with other findings masked."""
    config = bench.config
    jobs = []
    for case_id in cases:
        for index in range(each):
            rng = _rng(bench, "mask", case_id, round_, index)
            note = mask_note(bench.items[case_id].note, config.mask, rng)
            jobs.append(Job(case_id, round_, index, plain(note, config.form, config.task)))
    return jobs


def unsolved(bench: Context, past: History, before: int) -> list[str]:
    """Cases without an accepted turn in the rounds before one."""
    return [
        case_id
        for case_id in bench.items
        if not any(row.accepted and row.round < before for row in past.get(case_id, ()))
    ]


def reflections(bench: Context, past: History, round_: int, hint: bool) -> list[Job]:
    """Give failures back: the newest first, with different first names where there are such."""
    config = bench.config
    jobs = []
    for case_id in unsolved(bench, past, round_):
        failures = chosen_failures(bench, [row for row in past.get(case_id, ()) if row.round < round_])
        for place, failure in enumerate(failures):
            for revision in range(config.revisions):
                jobs.append(_reflection(bench, failure, round_, place * config.revisions + revision, hint))
    return jobs


def chosen_failures(bench: Context, rows: Sequence[Attempt]) -> list[Attempt]:
    """Choose which failed turns of a case to give back; a turn with text before one without."""
    found: dict[str, Attempt] = {}
    spare: list[Attempt] = []
    for row in sorted(rows, key=lambda row: (not row.text.strip(), -row.round, row.index)):
        answer = bench.turn(row).answer if row.text else []
        name = answer[0].name.casefold() if answer else ""
        if name in found:
            spare.append(row)
        else:
            found[name] = row
    return [*found.values(), *spare][: bench.config.failures]


def _reflection(bench: Context, failure: Attempt, round_: int, index: int, hint: bool) -> Job:
    config, names, case_id = bench.config, bench.names, failure.case_id
    item, turn = bench.items[case_id], bench.turn(failure)
    rng = _rng(bench, "reflect", case_id, round_, index)
    note = mask_note(item.note, config.mask, rng)
    present, absent = terms_for(item, turn, names.kb, config.mask_terms, rng)
    opinions = [*bench.rankings.opinions(present, absent, config.opinion_names), *bench.further.get(case_id, ())]
    former = [opinion_of("former", [c.name for c in turn.answer], 10, names)]
    shown = Shown(
        opinions=[opinion.line for opinion in opinions if opinion.names],
        profiles=_profiles(bench, former[0], opinions),
        hint=_hint(bench, case_id, opinions, rng) if hint else "",
    )
    ask = reflection(note, turn, failure.rejections, shown, config.form, config.task)
    return Job(case_id, round_, index, ask, shown, tuple(opinions), (failure.round, failure.index))


def _profiles(bench: Context, former: Opinion, opinions: Sequence[Opinion]) -> list[str]:
    config, kb = bench.config, bench.names.kb
    chosen = candidates(kb, former.diseases, [opinion.diseases for opinion in opinions], config.profiles)
    return [profile(kb, disease, config.profile_findings) for disease in chosen]


def _hint(bench: Context, case_id: str, opinions: Sequence[Opinion], rng: Random) -> str:
    kb, gold = bench.names.kb, bench.gold(case_id)
    right = kb.disease_names[min(gold.diseases)] if gold.diseases else gold.name
    others = [name for opinion in opinions for name in opinion.names]
    others += [kb.disease_names[disease] for disease in bench.rankings.drawn(10, rng)]
    return shortlist(right, [name for name in others if bench.matcher.judge(name, gold).level != "strict"], rng)


def _rng(bench: Context, what: str, case_id: str, round_: int, index: int) -> Random:
    return Random(f"{bench.config.seed}/{what}/{case_id}/{round_}/{index}")
