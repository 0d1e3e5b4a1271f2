"""Decoding under the grammar of a sound turn: an engine whose reasoning over evidence cannot contradict it.

A trained model writes sound turns nearly always, and checking one costs nothing. So it writes freely; where its turn
leaves the grammar (`lead_grammar`), the line is finished from the last sound piece by what the model finds most
probable among all that is allowed, compared whole, and the model goes on behind it. What can be written in one way only
is not asked for.
"""

import heapq
from collections.abc import Callable, Generator, Sequence

from raredxr1 import dialogue
from raredxr1.diagnose.copying import LogProbs, Tokens
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream, TokenEngine
from raredxr1.diagnose.lead_grammar import LeadGrammar, Place, kept, read_candidates

MOST_STEPS = 24
"""Tokens of alternatives that are looked at in the order of their probability; beyond, only the most probable is."""
Step = Callable[[Sequence[Sequence[int]]], LogProbs]


def is_constrained(prompt: str, settings: GenerationSettings) -> bool:
    """Whether the turn behind a prompt is held to the evidence; what is sampled or searched with beams is free."""
    greedy = settings.temperature == 0 and settings.beam == 1 and not settings.stop
    return greedy and dialogue.asks_lead(prompt) and bool(read_candidates(prompt))


def constrained(
    engine: TokenEngine, prompt: str, settings: GenerationSettings, stream: Stream
) -> Generator[str, None, Completion]:
    """Hold a turn to the evidence while it is written.

    Args:
        engine: what writes.
        prompt: findings and candidates.
        settings: greedy.
        stream: the turn as the engine writes it freely.

    Yields:
        Whole lines, once they are sound.

    Returns:
        The turn. Where it is not in all the engine's own words, its probability is not told.
    """
    grammar, text, shown, mended = LeadGrammar(read_candidates(prompt)), "", 0, 0
    step: Step | None = None
    place = grammar.follow("")
    while True:
        for piece in stream:
            text += piece
            so_far = kept(text, ended=False)
            place = grammar.follow(so_far, place)
            if not place.fits:
                stream.close()
                break
            if lines := so_far[shown : so_far.rfind("\n", 0, place.end) + 1]:
                shown += len(lines)
                yield lines
        else:
            last = stream.completion
            place = grammar.follow(kept(text), place)
            if place.whole or (place.fits and last.truncated):
                break
        mended += 1
        step = step or engine.continuing(prompt)
        text = _mend(engine, step, grammar, kept(text)[: place.end], place)
        left = min(settings.max_tokens - engine.count(text), engine.context_length - engine.count(prompt + text))
        place = grammar.follow(text)
        if place.whole or left < 1:
            last = Completion(text=text, tokens=0, log_prob=None, truncated=not place.whole)
            break
        stream = engine.stream(prompt + text, settings.model_copy(update={"max_tokens": left}))
    turn = kept(text)
    yield turn[shown:]
    if not mended and turn == text:
        return last
    return last.model_copy(update={"text": turn, "tokens": engine.count(turn), "log_prob": None, "mended": mended})


def most_probable(tokens: Tokens, step: Step, turn: str, options: Sequence[str]) -> int:
    """Find which of several texts the model finds most probable next, as a whole.

    The most probable beginning is followed first, so that few steps decide where the model is sure.

    Args:
        tokens: the engine.
        step: what it finds probable behind the prompt, see `Tokens.continuing`.
        turn: the turn so far.
        options: texts of which none begins another.

    Returns:
        Its place among them.
    """
    head, line = turn[: turn.rfind("\n") + 1], turn[turn.rfind("\n") + 1 :]
    begun, ids = tokens.encode(head), [tuple(tokens.encode(line + option)) for option in options]
    waiting, steps = [(0.0, tuple[int, ...]())], 0
    while True:
        cost, path = heapq.heappop(waiting)
        alive = [place for place, one in enumerate(ids) if one[: len(path)] == path]
        if steps >= MOST_STEPS:
            waiting.clear()
        if ids[alive[0]] == path or (len(alive) == 1 and not waiting):
            return alive[0]
        following = {ids[place][len(path)] for place in alive}
        if len(following) == 1 and not waiting:
            waiting.append((cost, (*path, *following)))
            continue
        (log_probs,), steps = step([[*begun, *path]]), steps + 1
        for token in following:
            heapq.heappush(waiting, (cost - float(log_probs[token]), (*path, token)))


def _mend(tokens: Tokens, step: Step, grammar: LeadGrammar, turn: str, place: Place) -> str:
    """Finish the line of a turn that is sound up to a place, and what behind it can be written in one way only."""
    ended = False
    while place.pieces and (not ended or len(place.pieces) == 1):
        options = [piece.text for piece in place.pieces]
        chosen = options[most_probable(tokens, step, turn, options)]
        turn, ended = turn + chosen, ended or "\n" in chosen
        place = grammar.follow(turn, place)
    return turn
