"""The embedded model: a checkpoint folder on ONNX Runtime, in this process, offline.

model = Embedded.load(find("mini"))
async for delta in model.generate(Request([Message("user", "12*34?")])):
    ...
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from secondthought.messages import BadInput
from secondthought.models import added
from secondthought.models.base import Capabilities, Delta, ModelError, PromptTokens, Request
from secondthought.models.engine import tokenizer
from secondthought.models.engine.engine import Engine
from secondthought.models.engine.row import Row, Token
from secondthought.trace import Evidence, StopReason

SHIPPED = Path(__file__).parent / "weights"
ALIASES = {"mini": "secondthought-5m"}


def names() -> list[str]:
    """The models that ship in this installation."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/config.json"))


def find(name: str | Path) -> Path:
    """The checkpoint folder of a shipped model, an alias, an added name or a path. Raises
    BadInput."""
    shipped = SHIPPED / ALIASES.get(str(name), str(name))
    if shipped.parent == SHIPPED and shipped.name in names():
        return shipped
    if (folder := added.find(str(name))) is not None:
        if folder.is_dir():
            return folder
        raise BadInput(
            f"{name} names {folder}, which is no more; put it back, or take the name away: "
            f"secondthought models remove {name}"
        )
    if str(name) and Path(name).is_dir():
        return Path(name)
    aliases = [a for a, full in ALIASES.items() if full in names()]
    known = ", ".join([*names(), *aliases, *added.names()])
    raise BadInput(
        f"no model named {str(name)!r}; here are: {known or 'none (no weights are installed)'}; "
        "a checkpoint's folder and a server work too: -m http://HOST:PORT/v1#NAME or ollama/NAME"
    )


class Embedded:
    """A `Model` on the embedded engine. Samples of all concurrent requests share one batch.

    A thought is cut to what the context leaves beside prompt and answer, and so is a limit on
    both together; a prompt that leaves no room for `max_answer` raises ModelError "context".
    Tools and images are not understood.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self._name = name

    @classmethod
    def load(
        cls, folder: str | Path, *, name: str | None = None, max_rows: int = 128, threads: int = 2
    ) -> Embedded:
        """Raises BadInput for a folder that is no checkpoint."""
        engine = Engine.load(folder, max_rows=max_rows, threads=threads)
        return cls(engine, name or Path(folder).resolve().name)

    @property
    def name(self) -> str:
        return self._name

    @property
    def weights_hash(self) -> str:
        """First 12 hex digits of the SHA-256 of model.safetensors."""
        return self.engine.weights_hash

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            thinks=True,
            extends=True,
            n=True,
            seed=True,
            logprobs=True,
            ends_thought=True,
            budget=True,
            confidence=self.engine.score is not None,
            abstains=True,
            context=self.engine.config.context,
        )

    def prompt_tokens(self, request: Request) -> PromptTokens:
        """Exact: what `usage` will say."""
        return PromptTokens(len(_prompt(request)))

    async def generate(self, request: Request) -> AsyncIterator[Delta]:
        """One delta a token, then one of kind "end" for each sample. Raises ModelError."""
        tokens: asyncio.Queue[Token] = asyncio.Queue()
        rows = self._rows(request, tokens)
        replies = {row: _Reply(i, request.stop) for i, row in enumerate(rows)}
        self.engine.scheduler.submit(rows)
        running = len(rows)
        try:
            while running:
                token = await tokens.get()
                if token.row.error is not None:
                    raise ModelError(f"the engine failed: {token.row.error}", "server")
                reply = replies[token.row]
                if token.id is not None:
                    yield reply.delta(token, token.id)
                if token.stop is not None:
                    running -= 1
                    yield reply.end(token.row, token.stop)
        finally:
            self.engine.scheduler.cancel(rows)

    def confidence(self, evidence: Evidence) -> float | None:
        """How likely an answer is right, by the weights' own score; None where they have none."""
        score = self.engine.score
        return None if score is None else score.confidence(evidence)

    async def close(self) -> None:
        await asyncio.to_thread(self.engine.close)

    def _rows(self, request: Request, tokens: asyncio.Queue[Token]) -> list[Row]:
        prompt = _prompt(request)
        think = request.think and request.max_thought > 0
        context = self.engine.config.context
        room = context - len(prompt) - request.max_answer
        if room < think:
            raise ModelError(
                f"the prompt has {len(prompt)} tokens; with {request.max_answer} for the answer "
                f"it does not fit into this model's {context}: shorten it, or name a larger model",
                "context",
            )
        loop = asyncio.get_running_loop()
        return [
            Row(
                prompt=prompt,
                seed=seed,
                temperature=request.temperature,
                top_p=request.top_p,
                max_thought=min(request.max_thought, room),
                max_answer=request.max_answer,
                max_tokens=min(request.max_tokens or 0, context - len(prompt)),
                avoid=tuple(path for path in request.avoid if path.ids),
                stop=tuple(s.encode() for s in request.stop if s),
                repetition_guard=request.repetition_guard,
                loop=loop,
                listener=tokens.put_nowait,
            )
            for seed in request.seeds
        ]


def _prompt(request: Request) -> list[int]:
    """Ids up to where the model goes on; a thought that may have no token is closed at once."""
    prefix = request.thought_prefix if request.think else None
    ids = tokenizer.prompt(request.messages, think=request.think, thought_prefix=prefix)
    if request.think and request.max_thought < 1:
        ids.append(tokenizer.UNTHINK)
    return ids


class _Reply:
    """One sample's tokens as text: whole characters only, and nothing of a stop string."""

    def __init__(self, sample: int, stop: Sequence[str]) -> None:
        self.sample = sample
        self._stop = [s for s in stop if s]
        self._decoder = tokenizer.StreamDecoder()
        self._held = ""  # the end of the answer that may yet become a stop string

    def delta(self, token: Token, id: int) -> Delta:
        text = self._decoder.push(id)
        if id >= 256 or token.stop is not None:  # the part ends here: flush a broken character
            text += self._decoder.finish()
            self._decoder = tokenizer.StreamDecoder()
        if token.part == "answer" and self._stop:
            text = self._before_stop(text, last=token.stop is not None)
        return Delta(
            sample=self.sample,
            kind=token.part,
            text=text,
            ids=(id,),
            logprobs=(token.logprob,),
            forced=token.forced,
            prompt_tokens=len(token.row.prompt),
        )

    def end(self, row: Row, stop: StopReason) -> Delta:
        return Delta(
            sample=self.sample,
            kind="end",
            stop=stop,
            prompt_tokens=len(row.prompt),
            thought_tokens=row.thought_len,
            answer_tokens=row.answer_len,
            marker=row.marker,
        )

    def _before_stop(self, text: str, *, last: bool) -> str:
        held = self._held + text
        cuts = [held.index(s) for s in self._stop if s in held]
        keep = 0
        if cuts:
            held = held[: min(cuts)]
        elif not last:
            keep = max(_overlap(held, s) for s in self._stop)
        self._held = held[len(held) - keep :]
        return held[: len(held) - keep]


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of text that begins stop."""
    for size in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[-size:]):
            return size
    return 0
