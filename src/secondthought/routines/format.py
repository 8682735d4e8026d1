"""The canonical text of a routine; `parse(format_routine(r))` gives the tree of r again."""

from __future__ import annotations

from secondthought.routines.model import (
    Argument,
    Ask,
    Branch,
    Call,
    Clause,
    Confirm,
    Escalate,
    Function,
    Goto,
    Handoff,
    Note,
    Parameter,
    Routine,
    Say,
    Section,
    Step,
    Unknown,
)
from secondthought.routines.words import WORDS, Words


def format_routine(routine: Routine) -> str:
    """One action a line, labels as they are (also wrong ones), definitions at the end."""
    words = WORDS[routine.language]
    out = [f"{key}: {value}" for key, value in routine.meta.items()]
    if routine.intro:
        out += ["", *routine.intro]
    if routine.steps:
        out.append("")
    _steps(out, routine.steps, words, indent="", depth=2)
    for rule in routine.rules:
        out += ["", rule]
    if routine.functions:
        out += ["", words.definitions]
        for function in routine.functions:
            out += ["", *format_function(function, words)]
    return "\n".join(out).strip("\n") + "\n"


def _steps(out: list[str], steps: list[Step], words: Words, indent: str, depth: int) -> None:
    labelled = False
    for step in steps:
        if isinstance(step.clause, Section):
            title = step.clause.title
            if step.label.startswith("Path"):
                title = f"{step.label}: {title}"
            elif step.label:
                title = f"Step {step.label}: {title}"
            out += ["", f"{'#' * min(depth, 6)} {title}", ""]
            _steps(out, step.steps, words, "", depth + 1)
            labelled = False
            continue
        if not step.label and not indent and labelled:
            out.append("")
        labelled = labelled or bool(step.label)
        mark = f"{step.label}." if step.label else "-"
        text = format_clause(step.clause, words, opens=bool(step.steps))
        out.append(f"{indent}{mark} {text}".rstrip())
        below = "   " if step.label and step.label.isdigit() else "    " if step.label else "  "
        _steps(out, step.steps, words, indent + below, depth)


def format_clause(clause: Clause, words: Words = WORDS["en"], *, opens: bool = False) -> str:
    """One clause in one line; `opens`: steps follow below it."""
    match clause:
        case Say(quoted=True) | Unknown():
            return _quote(words.say, clause.text)
        case Say():
            return clause.text + _colon(clause.text, opens)
        case Ask():
            text = _quote(words.ask, clause.text) if clause.quoted else clause.text
            arrow = f" -> {', '.join(clause.into)}" if clause.into else ""
            return text + (arrow or _colon(clause.text, opens and not clause.quoted))
        case Confirm(quoted=True):
            return _quote(words.confirm, clause.text)
        case Confirm():
            return clause.text + _colon(clause.text, opens)
        case Call():
            return format_call(clause)
        case Goto(target="next"):
            return words.next + _note(clause.note)
        case Goto():
            if clause.target.startswith("Path"):
                return f"Proceed to {clause.target}" + _note(clause.note)
            return words.goto.format(clause.target) + _note(clause.note)
        case Handoff():
            return words.handoff.format(clause.routine)
        case Escalate():
            return f"{words.escalate}: {clause.reason}" if clause.reason else words.escalate
        case Branch(how="else"):
            return words.else_
        case Branch():
            predicate = f" {{{clause.predicate}}}" if clause.predicate else ""
            form = words.if_ if clause.how == "if" else words.elif_
            return form.format(clause.condition + predicate)
        case Note():
            return clause.text + _colon(clause.text, opens)
        case Section():
            return clause.title


def format_call(call: Call) -> str:
    arguments = "" if call.args is None else f"({', '.join(map(_argument, call.args))})"
    inner = f"call {call.function}{arguments}" + " function" * (call.args is None)
    arrow = f" -> {call.result}" if call.result else ""
    return f"`{inner}`{arrow}{_note(call.note)}"


def format_function(function: Function, words: Words = WORDS["en"]) -> list[str]:
    """The lines of one definition."""
    signature = f"({', '.join(map(_parameter, function.parameters))})" if function.signature else ""
    arrow = f" -> {function.result}" if function.result else ""
    purpose = f": {function.purpose}" if function.purpose else ""
    out = [f"- `{function.name}{signature}`{arrow}{purpose}"]
    described = [p for p in function.parameters if p.about]
    if described:
        out.append(f"  {words.parameters}")
        out += [f"  - {p.name}: {p.about}" for p in described]
    elif function.parameters:
        out.append(f"  {words.parameters} {', '.join(p.name for p in function.parameters)}")
    elif function.signature:
        out.append(f"  {words.parameters} {words.none}")
    if function.effect:
        out.append(f"  {words.effect} {function.effect}")
    return out


def _argument(argument: Argument) -> str:
    return f"{argument.name}={argument.value}" if argument.name else argument.value


def _parameter(parameter: Parameter) -> str:
    kind = f": {parameter.type}" if parameter.type else ""
    return parameter.name + kind + "?" * parameter.optional


def _quote(form: str, text: str) -> str:
    return form.replace("{}", text)


def _colon(text: str, opens: bool) -> str:
    return ":" if opens and text and text[-1] not in ".!?:" else ""


def _note(note: str) -> str:
    return f" — {note}" if note else ""
