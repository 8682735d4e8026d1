"""From an article to a routine: a model writes, the checks read, the findings go back.

    conversion = await convert(article, Reasoner("..."), rounds=4)

The loop ends when no error is left (and no warning that the article decides, as an invented
deadline), when the rounds are used up, or when the model says that the article is no policy.
The best draft is kept: the one with the fewest findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from secondthought.messages import BadInput, Message, Problem
from secondthought.reasoner import Reasoner
from secondthought.routines.format import format_routine
from secondthought.routines.model import Routine
from secondthought.routines.parse import parse
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check
from secondthought.routines.validate.findings import Finding
from secondthought.routines.validate.source import coverage

MAX_ARTICLE = 100_000  # characters
ANSWER_TOKENS = 6_000
_NOT_MENDED = frozenset(("W5", "W12", "W19"))  # left to the reader: matters of taste, often right

PROMPT = """\
Rewrite a help-centre article as a routine that an agent program executes while it talks with a
customer. Answer with the routine alone, in this form:

1. Ask the customer: "What is your order number, please?" -> order_id
2. `call get_order(order_id)` -> order
3. If the order is older than 30 days, then:
   3a. Say: "I am sorry, orders can be returned for 30 days."
   3b. Proceed to step 6
4. Confirm with the customer: "Shall I return order {order_id}?"
5. If the customer agrees, then:
   5a. `call return_order(order_id)` -> answer
   5b. If the return was refused, then:
       - Escalate: the return was refused
   5c. Else:
       - Say: "It is done."
6. Ask the customer: "Is there anything else I can do for you?"
7. `call case_resolution()`

Function Definitions:

- `get_order(order_id: string)` -> order: Reads an order.
  Parameters:
  - order_id: the number on the receipt
  Effect: read

Rules:
- Number the main steps 1, 2, 3. Letter what belongs to one of them 3a, 3b; each on its own line.
- Conditions: If ..., then: / Else if ..., then: / Else:
- Where the customer must say something, ask politely, and name the variables after ->.
- Data of other systems, and everything the agent does, is a function call in backticks.
- Where the customer could do something alone, offer to do it with a function on their behalf.
- Define every function: purpose, parameters, and Effect: read or write.
- Before a write, verify who the customer is where the article asks for it, then
  Confirm with the customer: "..." and call it only on a yes.
- Leave out no rule of the article; keep its numbers, deadlines, amounts and addresses exactly,
  and add none.
- Write what happens in exceptions. Where a human is needed: Escalate: reason. Where the article
  leaves a case open: Say: "I don't know ..." and then Escalate: reason.
- Every path ends in the last steps, an escalation, or a hand-off.
- The step before the last asks whether anything else is needed. The last step is
  `call case_resolution()`, which is defined too, and is called nowhere else.
- Write in the language of the article.
- If the text is no policy or instruction of a help centre, answer only: I don't know
"""


@dataclass(frozen=True, slots=True)
class Round:
    """text: what the model wrote. findings: what the checks said of it."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def open(self) -> list[Finding]:
        """The findings that go back to the model."""
        return [f for f in self.findings if f.severity == "error" or f.code not in _NOT_MENDED]


@dataclass(frozen=True, slots=True)
class Conversion:
    """routine: the best draft, None when the model does not know. covered: of `facts` facts."""

    routine: Routine | None
    rounds: tuple[Round, ...]
    best: int = 0
    covered: int = 0
    facts: int = 0

    @property
    def left(self) -> list[Finding]:
        """What the best draft still has."""
        return list(self.rounds[self.best].findings) if self.rounds else []

    @property
    def fixed(self) -> list[str]:
        """Codes with how many of their findings a later round had mended: "E11 x2"."""
        seen: dict[str, int] = {}
        for round_ in self.rounds:
            for code in {f.code for f in round_.findings}:
                count = sum(f.code == code for f in round_.findings)
                seen[code] = max(seen.get(code, 0), count)
        left = [f.code for f in self.left]
        mended = {code: count - left.count(code) for code, count in seen.items()}
        return [f"{code} x{count}" for code, count in sorted(mended.items()) if count > 0]

    @property
    def sound(self) -> bool:
        return self.routine is not None and not self.rounds[self.best].open


async def convert(
    article: str,
    reasoner: Reasoner,
    *,
    effort: str | None = None,
    rounds: int = 4,
    tools: Tools | None = None,
    seed: int = 0,
    on_round: Callable[[int, Round], None] | None = None,
) -> Conversion:
    """Raises BadInput for an empty or over-long article, ModelError when the model fails."""
    if not article.strip():
        raise BadInput("the article is empty; give the text of a policy")
    if len(article) > MAX_ARTICLE:
        raise BadInput(f"the article is longer than {MAX_ARTICLE:,} characters; split it")
    level = effort or reasoner.effort.value
    policy = reasoner.policy(level, reserve=ANSWER_TOKENS)
    messages = [Message("system", PROMPT + _tools_text(tools)), Message("user", article)]
    done: list[Round] = []
    for number in range(1, rounds + 1):
        trace = await reasoner.answer(
            Problem(tuple(messages)), level, policy=policy, seed=seed + number - 1
        )
        text = unfence(trace.answer)
        if does_not_know(text):
            return Conversion(None, tuple(done))
        routine = parse(text)
        round_ = Round(text, tuple(check(routine, source=article, tools=tools)))
        done.append(round_)
        if on_round is not None:
            on_round(number, round_)
        if not round_.open:
            break
        messages += [Message("assistant", trace.answer), Message("user", feedback(round_.open))]
    best = min(range(len(done)), key=lambda i: (_errors(done[i]), len(done[i].open), -i))
    routine = parse(done[best].text)
    covered, facts = coverage(routine, article)
    return Conversion(routine, tuple(done), best, covered, facts)


def feedback(findings: list[Finding]) -> str:
    """The findings in the words that go back to the model."""
    lines = "\n".join(f"- {finding}" for finding in findings[:30])
    return f"A check of your routine found:\n{lines}\nMend this and answer with the whole routine."


def does_not_know(text: str) -> bool:
    """Whether the answer is a refusal, not a routine that holds such a sentence."""
    return bool(re.match(r"\W*(?:I don['’]?t know|I do not know|모르겠)", text)) and len(text) < 400


def unfence(text: str) -> str:
    """Without the code fence that models like to put around an answer."""
    match = re.search(r"^```[\w-]*\n(.*?)^```\s*$", text, re.DOTALL | re.MULTILINE)
    inner = match[1] if match and re.search(r"^\s*1\s*[.)]", match[1], re.MULTILINE) else text
    return inner.strip() + "\n"


def canonical(conversion: Conversion) -> str:
    """The text to save."""
    return format_routine(conversion.routine) if conversion.routine else ""


def _errors(round_: Round) -> int:
    return sum(f.severity == "error" for f in round_.findings)


def _tools_text(tools: Tools | None) -> str:
    if tools is None:
        return ""
    lines = [f"- {t.name}({', '.join(t.names)}): {' '.join(t.description.split())}" for t in tools]
    return "\nUse only these functions, beside case_resolution:\n" + "\n".join(lines) + "\n"
