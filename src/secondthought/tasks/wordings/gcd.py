"""How greatest common divisors are asked for. Field: {numbers}, two or more."""

from __future__ import annotations

from secondthought.tasks.templates import extended
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
_PLAIN_EN = (
    "What is the gcd of {numbers}?",
    "What is the GCD of {numbers}?",
    "What is the greatest common divisor of {numbers}?",
    "Find the gcd of {numbers}.",
    "Find the greatest common divisor of {numbers}.",
    "Find the greatest common factor of {numbers}",
    "gcd of {numbers}",
    "gcd({numbers})",
    "GCD {numbers}",
    "Calculate the gcd of {numbers}.",
)
_USUAL_EN = (
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
    "[If|When|Given that|Suppose] [the numbers are|I have|you have|someone gives me] "
    "{numbers}, [what is their gcd|what is the greatest common divisor|what is the largest "
    "factor in common|how large is the gcd]?",
    "[For|Concerning|As for|About] {numbers}: [how large is|what is|what would be] the [gcd|"
    "hcf|greatest common factor|greatest common divisor]?",
    "The numbers {numbers} share some [factors|divisors]; what is the [largest|greatest|"
    "biggest] of [these|the shared ones]?",
    "Among the common [factors|divisors] of {numbers}, [which is|what is|which one is] the "
    "[largest|greatest|biggest|highest]?",
    "Of all [integers|numbers] [that go into|dividing|contained in] [each of|every one of|all "
    "of] {numbers}, [name|give|find|tell me] the [largest|biggest|greatest|highest].",
    "How [big|large|high] can a [number|divisor|factor] be [that goes into all of|that divides "
    "each of|if it is to go into each of] {numbers}?",
    "[Common factors|Shared factors|Common divisors] of {numbers}: [the largest|the greatest "
    "one|the biggest|which is highest][?|]",
    "[gcd|GCD|hcf|gcf] [wanted|needed|please|required][: |, |\n]{numbers}",
    "[math.gcd|GCD|gcf|hcf|Gcd]({numbers})[| = ?|?]",
    "[gcd|GCD|hcf] [=|= ?|<-] ({numbers})",
    "[I have|We have|Here are|I was given] {numbers}[ and |. I ][need|want|look for|seek] "
    "their [gcd|GCD|greatest common divisor|largest shared factor|highest common factor][.|]",
    "{numbers} [have|share] [which|what] [greatest|largest|highest] common [divisor|factor]?",
    "One step fits a whole number of times into distances of {numbers}. How long [can it be at "
    "most|is it at most]?",
    "[Rows|Teams|Groups] of one size are made from [classes|choirs|crews] of {numbers}, "
    "[nobody mixed or left out|each split by itself, none left out]. What is the [greatest|"
    "largest] possible size?",
    "[A measuring stick|A ruler|A cup|A scoop] is to measure {numbers} [exactly|without "
    "anything over]. How large can it be at most?",
    "Find the [largest|greatest|biggest|highest] [number|integer] of which {numbers} are all "
    "multiples.",
    "{numbers} are [all |]multiples of [what|which] number, as [large|big] as possible?",
    "[Which|What] [single|one] number, the [larger|bigger] the better, [goes into|divides|is a "
    "factor of] {numbers} [without anything left|evenly|alike]?",
    "[Run Euclid on|Do Euclid's algorithm with|Carry out the Euclidean algorithm for] "
    "{numbers}. [Where does it end|Which number comes out|What is the result]?",
    "[Euclid|Euclid's algorithm|Euclidean algorithm][: | on | with ]{numbers}",
    "[What I need|The quantity I want|The thing asked for] is the [gcd|greatest common divisor|"
    "largest common factor]; the [numbers|integers|values] are {numbers}.",
    "[Greatest|Largest|Highest|Biggest] [divisor|factor] [shared|in common|held in common][: |"
    ", ]{numbers}",
    "[Pick out|Extract|Name|Single out] the [largest|greatest|biggest] [factor|divisor] [that "
    "is in all of|common to|shared by] {numbers}[.|]",
    "By what, at most, are {numbers} all divisible?",
    "[Say|Suppose|Imagine] we have {numbers}[. |; ][What is their gcd|Which divisor is the "
    "greatest that all have|How large is their hcf]?",
    "[My|Our] [homework|task|exercise] [lists|gives|names] {numbers} and [asks for|wants] the "
    "[gcd|greatest common factor|highest common divisor][.|. What is it?|]",
    "Once you [know|have|list] the divisors of {numbers}, [which|what] is the [largest|"
    "greatest] they [all |]have in common?",
    "Between {numbers}, what common [divisor|factor] is the [greatest|largest|highest]?",
    "{numbers}\n[gcd, please|their hcf|gcd of these|greatest divisor they share|GCD of the "
    "above|biggest factor all of them have][?|.|]",
    "[How about|And|So what about] the [gcd|greatest common divisor|hcf] of {numbers}?",
    "[A friend|The teacher|Somebody] [wrote down|said|chose] {numbers} and [then |]asked [me |"
    "]for the [biggest|greatest|largest] [number that goes into them all|common divisor|common "
    "factor][.|. What is it?|]",
    "To [cancel|shorten|take out] as much as possible from {numbers} [at once|in one go], "
    "which common [factor|divisor] do I [use|take]?",
)
OWN_EN = extended(_USUAL_EN, plain=_PLAIN_EN)
_GCD_KO = "[최대공약수|최대공약수|최대 공약수|가장 큰 공약수|제일 큰 공약수|최대공통인수]"
_PLAIN_KO = (
    "{numbers}의 최대공약수는?",
    "{numbers}의 최대공약수는 얼마야?",
    "{numbers}의 최대공약수를 구해 줘.",
    "{numbers}의 최대공약수는 무엇인가요?",
)
_USUAL_KO = (
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
    "{numbers}[이|가] [있어요|있습니다|주어졌어요]. [모두의|이들의] [최대공약수는|가장 큰 "
    "공약수는] [얼마인가요|얼마죠|무엇이에요]?",
    "최대공약수[가 궁금해요|를 알고 싶어요|가 필요해요]. [수는|숫자는] {numbers}[입니다|이에요].",
    "{numbers}의 공통된 약수 가운데 [가장|제일] 큰 [것을|수를] [골라|말해|알려] [줘|주세요].",
    "사탕 {numbers}개를 섞지 않고 같은 개수씩 남김없이 봉지에 담아요. 한 봉지에 최대 몇 개인가요?",
    "[gcd|GCD]({numbers})[은?|는 얼마예요?| 값은?| 값 = ?]",
    "유클리드 호제법을 {numbers}에 [쓰면|적용하면] [결과는 얼마인가요|무엇이 나오나요]?",
    "만약 수들이 {numbers}[이라면|라면] 최대공약수는 [얼마일까요|몇일까요]?",
    "{numbers}[은|는] 모두 어떤 수의 배수예요. 그런 수 중 가장 큰 수는 [얼마인가요|무엇이에요]?",
)
OWN_KO = extended(_USUAL_KO, plain=_PLAIN_KO)
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
