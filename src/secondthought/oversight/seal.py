"""The seal: a promise, given with the answer, of the whole thought that led to it.

A seal is a commitment. Its digest leaves with the answer and says nothing about the thought,
because a random salt that stays behind is hashed with it: without the salt, nobody can try out
guesses of a short or predictable thought. When the thought is disclosed later, thought and salt
together show that this and no other thought was there when the answer was given.

    digest = SHA-256(domain, salt, canonical JSON of model, answer and all branches)

Canonical JSON: sorted keys, no spaces, ASCII with \\u escapes, so that every text a model can
produce has exactly one form; nothing is normalised.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from secondthought.messages import BadInput
from secondthought.trace import Trace

_DOMAIN: Final = b"secondthought seal v1\0"
_SALT_BYTES: Final = 32
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_SALT: Final = re.compile(r"[0-9a-f]{64}")
_CONTENT: Final = {"model": str, "answer": str, "branches": list}
_BRANCH: Final = ("name", "thought", "answer")
_STORED: Final = {"id", "choice", "disclosure", "trace"}
# json.dumps would make one a call.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


@dataclass(frozen=True, slots=True)
class Seal:
    """digest: "sha256:" and 64 hexadecimal digits; leaves with every answer, in every mode.
    salt: 64 hexadecimal digits; stays with the trace until the thought is disclosed."""

    digest: str
    salt: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A thought that was handed out, with the seal that it is said to have."""

    content: Mapping[str, Any]
    seal: Seal

    def as_dict(self) -> dict[str, Any]:
        return {"seal": self.seal.digest, "salt": self.seal.salt, "thought": dict(self.content)}

    @property
    def holds(self) -> bool:
        """The thought has the seal that it came with. A person who kept the digest of the
        answer must also compare that one, see `verify`."""
        return verify(self.content, self.seal)


def content(trace: Trace) -> dict[str, Any]:
    """What is sealed: the model, the answer, and thought and answer of every branch in order,
    drafts included. A JSON object; store it (or the trace) with the salt to disclose it later."""
    return {
        "model": trace.model,
        "answer": trace.answer,
        "branches": [
            {"name": b.name, "thought": b.thought, "answer": b.answer} for b in trace.branches
        ],
    }


def seal(trace: Trace) -> Seal:
    """Seal a finished trace with a fresh salt, so that equal thoughts have different seals."""
    salt = secrets.token_hex(_SALT_BYTES)
    return Seal(_digest(content(trace), salt), salt)


def verify(thought: Trace | Mapping[str, Any], seal: Seal) -> bool:
    """Is this the sealed thought, to the letter? `thought`: a trace, or its `content`.

    `seal` must hold the digest that was given with the answer, not one that came with the
    disclosed thought. False for anything that is not sealed content; never raises.
    """
    sealed = content(thought) if isinstance(thought, Trace) else thought
    if not (_SALT.fullmatch(seal.salt) and _DIGEST.fullmatch(seal.digest)):
        return False
    if _fault(sealed):
        return False
    return hmac.compare_digest(_digest(sealed, seal.salt), seal.digest)


def disclose(trace: Trace, seal: Seal) -> Disclosure:
    """The thought with its seal, to be handed to whoever holds the answer."""
    return Disclosure(content(trace), seal)


def read_disclosure(text: str) -> Disclosure:
    """Read `Disclosure.as_dict` as JSON, or a trace of the server (`GET /v1/traces/{id}`) that
    holds it. Strict: a key that is not sealed, or one that stands twice, could show a reader
    something else than what was hashed. Raises BadInput."""
    try:
        raw = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the disclosed thought cannot be read as JSON: {error}") from None
    shown: Any = None
    if isinstance(raw, dict) and set(cast(dict[str, Any], raw)) == _STORED:
        whole = cast(dict[str, Any], raw)
        raw, shown = whole["disclosure"], whole["trace"]
    if not isinstance(raw, dict) or set(cast(dict[str, Any], raw)) != {"seal", "salt", "thought"}:
        raise BadInput(
            "a disclosed thought is a JSON object of exactly seal, salt and thought, or a trace "
            "from GET /v1/traces/{id}; give the file as you received it"
        )
    disclosed = cast(dict[str, Any], raw)
    digest, salt, thought = disclosed["seal"], disclosed["salt"], disclosed["thought"]
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise BadInput('the "seal" must be sha256: and 64 hexadecimal digits')
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise BadInput('the "salt" must be 64 hexadecimal digits')
    if fault := _fault(thought):
        raise BadInput(f'the "thought" is not what a seal covers: {fault}')
    if shown is not None and not _shows(shown, disclosed["thought"]):
        raise BadInput("the trace shows another thought than its disclosure; give it as it came")
    return Disclosure(cast(dict[str, Any], thought), Seal(digest, salt))


def read_digests(text: str) -> list[str]:
    """The digests in a response that was kept (JSON: every value of a key "seal"), or the one
    digest that the text is. Empty when there is none."""
    if _DIGEST.fullmatch(text.strip()):
        return [text.strip()]
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            members = cast(dict[str, Any], value)
            digest = members.get("seal")
            if isinstance(digest, str) and _DIGEST.fullmatch(digest) and digest not in found:
                found.append(digest)
            waiting += members.values()
        elif isinstance(value, list):
            waiting += cast(list[Any], value)
    return found


def _digest(sealed: Mapping[str, Any], salt: str) -> str:
    # Fixed lengths before the content: no salt can be read as a part of a thought.
    data = _DOMAIN + bytes.fromhex(salt) + _canonical(sealed)
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _canonical(sealed: Mapping[str, Any]) -> bytes:
    return _encode(sealed).encode()


def _fault(sealed: Any) -> str:
    """Why this is not `content`; "" when it is."""
    if not isinstance(sealed, Mapping):
        return "it is no object"
    members = cast(Mapping[str, Any], sealed)
    if set(members) != set(_CONTENT):
        return f"it must have exactly {', '.join(_CONTENT)}"
    for key, kind in _CONTENT.items():
        if not isinstance(members[key], kind):
            return f"its {key} has the wrong type"
    for branch in cast(list[Any], members["branches"]):
        if not isinstance(branch, Mapping) or set(cast(Mapping[str, Any], branch)) != set(_BRANCH):
            return f"a branch must have exactly {', '.join(_BRANCH)}"
        if not all(isinstance(text, str) for text in cast(Mapping[str, Any], branch).values()):
            return "name, thought and answer of a branch must be texts"
    return ""


def _shows(trace: Any, sealed: Mapping[str, Any]) -> bool:
    """Whether a trace, as the server stores it, has this model, answer and branches."""
    try:
        mine = {name: trace[name] for name in ("model", "answer")}
        mine["branches"] = [{key: branch[key] for key in _BRANCH} for branch in trace["branches"]]
    except (TypeError, KeyError, IndexError):
        return False
    return mine == sealed


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
