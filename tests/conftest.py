"""What holds for all tests: no skip goes unseen, and no test fails because a machine is busy."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

CI = os.environ.get("CI") == "true"

# Two workers on two cores: more threads than cores make small products slower, not faster.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell that runs the tests in the background has SIGINT ignored, and children would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("steady", deadline=None, derandomize=CI)
settings.load_profile("steady")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs("bwrap")`: skipped by name where the program is not installed."""
    for mark in item.iter_markers("needs"):
        for program in mark.args:
            if shutil.which(program) is None:
                pytest.skip(f"needs the program {program}, which is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true everything is installed, so a skip is a hole in the tests: it fails.

    Only public data sets that are not part of this repository may be missing; such a skip names
    the variable (SECONDTHOUGHT_...) that tells where they are.
    """
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        if "SECONDTHOUGHT_" in str(reason):
            return report
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: no test may be skipped in CI ({reason})"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that is skipped while it is collected."""
    report = yield
    if CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid}: no file may be skipped in CI ({report.longrepr})"
    return report
