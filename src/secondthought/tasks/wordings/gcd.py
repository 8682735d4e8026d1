"""How greatest common divisors are asked for. Field: {numbers}, two or more."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
from secondthought.tasks.wordings.korean import HOW_MUCH, OPENING, WHAT, requests

_GREATEST = "[greatest|greatest|largest|biggest|highest|maximal|top]"
_DIVIDES = (
    "[divides|goes into|is a divisor of|is a factor of|fits evenly into|measures|is contained in]"
)
_THING = (
    "gcd({numbers})",
    "the [gcd|GCD|hcf|HCF|gcf|GCF|G.C.D.|g.c.d.] [of|of|for|shared by] {numbers}",
    "the [gcd|GCD|hcf|gcf] of [the numbers|these numbers:|these integers:|the values|the list|the "
    "following:] {numbers}",
    f"the {_GREATEST} common [divisor|factor|measure] [of|for|of the numbers|of the integers] "
    "{numbers}",
    f"the {_GREATEST} [divisor|factor] [that {{numbers}} have in common|common to {{numbers}}"
    "|which {numbers} share|shared by all of {numbers}]",
    f"the {_GREATEST} [number|whole number|integer|natural number] that {_DIVIDES} "
    "[all of|each of|every one of|each of the numbers] {numbers}",
    f"the {_GREATEST} [number|integer] by which {{numbers}} can [all |]be divided exactly",
    f"the {_GREATEST} [number|integer] that divides {{numbers}} [without remainder|evenly|exactly"
    "|leaving nothing over]",
)
OWN_EN = (
    *things(*_THING),
    *orders(
        *(
            "[find|compute|calculate|determine|work out|get|figure out|establish|identify|obtain"
            f"|search for|hunt down|seek|derive|produce] {thing}"
            for thing in _THING
        ),
        "use Euclid's algorithm [on|for|with] {numbers}",
        "[run|apply|perform] the Euclidean algorithm [on|for] {numbers}",
        "take the [gcd|greatest common divisor|highest common factor] of {numbers}",
    ),
    "[gcd|GCD|hcf|gcf|HCF|GCF][ |: | of | for | = ? of ]{numbers}",
    "gcd({numbers})[| =| = ?|?]",
    f"{_GREATEST} common [divisor|factor][: | of | for | -> |\n]{{numbers}}",
    "{numbers}[: |, |\n| -> |; ][gcd|GCD|hcf|greatest common factor|largest common divisor"
    "|highest common divisor][?|]",
    "[Numbers|Given|Input|Data|Integers|Values|We have|Take the numbers]: {numbers}[. |\n]"
    "[Find|Compute|Give|Wanted:|What is|Output] [the gcd|their gcd|their greatest common divisor"
    "|their highest common factor|the biggest number that divides them all|their GCF].",
    "{numbers}[. |\n][What is|Find|Tell me|Compute] [their gcd|their greatest common divisor"
    "|the highest number that divides them all|the largest factor they have in common][?|.|]",
    "[Which|What] [is the|number is the] [gcd|biggest common divisor|greatest common factor"
    "|highest common divisor] of {numbers}?",
    f"[Which|What] is the {_GREATEST} [number|integer] that {_DIVIDES} all of {{numbers}}?",
    "How [large|big|high] is the [gcd|greatest common divisor|highest common factor] of {numbers}?",
    "By which number, as [large|big|great] as possible, can {numbers} all be divided?",
    "[Sweets|Marbles|Cards|Pencils|Stamps|Eggs] lie in [piles|heaps|boxes] of {numbers}. Every "
    "[bag|packet] must hold the same number, from one pile only, and nothing may be left over. "
    "How many can [a bag|each] hold at most?",
    "[Classes|Groups|Clubs] of {numbers} [pupils|children|people] are split into teams of one "
    "size, [nobody left out|with no one left over], without mixing. "
    "What is the [largest|biggest] possible team?",
    "[Cut|I have to cut] [ropes|boards|ribbons|pipes] of {numbers} into [pieces of one"
    " length|equal pieces|parts of equal length] [with nothing left|without waste]. How long"
    " [can the pieces be|is the longest piece|at most]?",
    "[What|Which] is the [largest|greatest|biggest] [whole number|integer|number] [dividing"
    "|that goes into|which divides] {numbers}[ evenly| without remainder|]?",
    "Which [length|measure] fits [equally|a whole number of times] into each of {numbers},"
    " as [long|large] as possible?",
)
_GCD_KO = "[최대공약수|최대공약수|최대 공약수|가장 큰 공약수|제일 큰 공약수|최대공통인수]"
OWN_KO = (
    *requests(
        f"[{{numbers}}의|다음 수의 {{numbers}}|수 {{numbers}}의|두세 수 {{numbers}}의"
        f"|정수 {{numbers}}의] {_GCD_KO}[[을|를]|] [구해|찾아|계산해|알려|말해|써|적어|풀어]",
        "gcd({numbers})[를|의 값을|] [구해|계산해|알려|말해]",
        "{numbers}[을|를] [모두|전부|다] 나누어떨어지게 하는 [가장|제일] 큰 [수|정수|자연수]를 "
        "[구해|찾아|알려|말해]",
    ),
    f"{OPENING}{{numbers}}의 {_GCD_KO}[은|는] {WHAT}",
    f"{OPENING}{{numbers}}의 {_GCD_KO}[은|는] {HOW_MUCH}",
    f"{_GCD_KO}[: | 구하기: |를 구하시오: |를 구하세요. |를 구하라: |? |를 계산해 주세요: |\n]"
    "{numbers}",
    f"{{numbers}}[, |: | - |\n| ]{_GCD_KO}[?|는?|]",
    "{numbers}의 공약수 [중|가운데] [가장|제일] 큰 [수|것]은 " + WHAT,
    "[수가|숫자가] {numbers}일 때 최대공약수는 " + HOW_MUCH,
)
HELD_OUT_EN = (
    "Take {numbers}: what is the highest common factor they share?",
    "Determine the largest integer dividing each of {numbers}",
    "{numbers} - greatest common divisor?",
    "I want to cut lengths of {numbers} into equal pieces, as long as possible. How long?",
)
HELD_OUT_KO = (
    "다음 수들을 모두 나누는 가장 큰 수는 무엇인가요? {numbers}",
    "{numbers}, 이 수들의 GCD는 얼마야?",
)
