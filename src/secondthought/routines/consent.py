"""Whether a customer said yes. Explicit words only: a yes with a change, a denial or a question
beside it is none, because a question that is asked once more costs less than a write nobody wanted.
"""

from __future__ import annotations

import re

_YES_FIRST = re.compile(
    r"\W*(?:(?:oh|ah|great|perfect|ok|okay|alright|thanks?|thank you|wonderful|excellent)\W+)*"
    r"(?:yes|yeah|yep|yup|sure|absolutely|certainly|definitely|of course|correct|confirmed|agreed"
    r"|ok|okay|alright|please do|go ahead|proceed|sounds good|that works|perfect|i confirm|i agree"
    r"|that's (?:right|correct|fine|great|perfect)|y)\b"
    # Whole words: 예약 (a booking), 그래도 (even so) and 네이버 begin like a yes.
    r"|\W*(?:(?:네|예|응|넵|넹|그래|그래요|좋아|좋아요|좋습니다|맞아|맞아요|맞습니다)(?![가-힣])"
    r"|(?:네){2,}(?![가-힣])|동의(?:해|합|함|하겠|할게|\W*$)|확인했(?!는데|지만|으나)"
    r"|진행(?:해|하세|하시|하겠|할게|바랍|\W*$)|부탁(?:드|합|해|\W*$))",
    re.IGNORECASE,
)
_YES_INSIDE = re.compile(
    r"\b(?:(?:please|you can|you may|let's|i'd like to|i would like to|i want to|i'm ready to"
    r"|can you) (?:just )?(?:proceed|go ahead|confirm|do (?:that|it|so))"
    r"|go ahead(?: and|\.|,|!|$)|i(?:'d like to)? confirm|i agree|i accept|that works|sounds good"
    r"|that's fine|that would be (?:great|fine)|i'm (?:okay|ok|fine|good) with (?:that|it|this))"
    r"|진행해 ?주|부탁(?:드|합)|동의합|그렇게 해 ?주",
    re.IGNORECASE,
)
_NO_FIRST = re.compile(
    r"\W*(?:no|nope|nah|not|don't|do not|never|wait|hold on|stop|cancel that|n)\b"
    r"|\W*(?:아니|아뇨|안 ?돼|싫|됐어|그만|괜찮습니다|없습니다|없어요)",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\b(?:but|however|instead|actually|except|unless|before (?:we|you|i|that)|first,|although)\b"
    r"|하지만|그런데|근데|대신|다만|말고|빼고|제외",
    re.IGNORECASE,
)
# A denial of the thing itself, wherever it stands: "Absolutely not", "동의하지 않습니다".
_DENIES = re.compile(
    r"\b(?:absolutely|certainly|definitely|of course|sure|ok|okay|alright|perfect|correct|yes|yeah)"
    r"\W+(?:not|no(?! (?:problem|worries|issue))|nope|never|wait|hold on|stop)\b"
    r"|\b(?:do not|don't|never|not to|won't|will not|not|cannot|can't|shouldn't|should not) "
    r"(?:\w+ ){0,3}?(?:proceed|go ahead|do (?:that|it|so|this|anything)|agree|accept|confirm|want"
    r"|sure|work|works|ready|book|cancel|pay|charge|change|refund|send)\b"
    r"|[.!?;,\n]\s*(?:no,? (?:don't|do not|wait|stop)|wait|hold on|stop|never ?mind|don't|do not)\b"
    r"|\bcorrect me\b|\bworks? for (?:nobody|no one)\b"
    r"|지 ?(?:마|말|않|못)|[^가-힣]안 (?:할|하|해|합|돼|됩|되)"
    r"|(?<![가-힣])못 |아니[요오]|아뇨|싫|중지|중단|됐어|그만",
    re.IGNORECASE,
)
# Asked back: "Okay, how much is it?" waits for an answer.
_ASKS_BACK = re.compile(
    r"^\W*(?:\w+|of course|go ahead)\s*\?"
    r"|\b(?:what|how|when|why|which|where|who)\b[^.!?]*\?"
    r"|(?:^|[.,;!]\s*|\b(?:and|so)\s+)(?:does|will|would|is (?:it|that|this|there))\b[^.!?]*\?"
    r"|(?:얼마|언제|어떻|어떤|무엇|뭐|왜|어디|누가)[^.!?]*\?|[까나]요\?",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\W*(?:(?:oh|ah|great|perfect|ok|okay|alright|thanks?|thank you)\W+)*"
    r"(?:(?:yes|yeah|yep|yup|please do|go ahead|proceed|i confirm|i agree)\b"
    r"|(?:네|예|넵)(?![가-힣]))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:confirm|proceed|go ahead|yes\b|agree|would you like|shall i|let me know)|까요|확인",
    re.IGNORECASE,
)


def reads_yes(text: str) -> bool | None:
    """True for an explicit yes, False for a no, None for anything else."""
    text = text.replace("’", "'").strip()[:4000]
    if _NO_FIRST.match(text):
        return False
    if _YES_FIRST.match(text) or _YES_INSIDE.search(text):
        unsure = _CHANGES.search(text) or _DENIES.search(text) or _asks_back(text)
        return None if unsure else True
    return None


def _asks_back(text: str) -> bool:
    """After a firm yes a question in a further sentence is about something else."""
    if _FIRM.match(text):
        text = re.split(r"(?<=[.!])\s", text, maxsplit=1)[0]
    return bool(_ASKS_BACK.search(text))


def asks_for_yes(text: str) -> bool:
    """Whether the agent's words ask for a decision."""
    return bool(_ASKS.search(text))
