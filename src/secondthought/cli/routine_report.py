"""What `secondthought routine` prints of findings, rounds and audits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from secondthought.cli.text import safe

if TYPE_CHECKING:
    from secondthought.routines.audit import Audit
    from secondthought.routines.convert import Round
    from secondthought.routines.validate.findings import Finding


def print_findings(found: dict[str, list[Finding]]) -> None:
    for name, findings in found.items():
        for finding in findings:
            place = f"{name}:{finding.line}" if finding.line else name
            where = f" (step {finding.step})" if finding.step else ""
            text = f"{finding.severity} {finding.code}{where}: {finding.message}"
            print(safe(f"{place}: {text}\n    why: {finding.why}\n    do:  {finding.advice}"))
    everything = [f for findings in found.values() for f in findings]
    errors = sum(f.severity == "error" for f in everything)
    print(f"{errors} errors, {len(everything) - errors} warnings")


def print_round(number: int, round_: Round) -> None:
    errors = sum(f.severity == "error" for f in round_.findings)
    codes = " ".join(sorted({f.code for f in round_.findings})) or "nothing found"
    print(
        f"round {number}: {errors} errors, {len(round_.findings)} findings: {codes}",
        file=sys.stderr,
    )


def print_audit(report: Audit, to: TextIO | None = None) -> None:
    print(safe(f"{report.name}: {len(report.calls)} calls"), file=to)
    for call in report.calls:
        for violation in call.violations:
            mark = "STOP" if violation.stops else "note"
            print(safe(f"  {mark} message {call.turn}: {violation.message}"), file=to)
    states: dict[str, list[str]] = {}
    for key, state in report.steps.items():
        states.setdefault(state, []).append(key)
    for state in ("followed", "skipped", "out of order"):
        if keys := states.get(state):
            print(safe(f"  {state}: {', '.join(keys)}"), file=to)
