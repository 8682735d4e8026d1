"""Effort, the dial, and the budget it buys. Imports nothing of ours.

One open table (`effort.toml` beside this file) maps each effort to a policy, and overrides rows
for some models. A table of the user's own, which the environment variable SECONDTHOUGHT_EFFORT
names, comes after it. A caller may replace the whole row or any field of it; the effective
policy stands in every trace.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast


class Effort(StrEnum):
    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"
    AUTO = "auto"


DEFAULT = Effort.MEDIUM
OWN_TABLE = "SECONDTHOUGHT_EFFORT"
"""The environment variable that names a table of the user's own."""
SAMPLING = 0.7
"""Temperature of a policy that asks for several samples and gives none: greedy ones are equal."""

SHORT = 256
"""Tokens that most answers to short questions fit into."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of the table: the hard limits of one answer, over all its branches.

    strategy: name of a file in `loop/`, or a composition such as "vote(revise)".
    thought_tokens: cap on reasoning tokens, all branches together, drafts included.
    reserve: answer tokens kept back from the thought: the least that the answer may use. What
    the thought leaves unused is the answer's too, up to `total`.
    samples: branches of vote, best_of_n and search. rounds: of again and revise. trees: search
    grows so many trees that do not compete. floor: a thought that ends with fewer tokens is gone
    on with, where the model can. temperature: 0 is greedy. seconds: wall clock, None = no limit.
    min_confidence: an answer that is less likely right than this is withheld; "I don't know." is
    said in its place. None = every answer is given.
    max_tokens: limit on reasoning and answer together (set by `fit`); None = the sum of both.
    """

    strategy: str
    thought_tokens: int
    reserve: int
    samples: int = 1
    rounds: int = 1
    temperature: float = 0.0
    seconds: float | None = None
    trees: int = 1
    floor: int = 0
    max_tokens: int | None = None
    min_confidence: float | None = None

    def __post_init__(self) -> None:
        limits = (self.reserve, self.samples, self.rounds, self.trees)
        if min(limits) < 1 or self.thought_tokens < 0 or self.floor < 0:
            raise ValueError(f"a policy's limits must be positive: {self}")
        if not self.temperature >= 0 or (self.seconds is not None and not self.seconds >= 0):
            raise ValueError(f"temperature and seconds are not below 0: {self}")
        if self.min_confidence is not None and not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence is a share, from 0 to 1: {self}")
        if self.samples > 1 and not self.temperature:
            object.__setattr__(self, "temperature", SAMPLING)

    @property
    def total(self) -> int:
        """Tokens of reasoning and visible answer together."""
        return self.thought_tokens + self.reserve if self.max_tokens is None else self.max_tokens

    @property
    def thinks(self) -> bool:
        """Whether the samples of this strategy think before they answer."""
        return "direct" not in self.strategy

    def fit(self, max_tokens: int | None) -> Policy:
        """The policy under a limit on visible + reasoning tokens together (OpenAI's rule).

        The reserve is kept first, but of a small limit not more than half (or `SHORT`): a policy
        that thinks shall think. The thought gets what is left, up to its own cap. The answer may
        then use all that the thought did not: with effort none that is the whole limit.
        """
        if max_tokens is None:
            return self
        reserve = min(self.reserve, max_tokens)
        if self.thinks:
            reserve = min(reserve, max(SHORT, max_tokens // 2))
        return replace(
            self,
            reserve=reserve,
            thought_tokens=min(self.thought_tokens, max_tokens - reserve),
            max_tokens=max_tokens,
        )

    def as_dict(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}  # all flat


@dataclass(frozen=True, slots=True)
class Override:
    """Other rows for some models.

    models: patterns of their names (`*` and `?`). thinks: only models that think by themselves
    (or do not); None = either. rows: the fields that differ, by effort.
    """

    models: tuple[str, ...]
    thinks: bool | None
    rows: Mapping[Effort, Mapping[str, Any]]

    def fits(self, model: str, thinks: bool) -> bool:
        named = any(fnmatchcase(model, pattern) for pattern in self.models)
        return named and self.thinks in (None, thinks)


@cache
def table() -> dict[Effort, Policy]:
    """The shipped table, read once from effort.toml; without the overrides."""
    return {Effort(name): Policy(**row) for name, row in _raw().items() if name != "override"}


def overrides() -> tuple[Override, ...]:
    """The overrides of the shipped table, then what the user's own one says (its rows are for all
    models), in the order in which they are applied. Raises ValueError, in one line, for a table
    of the user's own that is not there or says what a table cannot say."""
    return _overrides(os.environ.get(OWN_TABLE, ""))


def policy(effort: Effort | str, *, model: str = "", thinks: bool = True, **changes: Any) -> Policy:
    """The policy of an effort for a model, with fields replaced.

    model: its name, as after `-m`; thinks: its capability. Of overrides that fit, the later one
    wins. Raises ValueError for an unknown effort, and as `overrides` does.
    """
    own = os.environ.get(OWN_TABLE, "")
    return _policy(Effort(effort), model, thinks, own, tuple(changes.items()))


@lru_cache(256)  # a server asks for the same few with every request
def _policy(
    effort: Effort,
    model: str,
    thinks: bool,
    own: str,
    changes: tuple[tuple[str, Any], ...],
) -> Policy:
    sections = _overrides(own)
    found = [o.rows[effort] for o in sections if effort in o.rows and o.fits(model, thinks)]
    fields: dict[str, Any] = {}
    for row in (*found, dict(changes)):
        fields |= row
    return replace(table()[effort], **fields)


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("secondthought").joinpath("effort.toml").read_text("utf-8"))


@cache
def _overrides(own: str) -> tuple[Override, ...]:
    """own: path of the user's own table, or ""."""
    shipped = tuple(_override(section) for section in _raw()["override"])
    return shipped + (_own(own) if own else ())


def _own(path: str) -> tuple[Override, ...]:
    """The rows and overrides of the user's own table."""
    try:
        raw = tomllib.loads(Path(path).read_text("utf-8"))
        sections = raw.pop("override", [])
        if not isinstance(sections, list):
            raise ValueError("write each override as a section [[override]]")
        return (
            Override(("*",), None, _rows(raw)),
            *(_override(section) for section in cast(list[Any], sections)),
        )
    except OSError as error:
        why = error.strerror or "it is no file"
    except tomllib.TOMLDecodeError as error:
        why = f"it is not TOML: {error}"
    except ValueError as error:
        why = str(error)
    raise ValueError(f"{path}, which {OWN_TABLE} names, cannot be used: {why}")


def _override(section: Any) -> Override:
    if not isinstance(section, dict):
        raise ValueError("write each override as a section [[override]]")
    section = cast(dict[str, Any], section)
    models: Any = section.get("models")
    if not isinstance(models, list) or not all(isinstance(m, str) for m in cast(list[Any], models)):
        raise ValueError('an override needs models = ["PATTERN", ...]')
    thinks = section.get("thinks")
    if not isinstance(thinks, bool | None):
        raise ValueError(f"thinks is {thinks!r}; give true or false")
    rows = {name: row for name, row in section.items() if name not in ("models", "thinks")}
    return Override(tuple(cast(list[str], models)), thinks, _rows(rows))


def _rows(section: Mapping[str, Any]) -> dict[Effort, Mapping[str, Any]]:
    """Effort -> the fields of its row, each of a kind and a value that a policy can have."""
    rows: dict[Effort, Mapping[str, Any]] = {}
    for name, row in section.items():
        if name not in set(Effort):
            raise ValueError(f"there is no effort {name!r}; there are {', '.join(Effort)}")
        if not isinstance(row, dict):
            raise ValueError(f"{name} is {row!r}; write a row of fields")
        fields = cast(dict[str, Any], row)
        for field, value in fields.items():
            if field not in _KINDS:
                raise ValueError(f"{name}: no field {field!r}; there are {', '.join(_KINDS)}")
            if isinstance(value, bool) or not isinstance(value, _KINDS[field]):
                raise ValueError(f"{name}: {field} cannot be {value!r}")
        try:
            replace(table()[Effort(name)], **fields)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        rows[Effort(name)] = fields
    return rows


_KINDS = {
    field.name: {"str": (str,), "int": (int,)}.get(str(field.type), (int, float))
    for field in fields(Policy)
    if field.name != "max_tokens"  # `fit` sets it
}
"""The fields of a row, and what their values may be."""
