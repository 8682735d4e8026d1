"""How many tokens a request's prompt has, before anything is generated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from secondthought.models.base import (
    Capabilities,
    Delta,
    Model,
    ModelError,
    PromptTokens,
    Request,
    prompt_tokens,
    ready,
)
from secondthought.reasoner import Reasoner
from secondthought.server.errors import bad
from secondthought.server.run import Ask


async def count(reasoner: Reasoner, ask: Ask) -> PromptTokens:
    """The prompt tokens that the answer's usage would say. Raises ApiError 400 for a model that
    cannot tell, ModelError for one that cannot be asked."""
    await ready(reasoner.model)
    heard = _First(reasoner.model)
    listener = Reasoner(heard, effort=reasoner.effort, verifiers=reasoner.verifiers)
    stream = listener.stream(
        ask.problem, ask.effort, seed=ask.seed, max_tokens=ask.max_tokens, policy=ask.policy
    )
    async with aclosing(stream) as events:
        async for _ in events:
            if heard.request is not None:
                break
    found = None if heard.request is None else prompt_tokens(reasoner.model, heard.request)
    if found is None:
        raise bad("The tokens of this model's prompts cannot be counted here.", "model")
    return found


class _First:
    """In a model's place: hears the first request that the loop makes, and generates nothing. So
    every strategy is counted by what it really sends."""

    def __init__(self, model: Model) -> None:
        self.name = model.name
        self.capabilities: Capabilities = model.capabilities
        self.request: Request | None = None

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        self.request = self.request or request
        raise ModelError("only counted", "bad_request")
        yield Delta(0, "end")

    async def close(self) -> None:
        pass
