"""Decoding under the grammar of a sound turn: an engine whose reasoning over evidence cannot contradict it.

A trained model writes sound turns nearly always, and checking one costs nothing. So it writes freely; where its turn
leaves the grammar (`lead_grammar`), the line is finished from the last sound piece by what the model finds most
probable among all that is allowed, and the model goes on behind it. The last name can be written in one way only: the
model is not asked for it.

To go on elsewhere costs as much as some ten tokens (the turn so far is read again), so that shorter stretches which
are certain are left to the model.
"""

import heapq
from collections.abc import Callable, Generator, Sequence
from itertools import takewhile

from raredxr1 import dialogue
from raredxr1.diagnose.copying import LogProbs, Tokens
from raredxr1.diagnose.engine import Completion, GenerationSettings, Stream, TokenEngine
from raredxr1.diagnose.lead_grammar import LeadGrammar, Place, read_candidates

_BEGIN = f"{dialogue.THINK}\n{dialogue.HYPOTHESES}\n"
MOST_STEPS = 24
"""Tokens of alternatives that are looked at in the order of their probability; beyond, only the most probable is."""
Step = Callable[[Sequence[Sequence[int]]], LogProbs]


def is_constrained(prompt: str, settings: GenerationSettings) -> bool:
    """Whether the turn behind a prompt is held to the evidence; what is sampled or searched with beams is free."""
    greedy = settings.temperature == 0 and settings.beam == 1 and settings.stop in ("", dialogue.THINK_END)
    return greedy and dialogue.asks_lead(prompt) and bool(read_candidates(prompt))


def constrained(
    engine: TokenEngine, prompt: str, settings: GenerationSettings, stream: Stream
) -> Generator[str, None, Completion]:
    """Hold a turn to the evidence while it is written.

    Args:
        engine: what writes.
        prompt: findings and candidates, and perhaps the first hypothesis: then the order is settled.
        settings: greedy.
        stream: the turn as the engine writes it freely.

    Yields:
        Whole lines, once they are sound.

    Returns:
        The turn; its probability is not told where it is not in all the engine's own words.
    """
    begins = prompt.rindex(_BEGIN) + len(_BEGIN)
    prompt, begun = prompt[:begins], prompt[begins:]
    grammar = LeadGrammar(read_candidates(prompt), begun)
    text, shown, mended = begun, len(begun), 0
    step: Step | None = None
    place, own = grammar.follow(begun), True
    while True:
        for piece in stream:
            text += piece
            place = grammar.follow(text, place)
            if not place.fits or place.last:
                stream.close()
                break
            if lines := text[shown : text.rfind("\n", 0, place.end) + 1]:
                shown += len(lines)
                yield lines
        else:
            truncated = stream.completion.truncated
            place = grammar.follow(text, place)
            if place.whole or (place.fits and truncated):
                break
        mended += not (place.fits and place.last)
        text = text[: place.end]
        if place.last:
            text += place.pieces[0].text
        else:
            step = step or engine.continuing(prompt)
            text = _mend(engine, step, grammar, text, place)
        left = min(settings.max_tokens - engine.count(text), engine.context_length - engine.count(prompt + text))
        place = grammar.follow(text)
        truncated, own = not place.whole, False
        if place.whole or left < 1:
            break
        stream = engine.stream(prompt + text, settings.model_copy(update={"max_tokens": left}))
    yield text[shown:]
    if own:
        return stream.completion
    turn = text[len(begun) :]
    return Completion(text=turn, tokens=engine.count(turn), log_prob=None, truncated=truncated, mended=mended)


def most_probable(tokens: Tokens, step: Step, turn: str, options: Sequence[str], names: Sequence[str] = ()) -> int:
    """Find which of several texts the model finds most probable next.

    The most probable beginning is followed first, until it is one text's alone: what is left of a name is copied. Names
    that cannot be chosen count, too: that the model would begin one of them makes no other that begins so probable.

    Args:
        tokens: the engine.
        step: what it finds probable behind the prompt, see `Tokens.continuing`.
        turn: the turn so far.
        options: texts of which none begins another.
        names: what it may have in mind, whether or not it is an option.

    Returns:
        Its place among the options.
    """
    head, line = turn[: turn.rfind("\n") + 1], turn[turn.rfind("\n") + 1 :]
    begun, ids = tokens.encode(head), [tuple(tokens.encode(line + option)) for option in options]
    told = [len(line) + _told_apart(option, names) for option in options]
    waiting, steps = [(0.0, tuple[int, ...]())], 0
    while True:
        cost, path = heapq.heappop(waiting)
        alive = [place for place, one in enumerate(ids) if one[: len(path)] == path]
        if steps >= MOST_STEPS:
            waiting.clear()
        if len(alive) == 1 and (not waiting or ids[alive[0]] == path or len(tokens.decode(path)) > told[alive[0]]):
            return alive[0]
        following = {ids[place][len(path)] for place in alive}
        if len(following) == 1 and not waiting:
            waiting.append((cost, (*path, *following)))
            continue
        (log_probs,), steps = step([[*begun, *path]]), steps + 1
        for token in following:
            heapq.heappush(waiting, (cost - float(log_probs[token]), (*path, token)))


def _told_apart(option: str, names: Sequence[str]) -> int:
    """How much of an option begins another name than its own."""
    start = len(option) - len(option.lstrip(" ;"))
    own = max((name for name in names if option.startswith(name, start)), key=len, default="")
    return start + max((_shared(option[start:], name) for name in names if name != own), default=0)


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _mend(tokens: Tokens, step: Step, grammar: LeadGrammar, turn: str, place: Place) -> str:
    """Finish the line of a turn that is sound up to a place, and what behind it can be written in one way only."""
    ended = False
    while place.pieces and (not ended or len(place.pieces) == 1):
        options = [piece.text for piece in place.pieces]
        chosen = options[most_probable(tokens, step, turn, options, grammar.names)]
        turn, ended = turn + chosen, ended or "\n" in chosen
        place = grammar.follow(turn, place)
    return turn
