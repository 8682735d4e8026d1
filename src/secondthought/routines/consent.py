"""Whether a customer said yes. Explicit words only; a yes with a change is not one."""

from __future__ import annotations

import re

_YES_FIRST = re.compile(
    r"\W*(?:(?:oh|ah|great|perfect|ok|okay|alright|thanks?|thank you|wonderful|excellent)\W+)*"
    r"(?:yes|yeah|yep|yup|sure|absolutely|certainly|definitely|of course|correct|confirmed|agreed"
    r"|ok|okay|alright|please do|go ahead|proceed|sounds good|that works|perfect|i confirm|i agree"
    r"|that's (?:right|correct|fine|great|perfect)|y)\b"
    r"|\W*(?:네|예|응|넵|맞아|맞습|그래|좋아|좋습|동의|확인했|진행|부탁)",
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
    r"|하지만|그런데|대신|다만",
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
        return None if _CHANGES.search(text) else True
    return None


def asks_for_yes(text: str) -> bool:
    """Whether the agent's words ask for a decision."""
    return bool(_ASKS.search(text))
