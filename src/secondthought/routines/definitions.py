"""Function definitions in their variants: a section at the end, or in the middle of a step.

- `get_order(order_id: string)` -> order: Reads an order.      **Function:** `get_order(order_id)`
  Parameters:                                                    - **Purpose:** Reads an order.
  - order_id: the number on the receipt                          - **Parameters:** order_id
  Effect: read
"""

from __future__ import annotations

import re

from secondthought.routines.lines import Line
from secondthought.routines.model import Function, Parameter, Routine

_NAME = r"[^\W\d]\w*"
_HEADER = re.compile(
    r"(?:new )?(?:function|tool|함수)s?(?: (?:definitions?|reference|정의))?\s*:?$"
    r"|definitions?(?: of (?:the )?(?:new )?functions?)?\s*:?$|함수 ?정의\s*:?$",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"(?:function|함수)\s*:\s*`?({_NAME})"
    rf"|define (?:the )?(?:function )?`?({_NAME})(?:\(.*\))?`?(?: function`?)?\s*:?$",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    rf"(?:(?:function|함수)\s*:\s*|define (?:the )?(?:function )?)?`?(?:the )?(?P<name>{_NAME})"
    r"\s*(?P<args>\([^()]*\))?(?:\s+function\b)?`?(?:\s+function\b)?"
    rf"(?:\s*(?:->|→)\s*(?P<result>{_NAME})`?)?\s*(?:(?:[:–—]|-\s)\s*(?P<purpose>.*))?$",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(purpose|description|목적|설명|(?:required |input )?parameters?|arguments?|inputs?|매개변수"
    r"|effect|효과|returns?|output|반환)\s*:\s*(.*)$",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    rf"`?(?P<name>{_NAME})`?\s*(?P<optional>\?)?(?:\s*\((?P<about>[^()]*)\))?\s*(?:[:–—-]\s*(?P<text>.*))?$"
)
_NONE = re.compile(r"(?:none|no parameters?|없음|-)\.?$", re.IGNORECASE)
_PURPOSE = ("purpose", "description", "목적", "설명")
_EFFECT = ("effect", "효과")
_RETURNS = ("return", "returns", "output", "반환")


def is_header(text: str) -> bool:
    """Whether the line announces definitions, as "Function Definitions:"."""
    return bool(_HEADER.match(text.strip(" #*-")))


def inline_definition(text: str) -> str | None:
    """The function that a line inside the steps begins to define."""
    match = _INLINE.match(text)
    return (match[1] or match[2]) if match else None


class DefinitionReader:
    """Takes the lines of definitions, one after the other, into the routine."""

    def __init__(self, routine: Routine) -> None:
        self._routine = routine
        self._function: Function | None = None
        self._indent = 0
        self._listing = False

    def take(self, line: Line) -> bool:
        """Whether the line belongs to a definition."""
        text = line.text
        if (match := _KEY.match(text)) and self._function is not None:
            self._key(match[1].lower(), match[2].strip())
            return True
        outer = self._function is None or line.indent <= self._indent
        if outer and line.mark != "prose":
            return self._entry(line)
        if self._listing and (match := _PARAMETER.match(text)):
            self._parameter(match)
            return True
        if self._function is None:
            return self._entry(line)
        if line.mark == "prose" and line.indent > self._indent:
            purpose = f"{self._function.purpose} {text}".strip()
            self._function.purpose = purpose
            return True
        return self._entry(line) if line.mark == "prose" else False

    def _entry(self, line: Line) -> bool:
        match = _ENTRY.match(line.text)
        if match is None:
            return False
        plain = match["args"] is None and match["purpose"] is None and "`" not in line.text
        if plain and inline_definition(line.text) is None:
            return False
        known = self._routine.function(match["name"])
        if known is not None:
            self._function = known
        else:
            args = match["args"]
            self._function = Function(
                name=match["name"],
                parameters=_parameters(args[1:-1]) if args else [],
                signature=args is not None,
                result=match["result"],
                purpose=(match["purpose"] or "").strip(),
                line=line.number,
            )
            self._routine.functions.append(self._function)
        self._indent = line.indent
        self._listing = False
        return True

    def _key(self, key: str, value: str) -> None:
        function = self._function
        assert function is not None
        self._listing = False
        if key in _PURPOSE:
            function.purpose = value
        elif key in _EFFECT:
            word = value.strip("`. ").lower()
            if word in ("read", "write", "generic"):
                function.effect = word
        elif key in _RETURNS:
            if match := re.match(rf"`?({_NAME})`?\.?$", value):
                function.result = function.result or match[1]
        else:
            self._listing = not value
            if value and not _NONE.match(value):
                known = {p.name for p in function.parameters}
                new = [p for p in _parameters(value.replace("`", "")) if p.name not in known]
                if not function.signature:
                    function.parameters += new
            if value or function.parameters:
                function.signature = True

    def _parameter(self, match: re.Match[str]) -> None:
        function = self._function
        assert function is not None
        about = ", ".join(part.strip() for part in (match["about"], match["text"]) if part)
        for parameter in function.parameters:
            if parameter.name == match["name"]:
                parameter.about = about
                return
        optional = bool(match["optional"]) or "optional" in (match["about"] or "").lower()
        function.parameters.append(Parameter(name=match["name"], about=about, optional=optional))
        function.signature = True


def _parameters(text: str) -> list[Parameter]:
    found: list[Parameter] = []
    for part in text.split(","):
        name, _, kind = part.strip().partition(":")
        name, kind = name.strip(), kind.strip()
        optional = name.endswith("?") or kind.endswith("?")
        name, kind = name.rstrip("? "), kind.rstrip("? ")
        if re.fullmatch(_NAME, name):
            found.append(Parameter(name=name, type=kind, optional=optional))
    return found
