"""The contract of a model: anything that continues a conversation with tokens.

A model streams `Delta`s. It holds the budget that the request names: at `max_thought` the
thought is closed by force and the answer follows within `max_answer`, so that a reply is
never empty while `max_answer` > 0. Cancelling the consumer (closing the stream) ends the
model's work within one token.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from secondthought.messages import TEXT, AnswerFormat, Message, Tool, ToolCall, ToolChoice
from secondthought.trace import Evidence, Retry, StopReason

DeltaKind = Literal["thought", "answer", "tool_call", "retry", "end"]


class ModelError(Exception):
    """A model that could not answer: the server is gone, refused, or spoke nonsense.

    kind: "connection" | "timeout" | "rate_limit" | "auth" | "not_found" | "bad_request" |
    "malformed" | "server" | "context". retry_after: seconds, when the server named them.
    """

    def __init__(self, message: str, kind: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do.

    thinks: has a reasoning channel. extends: continues a given thought prefix.
    ends_thought: a running thought can be closed by force. budget: holds `max_thought` itself.
    confidence: says how likely a finished answer is right (`confidence`).
    abstains: says "I don't know." where it does not, and its askers know what that means.
    context: tokens of prompt + completion, None = unknown.
    """

    thinks: bool = False
    extends: bool = False
    tools: bool = False
    images: bool = False
    n: bool = False
    seed: bool = False
    logprobs: bool = False
    ends_thought: bool = False
    budget: bool = False
    confidence: bool = False
    abstains: bool = False
    context: int | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """Tokens that a model generated one after the other. logprobs: as in `Delta`."""

    ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()

    def __add__(self, other: Path) -> Path:
        return Path(self.ids + other.ids, self.logprobs + other.logprobs)


NO_PATH = Path()
"""Of no tokens, or of some that nobody knows."""


@dataclass(frozen=True, slots=True)
class Request:
    """One generation.

    messages: the conversation. thought_prefix: a thought to go on with (text; None = a fresh
    one). think: False = answer at once. seeds: one per sample, so that a sample's tokens depend
    on its own seed and nothing else; their number is n. temperature 0 = greedy.
    avoid: how not to go on. The samples are drawn as if each that begins with one of these were
    thrown away and drawn again; only a model that draws them itself can heed it.
    stop: strings that end the answer, never the thought.
    max_thought: tokens of the thought, hard. max_answer: tokens kept for the answer, whatever the
    thought takes. max_tokens: of both together; what the thought leaves of them is the answer's
    too (None: max_thought + max_answer are kept apart). See `answer_limit`.
    tool_choice: "required" = the answer has to be a call of one of the tools.
    parallel_tool_calls: whether it may be several calls; None = as the model likes.
    """

    messages: Sequence[Message]
    think: bool = True
    seeds: Sequence[int] = (0,)
    temperature: float = 0.0
    top_p: float = 1.0
    max_thought: int = 1024
    max_answer: int = 256
    max_tokens: int | None = None
    thought_prefix: str | None = None
    avoid: Sequence[Path] = ()
    stop: Sequence[str] = ()
    tools: Sequence[Tool] = ()
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    format: AnswerFormat = TEXT
    repetition_guard: bool = True

    @property
    def n(self) -> int:
        return len(self.seeds)

    def answer_limit(self, thought_tokens: int) -> int:
        """Tokens that the answer may have after a thought of this length, hard."""
        return max(self.max_answer, (self.max_tokens or 0) - thought_tokens)


@dataclass(slots=True)  # one a token; to be frozen would cost six times as much
class Delta:
    """A piece of one sample. Nobody changes one that was given out.

    sample: index into `Request.seeds`. text: may be "" while a multi-byte character is
    incomplete. ids, logprobs: where the model knows them (natural log, of the sampling
    distribution at temperature 1).
    forced: tokens the scheduler wrote, not the model (a forced close).
    retry: for kind "retry", which says that a request for this sample failed and was made again.
    The last delta of a sample has kind "end" with `stop`, and the sample's token counts.
    marker: at that end, the model's log-odds that the answer is right, up to scale; None = unknown.
    """

    sample: int
    kind: DeltaKind
    text: str = ""
    ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    forced: bool = False
    tool_call: ToolCall | None = None
    retry: Retry | None = None
    stop: StopReason | None = None
    prompt_tokens: int = 0
    thought_tokens: int = 0
    answer_tokens: int = 0
    estimated: bool = False
    marker: float | None = None


@runtime_checkable
class Model(Protocol):
    """name: what the asker typed or the catalogue says; shown in every trace."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def generate(self, request: Request) -> AsyncIterator[Delta]:
        """Stream one request's samples, interleaved. Raises ModelError."""
        ...

    async def close(self) -> None:
        """Free threads, sockets and memory. Idempotent."""
        ...


async def close(stream: AsyncIterator[Delta]) -> None:
    """End a generation that may not have been read to its end, so that the model stops too."""
    if (closing := getattr(stream, "aclose", None)) is not None:
        await closing()


async def ready(model: Model) -> None:
    """Have a model find out what it can do, where that takes asking somebody; its `capabilities`
    are only a guess before. Raises ModelError."""
    find_out = getattr(model, "ready", None)
    if find_out is not None:
        await find_out()


def keep(model: Model) -> None:
    """Tell a model that its owner will close it in the loop that is running; some can then use
    what must not be left open."""
    told = getattr(model, "keep", None)
    if told is not None:
        told()


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """Tokens that a request's prompt has. estimated: not the model's own count."""

    tokens: int
    estimated: bool = False


def prompt_tokens(model: Model, request: Request) -> PromptTokens | None:
    """What this request's prompt would take; None where the model has no way to tell."""
    count = getattr(model, "prompt_tokens", None)
    return None if count is None else count(request)


def confidence(model: Model, evidence: Evidence) -> float | None:
    """How likely an answer of the model is right, 0 to 1; None for a model that cannot say."""
    weigh = getattr(model, "confidence", None)
    return weigh(evidence) if weigh is not None else None


@dataclass(slots=True)
class Sample:
    """One finished sample, as `collect` gathers it."""

    thought: str = ""
    answer: str = ""
    thought_ids: list[int] = field(default_factory=list[int])
    answer_ids: list[int] = field(default_factory=list[int])
    logprobs: list[float] = field(default_factory=list[float])
    tool_calls: list[ToolCall] = field(default_factory=list[ToolCall])
    stop: StopReason = StopReason.ERROR
    prompt_tokens: int = 0
    thought_tokens: int = 0
    answer_tokens: int = 0
    marker: float | None = None


async def collect(model: Model, request: Request) -> list[Sample]:
    """Run a request to its end; one `Sample` per seed, in order. Raises ModelError."""
    samples = [Sample() for _ in request.seeds]
    async for delta in model.generate(request):
        sample = samples[delta.sample]
        if delta.kind == "thought":
            sample.thought += delta.text
            sample.thought_ids += delta.ids
        elif delta.kind == "answer":
            sample.answer += delta.text
            sample.answer_ids += delta.ids
        elif delta.kind == "tool_call" and delta.tool_call is not None:
            sample.tool_calls.append(delta.tool_call)
        sample.logprobs += delta.logprobs
        if delta.kind == "end":
            sample.stop = delta.stop or StopReason.STOP
            sample.prompt_tokens = delta.prompt_tokens
            sample.thought_tokens = delta.thought_tokens
            sample.answer_tokens = delta.answer_tokens
            sample.marker = delta.marker
    return samples
