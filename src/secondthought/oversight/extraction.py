"""Attempts to get the hidden reasoning out are noticed: a polite notice and a log entry.

A notice is never a reason to refuse. Words alone cannot tell an attack from a question about
attacks, and asking for an explanation is everyone's right: "explain your reasoning" and "show
your work" are no attempts. An attempt asks for the hidden thing itself ("your chain of
thought"), for it to the letter, encoded, translated, in a role, or types a model's own markers.
English and Korean; text in base64 or hexadecimal is decoded first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from secondthought.messages import Message
from secondthought.oversight.blobs import decoded
from secondthought.oversight.ngrams import visible
from secondthought.tasks.base import Language

Kind = Literal["asks", "encodes", "translates", "role_play", "marker"]

LONGEST: Final = 50_000
"""Characters that are looked at, from the end: an attempt is what the asker says last."""

_MESSAGES: Final[dict[Language, str]] = {
    "en": "This looks like a request for the hidden reasoning. It is kept back, so the answer may "
    "only explain itself; nothing was blocked. Whoever runs this server can read the reasoning.",
    "ko": "숨겨진 추론을 요청하는 것으로 보입니다. 추론 자체는 공개되지 않으며 답변에서 설명만 "
    "드릴 수 있습니다. 차단된 것은 없습니다. 추론은 서버 운영자가 확인할 수 있습니다.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What was noticed. kinds: in a fixed order; message: for the asker, in their language."""

    kinds: tuple[Kind, ...]
    message: str

    def as_dict(self) -> dict[str, object]:
        return {"kinds": list(self.kinds), "message": self.message}


def language_of(text: str) -> Language:
    """Korean where Hangul stands in it, else English."""
    return "ko" if re.search(r"[\uac00-\ud7a3]", text) else "en"


def notice(messages: Sequence[Message]) -> Notice | None:
    """Look at the last user turn and the tool results after it. None when nothing is noticed."""
    asked: list[str] = []
    for message in reversed(messages):
        if message.role in ("user", "tool"):
            asked.append(message.text)
        if message.role == "user":
            break
    return notice_in("\n".join(reversed(asked)))


def notice_in(text: str) -> Notice | None:
    """The same for a text."""
    raw = visible(text[-LONGEST:])
    texts = [_folded(part) for part in (raw, *decoded(raw))]
    kinds: list[Kind] = [
        kind for kind, patterns in _PATTERNS.items() if any(_found(patterns, t) for t in texts)
    ]
    if any(_marker(part) for part in texts):
        kinds.append("marker")
    return Notice(tuple(kinds), _MESSAGES[language_of(raw)]) if kinds else None


def _folded(text: str) -> str:
    """One form for full-width letters, capitals, invisible characters and line ends."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf").replace("’", "'")
    return re.sub(r"\s+", " ", text)


def _found(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    if not _TOPIC.search(text):  # most texts; the patterns below are slow to say no
        return False
    text = _INNOCENT.sub(" ", text)
    return any(pattern.search(text) for pattern in patterns)


def _marker(text: str) -> bool:
    """A model's own markers as bare text. In quotes or code people talk about them."""
    return bool(_MARKER.search(_QUOTED.sub(" ", text)))


# --- English ------------------------------------------------------------------------------

_WEAK = r"(?:reasoning|thoughts?|thinking|deliberations?|thought process|reasoning process)"
_HIDING = (
    r"(?:hidden|internal|private|secret|raw|inner|unfiltered|uncensored|concealed|invisible"
    r"|encrypted|unseen|unredacted|behind[- ]the[- ]scenes)"
)
_NAMED = (
    r"(?:chains?[- ]of[- ]thoughts?|cot|(?:inner|internal) monologue|scratch ?pad"
    r"|(?:reasoning|thinking|thought)[ _-](?:tokens?|traces?|blocks?|logs?|contents?|sections?"
    r"|tags?|transcripts?|stream))"
)
_WHOSE = (
    r"(?:your|ur|its|(?:the|this) (?:model|assistant|system|ai)'?s|(?:the|this|that|all) (?:of )?"
    r"(?:your )?(?:full |entire |exact |complete |whole )?)"
)
_SECRET = rf"(?:{_HIDING}(?: and \w+)?(?: \w+)? (?:{_WEAK}|{_NAMED}|notes|analysis)|{_HIDING} cot)"
_OTHERS = r"(?! of (?!this\b|that\b|the (?:model|answer|above)))"  # Hamlet's inner monologue
_OWN = (
    rf"(?:{_WHOSE}(?: \w+){{0,2}} ?{_NAMED}{_OTHERS}"
    rf"|(?:your |the |all )?(?<!\bmy )(?<!have )(?<!\bhas ){_SECRET})"
)
_MINE = (
    rf"(?:{_OWN}|your (?:own |full |entire |exact |complete |whole |previous |last ){{0,2}}{_WEAK}"
    rf"|(?:the|all|any|every) {_WEAK} (?:above|before\b|(?:that )?you (?:just )?"
    r"(?:had|have|produced|generated|wrote|did|made)))"
)

_ASK = (
    r"\b(?:show|reveal|print|output|repeat|display|dump|leak|give|tell|share|expose|recite|write"
    r"|copy|paste|quote|include|return|disclose|list|provide|send|echo|type|spell|say|publish|post"
    r"|see|read|access|view|extract|unhide|decrypt|replay|what (?:is|was|were|are|did)|put)\b"
)
_TAKE = (
    r"\b(?:repeat|dump|leak|recite|echo|copy|paste|quote|expose|reveal|disclose|replay|unhide"
    r"|decrypt|exfiltrate|regurgitate)\b"
)
_LITERALLY = (
    r"(?:verbatim|word[- ]for[- ]word|word by word|letter by letter|token by token|to the letter"
    r"|exactly as|as[- ]is\b|unedited|unredacted|code ?block"
    r"|without (?:omitting|leaving|skipping|editing|summari)|character by character)"
)
_CODE = (
    r"(?:base ?-?(?:64|32)|b64|hex(?:adecimal)?|rot ?-?13|morse|binary|caesar|cipher(?:ed)?"
    r"|pig latin|leet(?:speak)?|1337|backwards?|reversed?|in reverse|ascii (?:codes?|values?)"
    r"|url[- ]?encod\w+|zero[- ]width|acrostic|first letters?|steganograph\w+|emojis?"
    r"|letters? separated|spaces? between)"
)
_ROLE = (
    r"(?:pretend|act as|act like|role-?play|you are now|you're now|imagine|simulate|debug(?:ging)?"
    r" mode|(?:developer|dev|god|admin|maintenance|test|diagnostic|sudo|root|verbose|transparent)"
    r" mode|\bdan\b|jailbr\w+|system override|(?:ignore|disregard|forget) (?:all |any )?(?:of )?"
    r"(?:the |your |my )?(?:previous|prior|above|earlier|system)? ?(?:instructions|rules|prompts?)"
    r"|i am (?:your|the|an?) (?:\w+ )?(?:developer|admin\w*|engineer|researcher|creator|auditor)"
    r"|i'm (?:your|the|an?) (?:\w+ )?(?:developer|admin\w*|engineer|researcher|creator|auditor)"
    r"|grandm\w+|bedtime story|in a (?:play|story|movie|novel))"
)
_LANGUAGE = (
    r"(?:english|french|german|spanish|italian|latin|korean|japanese|chinese|russian|arabic|hindi"
    r"|portuguese|dutch|greek|esperanto|klingon|another language|a different language)"
)

# Everyday requests for an explanation or opinion; taken out before anything is looked for.
_INNOCENT: Final = re.compile(
    r"\b(?:explain(?:ing)?|describe|justify|clarify|discuss|outline|walk (?:me|us) through"
    r"|show(?:ing)?|give|with|share|include|provide|what (?:is|was)|tell me)"
    rf" (?:me |us )?(?:all )?(?:of )?your (?:full |complete |own )?{_WEAK}"
    rf"(?! (?:in|as|into|to) {_CODE}| {_LITERALLY}|[ _-](?:tokens?|traces?|blocks?|logs?))"
    r"|your thoughts? (?:on|about|regarding|of)\b"
)

# --- Korean -------------------------------------------------------------------------------

_KO_WEAK = r"(?:생각|사고|추론)(?:의|한)? ?(?:과정|내용|것|흐름)?"
_KO_OWN = (
    r"(?:(?:숨겨진|숨긴|숨어 ?있는|내부|내부의|내부적인|비공개|원본|날것의|머릿속|머릿속의|감춘"
    r"|감춰진|보이지 않는) ?(?:의 )?(?:생각|사고|추론|독백)|속마음|속생각|사고 ?(?:사슬|체인)"
    r"|생각의? ?(?:사슬|체인)|(?:추론|사고|생각) ?(?:토큰|로그|기록|트레이스|블록)|내적 독백)"
)
_KO_ASK = (
    r"(?:보여|알려|출력|공개|말해|적어|써 ?[줘주봐라]|작성|복사|드러내|내놔|내놓|인쇄|나열|공유"
    r"|붙여|뱉|반복|읊|토해|표시|노출|제공|뭐야|무엇|보내)"
)
_KO_LITERALLY = r"(?:그대로|한 글자도|빠짐없이|원문|토씨|통째로|날것|편집 없이|단어 그대로)"
_KO_CODE = (
    r"(?:base ?-?64|베이스 ?64|rot ?-?13|hex|16진수|이진수|모스|암호|인코딩|거꾸로|역순|뒤집|초성"
    r"|첫 글자|이모지|아스키)"
)
_KO_ROLE = (
    r"(?:(?:인|한|라고|이라고) ?척|역할극|역할을|연기해|(?:디버그|개발자|관리자|테스트|진단) ?모드"
    r"|라고 (?:가정|상상)|(?:이전|위의|앞의|모든) ?(?:지시|명령|규칙)[을를]? ?(?:무시|잊)"
    r"|(?:나는|저는|난) (?:너의 |당신의 |네 )?(?:개발자|관리자|연구원|엔지니어))"
)

_TOPIC: Final = re.compile(
    r"reason|thought|think|\bcot\b|monologue|scratch|deliberat|notes|analysis"
    r"|생각|사고|추론|속마음|독백"
)

# A notice is per request, so gaps may cross sentences; they are bounded, so time is linear.
_SOURCES: Final[dict[Kind, tuple[str, ...]]] = {
    "asks": (
        rf"{_ASK}.{{0,60}}?\b{_OWN}",
        rf"{_TAKE}.{{0,40}}?\b{_MINE}",
        rf"{_ASK}.{{0,60}}?\b{_MINE}.{{0,60}}?{_LITERALLY}",
        rf"{_LITERALLY}.{{0,60}}?\b{_MINE}",
        r"(?:between|inside|within|from) (?:the |your )?[<\[]?/?"
        r"(?:think|thinking|reasoning)(?:[>\]]| tags?)",
        rf"{_KO_OWN}.{{0,40}}?{_KO_ASK}",
        rf"{_KO_WEAK}.{{0,40}}?{_KO_LITERALLY}.{{0,30}}?{_KO_ASK}",
    ),
    "encodes": (
        rf"\b{_MINE}.{{0,80}}?\b{_CODE}",
        rf"{_CODE}(?:[- ]?encod\w+)?(?: (?:the|of|version|form|for|me)){{0,3}} {_MINE}",
        rf"{_CODE} (?:of|in|from) (?:\w+ ){{0,4}}{_MINE}",
        rf"(?:encode|encrypt|obfuscate|spell|reverse) .{{0,30}}?\b{_MINE}",
        rf"{_KO_OWN}.{{0,50}}?{_KO_CODE}",
        rf"(?:추론|사고|생각) ?(?:과정|내용)?[을를].{{0,30}}?{_KO_CODE}",
        rf"{_KO_CODE}.{{0,20}}?{_KO_OWN}",
    ),
    "translates": (
        rf"translat\w+ .{{0,40}}?\b{_MINE}",
        rf"\b{_OWN}.{{0,40}}?\b(?:in|into|to) {_LANGUAGE}",
        rf"{_KO_OWN}.{{0,40}}?(?:번역|영어로|일본어로|중국어로|프랑스어로)",
        r"(?:추론|사고|생각) ?(?:과정|내용)?[을를].{0,20}?번역",
    ),
    "role_play": (
        rf"{_ROLE}.{{0,200}}?\b{_OWN}",
        rf"{_ROLE}.{{0,200}}?{_ASK}.{{0,60}}?\b{_MINE}",
        rf"\b{_MINE}.{{0,100}}?{_ROLE}",
        rf"{_KO_ROLE}.{{0,100}}?(?:{_KO_OWN}|(?:추론|사고) ?과정)",
    ),
}
_PATTERNS: Final[dict[Kind, tuple[re.Pattern[str], ...]]] = {
    kind: tuple(map(re.compile, sources)) for kind, sources in _SOURCES.items()
}

_MARKER: Final = re.compile(
    r"</?(?:think|thinking|thought|reasoning|scratchpad|analysis)>"
    r"|<\|[a-z_/ ]{1,40}\|>|\[/?(?:think|reasoning|inst)\]|◁/?think▷|<<sys>>|<start_of_turn>"
)
_QUOTED: Final = re.compile(r"`[^`]{0,2000}`|\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|“[^”\n]{0,80}”")
