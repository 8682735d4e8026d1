"""The event file is read back byte by byte."""

import struct
from pathlib import Path

from secondthought.train import tensorboard


def test_checksum_is_masked_crc32c() -> None:
    crc = 0xE3069283  # of "123456789", the catalogue's check value
    masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    assert tensorboard._checksum(b"123456789") == struct.pack("<I", masked)


def _records(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        head = data[at : at + 8]
        (length,) = struct.unpack("<Q", head)
        assert data[at + 8 : at + 12] == tensorboard._checksum(head)
        body = data[at + 12 : at + 12 + length]
        assert data[at + 12 + length : at + 16 + length] == tensorboard._checksum(body)
        found.append(body)
        at += 16 + length
    return found


def test_scalars_are_written(tmp_path: Path) -> None:
    writer = tensorboard.Writer(tmp_path)
    writer.add(300, {"reward": 0.5, "shares": {"rollout": 0.25}, "tasks": ["no"], "rates": {}})
    writer.add(301, {"reward": 1})
    [path] = tmp_path.glob("events.out.tfevents.*")
    version, start, first, second = _records(path.read_bytes())
    assert b"brain.Event:2" in version
    assert start.endswith(b"\x10\xac\x02\x3a\x02\x08\x01")  # step 300, session_log: START
    assert b"\x10\xac\x02" in first  # field 2, the step: 300 as a varint
    assert b"\x0a\x06reward\x15" + struct.pack("<f", 0.5) in first
    assert b"\x0a\x0eshares/rollout\x15" + struct.pack("<f", 0.25) in first
    assert b"tasks" not in first
    assert b"\x0a\x06reward\x15" + struct.pack("<f", 1.0) in second
