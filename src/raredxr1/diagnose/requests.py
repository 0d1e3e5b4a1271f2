"""How the model is asked: the pipeline yields requests, a driver answers them.

A diagnosis is a generator (`Steps`): each value it yields is a `Request`, and it is sent the completions. The same
generator is driven for one note at a time, with the turn shown as it is written and stopped where it is no longer
wanted (`run`), or for many notes whose requests are answered together (`run_together`).
"""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from raredxr1.diagnose.engine import Completion, Engine, GenerationSettings
from raredxr1.errors import InputError

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """Prompts to complete.

    Attributes:
        prompts: whole prompts, possibly with the beginning of the turn.
        settings: how to complete each of them.
        shown: the one turn may be shown to people while it is written.
        begun: what stands at the end of the prompt and is shown before it.
    """

    prompts: tuple[str, ...]
    settings: GenerationSettings
    shown: bool = False
    begun: str = ""


Answers = list[list[Completion]]
"""For each prompt its completions."""

Steps = Generator[Request, Answers, T]
"""Yields requests, is sent their answers, and returns what comes of them."""


@dataclass(frozen=True)
class _Ended(Generic[T]):
    value: T


AT_ONCE = 16
"""Prompts between two looks at whether the answer is still wanted."""


def run(
    steps: Steps[T],
    engine: Engine,
    on_text: Callable[[str], None] | None = None,
    check: Callable[[], None] | None = None,
) -> T:
    """Answer the requests of one diagnosis.

    Args:
        steps: what asks.
        engine: what answers.
        on_text: given each piece of a turn that is shown.
        check: called between pieces and between batches; what it raises ends the run.
    """
    request = _first(steps)
    while isinstance(request, Request):
        request = _next(steps, _answered(request, engine, on_text, check or (lambda: None)))
    return request.value


def run_together(many: Sequence[Steps[T]], engine: Engine) -> list[T | InputError]:
    """Answer the requests of many diagnoses, together as far as they ask in the same way.

    Returns:
        What comes of each, or why nothing does.
    """
    done: dict[int, T | InputError] = {}
    waiting: dict[int, Request] = {}

    def went_on(place: int, step: Callable[[], Request | _Ended[T]]) -> None:
        waiting.pop(place, None)
        try:
            request = step()
        except InputError as error:
            done[place] = error
            return
        if isinstance(request, Request):
            waiting[place] = request
        else:
            done[place] = request.value

    for place, steps in enumerate(many):
        went_on(place, lambda steps=steps: _first(steps))  # type: ignore[misc]
    while waiting:
        settings = next(iter(waiting.values())).settings
        alike = {place: request for place, request in waiting.items() if request.settings == settings}
        prompts = list(dict.fromkeys(prompt for request in alike.values() for prompt in request.prompts))
        written = dict(zip(prompts, engine.generate(prompts, settings), strict=True))
        for place, request in alike.items():
            answers = [written[prompt] for prompt in request.prompts]
            went_on(place, lambda place=place, answers=answers: _next(many[place], answers))  # type: ignore[misc]
    return [done[place] for place in range(len(many))]


@dataclass
class Meter:
    """What asking cost.

    Attributes:
        seconds: from each request to its answer; in a batch, that of the others included.
        longest: the longest prompt, in characters.
    """

    seconds: float = 0.0
    longest: str = ""

    def measured(self, steps: Steps[T], shown: bool = True) -> Steps[T]:
        """The same steps, measured.

        Args:
            steps: what asks.
            shown: false: none of its turns is to be shown while it is written.
        """
        request = _first(steps)
        while isinstance(request, Request):
            self.longest = max(self.longest, *request.prompts, key=len)
            asked = time.perf_counter()
            answers = yield replace(request, shown=request.shown and shown)
            self.seconds += time.perf_counter() - asked
            request = _next(steps, answers)
        return request.value


def without_model(steps: Steps[T]) -> T:
    """Run steps that ask nothing.

    Raises:
        ValueError: they do ask.
    """
    ended = _first(steps)
    if isinstance(ended, Request):
        raise ValueError("the model is asked")
    return ended.value


def _first(steps: Steps[T]) -> "Request | _Ended[T]":
    try:
        return next(steps)
    except StopIteration as end:
        return _Ended(end.value)


def _next(steps: Steps[T], answers: Answers) -> "Request | _Ended[T]":
    try:
        return steps.send(answers)
    except StopIteration as end:
        return _Ended(end.value)


def _answered(
    request: Request, engine: Engine, on_text: Callable[[str], None] | None, check: Callable[[], None]
) -> Answers:
    check()
    if request.shown:
        (prompt,) = request.prompts
        stream = engine.stream(prompt, request.settings)
        if on_text and request.begun:
            on_text(request.begun)
        try:
            for piece in stream:
                check()
                if on_text:
                    on_text(piece)
        finally:
            stream.close()
        return [[stream.completion]]
    answers: Answers = []
    for start in range(0, len(request.prompts), AT_ONCE):
        answers += engine.generate(request.prompts[start : start + AT_ONCE], request.settings)
        check()
    return answers
