"""A run as server-sent events, and as one answer; either way it is cancelled when the client leaves.

FastAPI writes the events; its own response for them would know nothing of a client that leaves or a time that is up.
"""

from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from raredxr1.serve.run_state import Event, Run

MEDIA_TYPE = "text/event-stream"
_KEEP_ALIVE_TICKS = 20
"""Ticks of silence after which a comment is sent, so that nothing on the way closes the connection."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def wants_events(request: Request) -> bool:
    """Whether the client asks for a stream."""
    return MEDIA_TYPE in request.headers.get("accept", "")


def written(event: Event) -> bytes:
    """An event as it is sent."""
    return format_sse_event(event=event.kind, data_str=event.data)


def stream(
    request: Request,
    run: Run,
    time_limit: float,
    written: Callable[[Event], bytes] = written,
    on_leaving: Callable[[], object] | None = None,
) -> StreamingResponse:
    """Answer with the events of a run from its beginning.

    Args:
        request: whose client may leave.
        run: the run.
        time_limit: what the message says if the time is up.
        written: how an event is sent; empty: not at all.
        on_leaving: what to do when nobody reads on; by default the run is cancelled.
    """

    async def lines() -> AsyncIterator[bytes]:
        silent = 0
        try:
            async for event in run.follow():
                if event is not None:
                    silent = 0
                    if sent := written(event):
                        yield sent
                    continue
                silent += 1
                if run.stop.late:
                    run.late(time_limit)
                elif await request.is_disconnected():
                    return
                elif silent % _KEEP_ALIVE_TICKS == 0:
                    yield KEEPALIVE_COMMENT
        finally:
            (on_leaving or run.cancel)()

    return StreamingResponse(lines(), media_type=MEDIA_TYPE, headers=_HEADERS)


async def finish(request: Request, run: Run, time_limit: float) -> None:
    """Wait until a run has ended; cancel it when the client leaves."""
    try:
        async for event in run.follow(tick=0.2):
            if event is None and run.stop.late:
                run.late(time_limit)
            elif event is None and await request.is_disconnected():
                return
    finally:
        run.cancel()
