"""The machine's form of a condition: `{order.open and days_since(order.date) <= 30}`.

A small language of its own, read and computed here: comparisons, `and`, `or`, `not`, `in`,
dotted names and `[0]`, numbers, strings, true, false, none, lists, and the functions below. A
name behind a list is taken of each item: `flights.date` is the list of the dates. Texts that are
times (ISO 8601) are earlier and later, not smaller and greater. A name without a value makes the
result None, "cannot tell", unless the rest decides it: `false and x` is false.

    days_since(t), hours_since(t)   time from t to `now`; negative for a time that is to come
    len(x)                          items or characters
    min(x), max(x)                  of a list of numbers or times
    said("rain", "sick")            whether a turn of the customer holds one of the words
    visits("2a")                    how often the conversation has come to a step
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Any, cast

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)|(?P<string>\"[^\"]*\"|'[^']*')"
    r"|(?P<word>[^\W\d]\w*)|(?P<sign>==|!=|<=|>=|[<>().,\[\]=]))"
)
_MAX_TOKENS = 400


class PredicateError(ValueError):
    """A predicate that cannot be read: what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """names: the variables it reads (the first part of dotted names); steps: whose visits."""

    text: str
    names: frozenset[str]
    steps: frozenset[str]
    _run: Callable[[_Scope], Any]

    def holds(
        self,
        values: Mapping[str, Any],
        *,
        said: Callable[[str], bool] | None = None,
        visits: Mapping[str, int] | None = None,
    ) -> bool | None:
        """True, false, or None where a value is missing or of the wrong kind."""
        value = self._run(_Scope(values, said, visits))
        return None if value is None or value is _ABSENT else bool(value)


@dataclass(frozen=True, slots=True)
class _Scope:
    values: Mapping[str, Any]
    said: Callable[[str], bool] | None
    visits: Mapping[str, int] | None


_ABSENT = object()  # a name without a value; None itself is a value that a tool may give
_Run = Callable[[_Scope], Any]
_WORDS = {"true": True, "false": False, "none": None, "null": None}


@lru_cache(maxsize=512)
def read_predicate(text: str) -> Predicate:
    """Raises PredicateError."""
    parser = _Parser(text)
    run = parser.either()
    parser.end()
    return Predicate(text, frozenset(parser.names), frozenset(parser.steps), run)


class _Parser:
    def __init__(self, text: str) -> None:
        self.names: set[str] = set()
        self.steps: set[str] = set()
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        self._depth = 0
        position, text = 0, text.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise PredicateError(f"{text[position:].strip()[:20]!r} is not understood")
            assert match.lastgroup is not None
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
            if len(self._tokens) > _MAX_TOKENS:
                raise PredicateError("the predicate is too long")

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise PredicateError(f"{self._tokens[self._at][1]!r} is not expected here")

    def either(self) -> _Run:
        parts = [self.both()]
        while self._take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda s: _any(part(s) for part in parts)

    def both(self) -> _Run:
        parts = [self.negation()]
        while self._take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else lambda s: _all(part(s) for part in parts)

    def negation(self) -> _Run:
        if self._take("not"):
            self._deeper()
            inner = self.negation()
            return lambda s: None if _unsure(v := inner(s)) else not v
        return self.comparison()

    def comparison(self) -> _Run:
        left = self.value()
        for sign, compare in _COMPARE.items():
            if self._take(sign) or (sign == "==" and self._take("=")):
                return _comparing(left, self.value(), compare)
        if self._take("in"):
            return _comparing(left, self.value(), lambda a, b: a in b)
        if self._take("not"):
            self._need("in")
            return _comparing(left, self.value(), lambda a, b: a not in b)
        return left

    def value(self) -> _Run:
        kind, text = self._next()
        if kind == "number":
            number = float(text) if "." in text else _whole(text)
            return lambda _: number
        if kind == "string":
            return lambda _: text[1:-1]
        if text == "(":
            self._deeper()
            inner = self.either()
            self._need(")")
            return inner
        if text == "[":
            items = self._list("]")
            return lambda s: [item(s) for item in items]
        if kind != "word":
            raise PredicateError(f"{text!r} is not expected here")
        if text.lower() in _WORDS:
            constant = _WORDS[text.lower()]
            return lambda _: constant
        if self._take("("):
            if text == "visits":
                return self._visits()
            function = _FUNCTIONS.get(text)
            if function is None:
                raise PredicateError(f"there is no function {text!r}; use {', '.join(FUNCTIONS)}")
            items = self._list(")")
            if text in ("days_since", "hours_since"):
                self.names.add("now")
            return lambda s: function(s, [item(s) for item in items])
        self.names.add(text)
        return self._path(text)

    def _path(self, name: str) -> _Run:
        path: list[str | int] = []
        while True:
            if self._take("."):
                path.append(self._next()[1])
            elif self._take("["):
                kind, text = self._next()
                path.append(_whole(text) if kind == "number" else text.strip("\"'"))
                self._need("]")
            else:
                break
        return lambda s: _look_up(s.values, name, path)

    def _visits(self) -> _Run:
        kind, text = self._next()
        if kind not in ("string", "number"):
            raise PredicateError('visits takes the label of a step, as visits("2a")')
        label = text.strip("\"'")
        self.steps.add(label)
        self._need(")")
        return lambda s: _ABSENT if s.visits is None else s.visits.get(label, 0)

    def _list(self, close: str) -> list[_Run]:
        self._deeper()
        items: list[_Run] = []
        if self._take(close):
            return items
        items.append(self.either())
        while self._take(","):
            items.append(self.either())
        self._need(close)
        return items

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > 30:
            raise PredicateError("the predicate is nested too deeply")

    def _take(self, text: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] in (
            ("sign", text),
            ("word", text),
        ):
            self._at += 1
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise PredicateError(f"{text!r} is missing")

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise PredicateError("the predicate ends too early")
        self._at += 1
        return self._tokens[self._at - 1]


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # a fraction, or thousands of digits
        raise PredicateError(f"{text[:20]!r} is no whole number") from None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: _before(a, b) or a == b,
    ">=": lambda a, b: _before(b, a) or a == b,
    "<": lambda a, b: _before(a, b),
    ">": lambda a, b: _before(b, a),
}


def _before(a: Any, b: Any) -> bool:
    """Raises TypeError for what has no order, as a time and another text."""
    times = [_time(x) for x in (a, b) if isinstance(x, str)]
    if len(times) == 2 and any(times):
        first, second = times
        if first is None or second is None:
            raise TypeError("a time and another text")
        return first < second
    return a < b


def _unsure(value: Any) -> bool:
    return value is None or value is _ABSENT


def _any(values: Any) -> bool | None:
    unsure = False
    for value in values:
        if _unsure(value):
            unsure = True
        elif value:
            return True
    return None if unsure else False


def _all(values: Any) -> bool | None:
    unsure = False
    for value in values:
        if _unsure(value):
            unsure = True
        elif not value:
            return False
    return None if unsure else True


def _comparing(left: _Run, right: _Run, compare: Callable[[Any, Any], bool]) -> _Run:
    def run(scope: _Scope) -> bool | None:
        a, b = left(scope), right(scope)
        if a is _ABSENT or b is _ABSENT:
            return None
        try:
            return compare(_number(a, b), _number(b, a))
        except TypeError:
            return None

    return run


def _number(value: Any, other: Any) -> Any:
    """Text that a customer typed compares with a number as a number."""
    if isinstance(value, str) and isinstance(other, int | float) and not isinstance(other, bool):
        number = read_number(value)
        return value if number is None else number
    return value


def read_number(text: str) -> float | None:
    """The number that a person typed, "$1,200"; None where it is none. "nan" and "inf" are words:
    compared as numbers they would pass every limit."""
    try:
        number = float(text.replace(",", "").strip().lstrip("$"))
    except ValueError:
        return None
    return number if isfinite(number) else None


def look_up(values: Mapping[str, Any], path: str) -> Any:
    """The value of a dotted name, `order.items[0].id`; None where there is none."""
    first, *rest = re.findall(r"\w+", path) or [""]
    value = _look_up(values, first, [int(part) if part.isdigit() else part for part in rest])
    return None if value is _ABSENT else value


def _look_up(values: Mapping[str, Any], name: str, path: list[str | int]) -> Any:
    value: Any = values.get(name, _ABSENT)
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, _ABSENT)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        elif isinstance(value, list) and isinstance(part, int):
            inside = -len(value) <= part < len(value)  # pyright: ignore[reportUnknownArgumentType]
            value = value[part] if inside else _ABSENT  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(value, list):
            value = [_look_up({"": item}, "", [part]) for item in cast(list[Any], value)]
            if any(item is _ABSENT for item in value):
                return _ABSENT
        else:
            return _ABSENT
    return value  # pyright: ignore[reportUnknownVariableType]


def _since(seconds: float) -> Callable[[_Scope, list[Any]], Any]:
    def run(scope: _Scope, arguments: list[Any]) -> Any:
        then = _time(arguments[0]) if arguments else None
        now = _time(scope.values.get("now"))
        return _ABSENT if then is None or now is None else (now - then).total_seconds() / seconds

    return run


def _extreme(latest: bool) -> Callable[[_Scope, list[Any]], Any]:
    def run(_: _Scope, arguments: list[Any]) -> Any:
        items = cast(list[Any], arguments[0]) if arguments else None
        if not isinstance(items, list) or not items:
            return _ABSENT
        best = items[0]
        for item in items[1:]:
            try:
                first, second = (best, item) if latest else (item, best)
                best = item if _before(first, second) else best
            except TypeError:
                return _ABSENT
        return best

    return run


def _time(value: Any) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(value).strip().removesuffix(" EST"))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _length(_: _Scope, arguments: list[Any]) -> Any:
    value = arguments[0] if arguments else _ABSENT
    return len(value) if isinstance(value, str | list | dict) else _ABSENT  # pyright: ignore[reportUnknownArgumentType]


def _said(scope: _Scope, arguments: list[Any]) -> Any:
    return _ABSENT if scope.said is None else any(scope.said(str(word)) for word in arguments)


_FUNCTIONS: dict[str, Callable[[_Scope, list[Any]], Any]] = {
    "days_since": _since(86_400),
    "hours_since": _since(3_600),
    "len": _length,
    "min": _extreme(latest=False),
    "max": _extreme(latest=True),
    "said": _said,
}
FUNCTIONS = (*_FUNCTIONS, "visits")
