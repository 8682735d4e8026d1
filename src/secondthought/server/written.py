"""A summary of the thought in the model's own words: one more call of it, where the operator wants
that and the asker sees summaries. What it writes is guarded like an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from secondthought.messages import Message
from secondthought.models.base import Model, ModelError, Request, close
from secondthought.tasks.base import Language
from secondthought.trace import StopReason

LEAST: Final = 16
"""Tokens below which no summary is tried."""
_MOST: Final = 120
_SECONDS: Final = 30.0
_ASKED: Final[dict[Language, str]] = {
    "en": "Say in at most three short sentences, in words of your own and without quoting, how "
    "these notes go about the question. Do not answer the question.",
    "ko": "아래 메모가 질문을 어떻게 풀어 가는지, 인용하지 말고 자신의 말로 짧은 문장 세 개 이내로 "
    "쓰세요. 질문에 답하지는 마세요.",
}


@dataclass(slots=True)
class Written:
    """text: "" where it failed. tokens: generated for it; sent: of its prompt."""

    text: str = ""
    tokens: int = 0
    sent: int = 0
    estimated: bool = True


async def write(
    model: Model,
    question: str,
    thought: str,
    language: Language,
    *,
    room: int,
    unwanted: Callable[[], bool],
) -> Written:
    """room: tokens that it may take at most. unwanted: asked after each token whether to stop.
    Never raises for what a model does: then there is no text, but what it took is told."""
    text = f"{_ASKED[language]}\n\n# Question\n\n{question}\n\n# Notes\n\n{thought}"
    most = min(room, _MOST)
    request = Request(
        (Message("user", text),), think=False, max_thought=0, max_answer=most, max_tokens=most
    )
    out, parts, ended = Written(), list[str](), StopReason.ERROR
    stream = model.generate(request)
    try:
        async with asyncio.timeout(_SECONDS):
            async for delta in stream:
                out.sent = delta.prompt_tokens or out.sent
                if delta.kind == "end":
                    out.tokens = delta.thought_tokens + delta.answer_tokens
                    out.estimated, ended = delta.estimated, delta.stop or StopReason.STOP
                    continue
                out.tokens += len(delta.ids) or int(bool(delta.text))
                if delta.kind == "answer":
                    parts.append(delta.text)
                if unwanted():
                    break
                if out.tokens >= most:
                    ended = StopReason.LENGTH
                    break
    except (ModelError, TimeoutError):
        pass
    finally:
        await close(stream)
    text = " ".join("".join(parts).split())
    if ended is StopReason.LENGTH:  # up to the last whole sentence
        out.text = text[: max(text.rfind(end) for end in ".!?") + 1]
    elif ended is StopReason.STOP:
        out.text = text
    return out
