"""One line of a routine, without its label, as a clause and the clauses that hang on it.

Every line gives a clause: what no pattern reads is a `Note`. A sentence with several actions
("Apologise and proceed to step 6", "If it was found, `call f(x)`") gives the first action and the
others as steps below it, so that the canonical form has one action a line.
"""

from __future__ import annotations

import re

from secondthought.routines.model import (
    Argument,
    Ask,
    Branch,
    Call,
    Clause,
    Confirm,
    Escalate,
    Goto,
    Handoff,
    Note,
    Say,
    Step,
    Unknown,
)

LONG = 3_000  # characters; a longer line is no clause but a text
_DEPTH = 6  # actions in one sentence, each below the other
_NEAR = 400  # characters; a condition ends within them

_NAME = r"[^\W\d]\w*"
_CUSTOMER = r"(?:the |your )?(?:customer|user|client|caller|them|member)s?"
_LABEL = r"(?:path )?\d{1,4}(?:\.\d{1,4}){0,4}(?: ?[a-z](?![a-z]))?"

_IF = re.compile(r"(?:if|만약)\s+", re.IGNORECASE)
_ELIF = re.compile(r"(?:else|otherwise|or),? if\s+|아니고 만약\s+", re.IGNORECASE)
_ELSE = re.compile(
    r"(?:else|otherwise|in all other cases|그렇지 않으면|그 밖에는)"
    r"(?:\s*[,:]\s*then\b|(?=\s*[,:.]|\s|$))",
    re.IGNORECASE,
)
_THEN = re.compile(r",?\s+then\b\s*[:,]?\s*|,\s*그러면\s*[:,]?\s*|:\s+|:$", re.IGNORECASE)
_THEN_AT_END = re.compile(r",?\s*(?:\bthen|그러면)\s*:\s*$", re.IGNORECASE)
_WORDS_IN_QUOTES = re.compile(r"[\"“][^\"“”]+[\"”]|`[^`]+`")
_PREDICATE = re.compile(r"\s*\{([^{}]{1,2000})\}\s*")

_GOTO = re.compile(
    r"(?:please )?(?:proceed|go|return|skip|continue|move|jump|advance|loop)"
    r"(?: back| on| ahead| directly)*(?: to| with| at)? (?:the )?"
    rf"(?:(?P<next>next step)|steps? (?P<to>{_LABEL})|(?P<path>path \d+(?:\.\d+)*))"
    rf"|(?:follow|repeat|see|start from|resume at) steps? (?P<to2>{_LABEL})"
    rf"|(?P<to3>{_LABEL})\s*단계(?:로|부터) ?(?:이동|돌아|진행|가)\w*"
    r"|(?P<next3>다음 단계로) ?(?:이동|진행)\w*",
    re.IGNORECASE,
)
_GLUE = re.compile(r"(?:[\s,.;:()-]|\b(?:and|then|please|also)\b)+$", re.IGNORECASE)

_ARROW = re.compile(r"\s*(?:->|→)\s*(\w+(?:\s*,\s*\w+)*)\s*\.?$")
_SPAN = re.compile(r"`([^`\n]{1,2000})`")
_IN_SPAN = re.compile(
    rf"(?P<call>call\s+|호출\s+)?(?:the\s+)?(?P<name>{_NAME})\s*(?:\((?P<args>.*)\))?"
    r"(?P<function>\s+function)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_CALL_VERB = r"(?:call|calls|calling|invoke|run|execute|use|using|trigger)"
_BEFORE_SPAN = re.compile(rf"\b{_CALL_VERB}(?: the)?(?: function| tool)?\s*$", re.IGNORECASE)
_PLAIN_CALL = re.compile(
    rf"\b{_CALL_VERB}\s+(?:the\s+)?(?:function\s+|tool\s+)?"
    rf"(?:['\"‘“](?P<quoted>{_NAME})['\"’”]|(?P<snake>[^\W\d][^\W_]*_\w+)|(?P<word>{_NAME})(?=\(|\s+(?:function|tool)\b))"
    r"(?:\((?P<args>[^()]*)\))?",
    re.IGNORECASE,
)
_WITH_ARGS = re.compile(
    r"^\s*with (?:the )?(?:following )?(?:parameters?|arguments?)\s*:?\s*([\w\s,]+)", re.IGNORECASE
)
_NO_NAME = frozenset(
    ("the", "a", "an", "this", "that", "these", "it", "function", "tool", "tools", "following")
)
_AFTER_NAME = re.compile(r"^\s*(?:function|tool)\b", re.IGNORECASE)

_QUOTED = re.compile(r"^(?P<lead>[^\"“”]{0,120}?)\s*[\"“](?P<text>.+)[\"”]\s*\.?$", re.DOTALL)
_DONT_KNOW = re.compile(
    r"\bI (?:don['’]?t|do not) know\b|모르겠|알지 못|모릅니다|확인되지 않", re.IGNORECASE
)
_CONFIRM = re.compile(
    rf"(?:politely )?(?:re)?confirm (?:with|to) {_CUSTOMER}"
    rf"|(?:politely )?confirm (?:that )?{_CUSTOMER} (?:wants|agrees|would|is|still)\b"
    r"|(?:get|obtain|ask for|request|seek) (?:the |an? )?(?:customer's |user's )?"
    r"(?:explicit |clear )?(?:user |customer )?(?:confirmation|consent|approval)"
    r"|고객에게 확인",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"(?:please )?(?:politely |kindly |then )*"
    r"(?:ask|request|prompt|inquire|enquire|collect|gather|obtain|ask again)\b"
    r"|confirm (?:which|if|whether|what|how|when|who)\b|고객에게 질문|고객에게 문의",
    re.IGNORECASE,
)
_SAY = re.compile(
    r"(?:please )?(?:politely |kindly |then |also )*"
    r"(?:say|tell|inform|remind|advise|instruct|explain|greet|apologi[sz]e|thank|let (?:the |them)"
    r"|guide|provide|suggest|notify|acknowledge|state|mention|offer|warn|reassure|direct|assure"
    r"|respond|reply|share|deny|decline)\b|고객에게 (?:안내|말|설명|사과|알)",
    re.IGNORECASE,
)
_HANDOFF = re.compile(
    rf"(?:transfer|hand ?off|hand over|switch) (?:{_CUSTOMER} )?to (?:the )?(?:routine )?"
    rf"`(?P<en>{_NAME})`(?: routine)?\.?$"
    rf"|`(?P<ko>{_NAME})` 절차로 전환\.?$",
    re.IGNORECASE,
)
_ESCALATE = re.compile(
    r"escalate\b|상담원 ?(?:에게 )?연결"
    r"|(?:please )?(?:transfer|connect|refer|hand|pass|forward)\b[^.\n]{0,80}"
    r"\b(?:human|agent|technical support|specialist|supervisor|representative|support team)",
    re.IGNORECASE,
)
_ESCALATE_LEAD = re.compile(r"^(?:escalate|상담원 ?(?:에게 )?연결)\s*[:.]?\s*", re.IGNORECASE)
_BARE_PROMPT = re.compile(r"(?:please|could you|may i|can you|would you|kindly)\b", re.IGNORECASE)


def read_clause(text: str, depth: int = 0) -> tuple[Clause, list[Step]]:
    """The clause of a line, and what hangs on it. `text` is without label and bold marks."""
    text = text.strip()
    if len(text) > LONG or depth > _DEPTH:
        return Note(text=text), []
    if (branch := _branch(text, depth)) is not None:
        return branch
    return _action(text, depth)


def is_branch(text: str) -> bool:
    return bool(_IF.match(text) or _ELIF.match(text) or _ELSE.match(text))


def read_arguments(text: str | None) -> list[Argument] | None:
    """`a, b="x, y", 3` -> arguments; None when there were no parentheses."""
    if text is None:
        return None
    found: list[Argument] = []
    for part in _split(text):
        name, equals, value = part.partition("=")
        if equals and re.fullmatch(_NAME, name.strip()) and not value.startswith("="):
            found.append(Argument(name=name.strip(), value=value.strip()))
        else:
            found.append(Argument(value=part))
    return found


def _split(text: str) -> list[str]:
    """At the commas outside quotes and brackets; empty parts are left out."""
    parts: list[str] = []
    start, depth, quote = 0, 0, ""
    for i, c in enumerate(text):
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth <= 0:
            parts.append(text[start:i])
            start = i + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


# --- branches -----------------------------------------------------------------------------


def _branch(text: str, depth: int) -> tuple[Clause, list[Step]] | None:
    if match := _ELIF.match(text):
        return _condition("elif", text[match.end() :], depth)
    if match := _ELSE.match(text):
        rest = text[match.end() :].strip(" ,:.")
        return Branch(how="else"), _below(rest, depth)
    if match := _IF.match(text):
        return _condition("if", text[match.end() :], depth)
    return None


def _condition(how: str, text: str, depth: int) -> tuple[Clause, list[Step]]:
    second = ""
    # "If A do this. If B do that." is two branches.
    if (cut := re.search(r"[.)]\s+(?=(?:Otherwise, if|If|Else|Otherwise)\b)", text)) is not None:
        text, second = text[: cut.start()], text[cut.end() :]
    predicate = None
    masked = text
    if match := _PREDICATE.search(text):
        predicate = match[1].strip()
        # An action may stand on either side of the predicate; the condition ends before it.
        masked = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    start, end = _cut(masked)
    condition = re.sub(r"\s+", " ", masked[:start]).strip(" ,:;.")
    rest = masked[end:].strip()
    branch = Branch.model_validate({"how": how, "condition": condition, "predicate": predicate})
    if not second:
        return branch, _below(rest, depth)
    clause, below = read_clause(second, depth + 1)
    return Note(), [
        Step(clause=branch, steps=_below(rest, depth)),
        Step(clause=clause, steps=below),
    ]


def _cut(text: str) -> tuple[int, int]:
    """Where the condition ends and where the action starts."""
    if (match := _THEN_AT_END.search(text)) is not None:
        return match.start(), match.end()
    text = _WORDS_IN_QUOTES.sub(lambda m: m[0][0] + "_" * (len(m[0]) - 2) + m[0][-1], text)
    if (match := _THEN.search(text)) is not None:
        return match.start(), match.end()
    commas = [m.start() for m in re.finditer(",", text[:_NEAR])][:20]
    for comma in commas:
        rest = text[comma + 1 : comma + _NEAR].lstrip()
        if not isinstance(_action(rest)[0], Note):
            return comma, comma + 1
    if commas:
        return commas[0], commas[0] + 1
    for pattern in (_GOTO, _PLAIN_CALL):
        if (match := pattern.search(text)) is not None and match.start() > 0:
            return match.start(), match.start()
    if (span := _SPAN.search(text)) is not None and span.start() > 0:
        return span.start(), span.start()
    return len(text), len(text)


def _below(text: str, depth: int) -> list[Step]:
    if not text.strip(" .,;:"):
        return []
    clause, steps = read_clause(text, depth + 1)
    return [Step(clause=clause, steps=steps)]


# --- actions ------------------------------------------------------------------------------


def _action(text: str, depth: int = 0) -> tuple[Clause, list[Step]]:
    if match := _HANDOFF.fullmatch(text):
        return Handoff(routine=match["en"] or match["ko"]), []
    if (quoted := _quoted(text)) is not None:
        return quoted
    if (match := _last(_GOTO, text)) is not None:
        return _goto(text, match, depth)
    if (call := _call(text)) is not None:
        return call
    return _plain(text), []


def _quoted(text: str) -> tuple[Clause, list[Step]] | None:
    """`Say: "..."` and its kin; None when the quotation is not the whole of what is said."""
    arrow = _ARROW.search(text)
    match = _QUOTED.match(text[: arrow.start()] if arrow else text)
    if match is None:
        return None
    lead, words = match["lead"].strip(" :,"), match["text"].strip()
    if re.search(r"[\"“”]\s.*\s[\"“”]", words) and not lead:
        return None
    if lead and not (_SAY.match(lead) or _ASK.match(lead) or _CONFIRM.match(lead)):
        return None
    # `Click "Add" in "Billing"` after a verb is a text with names in it, not a quotation.
    if lead and not re.search(
        rf"(?:{_CUSTOMER}|say|안내|질문|확인|말하기|reply|respond)$", lead, re.IGNORECASE
    ):
        return None
    into = _names(arrow)
    if _CONFIRM.match(lead):
        return Confirm(text=words, quoted=True), []
    if into or _ASK.match(lead):
        return Ask(text=words, quoted=True, into=into), []
    if _DONT_KNOW.search(words):
        return Unknown(text=words), []
    if words.endswith(("?", "까요?")) or (not lead and _BARE_PROMPT.match(words)):
        return Ask(text=words, quoted=True), []
    return Say(text=words, quoted=True), []


def _goto(text: str, match: re.Match[str], depth: int) -> tuple[Clause, list[Step]]:
    target = next((match[g] for g in ("to", "to2", "to3", "path") if match[g]), "next")
    target = re.sub(r"(?<=\d) (?=[a-z]$)", "", target.strip())
    goto = Goto(target=target.capitalize() if target.lower().startswith("path") else target)
    before, after = _GLUE.sub("", text[: match.start()]), _note(text[match.end() :].lstrip(")"))
    if after:
        goto.note = after
    if not before:
        return goto, []
    clause, steps = _action(before, depth + 1) if depth < _DEPTH else (_plain(before), [])
    return clause, [*steps, Step(clause=goto)]


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    match = None
    for match in pattern.finditer(text):  # noqa: B007
        pass
    return match


def _call(text: str) -> tuple[Clause, list[Step]] | None:
    found = _calls(text)
    if not found:
        return None
    calls: list[Call] = []
    for i, (_, end, call) in enumerate(found):
        stop = found[i + 1][0] if i + 1 < len(found) else len(text)
        call.note, call.args, call.result = _after_call(text[end:stop], call)
        calls.append(call)
    before = _GLUE.sub("", text[: found[0][0]]).strip()
    below = [Step(clause=call) for call in calls]
    if not before:
        return calls[0], below[1:]
    clause = _plain(before)
    return clause, below


def _calls(text: str) -> list[tuple[int, int, Call]]:
    found: list[tuple[int, int, Call]] = []
    for span in _SPAN.finditer(text):
        match = _IN_SPAN.match(span[1].strip().rstrip("."))
        verb = _BEFORE_SPAN.search(text, max(0, span.start() - 40), span.start())
        if match is None or match["name"].lower() in _NO_NAME:
            continue
        after = _AFTER_NAME.match(text[span.end() : span.end() + 12])
        if not (match["call"] or match["args"] is not None or match["function"] or verb or after):
            continue
        if (
            match["args"] is not None
            and not (match["call"] or verb)
            and text[: span.start()].strip(" :")
        ):
            continue  # a function that is mentioned in a sentence
        start = verb.start() if verb else span.start()
        end = span.end() + (after.end() if after else 0)
        found.append((start, end, Call(function=match["name"], args=read_arguments(match["args"]))))
    if found:
        return found
    masked = _SPAN.sub(lambda m: " " * len(m[0]), text)
    for match in _PLAIN_CALL.finditer(masked):
        name = match["quoted"] or match["snake"] or match["word"]
        if name.lower() in _NO_NAME:
            continue
        after = _AFTER_NAME.match(masked[match.end() : match.end() + 12])
        end = match.end() + (after.end() if after else 0)
        found.append((match.start(), end, Call(function=name, args=read_arguments(match["args"]))))
    return found


def _after_call(rest: str, call: Call) -> tuple[str, list[Argument] | None, str | None]:
    args, result = call.args, None
    if (arrow := re.match(r"\s*(?:->|→)\s*(\w+)", rest)) is not None:
        result, rest = arrow[1], rest[arrow.end() :]
    if args is None and (listed := _WITH_ARGS.match(rest)) is not None:
        args, rest = read_arguments(re.sub(r"\s+and\s+", ", ", listed[1])), rest[listed.end() :]
    elif (arrow := _ARROW.search(rest)) is not None and result is None:
        result, rest = arrow[1].split(",")[0].strip(), rest[: arrow.start()]
    return _note(rest), args, result


def _note(rest: str) -> str:
    """What is left of a sentence, without the punctuation around it."""
    note = rest.strip(" .,;:—-")
    while _around(note):
        note = note[1:-1].strip(" .,;:—-")
    return re.sub(r"\s+(?:and|then)$", "", note)


def _around(text: str) -> bool:
    """Whether one pair of parentheses holds the whole text."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


def _plain(text: str) -> Clause:
    """An action in own words, without calls and jumps."""
    arrow = _ARROW.search(text)
    bare = (text[: arrow.start()] if arrow else text).strip()
    kept = bare.rstrip(":").rstrip()
    if _CONFIRM.match(kept):
        return Confirm(text=kept)
    if _ASK.match(kept):
        return Ask(text=kept, into=_names(arrow))
    if _ESCALATE.match(kept):
        return Escalate(reason=_ESCALATE_LEAD.sub("", kept).strip())
    if _SAY.match(kept):
        return Unknown(text=kept) if _DONT_KNOW.search(kept) else Say(text=kept)
    if _DONT_KNOW.search(kept) and len(kept) < 200:
        return Unknown(text=kept)
    return Note(text=text.strip().rstrip(":").rstrip())


def _names(arrow: re.Match[str] | None) -> list[str]:
    return [name.strip() for name in arrow[1].split(",")] if arrow else []
