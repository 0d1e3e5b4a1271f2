"""A note that is too long for one turn is read window by window: what is quoted there is found in the whole note."""

from collections.abc import Sequence
from functools import lru_cache

from raredxr1 import dialogue
from raredxr1.diagnose.engine import GenerationSettings
from raredxr1.diagnose.model import Model
from raredxr1.diagnose.names import Names
from raredxr1.diagnose.requests import Request, Steps
from raredxr1.diagnose.result import Settings, Turn
from raredxr1.diagnose.windows import windows
from raredxr1.knowledge.extraction.encoder_model import shipped
from raredxr1.knowledge.extraction.phrase_linker import PhraseLinker
from raredxr1.schemas import Finding, Span

WINDOW_TOKENS = 64
"""Room for the findings of one window; some four lines, as many as a few sentences hold."""
SHORT_WINDOW, SHORT_TURN = 55, 160
"""Words of a window and tokens of its turn, for a model that was taught to read in windows."""
SURE = 0.5
"""Probability of a term from which on the encoder's is taken for a quote."""
WINDOW_SHARE = 0.5
"""A window's text takes at most this share of the context."""


def read_windows(note: str, model: Model, names: Names, settings: Settings) -> Steps[tuple[list[Finding], list[Turn]]]:
    """Read the findings of a long note.

    Args:
        note: the whole note.
        model: what reads.
        names: what terms are linked to.
        settings: how it is asked; a model server, whose turns are whole, gets as much room as for any turn.

    Returns:
        The findings whose quotes stand in the note, numbered in order of place, each
        place and term once; and the turns.
    """
    if model.windowed:
        return (yield from _short_turns(note, names))
    engine = model.engine
    empty = engine.count(dialogue.render_prompt("", "full"))
    tokens = min(settings.max_tokens if model.server else WINDOW_TOKENS, max(1, (engine.context_length - empty) // 2))
    room = max(1, min(int(engine.context_length * WINDOW_SHARE), engine.context_length - empty - tokens))
    spans = windows(note, room, engine.count)
    spans = [span for span in spans if note[span.start : span.end].strip()]
    prompts = tuple(dialogue.render_prompt(note[span.start : span.end], "full") for span in spans)
    answers = yield Request(prompts, GenerationSettings(max_tokens=tokens, stop=dialogue.HYPOTHESES))
    written = [completions[0] for completions in answers]
    read: list[Finding] = []
    for span, completion in zip(spans, written, strict=True):
        text = note[span.start : span.end]
        found = dialogue.parse(completion.text, text, "full", truncated=completion.truncated).findings
        read += [_moved(finding, span.start) for finding in found if finding.span]
    turns = [Turn(role="window", **completion.model_dump()) for completion in written]
    return merged([f.model_copy(update={"hpo_id": names.term_id(f.term)}) for f in read]), turns


def _short_turns(note: str, names: Names) -> Steps[tuple[list[Finding], list[Turn]]]:
    """The reading of a model that was taught windows, with windows as long as it was taught."""
    spans = [s for s in windows(note, SHORT_WINDOW, count_words) if note[s.start : s.end].strip()]
    prompts = tuple(dialogue.render_reading_prompt(note[span.start : span.end]) for span in spans)
    answers = yield Request(prompts, GenerationSettings(max_tokens=SHORT_TURN))
    read: list[Finding] = []
    for span, (completion, *_) in zip(spans, answers, strict=True):
        found, _ = dialogue.parse_reading(completion.text, note[span.start : span.end], completion.truncated)
        read += [_moved(finding, span.start) for finding in found]
    turns = [Turn(role="window", **completion.model_dump()) for completion, *_ in answers]
    return merged(_meant(read, names)), turns


def _meant(read: Sequence[Finding], names: Names) -> list[Finding]:
    """Findings with the terms their quotes mean: the encoder's where it is sure, else the one that the model wrote.

    Beside a small model the encoder is right more often (benchmarks/results/windows.md).
    """
    linker = _phrase_linker()
    near = linker.link([" ".join(f.quote.split()) for f in read], most=1) if linker else [[]] * len(read)
    sure = [matches[0].hpo_id if matches and matches[0].probability >= SURE else None for matches in near]
    ids = [names.kb.resolve_term(hpo_id) if hpo_id else None for hpo_id in sure]
    return [f.model_copy(update={"hpo_id": i or names.term_id(f.term)}) for f, i in zip(read, ids, strict=True)]


@lru_cache(maxsize=1)
def _phrase_linker() -> PhraseLinker | None:
    """The shipped encoder's; None where none is shipped."""
    model = shipped()
    return PhraseLinker(model) if model.is_there else None


def count_words(text: str) -> int:
    """The size of a text in words."""
    return len(text.split())


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """Each term once a place, in order of place and numbered anew; whatever order they were read in.

    Of two quotes that overlap and are of one term and sense, the longer stays.
    """
    kept: list[Finding] = []
    for one in sorted(findings, key=_length):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    ordered = sorted(kept, key=lambda f: (f.span.start, f.span.end, f.term) if f.span else (0, 0, f.term))
    return [finding.model_copy(update={"index": number}) for number, finding in enumerate(ordered, 1)]


def _length(finding: Finding) -> tuple[int, int, str, bool]:
    span = finding.span or Span(start=0, end=0)
    return span.start - span.end, span.start, finding.term, finding.present


def _same(one: Finding, other: Finding) -> bool:
    if one.span is None or other.span is None or one.present != other.present:
        return False
    same_term = one.hpo_id == other.hpo_id if one.hpo_id else one.term.casefold() == other.term.casefold()
    return same_term and one.span.start < other.span.end and other.span.start < one.span.end


def _moved(finding: Finding, by: int) -> Finding:
    assert finding.span is not None, "findings without a place were left out"
    return finding.model_copy(update={"span": Span(start=finding.span.start + by, end=finding.span.end + by)})
