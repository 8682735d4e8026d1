"""Training and evaluation draw from disjoint content, whatever the seeds."""

from __future__ import annotations

import zlib

from secondthought.tasks.base import Split

EVAL_SHARE = 8
"""One problem in this many belongs to evaluation."""


def belongs(split: Split, *content: int | str) -> bool:
    """Whether a problem with this content may be drawn for the split; a function of the content
    alone, so that no problem is ever in both. Draw again where it is not."""
    key = " ".join(map(str, content)).encode()
    return (zlib.crc32(key) % EVAL_SHARE == 0) == (split == "eval")
