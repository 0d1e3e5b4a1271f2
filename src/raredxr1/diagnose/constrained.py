"""Decoding under the grammar of a sound turn: an engine whose reasoning over evidence cannot contradict it.

What can be written in one way only is written without asking (`lead_grammar`): the lines of evidence beside a name, the
last name. Where there is a choice (which candidate, which finding decides) the model writes until it has chosen; if it
leaves what is allowed, the nearest of that is taken. A turn of two hundred tokens takes some forty of the model's, and
the prompt is read once.
"""

from collections.abc import Generator, Sequence
from itertools import takewhile

from raredxr1 import dialogue
from raredxr1.diagnose._text import room
from raredxr1.diagnose.engine import Completion, GenerationSettings, TokenEngine
from raredxr1.diagnose.lead_grammar import LeadGrammar, read_candidates

_BEGIN = f"{dialogue.THINK}\n{dialogue.HYPOTHESES}\n"


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
            engine.continuing(before)  # keeps the state of the prompt for all that is written behind it
            options = [options[_chosen(engine, before + text, settings, options, grammar.names)]]
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


def _chosen(
    engine: TokenEngine, prompt: str, settings: GenerationSettings, options: Sequence[str], names: Sequence[str]
) -> int:
    """Have the model write until it has chosen one of several texts; where it writes none of them, the nearest.

    The nearest shares the longest beginning with what was written, if that is more than another name's; else it is the
    first. That the model would repeat a name makes no other that begins alike its choice.
    """
    told = [_told_apart(option, names) for option in options]
    longest = settings.model_copy(update={"max_tokens": max(map(engine.count, options))})
    stream, text = engine.stream(prompt, longest), ""
    try:
        for piece in stream:
            text += piece
            alive = [i for i, option in enumerate(options) if option.startswith(text) or text.startswith(option)]
            if len(alive) == 1 and len(text) > min(told[alive[0]], len(options[alive[0]]) - 1):
                return alive[0]
            if not alive:
                break
    finally:
        stream.close()
    nearest = max(range(len(options)), key=lambda i: _shared(options[i], text))
    return nearest if _shared(options[nearest], text) > told[nearest] else 0


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
