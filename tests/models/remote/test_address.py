from __future__ import annotations

import pytest

from secondthought import BadInput
from secondthought.models.remote.address import Address, parse

KEYS = {"OPENAI_API_KEY": "o", "DEEPSEEK_API_KEY": "d", "SECONDTHOUGHT_REMOTE_KEY": "s"}


@pytest.mark.parametrize(
    ("text", "url", "model"),
    [
        ("http://h:8000/v1", "http://h:8000/v1", None),
        ("http://h:8000/v1/#a/b:c", "http://h:8000/v1", "a/b:c"),
        ("http://h", "http://h/v1", None),
        ("https://h/api/v3/chat/completions#m", "https://h/api/v3", "m"),
        ("ollama/qwen3:8b", "http://127.0.0.1:11434/v1", "qwen3:8b"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", None),
    ],
)
def test_addresses(text: str, url: str, model: str | None) -> None:
    assert parse(text, {}) == Address(url, model, None)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("box", "http://box:11434/v1"),
        ("0.0.0.0:11500", "http://127.0.0.1:11500/v1"),
        ("https://box/", "https://box:11434/v1"),
    ],
)
def test_ollama_elsewhere(host: str, url: str) -> None:
    assert parse("ollama/q", {"OLLAMA_HOST": host}) == Address(url, "q", None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://h/v1", "no http or https URL"),
        ("http:///v1", "no http or https URL"),
        ("http://h:port/v1", "no http or https URL"),
        ("http://user:secret@h/v1", "hold no password"),
        ("http://h/v1?key=secret", "no [?]query"),
        ("ollama/", "needs the name"),
    ],
)
def test_addresses_that_lead_nowhere(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as error:
        parse(text, {})
    assert "secret@" not in str(error.value)


@pytest.mark.parametrize(("said", "seconds"), [("1800", 1800), (" 0.5 ", 0.5), ("", None)])
def test_seconds_that_a_server_may_say_nothing(said: str, seconds: float | None) -> None:
    assert parse("http://h/v1", {"SECONDTHOUGHT_REMOTE_TIMEOUT": said}).seconds == seconds


@pytest.mark.parametrize("said", ["soon", "0", "-3", "inf", "nan"])
def test_seconds_that_are_none(said: str) -> None:
    with pytest.raises(BadInput, match=r"SECONDTHOUGHT_REMOTE_TIMEOUT is .*; give seconds"):
        parse("http://h/v1", {"SECONDTHOUGHT_REMOTE_TIMEOUT": said})


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://api.openai.com/v1", "o"),
        ("http://127.0.0.1:8000/v1", "s"),
        ("https://api.deepseek.com/v1", "d"),
        ("https://api.openai.com.evil.test/v1", "s"),
        ("https://api.moonshot.ai/v1", None),
    ],
)
def test_a_key_goes_only_where_it_belongs(url: str, key: str | None) -> None:
    assert parse(url, KEYS).key == key


def test_openai_s_key_goes_to_this_machine_and_to_its_base_url() -> None:
    key = {"OPENAI_API_KEY": "o"}
    assert parse("http://localhost:1234/v1", key).key == "o"
    assert parse("http://gateway.test/v1", key).key is None
    assert parse("http://gateway.test/v1", key | {"OPENAI_BASE_URL": "http://gateway.test"}).key
