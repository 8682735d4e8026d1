"""What tests compare of a routine: everything but the line numbers and what was not read."""

from __future__ import annotations

import json
from typing import Any

from secondthought.routines.model import Routine


def tree(routine: Routine) -> Any:
    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k != "line"}
        return [bare(v) for v in value] if isinstance(value, list) else value

    return bare(json.loads(routine.model_dump_json(exclude={"unread"})))
