"""Which tests `make test-fast` leaves out: those that took long when last measured. `make slow` measures, minutes.

    python -m pytest -p tests.measuring -m 'not slow'    # in one process; writes tests/slow.txt

Counted are processor seconds, which other work on the machine changes little, of the test and of the processes that it
waits for. A test that takes long is run again at once, as the first that needs something pays for it and a second does
not. A fixture that several tests share counts for all that ask for it where it takes very long. A test that is renamed,
or is new, counts as fast until this is run again; files that train, start a process or a browser say so themselves
(pytestmark) and are not measured.
"""

import datetime
import os
import platform
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

SLOW = Path(__file__).parent / "slow.txt"
LIMIT, SHARED_LIMIT = 0.15, 5.0
"""Processor seconds of a test, and of a fixture that tests share."""


def spent() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    return sum(os.times()[:4])


class Measuring:
    """What each test took, without the fixtures that others share, and what those took."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.tests: dict[str, float] = {}
        self.fixtures: Counter[tuple[str, str]] = Counter()
        self.asked: dict[str, set[tuple[str, str]]] = {}
        self.shared = 0.0

    def pytest_collection_finish(self) -> None:
        """Be warm, as the processes of `make test-fast` are."""
        from started import warm

        warm()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        """Set aside what a shared fixture takes, but for those that it asks for itself."""
        before, within = spent(), self.shared
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                alone = spent() - before - (self.shared - within)
                name = fixturedef.baseid, fixturedef.argname
                self.fixtures[name] = max(self.fixtures[name], alone)
                self.shared += alone

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: pytest.Item | None) -> bool:
        """Run a test; one that takes long, a second time."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for following in (item.parent, nextitem):  # what the file shares stays
            before, within = spent(), self.shared
            reports = runtestprotocol(item, log=False, nextitem=following)
            took = spent() - before - (self.shared - within)
            self.tests[item.nodeid] = min(took, self.tests.get(item.nodeid, took))
            if took <= LIMIT:
                break
        item.session._setupstate.teardown_exact(nextitem)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        asked = item._fixtureinfo.name2fixturedefs.values()
        self.asked[item.nodeid] = {(one[-1].baseid, one[-1].argname) for one in asked}
        return True

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write down what was slow, the slowest first, where every test passed."""
        if exitstatus:
            return
        dear = {fixture for fixture, took in self.fixtures.items() if took > SHARED_LIMIT}
        slow = {
            test: took + sum(self.fixtures[one] for one in dear & self.asked[test])
            for test, took in self.tests.items()
            if took > LIMIT or dear & self.asked[test]
        }
        rest = sum(took for test, took in self.tests.items() if test not in slow)
        head = (
            f"# Left out of `make test-fast`: longer than {LIMIT} processor seconds, their own or of a fixture.\n"
            f"# Written by `make slow` on {datetime.date.today()}, Python {platform.python_version()}: "
            f"{len(slow)} of {len(self.tests)} tests; the others take {rest:.0f} s.\n"
        )
        lines = [f"{took:.2f} {test}\n" for test, took in sorted(slow.items(), key=lambda one: (-one[1], one[0]))]
        SLOW.write_text(head + "".join(lines), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Measure."""
    config.pluginmanager.register(Measuring(), "measuring")


def slow_tests() -> set[str]:
    """Ids of the tests that were slow when last measured."""
    lines = SLOW.read_text(encoding="utf-8").splitlines()
    return {line.partition(" ")[2] for line in lines if not line.startswith("#")}
