"""From the events of a run to the events of a response, in OpenAI's order.

    created, (queued,) in_progress,
    reasoning item: added, summary parts or reasoning text, done,
    message item: added, content part, text deltas, done; or function calls,
    completed | incomplete | failed

Every event has the next `sequence_number`, output indexes are dense, and only one item is open at
a time: the official client's snapshots count on all three.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from secondthought.server.errors import ApiError
from secondthought.server.ids import new_id
from secondthought.server.run import Run, SummaryDelta
from secondthought.server.wire.base import dumps
from secondthought.server.wire.tools import Toolbox
from secondthought.trace import AnswerDelta, BranchStarted, Event, ThoughtDelta, ToolCalled

Json = dict[str, Any]


class Events:
    """Writes the events of one response. response: its object, kept up to date here; a finished
    item is in its `output`. `texts` are the events as JSON, the number of each its index.

    encrypted: gives the encrypted thought when the reasoning item is done; None = not wanted.
    """

    def __init__(
        self, response: Json, toolbox: Toolbox, encrypted: Callable[[], str] | None
    ) -> None:
        self.response = response
        self.texts: list[str] = []
        self._toolbox = toolbox
        self._encrypted = encrypted
        self._item: Json | None = None
        self._part: Json | None = None
        self._pieces: list[str] = []
        self._thinks = False

    # --- the life of the response ------------------------------------------------------------

    def begin(self) -> None:
        queued = self.response["status"] == "queued"
        self._life("response.created")
        if queued:
            self._life("response.queued")

    def start(self) -> None:
        self.response["status"] = "in_progress"
        self._life("response.in_progress")

    def end(self, run: Run, usage: Json | None, account: Json) -> tuple[str, Json]:
        """Close what is open. Returns the last event, which is not yet in `texts` so that it can
        be stored before anybody sees it, and the final response."""
        response = self.response
        reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(run.finish)
        if run.error is not None:
            status = "failed"
            response["error"] = failure(run.error)
        elif reason is not None:
            status = "incomplete"
            response["incomplete_details"] = {"reason": reason}
        else:
            status = "completed"
            response["completed_at"] = int(time.time())
        if run.refusal and run.error is None:
            self._refuse(run.refusal)
        self._close_item("completed" if status == "completed" else "incomplete")
        response["status"] = status
        response["usage"] = usage
        response["secondthought"].update(account)
        last = {
            "type": f"response.{status}",
            "sequence_number": len(self.texts),
            "response": response,
        }
        return dumps(last), response

    def fail(self, error: ApiError) -> None:
        """The response cannot be kept; nobody has seen its last event yet."""
        response = self.response
        self._close_item("incomplete")
        response.update(status="failed", error=failure(error))
        response.update(completed_at=None, incomplete_details=None)
        self._life("response.failed")

    def cancel(self) -> Json:
        """The response as it is when its asker cancels it. No event tells of it."""
        self._close_item("incomplete")
        self.response["status"] = "cancelled"
        return self.response

    # --- what a run does ---------------------------------------------------------------------

    def take(self, event: Event) -> None:
        if isinstance(event, BranchStarted):
            if event.strategy != "direct" and not self._thinks:
                self._thinks = True
                self._open({"id": new_id("rs"), "type": "reasoning", "summary": []})
        elif isinstance(event, ThoughtDelta):
            self._think(event.text)
        elif isinstance(event, SummaryDelta):
            self._sum_up(event.text)
        elif isinstance(event, AnswerDelta):
            self._say(event.text)
        elif isinstance(event, ToolCalled):
            self._call(event)

    def _think(self, text: str) -> None:
        if self._item is None or self._item["type"] != "reasoning":
            return
        if self._part is None:
            self._item["content"] = []
            self._open_part({"type": "reasoning_text", "text": ""})
        self._delta("response.reasoning_text.delta", text, content_index=0)

    def _sum_up(self, text: str) -> None:
        """One sentence of the summary: a part of its own."""
        item = self._item
        if item is None or item["type"] != "reasoning":
            return
        index = len(item["summary"])
        at = {"item_id": item["id"], "output_index": self._index, "summary_index": index}
        part = {"type": "summary_text", "text": text}
        self._emit("response.reasoning_summary_part.added", **at, part={**part, "text": ""})
        self._emit("response.reasoning_summary_text.delta", **at, delta=text)
        self._emit("response.reasoning_summary_text.done", **at, text=text)
        self._emit("response.reasoning_summary_part.done", **at, part=part)
        item["summary"].append(part)

    def _say(self, text: str) -> None:
        self._open_message()
        if self._part is None:
            self._open_part({"type": "output_text", "text": "", "annotations": [], "logprobs": []})
        self._delta("response.output_text.delta", text, content_index=0, logprobs=[])

    def _refuse(self, text: str) -> None:
        self._open_message()
        self._close_part()
        self._open_part({"type": "refusal", "refusal": ""})
        assert self._item is not None
        index = len(self._item["content"])
        self._delta("response.refusal.delta", text, content_index=index)

    def _call(self, event: ToolCalled) -> None:
        self._close_item("completed")
        asked = self._toolbox.asked(event.name)
        call: Json = {"type": "function_call", "call_id": event.id, **asked}
        field, text = "arguments", event.arguments
        if event.name in self._toolbox.custom:
            call["type"] = "custom_tool_call"
            field, text = "input", self._toolbox.custom_input(event.arguments)
        prefix = "fc" if field == "arguments" else "ctc"
        item = {"id": new_id(prefix), **call, field: ""}
        self._open(item)
        kind = "function_call_arguments" if field == "arguments" else "custom_tool_call_input"
        at = {"item_id": item["id"], "output_index": self._index}
        self._emit(f"response.{kind}.delta", **at, delta=text)
        name = {"name": asked["name"]} if field == "arguments" else {}
        self._emit(f"response.{kind}.done", **at, **{field: text}, **name)
        item[field] = text
        self._close_item("completed")

    # --- items and parts ---------------------------------------------------------------------

    @property
    def _index(self) -> int:
        return len(self.response["output"])

    def _open_message(self) -> None:
        if self._item is None or self._item["type"] != "message":
            self._close_item("completed")
            self._open({"id": new_id("msg"), "type": "message", "role": "assistant", "content": []})

    def _open(self, item: Json) -> None:
        self._item = item
        item["status"] = "in_progress"
        self._emit("response.output_item.added", output_index=self._index, item=item)

    def _close_item(self, status: str) -> None:
        item = self._item
        if item is None:
            return
        self._close_part()
        item["status"] = status
        if item["type"] == "reasoning" and self._encrypted is not None:
            item["encrypted_content"] = self._encrypted()
        self._emit("response.output_item.done", output_index=self._index, item=item)
        self.response["output"].append(item)
        self._item = None

    def _open_part(self, part: Json) -> None:
        assert self._item is not None
        self._part = part
        self._pieces = []
        index = len(self._item["content"])
        at = {"item_id": self._item["id"], "output_index": self._index, "content_index": index}
        self._emit("response.content_part.added", **at, part=part)

    def _delta(self, kind: str, text: str, **fields: Any) -> None:
        assert self._item is not None
        self._pieces.append(text)
        at = {"item_id": self._item["id"], "output_index": self._index}
        self._emit(kind, **at, **fields, delta=text)

    def _close_part(self) -> None:
        part, item = self._part, self._item
        if part is None or item is None:
            return
        text = "".join(self._pieces)
        index = len(item["content"])
        at = {"item_id": item["id"], "output_index": self._index, "content_index": index}
        if part["type"] == "refusal":
            part["refusal"] = text
            self._emit("response.refusal.done", **at, refusal=text)
        elif part["type"] == "reasoning_text":
            part["text"] = text
            self._emit("response.reasoning_text.done", **at, text=text)
        else:
            part["text"] = text
            self._emit("response.output_text.done", **at, text=text, logprobs=[])
        self._emit("response.content_part.done", **at, part=part)
        item["content"].append(part)
        self._part = None

    def _life(self, kind: str) -> None:
        self._emit(kind, response=self.response)

    def _emit(self, kind: str, **fields: Any) -> None:
        self.texts.append(dumps({"type": kind, "sequence_number": len(self.texts), **fields}))

    @property
    def snapshot(self) -> Json:
        """The response as it is now, the item in progress left out."""
        return copy.deepcopy(self.response)


_CODES = {400: "invalid_prompt", 429: "rate_limit_exceeded"}


def failure(error: ApiError) -> Json:
    """The `error` of a failed response; its codes are a closed list."""
    return {"code": _CODES.get(error.status, "server_error"), "message": error.message}
