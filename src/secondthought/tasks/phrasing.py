"""Wordings: one question in hundreds of surface forms, from a dozen templates.

`phrase` picks a template, fills in the fields and, half of the time, decorates the words
around them: politeness, punctuation, case, a typing slip, white space. The values of the
fields are data and are never touched, so put everything that matters for the answer (numbers,
cipher text, letters that are asked for) into fields and only words into the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random

_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WORD = re.compile(r"[A-Za-z]{4,}")

_GREETINGS = ("Hi, ", "Hello! ", "Hey, ", "Hi there. ", "Quick question: ", "OK, ", "So, ", "Q: ")
_REQUESTS = ("Please ", "Could you ", "Can you ", "Would you ", "Kindly ", "Now ", "I need you to ")
_IMPERATIVES = re.compile(
    r"(answer|break|calculate|change|check|combine|complete|compute|convert|count|crack|decipher"
    r"|decode|decrypt|deduce|determine|do|evaluate|express|figure|fill|find|finish|flip|get|give"
    r"|help|hit|isolate|list|make|multiply|name|reach|read|rebuild|reconstruct|recover|reduce"
    r"|reverse|rewrite|say|shift|show|simplify|solve|spell|sum|take|tell|translate|turn|uncover"
    r"|undo|unscramble|use|work|write)\b",
    re.IGNORECASE,
)
_THANKS = ("Thanks!", "thanks", "Thank you.", "Thx", "Please.", "Thanks in advance!")

_KO_GREETINGS = ("안녕하세요. ", "저기요, ", "혹시 ", "질문이요: ", "안녕, ", "문제: ", "자, ")
_KO_THANKS = ("부탁해요.", "부탁드려요.", "고마워요!", "감사합니다.", "부탁해.", "고마워")
# Endings that may stand for one another at the end of a sentence. The first class that fits
# is used, so longer endings stand before the shorter ones they contain.
_KO_ENDINGS = (
    ("해 줘", "해줘", "해 주세요", "해주세요", "하세요", "해 봐", "해 줄래", "하시오"),
    ("줘", "줘요", "주세요", "줄래", "주실래요", "주시겠어요"),
    ("무엇인가요", "뭔가요", "뭐야", "뭐예요", "무엇입니까", "무엇인가", "뭐지"),
    ("얼마인가요", "얼마야", "얼마예요", "얼마입니까", "얼마지", "얼마"),
    ("몇인가요", "몇이야", "몇이에요", "몇입니까", "몇이지"),
    ("인가요", "인가", "입니까", "일까요", "일까"),
)


@dataclass(slots=True)
class _Piece:
    """Words of the template, or (is_field) a value that must stay as it is."""

    text: str
    is_field: bool


def phrase(
    rng: Random, templates: Sequence[str], /, *, decorate: bool = True, **fields: str
) -> str:
    """One wording of a question.

    templates: `str.format`-like texts, "{name}" for a field, "{{" and "}}" for braces. Values
    may hold anything, braces included. A template with Hangul is decorated in Korean.
    decorate: False gives the bare template, as for wordings that must stay verbatim.

    Raises KeyError when a template names a field that is not given.
    """
    pieces = [
        _Piece(fields[text], True) if is_field else _Piece(text, False)
        for text, is_field in _parse(templates[rng.randrange(len(templates))])
    ]
    if decorate and rng.random() < 0.5:
        words = "".join(p.text for p in pieces if not p.is_field)
        changes = _KOREAN if _HANGUL.search(words) else _ENGLISH
        chosen = rng.sample(range(len(changes)), rng.choice((1, 1, 2, 2, 3)))
        for index in sorted(chosen):
            changes[index](pieces, rng)
    return "".join(p.text for p in pieces)


@lru_cache(maxsize=4096)
def _parse(template: str) -> tuple[tuple[str, bool], ...]:
    """(text or field name, is field) in order."""
    parts: list[tuple[str, bool]] = []
    words, at = "", 0
    for match in _FIELD.finditer(template):
        words += template[at : match.start()]
        at = match.end()
        if match[1] is None:
            words += match[0][0]
            continue
        if words:
            parts.append((words, False))
        parts.append((match[1], True))
        words = ""
    words += template[at:]
    if words:
        parts.append((words, False))
    return tuple(parts)


# --- decorations: each changes the pieces in place, or leaves them where it does not fit ------


def _slip(pieces: list[_Piece], rng: Random) -> None:
    """One typing slip inside a word of four letters or more; its first letter stays."""
    places = [
        (piece, match.start(), match[0])
        for piece in pieces
        if not piece.is_field
        for match in _WORD.finditer(piece.text)
    ]
    if not places:
        return
    piece, start, word = places[rng.randrange(len(places))]
    i = rng.randrange(1, len(word) - 1)
    slipped = rng.choice(
        (
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
        )
    )
    piece.text = piece.text[:start] + slipped + piece.text[start + len(word) :]


def _colon(pieces: list[_Piece], rng: Random) -> None:
    """Another join where words end in a colon before a value."""
    for piece, after in pairwise(pieces):
        if not piece.is_field and after.is_field and re.search(r":\s$", piece.text):
            piece.text = piece.text[:-2] + rng.choice((":\n", ":", " : ", ":  ", ":\n\n"))
            return


def _lower(pieces: list[_Piece], rng: Random) -> None:
    """All words in lower case, or only the first letter."""
    first = pieces[0]
    if rng.random() < 0.5:
        for piece in pieces:
            if not piece.is_field:
                piece.text = piece.text.lower()
    elif not first.is_field:
        first.text = _lower_first(first.text)


def _lower_first(text: str) -> str:
    # "I ..." and abbreviations (GCD) keep their capitals.
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _request(pieces: list[_Piece], rng: Random) -> None:
    first = pieces[0]
    if not first.is_field and _IMPERATIVES.match(first.text) and rng.random() < 0.75:
        first.text = rng.choice(_REQUESTS) + _lower_first(first.text)
    else:
        pieces.insert(0, _Piece(rng.choice(_GREETINGS), False))


def _end(pieces: list[_Piece], rng: Random) -> None:
    """Another closing mark. After a value with letters nothing: it could be taken for data."""
    last = pieces[-1]
    if last.is_field:
        if last.text[-1:].isdigit():
            pieces.append(_Piece(rng.choice(("?", ".", " ?", "??")), False))
    elif last.text.endswith("?"):
        last.text = last.text[:-1] + rng.choice(("", "??", " ?", "?!", "."))
    elif last.text == ".":  # after a value, where "!" would be a factorial
        last.text = rng.choice(("", " .", "?"))
    elif last.text.endswith("."):
        last.text = last.text[:-1] + rng.choice(("", "!", "...", " ."))
    elif last.text[-1:].isalpha():
        last.text += rng.choice((".", "!", ".", " ."))


def _thanks(pieces: list[_Piece], rng: Random) -> None:
    _close(pieces, rng.choice(_THANKS), rng)


def _close(pieces: list[_Piece], words: str, rng: Random) -> None:
    """Append a sentence of its own, on a new line after a value that could swallow it."""
    last = pieces[-1]
    if last.is_field:
        join = ". " if last.text[-1:].isdigit() and rng.random() < 0.5 else "\n"
    elif last.text[-1:] in (".", "?", "!"):
        join = " "
    else:
        join = ". " if last.text[-1:].isalnum() else "\n"
    pieces.append(_Piece(join + words, False))


def _space(pieces: list[_Piece], rng: Random) -> None:
    """White space that people leave behind: around the question or doubled between words."""
    kind = rng.randrange(4)
    if kind == 0:
        pieces.insert(0, _Piece(rng.choice((" ", "\n", "  ")), False))
    elif kind == 1:
        pieces.append(_Piece(rng.choice((" ", "\n", "  ", "\n\n")), False))
    else:
        _respace(pieces, rng, "  ")


def _respace(pieces: list[_Piece], rng: Random, space: str) -> None:
    """Replace one blank between two words of the template."""
    places = [
        (piece, match.start())
        for piece in pieces
        if not piece.is_field
        for match in re.finditer(r"(?<=\w) (?=\w)", piece.text)
    ]
    if places:
        piece, at = places[rng.randrange(len(places))]
        piece.text = piece.text[:at] + space + piece.text[at + 1 :]


def _ko_ending(pieces: list[_Piece], rng: Random) -> None:
    """Another speech level: 해 줘, 해 주세요, 하세요; now and then with 좀."""
    last = pieces[-1]
    if last.is_field:
        return
    body = last.text.rstrip(" .?!")
    for endings in _KO_ENDINGS:
        old = next((e for e in sorted(endings, key=len, reverse=True) if body.endswith(e)), None)
        if old is None:
            continue
        new = rng.choice(endings)
        asks = last.text.rstrip().endswith("?") or new.endswith(("줄래", "실래요", "겠어요"))
        mark = "?" if asks else rng.choice((".", "", "", "!"))
        body = body[: len(body) - len(old)] + new
        if new.endswith(("줘", "주세요", "줄래")) and rng.random() < 0.3:
            body = re.sub(r" (\S+(?: (?:줘|주세요|줄래))?)$", r" 좀 \1", body)
        last.text = body + mark
        return


def _ko_space(pieces: list[_Piece], rng: Random) -> None:
    """Korean is often typed with a blank too few."""
    _respace(pieces, rng, "")


def _ko_greeting(pieces: list[_Piece], rng: Random) -> None:
    pieces.insert(0, _Piece(rng.choice(_KO_GREETINGS), False))


def _ko_thanks(pieces: list[_Piece], rng: Random) -> None:
    _close(pieces, rng.choice(_KO_THANKS), rng)


# Applied in this order: slips and case before the polite words, white space last.
_Change = Callable[[list[_Piece], Random], None]
_ENGLISH: tuple[_Change, ...] = (_slip, _colon, _lower, _request, _end, _thanks, _space)
_KOREAN: tuple[_Change, ...] = (
    _ko_space,
    _colon,
    _ko_ending,
    _ko_greeting,
    _end,
    _ko_thanks,
    _space,
)
