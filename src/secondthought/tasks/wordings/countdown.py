"""How Countdown are asked for. Fields: {numbers} and {target}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import capitalised, orders
from secondthought.tasks.wordings.korean import requests

_ALL = (
    "[|, using every number once|, each number exactly once|, all of them|, each used once|, every "
    "one used once| using all of them| with + - * /| using + - * /, every number once|, no number "
    "twice and none unused|, without repeating a number|, each one time|, each of them once and "
    "only once]"
)
_EXPRESSION = (
    "[an expression|a calculation|an arithmetic expression|a formula|a sum|a "
    "term|a computation|a combination|a way of calculating]"
)
_N = (
    "[{numbers}|{numbers}|the numbers {numbers}|all of {numbers}|the numbers {numbers}|every one "
    "of {numbers}|all of the numbers {numbers}|my numbers {numbers}|the cards {numbers}"
    "|the tiles {numbers}|the values {numbers}]"
)
_T = "[{target}|{target}|{target}|the target {target}|the number {target}|exactly {target}]"
_MAKE = "[make|make|get|reach|obtain|produce|create|form|hit|build up|compose|calculate|generate]"
OWN_EN = (
    *orders(
        f"[make|get|reach|produce|form|create|obtain|hit|construct|put together|calculate|compute"
        f"|assemble|generate|achieve] {_T} [from|with|using|out of|by means of|by combining] "
        f"{_N}{_ALL}",
        f"[use|combine|take|employ|join|mix|work with|play with|put together|utilise] {_N} "
        f"[to|to|in order to|so as to] {_MAKE} {_T}{_ALL}",
        f"[combine|join|mix|connect|link|bring together] {_N} [with|by|using|by means of] [+ - * /"
        "|+, -, * and /|plus, minus, times and divide|the four operations|basic arithmetic] so that"
        f" [the result|the outcome|the value|it all] [is|equals|becomes|makes|gives] {_T}",
        f"[find|write|give|show|think of|come up with|construct|state|look for|invent|write down] "
        f"{_EXPRESSION} [for|equal to|that equals|that gives|that makes|worth|with the value|with "
        f"result|resulting in|yielding] {_T} [with|from|using|that uses|out of|made of|made with] "
        f"{_N}{_ALL}",
        f"[find|show me|work out|figure out|tell me|think of|discover] [how to {_MAKE}|a way to "
        f"{_MAKE}|how I can {_MAKE}|how one can {_MAKE}] {_T} [from|with|using|out of] {_N}{_ALL}",
        f"[turn|convert|transform|change|make] {_N} into {_T}[ using all of them and + - * /|, "
        f"using"
        " each once| by calculating|, all of them]",
        "[play|solve] [the |this |a |]countdown[ game| round| problem| puzzle|]: [numbers |]"
        "{numbers}[, target |; target |. Target: |\nTarget: | -> ]{target}",
    ),
    "[Countdown|countdown|Countdown game|Countdown round|Countdown problem|Countdown puzzle]"
    "[: |. |\n]{numbers}[ -> | => |, target |; target |. Target: |\ntarget |. Make |, make "
    "]{target}",
    "[Countdown|countdown]: [make|target|reach|get] {target} [from|with|using|numbers] {numbers}",
    "[target|Target|goal|Goal|make|Wanted|Result|Total wanted]: {target}[, |; |\n|. ]"
    "[numbers|Numbers|from|with|available|Use|Tiles|given]: {numbers}",
    "[numbers|Numbers|Given numbers|Tiles|Given|Available|Cards|Input]: {numbers}[, |; |\n|. ]"
    "[target|Target|goal|Goal|make|to make|wanted|result]: {target}",
    "{numbers}[ -> | => | → | = ? to make |, make |: make |, target ]{target}",
    f"How [can|do|could|would|might|should] [I|you|we|one] {_MAKE} {_T} [from|with|using|out of] "
    f"{_N}{_ALL}?",
    f"[Which|What] [expression|calculation|combination|arithmetic|formula] [with|of|from|using] "
    f"{_N}"
    f" [gives|makes|equals|yields|produces|results in|has the value|leads to|is worth] {_T}?",
    "[I have|There are|We have|You have|I was given|I am given|Here are|My numbers are|You get"
    "|On the board are|I picked|I drew|I hold] [the numbers|the tiles|the cards|] {numbers}"
    f"[. |, |; |\n][{capitalised(_MAKE)} {{target}}|How do I {_MAKE} {{target}}|The target is "
    "{target}|The goal is {target}|I need {target}|Now make {target}|They should make {target}"
    "|The result must be {target}|Find an expression for {target}]"
    "[.|. Each number once.|. Use every number.|. Use all of them once, with + - * /.|]",
    "[The target is|The goal is|We need|I need|The result should be|We want|You have to reach"
    "|The total must be|Today's target is] {target}[. |, |; ][the numbers are|your numbers are"
    "|available are|the tiles are|use|take|you may use only|you get] {numbers}"
    "[.|, each once.|, all of them.|. How?|. What is the calculation?|]",
    f"[Each|Every one] of {{numbers}} [must|has to|should] be used [once|exactly once]. "
    f"{capitalised(_MAKE)} {_T}[.| with + - * /.]",
    "[Insert|Put] [+, -, *, / and brackets|operators and brackets|signs and parentheses] [with"
    "|between] {numbers}, in [any|whatever] order, to [get|make|reach] {target}.",
    "{numbers}\n[Make|Get|Reach|Target|Target:|Build|Create|Can you make|How do I get|Produce] "
    "{target}[| from these| with these, each once| using all of these|?]",
    "[My|Our|The] [team|daughter|quiz show|class] [must|has to|wants to] make {target} "
    "[from|with|out of] {numbers}. [Show how|How|What is the solution|Find a way][.|?|]",
    "[How|Can you tell me how] do I [arrive at|get to|come to] {target} [when|if] [the"
    " numbers are|I have|all I have is] {numbers}?",
    "[On the table|On my table] [lie|are] {numbers}. [Build|Make|Reach] {target}[, none left"
    " over| with all of them|].",
    "[Arrange|Join|Combine] {numbers} [with sums, differences, products or quotients|by"
    " adding, subtracting, multiplying or dividing] [so that it comes to|to make|into]"
    " {target}.",
    "[Game of numbers|A numbers game|Number game][: |. ]{numbers}[. |; ][Goal|Aim|Target]"
    " {target}[, nothing left|, each once|].",
    "[No number|None] may be left over: {numbers} [comes|come] to {target}. How?",
)
_MAKE_KO = (
    "[만들어|구해|얻어|만드는 식을 알려|만드는 방법을 알려|만드는 식을 써|만드는 계산을 찾아]"
)
OWN_KO = (
    *requests(
        f"{{numbers}}(으)로 {{target}}[을|를] {_MAKE_KO}",
        f"[숫자|수|카드|숫자 카드] {{numbers}}[을|를] [모두|전부|다|한 번씩|모두 한 번씩|각각 한 "
        f"번씩] "
        f"[써서|사용해서|이용해서|사용하여|이용하여] {{target}}[을|를] {_MAKE_KO}",
        "{numbers}[을|를] [더하고 빼고 곱하고 나누어서|사칙연산으로 계산해서|+ - * /로 계산해서"
        "|조합해서"
        f"|섞어서] {{target}}[을|를] {_MAKE_KO}",
        "{numbers} 이 [숫자들을|수들을|숫자를] [전부|모두|다] [사용해서|써서] {target}[이|가] "
        "[되는 식을|나오는 식을|되는 계산식을] [써|찾아|알려|만들어|구해|적어]",
    ),
    "[카운트다운|카운트다운 게임|카운트다운 문제][: |. |\n][숫자 |수 |]{numbers}[, 목표 | -> |. "
    "목표: "
    "|, 목표 수 ]{target}",
    "[목표|목표 수|목표값|만들 수][: |는 |은 ]{target}[, |. |\n][숫자|수|쓸 숫자|주어진 숫자|카드]"
    "[: |는 ]{numbers}[|. 식을 찾아 줘.|. 식은?]",
    "[숫자|수|카드|주어진 수][: |는 ]{numbers}[, |. |\n][목표|목표 수|만들 수][: |는 ]{target}"
    "[|. 식을 써 주세요.|. 어떻게 만들까요?]",
    "{numbers}에 [+ - * /를|사칙연산을|덧셈, 뺄셈, 곱셈, 나눗셈을] [써서|사용해서] {target}[이|가] "
    "[되게 하려면?|되게 해 줘.|되게 해 주세요.|되게 하는 식은?|나오게 하세요.|되도록 하시오.]",
    "[어떻게 하면|어떻게] {numbers}[으로|로] {target}[이 나올까?|을 만들어?|을 만들 수 있을까요?"
    "|을 만드나요?|을 만들죠?|을 얻을 수 있나요?]",
    "{numbers}[으로|로] {target} [만들기|만들어 봐|만드는 법은?|만드는 식은?]",
)
HELD_OUT_EN = (
    "Is there a way to arrive at {target} when all I may use is {numbers}, once each?",
    "With {numbers} on the table, build {target}.",
    "Numbers game: {numbers}. Aim for {target}, no number left over.",
    "Arrange {numbers} in a sum, difference, product or quotient that comes to {target}.",
)
HELD_OUT_KO = (
    "주어진 수 {numbers}를 빠짐없이 사칙연산으로 엮어 {target}에 도달하세요.",
    "{target}이라는 값을 얻고 싶어요. 쓸 수 있는 수는 {numbers}이고 한 번씩만요.",
)
