"""Scalars for TensorBoard, without TensorBoard installed.

An event file is a sequence of records (length, its CRC-32C, a protocol buffer, its CRC-32C) of
messages with two or three fields each: little enough to write out here.
Format: tensorflow/core/util/event.proto, tsl/lib/io/record_writer.h.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast


class Writer:
    """Appends to one event file in `folder`, made at the first `add`. It begins with a session's
    start: what earlier files hold from that step on was lost, and TensorBoard leaves it out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None

    def add(self, step: int, record: Mapping[str, Any]) -> None:
        """The numbers of a record as scalars; those of a mapping in it as `name/key`."""
        scalars: dict[str, float] = {}
        for name, value in record.items():
            inner = cast(Mapping[str, Any], value if isinstance(value, Mapping) else {"": value})
            for key, number in inner.items():
                if isinstance(number, int | float):
                    scalars[f"{name}/{key}" if key else name] = float(number)
        values = b"".join(_field(1, _text(1, name) + _float(2, x)) for name, x in scalars.items())
        head = _double(1, time.time()) + _varint(2 << 3) + _varint(step)
        if self._path is None:
            name = f"events.out.tfevents.{time.time_ns() // 1000}.{os.getpid()}"
            self._path = self._folder / name
            version = _double(1, time.time()) + _text(3, "brain.Event:2")
            start = head + _field(7, _varint(1 << 3) + _varint(1))
            self._path.write_bytes(_record(version) + _record(start))
        with self._path.open("ab") as file:
            file.write(_record(head + _field(5, values)))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    """CRC-32C, rotated and shifted as the format wants it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _table()[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


@cache
def _table() -> tuple[int, ...]:
    rows: list[int] = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        rows.append(crc)
    return tuple(rows)


# --- protocol buffers: a field is (number << 3 | wire type), then its value -----------------------


def _varint(n: int) -> bytes:
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes([*out, n])


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _double(number: int, x: float) -> bytes:
    return _varint(number << 3 | 1) + struct.pack("<d", x)


def _float(number: int, x: float) -> bytes:
    return _varint(number << 3 | 5) + struct.pack("<f", x)
