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


async def check_fits(reasoner: Reasoner, ask: Ask) -> None:
    """Raises ApiError 400 for a prompt that leaves no room for an answer, where the model knows
    that before it begins; a model that cannot be asked is left to say so when it is."""
    context = reasoner.model.capabilities.context
    if context is None:
        return
    try:
        heard, found = await _first_request(reasoner, ask)
    except ModelError:
        return
    if heard is None or found is None or found.estimated:
        return
    thinks = heard.think and heard.max_thought > 0
    if found.tokens + heard.max_answer + thinks > context:
        text = (
            f"The prompt has {found.tokens} tokens; with {heard.max_answer} for the answer it does "
            f"not fit into this model's {context}: shorten the conversation."
        )
        raise bad(text, ask.param, "context_length_exceeded")


async def count(reasoner: Reasoner, ask: Ask) -> PromptTokens:
    """The prompt tokens that the answer's usage would say. Raises ApiError 400 for a model that
    cannot tell, ModelError for one that cannot be asked."""
    _, found = await _first_request(reasoner, ask)
    if found is None:
        raise bad("The tokens of this model's prompts cannot be counted here.", "model")
    return found


async def _first_request(
    reasoner: Reasoner, ask: Ask
) -> tuple[Request | None, PromptTokens | None]:
    """What the loop sends first, and the tokens of its prompt where they are known. Raises
    ModelError for a model that cannot be asked."""
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
    if heard.request is None:
        return None, None
    return heard.request, prompt_tokens(reasoner.model, heard.request)


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
