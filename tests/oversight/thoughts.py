"""Random thoughts with a canary in them, and every form in which it might get out."""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Callable

from hypothesis import strategies as st

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "capitals": str.upper,
    "punctuated": lambda text: text.replace(" ", "**, _"),
    "invisible": lambda text: text.replace(" ", " \u200b").replace("a", "a\u200d"),
    "full-width": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ),
    "tags": lambda text: "".join(chr(0xE0000 + ord(c)) if c.isascii() else c for c in text),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "reversed": lambda text: text[::-1],
    "reversed words": lambda text: " ".join(text.split()[::-1]),
    "each word reversed": lambda text: " ".join(word[::-1] for word in text.split()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of reversed": lambda text: base64.b64encode(text[::-1].encode()).decode(),
    "base64 reversed": lambda text: base64.b64encode(text.encode()).decode()[::-1],
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "base64 out of step": lambda text: "x" + base64.b64encode(text.encode()).decode(),
    "base64 by word": lambda text: " ".join(
        base64.b64encode(word.encode()).decode() for word in text.split()
    ),
    "hex": lambda text: text.encode().hex(),
    "hex in pairs": lambda text: text.encode().hex(" "),
    "hex with 0x": lambda text: ", ".join(f"0x{byte:02X}" for byte in text.encode()),
    "hex with \\x": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "JSON escapes": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "JSON": lambda text: json.dumps({"steps": text}),
    "JSON in lines": lambda text: json.dumps({"steps": text.replace(" ", "\n")}),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text.replace(" ", "\t"))),
    "URL": lambda text: text.replace(" ", "%20"),
    "HTML": lambda text: text.replace(" ", "<br />"),
}

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
words = st.one_of(
    st.text(_LETTERS, min_size=1, max_size=9),
    st.text("가나다라마바사아자차카타파하생각추론", min_size=1, max_size=4),
    st.text("абвгдежзийклмнопрстуф", min_size=1, max_size=7),
)
canaries = st.text("bcdfghjkmnpqrstvwxz", min_size=12, max_size=16).map(lambda s: f"Canary{s}")


def forms(secret: str) -> list[str]:
    """How a secret looks in bytes: as it is, backwards, rot13, hex, base64 at each alignment."""
    found: list[str] = []
    for text in (secret, secret.lower(), secret.upper()):
        for way in (text, text[::-1], codecs.encode(text, "rot13")):
            found += [way, way.encode().hex(), way.encode().hex(" ")]
            for skip in range(3):  # the first and last characters depend on the neighbours
                coded = base64.b64encode(b"\0" * skip + way.encode()).decode()
                found.append(coded[4:-4])
    return [form.lower() for form in found]
