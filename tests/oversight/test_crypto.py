from __future__ import annotations

import base64
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("cryptography")

from secondthought.messages import BadInput
from secondthought.oversight.crypto import InvalidEncryptedContent, ThoughtCipher, new_secret

CIPHER = ThoughtCipher(new_secret())
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(texts, texts)
def test_a_thought_comes_back_as_it_went(thought: str, key_id: str) -> None:
    blob = CIPHER.encrypt(thought, key_id)
    assert blob.isascii()
    assert not set(blob) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert CIPHER.decrypt(blob, key_id) == thought


@settings(max_examples=1000)
@given(st.data())
def test_a_changed_blob_is_refused(data: st.DataObject) -> None:
    blob = CIPHER.encrypt("six times seven is forty-two", "key_1")
    at = data.draw(st.integers(0, len(blob)))
    other = data.draw(st.sampled_from("AaZz09_-.= é\n"))
    changed = data.draw(
        st.sampled_from([blob[:at] + other + blob[at + 1 :], blob[:at] + other + blob[at:]])
    )
    changed = data.draw(st.sampled_from([changed, blob[:at] + blob[at + 1 :], blob[:at]]))
    if changed != blob:
        with pytest.raises(InvalidEncryptedContent):
            CIPHER.decrypt(changed, "key_1")


def test_every_bit_counts() -> None:
    blob = CIPHER.encrypt("yes", "key_1")
    body = blob.removeprefix("st1.")
    data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        text = "st1." + base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
        with pytest.raises(InvalidEncryptedContent):
            CIPHER.decrypt(text, "key_1")


def test_another_key_or_server_cannot_read_it() -> None:
    blob = CIPHER.encrypt("yes", "key_1")
    with pytest.raises(InvalidEncryptedContent) as other_key:
        CIPHER.decrypt(blob, "key_2")
    with pytest.raises(InvalidEncryptedContent) as other_server:
        ThoughtCipher(new_secret()).decrypt(blob, "key_1")
    with pytest.raises(InvalidEncryptedContent) as nonsense:
        CIPHER.decrypt("nonsense", "key_1")
    # No oracle: one message, whatever was wrong.
    assert str(other_key.value) == str(other_server.value) == str(nonsense.value)


def test_no_two_blobs_are_alike() -> None:
    assert len({CIPHER.encrypt("yes", "key_1") for _ in range(100)}) == 100


def test_a_new_secret_still_reads_the_old_ones() -> None:
    old, new = new_secret(), new_secret()
    blob = ThoughtCipher(old).encrypt("yes", "key_1")
    assert ThoughtCipher(new, old).decrypt(blob, "key_1") == "yes"
    with pytest.raises(InvalidEncryptedContent):
        ThoughtCipher(old).decrypt(ThoughtCipher(new, old).encrypt("yes", "key_1"), "key_1")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(BadInput, match="32"):
        ThoughtCipher(b"short")


def test_without_the_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(BadInput, match=r"secondthought\[server\]"):
        ThoughtCipher(new_secret())
