"""Thoughts of knights and knaves: statements in symbols, every case worked out, what is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product

from secondthought.tasks.reading import Marks, Piece, words
from secondthought.tasks.statements import (
    LETTERS,
    Case,
    Statement,
    reductions,
    signs,
    symbols,
)

_LONGEST = 300  # characters of a statement
_DEEPEST = 8
_SAID = re.compile(r"([A-H])([+-])(?: |$)")
_STATEMENT = re.compile(r"([A-Z]): ([^=]+?)( = ?|$)(.*)")

Told = Callable[[int, Statement], bool]
"""Does the conversation hold this statement of this speaker?"""


class Knights:
    """ "knights A Joseph, B Zoey, + angel, - devil"."""

    sheet = False

    def __init__(self, names: list[str], roles: tuple[str, str], source: str) -> None:
        self._names = names
        self._plain = {
            f"{n} {role}": f"{LETTERS[i]}{sign}"
            for i, n in enumerate(names[: len(LETTERS)])
            for role, sign in zip(roles, "+-", strict=True)
        }
        self._statements: list[Statement | None] = []
        self._cases = list(product((True, False), repeat=len(names)))
        self._tried = 0
        self._left: list[str] = []
        self._told = _teller(names, roles, source) if source else None

    def read(self, line: str, ended: bool) -> list[Piece]:
        marks = Marks(line)
        if line.startswith("left "):
            if ended or line.rstrip().endswith(("yes", "no")):
                self._remaining(marks)
        elif re.match(r"[A-Z][+-][ :]", line):
            self._case(marks, ended)
        elif (m := _STATEMENT.fullmatch(line)) and not self._tried:
            self._statement(marks, m, ended)
        return marks.pieces

    # --- statements -----------------------------------------------------------------------------

    def _statement(self, marks: Marks, m: re.Match[str], ended: bool) -> None:
        speaker = len(self._statements)
        people = len(self._names)
        ok = speaker < people and m[1] == LETTERS[speaker]
        marks.add(0, 2, "speaker", ok, "it is another's turn")
        statement = parsed(self._symbols(m[2]), people)
        whole = ended or bool(m[3])
        known: bool | None = None
        if statement is None:
            known = False if whole else None
        elif self._told is not None and speaker < people and whole:
            known = self._copied(speaker, statement)
        marks.add(3, m.end(2), "statement", known, "this is not what was said")
        if m[4]:
            right = symbols(statement) if statement is not None else None
            short = right is not None and not ended and right.startswith(m[4])
            same = None if right is None or (short and m[4] != right) else m[4] == right
            marks.add(m.start(4), len(marks.line), "symbols", same, "the words before say another")
            statement = parsed(m[4], people) or statement
        elif ended:
            marks.lacks("the statement is not written in symbols")
        self._statements.append(statement)

    def _symbols(self, said: str) -> str:
        """The words "Ann saint" as "A+"; what is no such pair stays and will not parse."""
        pairs = "|".join(map(re.escape, sorted(self._plain, key=len, reverse=True)))
        return re.sub(rf"(?<!\w)(?:{pairs})(?!\w)", lambda m: self._plain[m[0]], said)

    def _copied(self, speaker: int, statement: Statement) -> bool | None:
        """True or False only where the speaker says just this, or something very much like it."""
        assert self._told is not None
        if self._told(speaker, statement):
            return True
        if any(self._told(speaker, other) for other in _alike(statement, len(self._names))):
            return False
        others = (i for i in range(len(self._names)) if i != speaker)
        return False if any(self._told(i, statement) for i in others) else None

    # --- cases ----------------------------------------------------------------------------------

    def _case(self, marks: Marks, ended: bool) -> None:
        line = marks.line
        head, colon, _ = line.partition(":")
        due = self._cases[self._tried] if self._tried < len(self._cases) else None
        fits = due is not None and head == signs(due)
        cut = not colon and not ended
        marks.add(0, len(head) + len(colon), "case", None if cut else fits, "not the next case")
        self._tried += 1
        case = tuple(m[1] == "+" for m in re.finditer(r"[A-H]([+-])", head))
        if len(case) != len(self._names) or not colon:
            return
        written = signs(case)
        at = len(head) + 1
        verdict = ""
        parts = line[at:].split(";")
        for speaker, part in enumerate(parts):
            start = at + len(part) - len(part.lstrip())
            whole = ended or speaker < len(parts) - 1
            if verdict == "no" or speaker >= len(case):
                marks.add(start, at + len(part), "statement", False, "the case has ended before")
            elif part.strip():
                verdict = self._said(marks, start, part.strip(), speaker, case, whole)
            at += len(part) + 1
        if ended and verdict == "ok" and len(parts) < len(case):
            marks.lacks("not everyone has spoken")
        elif ended and verdict not in ("ok", "no"):
            marks.lacks("the case is not decided")
        if verdict == "ok" and len(parts) >= len(case):
            self._left.append(written)

    def _said(
        self, marks: Marks, start: int, part: str, speaker: int, case: Case, whole: bool
    ) -> str:
        """Judge "A+ if f then t, t ok"; returns "ok" or "no" as written."""
        sign = "+" if case[speaker] else "-"
        who = part.partition(" ")[0]
        ok = who == f"{LETTERS[speaker]}{sign}"
        marks.add(start, start + len(who), "speaker", ok, "not who speaks in this case")
        at = start + len(who)
        body = part[len(who) :]
        verdict = body.rpartition(" ")[2] if body.endswith((" ok", " no")) else ""
        if verdict:
            body = body[: -len(verdict) - 1]
        known = self._statements[speaker] if speaker < len(self._statements) else None
        right = reductions(known, case) if known is not None else None
        text = ""
        for k, piece in enumerate(body.split(",")):
            text = piece.strip()
            begin = at + len(piece) - len(piece.lstrip())
            # The first form comes from the statement, each other one from that before it.
            due = right[k] if right is not None and k < len(right) else None
            shaped = due is not None and text != due and not whole and not verdict
            if text:
                same = None if right is None or shaped else text == due
                marks.add(begin, begin + len(text), "statement", same, "not the values of the case")
            if k == 0 or text != due:
                before = parsed(text, 0)
                if before is not None and len(text) > 1:
                    right = [*[""] * k, *reductions(before, (True,))]
                elif len(text) == 1:
                    right = [*[""] * k, text]
            at += len(piece) + 1
        if verdict:
            true = text == "t" if text in ("t", "f") else None
            fits = None if true is None else (true == case[speaker]) == (verdict == "ok")
            end = start + len(part)
            why = "truth-tellers say what is true, liars what is not"
            marks.add(end - 2, end, "verdict", fits, why)
        elif whole:
            marks.lacks("it is not said whether this fits")
        return verdict

    def _remaining(self, marks: Marks) -> None:
        """ "left A+ B- yes": all cases that ended with ok; yes where it is just one."""
        found = words(marks.line)
        last = found[-1]
        verdict = last if last[0] in ("yes", "no") else None
        if verdict is None and re.fullmatch("[a-z]+", last[0]) and last[0] != "none":
            marks.misshapen(last)
        end = verdict.start() if verdict else len(marks.line)
        body = marks.line[5:end].rstrip()
        right = "; ".join(self._left) or "none"
        tried = self._tried == len(self._cases)
        ok = tried and body == right
        if verdict is not None:
            marks.add(0, 5 + len(body), "left", ok, "not the cases that remain")
            marks.verdict(verdict, len(body.split(";")) == 1 and body != "none" and tried)
        self._tried, self._left = 0, []


# --- statements read ----------------------------------------------------------------------------


def parsed(text: str, people: int) -> Statement | None:
    """The statement behind "if A+ then (B- or C+)", also with t and f in place of persons, who
    are then written as person 0, truthful or not. None for anything else."""
    if len(text) > _LONGEST:
        return None
    tokens: list[str] = re.findall(r"[A-H][+-](?![+-])|[a-z]+|[()]|\S", text)
    try:
        statement, at = _joined(tokens, 0, people, 0)
    except (IndexError, ValueError):
        return None
    return statement if at == len(tokens) and symbols(statement) == text else None


def _joined(tokens: list[str], at: int, people: int, depth: int) -> tuple[Statement, int]:
    if depth > _DEEPEST:
        raise ValueError
    if tokens[at] == "not":
        part, at = _part(tokens, at + 1, people, depth)
        return ("not", part), at
    if tokens[at] == "if":
        first, at = _part(tokens, at + 1, people, depth)
        if tokens[at] != "then":
            raise ValueError
        second, at = _part(tokens, at + 1, people, depth)
        return ("if", first, second), at
    first, at = _part(tokens, at, people, depth)
    parts = [first]
    kind = tokens[at] if at < len(tokens) and tokens[at] in ("and", "or", "iff") else ""
    while kind and at < len(tokens) and tokens[at] == kind:
        part, at = _part(tokens, at + 1, people, depth)
        parts.append(part)
    if kind == "iff" and len(parts) != 2:
        raise ValueError
    return ((kind, *parts) if kind else first), at


def _part(tokens: list[str], at: int, people: int, depth: int) -> tuple[Statement, int]:
    token = tokens[at]
    if token == "(":
        inner, at = _joined(tokens, at + 1, people, depth + 1)
        if tokens[at] != ")":
            raise ValueError
        return inner, at + 1
    if people == 0 and token in ("t", "f"):
        return ("is", 0, token == "t"), at + 1
    if people and len(token) == 2 and LETTERS.index(token[0]) < people:
        return ("is", LETTERS.index(token[0]), token[1] == "+"), at + 1
    raise ValueError


def _alike(statement: Statement, people: int) -> Iterator[Statement]:
    """Statements that differ in one sign, person or connective."""
    kind, *parts = statement
    if kind == "is":
        for person in range(people):
            for sign in (True, False):
                if (person, sign) != (parts[0], parts[1]):
                    yield ("is", person, sign)
        return
    if kind != "not":
        for other in ("and", "or", "if", "iff"):
            if other != kind and (len(parts) == 2 or other in ("and", "or")):
                yield (other, *parts)
        yield (kind, *reversed(parts))
    else:
        yield parts[0]
    for i, part in enumerate(parts):
        for other in _alike(part, people):
            yield (kind, *parts[:i], other, *parts[i + 1 :])


def _teller(names: list[str], roles: tuple[str, str], source: str) -> Told:
    # Imported late: the wordings are large, and most thoughts are of other tasks.
    from secondthought.tasks.knights_knaves import CLAIMS, GYM_CLAIMS, KO_CLAIMS, sentence

    text = " ".join(source.lower().split())
    korean = not roles[0].isascii()
    claims = KO_CLAIMS if korean else (*CLAIMS, *GYM_CLAIMS)

    def told(speaker: int, statement: Statement) -> bool:
        for person in (None,) if korean else (None, speaker):
            content = sentence(statement, names, roles, korean, person)
            if content.lower() not in text:
                continue
            for claim in claims:
                # A full stop may be left out, or stand for the template's own mark.
                said = claim.format(name=names[speaker], content=content).lower().rstrip(".")
                at = text.find(said)
                while at >= 0:
                    after = text[at + len(said) :]
                    # "says: A is a knight" is only the beginning of "... A is a knight and B".
                    if not re.match(
                        r"\w| (?:and|or|if and only if|then|그리고|또는|⇔) ", after[:20]
                    ):
                        return True
                    at = text.find(said, at + 1)
        return False

    return told
