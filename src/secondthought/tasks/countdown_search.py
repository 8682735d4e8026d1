"""The teacher's search for Countdown: a core with * and /, then signs for what is left.

Cores are tried from short to long. With a core, the rest is a subset sum: everything left is
added up, and half of the surplus must be found among a few numbers and subtracted instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from random import Random

from secondthought.tasks.chains import Chain, Terms, apply


@dataclass(frozen=True, slots=True)
class Probe:
    """head: the core as chosen; tail: what comes of it. terms: what is left, with its signs."""

    head: str
    tail: str
    terms: Terms
    solved: bool

    @property
    def text(self) -> str:
        return self.head + self.tail


def _core(first: int, *steps: tuple[str, int]) -> Chain | None:
    """None where a step leaves the natural numbers."""
    value = first
    for op, n in steps:
        if op == "/" and value % n:
            return None
        value = apply(value, op, n)
        if value <= 0:
            return None
    return Chain(first, steps, value)


def _left(numbers: Sequence[int], used: Sequence[int]) -> list[int]:
    left = list(numbers)
    for n in used:
        left.remove(n)
    return left


def _pairs(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """a*b and a/b, the larger number first."""
    for x, y in sorted(set(combinations(numbers, 2))):
        a, b = max(x, y), min(x, y)
        yield _core(a, ("*", b))
        if b > 1:
            yield _core(a, ("/", b))


def _triples(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """(a+b)*c, (a-b)*c, the same with /c, a*b*c, a/b*c and a*b/c."""
    for x, y, c in sorted(set(permutations(numbers, 3))):
        if x < y:
            continue
        for op in "+-":
            yield _core(x, (op, y), ("*", c))
            if c > 1:
                yield _core(x, (op, y), ("/", c))
        if y >= c:
            yield _core(x, ("*", y), ("*", c))
        if c > 1:
            yield _core(x, ("/", c), ("*", y)) or _core(x, ("*", y), ("/", c))


def _quadruples(numbers: Sequence[int]) -> Iterator[Chain | None]:
    """(a±b±c)*d, (a±b)*c/d, (a*b±c)/d and their like."""
    for a, b, c, d in sorted(set(permutations(numbers, 4))):
        if a < b:
            continue
        for last in "*/":
            if d == 1 and last == "/":
                continue
            for second in "+-":
                yield _core(a, ("*", b), (second, c), (last, d))
                if a >= b:
                    yield _core(a, ("+", b), (second, c), (last, d))
                    yield _core(a, ("-", b), (second, c), (last, d))
        if c != d and d > 1 and c > 1:
            yield _core(a, ("+", b), ("*", c), ("/", d))
            yield _core(a, ("-", b), ("*", c), ("/", d))


def _in_range(
    cores: Iterator[Chain | None], total: int, target: int, slack: float = 1.0
) -> Iterator[Chain]:
    """The cores from which what is left can reach the target, as far as its size goes."""
    for core in cores:
        if core is not None and abs(core.value - target) <= slack * (total - sum(core.numbers)):
            yield core


def probe_core(core: Chain | None, numbers: Sequence[int], target: int) -> Probe:
    """Try a core (None: no core): can signs on what is left make up the difference?"""
    if core is None:
        left, need, over = list(numbers), target, False
        head, tail = "all ", ""
    else:
        left = _left(numbers, core.numbers)
        over = core.value >= target
        high, low = (core.value, target) if over else (target, core.value)
        need = high - low
        *chosen, last = core.worked(halves=True)
        cut = last.index("=")
        head = "".join(chosen) + last[:cut]
        tail = f"{last[cut:]} {high}-{low}={need}"
        if not left:
            return Probe(head, tail + (" yes" if need == 0 else " no"), (), need == 0)
        tail += " left "
    total = left[0]
    tail += str(left[0])
    for i, n in enumerate(left[1:]):
        total += n
        tail += f"{' ' if i else ''}+{n}={total}"
    if total < need:
        return Probe(head, f"{tail} <{need} no", (), False)
    gap = total - need
    tail += f"{' ' if len(left) > 1 else ''}-{need}={gap}"
    if gap and len(left) == 1:
        return Probe(head, tail + " no", (), False)
    if gap % 2:
        return Probe(head, tail + " odd no", (), False)
    flipped: Sequence[int] | None = ()
    if gap:
        flipped, search = _subset(left, gap // 2)
        tail += f" /2={gap // 2}{search}"
    if flipped is None:
        return Probe(head, tail + " no", (), False)
    kept = _left(left, flipped)
    plus, minus = (flipped, kept) if over else (kept, flipped)
    terms = (*(("+", n) for n in plus), *(("-", n) for n in minus))
    return Probe(head, tail + " yes", terms, True)


def _subset(left: Sequence[int], half: int) -> tuple[Sequence[int] | None, str]:
    """Up to three of the numbers that sum to `half`, and the search for them.

    " 24-19=5" says 19, then 5 is needed. Larger sets of more than five numbers are not searched,
    equal numbers not twice.
    """
    if half in left:
        return (half,), ""
    text = ""
    if len(left) >= 3:
        for i, a in enumerate(left):
            if a < half and a not in left[:i]:
                text += f" {half}-{a}={half - a}"
                if half - a in left[i + 1 :]:
                    return (a, half - a), text
    tried: set[tuple[int, int]] = set()
    if len(left) >= 4:
        for i, j in combinations(range(len(left) - 1), 2):
            rest = half - left[i] - left[j]
            pair = min(left[i], left[j]), max(left[i], left[j])
            if rest > 0 and pair not in tried:
                tried.add(pair)
                text += f" {half}-{left[i]}-{left[j]}={rest}"
                if rest in left[j + 1 :]:
                    return (left[i], left[j], rest), text
    return None, text


def solve(numbers: Sequence[int], target: int, gold: str) -> tuple[Probe, Chain]:
    """The probe that solves the puzzle and its core (of length 1 where + and - do).

    Short cores first; of the solutions of one length the one shortest to write. Where the
    families of cores do not reach, the core of the known expression is taken.
    """
    probe = probe_core(None, numbers, target)
    if probe.solved:
        (_, first), *rest = probe.terms
        return Probe(probe.head, probe.tail, tuple(rest), True), Chain.of(first)
    for cores in families(numbers, target):
        best: tuple[int, str, Probe, Chain] | None = None
        for core in cores:
            probe = probe_core(core, numbers, target)
            if probe.solved:
                key = (len(probe.text), probe.text, probe, core)
                best = key if best is None or key[:2] < best[:2] else best
        if best is not None:
            return best[2], best[3]
    known = _known_cores(gold)
    probes = [(probe_core(core, numbers, target), core) for core in known]
    return next((each for each in probes if each[0].solved), probes[-1])


def _known_cores(gold: str) -> list[Chain]:
    """The known expression up to its last * or /, and all of it, for where too many signs are
    open to be searched. Brackets apart, it reads left to right."""
    first, steps, digits, op = 0, list[tuple[str, int]](), "", ""
    for char in flat(gold) + "=":
        if char.isdigit():
            digits += char
            continue
        if op:
            steps.append((op, int(digits)))
        else:
            first = int(digits)
        digits, op = "", char
    last = max((i for i, (op, _) in enumerate(steps) if op in "*/"), default=len(steps) - 1)
    cores = Chain.of(first, *steps[: last + 1]), Chain.of(first, *steps)
    return [core for core in cores if core.value > 0]


def families(numbers: Sequence[int], target: int) -> Iterator[list[Chain]]:
    """The cores that the search tries, those of one length at a time, short before long."""
    for family in (_pairs, _triples, _quadruples):
        yield [*_in_range(family(numbers), sum(numbers), target)]


def wrong_turns(numbers: Sequence[int], target: int, core: Chain, rng: Random) -> list[Probe]:
    """Some cores that were worth a try and fail, simple ones mostly, a few out of range. Now and
    then many, as a search that goes on for long has to be known, too."""
    families = [_pairs] if len(core.steps) == 1 else [_pairs, _triples]
    total = sum(numbers)
    pool = [c for family in families for c in _in_range(family(numbers), total, target, 1.5)]
    rng.shuffle(pool)
    pool.sort(key=lambda c: len(c.steps) > 1 and rng.random() < 0.5)
    many = (
        rng.choice((0, 0, 1, 1, 2, 3, 5))
        if len(core.steps) == 1
        else rng.choice((0, 1, 1, 2, 3, 4, 6, 9))
    )
    turns: dict[tuple[int, ...], Probe] = {}  # by what they come to: nothing is tried twice
    for candidate in pool:
        if len(turns) == many:
            break
        probe = probe_core(candidate, numbers, target)
        if not probe.solved:
            turns.setdefault((candidate.value, *sorted(candidate.numbers)), probe)
    return list(turns.values())


def flat(text: str) -> str:
    """Without brackets."""
    return text.replace("(", "").replace(")", "")
