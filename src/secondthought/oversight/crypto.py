"""Thoughts that travel with the client: authenticated encryption for `encrypted_content`.

AES-256-GCM (NIST SP 800-38D). Every message has a key and nonce of its own, derived by
HKDF-SHA-256 (RFC 5869) from the server's secret, a random salt and the id of the API key that
the thought belongs to. So no nonce is ever used twice, and a blob that was changed, or is
replayed with another API key, opens as nothing.

Needs the package `cryptography` (extra `server`); it is imported when first used.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import TYPE_CHECKING, Final

from secondthought.messages import BadInput

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRET_BYTES: Final = 32
_PREFIX: Final = "st1."
_INFO: Final = b"secondthought encrypted thought v1\0"
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 16
_KEY_BYTES, _NONCE_BYTES = 32, 12
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


class InvalidEncryptedContent(BadInput):
    """A blob that is not one of ours, was changed, or belongs to another key. One message for
    all three: which of them it was would help only an attacker."""

    def __init__(self) -> None:
        super().__init__(
            "the encrypted content cannot be verified: it was changed, or it belongs to another "
            "key; send the reasoning item back as it came, with the key that received it"
        )


def new_secret() -> bytes:
    """A fresh secret for `ThoughtCipher`; keep it as long as its blobs are to be read."""
    return secrets.token_bytes(SECRET_BYTES)


class ThoughtCipher:
    """Encrypts thoughts. secret: 32 random bytes. older: former secrets, still read.

    Raises BadInput for a secret of another length and where `cryptography` is missing.
    """

    def __init__(self, secret: bytes, *older: bytes) -> None:
        if any(len(s) != SECRET_BYTES for s in (secret, *older)):
            raise BadInput(f"a secret for encrypted thoughts must have {SECRET_BYTES} bytes")
        _check_installed()
        self._secrets = (secret, *older)

    def encrypt(self, thought: str, key_id: str) -> str:
        """A blob of ASCII letters, digits, ".", "_" and "-", a third longer than the thought.

        key_id: the id (never the text) of the API key that may send it back.
        """
        salt = secrets.token_bytes(_SALT_BYTES)
        cipher, nonce = _derive(self._secrets[0], salt, key_id)
        # A model's text may hold half of a surrogate pair; it must come back as it went.
        sealed = cipher.encrypt(nonce, thought.encode("utf-8", "surrogatepass"), None)
        return _PREFIX + base64.urlsafe_b64encode(salt + sealed).rstrip(b"=").decode()

    def decrypt(self, blob: str, key_id: str) -> str:
        """The thought, exactly as it was. Raises InvalidEncryptedContent."""
        data = _decode(blob)
        salt, sealed = data[:_SALT_BYTES], data[_SALT_BYTES:]
        from cryptography.exceptions import InvalidTag

        for secret in self._secrets:
            cipher, nonce = _derive(secret, salt, key_id)
            try:
                return cipher.decrypt(nonce, sealed, None).decode("utf-8", "surrogatepass")
            except InvalidTag:
                continue
        raise InvalidEncryptedContent


def _check_installed() -> None:
    try:
        import cryptography  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError:
        raise BadInput(
            "encrypted thoughts need the package cryptography; "
            "install it with: pip install 'secondthought[server]'"
        ) from None


def _derive(secret: bytes, salt: bytes, key_id: str) -> tuple[AESGCM, bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = _INFO + key_id.encode("utf-8", "surrogatepass")
    material = HKDF(SHA256(), _KEY_BYTES + _NONCE_BYTES, salt, info).derive(secret)
    return AESGCM(material[:_KEY_BYTES]), material[_KEY_BYTES:]


def _decode(blob: str) -> bytes:
    body = blob.removeprefix(_PREFIX)
    if body == blob or not _BASE64URL.fullmatch(body):
        raise InvalidEncryptedContent
    try:
        data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error:
        raise InvalidEncryptedContent from None
    # Base64 has several spellings of the same bytes; only ours counts, so that no bit is free.
    exact = base64.urlsafe_b64encode(data).rstrip(b"=").decode() == body
    if not exact or len(data) < _SALT_BYTES + _TAG_BYTES:
        raise InvalidEncryptedContent
    return data
