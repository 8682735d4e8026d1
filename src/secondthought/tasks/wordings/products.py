"""How products are asked for. Fields: the factors {a} and {b}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
from secondthought.tasks.wordings.korean import HOW_MUCH, OPENING, requests

_TIMES = "[*|*| * | x | × |·| times | times | multiplied by ]"
_AB = "{a}" + _TIMES + "{b}"
_THING = (
    _AB,
    _AB,
    "the product of {a} and {b}",
    "the product [of the numbers|of the two numbers|you get from|of the factors] {a} and {b}",
    f"the [product|result|value|answer|outcome|solution] of [|the multiplication ]{_AB}",
    "{a} [lots of|groups of|times] {b}",
)
OWN_EN = (
    "{a}[*|*| * | x | × |x|×]{b}",
    "{a}[*|*| * | x | × |x|×]{b}[ =| = ?|=|?|=?| = __| equals| makes]",
    *things(*_THING),
    *orders(
        "multiply {a} [by|by|and|times|with the number] {b}",
        "multiply [the numbers|the two numbers|the integers|the factors|these:|together] "
        "{a} and {b}",
        "multiply [|these |these numbers ][: |:\n]{a}[, | and |\n]{b}",
        "[calculate|compute|work out|figure out|do|solve|find|determine|reckon|get] " + _AB,
        "[calculate|compute|work out|find|determine|give|get|form|take|report|produce|derive] the "
        "product of {a} and {b}",
        "[do|solve|carry out|complete|perform|finish|work out] "
        "[the|this|this little|the following|a long] "
        f"[multiplication|product|times sum][: |:\n|, ]{_AB}",
        "tell me [what {a} times {b} is|{a} multiplied by {b}|how much {a} times {b} is]",
    ),
    "[Product|Multiply|Multiplication|Times|mul|mult|prod|times][: | of | | - ]{a}"
    "[, | and | by | x | * | times ]{b}",
    f"How much [is|is|are|makes] {_AB}?",
    "How [much|many] [is|are] {a} [times|lots of|groups of|multiplied by] {b}?",
    "What [do|will|would|should] [you|I|we] [get|have] [when you multiply|if you multiply"
    "|from multiplying|by multiplying|after multiplying] {a} [and|by|with|times] {b}?",
    f"What does {_AB} [make|come to|give|equal|amount to|yield|result in|work out to]?",
    "What number is {a} times as [big|large] as {b}?",
    "What is {a} [multiplied by {b}|if you multiply it by {b}|taken {b} times|enlarged "
    "{b} times|scaled by the factor {b}|repeated {b} times and summed]?",
    "[Numbers|Factors|Given|Input]: {a}[, | and ]{b}[. |\n][Multiply them|What is their product"
    "|Find the product|Compute the product][.|?|]",
    "{a} and {b}[: |. |, |\n][what is their product|multiply them|the product of the two, please"
    "|find their product][?|.|]",
    "{a} [rows|shelves|packets|crates|teams|pages|buses] [of|with|hold] {b} [seats|books|sweets"
    "|bottles|players|words|people] each[:|.] [How many are there in all|How many is that in total"
    "|What is the total|How many altogether]?",
    "One [ticket|chair|book|phone|brick] [costs {a} coins|weighs {a} grams]. [What do {b} of them "
    "come to|How much is that for {b} of them]?",
    "A [field|floor|hall|screen] is {a} [tiles|dots|squares] long and {b} wide. How many "
    "[tiles|dots|squares] are there?",
    "[If|Suppose|Say] [you|I|we] multiply {a} by {b}, what [is the result|comes out"
    "|do we get|is the answer]?",
    "{a} is multiplied by {b}. [What is the result|How much is that|Give the result].",
    "double-check for me: {a} times {b}",
    "[Evaluate|Work out|Compute] [{a}*{b}|{a} x {b}|{a} times {b}|the product {a} * {b}]",
    "[What is|Give me] the value of the expression [{a}*{b}|{a} x {b}|{a} × {b}][?|]",
    "[A shop|A farm|A school|My uncle] has {a} [boxes|bags|rows|crates] [of|and each holds"
    "|with] {b} [apples|nails|books|eggs|coins][ each|]. How many [is that|are there|are"
    " there in all|in total]?",
    "{a} [boxes|bags|shelves|packs], {b} [nails|pens|books|eggs] in each. How many[ in total"
    "| all together| is that|]?",
    "[Each of|There are] {a} [boxes|people|trucks] [has|carries|with] {b} [nails|stones"
    "|parcels]. [Total|How many in all|What is the total]?",
    "[Add up|Add] {a} [copies of {b}|times the number {b}]. [What is the sum|Total]?",
    "{b} added up {a} times [is what|gives what|makes]?",
    "[multiply|times|mul|prod]({a}[,|, ]{b})",
)
_X_KO = "[ 곱하기 | * |*| x | × |×]"
_AB_KO = "{a}" + _X_KO + "{b}"
OWN_KO = (
    *requests(
        f"{_AB_KO}[[을|를]|] [계산해|풀어|구해]",
        f"{_AB_KO}[의 값|의 답|의 결과|이 얼마인지|이 몇인지] [알려|말해|구해|찾아]",
        "{a}[[과|와]|하고|랑] {b}의 곱을 [구해|계산해|알려|말해|찾아|써]",
        "{a}[과|와] {b}[을|를] [곱해|서로 곱해]",
        "{a}에 {b}[을|를] [곱해|곱한 값을 알려|곱한 결과를 말해|곱한 수를 구해]",
    ),
    f"{OPENING}{_AB_KO}[[은|는]|, 답은| 하면| 계산하면] {HOW_MUCH}",
    f"{OPENING}{{a}}에 {{b}}[을|를] 곱하면 {HOW_MUCH}",
    f"{OPENING}{{a}}[[과|와]|하고] {{b}}의 곱은 {HOW_MUCH}",
    f"{OPENING}{{a}}[과|와] {{b}}[을|를] [곱하면|서로 곱하면] {HOW_MUCH}",
    "[곱셈|곱셈 문제|곱셈 계산|곱하기|곱|문제|계산|산수][: | - |\n]{a}[ x | * | × |, ]{b}"
    "[| =| = ?|, 곱은?]",
    f"{_AB_KO}[ = 얼마?| = ? 계산 좀| 계산| 값은?| 답?| 부탁해요| 얼마?]",
    "[다음 곱셈을|아래 곱셈을|이 곱셈을] [해 주세요|풀어 주세요|계산하세요|계산하시오|풀어 봐]"
    "[: |:\n|. ]{a}[ x | * | × ]{b}",
    "한 상자에 {a}개씩 들어 있어요. {b}상자에는 모두 " + HOW_MUCH,
    "의자가 한 줄에 {a}개씩 {b}줄 있어요. 의자는 모두 " + HOW_MUCH,
    "{a}의 {b}배는 " + HOW_MUCH,
)
HELD_OUT_EN = (
    "There are {a} boxes with {b} nails each. How many nails is that?",
    "I need the result of {a} multiplied with {b}.",
    "Evaluate the expression {a} * {b}",
    "Take {a} exactly {b} times and add it up. What is the total?",
    "product({a}, {b})",
)
HELD_OUT_KO = (
    "{a}개씩 {b}묶음이면 모두 몇 개인가요?",
    "두 수 {a}, {b}를 곱한 값은 무엇인가요?",
    "다음을 곱하시오: {a}, {b} 곱하면?",
)
