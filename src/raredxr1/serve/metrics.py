"""Counts and times for Prometheus, in its text format (version 0.0.4). Nothing in them tells one note from another.

Written here: prometheus-client would be one more dependency of the product, its registry one for the process.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping

BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0, 120.0)
"""Upper bounds in seconds."""
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What the server has done since it started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._outcomes: dict[str, int] = defaultdict(int)
        self._buckets = [0] * len(BUCKETS)
        self._seconds = 0.0
        self._answers = 0
        self._tokens = 0
        self._job_items: dict[str, int] = defaultdict(int)

    def requested(self, route: str, method: str, status: int) -> None:
        """Count a request."""
        with self._lock:
            self._requests[route, method, status] += 1

    def answered(self, outcome: str, seconds: float, tokens: int) -> None:
        """Count a diagnosis that was asked for, and the seconds the model worked on it."""
        with self._lock:
            self._outcomes[outcome] += 1
            self._seconds += seconds
            self._answers += 1
            self._tokens += tokens
            for place, bound in enumerate(BUCKETS):
                self._buckets[place] += seconds <= bound

    def job_item(self, outcome: str) -> None:
        """Count a row of a batch job."""
        with self._lock:
            self._job_items[outcome] += 1

    def text(self, facts: Mapping[str, str], waiting: int, running: int) -> str:
        """Write all of it.

        Args:
            facts: what answers, as labels.
            waiting: runs in the queue.
            running: runs being answered.
        """
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines(facts, waiting, running))

    def _lines(self, facts: Mapping[str, str], waiting: int, running: int) -> Iterator[str]:
        yield from _head("raredx_info", "gauge", "What answers.")
        yield f"raredx_info{_labels(facts)} 1"
        yield from _head("raredx_requests_total", "counter", "HTTP requests by route, method and status.")
        for (route, method, status), count in sorted(self._requests.items()):
            yield f"raredx_requests_total{_labels({'route': route, 'method': method, 'status': str(status)})} {count}"
        yield from _head("raredx_diagnoses_total", "counter", "Diagnoses asked for, by how they ended.")
        for outcome, count in sorted(self._outcomes.items()):
            yield f"raredx_diagnoses_total{_labels({'outcome': outcome})} {count}"
        yield from _head("raredx_job_items_total", "counter", "Rows of batch jobs, by how they ended.")
        for outcome, count in sorted(self._job_items.items()):
            yield f"raredx_job_items_total{_labels({'outcome': outcome})} {count}"
        yield from _head("raredx_diagnosis_seconds", "histogram", "Seconds the model worked on a diagnosis.")
        for bound, count in zip(BUCKETS, self._buckets, strict=True):
            yield f'raredx_diagnosis_seconds_bucket{{le="{bound:g}"}} {count}'
        yield f'raredx_diagnosis_seconds_bucket{{le="+Inf"}} {self._answers}'
        yield f"raredx_diagnosis_seconds_sum {self._seconds:.6f}"
        yield f"raredx_diagnosis_seconds_count {self._answers}"
        yield from _head("raredx_tokens_total", "counter", "Tokens the model wrote.")
        yield f"raredx_tokens_total {self._tokens}"
        yield from _head("raredx_queue_length", "gauge", "Diagnoses waiting for the model.")
        yield f"raredx_queue_length {waiting}"
        yield from _head("raredx_running", "gauge", "Diagnoses being answered.")
        yield f"raredx_running {running}"


def _head(name: str, kind: str, says: str) -> tuple[str, str]:
    return f"# HELP {name} {says}", f"# TYPE {name} {kind}"


def _labels(labels: Mapping[str, str]) -> str:
    inner = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
    return "{" + inner + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
