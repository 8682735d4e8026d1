"""Mistakes that models and people make in routines, put into sound ones, each with the code that
must find it. A mutation gives None where the routine has no place for it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from random import Random

from secondthought.routines.format import format_routine
from secondthought.routines.model import (
    Argument,
    Ask,
    Branch,
    Call,
    Confirm,
    Escalate,
    Function,
    Goto,
    Handoff,
    Parameter,
    Routine,
    Say,
    Step,
    Unknown,
)
from secondthought.routines.validate.flow import writes

Mutate = Callable[[Routine, Random], str | None]
KINDS: dict[str, tuple[str, Mutate]] = {}


def kind(name: str, code: str) -> Callable[[Callable[[Routine, Random], bool]], None]:
    """Register a change of the tree; it says whether it found a place."""

    def register(change: Callable[[Routine, Random], bool]) -> None:
        def mutate(routine: Routine, rng: Random) -> str | None:
            routine = copy.deepcopy(routine)
            return format_routine(routine) if change(routine, rng) else None

        KINDS[name] = (code, mutate)

    return register


def lists(routine: Routine) -> Iterator[list[Step]]:
    yield routine.steps
    for step in routine.walk():
        yield step.steps


def pick(rng: Random, routine: Routine, wanted: Callable[[Step], bool]) -> Step | None:
    found = [step for step in routine.walk() if wanted(step)]
    return rng.choice(found) if found else None


def calls(step: Step) -> bool:
    return isinstance(step.clause, Call) and not step.clause.resolves


def remove(routine: Routine, step: Step) -> None:
    for steps in lists(routine):
        for i, other in enumerate(steps):
            if other is step:
                del steps[i]
                relabel(routine)
                return


def relabel(routine: Routine) -> None:
    """Numbers and letters anew, and the jumps with them, so that only the mistake remains."""
    names: dict[str, str] = {}
    number = 0
    for main in routine.steps:
        if not main.label:
            continue
        number += 1
        names[main.label] = str(number)
        letter = 0
        for step in list(main.walk())[1:]:
            if step.label:
                names[step.label] = f"{number}{chr(97 + letter)}"
                letter += 1
    for step in routine.walk():
        step.label = names.get(step.label, step.label)
        if isinstance(step.clause, Goto):
            step.clause.target = names.get(step.clause.target, step.clause.target)


def insert(routine: Routine, at: int, step: Step) -> None:
    step.label = f"new{at}"
    routine.steps.insert(at, step)
    relabel(routine)


# --- format -------------------------------------------------------------------------------


@kind("a number is left out", "E1")
def _(routine: Routine, rng: Random) -> bool:
    at = rng.randrange(len(routine.steps))
    for step in routine.steps[at:]:
        for inner in step.walk():
            if inner.label:
                inner.label = re.sub(r"^\d+", lambda m: str(int(m[0]) + 1), inner.label)
    return True


@kind("a letter is left out", "E2")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: bool(re.fullmatch(r"\d+[a-w]", s.label)))
    if step is None:
        return False
    step.label = step.label[:-1] + chr(ord(step.label[-1]) + rng.choice((1, 2)))
    return True


@kind("a letter of another number", "E2")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: bool(re.fullmatch(r"\d+[a-z]", s.label)))
    if step is None:
        return False
    step.label = f"{int(step.label[:-1]) + rng.choice((1, 2, 10))}{step.label[-1]}"
    return True


def _stray_line(routine: Routine, rng: Random) -> str | None:
    lines = format_routine(routine).split("\n")
    places = [i for i, line in enumerate(lines) if re.match(r"\d+\. ", line)][1:]
    if not places:
        return None
    text = rng.choice(("Some words in between", "More on this elsewhere.", "see above"))
    at = rng.choice(places)
    return "\n".join([*lines[:at], "", text, "", *lines[at:]])


KINDS["a line without a place"] = ("E3", _stray_line)


@kind("an Else without If", "E4")
def _(routine: Routine, rng: Random) -> bool:
    places = [
        steps
        for steps in lists(routine)
        if any(isinstance(s.clause, Branch) and s.clause.how == "else" for s in steps)
    ]
    if not places:
        return False
    steps = rng.choice(places)
    at = next(
        i for i, s in enumerate(steps) if isinstance(s.clause, Branch) and s.clause.how == "else"
    )
    between = Step(
        label=steps[at].label and "x", clause=Say(text="One moment, please.", quoted=True)
    )
    steps.insert(at, between)
    relabel(routine)
    return True


@kind("an Else is missing", "W5")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(
        rng,
        routine,
        lambda s: (
            isinstance(s.clause, Branch) and s.clause.how == "else" and s not in routine.steps
        ),
    )
    if step is None:
        return False
    remove(routine, step)
    return True


# --- graph --------------------------------------------------------------------------------


@kind("a jump to nowhere", "E6")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: isinstance(s.clause, Goto))
    target = f"{len(routine.steps) + rng.randint(1, 30)}{rng.choice(('', 'a', 'b'))}"
    if step is None:
        step = pick(rng, routine, lambda s: isinstance(s.clause, Branch))
        if step is None:
            return False
        step.steps.append(Step(clause=Goto(target=target)))
        return True
    assert isinstance(step.clause, Goto)
    step.clause.target = target
    return True


@kind("a step that no path reaches", "E7")
def _(routine: Routine, rng: Random) -> bool:
    at = rng.randrange(1, max(2, len(routine.steps) - 3))
    if isinstance(routine.steps[at].clause, Branch) and routine.steps[at].clause.how != "if":
        return False
    inside = {s.label for s in routine.steps[at].walk()}
    if any(isinstance(s.clause, Goto) and s.clause.target in inside for s in routine.walk()):
        return False
    insert(routine, at, Step(clause=Goto(target=routine.steps[-2].label)))
    return True


@kind("a path that just stops", "E8")
def _(routine: Routine, rng: Random) -> bool:
    last = routine.steps[-1]
    if not isinstance(last.clause, Call):
        return False
    condition = rng.choice(("the case was simple", "the customer is content", "it worked"))
    last.steps = [Step(clause=last.clause)]
    last.clause = Branch(how="if", condition=condition)
    return True


@kind("a loop without the customer", "W9")
def _(routine: Routine, rng: Random) -> bool:
    found = [s for s in routine.steps[:-2] if isinstance(s.clause, Call) and s.label]
    if not found:
        return False
    step = rng.choice(found)
    again = Step(clause=Goto(target=step.label))
    step.steps.insert(0, Step(clause=Branch(how="if", condition="it did not work"), steps=[again]))
    return True


@kind("a write in a loop", "W10")
def _(routine: Routine, rng: Random) -> bool:
    for main in routine.steps:
        for step in main.walk():
            clause = step.clause
            if isinstance(clause, Call) and writes(routine, clause.function):
                label = step.label or next(
                    (
                        s.label
                        for s in main.walk()
                        if s.label and step in list(s.walk())[1:] and s is not main
                    ),
                    "",
                )
                if not label:
                    continue
                again = Step(clause=Goto(target=label))
                condition = Branch(how="if", condition="it did not work")
                step.steps.append(Step(clause=condition, steps=[again]))
                return True
    return False


# --- functions ----------------------------------------------------------------------------


@kind("a function is not defined", "E11")
def _(routine: Routine, rng: Random) -> bool:
    called = {s.clause.function for s in routine.walk() if isinstance(s.clause, Call)}
    found = [f for f in routine.functions if f.name in called]
    if not found:
        return False
    routine.functions.remove(rng.choice(found))
    return True


@kind("a call of another name", "E11")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, calls)
    assert step is not None
    assert isinstance(step.clause, Call)
    step.clause.function += rng.choice(("_details", "_now", "s", "_v2"))
    return True


@kind("a definition that nothing calls", "W12")
def _(routine: Routine, rng: Random) -> bool:
    name = rng.choice(("log_case", "check_weather", "read_history"))
    routine.functions.insert(0, Function(name=name, purpose="Does something."))
    return True


@kind("one argument too many", "E13")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: calls(s) and s.clause.args is not None)
    if step is None:
        return False
    step.clause.args.append(Argument(value='"extra"'))
    return True


@kind("one argument too few", "E13")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: calls(s) and bool(s.clause.args))
    if step is None:
        return False
    del step.clause.args[rng.randrange(len(step.clause.args))]
    return True


@kind("an argument of another name", "E13")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: calls(s) and bool(s.clause.args))
    if step is None:
        return False
    argument = rng.choice(step.clause.args)
    argument.name = f"{argument.value}_{rng.choice(('no', 'value', 'text'))}"
    return True


@kind("a definition without a purpose", "E14")
def _(routine: Routine, rng: Random) -> bool:
    rng.choice(routine.functions).purpose = ""
    return True


@kind("a definition without parameters", "E14")
def _(routine: Routine, rng: Random) -> bool:
    function = rng.choice(routine.functions)
    function.parameters, function.signature = [], False
    return True


@kind("case_resolution is missing", "E15")
def _(routine: Routine, rng: Random) -> bool:
    last = routine.steps[-1]
    if rng.random() < 0.5:
        del routine.steps[-1]
    else:
        last.clause, last.steps = Say(text="Goodbye, and thank you.", quoted=True), []
    return True


@kind("case_resolution in the middle", "E15")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: isinstance(s.clause, Say | Escalate))
    if step is None:
        return False
    step.clause, step.steps = Call(function="case_resolution", args=[]), []
    return True


@kind("nobody asks for anything else", "E16")
def _(routine: Routine, rng: Random) -> bool:
    step = routine.steps[-2]
    if rng.random() < 0.5:
        remove(routine, step)
    else:
        step.clause, step.steps = Say(text="Thank you for your time.", quoted=True), []
    return True


@kind("a function with the name of a clause", "W17")
def _(routine: Routine, rng: Random) -> bool:
    function = rng.choice(routine.functions[:-1] or routine.functions)
    new = rng.choice(("say", "ask", "confirm", "escalate", "handoff"))
    for step in routine.walk():
        if isinstance(step.clause, Call) and step.clause.function == function.name:
            step.clause.function = new
    function.name = new
    return True


# --- data ---------------------------------------------------------------------------------


@kind("an argument that nobody gave", "E18")
def _(routine: Routine, rng: Random) -> bool:
    used = {
        a.value for s in routine.walk() if isinstance(s.clause, Call) for a in s.clause.args or []
    }
    step = pick(
        rng, routine, lambda s: isinstance(s.clause, Ask) and bool(used & set(s.clause.into))
    )
    if step is None:
        return False
    step.clause.into = [name for name in step.clause.into if name not in used]
    return True


@kind("an argument that is known on one path only", "E18")
def _(routine: Routine, rng: Random) -> bool:
    used = {
        a.value for s in routine.walk() if isinstance(s.clause, Call) for a in s.clause.args or []
    }
    found = [s for s in routine.steps if isinstance(s.clause, Ask) and used & set(s.clause.into)]
    if not found:
        return False
    step = rng.choice(found)
    inner = Step(clause=step.clause)
    step.clause = Branch(how="if", condition="the customer has it at hand")
    step.steps.insert(0, inner)
    return True


@kind("a question for nothing", "W19")
def _(routine: Routine, rng: Random) -> bool:
    if not any(isinstance(s.clause, Ask) and s.clause.into for s in routine.walk()):
        return False
    name = rng.choice(("shoe_size", "birthday", "favourite_colour"))
    ask = Ask(text="Could you tell me one more thing, please?", quoted=True, into=[name])
    insert(routine, 0, Step(clause=ask))
    return True


# --- policy -------------------------------------------------------------------------------


@kind("a write without a yes", "E20")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: isinstance(s.clause, Confirm))
    if step is None:
        return False
    step.clause = Say(text="I will do this now.", quoted=True)
    return True


@kind("a yes before the argument was asked for", "E20")
def _(routine: Routine, rng: Random) -> bool:
    for steps in lists(routine):
        for i, step in enumerate(steps):
            written = [
                s.clause
                for s in step.walk()
                if isinstance(s.clause, Call)
                and writes(routine, s.clause.function)
                and s.clause.args
            ]
            before = steps[i - 1].clause if i else None
            if not (isinstance(before, Confirm) and isinstance(step.clause, Branch) and written):
                continue
            name = rng.choice(written[0].args).value
            if not name.isidentifier():
                continue
            ask = Ask(text="Could you repeat that, please?", quoted=True, into=[name])
            step.steps.insert(0, Step(clause=ask))
            return True
    return False


@kind("identity after the write", "E20")
def _(routine: Routine, rng: Random) -> bool:
    for i, step in enumerate(routine.steps):
        if isinstance(step.clause, Call) and step.clause.identifies:
            moved = Step(clause=step.clause)
            step.clause = Say(text="Thank you.", quoted=True)
            insert(routine, len(routine.steps) - 2, moved)
            return i < len(routine.steps)
    return False


@kind("a tool outside the scope", "E21")
def _(routine: Routine, rng: Random) -> bool:
    names = sorted({s.clause.function for s in routine.walk() if calls(s)})
    if len(names) < 2:
        return False
    names.remove(rng.choice(names))
    routine.meta["tools"] = ", ".join(names)
    return True


@kind("no way to a human", "W22")
def _(routine: Routine, rng: Random) -> bool:
    found = [s for s in routine.walk() if isinstance(s.clause, Escalate | Handoff)]
    found += [s for s in routine.walk() if isinstance(s.clause, Call) and s.clause.escalates]
    for step in found:
        step.clause, step.steps = Goto(target=routine.steps[-2].label), []
    return bool(found)


@kind("no I don't know", "W23")
def _(routine: Routine, rng: Random) -> bool:
    found = [s for s in routine.walk() if isinstance(s.clause, Unknown)]
    for step in found:
        step.clause = Say(text="One moment, please.", quoted=True)
    return bool(found)


@kind("an invented deadline", "W24")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: isinstance(s.clause, Say) and s.clause.quoted)
    if step is None:
        return False
    english = ("within 17 days", "in 36 hours", "for $99", "by calling 555-010-4477")
    korean = ("17일 안에", "36시간 뒤에", "99,000원으로", "02-555-0104로")
    text = rng.choice(english if routine.language == "en" else korean)
    step.clause.text += f" {text}."
    return True


@kind("a number of the article is wrong", "W24")
def _(routine: Routine, rng: Random) -> bool:
    found = [
        s
        for s in routine.walk()
        if isinstance(s.clause, Say | Ask | Branch)
        and re.search(r"\d", s.clause.condition if isinstance(s.clause, Branch) else s.clause.text)
    ]
    if not found:
        return False
    step = rng.choice(found)
    by = rng.randint(41, 58)

    def other(match: re.Match[str]) -> str:
        return str(int(match[0]) + by)

    if isinstance(step.clause, Branch):
        step.clause.condition = re.sub(r"\d+", other, step.clause.condition)
    else:
        step.clause.text = re.sub(r"\d+(?![^{]*\})", other, step.clause.text)
    return True


@kind("a rude question", "W25")
def _(routine: Routine, rng: Random) -> bool:
    step = pick(rng, routine, lambda s: isinstance(s.clause, Ask) and s.clause.quoted)
    if step is None:
        return False
    step.clause.text = rng.choice(("Order number.", "Number now.", "회원번호."))
    return True


@kind("a definition that is not the tool's", "E26")
def _(routine: Routine, rng: Random) -> bool:
    found = [f for f in routine.functions if f.name != "case_resolution"]
    function = rng.choice(found)
    if function.parameters and rng.random() < 0.5:
        parameter = rng.choice(function.parameters)
        parameter.name += "_code"
    else:
        function.parameters.append(Parameter(name="reason"))
    return True


@kind("words on a tool that does not exist", "W27")
def _(routine: Routine, rng: Random) -> bool:
    name = rng.choice(("get_weather_report", "check_credit_score", "find_customer_9921"))
    insert(routine, 1, Step(clause=Say(text=f"Look it up as {name} shows it.", quoted=True)))
    return True
