"""secondthought: a closed loop of thought for any language model, and a small reasoning model.

    import secondthought as st

    trace = st.Reasoner().ask("What is 17 * 23?")
    print(trace.answer, trace.ledger.usage)

Names are imported when they are first used, so that `import secondthought` is instant and a
training machine needs no onnxruntime.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secondthought.effort import Effort, Policy
    from secondthought.loop.base import Answer, Context, Stop
    from secondthought.messages import BadInput, Message, Problem, Tool, ToolCall
    from secondthought.models.base import Capabilities, Delta, Model, ModelError, Request
    from secondthought.models.resolve import open_model
    from secondthought.reasoner import Reasoner
    from secondthought.tasks.base import Task
    from secondthought.trace import Event, StopReason, Trace, Usage, Verdict
    from secondthought.verifiers.base import Verifier

__version__ = "0.1.0"

_HOME = {
    "effort": ("Effort", "Policy"),
    "loop.base": ("Answer", "Context", "Stop"),
    "messages": ("BadInput", "Message", "Problem", "Tool", "ToolCall"),
    "models.base": ("Capabilities", "Delta", "Model", "ModelError", "Request"),
    "models.resolve": ("open_model",),
    "reasoner": ("Reasoner",),
    "tasks.base": ("Task",),
    "trace": ("Event", "StopReason", "Trace", "Usage", "Verdict"),
    "verifiers.base": ("Verifier",),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Answer",
    "BadInput",
    "Capabilities",
    "Context",
    "Delta",
    "Effort",
    "Event",
    "Message",
    "Model",
    "ModelError",
    "Policy",
    "Problem",
    "Reasoner",
    "Request",
    "Stop",
    "StopReason",
    "Task",
    "Tool",
    "ToolCall",
    "Trace",
    "Usage",
    "Verdict",
    "Verifier",
    "__version__",
    "open_model",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'secondthought' has no attribute {name!r}")
    return getattr(import_module(f"secondthought.{_MODULE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
