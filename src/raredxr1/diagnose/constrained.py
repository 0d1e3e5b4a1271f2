"""Decoding under the grammar of a sound turn: an engine whose reasoning over evidence cannot contradict it.

What can be written in one way only is written without asking (`lead_grammar`): the lines of evidence beside a name, the
last name. Where there is a choice (which candidate, which finding decides) the model writes until it has chosen; if it
leaves what is allowed, it is asked which of that it finds most probable. A turn of two hundred tokens takes some forty
of the model's, and the prompt is read once.
"""

import heapq
from collections.abc import Callable, Generator, Sequence
from itertools import takewhile

from raredxr1 import dialogue
from raredxr1.diagnose._text import room
from raredxr1.diagnose.copying import LogProbs, Tokens
from raredxr1.diagnose.engine import Completion, GenerationSettings, TokenEngine
from raredxr1.diagnose.lead_grammar import LeadGrammar, read_candidates

_BEGIN = f"{dialogue.THINK}\n{dialogue.HYPOTHESES}\n"
MOST_STEPS = 24
"""Tokens of alternatives that are looked at in the order of their probability; beyond, only the most probable is."""
Step = Callable[[Sequence[Sequence[int]]], LogProbs]


def is_constrained(prompt: str, settings: GenerationSettings) -> bool:
    """Whether the turn behind a prompt is held to the evidence; what is sampled or searched with beams is free."""
    greedy = settings.temperature == 0 and settings.beam == 1 and settings.stop in ("", dialogue.THINK_END)
    if not greedy or not dialogue.asks_lead(prompt):
        return False
    _, settled = _parted(prompt)
    return bool(LeadGrammar(read_candidates(prompt), settled).follow("").pieces)


def constrained(engine: TokenEngine, prompt: str, settings: GenerationSettings) -> Generator[str, None, Completion]:
    """Write a turn that is held to the evidence.

    Args:
        engine: what decides.
        prompt: findings and candidates, and perhaps the name of the first hypothesis: then the order is settled.
        settings: greedy.

    Yields:
        Whole lines, as soon as they are settled.

    Returns:
        The turn; its probability is not told, for not every word is the engine's own.

    Raises:
        InputError: the prompt leaves no room in the context.
    """
    before, begun = _parted(prompt)
    grammar = LeadGrammar(read_candidates(before), begun)
    most = room(engine.count(prompt), settings, engine.context_length)
    text, shown, truncated = begun, len(begun), False
    place = grammar.follow(text)
    while place.pieces and not truncated:
        text, options = text[: place.end], [piece.text for piece in place.pieces]
        if len(options) > 1:
            step = engine.continuing(before)  # keeps the state of the prompt, for what is written behind it, too
            chosen = _written(engine, before + text, settings, options, grammar.names)
            if chosen is None:
                chosen = most_probable(engine, step, text, options, grammar.names)
            options = [options[chosen]]
        text += options[0]
        place = grammar.follow(text, place)
        ids = engine.encode(text[len(begun) :])
        if truncated := len(ids) > most or (len(ids) == most and not place.whole):
            text = begun + engine.decode(ids[:most])
        if lines := text[shown : text.rfind("\n") + 1]:
            shown += len(lines)
            yield lines
    if rest := text[shown:]:
        yield rest
    turn = text[len(begun) :]
    return Completion(text=turn, tokens=engine.count(turn), log_prob=None, truncated=truncated)


def _written(
    engine: TokenEngine, prompt: str, settings: GenerationSettings, options: Sequence[str], names: Sequence[str]
) -> int | None:
    """Have the model write until it has chosen one of several texts; None: it writes none of them."""
    told = [_told_apart(option, names) for option in options]
    longest = settings.model_copy(update={"max_tokens": max(map(engine.count, options))})
    stream, text = engine.stream(prompt, longest), ""
    try:
        for piece in stream:
            text += piece
            alive = [i for i, option in enumerate(options) if option.startswith(text) or text.startswith(option)]
            if not alive:
                return None
            if len(alive) == 1 and len(text) > min(told[alive[0]], len(options[alive[0]]) - 1):
                return alive[0]
    finally:
        stream.close()
    return None


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


def _parted(prompt: str) -> tuple[str, str]:
    """A prompt up to where the hypotheses begin, and what of the turn is given behind it."""
    begins = prompt.rindex(_BEGIN) + len(_BEGIN)
    return prompt[:begins], prompt[begins:]
