"""Knights and knaves: who tells the truth and who lies?

The thought names the people A, B, ... and writes their statements down, first in their own
words, then with + for a truth-teller and - for a liar. Then it assumes every case in turn and asks
whether each statement fits its speaker: one who tells the truth says something true (t), a liar
something false (f). A case ends at the first statement that does not fit. Exactly one case must
remain, which is the check:

    knights A Joseph, B Zoey, + angel, - devil
    A: Joseph angel or Zoey angel = A+ or B+
    B: if Zoey angel then Joseph angel = if B+ then A+
    A+ B+: A+ t or t, t ok; B+ if t then t, t ok
    A+ B-: A+ t or f, t ok; B- if f then t, t no
    A- B+: A- f or t, t no
    A- B-: A- f or f, f ok; B- if f then f, t no
    left A+ B+ yes
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from secondthought.messages import Problem
from secondthought.tasks import expression
from secondthought.tasks.base import Demonstration, Item, Language, Span, Split, Task, Wording
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.statements import (
    LETTERS,
    Case,
    Statement,
    consistent,
    from_json,
    is_true,
    reductions,
    restated,
    sample,
    signs,
    symbols,
)
from secondthought.tasks.wordings.knights_knaves import (
    HELD_OUT_EN,
    HELD_OUT_KO,
    OWN_EN,
    OWN_KO,
)
from secondthought.trace import Verdict

# reasoning-gym's names, pairs and wordings.
_GYM_NAMES = (
    "Emma Liam Olivia Noah Ava Ethan Sophia Mason Isabella William Mia James Charlotte Benjamin "
    "Amelia Lucas Harper Henry Evelyn Alexander Abigail Michael Emily Daniel Elizabeth Jacob "
    "Sofia Logan Avery Jackson Ella Sebastian Scarlett Jack Grace Aiden Chloe Owen Victoria "
    "Samuel Riley Matthew Aria Joseph Lily Luke Aurora David Zoey Oliver Penelope"
)
GYM_NAMES = tuple(_GYM_NAMES.split())
ROLES = (
    ("knight", "knave"),
    ("pioneer", "laggard"),
    ("saint", "sinner"),
    ("hero", "villain"),
    ("angel", "devil"),
    ("altruist", "egoist"),
    ("sage", "fool"),
)
GYM_CLAIMS = (
    "{name} said that {content}.",
    "{name} told you that {content}.",
    '{name} said, "{content}."',
    '{name} stated, "{content}".',
    'According to {name}, "{content}".',
    'In {name}\'s words: "{content}".',
    '{name} remarked, "{content}".',
    '"{content}," {name} declared.',
    '{name} was heard saying, "{content}".',
    "{name} expressed that {content}.",
    '"{content}" - {name}.',
    'As {name} put it, "{content}".',
    '{name} asserted: "{content}".',
    '"{content}," {name} mentioned.',
    '{name} commented, "{content}".',
    'In a statement by {name}: "{content}".',
    '{name} noted, "{content}".',
    '"{content}," {name} claimed.',
)
GYM = (
    "A very special island is inhabited only by {knight}s and {knave}s. "
    "{Knight}s always tell the truth, and {knave}s always lie. "
    "You meet {count} inhabitants: {people}. {claims} "
    'So who is {a_knight} and who is {a_knave}? (Format your answer like: "{format}")',
)
_OWN_NAMES = (
    "Ann Ben Cleo Dan Eve Finn Gus Hana Ivy Jon Kim Leo Max Nia Otto Pam Quinn Rosa Sam Tess "
    "Uma Vic Wes Xena Yan Zara"
)
NAMES = (*GYM_NAMES, *_OWN_NAMES.split())
CLAIMS = (
    '{name}: "{content}"',
    "{name} says: {content}.",
    "{name} says that {content}.",
    '{name} claims: "{content}"',
    '"{content}", says {name}.',
    "{name} said {content}.",
)
_KO_NAMES = "민수 영희 지우 하늘 서준 도윤 은지 태호 수빈 가람 나래 보라"
KO_NAMES = tuple(_KO_NAMES.split())
KO_ROLES = (("기사", "건달"), ("천사", "악마"), ("성자", "죄인"), ("영웅", "악당"))
KO_CLAIMS = ('{name}: "{content}"', '{name}의 말: "{content}"', '{name} 왈, "{content}"')

_LEVELS = {  # people, depth, width
    1: (2, 2, 2),  # one of the two says a plain "X is a knight"
    2: (2, 2, 2),  # reasoning-gym's default
    3: (3, 2, 2),
    4: (3, 3, 2),
    5: (4, 2, 3),
}


class KnightsKnaves(Task):
    name = "knights_knaves"
    key = "knights"
    title = "Knights and knaves"
    levels = range(1, 6)
    default_level = 2
    check = "by trying every case"
    checkable = True

    def generate(
        self,
        rng: Random,
        level: int,
        *,
        split: Split = "eval",
        wording: Wording = "own",
        language: Language = "en",
    ) -> Item:
        if level not in _LEVELS:
            raise ValueError(f"knights_knaves has levels 1 to 5, not {level}")
        if wording == "gym":
            language = "en"
        statements, solution = _puzzle(rng, level)
        korean = language == "ko"
        pool = KO_NAMES if korean else GYM_NAMES if wording == "gym" else NAMES
        names = rng.sample(pool, len(statements))
        roles = rng.choice(KO_ROLES if korean else ROLES)
        data = {
            "names": names,
            "roles": list(roles),
            "statements": json.loads(json.dumps(statements)),
        }
        templates = {
            "gym": (GYM, GYM),
            "own": (OWN_EN, OWN_KO),
            "held_out": (HELD_OUT_EN, HELD_OUT_KO),
        }[wording][korean]
        claims = GYM_CLAIMS if wording == "gym" else KO_CLAIMS if korean else CLAIMS
        style = None if wording == "gym" else rng.choice(claims)
        first_person = wording != "gym" and not korean and rng.random() < 0.3
        knight, knave = roles
        question = phrase(
            rng,
            templates,
            decorate=wording != "gym",
            usual_first=wording == "own",
            claims=" ".join(
                (style or rng.choice(claims)).format(
                    name=names[i],
                    content=sentence(s, names, roles, korean, i if first_person else None),
                )
                for i, s in enumerate(statements)
            ),
            people=_people(names, wording == "gym", korean),
            count=str(len(names)),
            knight=knight,
            knave=knave,
            Knight=knight.capitalize(),
            a_knight=_article(knight),
            a_knave=_article(knave),
            format=_joined([f"{name} is a {knight}/{knave}" for name in names], True),
        )
        answer = _answer(names, roles, solution)
        return Item(self.name, level, Problem.ask(question), answer, data, wording, language)

    def demonstrate(self, item: Item, rng: Random, *, hint: str | None = None) -> Demonstration:
        names, roles, statements = _read(item.data)
        people = "".join(f"{LETTERS[i]} {name}, " for i, name in enumerate(names))
        text = f"{self.key} {people}+ {roles[0]}, - {roles[1]}\n"
        if hint:
            text += f"hint: {hint}\n"
        for i, statement in enumerate(statements):
            said = restated(statement, names, roles)
            text += f"{LETTERS[i]}: {said} = {symbols(statement)}\n"
        spans = [Span(text)]
        cases = list(product((True, False), repeat=len(names)))
        solution = next(case for case in cases if consistent(case, statements))
        if len(names) == 2 and rng.random() < 0.1:
            spans += _slip(cases, statements, rng)
        lines = "".join(_try(case, statements) + "\n" for case in cases)
        spans.append(Span(f"{lines}left {signs(solution)} yes"))
        return Demonstration(tuple(spans), _answer(names, roles, solution))

    def verify(self, item: Item, text: str) -> Verdict:
        return self.check_answer(item.data, text)

    def check_answer(self, item_data: Mapping[str, Any], text: str) -> Verdict:
        names, roles, statements = _read(item_data)
        case = _claimed(text, names, roles)
        if case is None:
            return Verdict.of(False, f"say of each one: {roles[0]} or {roles[1]}?")
        for i, statement in enumerate(statements):
            if is_true(statement, case) != case[i]:
                says = "false" if case[i] else "true"
                role = roles[0] if case[i] else roles[1]
                return Verdict.of(
                    False, f"then {names[i]} would be {_article(role)} and say something {says}"
                )
        return Verdict.of(True)

    def hint(self, item: Item, wrong: str, rng: Random) -> str:
        return self.check_answer(item.data, wrong).feedback

    def near_misses(self, item: Item, rng: Random) -> list[str]:
        names, roles, statements = _read(item.data)
        cases = product((True, False), repeat=len(names))
        wrong = [case for case in cases if not consistent(case, statements)]
        first = f"{names[0]} is {_article(roles[0])}"
        return [*(_answer(names, roles, case) for case in wrong), first, f"{first}, {first}"]


# --- the puzzle -----------------------------------------------------------------------------


def _puzzle(rng: Random, level: int) -> tuple[list[Statement], Case]:
    """Statements with exactly one consistent case, drawn as reasoning-gym draws them."""
    people, depth, width = _LEVELS[level]
    while True:
        statements = [sample(rng, i, people, depth, width) for i in range(people)]
        if level == 1 and all(s[0] != "is" for s in statements):
            continue
        cases = product((True, False), repeat=people)
        left = [case for case in cases if consistent(case, statements)]
        if len(left) == 1:
            return statements, left[0]


def _read(data: Mapping[str, Any]) -> tuple[list[str], tuple[str, str], list[Statement]]:
    knight, knave = data["roles"]
    return list(data["names"]), (knight, knave), list(from_json(data["statements"]))


# --- words ----------------------------------------------------------------------------------


def _article(role: str) -> str:
    if not role.isascii():
        return role
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _joined(parts: Sequence[str], comma: bool) -> str:
    return ", ".join(parts[:-1]) + (", and " if comma else " and ") + parts[-1]


def _people(names: Sequence[str], comma: bool, korean: bool) -> str:
    return ", ".join(names) if korean else _joined(names, comma or len(names) > 2)


def _answer(names: Sequence[str], roles: tuple[str, str], case: Case) -> str:
    words = [roles[0] if truthful else roles[1] for truthful in case]
    if not roles[0].isascii():
        return ", ".join(f"{name} {role}" for name, role in zip(names, words, strict=True))
    parts = [f"{name} is {_article(role)}" for name, role in zip(names, words, strict=True)]
    return _joined(parts, True)


def _claimed(text: str, names: Sequence[str], roles: tuple[str, str]) -> Case | None:
    """What an answer says of each person, in the order of `names`; None where it is unclear."""
    body = expression.bare(text).lower()
    if len(body) > 500:
        return None
    keys = {name.lower(): i for i, name in enumerate(names)}
    found: dict[int, bool] = {}
    person: int | None = None
    for word in re.split(r"[\s,.;:()\"]+", body):
        stem = re.sub(r"(은|는|이|가|입니다|이다|이고|예요|이에요|다|고)$", "", word)
        if word in ("", "is", "a", "an", "and", "the", "그리고"):
            continue
        if person is None and (word in keys or stem in keys):
            person = keys[word] if word in keys else keys[stem]
            if person in found:
                return None
        elif person is not None and (word in roles or stem in roles):
            found[person] = roles[0] in (word, stem)
            person = None
        else:
            return None
    if person is not None or len(found) < len(names):
        return None
    return tuple(found[i] for i in range(len(names)))


def sentence(
    statement: Statement,
    names: Sequence[str],
    roles: tuple[str, str],
    korean: bool,
    speaker: int | None,
) -> str:
    """A statement in words; the speaker, where given, speaks of "I"."""
    kind, *parts = statement
    if kind == "is":
        role = roles[0] if parts[1] else roles[1]
        if korean:
            return f"{names[parts[0]]}은(는) {role}"
        if parts[0] == speaker:
            return f"I am {_article(role)}"
        return f"{names[parts[0]]} is {_article(role)}"
    inner: list[str] = []
    for part in parts:
        words = sentence(part, names, roles, korean, speaker)
        inner.append(words if part[0] == "is" else f"({words})")
    if kind == "not":
        return f"{inner[0]} 아님" if korean else f"it is not the case that {inner[0]}"
    if kind == "if":
        joint = "만약 {}이면 {}" if korean else "if {} then {}"
        return joint.format(*inner)
    words = (
        {"and": " 그리고 ", "or": " 또는 ", "iff": " ⇔ "}
        if korean
        else {
            "and": " and ",
            "or": " or ",
            "iff": " if and only if ",
        }
    )
    return words[kind].join(inner)


# --- the thought ----------------------------------------------------------------------------


def _try(case: Case, statements: Sequence[Statement]) -> str:
    """One case, up to the first statement that does not fit its speaker."""
    said: list[str] = []
    for i, statement in enumerate(statements):
        fits = is_true(statement, case) == case[i]
        worked = ", ".join(reductions(statement, case))
        said.append(f"{LETTERS[i]}{'+' if case[i] else '-'} {worked} {'ok' if fits else 'no'}")
        if not fits:
            break
    return f"{signs(case)}: {'; '.join(said)}"


def _slip(cases: Sequence[Case], statements: Sequence[Statement], rng: Random) -> list[Span]:
    """All cases with one value wrong in the last statement of a case, so that none or two remain;
    the cases are then tried again."""
    wrong_ends = (("t ok", "f no"), ("f ok", "t no"), ("t no", "f ok"), ("f no", "t ok"))
    tried = [_try(case, statements) for case in cases]
    # A case that ended at the last speaker: there a wrong value changes the case's end only.
    last = f"; {LETTERS[len(statements) - 1]}"
    at = rng.choice([i for i, line in enumerate(tried) if last in line])
    spans: list[Span] = []
    left: list[Case] = []
    for i, (case, line) in enumerate(zip(cases, tried, strict=True)):
        end = line[-4:]
        if i == at:
            end = next(b if end == a else a for a, b in wrong_ends if end in (a, b))
            spans += [Span(line[:-4]), Span(end[:1], loss=False), Span(f"{end[1:]}\n")]
        else:
            spans.append(Span(f"{line}\n"))
        if end.endswith("ok"):
            left.append(case)
    found = "; ".join(signs(case) for case in left) or "none"
    return [*spans, Span(f"left {found} no\n")]
