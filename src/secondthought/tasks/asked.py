"""Was it asked for? Some operations must be named, whatever the words around them.

A small model takes what it does not know for the nearest thing it does: a least common multiple
for a greatest common divisor, any question about one word for that word spelled backward. Here
a program looks for a word with which the operation can be asked for at all. The forms come from
our own wordings alone, and are wide: one too many lets a mistake pass, one too few would refuse a
question that can be answered.
"""

from __future__ import annotations

import re

_LONGEST = 20_000  # characters of a conversation that are looked at, from its end
_LETTERS = re.compile(r"[a-z]{5,}")


def _form(stems: str, korean: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(stems.split())})|{korean}")


def _slips(word: str) -> set[str]:
    """The word with two letters exchanged, one left out, or one written twice."""
    places = range(1, len(word))
    return {
        *(word[:i] + word[i + 1 :] for i in places),
        *(word[:i] + word[i] + word[i:] for i in places),
        *(word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :] for i in places),
    }


_FORMS: dict[str, re.Pattern[str]] = {
    "gcd": _form(
        "gcd hcf gcf g\\.c\\.d divi factor measur euclid multiples cut saw chop piece fit contain "
        "go(?:es)?\\s share group tile pack size reduc cancel shorten simplif even remainder ratio "
        "common\\s(?:div|fac|mea) box bag bunch team row equal",
        "공약수|약수|인수|나누|나눌|나눠|유클리드|자르|잘라|묶|공통|최대|배수",
    ),
    "spell": _form(
        "back revers inver(?:t|s) mirror flip turn round around opposite right last final rear "
        "tail end wrong direction front swap switch exchang chang rotate rotating spin order "
        "behind left head anagram run go way other highest off stop reorder place hindmost",
        "거꾸로|뒤집|역순|반대|뒤에서|뒤부터|왼쪽|오른쪽|끝에서|끝부터|끝\\s*글자|꼬리|마지막"
        "|역방향|뒤로|앞뒤|자리",
    ),
}
"""By the first word of a thought."""
_SLIPS: dict[str, frozenset[str]] = {
    key: frozenset(slip for word in words.split() for slip in _slips(word)) - {"multiple"}
    for key, words in {
        "gcd": "divisor divisors divide divides divided dividing divisible factor factors euclid "
        "euclidean multiples measure contained equally",
        "spell": "backward backwards reverse reversed reversal reversing inverse invert inverted "
        "opposite mirror mirrored direction beginning final flipped hindmost reorder",
    }.items()
}


def asked(key: str, conversation: str) -> bool:
    """Whether a thought that begins with this key may answer the conversation; true where the
    operation need not be named, and where nothing is known of the conversation."""
    form = _FORMS.get(key)
    if form is None or not conversation:
        return True
    text = conversation[-_LONGEST:].lower()
    if form.search(text):
        return True
    return not _SLIPS[key].isdisjoint(_LETTERS.findall(text))
