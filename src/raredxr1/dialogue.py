"""The one chat format: a note becomes a prompt, a model's turn becomes a Diagnosis.

Training, serving and scoring all go through this file, so that what is taught is what is asked and what is scored. The
envelope is ChatML (the base models' own); the turn is:

    <think>
    Findings
    1 + " never walked unaided " = Inability to walk
    2 - " no seizures so far " = Seizure
    onset infancy | sex female | family unaffected
    Hypotheses
    Rett syndrome | for 1 | against 2 | awaited Microcephaly; Breathing irregularity
    Weigh
    Rett syndrome explains 1, the most specific finding.
    </think>
    <answer>
    1. Rett syndrome
    2. Angelman syndrome
    </answer>

Quotes are written with a space inside the marks: most vocabularies have one token for a word after a space and
another for the same word after a mark, and only the former is the token the note has, to be copied. `parse` does not
ask for it.

The short form is the answer block alone. `parse` accepts any text: what it cannot read becomes a Problem, never an
exception and never a guess. Left out on purpose: linking names to ids (diagnose/) and judging them (evaluate/).
"""

from collections.abc import Sequence

from raredxr1 import lazy_re as re
from raredxr1.schemas import (
    MAX_CANDIDATES,
    Candidate,
    Context,
    Diagnosis,
    Finding,
    Form,
    Hypothesis,
    Problem,
    ProblemKind,
    Span,
    Task,
)

VERSION = "1"
"""Changes whenever a model trained on the former format would be read or asked differently."""

TURN_START, TURN_END = "<|im_start|>", "<|im_end|>"
THINK, THINK_END = "<think>", "</think>"
ANSWER, ANSWER_END = "<answer>", "</answer>"
READ = "Read the findings."
"""What the system line of a window's prompt says."""
LEAD = "Rare disease diagnosis. Weigh the candidates by the findings, then answer."
"""What the system line says where the findings and the candidates are given, with the evidence."""
NOTHING = "None"
"""The turn about a window that says no finding."""
HYPOTHESES = "Hypotheses"
"""The line behind the findings of a full turn."""
CONTROL_TOKENS = (TURN_START, TURN_END, THINK, THINK_END, ANSWER, ANSWER_END)

_MARKUP = re.compile(r"<(?=[|/!a-zA-Z_\uff5c])(?:[^<>\s]*>)?")
_FINDING = re.compile(r'(\d{1,3}) ([+-]) "(.*)" = (.*)')
_READ_LINE = re.compile(r"([+-]) (.+) = (.+)")
_CONTEXT = re.compile(r"(?:onset|sex|family) \S")
_CANDIDATE = re.compile(r"(\d{1,3})[.)]\s+(.+)")
_JOINED = re.compile(r" / | and/or | versus | vs\.? |(?<!with) or (?!without)", re.IGNORECASE)
_PARTS = {"for", "against", "awaited"}


# --- writing ---------------------------------------------------------------------------------------------------------


def neutralise(note: str) -> str:
    """Return the note with everything that looks like a control token made plain text, at unchanged offsets.

    The angle brackets of `<|im_end|>`, `<think>`, `</s>` and their like become single guillemets, so no tokenizer can
    take them for a control token; comparisons such as "Hb < 9", "<5 mg" and "CK>1000" stay as they are.
    """
    return _MARKUP.sub(lambda match: match.group().replace("<", "‹").replace(">", "›"), note)


def system_line(form: Form, task: Task) -> str:
    """Say which form and which task is asked for."""
    asked = "Reason, then answer" if form == "full" else "Answer only"
    wanted = f"at most {MAX_CANDIDATES} diseases" if task == "differential" else "one disease"
    return f"Rare disease diagnosis. {asked}: {wanted}."


def render_prompt(note: str, form: Form = "full", task: Task = "differential") -> str:
    """Write everything that stands before the model's turn."""
    return chat(system_line(form, task), note)


def asks_full(prompt: str) -> bool:
    """Whether a prompt asks for a full turn: its system line decides, whatever a note below it says."""
    system = prompt.partition(TURN_END)[0]
    return any(system_line("full", task) in system for task in ("differential", "final"))


def chat(system: str, user: str) -> str:
    """Write a ChatML prompt up to where the assistant begins; the user's text is neutralised."""
    return (
        f"{TURN_START}system\n{system}{TURN_END}\n{TURN_START}user\n{neutralise(user.strip())}{TURN_END}\n"
        f"{TURN_START}assistant\n"
    )


def note_of(prompt: str) -> str:
    """The user's text in a prompt of `render_prompt`, as the model sees it."""
    return prompt.partition(f"{TURN_START}user\n")[2].partition(TURN_END)[0]


def clean(text: str, forbidden: str = "") -> str:
    """Put text on one line, free of markup; each forbidden character becomes a comma."""
    line = " ".join(neutralise(text).split())
    for character in forbidden:
        line = line.replace(character, ",")
    return line


def render_turn(diagnosis: Diagnosis) -> str:
    """Write the assistant's turn (without the end-of-turn token) of a diagnosis."""
    answer = [ANSWER, *(f"{c.rank}. {clean(c.name)}" for c in diagnosis.answer), ANSWER_END]
    if diagnosis.form == "short":
        return "\n".join(answer)
    think = [
        THINK,
        "Findings",
        *map(_render_finding, diagnosis.findings),
        *_render_context(diagnosis.context),
        "Hypotheses",
        *map(render_hypothesis, diagnosis.hypotheses),
        "Weigh",
        clean(diagnosis.weigh),
        THINK_END,
    ]
    return "\n".join(think + answer)


def render_findings(findings: Sequence[Finding]) -> str:
    """Write the beginning of a full turn: the findings, up to where the hypotheses begin."""
    return "\n".join([THINK, "Findings", *map(_render_finding, findings), "Hypotheses", ""])


def render_reading_prompt(window: str) -> str:
    """Ask for the findings of one window of a note."""
    return chat(READ, window)


def render_lead_prompt(evidence: str) -> str:
    """Ask for hypotheses, weighing and answer over evidence; the turn begins where the hypotheses do."""
    return f"{chat(LEAD, evidence)}{THINK}\n{HYPOTHESES}\n"


def asks_lead(prompt: str) -> bool:
    """Whether a prompt gives findings and candidates, to be weighed."""
    return prompt.startswith(f"{TURN_START}system\n{LEAD}{TURN_END}")


def render_reading(findings: Sequence[Finding]) -> str:
    """Write the findings of a window, each `+ quote = Term` (`-`: said to be absent); `None` where there is none."""
    lines = [f"{'+' if f.present else '-'} {clean(f.quote)} = {clean(f.term, '=')}" for f in findings]
    return "\n".join(lines) or NOTHING


def _render_finding(finding: Finding) -> str:
    sign = "+" if finding.present else "-"
    return f'{finding.index} {sign} " {clean(finding.quote)} " = {clean(finding.term, chr(34))}'


def _render_context(context: Context) -> list[str]:
    fields = {"onset": context.onset, "sex": context.sex, "family": context.family}
    parts = [f"{key} {clean(value, '|')}" for key, value in fields.items() if value]
    return [" | ".join(parts)] if parts else []


def render_hypothesis(hypothesis: Hypothesis) -> str:
    """Write the line of a hypothesis."""
    parts = [clean(hypothesis.name, "|")]
    if hypothesis.supports:
        parts.append("for " + " ".join(map(str, hypothesis.supports)))
    if hypothesis.against:
        parts.append("against " + " ".join(map(str, hypothesis.against)))
    if hypothesis.awaited:
        parts.append("awaited " + "; ".join(clean(term, "|;") for term in hypothesis.awaited))
    return " | ".join(parts)


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(text: str, note: str, form: Form = "full", task: Task = "differential", truncated: bool = False) -> Diagnosis:
    """Read a model's turn.

    Args:
        text: what the model wrote, with or without the end-of-turn token.
        note: the note as the user gave it; quotes are located in it.
        form: the form that was asked for.
        task: the task that was asked for.
        truncated: whether generation stopped at its token limit.

    Returns:
        What could be read, and a Problem for everything that could not.
    """
    diagnosis = Diagnosis(form=form, task=task)
    problems = diagnosis.problems
    text = text.split(TURN_END, 1)[0]
    if truncated:
        problems.append(Problem(kind=ProblemKind.TRUNCATED, detail="generation stopped at its token limit"))
        text = _whole_lines(text)
    else:
        for opened, closed, what in ((THINK, THINK_END, "reasoning"), (ANSWER, ANSWER_END, "answer")):
            if opened in text and closed not in text.partition(opened)[2]:
                problems.append(Problem(kind=ProblemKind.TRUNCATED, detail=f"the {what} is not closed"))
    before, answer, after = _cut(text, ANSWER, ANSWER_END)
    if form == "full":
        outside, reasoning, rest = _cut(before, THINK, THINK_END)
        if reasoning is None:
            problems.append(Problem(kind=ProblemKind.NO_REASONING))
        else:
            _read_reasoning(reasoning, note, diagnosis)
        outside += rest
    else:
        outside = before
    problems.extend(Problem(kind=ProblemKind.BAD_LINE, detail=line) for line in _lines(outside))
    if answer is None:
        problems.append(Problem(kind=ProblemKind.NO_ANSWER))
    else:
        _read_answer(answer, diagnosis)
    if after.strip():
        problems.append(Problem(kind=ProblemKind.TEXT_AFTER_ANSWER, detail=clean(after)))
    if not diagnosis.answer:
        problems.append(Problem(kind=ProblemKind.UNPARSED, detail="no disease name could be read"))
    return diagnosis


def parse_reading(text: str, window: str, truncated: bool = False) -> tuple[list[Finding], list[Problem]]:
    """Read what a model wrote about one window; a quote that does not stand there is a problem, not a finding.

    Args:
        text: what the model wrote, with or without the end-of-turn token.
        window: what it was shown.
        truncated: whether generation stopped at its token limit; then the last line counts only where it is whole.
    """
    text = text.split(TURN_END, 1)[0]
    findings: list[Finding] = []
    problems = [Problem(kind=ProblemKind.TRUNCATED, detail="generation stopped at its token limit")] * truncated
    for line in _lines(_whole_lines(text) if truncated else text):
        match = _READ_LINE.fullmatch(line)
        if line == NOTHING:
            continue
        if not match:
            problems.append(Problem(kind=ProblemKind.BAD_LINE, detail=line))
            continue
        quote, term = match[2].strip(), match[3].strip()
        span = locate(quote, window, [f.span for f in findings if f.span])
        if span is None:
            problems.append(Problem(kind=ProblemKind.QUOTE_NOT_IN_NOTE, detail=quote))
        else:
            index = len(findings) + 1
            findings.append(Finding(index=index, present=match[1] == "+", quote=quote, term=term, span=span))
    return findings, problems


def is_joined(name: str) -> bool:
    """Whether a name reads as several joined by "/", "or", "versus"; some diseases are truly called so."""
    return _JOINED.search(name) is not None


def locate(quote: str, note: str, taken: list[Span] | None = None) -> Span | None:
    """Find where a quote stands in the note: as written, else ignoring case and the width of white space.

    Where it stands more than once, the first place that overlaps none of `taken` is given, else the first. A blank
    quote is nowhere.
    """
    words = quote.split()
    if not words:
        return None
    pattern = r"\s+".join(map(re.escape, words))
    seen_by_model = neutralise(note)
    for haystack, flags in ((seen_by_model, 0), (note, 0), (seen_by_model, re.IGNORECASE)):
        spans = [Span(start=m.start(), end=m.end()) for m in re.finditer(pattern, haystack, flags)]
        free = [s for s in spans if not any(s.start < t.end and t.start < s.end for t in taken or [])]
        if spans:
            return (free or spans)[0]
    return None


def _whole_lines(text: str) -> str:
    """Drop the last line unless it is whole: half a name is no name."""
    lines = text.splitlines(keepends=True)
    if lines and lines[-1].splitlines() == [lines[-1]] and lines[-1].strip() not in CONTROL_TOKENS:
        lines.pop()
    return "".join(lines)


def _cut(text: str, start: str, end: str) -> tuple[str, str | None, str]:
    """Split into before, inside and after a pair of tags; inside is None where the opening tag is missing."""
    before, opened, rest = text.partition(start)
    if not opened:
        return text, None, ""
    inside, _, after = rest.partition(end)
    return before, inside, after


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_reasoning(text: str, note: str, diagnosis: Diagnosis) -> None:
    section = ""
    weigh: list[str] = []
    for line in _lines(text):
        if line in ("Findings", "Hypotheses", "Weigh"):
            section = line
        elif section == "Weigh":
            weigh.append(line)
        elif not (
            (section == "Findings" and (_read_finding(line, note, diagnosis) or _read_context(line, diagnosis)))
            or (section == "Hypotheses" and _read_hypothesis(line, diagnosis))
        ):
            diagnosis.problems.append(Problem(kind=ProblemKind.BAD_LINE, detail=line))
    diagnosis.weigh = " ".join(weigh)


def _read_finding(line: str, note: str, diagnosis: Diagnosis) -> bool:
    match = _FINDING.fullmatch(line)
    if not match:
        return False
    index, sign, quote, term = int(match[1]), match[2], match[3].strip(), match[4].strip()
    if index < 1 or not term or any(finding.index == index for finding in diagnosis.findings):
        return False
    span = locate(quote, note, [f.span for f in diagnosis.findings if f.span])
    if span is None:
        diagnosis.problems.append(Problem(kind=ProblemKind.QUOTE_NOT_IN_NOTE, detail=quote))
    diagnosis.findings.append(Finding(index=index, present=sign == "+", quote=quote, term=term, span=span))
    return True


def _read_context(line: str, diagnosis: Diagnosis) -> bool:
    parts = [part.strip() for part in line.split(" | ")]
    if not all(_CONTEXT.match(part) for part in parts):
        return False
    for part in parts:
        key, _, value = part.partition(" ")
        setattr(diagnosis.context, key, value.strip())
    return True


def _read_hypothesis(line: str, diagnosis: Diagnosis) -> bool:
    name, *parts = [part.strip() for part in line.split(" | ")]
    if not name or (name.split(" ")[0] in _PARTS and len(parts) == 0):
        return False
    hypothesis = Hypothesis(name=name)
    known = {finding.index for finding in diagnosis.findings}
    for part in parts:
        key, _, value = part.partition(" ")
        if key == "awaited":
            hypothesis.awaited = [term.strip() for term in value.split(";") if term.strip()]
        elif key in _PARTS and all(word.isascii() and word.isdigit() for word in value.split()):
            numbers = list(dict.fromkeys(int(word[:4]) for word in value.split()))
            unknown = [number for number in numbers if number not in known]
            if unknown:
                detail = f"{name}: {key} {' '.join(map(str, unknown))}"
                diagnosis.problems.append(Problem(kind=ProblemKind.UNKNOWN_FINDING, detail=detail))
            setattr(hypothesis, "supports" if key == "for" else "against", [n for n in numbers if n in known])
        else:
            diagnosis.problems.append(Problem(kind=ProblemKind.BAD_LINE, detail=part))
    diagnosis.hypotheses.append(hypothesis)
    return True


def _read_answer(text: str, diagnosis: Diagnosis) -> None:
    most = MAX_CANDIDATES if diagnosis.task == "differential" else 1
    seen: set[str] = set()
    for line in _lines(text):
        match = _CANDIDATE.fullmatch(line)
        name = match[2].strip() if match else ""
        if not name:
            diagnosis.problems.append(Problem(kind=ProblemKind.BAD_LINE, detail=line))
        elif name.casefold() in seen:
            diagnosis.problems.append(Problem(kind=ProblemKind.DUPLICATE_NAME, detail=name))
        elif len(seen) == most:
            diagnosis.problems.append(Problem(kind=ProblemKind.TOO_MANY_NAMES, detail=name))
        else:
            seen.add(name.casefold())
            diagnosis.answer.append(Candidate(rank=len(seen), name=name))
            if is_joined(name):
                diagnosis.problems.append(Problem(kind=ProblemKind.JOINED_NAMES, detail=name))
