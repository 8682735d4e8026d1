"""What a check found, and the rules by their codes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """title: what must hold. advice: what to do where it does not."""

    title: str
    advice: str


RULES = {
    "E1": Rule("Main steps count 1, 2, 3 without a gap", "renumber the steps"),
    "E2": Rule("Sub-steps are lettered a, b, c under their own number", "letter them anew"),
    "E3": Rule("Every line has a place", "give the line a number, a letter or a bullet"),
    "E4": Rule("Else follows an If", "write the If before it, or make it a step of its own"),
    "W5": Rule("An If says what happens otherwise", "add an Else, or end it with a jump"),
    "E6": Rule("The target of a jump exists", "name an existing step"),
    "E7": Rule("Every step can be reached", "remove the step, or the jump that skips it"),
    "E8": Rule(
        "Every path ends in case_resolution, a hand-off or an escalation",
        "lead the path on, or end it with one of the three",
    ),
    "W9": Rule(
        "A loop has a turn of the customer in it", "ask something inside, or bound it by visits()"
    ),
    "W10": Rule("No loop repeats a write", "jump to a step after the write, or confirm again"),
    "E11": Rule("Every called function is defined", "define it, with purpose and parameters"),
    "W12": Rule("Every defined function is called", "call it, or remove the definition"),
    "E13": Rule("Calls fit the parameters", "give the parameters of the definition"),
    "E14": Rule("A definition has purpose and parameters", "write both, None for no parameters"),
    "E15": Rule(
        "The last step calls case_resolution, and no other does",
        "end with `call case_resolution()`, and escalate elsewhere",
    ),
    "E16": Rule(
        "The step before the last asks whether anything else is needed",
        "ask it in a step of its own directly before the last",
    ),
    "W17": Rule("No function has the name of a clause", "rename the function"),
    "E18": Rule(
        "Every argument is known on all paths",
        "ask the customer for it, or take it from a call, before",
    ),
    "W19": Rule("What is asked for is used", "use the answer, or do not ask"),
    "E20": Rule(
        "A write is confirmed by the customer, whose identity is known",
        "confirm directly before the write, after the identity check",
    ),
    "E21": Rule("Calls stay inside the routine's tools", "add it to `tools:`, or do not call it"),
    "W22": Rule("There is a way to a human", "add a step that escalates, and when"),
    "W23": Rule("There is a way to say I don't know", "add it for the cases left open"),
    "W24": Rule(
        "Numbers, deadlines, amounts and addresses are those of the article",
        "correct it to what the article says",
    ),
    "W25": Rule("A question to the customer is polite", "write please, could you, or the like"),
    "E26": Rule("Definitions fit the tools' schemas", "take names and parameters from the tools"),
    "W27": Rule("Tools that the text names exist", "correct the name, or remove it"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """line: in the source, from 1, 0 = the routine as a whole. step: the key of the step."""

    code: str
    message: str
    line: int = 0
    step: str = ""
    weaker: bool = False  # an error that is only likely counts as a warning

    @property
    def severity(self) -> Severity:
        return "error" if self.code.startswith("E") and not self.weaker else "warning"

    @property
    def advice(self) -> str:
        return RULES[self.code].advice

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.severity} {self.code}: {self.message}; {self.advice}"

    def as_dict(self) -> dict[str, Any]:
        row = asdict(self)
        del row["weaker"]
        return {**row, "severity": self.severity, "advice": self.advice}
