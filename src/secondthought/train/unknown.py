"""Questions outside the small model's scope, for training: their answer is "I don't know."

Five groups: near misses of our own tasks (another operation, something missing), our tasks' data
with an operation that is any word of the dictionary but ours ("the {foreign} of 12 and 30"), our
own questions with such a word in place of the operation (`train.replaced`), what people ask
otherwise, and noise that is no question at all. The wordings stand in `unknown.toml`, by kind, in
the grammar and the frames of our own questions; evaluation (`evals/data/out_of_scope.jsonl`) uses
other kinds only, so that it measures whether the model knows what it knows, not whether it learned
a list.
"""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from random import Random

from secondthought.tasks.english import sentences, words
from secondthought.tasks.phrasing import phrase
from secondthought.tasks.wordings.frames import framed
from secondthought.train.replaced import KINDS, abbreviation, foreign, korean_operation

Generator = Callable[[Random], str]

_SHARES = {"near": 0.52, "foreign": 0.10, "replaced": 0.09, "far": 0.19, "noise": 0.10}
_FRAMED = 0.6
"""How often an order or a "What is the ..." stands in another frame, if it can."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def kinds(group: str | None = None) -> tuple[str, ...]:
    """Names of the kinds of all groups, or of "near", "foreign", "replaced", "far" or "noise"."""
    groups = _SHARES if group is None else (group,)
    return tuple(kind for g in groups for kind in _generators(g))


def question(rng: Random, kind: str | None = None) -> str:
    """An out-of-scope question of this kind, or of any. Raises KeyError for an unknown kind."""
    if kind is not None:
        generators = {k: make for g in _SHARES for k, make in _generators(g).items()}
        return generators[kind](rng)
    group = rng.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
    generators = _generators(group)
    return generators[rng.choice(tuple(generators))](rng)


@cache
def _generators(group: str) -> dict[str, Generator]:
    if group in ("noise", "replaced"):
        return _NOISE if group == "noise" else KINDS
    return {kind: _templated(templates) for kind, templates in _wordings()[group].items()}


@cache
def _wordings() -> dict[str, dict[str, list[str]]]:
    """Templates by group and kind, as in unknown.toml."""
    text = files("secondthought.train").joinpath("unknown.toml").read_text("utf-8")
    return tomllib.loads(text)


def _templated(templates: list[str]) -> Generator:
    def generate(rng: Random) -> str:
        template = rng.choice(templates)
        if rng.random() < _FRAMED:
            # As our own questions are framed: what is asked decides, not the words around it.
            template = rng.choice(framed(template))
        values = {
            name: _FIELDS[name](rng) for name in sorted(set(re.findall(r"{(\w+)}", template)))
        }
        return phrase(rng, (template,), decorate=True, usual_first=False, **values)

    return generate


# --- what stands in the braces ----------------------------------------------------------------


def _pick(listed: str) -> Generator:
    choices = tuple(listed.split(","))
    return lambda rng: rng.choice(choices)


def _int(low: int, high: int) -> Generator:
    return lambda rng: str(rng.randint(low, high))


def _number(rng: Random) -> str:
    """Two to four digits mostly, seldom five to seven."""
    return str(rng.randint(2, 10 ** rng.choice((2, 2, 3, 3, 3, 4, 4, 6, 7))))


def _numbers(rng: Random) -> list[str]:
    high = rng.choice((20, 100, 100, 999))
    return [str(rng.randint(1, high)) for _ in range(rng.randint(3, 7))]


def _comma_list(rng: Random) -> str:
    return ", ".join(_numbers(rng))


def _and_list(rng: Random) -> str:
    *most, last = _numbers(rng)[: rng.randint(2, 4)]
    return f"{', '.join(most)} and {last}"


def _decimal(rng: Random) -> str:
    return f"{rng.uniform(0, 10 ** rng.randint(1, 4)):.{rng.randint(1, 3)}f}"


def _letters(rng: Random) -> str:
    return "".join(rng.choices(_LETTERS, k=rng.randint(4, 10)))


def _cipher(rng: Random) -> str:
    """Groups of letters, shaped like a cipher text."""
    text = " ".join(_letters(rng) for _ in range(rng.randint(1, 7)))
    return text.upper() if rng.random() < 0.6 else text


def _hex(rng: Random) -> str:
    return "".join(rng.choices("0123456789abcdef", k=rng.choice((6, 8, 16))))


def _bits(rng: Random) -> str:
    return bin(rng.randint(2, 1023))[2:]


def _word(rng: Random) -> str:
    return rng.choice(words("train"))


def _sentence(rng: Random) -> str:
    return rng.choice(sentences("train"))[:160]


def _phrase(rng: Random) -> str:
    parts = _sentence(rng).split()
    start = rng.randrange(len(parts))
    return " ".join(parts[start : start + rng.randint(2, 6)])


def _base64(rng: Random) -> str:
    return base64.b64encode(_phrase(rng).encode()).decode()


def _grid(side: int, symbols: str) -> Generator:
    def generate(rng: Random) -> str:
        joint = rng.choice((" ", ""))
        return "\n".join(joint.join(rng.choices(symbols, k=side)) for _ in range(side))

    return generate


def _fake(rng: Random) -> str:
    """A word that does not exist, as an operation that nobody knows."""
    onset = rng.choice(("bl", "gr", "fl", "z", "qu", "sn", "tr", "v", "pl", "dr", "k", "sm"))
    return (
        onset
        + rng.choice(("or", "ix", "um", "ab", "ent", "iv", "ol", "up", "erg", "azz"))
        + rng.choice(("k", "p", "ble", "ment", "ity", "ad", "ix", "", "or", "oid"))
    )


def _date(rng: Random) -> str:
    return f"{rng.randint(1, 28)} {_month(rng)} {rng.randint(1900, 2090)}"


def _korean(rng: Random) -> str:
    parts = [_ko_word(rng) for _ in range(rng.randint(2, 6))]
    return " ".join(parts) + rng.choice(("", ".", "요.", "다.", "까?", "?"))


_month = _pick("January,February,March,April,May,June,July,August,September,October")
_ko_word = _pick(
    "나는,오늘,학교에,바다를,친구와,어제,밥을,먹었,사람들이,아침에,하늘이,천천히,좋아하,작은,"
    "집에서,음악을,그림이,여행을,가고,싶,비가,내리,겨울에,우리는,책을,읽,커피가,맛있,동생이"
)
_name = _pick(
    "Alice,Bob,Carol,David,Emma,Frank,Grace,Henry,Ivy,Jack,Kim,Liam,Mia,Noah,Olivia,Penelope,"
    "Quentin,Ruth,Sam,Tina,Uma,Victor,Wendy,Zoe,Zoey,Michael,Jacob,Riley,Samuel,Ella"
)
_place = _pick(
    "France,Berlin,Tokyo,Brazil,Kenya,Oslo,Korea,Busan,Texas,Peru,Egypt,Rome,London,Canada,"
    "India,Sydney,Chile,Norway,Moscow,Cuba,Athens,Toronto,Iceland,Vienna,Ghana"
)

_FIELDS: dict[str, Generator] = {
    "a": _number,
    "b": _number,
    "big": _int(60, 9999),
    "c": _int(2, 30),
    "d": _int(2, 12),
    "nums": _comma_list,
    "and": _and_list,
    "decimal": _decimal,
    "decimal2": _decimal,
    "bits": _bits,
    "bits2": _bits,
    "hex": _hex,
    "hash": _pick("MD5,SHA-1,SHA-256,bcrypt,CRC32"),
    "base64": _base64,
    "word": _word,
    "word2": _word,
    "phrase": _phrase,
    "sentence": _sentence,
    "letter": lambda rng: rng.choice(_LETTERS),
    "letter2": lambda rng: rng.choice(_LETTERS),
    "letters": _letters,
    "cipher": _cipher,
    "x": _pick("x,x,x,y,z,n,a,k,t"),
    "y": _pick("b,m,w,p"),  # never the same letter as x
    "z": _pick("v,c,q"),
    "grid4": _grid(4, "1234_____"),
    "grid8": _grid(8, "12345678________"),
    "grid9": _grid(9, "123456789____...00"),
    "grid3": lambda rng: _grid(rng.choice((2, 3, 3, 5)), "0123456789")(rng),
    "maze": lambda rng: _grid(rng.randint(4, 8), "#..")(rng),
    "fake": _fake,
    "foreign": foreign,
    "foreign2": foreign,
    "abbr": abbreviation,
    "operation_ko": korean_operation,
    "signs": lambda rng: _signs(rng),  # defined below
    "stat": _pick(
        "mean,average,mode,range,variance,standard deviation,geometric mean,harmonic mean,"
        "arithmetic mean,reciprocal,logarithm,cube root,square root,factorial,absolute value,"
        "number of divisors,greatest odd divisor,difference of the first two,number of digits"
    ),
    "stat_ko": _pick("평균,최빈값,범위,분산,표준편차,역수,로그값,세제곱근,조화평균"),
    "numberword": _pick("seven,twelve,twenty,forty-two,ninety-nine,three hundred,a million,six"),
    "numberword2": _pick("five,eleven,thirty,sixty-four,eighteen,two thousand,a dozen,nine"),
    "date": _date,
    "date2": _date,
    "year": _int(1000, 2060),
    "name": _name,
    "name2": _name,
    "name3": _name,
    "surname": _pick("Smith,Jones,Miller,Garcia,Kim,Brown,Tanaka,Novak,Silva,Okafor,Larsen"),
    "place": _place,
    "place2": _place,
    "event": _pick(
        "Industrial Revolution,First World War,Cold War,Great Depression,Moon landing,Crusades,"
        "Olympic Games of 1988,Renaissance,Joseon dynasty,Boer War"
    ),
    "title": _pick(
        "Hamlet,Moby-Dick,Alien,Dracula,Yesterday,Emma,Casablanca,Faust,Thriller,Parasite,Dune"
    ),
    "thing": _pick(
        "car,phone,laptop,bicycle,chair,lamp,kettle,piano,camera,clock,printer,fridge,guitar,tent"
    ),
    "brand": _pick("Samsung,Toyota,Firefox,Linux,Nokia,Sony,Boeing,Debian,Adobe,IBM,Hyundai"),
    "animal": _pick("cat,dog,horse,whale,tiger,penguin,rabbit,snake,camel,eagle,bee,wolf,frog"),
    "animal_ko": _pick("고양이,강아지,호랑이,고래,토끼,코끼리,펭귄,독수리"),
    "language": _pick("German,Spanish,Italian,Latin,Japanese,Chinese,Korean,Dutch,Arabic,Hindi"),
    "language_ko": _pick("독일어,일본어,중국어,스페인어,영어,러시아어"),
    "korean": _korean,
    "proglang": _pick("C,C++,Rust,Java,Go,Haskell,Ruby,JavaScript,Perl,R,Lua"),
    "code": lambda rng: _code(rng),  # defined below
}


# --- noise ------------------------------------------------------------------------------------

_CODE = (
    "for (int {x} = 0; {x} < {c}; {x}++) {{ {word} += {x}; }}",
    "def {word}({x}, {y}): return {x} * {c} - {y}",
    "SELECT {word} FROM {word2} WHERE {x} > {a};",
    "let {word} = [{nums}].map({x} => {x} + {c});",
    "#include <{word}.h>\nint main(void) {{ return {c}; }}",
    "if [ -f {word}.txt ]; then cat {word}.txt | wc -l; fi",
    "{word}.{word2}({a}).unwrap()",
    '{{"{word}": {a}, "{word2}": [{nums}]}}',
    "<div class='{word}'><p>{phrase}</p></div>",
    "import {word}\nprint({word}.{word2}({c}))",
    "git commit -m '{phrase}'",
    "{word},{word2},{a}\n{word2},{word},{b}",
)


def _code(rng: Random) -> str:
    template = rng.choice(_CODE)
    names = sorted(set(re.findall(r"(?<!{){(\w+)}", template)))
    return phrase(
        rng,
        (template,),
        decorate=False,
        usual_first=False,
        **{n: _FIELDS[n](rng) for n in names},
    )


def _symbols(rng: Random) -> str:
    return "".join(rng.choices("?!.,;:-_*#+/\\|~^()[]{}<>@%&$'\"= ", k=rng.randint(1, 20)))


def _signs(rng: Random) -> str:
    """A message in a few signs, as of a code that nobody knows."""
    signs = rng.choice(("|/", "^v<>", "+=", "ox", "*#", "▲●■", "↑↓→←", "♠♥♦♣", "01x", "()", "~=|"))
    return " ".join(
        "".join(rng.choices(signs, k=rng.randint(1, 5))) for _ in range(rng.randint(1, 7))
    )


def _characters(rng: Random) -> str:
    """Printable ASCII with some characters from anywhere in Unicode."""
    return "".join(
        chr(rng.randint(33, 126) if rng.random() < 0.8 else rng.randint(161, 0x2FFF))
        for _ in range(rng.randint(2, 60))
    )


def _repeated(rng: Random) -> str:
    part = rng.choice((_word(rng), rng.choice(_LETTERS), _symbols(rng), str(rng.randrange(10))))
    return rng.choice(("", " ")).join([part] * rng.randint(3, 25))


def _word_salad(rng: Random) -> str:
    return " ".join(_word(rng) for _ in range(rng.randint(1, 12)))


def _syllables(rng: Random) -> str:
    return "".join(
        " " if rng.random() < 0.2 else chr(rng.randint(0xAC00, 0xD7A3))
        for _ in range(rng.randint(2, 25))
    )


def _statement(rng: Random) -> str:
    return rng.choice(sentences("train"))[: rng.choice((60, 120, 240, 500))]


def _blank(rng: Random) -> str:
    return rng.choice(("", " ", "\n", "?", ".", "...", "-", "0", "()", '""', "''", "\t", "null"))


_NOISE: dict[str, Generator] = {
    "blank": _blank,
    "symbols": _symbols,
    "characters": _characters,
    "repeated": _repeated,
    "word_salad": _word_salad,
    "letter_groups": _cipher,
    "bare_numbers": lambda rng: rng.choice((" ", ", ", "\n")).join(_numbers(rng)),
    "sentences": _statement,
    "pasted_code": _code,
    "korean_syllables": _syllables,
    "korean_words": _korean,
}
