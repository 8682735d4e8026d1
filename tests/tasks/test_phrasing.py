import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks.phrasing import phrase

ENGLISH = (
    "Find the gcd of {a} and {b}.",
    "What is the greatest common divisor of {a} and {b}?",
    "gcd({a}, {b})",
    "Give the common divisor of: {a}, {b}",
)
KOREAN = (
    "{a}와 {b}의 최대공약수를 구해 줘.",
    "{a}, {b}의 최대공약수는 무엇인가요?",
    "최대공약수를 구하세요: {a}, {b}",
)


def forms(templates, n=3000, **fields):
    rng = Random(1)
    return [phrase(rng, templates, **fields) for _ in range(n)]


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 10**6))
def test_values_stay_as_they_are(a, b, seed):
    for templates in (ENGLISH, KOREAN):
        text = phrase(Random(seed), templates, a=a, b=b)
        assert a in text
        assert b in text[text.index(a) + len(a) :]


def test_braces_in_values_and_templates():
    assert phrase(Random(1), ("{{{a}}} {b}",), decorate=False, a="{b}", b="{{") == "{{b}} {{"


def test_undecorated_is_the_template():
    assert set(forms(ENGLISH, decorate=False, a="1", b="2")) == {
        template.format(a=1, b=2) for template in ENGLISH
    }


def test_a_field_that_is_not_given():
    with pytest.raises(KeyError):
        phrase(Random(1), ("{a} and {b}",), a="1")


@pytest.mark.parametrize("templates", [ENGLISH, KOREAN])
def test_many_forms_half_of_them_plain(templates):
    made = forms(templates, a="428", b="500")
    plain = {template.format(a=428, b=500) for template in templates}
    assert len(set(made)) > 300
    assert 0.45 < sum(text in plain for text in made) / len(made) < 0.7


@pytest.mark.parametrize("templates", [ENGLISH, KOREAN])
def test_no_form_changes_the_arithmetic(templates):
    """A "!" after a number is a factorial, a dash before it a sign."""
    for text in forms(templates, a="428", b="500"):
        assert re.findall(r"[0-9]+|[-+*/=^]|(?<=[0-9]) *!", text) == ["428", "500"]


def test_nothing_is_glued_to_a_value_of_letters():
    for text in forms(("Decode: {a}", "Decode the text {a}"), a="WKLV"):
        assert re.fullmatch(r"(?s).*[\s:]WKLV(\s.*)?", text)


def test_korean_stays_korean():
    for text in forms(KOREAN, a="428", b="500"):
        assert not re.search("[A-Za-z]", text)


def test_slips_keep_short_words_and_happen_seldom():
    made = forms(("Find the gcd of {a} and {b}.",), a="428", b="500")
    assert all("gcd" in text.lower() for text in made)
    slips = sum("find" not in text.lower() for text in made)
    assert 0 < slips / len(made) < 0.2
