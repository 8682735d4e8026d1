"""Findings as SARIF 2.1.0, which code hosts show beside the lines of a change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from secondthought.routines.validate.findings import RULES, Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(files: Mapping[str, Sequence[Finding]], version: str) -> str:
    """files: path -> its findings."""
    rules = [
        {
            "id": code,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.advice},
            "defaultConfiguration": {"level": "error" if code[0] == "E" else "warning"},
        }
        for code, rule in RULES.items()
    ]
    index = {code: number for number, code in enumerate(RULES)}
    results = [
        _result(path, finding, index[finding.code])
        for path, findings in files.items()
        for finding in findings
    ]
    driver = {"name": "secondthought routine", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _uri(path: Path) -> str:
    """Relative paths stay relative: a code host reads them from the root of the repository."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _result(path: str, finding: Finding, index: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": _uri(Path(path))},
        "region": {"startLine": max(1, finding.line)},
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": f"{finding.message}; {finding.advice}"},
        "locations": [{"physicalLocation": place}],
    }
