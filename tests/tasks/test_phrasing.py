import importlib
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondthought.tasks import catalogue, english
from secondthought.tasks.phrasing import (
    FILLERS,
    KO_FILLERS,
    Choice,
    Field,
    parse,
    phrase,
)

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


@given(st.text("ab[]|{} ", max_size=30), st.integers(0, 10**6))
def test_brackets_in_values_are_data(value, seed):
    template = "[get|work out [the gcd|the [hcf|gcf]] of] {a}"
    text = phrase(Random(seed), (template,), decorate=False, a=value)
    assert re.fullmatch(r"get |work out the (gcd|hcf|gcf) of ", text.removesuffix(value))


def test_choices_nest_may_be_empty_and_hold_fields():
    made = forms(("[a|b [c|{x}]|]{y}",), decorate=False, x="[1|2]", y="!")
    assert set(made) == {"a!", "b c!", "b [1|2]!", "!"}


def test_brackets_without_a_bar_and_bars_without_brackets_are_themselves():
    assert set(forms(("[{x}] |{x}| [",), decorate=False, x="1")) == {"[1] |1| ["}


@pytest.mark.parametrize(
    ("value", "text"),
    [("6", "6을"), ("12", "12를"), ("10", "10을"), ("공", "공을"), ("수", "수를")],
)
def test_a_particle_follows_the_sound(value, text):
    assert set(forms(("{a}[을|를]",), decorate=False, a=value)) == {text}


def test_an_unrelated_sentence_now_and_then_never_beside_a_value():
    asides = {phrase(Random(i), FILLERS + KO_FILLERS, decorate=False) for i in range(3000)}
    data = re.compile(r"[0-9:*/+=^-]|\b[b-hj-ln-z]\b", re.IGNORECASE)
    assert not [aside for aside in asides if data.search(aside)]
    for templates in (("Decode: {a}",), ("{a}\nDecode it.",), ("{a}",), ("{a}를 풀어 줘.",)):
        made = forms(templates, a="WKLV LV")
        held = [text for text in made if any(aside in text for aside in asides)]
        assert len(held) < 0.12 * len(made)
        assert held
        for text in held:
            before, after = text.split("WKLV LV")
            assert not any(before.rstrip().endswith(aside) for aside in asides)
            assert not any(after.strip().startswith(aside) for aside in asides)


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


# --- the wordings of the tasks -----------------------------------------------------------------


def plain(text):
    return re.sub(r"[\s.?!,;:'\"]+", " ", text.lower()).strip()


def names(parts):
    for part in parts:
        if isinstance(part, Field):
            yield part.name
        elif isinstance(part, Choice):
            for option in part.options:
                yield from names(option)


def masked(templates, n):
    """Forms without decorations, "<name>" for each value."""
    fields = {name: f"<{name}>" for t in templates for name in names(parse(t))}
    return {plain(text) for text in forms(templates, n, decorate=False, **fields)}


def wordings(name):
    return importlib.import_module(f"secondthought.tasks.wordings.{name}")


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize(("language", "least"), [("EN", 500), ("KO", 300)])
def test_many_wordings_and_none_is_held_out(name, language, least):
    words = wordings(name)
    held = masked(words.HELD_OUT_EN, 200) | masked(words.HELD_OUT_KO, 200)
    made = masked(getattr(words, f"OWN_{language}"), 3000)
    assert len(made) >= least
    assert not [text for text in made for other in held if other in text]
    assert not [text for text in made if re.search(r"[\[\]|{}]", text)]


@pytest.mark.parametrize("name", catalogue.names())
def test_no_training_question_reads_like_a_held_out_one(name):
    words, task = wordings(name), catalogue.task(name)
    patterns = [
        re.compile(re.sub(r"<\w+>", ".+", re.escape(text)))
        for text in masked(words.HELD_OUT_EN, 200) | masked(words.HELD_OUT_KO, 200)
    ]
    for seed in range(1500):
        item = task.generate(
            Random(seed), task.levels[0], split="train", language="ko" if seed % 5 == 0 else "en"
        )
        assert not any(p.fullmatch(plain(item.question)) for p in patterns), item.question


def test_noise_is_any_word_of_the_dictionary():
    made = [
        phrase(Random(i), ("The {noise} and the {noise} of {a}",), decorate=False, a="x")
        for i in range(500)
    ]
    known = set(english.words("train"))
    drawn = [word for text in made for word in text.split()[1:5:3]]
    assert set(drawn) <= known
    assert len(set(drawn)) > 900
    assert made[0] == phrase(
        Random(0), ("The {noise} and the {noise} of {a}",), decorate=False, a="x"
    )


@pytest.mark.parametrize("name", ["spell_backward", "letter_counting", "caesar_cipher"])
def test_a_value_stands_in_every_form_once_or_more(name):
    words = wordings(name)
    key = {"spell_backward": "word", "letter_counting": "text", "caesar_cipher": "cipher"}[name]
    for templates in (words.OWN_EN, words.OWN_KO):
        fields = {field: f"<{field}>" for t in templates for field in names(parse(t))}
        fields.pop("noise", None)
        for template in templates:
            for seed in range(10):
                text = phrase(
                    Random(seed), (template,), decorate=False, usual_first=False, **fields
                )
                assert f"<{key}>" in text
