"""What the checked evidence says, in plain sentences: what was read, what it supports, what would tell apart.

Nothing here was written by a language model. Each sentence restates the ranking and the evidence of the result, so
that the reasoning and the table cannot disagree.
"""

from collections import Counter
from collections.abc import Sequence

from raredxr1.diagnose.evidence import is_unspecific
from raredxr1.diagnose.output import words
from raredxr1.diagnose.output.glossary import counted, in_sentence, listed, printable, shown
from raredxr1.diagnose.output.shown import ShownLine, shown_lines
from raredxr1.diagnose.result import Awaited, Evidence, Ranked, Result, StatedFinding

_LEFT = (("uncertain", "uncertain"), ("other", "of relatives"), ("hypothetical", "only considered"))
MOST = 3
"""Findings a sentence names; the rest are counted."""
NOTHING, WEAK = "Nothing stands out", "No disease is likely"
"""What stands in place of a disease where there is none to name."""
NO_ANSWER = "Weak candidates, no answer: they came first all the same"
"""What such a list is called where nothing stands out."""
UNLIKELY = "Weak candidates, none of them likely"
"""What it is called where it is likelier that none is right."""
HALF = 0.5
"""Confidence under which no disease is said to fit best."""
_NAMED = {"present": 12, "absent": 6, "uncertain": 6}
"""Findings of each state that one screen names."""


def verdict(result: Result) -> str:
    """The answer in one sentence; that there is none is said as plainly."""
    lines = shown_lines(result)
    if result.verdict.kind == "nothing_stands_out" or not lines:
        return f"{NOTHING}. {printable(result.verdict.reason)}".strip()
    if words.none_likely(result) and result.calibration:
        none = words.percent(result.calibration.none_of_these)
        return f"None of the diseases found is likely: with {none} it is none of them."
    first = lines[0]
    share = f" ({words.percent(first.confidence)})" if first.confidence is not None else ""
    name = _named(first)
    if (sure := first.confidence) is not None and sure < HALF:
        next_sure = lines[1].confidence or 0.0 if len(lines) > 1 else 0.0
        if next_sure >= sure / 2:
            return f"{name}{share} and {_named(lines[1])} ({words.percent(next_sure)}) come first."
        return f"{name} is first{share}."
    return f"{name} fits best{share}."


def title(result: Result) -> str:
    """The answer in a few words, for a heading or a list: the first disease, where one stands out."""
    lines = shown_lines(result)
    if result.verdict.kind == "nothing_stands_out" or not lines:
        return NOTHING
    return WEAK if words.none_likely(result) else lines[0].name


def _named(line: ShownLine) -> str:
    return f"{line.name} ({printable(line.familiar)})" if line.familiar else line.name


def helps(result: Result) -> str:
    """What in the note would help, where nothing stands out; empty otherwise."""
    return f"What would help: {'; '.join(map(printable, result.verdict.help))}." if result.verdict.help else ""


def reasoning(result: Result) -> list[str]:
    """The reasoning in sentences: what was read; first candidate; second; what would tell them apart."""
    told = [helps(result)] if result.verdict.kind == "nothing_stands_out" else [*case(result), *_apart(result)]
    return [line for line in (read_sentence(result), verdict(result), *told) if line]


def case(result: Result) -> list[str]:
    """What speaks for and against the first candidate, and how the second differs; empty where none is likely."""
    lines = shown_lines(result)
    if words.says_nothing(result) or not lines or not (first := lines[0].candidate):
        return []
    second = lines[1].candidate if len(lines) > 1 else None
    return _case_for(first, lines[0].name) + (_next_to(first, second, lines[1]) if second else [])


def read_sentence(result: Result) -> str:
    """Who the patient is, and how many findings were read, by state."""
    by_state: Counter[str] = Counter(one.state for one in result.stated)
    who = words.in_words(result.patient)
    if not result.stated:
        return f"Read in the note: {who}." if who else ""
    there = by_state["present"]
    said = f"{counted(there, 'finding')} present" if there else "no finding that is present"
    said += f", {by_state['absent']} absent"
    left = ", ".join(f"{by_state[state]} {words_for}" for state, words_for in _LEFT if by_state[state])
    return f"Read in the note: {f'{who}; ' if who else ''}{said}{f' (not counted: {left})' if left else ''}."


def findings_by_state(result: Result, quoted: bool = False) -> list[tuple[str, str]]:
    """The findings by name, as (label, names): "Present (2)", "seizure, ataxia".

    Args:
        result: the findings.
        quoted: all but normal results, each with its words in the note; else of many the first.
    """
    lines = []
    for state, most in _NAMED.items():
        of = [one for one in result.stated if one.state == state]
        kept = [one for one in of if not (quoted and words.is_normal_result(one))]
        names = [words.named(one) + (_in_note(one) if quoted else "") for one in kept]
        if of:
            said = [_some(names, len(names) if quoted else most)] if names else []
            said += [counted(len(of) - len(kept), "normal result")] if len(of) > len(kept) else []
            lines.append((f"{_capital(shown(state))} ({len(of)})", " and ".join(said)))
    rest = [one for one in result.stated if one.state not in _NAMED]
    left = [f"{in_sentence(one.term)} ({words.state_of(one)}){_in_note(one) if quoted else ''}" for one in rest]
    if left:
        lines.append(("Not counted", _some(left, len(left) if quoted else MOST)))
    return lines


def _in_note(one: StatedFinding) -> str:
    """The words of the note, where they are not those of the term."""
    quote = printable(" ".join(one.quote.split()))
    return f" “{quote}”" if quote and quote.casefold() not in one.term.casefold() else ""


def _some(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def candidate_sentences(candidate: Ranked, everything: bool = True) -> list[tuple[str, str]]:
    """The evidence of a candidate, as (label, sentence): fits, speaks against, expected, not explained.

    Labels are keys of the glossary. Parts with nothing to say are left out.

    Args:
        candidate: with its evidence.
        everything: in order of strength, each with its frequency; else what is as frequent together, and of what is not
            explained the first.
    """
    told = _with_frequency if everything else _by_frequency
    left = [words.finding(one) for one in candidate.unexplained]
    parts = [
        ("recorded", words.little_known(candidate)),
        ("supports", told(candidate.supports)),
        ("parents", "; ".join(map(printable, candidate.person_for))),
        ("against", told(candidate.against)),
        ("person", "; ".join(map(printable, candidate.person_against))),
        ("awaited", told(candidate.awaited)),
        ("unexplained", listed(left) if everything else _some(left, _NAMED["uncertain"])),
    ]
    return [(label, text) for label, text in parts if text]


def strongest(evidence: Sequence[Evidence], most: int = 1, more: str = " (and {} more)") -> str:
    """The strongest findings in a few words, and how many more there are."""
    said = ", ".join(words.finding(one) for one in evidence[:most])
    return said + more.format(len(evidence) - most) if len(evidence) > most else said


def strongest_against(candidate: Ranked, most: int = 1, more: str = " (and {} more)") -> str:
    """The strongest findings against a candidate in a few words; age or sex, where no finding is."""
    if (against := _specific(candidate.against)) or not candidate.person_against:
        return strongest(against, most, more)
    return printable(candidate.person_against[0]).partition(", and ")[0]


def _specific(against: Sequence[Evidence]) -> list[Evidence]:
    """What speaks against a candidate, without unspecific terms and what only a handful of patients had."""
    return [one for one in against if one.present or not (one.rests_on or is_unspecific(one.term))]


def _with_frequency(items: Sequence[Evidence] | Sequence[Awaited]) -> str:
    return "; ".join(f"{name} ({often})" if often else name for name, often in map(_often, items))


def _by_frequency(items: Sequence[Evidence] | Sequence[Awaited]) -> str:
    """Findings with those that are as frequent together: "ataxia, seizure (frequent); tremor (very rare)"."""
    together: dict[str, list[str]] = {}
    for name, often in map(_often, items):
        together.setdefault(often, []).append(name)
    return "; ".join(", ".join(names) + (f" ({often})" if often else "") for often, names in together.items())


def _often(item: Evidence | Awaited) -> tuple[str, str]:
    name = words.finding(item) if isinstance(item, Evidence) else in_sentence(item.term)
    return name, words.often(item)


def _case_for(candidate: Ranked, name: str) -> list[str]:
    lines = []
    if candidate.supports:
        named = listed(_first([words.finding(one) for one in candidate.supports]))
        verb = "fits" if len(candidate.supports) == 1 else "fit"
        lines.append(f"{_capital(named)} {verb} {name}{_by(candidate)}.")
    lines += [f"It is {printable(one)}." for one in candidate.person_for]
    if against := _specific(candidate.against):
        lines.append(f"{_said_against(against)}.")
    elif candidate.against and not candidate.person_against:
        lines.append("Nothing specific that the note says speaks against it.")
    elif candidate.supports and not candidate.person_against:
        lines.append("Nothing that the note says speaks against it.")
    lines += [f"{_capital(printable(one))}." for one in candidate.person_against]
    if candidate.unexplained:
        lines.append(f"Not explained by it: {listed(_first([words.finding(one) for one in candidate.unexplained]))}.")
    return lines


def _said_against(against: Sequence[Evidence]) -> str:
    """What speaks against it; "no seizure speaks against it" would say the opposite, so that is put another way."""
    there = [in_sentence(one.term) for one in against if one.present]
    lacking = [in_sentence(one.term) for one in against if not one.present]
    named = [*_first(there), *([f"the absence of {listed(_first(lacking))}"] if lacking else [])]
    return f"{_capital(listed(named))} {'speaks' if len(named) == 1 else 'speak'} against it"


def _first(names: Sequence[str]) -> list[str]:
    """The first names, and how many more there are."""
    rest = len(names) - MOST
    return [*names[:MOST], *([counted(rest, "further finding")] if rest > 0 else [])]


def _by(candidate: Ranked) -> str:
    return "" if candidate.evidence_by == "knowledge" else f", {shown('by turn')}"


def _next_to(first: Ranked, second: Ranked, told: ShownLine) -> list[str]:
    """How the second candidate differs from the first by the findings of the note."""
    share = f" ({words.percent(told.confidence)})" if told.confidence is not None else ""
    ours = {one.finding for one in first.supports}
    theirs = {one.finding for one in second.supports}
    only_first = [words.finding(one) for one in first.supports if one.finding not in theirs][:2]
    only_second = [words.finding(one) for one in second.supports if one.finding not in ours][:2]
    line = f"Next is {told.name}{share}"
    if second.evidence_by != "knowledge" or first.evidence_by != "knowledge":
        return [f"{line}."]
    if not second.annotated and not second.supports:
        return [f"{line}: no findings are recorded of it."]
    if only_first and only_second:
        return [f"{line}: it explains {listed(only_second)}, but not {listed(only_first)}."]
    if only_first:
        return [f"{line}: it does not explain {listed(only_first)}."]
    if only_second:
        return [f"{line}: it explains {listed(only_second)} as well."]
    return [f"{line}: it explains the same findings."]


def _apart(result: Result) -> list[str]:
    steps = words.steps(result)
    if not steps or not result.candidates:
        return []
    named = [words.gene_test(s) if s.kind == "gene" else in_sentence(words.step_name(s)) for s in steps[:MOST]]
    return [f"What would tell the first candidates apart best: {listed(named)}."]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
