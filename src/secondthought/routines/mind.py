"""What a runner cannot know from the routine alone: how to say it, what a reply means, whether a
condition holds. `Plain` needs no model; `Guided` asks one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from secondthought.messages import Message, Problem
from secondthought.reasoner import Reasoner
from secondthought.routines.consent import reads_yes
from secondthought.routines.model import Ask, Branch, Confirm, Say, Unknown
from secondthought.routines.predicate import look_up
from secondthought.routines.state import State

_TEMPLATE = re.compile(r"\{([^\W\d]\w*(?:\.\w+|\[\d+\])*)\}")
_NOTHING_MORE = re.compile(
    r"\W*(?:no|nope|nothing|that's all|that is all|that will be all|i'm good|all good"
    r"|thanks|thank you|bye|아니|없|괜찮|됐|감사)",
    re.IGNORECASE,
)

Spoken = Say | Ask | Confirm | Unknown
Operator = Callable[[str], Awaitable[bool | None]]


class Mind(Protocol):
    async def phrase(self, clause: Spoken, state: State) -> str: ...

    async def extract(self, ask: Ask, reply: str, state: State) -> dict[str, Any]:
        """Values for `ask.into`; what the reply does not hold is left out."""
        ...

    async def agrees(self, reply: str, state: State) -> bool | None: ...

    async def holds(self, key: str, branch: Branch, state: State) -> bool | None: ...

    async def wants_more(self, reply: str, state: State) -> bool: ...


class Plain:
    """Rules only. decisions: step key or condition -> what holds, one answer or one a visit;
    operator: asked for conditions that nothing else decides."""

    def __init__(
        self,
        decisions: Mapping[str, bool | Sequence[bool]] | None = None,
        operator: Operator | None = None,
    ) -> None:
        self._decisions = {
            key: [value] if isinstance(value, bool) else list(value)
            for key, value in (decisions or {}).items()
        }
        self._operator = operator

    async def phrase(self, clause: Spoken, state: State) -> str:
        return fill(clause.text, state.values)

    async def extract(self, ask: Ask, reply: str, state: State) -> dict[str, Any]:
        reply = reply.strip()
        if not reply:
            return {}
        if len(ask.into) == 1:
            return {ask.into[0]: reply}
        named = dict(re.findall(r"(\w+)\s*[:=]\s*([^,;\n]+)", reply))
        if set(ask.into) <= set(named):
            return {name: named[name].strip() for name in ask.into}
        parts = [part.strip() for part in re.split(r"[,;\n]", reply) if part.strip()]
        return dict(zip(ask.into, parts, strict=True)) if len(parts) == len(ask.into) else {}

    async def agrees(self, reply: str, state: State) -> bool | None:
        return reads_yes(reply)

    async def holds(self, key: str, branch: Branch, state: State) -> bool | None:
        for name in (key, branch.condition):
            if name in self._decisions:
                answers = self._decisions[name]
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return await self._operator(branch.condition) if self._operator else None

    async def wants_more(self, reply: str, state: State) -> bool:
        return bool(reply.strip()) and not _NOTHING_MORE.match(reply.replace("’", "'"))


class Guided(Plain):
    """A model phrases, reads replies, and decides conditions; the runner keeps the counter.

    What rules can decide for certain (a plain yes or no, quoted words, predicates) is not asked
    of the model. An answer that is not in the expected form counts as "cannot tell".
    """

    def __init__(self, reasoner: Reasoner, effort: str = "none", seed: int = 0) -> None:
        super().__init__()
        self._reasoner = reasoner
        self._effort = effort
        self._seed = seed

    async def phrase(self, clause: Spoken, state: State) -> str:
        text = fill(clause.text, state.values)
        if getattr(clause, "quoted", True):
            return text
        said = await self._ask(
            "Write what a friendly service agent says to the customer now, in the customer's "
            f"language, in one or two sentences and nothing else. The agent's instruction: {text}",
            state,
        )
        return said.strip() or text

    async def extract(self, ask: Ask, reply: str, state: State) -> dict[str, Any]:
        plain = await super().extract(ask, reply, state)
        if len(ask.into) == 1 and len(reply.split()) == 1:
            return plain
        names = ", ".join(ask.into)
        answer = await self._ask(
            f"The agent asked: {ask.text}\nThe customer replied: {reply}\n"
            f"Give a JSON object with the values of {names} as the customer wrote them. Leave out "
            "what the reply does not say. Give the JSON object and nothing else.",
            state,
        )
        read = _object(answer)
        return {name: read[name] for name in ask.into if read.get(name) not in (None, "")}

    async def agrees(self, reply: str, state: State) -> bool | None:
        sure = reads_yes(reply)
        if sure is not None:
            return sure
        answer = await self._ask(
            f"The customer replied: {reply}\nDid the customer agree without any change? "
            "Answer with one word: yes, no, or unclear.",
            state,
        )
        return _word(answer)

    async def holds(self, key: str, branch: Branch, state: State) -> bool | None:
        known = json.dumps(state.values, ensure_ascii=False, default=str)[:6000]
        answer = await self._ask(
            f"Known values: {known}\nDoes this condition hold now: {branch.condition}?\n"
            "Answer with one word: yes, no, or unclear.",
            state,
        )
        return _word(answer)

    async def _ask(self, question: str, state: State) -> str:
        talk = "\n".join(
            f"{'Agent' if e.kind == 'agent' else 'Customer'}: {e.text}"
            for e in state.log
            if e.kind in ("agent", "customer")
        )[-6000:]
        policy = self._reasoner.policy(self._effort, reserve=512)
        messages = (Message("user", f"The conversation so far:\n{talk}\n\n{question}"),)
        trace = await self._reasoner.answer(
            Problem(messages), self._effort, policy=policy, seed=self._seed
        )
        return trace.answer


def fill(text: str, values: Mapping[str, Any]) -> str:
    """`{order.total}` by its value; unknown names stay as they are."""

    def value(match: re.Match[str]) -> str:
        found = look_up(values, match[1])
        return match[0] if found is None else str(found)

    return _TEMPLATE.sub(value, text)


def _word(answer: str) -> bool | None:
    """The first word decides; an answer that argues first, by its last word."""
    words = re.findall(r"[a-z]+", answer.lower())
    for word in (*words[:1], *words[-1:]):
        if word in ("yes", "true", "no", "false"):
            return word in ("yes", "true")
    return None


def _object(answer: str) -> dict[str, Any]:
    start, end = answer.find("{"), answer.rfind("}")
    try:
        value: Any = json.loads(answer[start : end + 1]) if start >= 0 else {}
    except (ValueError, RecursionError):
        return {}
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}
