"""Which dialect a server speaks, and what is known of its model before the first answer.

Mostly by looking: the host, the list of models, a page that only one kind of server has. How a
model shows its thought is seen only when it thinks, so `look` reads the beginning of one short
reply, and closes it at the first sign.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from secondthought.messages import Message
from secondthought.models.base import ModelError, Request
from secondthought.models.remote import dialects
from secondthought.models.remote.client import Client
from secondthought.models.remote.dialects import Dialect
from secondthought.models.remote.reply import Reply
from secondthought.models.remote.think_tags import TAGS
from secondthought.models.remote.untrusted import Json, an_object, objects, text, whole

Shape = Literal["none", "field", "tags", "open", "hidden"]
"""How a model shows a thought: not at all, in a field of its own, between tags in the text, in
the text with the closing tag only, or counted without being shown."""

HOSTS = {
    "openai.com": dialects.OPENAI,
    "deepseek.com": dialects.DEEPSEEK,
    "moonshot.ai": dialects.DEEPSEEK,
    "moonshot.cn": dialects.DEEPSEEK,
    "z.ai": dialects.DEEPSEEK,
    "bigmodel.cn": dialects.DEEPSEEK,
}
_OWNERS = {
    "vllm": dialects.VLLM,
    "sglang": dialects.SGLANG,
    "llamacpp": dialects.LLAMA_CPP,
}
PASSING = ("server", "timeout", "rate_limit")
"""Kinds of errors that say nothing of what a server can do, as while it loads its model."""
LOOK = Request([Message("user", "Reply with the word: ok")], max_thought=400, max_answer=400)
_LIKE_A_THOUGHT = re.compile(
    r"\W*(okay|alright|hmm|first|let me|let's|we |the user|i need|got it)", re.I
)


@dataclass(frozen=True, slots=True)
class Found:
    """models: the names that the server offers, [] if it does not tell. context: tokens.

    thinks, tools, images: None = not known. settled: the server told all that it had to.
    """

    dialect: Dialect
    models: tuple[str, ...] = ()
    context: int | None = None
    thinks: bool | None = None
    tools: bool | None = None
    images: bool | None = None
    settled: bool = True


async def identify(client: Client, model: str | None = None) -> Found:
    """Raises ModelError only where no request can work: nobody is there, the key is refused, or
    there is no telling which model to ask for."""
    host = urlsplit(client.url).hostname or ""
    known = next((d for end, d in HOSTS.items() if f".{host}".endswith(f".{end}")), None)
    offered: list[Json] = []
    settled = True
    try:
        offered = objects(an_object(await client.get("models")).get("data"))
    except ModelError as error:
        if error.kind in ("connection", "auth"):
            raise
        if model is None:
            hint = f"a server without a list of models wants one named, as in {client.url}#NAME"
            raise ModelError(f"{error}; {hint}", error.kind) from None
        settled = error.kind not in PASSING
    ids = [text(m.get("id")) for m in offered]
    # a further name of a model that is listed too is no other model
    alias = [
        r != n and r in ids for m, n in zip(offered, ids, strict=True) for r in [m.get("root")]
    ]
    names = tuple(n for n, further in zip(ids, alias, strict=True) if n and not further)
    model = model or (names[0] if len(names) == 1 else None)
    mine = next((m for m in offered if m.get("id") == model), offered[0] if offered else {})
    dialect = known or _OWNERS.get(text(mine.get("owned_by")).lower())
    if dialect is None and (found := await _ollama(client, model, names)):
        return found
    if dialect is dialects.LLAMA_CPP:
        return await _llama_cpp(client, names)
    context = whole(mine.get("max_model_len"))
    return Found(dialect or dialects.OTHER, names, context, settled=settled)


async def _ollama(client: Client, model: str | None, names: tuple[str, ...]) -> Found | None:
    try:
        if "version" not in an_object(await client.get("/api/version", seconds=3)):
            return None
        shown = an_object(await client.post("/api/show", {"model": model}) if model else {})
    except ModelError:
        return None
    can = shown.get("capabilities") or ()
    info = an_object(shown.get("model_info"))
    return Found(
        dialects.OLLAMA,
        names,
        next((whole(v) for k, v in info.items() if k.endswith(".context_length")), None),
        thinks="thinking" in can if can else None,
        tools="tools" in can if can else None,
        images="vision" in can if can else None,
    )


async def _llama_cpp(client: Client, names: tuple[str, ...]) -> Found:
    try:
        props = an_object(await client.get("/props"))
    except ModelError:
        return Found(dialects.LLAMA_CPP, names)
    return Found(
        dialects.LLAMA_CPP,
        names,
        whole(an_object(props.get("default_generation_settings")).get("n_ctx")),
        images=bool(an_object(props.get("modalities")).get("vision")),
    )


async def look(events: AsyncIterator[Json]) -> Shape:
    """How a reply to `LOOK` shows its thought; reads no further than the first sign of it."""
    reply, words = Reply(0, LOOK), ""
    async for event in events:
        words += "".join(d.text for d in reply.read(event))
        if reply.in_field:
            return "field"
        if reply.splitter.opened:
            return "tags"
        if any(close in reply.answer for _, close in TAGS):
            return "open"
        if reply.done:
            break
    if reply.hidden:
        return "hidden"
    rambles = reply.done or reply.cut_short
    return "open" if rambles and _LIKE_A_THOUGHT.match(words) else "none"
