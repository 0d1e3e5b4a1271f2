"""Batch jobs over HTTP: make, watch, read what is finished, cancel, resume, delete."""

from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Path, Query, Response
from fastapi.openapi import models as openapi
from fastapi.responses import StreamingResponse
from pydantic import Field

from raredxr1.schemas import Strict
from raredxr1.serve.api import TheState, problems
from raredxr1.serve.jobs import Job, JobState, TooManyError
from raredxr1.serve.requests import Ask, AskOptions

router = APIRouter(prefix="/v1/jobs")
JobId = Annotated[str, Path(max_length=64)]


class JobRequest(Strict):
    """Many notes, asked for in the same way."""

    items: list[Ask] = Field(min_length=1)
    options: AskOptions = Field(default_factory=AskOptions)


_EXAMPLES: dict[str, openapi.Example] = {
    "two notes": {
        "value": {
            "items": [
                {"name": "row 1", "note": "Boy of 2 years with muscular hypotonia and seizures."},
                {"name": "row 2", "note": "Woman of 30 years with aortic root aneurysm and arachnodactyly."},
            ],
            "options": {"form": "short"},
        }
    }
}


class JobStatus(Strict):
    """A job and how far it is."""

    id: str
    created: str = Field(description="ISO 8601, UTC")
    state: JobState = Field(
        description="active: worked on whenever nobody waits for the model. interrupted: the server ended meanwhile; "
        "resume it"
    )
    model: str | None = Field(description="which was asked for, by its name in /v1/models; null: the first of them")
    total: int
    succeeded: int
    failed: int = Field(description="rows with a reason instead of a result")
    remaining: int


class JobList(Strict):
    """All jobs, the newest first."""

    jobs: list[JobStatus]


@router.post("", status_code=202, responses=problems(429))
def create(desk: TheState, asked: Annotated[JobRequest, Body(openapi_examples=_EXAMPLES)]) -> JobStatus:
    """Make a job. Its notes and results stay in the server's private file until the job is deleted."""
    if len(asked.items) > desk.settings.job_items:
        raise HTTPException(413, f"more than {desk.settings.job_items:,} items; make several jobs")
    try:
        job = desk.jobs.create(asked.items, asked.options)
    except TooManyError as error:
        raise HTTPException(429, "too many jobs are kept; delete some", {"Retry-After": "60"}) from error
    desk.worker.nudge()
    return _status(job)


@router.get("", responses=problems())
def listed(desk: TheState) -> JobList:
    """List all jobs."""
    return JobList(jobs=[_status(job) for job in desk.jobs.listed()])


@router.get("/{job_id}", responses=problems(404))
def status(desk: TheState, job_id: JobId) -> JobStatus:
    """Say how far a job is."""
    return _found(desk.jobs.get(job_id))


@router.get(
    "/{job_id}/results",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "JSON Lines: place, name, and result (the JSON of `raredx diagnose`) or error; one of them "
            "is null.",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        },
        **problems(404),
    },
)
def results(
    desk: TheState,
    job_id: JobId,
    after: Annotated[int, Query(ge=0, lt=2**31, description="Rows after this place.")] = 0,
) -> Response:
    """Give the rows that are finished, in the order of the items."""
    _found(desk.jobs.get(job_id))
    return StreamingResponse(desk.jobs.rows(job_id, after), media_type="application/x-ndjson")


@router.post("/{job_id}/cancel", responses=problems(404))
def cancel(desk: TheState, job_id: JobId) -> JobStatus:
    """Stop working on a job; what is finished stays. A job that is done stays done."""
    return _found(desk.jobs.cancel(job_id))


@router.post("/{job_id}/resume", responses=problems(404))
def resume(desk: TheState, job_id: JobId) -> JobStatus:
    """Go on with a job that was cancelled or interrupted."""
    job = _found(desk.jobs.resume(job_id))
    desk.worker.nudge()
    return job


@router.delete("/{job_id}", status_code=204, responses=problems(404))
def delete(desk: TheState, job_id: JobId) -> None:
    """Remove a job with its notes and results."""
    if not desk.jobs.delete(job_id):
        raise HTTPException(404, "there is no such job")


def _found(job: Job | None) -> JobStatus:
    if job is None:
        raise HTTPException(404, "there is no such job")
    return _status(job)


def _status(job: Job) -> JobStatus:
    return JobStatus(
        id=job.id,
        created=job.created,
        state=job.state,
        model=job.model,
        total=job.total,
        succeeded=job.succeeded,
        failed=job.failed,
        remaining=job.total - job.succeeded - job.failed,
    )
