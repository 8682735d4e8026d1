"""From what the asker typed to a server, a model's name and a key.

http://127.0.0.1:8000/v1          the model that the server offers, if it is one
https://api.openai.com/v1#gpt-5   one of several
ollama/qwen3                      Ollama on this machine (or OLLAMA_HOST)
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from urllib.parse import urlsplit

from secondthought.messages import BadInput

LOOPBACK = ("localhost", "127.0.0.1", "::1")

KEYS = {
    "api.openai.com": "OPENAI_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "api.moonshot.ai": "MOONSHOT_API_KEY",
    "api.moonshot.cn": "MOONSHOT_API_KEY",
    "api.z.ai": "ZAI_API_KEY",
    "open.bigmodel.cn": "ZAI_API_KEY",
    "openrouter.ai": "OPENROUTER_API_KEY",
    "ollama.com": "OLLAMA_API_KEY",
}
"""Host -> the environment variable that holds its key."""

OTHER_KEY = "SECONDTHOUGHT_REMOTE_KEY"
TIMEOUT = "SECONDTHOUGHT_REMOTE_TIMEOUT"
"""The environment variable for the seconds that a server may say nothing."""


@dataclass(frozen=True, slots=True)
class Address:
    """url: up to and with the API's root, mostly /v1. model: None = not named. seconds: without a
    token, before the first one and between two; None = the client's own."""

    url: str
    model: str | None
    key: str | None
    seconds: float | None = None


def parse(text: str, environment: Mapping[str, str] = os.environ) -> Address:
    """Raises BadInput."""
    text = text.strip()
    if text.startswith("ollama/"):
        host = environment.get("OLLAMA_HOST", "") or "127.0.0.1:11434"
        host = host.replace("0.0.0.0", "127.0.0.1")
        text = f"{host if '://' in host else f'http://{host}'}#{text.removeprefix('ollama/')}"
        if ":" not in urlsplit(text).netloc:
            text = text.replace(urlsplit(text).netloc, urlsplit(text).netloc + ":11434", 1)
        if text.endswith("#"):
            raise BadInput("ollama/ needs the name of a model after it, as in ollama/qwen3")
    url, _, model = text.partition("#")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = parts = None
    if parts is None or parts.scheme not in ("http", "https") or not host:
        raise BadInput(f"model {text!r} is no http or https URL; write http://HOST:PORT/v1#NAME")
    if parts.username or parts.password:
        raise BadInput("a model's URL must hold no password; put the key into the environment")
    if parts.query:
        raise BadInput(f"model {text!r}: a model's URL has no ?query; write http://HOST:PORT/v1")
    path = re.sub(r"/(chat/completions|models)?/*$", "", parts.path) or "/v1"
    url = f"{parts.scheme}://{parts.netloc}{path}"
    key = next((environment[n] for n in key_names(host, environment) if environment.get(n)), None)
    return Address(url, model or None, key, _seconds(environment.get(TIMEOUT, "")))


def _seconds(said: str) -> float | None:
    """Raises BadInput."""
    if not said.strip():
        return None
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < inf:
        raise BadInput(f"{TIMEOUT} is {said!r}; give seconds, as in {TIMEOUT}=1800")
    return seconds


def key_names(host: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The environment variables that may hold a host's key, the first that is set counts.

    OpenAI's key goes to OpenAI, to the host that OPENAI_BASE_URL names, and to this machine:
    nobody else may have it because somebody mistyped a URL."""
    names = [KEYS[host]] if host in KEYS else [OTHER_KEY]
    if host in LOOPBACK or host == urlsplit(environment.get("OPENAI_BASE_URL", "")).hostname:
        names.append("OPENAI_API_KEY")
    return names
