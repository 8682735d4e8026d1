"""What a check found, and the rules by their codes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """title: what must hold. why: what happens where it does not. advice: what to do then."""

    title: str
    why: str
    advice: str


_NOT_RUN = "the line is not run"
_WRONG_CALL = "the call fails when it is run, or does something else than is meant"

RULES = {
    "E1": Rule(
        "Main steps count 1, 2, 3 without a gap",
        "jumps and people name steps by their numbers",
        "renumber the steps, and the jumps to them",
    ),
    "E2": Rule(
        "Sub-steps are lettered a, b, c under their own number",
        "jumps and people name steps by their letters",
        "letter the sub-steps of each step a, b, c, after its number",
    ),
    "E3": Rule("Every line has a place", _NOT_RUN, "give the line a number, a letter or a bullet"),
    "E4": Rule(
        "Else follows an If",
        "nothing says otherwise than what",
        "write the If directly before it, or make it a step of its own",
    ),
    "W5": Rule(
        "An If says what happens otherwise",
        "otherwise the next step is simply taken, whether that was meant or not",
        "write an Else after the If, or end the If with a jump",
    ),
    "E6": Rule(
        "The target of a jump exists",
        "the conversation cannot go on there",
        "name a step that exists",
    ),
    "E7": Rule(
        "Every step can be reached",
        "it is never done",
        "remove the step, or the jump that skips it",
    ),
    "E8": Rule(
        "Every path ends in case_resolution, a hand-off or an escalation",
        "the customer is left without an end",
        "lead the path on by a further step, or end it with one of the three",
    ),
    "W9": Rule(
        "A loop has a turn of the customer in it",
        "nothing in it can change, so it may never end",
        "ask something inside, or bound it by visits()",
    ),
    "W10": Rule(
        "No loop repeats a write",
        "the customer may be charged or refunded twice",
        "jump to a step after the write, or confirm again",
    ),
    "E11": Rule(
        "Every called function is defined",
        "nobody can tell what it does and what it needs",
        "define it under Function Definitions, with purpose and parameters",
    ),
    "W12": Rule(
        "Every defined function is called",
        "a step may have been forgotten",
        "call it, or remove the definition",
    ),
    "E13": Rule(
        "Calls fit the parameters", _WRONG_CALL, "give the parameters that the definition has"
    ),
    "E14": Rule(
        "A definition has purpose and parameters",
        "nobody can tell what it does and what it needs",
        "write both; Parameters: None where it has none",
    ),
    "E15": Rule(
        "The last step calls case_resolution, and no other does",
        "the case is closed too early, or never",
        "end with `call case_resolution()`; elsewhere jump there, or escalate",
    ),
    "E16": Rule(
        "The step before the last asks whether anything else is needed",
        "a customer with a second wish has to begin anew",
        "ask it in a step of its own directly before the last",
    ),
    "W17": Rule(
        "No function has the name of a clause",
        "readers may take the call for the clause",
        "rename the function",
    ),
    "E18": Rule(
        "Every argument is known on all paths",
        "without it the step cannot be done or decided",
        "ask the customer for it in a step before (-> NAME), or take it from a call",
    ),
    "W19": Rule(
        "What is asked for is used",
        "the customer is asked for nothing",
        "use the answer, or do not ask",
    ),
    "E20": Rule(
        "A write is confirmed by the customer, whose identity is known",
        "something may be done that the customer did not want, or that a stranger asked for",
        "write a `Confirm with the customer` directly before it",
    ),
    "E21": Rule(
        "Calls stay inside the routine's tools",
        "the routine does more than it is allowed to",
        "add it to `tools:` at the top, or do not call it",
    ),
    "W22": Rule(
        "There is a way to a human",
        "a customer whom the routine does not fit is stuck",
        "add a step that escalates, and say when",
    ),
    "W23": Rule(
        "There is a way to say I don't know",
        "in a case that the article leaves open, something is made up",
        "add a step that says it, for the cases left open",
    ),
    "W24": Rule(
        "Numbers, deadlines, amounts and addresses are those of the article",
        "what is told or decided is then not what the article says",
        "correct it to what the article says, or remove it",
    ),
    "W25": Rule(
        "A question to the customer is polite",
        "the words go to the customer as they are",
        "write please, could you, or the like",
    ),
    "E26": Rule(
        "Definitions fit the tools' schemas",
        _WRONG_CALL,
        "take names, parameters and types from the tools",
    ),
    "W27": Rule(
        "Tools that the text names exist",
        "whoever follows the text looks for it in vain",
        "correct the name, or remove it",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """line: in the source, from 1, 0 = the routine as a whole. step: the key of the step.
    mend: what to do, where the rule's own advice does not fit."""

    code: str
    message: str
    line: int = 0
    step: str = ""
    weaker: bool = False  # an error that is only likely counts as a warning
    mend: str = ""

    @property
    def severity(self) -> Severity:
        return "error" if self.code.startswith("E") and not self.weaker else "warning"

    @property
    def why(self) -> str:
        return RULES[self.code].why

    @property
    def advice(self) -> str:
        return self.mend or RULES[self.code].advice

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.severity} {self.code}: {self.message}; {self.advice}"

    def as_dict(self) -> dict[str, Any]:
        row = asdict(self)
        del row["weaker"], row["mend"]
        return {**row, "severity": self.severity, "why": self.why, "advice": self.advice}
