"""Counters in Prometheus' text format. No label holds text of a client."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Histogram:
    def __init__(self) -> None:
        self.counts = [0] * (len(_SECONDS) + 1)
        self.sum = 0.0

    def observe(self, seconds: float) -> None:
        self.counts[bisect_left(_SECONDS, seconds)] += 1
        self.sum += seconds


class Metrics:
    """gauges: names and functions that read the present value."""

    def __init__(self, gauges: dict[str, Callable[[], float]]) -> None:
        self._gauges = gauges
        self._counters: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._histograms: defaultdict[str, Histogram] = defaultdict(Histogram)

    def count(self, name: str, amount: float = 1, **labels: str | int) -> None:
        shown = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        self._counters[name, shown] += amount

    def observe(self, name: str, seconds: float) -> None:
        self._histograms[name].observe(seconds)

    def text(self) -> str:
        lines: list[str] = []
        for name, read in sorted(self._gauges.items()):
            lines += [f"# TYPE secondthought_{name} gauge", f"secondthought_{name} {read():g}"]
        last = ""
        for (name, labels), value in sorted(self._counters.items()):
            if name != last:
                lines.append(f"# TYPE secondthought_{name} counter")
                last = name
            shown = f"{{{labels}}}" if labels else ""
            lines.append(f"secondthought_{name}{shown} {value:.15g}")
        for name, histogram in sorted(self._histograms.items()):
            full = f"secondthought_{name}"
            lines.append(f"# TYPE {full} histogram")
            total = 0
            for bound, count in zip((*_SECONDS, "+Inf"), histogram.counts, strict=True):
                total += count
                lines.append(f'{full}_bucket{{le="{bound}"}} {total}')
            lines += [f"{full}_sum {histogram.sum:.6f}", f"{full}_count {total}"]
        return "\n".join(lines) + "\n"
