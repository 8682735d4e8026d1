"""Wordings: one question in thousands of surface forms, from a page of templates.

A template is text with fields and choices: "[Find|Compute] the gcd of {a} and {b}[.|]". An option
may be empty and may hold fields and further choices. Square brackets without a bar, and bars
outside brackets, are themselves: "[{list}]", "|{x}|".

`phrase` picks a template and its options, fills in the fields and, half of the time, decorates
the words around them: politeness, punctuation, case, a typing slip, white space. Now and then an
unrelated sentence stands before or after the question. The values of the fields are data and are
never touched, so put everything that matters for the answer (numbers, cipher text, letters that
are asked for) into fields and only words into the template. A choice between the two forms of a
Korean particle, "[을|를]", follows the sound of what stands before it. The field {noise} is any
word of the dictionary, drawn anew at each place: what a question is about must be told by the
sentence, not by which word is rare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import TypeAlias

from secondthought.tasks import english
from secondthought.tasks.templates import Ranked, draw, kept_apart, runs

_FIELD = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FILLER_SHARE = 0.08
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# a number in words is data
_WORD = re.compile(r"(?<![A-Za-z])(?!twenty|(?<=-)four)[A-Za-z]{4,}", re.IGNORECASE)

_GREETINGS = ("Hi, ", "Hello! ", "Hey, ", "Hi there. ", "Quick question: ", "OK, ", "So, ", "Q: ")
_REQUESTS = ("Please ", "Could you ", "Can you ", "Would you ", "Kindly ", "Now ", "I need you to ")
_IMPERATIVES = re.compile(
    r"(add|answer|break|build|calculate|change|check|combine|complete|compute|convert|count|crack"
    r"|decide|decipher|decode|decrypt|deduce|determine|do|evaluate|express|figure|fill|find|finish"
    r"|flip|form|get|give|help|hit|isolate|list|make|multiply|name|obtain|produce|put|reach|read"
    r"|rebuild|reconstruct|recover|reduce|represent|restore|reveal|reverse|rewrite|say|shift|show"
    r"|simplify|solve|spell|sum|take|tell|transcribe|translate|turn|uncover|undo|unravel"
    r"|unscramble|use|work|write)\b",
    re.IGNORECASE,
)
_THANKS = ("Thanks!", "thanks", "Thank you.", "Thx", "Please.", "Thanks in advance!")

FILLERS = (
    "[I have|We have|There is] [a test|an exam|a quiz|a lesson|a deadline|a maths test] "
    "[tomorrow|next week|on Monday|soon|this afternoon|in an hour].",
    "[This|It] is [for|from] [my homework|school|a competition|a puzzle book|my maths class"
    "|a pub quiz|a bet|the newspaper|an old exam|my night class|a birthday card].",
    "[My|Our] [son|daughter|brother|sister|friend|neighbour|colleague|grandmother|teacher|boss] "
    "[could not do it|asked me this|gave me this|is waiting|sent me this|loves such puzzles"
    "|says it is easy|gave up on it|will not believe me].",
    "[I am|I'm] [in a hurry|stuck|bored|tired|curious|not good at this|on the train"
    "|just learning|new here|preparing a lesson|lost here].",
    "[No rush|Take your time|It is raining here|What a lovely day|Sorry for asking"
    "|I hope you are well|Hope you can help|I tried twice already|This one is hard|Just for fun"
    "|I love puzzles|Good morning|Good evening|I need more coffee|My phone is almost empty"
    "|I forgot how this works|Let us see how good you are|You did well last time"
    "|I cannot do this in my head|Do not worry about the details|We are on holiday].",
)
"""Sentences without a question, a number or a letter alone: nothing to take for data."""
_NOISY_FILLERS = (
    "[My|Our] [son|sister|neighbour|colleague|teacher] [talks about|thinks of|writes about|asked "
    "about] the {noise} [all day|again|every week|at lunch].",
    "[Yesterday|Today|Last week|This morning] [it was|we had|I read about|they spoke of] {noise} "
    "and {noise}.",
    "[I|We] [still have to|must|want to] [see to the {noise}|look up {noise}|buy a {noise}] "
    "[later|first|after this|tomorrow].",
    "[The|This|That] {noise} [comes later|can wait|is another matter|has nothing to do with it].",
)
"""Fillers with any word, for the longer lists: a rare word need not be what is asked about."""
KO_FILLERS = (
    "[내일|다음 주에|월요일에|곧|오늘 오후에] [시험이|퀴즈가|수업이|발표가] "
    "[있어요.|있어.|있습니다.]",
    "[이거|이건|이것은] [숙제예요.|숙제야.|시험 문제예요.|책에서 본 문제예요.|친구가 낸 문제야.]",
    "[저는|나는] [지금|요즘|조금] [바빠요.|피곤해요.|심심해요.|공부하는 중이에요.]",
    "[천천히 해도 돼요.|급해요.|비가 와요.|날씨가 좋네요.|잘 부탁드립니다."
    "|제가 해 봤는데 어려워요.|동생이 물어봤어요.|선생님이 내 주셨어요.|저는 수학을 잘 못해요."
    "|퍼즐을 좋아해요.|좋은 아침이에요.|잠깐 도와주세요.]",
)

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
    rng: Random,
    templates: Sequence[str],
    /,
    *,
    decorate: bool = True,
    usual_first: bool = False,
    **fields: str,
) -> str:
    """One wording of a question.

    templates: "{name}" is a field, "{{" and "}}" are braces, "[a|b]" is a choice. Values may hold
    anything, braces and brackets included. A template with Hangul is decorated in Korean.
    decorate: False gives the bare template, as for wordings that must stay verbatim.
    usual_first: the templates stand in order of how usual they are, and the first quarter of them
    makes half of the questions; else all are drawn alike.

    Raises KeyError when a template names a field, other than noise, that is not given.
    """
    avoided = kept_apart() if usual_first else frozenset[tuple[str, ...]]()
    while True:
        pieces: list[_Piece] = []
        _fill(parse(draw(rng, templates, usual_first)), rng, fields, pieces)
        if not avoided or avoided.isdisjoint(runs(_masked(pieces))):
            break
    if decorate:
        words = "".join(p.text for p in pieces if not p.is_field)
        korean = _HANGUL.search(words) is not None
        if rng.random() < 0.5:
            changes = _KOREAN if korean else _ENGLISH
            chosen = rng.sample(range(len(changes)), rng.choice((1, 1, 2, 2, 3)))
            for index in sorted(chosen):
                changes[index](pieces, rng)
        if rng.random() < _FILLER_SHARE:
            fillers = KO_FILLERS if korean else FILLERS
            if not korean and isinstance(templates, Ranked) and rng.random() < 0.5:
                fillers = _NOISY_FILLERS
            _filler(pieces, phrase(rng, fillers, decorate=False), rng)
    return "".join(p.text for p in pieces)


def _masked(pieces: Sequence[_Piece]) -> str:
    """The words, with "{x}" for every value."""
    return "".join("{x}" if p.is_field else p.text.replace("{", " ") for p in pieces)


def listed(rng: Random, numbers: Sequence[int], language: str) -> str:
    """Numbers as people list them: "4, 7, 8, 8", "4 7 8 8", or "4, 7, 8 and 8"."""
    texts = [str(n) for n in numbers]
    if rng.random() < 0.25 and len(texts) > 1:
        last = rng.choice((" and ", " and ", ", and ", " & ")) if language == "en" else ", "
        return ", ".join(texts[:-1]) + last + texts[-1]
    return rng.choice((", ", ", ", " ")).join(texts)


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Options of which one is taken."""

    options: tuple[tuple[Node, ...], ...]


Node: TypeAlias = "str | Field | Choice"
"""A part of a template; a `str` is words."""


@lru_cache(maxsize=8192)
def parse(template: str) -> tuple[Node, ...]:
    """The parts of a template in order. Two parts of words never stand side by side."""
    parts: list[Node] = []
    words, at = "", 0
    while at < len(template):
        found: Node | None = None
        end = at + 1
        if template[at] == "[" and (bracket := _options(template, at)) is not None:
            options, end = bracket
            found = Choice(tuple(parse(option) for option in options))
        elif template[at] in "{}" and (match := _FIELD.match(template, at)) is not None:
            end = match.end()
            if match[1] is None:
                words += match[0][0]
            else:
                found = Field(match[1])
        else:
            words += template[at]
        if found is not None:
            parts += [words, found] if words else [found]
            words = ""
        at = end
    return (*parts, words) if words else tuple(parts)


def _options(template: str, at: int) -> tuple[list[str], int] | None:
    """The options of the bracket that opens here and where it has closed; None without a bar."""
    options: list[str] = []
    depth, start = 0, at + 1
    for i in range(at, len(template)):
        if template[i] == "[":
            depth += 1
        elif template[i] == "|" and depth == 1:
            options.append(template[start:i])
            start = i + 1
        elif template[i] == "]":
            depth -= 1
            if not depth:
                return ([*options, template[start:i]], i + 1) if options else None
    return None


def _fill(
    parts: Sequence[Node], rng: Random, fields: Mapping[str, str], pieces: list[_Piece]
) -> None:
    """Add the parts to the pieces, options drawn and values filled in."""
    for part in parts:
        if isinstance(part, Field) and (part.name != "noise" or "noise" in fields):
            pieces.append(_Piece(fields[part.name], True))
        elif isinstance(part, Field):
            _words(pieces, rng.choice(english.words("train")))
        elif isinstance(part, Choice):
            chosen = _particle(part, pieces)
            if chosen is None:
                chosen = rng.randrange(len(part.options))
            _fill(part.options[chosen], rng, fields, pieces)
        else:
            _words(pieces, part)


def _words(pieces: list[_Piece], words: str) -> None:
    if pieces and not pieces[-1].is_field:
        pieces[-1].text += words
    else:
        pieces.append(_Piece(words, False))


_PARTICLES = {(("을",), ("를",)), (("은",), ("는",)), (("이",), ("가",)), (("과",), ("와",))}
_TOWARDS = (("으로",), ("로",))


def _particle(choice: Choice, pieces: list[_Piece]) -> int | None:
    """Which of two forms of a Korean particle fits the sound of what stands before, if any does.

    The first form follows a final consonant: 6 (육), 0 (영, 십, 백), 문장; -로 follows an l, too.
    """
    options = choice.options
    if len(options) != 2 or not (options in _PARTICLES or options == _TOWARDS) or not pieces:
        return None
    last = pieces[-1].text.rstrip("\"')")[-1:]
    if _HANGUL.match(last):
        final = (ord(last) - 0xAC00) % 28
        return int(not final or (options == _TOWARDS and final == 8))
    if last.isdecimal() and last.isascii():
        return int(last not in ("036" if options == _TOWARDS else "013678"))
    return None


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


def _filler(pieces: list[_Piece], sentence: str, rng: Random) -> None:
    """An unrelated sentence before or after the question, never beside a value."""
    first, last = pieces[0], pieces[-1]
    before = not first.is_field and _SPEAKS.search(first.text) is not None
    after = not last.is_field and _CLOSED.search(last.text) is not None
    if after and (not before or rng.random() < 0.4):
        pieces.append(_Piece(rng.choice((" ", " ", "\n")) + sentence, False))
    elif before:
        pieces.insert(0, _Piece(sentence + rng.choice((" ", " ", "\n", "\n\n")), False))


_SPEAKS = re.compile(r"[A-Za-z\uac00-\ud7a3]{2}")
_CLOSED = re.compile(r"[A-Za-z\uac00-\ud7a3]{2}.*[.?!]\s*$", re.DOTALL)

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
