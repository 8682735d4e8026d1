"""The child's side of `isolation`: run as a script, answer calls on stdin with lines on stdout.

Imports little, so that a child is there in some 30 ms.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any


def main() -> None:
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what the function prints must not be taken for a reply
        os.dup2(nothing, stream)

    def reply(**message: Any) -> None:
        print(json.dumps(message, allow_nan=False), file=replies, flush=True)

    setup = json.loads(requests.readline())
    sys.path[:] = setup["path"]
    if setup["confined"]:
        from secondthought import seccomp

        seccomp.confine(seccomp.COMPUTE)
        _lower(resource.RLIMIT_AS, setup["memory"])
        _lower(resource.RLIMIT_FSIZE, 0)
        _lower(resource.RLIMIT_CORE, 0)
    try:
        function = _load(setup["target"])
    except BaseException as error:
        reply(raised=f"cannot be loaded: {_in_one_line(error)}")
        return
    reply(ready=True)
    for line in requests:
        if setup["confined"]:
            _allow_cpu(setup["cpu"])
        try:
            reply(value=function(*json.loads(line)))
        except BaseException as error:
            reply(raised=_in_one_line(error))


def _load(target: str) -> Callable[..., Any]:
    """From "package.module:name" or "/a/file.py:name"."""
    source, _, name = target.rpartition(":")
    if source.endswith(".py"):
        spec = spec_from_file_location("_isolated_target", source)
        assert spec is not None
        assert spec.loader is not None
        sys.path.insert(0, os.path.dirname(source))
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = import_module(source)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _lower(which: int, to: int) -> None:
    known = [limit for limit in resource.getrlimit(which) if limit != resource.RLIM_INFINITY]
    lowest = min([to, *known])
    resource.setrlimit(which, (lowest, lowest))


def _allow_cpu(seconds: float) -> None:
    """This much more CPU time from here on; then the kernel kills the process (SIGXCPU)."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used + seconds) + 1
    if hard == resource.RLIM_INFINITY or wanted <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def _in_one_line(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = (
        f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    )
    return " ".join(f"{type(error).__name__}: {error}".split())[:500] + where


if __name__ == "__main__":
    main()
