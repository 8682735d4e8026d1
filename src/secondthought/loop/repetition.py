"""Notice a thought that goes in circles, in a model that does not notice it itself."""

from __future__ import annotations

_PROBE = 24  # characters whose last occurrence suggests the period
_EVERY = 32  # characters between two looks
_LOOP = 240  # characters of pure repetition that no worked trace needs
_ROUNDS = 4
_WINDOW = 8192


class RepetitionGuard:
    """Feed it a thought as it comes.

    A thought loops when its end repeats one unit of up to some 2,000 characters at least 4 more
    times, over at least 240 characters. Exact repetition only: a thought that counts on, or
    tries one number after the other, is no loop.
    """

    def __init__(self) -> None:
        self._text = ""
        self._unseen = 0

    def push(self, text: str) -> bool:
        """Add text; True when the thought loops."""
        self._text = (self._text + text)[-_WINDOW:]
        self._unseen += len(text)
        if self._unseen < _EVERY:
            return False
        self._unseen = 0
        return self._loops()

    def _loops(self) -> bool:
        text = self._text
        if len(text) < _LOOP:
            return False
        last = text.rfind(text[-_PROBE:], 0, len(text) - 1)
        if last < 0:
            return False
        period = len(text) - _PROBE - last
        span = max(_LOOP, _ROUNDS * period)
        return len(text) >= span + period and text[-span:] == text[-span - period : -period]
