"""A thought told in template sentences, while it is thought: no model call, nothing quoted.

A sentence is one of the templates below with counts in it; no character of a thought gets into
one. What it tells comes from the kind of problem, the kinds and verdicts of the steps and the
number of tokens. Where the steps have no grammar (thoughts in words, of other models), that is
phases and counts. All the same each sentence goes through the leak guard, as the answer does.
"""

from __future__ import annotations

from typing import Final

from secondthought.oversight.contradiction import check_of, task_of
from secondthought.oversight.leak import LeakGuard
from secondthought.tasks.base import UNKNOWN_THOUGHT, Language
from secondthought.trace import (
    AnswerDelta,
    BranchStarted,
    CandidateReady,
    Event,
    Step,
    StepDone,
    StopReason,
    ThoughtDelta,
    ToolCalled,
    Trace,
)

_FIRST_COUNT: Final = 256
"""Tokens after which a count is told; the next ones after twice as many each."""

_PHASES: Final[dict[str, str]] = {
    **dict.fromkeys(("sum", "difference", "column", "scale", "product", "row"), "columns"),
    **dict.fromkeys(
        ("division", "guess", "multiple", "missing", "remainder", "quotient"), "division"
    ),
    **dict.fromkeys(("nines", "addend"), "nines"),
    **dict.fromkeys(("equation",), "equations"),
    **dict.fromkeys(("relation", "compare"), "comparing"),
    **dict.fromkeys(("digits", "digit"), "digits"),
}

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "products": ("This is a multiplication.", "곱셈 문제입니다."),
    "chain_sum": ("This is a sum of several numbers.", "여러 수의 덧셈과 뺄셈 문제입니다."),
    "simple_equations": ("This is a linear equation.", "일차방정식 문제입니다."),
    "gcd": ("The greatest common divisor is wanted.", "최대공약수를 구하는 문제입니다."),
    "base_conversion": ("A number is to be written in another base.", "진법 변환 문제입니다."),
    "countdown": ("A target is to be made from numbers.", "수로 목표값을 만드는 문제입니다."),
    "puzzle24": ("This is a game of 24.", "24 만들기 문제입니다."),
    "mini_sudoku": ("This is a small Sudoku.", "작은 스도쿠 문제입니다."),
    "knights_knaves": ("Who tells the truth and who lies?", "참말과 거짓말을 가리는 문제입니다."),
    "letter_counting": ("Letters are to be counted.", "글자 수를 세는 문제입니다."),
    "spell_backward": ("A word is to be spelt backwards.", "단어를 거꾸로 쓰는 문제입니다."),
    "example_cipher": ("This is a cipher with an example.", "예시가 있는 암호 문제입니다."),
    "caesar_cipher": ("This is a Caesar cipher.", "카이사르 암호 문제입니다."),
    "unknown": ("This seems to be out of scope.", "다룰 수 있는 범위를 벗어난 문제로 보입니다."),
    "words": ("Thinking the question through.", "질문을 생각하고 있습니다."),
    "columns": ("Calculating digit by digit.", "한 자리씩 계산하고 있습니다."),
    "division": ("Dividing step by step.", "차례로 나누고 있습니다."),
    "nines": ("Casting out nines to check.", "구거법으로 확인하고 있습니다."),
    "equations": ("Working out expressions.", "식을 계산하고 있습니다."),
    "comparing": ("Comparing numbers.", "수를 비교하고 있습니다."),
    "digits": ("Writing digits.", "숫자를 적고 있습니다."),
    "back": ("That did not work out; going back.", "맞지 않아 되돌아갑니다."),
    "branch": ("Trying another way.", "다른 방법을 시도합니다."),
    "candidate": ("A possible answer was found.", "답 후보를 찾았습니다."),
    "tokens": ("{n} tokens of thought so far.", "지금까지 생각 토큰 {n}개."),
    "holds": ("The result was checked, and the check holds.", "결과를 확인했고, 맞습니다."),
    "fails": (
        "The result was checked, and the check does not hold.",
        "결과를 확인했고, 맞지 않습니다.",
    ),
    "went_back": ("Went back {n} times.", "{n}번 되돌아갔습니다."),
    "went_back_once": ("Went back once.", "한 번 되돌아갔습니다."),
    "branches": ("{n} ways were tried.", "{n}가지 방법을 시도했습니다."),
    "thought_cap": ("The thought was cut at its limit.", "생각이 한도에서 끊겼습니다."),
    "repetition": ("The thought went in circles and was cut.", "생각이 맴돌아 끊겼습니다."),
    "answer_now": ("The answer was wanted at once.", "바로 답하도록 요청받았습니다."),
    "deadline": ("The thought was cut at the time limit.", "생각이 시간 한도에서 끊겼습니다."),
    "total": ("Thought for {n} tokens.", "생각에 토큰 {n}개를 썼습니다."),
}


class Summary:
    """The summary of one answer. Feed it every event; it gives the sentences that are due. The
    last ones, of how the thought went, come before the first piece of the answer.

    language: of the sentences. guard: the answer's own, so that the same rule holds for both.
    """

    def __init__(self, language: Language = "en", guard: LeakGuard | None = None) -> None:
        self._language = 1 if language == "ko" else 0
        self._guard = guard
        self._branch: str | None = None  # the branch that is told; others are only counted
        self._opened = False
        self._begun = ""  # the thought until its first line is told
        self._thought: list[str] = []  # the whole of it: its last line is its check
        self._thinking: set[str] = set()  # all branches that think
        self._ended = False
        self._told: set[str] = set()
        self._back = 0
        self._tokens = 0
        self._next_count = _FIRST_COUNT

    def push(self, event: Event) -> list[str]:
        """The sentences that this event makes due; mostly none."""
        match event:
            case BranchStarted():
                return self._start(event)
            case ThoughtDelta():
                self._tokens += event.tokens
                if not event.taken_back:
                    self._thinking.add(event.branch)
                    # Strategies over drafts do not think themselves.
                    self._branch = self._branch or event.branch
                if event.branch == self._branch:
                    self._thought.append(event.text)
                if event.branch == self._branch and not self._opened:
                    self._begun += event.text
                    if "\n" in self._begun.lstrip():
                        return self._open()
                if self._tokens >= self._next_count:
                    self._next_count = 2 * self._tokens
                    opened = [] if self._opened else self._open()
                    return opened + self._say("tokens", self._tokens)
            case StepDone() if event.branch == self._branch:
                return self._step(event.step)
            case CandidateReady():
                return self._once("candidate")
            case AnswerDelta() | ToolCalled() if self._tokens and not self._ended:
                opened = [] if self._opened else self._open()
                return opened + self._end(self._tokens)
            case _:
                pass
        return []

    def finish(self, trace: Trace) -> list[str]:
        """The last sentences where there was no answer to tell them before. Nothing where nothing
        was thought."""
        total = trace.ledger.usage.reasoning_tokens
        return self._end(total, trace.finish_reason) if total and not self._ended else []

    def _end(self, total: int, reason: StopReason = StopReason.STOP) -> list[str]:
        """How the thought went. total: its tokens."""
        self._ended = True
        thought = "".join(self._thought) if len(self._thinking) == 1 else ""
        check = check_of(thought) if task_of(thought) else None
        said: list[str] = []
        if self._back:
            said += self._say("went_back_once" if self._back == 1 else "went_back", self._back)
        if len(self._thinking) > 1:
            said += self._say("branches", len(self._thinking))
        if reason in _CUT:
            said += self._say(reason.value)
        elif check is not None:
            said += self._say("holds" if check else "fails")
        return said + self._say("total", total)

    def _start(self, event: BranchStarted) -> list[str]:
        if event.taken_back:
            self._back += 1
            return self._once("back")
        return self._once("branch") if self._branch is not None else []

    def _step(self, step: Step) -> list[str]:
        said: list[str] = []
        if phase := _PHASES.get(step.kind):
            said += self._once(phase)
        if step.failed or step.text.split()[-1:] == ["no"]:
            self._back += 1
            said += self._once("back")
        return said

    def _open(self) -> list[str]:
        """The first sentence: what kind of problem the thought takes it for."""
        self._opened = True
        first = self._begun.lstrip().partition("\n")[0]
        if first.startswith(UNKNOWN_THOUGHT):
            return self._once("unknown")
        return self._once(task_of(first) or "words")

    def _once(self, name: str) -> list[str]:
        if name in self._told:
            return []
        self._told.add(name)
        return self._say(name)

    def _say(self, name: str, n: int = 0) -> list[str]:
        sentence = _SENTENCES[name][self._language].format(n=f"{n:,}")
        leaked = self._guard is not None and self._guard.check(sentence) is not None
        return [] if leaked else [sentence]


_CUT: Final = {
    StopReason.THOUGHT_CAP,
    StopReason.REPETITION,
    StopReason.ANSWER_NOW,
    StopReason.DEADLINE,
}
