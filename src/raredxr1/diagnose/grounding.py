"""An engine held to the note: a quote whose words the note does not have is written again, or its finding left out.

A small model knows what it wants to say and slips on the words. So each quote is checked as soon as it is written; one
that fails is replaced by the most probable quote that the note does have (copying.py), and the model goes on from there
and names what it now reads. If no such quote is probable, the list of findings ends: what cannot be shown is not
claimed. The same goes for words quoted a second time. A turn over evidence is held to that evidence instead
(constrained.py). Only greedy turns are held; what is sampled to learn from, the beams of a ranking, and the windows of
a long note (where a quote that is not there is left out) are the model's own words.
"""

from collections.abc import Generator, Sequence
from pathlib import Path

from raredxr1 import dialogue
from raredxr1 import lazy_re as re
from raredxr1.diagnose.constrained import constrained, is_constrained
from raredxr1.diagnose.copying import MOST_TOKENS, most_probable_quote
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream, TokenEngine
from raredxr1.schemas import Span

_LINE = re.compile(r'^\d{1,3} [+-] "', re.MULTILINE)
_CLOSED = '" = '
_QUOTE = re.compile(r'^\d{1,3} [+-] "(.*)" = ', re.MULTILINE)
_END_OF_FINDINGS = f"{dialogue.HYPOTHESES}\n"


class GroundedEngine:
    """Stands before an engine; see `Engine` for what the methods promise."""

    def __init__(self, engine: TokenEngine) -> None:
        """Take the engine that writes."""
        self._engine = engine
        self.name: str = engine.name
        self.path: Path = engine.path
        self.context_length: int = engine.context_length

    def count(self, text: str) -> int:
        """Count the tokens of a prompt."""
        return self._engine.count(text)

    def score(self, prompt: str, continuation: str) -> list[float]:
        """Return the log-probability of each token of a continuation."""
        return self._engine.score(prompt, continuation)

    def stream(self, prompt: str, settings: GenerationSettings) -> Stream:
        """Write one turn, piece by piece; what is checked comes whole, once it is known to be so."""
        if is_constrained(prompt, settings):
            return Stream(constrained(self._engine, prompt, settings))
        note = dialogue.note_of(prompt) if _held(prompt, settings) else None
        return self._engine.stream(prompt, settings) if note is None else Stream(self._write(prompt, note, settings))

    def generate(self, prompts: Sequence[str], settings: GenerationSettings) -> list[list[Completion]]:
        """Write `samples` turns for each prompt, in batches."""
        by_evidence = {
            i: self.stream(prompt, settings) for i, prompt in enumerate(prompts) if is_constrained(prompt, settings)
        }
        free = [i for i in range(len(prompts)) if i not in by_evidence]
        own = self._engine.generate([prompts[i] for i in free], settings) if free else []
        turns = dict(zip(free, own, strict=True)) | {i: [_run(held)] for i, held in by_evidence.items()}
        held = {i: dialogue.note_of(prompt) for i, prompt in enumerate(prompts) if _held(prompt, settings)}
        wrong = {i: place for i, note in held.items() if (place := unfounded(turns[i][0].text, note)) is not None}
        mended = dict.fromkeys(wrong, 0)
        while wrong:
            kept = {i: turns[i][0].text[:place] for i, place in wrong.items()}
            again = [self._mend(prompts[i], text, held[i]) for i, text in kept.items()]
            left = {i: settings.max_tokens - self.count(text) for i, text in zip(kept, again, strict=True)}
            limit = settings.model_copy(update={"max_tokens": max(1, *left.values())})
            starts = [prompts[i] + text for i, text in zip(kept, again, strict=True)]
            rest = self._engine.generate(starts, limit)
            for i, text, (written,) in zip(kept, again, rest, strict=True):
                mended[i] += 1
                within = self._within(written, max(1, left[i]))
                turns[i] = [within.model_copy(update={"text": text + within.text})]
            places = {i: unfounded(turns[i][0].text, held[i]) for i in wrong}
            wrong = {i: place for i, place in places.items() if place is not None and left[i] > 0}
        for i, count in mended.items():
            turns[i] = [self._whole(prompts[i], turns[i][0], count)]
        return [turns[i] for i in range(len(prompts))]

    def _within(self, written: Completion, room: int) -> Completion:
        """What would have been written with room for so many tokens; another turn of the batch had more."""
        ids = self._engine.encode(written.text)
        if len(ids) + (not written.truncated) <= room:
            return written
        return written.model_copy(update={"text": self._engine.decode(ids[:room]), "truncated": True})

    def _write(self, prompt: str, note: str, settings: GenerationSettings) -> Generator[str, None, Completion]:
        text, shown, mended = "", 0, 0
        while True:
            left = max(1, settings.max_tokens - (self.count(text) if text else 0))
            stream = self._engine.stream(prompt + text, settings.model_copy(update={"max_tokens": left}))
            place: int | None = None
            for piece in stream:
                text += piece
                place = unfounded(text, note)
                if place is not None:
                    stream.close()
                    break
                if ready := text[shown : _settled(text)]:
                    shown += len(ready)
                    yield ready
            if place is None:
                break
            mended += 1
            text = self._mend(prompt, text[:place], note)
        yield text[shown:]
        last = stream.completion
        if not mended:
            return last
        return self._whole(prompt, last.model_copy(update={"text": text}), mended)

    def _mend(self, prompt: str, text: str, note: str) -> str:
        """Write the quote that `text` has just opened so that the note has it, or end the findings before its line."""
        if self.count(prompt + text) + MOST_TOKENS < self.context_length:
            quote = most_probable_quote(self._engine, prompt, text, note, _QUOTE.findall(text))
            if quote and unfounded(f"{text} {quote} {_CLOSED}", note) is None:
                return f"{text} {quote} {_CLOSED.rstrip()}"  # the space belongs to the word that comes next
        return text[: text.rfind("\n") + 1] + _END_OF_FINDINGS

    def _whole(self, prompt: str, last: Completion, mended: int) -> Completion:
        """The turn with what it is as a whole: its tokens and its probability under the model."""
        ended = "" if last.truncated else dialogue.TURN_END
        log_prob = sum(self.score(prompt, last.text + ended))
        return last.model_copy(update={"tokens": self.count(last.text), "log_prob": log_prob, "mended": mended})


def unfounded(text: str, note: str) -> int | None:
    """Where the first closed quote that the note does not have begins, just after its mark; None: there is none.

    Words that were quoted before are not there a second time, even where the note repeats them: they say nothing new.
    """
    findings = text.partition("\nHypotheses\n")[0]
    spans, said = list[Span](), set[str]()
    for line in _LINE.finditer(findings):
        end = findings.find("\n", line.end())
        quote, closed, _ = findings[line.end() : end if end >= 0 else None].partition(_CLOSED)
        if not closed:
            continue
        words = " ".join(quote.split()).casefold()
        span = dialogue.locate(quote, note, spans)
        if span is None or span in spans or words in said:
            return line.end()
        spans.append(span)
        said.add(words)
    return None


def _settled(text: str) -> int:
    """How much of a turn may be shown: all but a finding's line whose quote is not closed yet."""
    begins = text.rfind("\n") + 1
    line = text[begins:]
    return begins if line[:1].isdigit() and _CLOSED not in line and dialogue.ANSWER not in text else len(text)


def _run(stream: Stream) -> Completion:
    for _ in stream:
        pass
    return stream.completion


def _held(prompt: str, settings: GenerationSettings) -> bool:
    greedy = settings.temperature == 0 and settings.beam == 1 and not settings.stop
    return greedy and dialogue.asks_full(prompt)
