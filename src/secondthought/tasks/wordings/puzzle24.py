"""How the game of 24 are asked for. Field: {numbers}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders
from secondthought.tasks.wordings.korean import requests

_ALL = (
    "[|, using each once|, each number exactly once|, all of them|, each used once| using all of "
    "them| with + - * /| using + - * / and brackets|, every number one time|, without using one "
    "twice|, each of them once]"
)
_N = (
    "[{numbers}|{numbers}|the numbers {numbers}|all of {numbers}|the cards {numbers}|every one of"
    " {numbers}|the digits {numbers}|my cards {numbers}|the values {numbers}]"
)
_MAKE = "[make|make|get|reach|obtain|produce|create|form|hit|build|calculate|compose]"
_24 = "[24|24|24|24|the number 24|exactly 24|a total of 24|twenty-four|a result of 24]"
_EXPRESSION = "[an expression|a calculation|a formula|an arithmetic expression|a solution|a term]"
OWN_EN = (
    *orders(
        f"{_MAKE} {_24} [from|with|using|out of|by combining] {_N}{_ALL}",
        f"[use|combine|take|employ|join|mix|put together|work with] {_N} [to|in order to|so as to] "
        f"{_MAKE} {_24}{_ALL}",
        f"[combine|join|mix|connect|link] {_N} [with|by|using] [+ - * /|+, -, * and /|the four "
        "operations|plus, minus, times and divide|basic arithmetic] [to get|so that they make|to "
        f"reach|so that it equals|until you have] {_24}",
        f"[find|write|give|show|think of|come up with|write down|look for] {_EXPRESSION} [that "
        f"equals|equal to|worth|for|that makes|with the value|that gives|resulting in] {_24} [with"
        f"|from|using|made of|out of] {_N}{_ALL}",
        f"[find|show me|figure out|tell me|work out|discover] [a way to {_MAKE}|how to {_MAKE}|how "
        f"I can {_MAKE}] {_24} [from|with|using|out of] {_N}{_ALL}",
        "[solve|play|do|crack] [the|this|a] [24 game|24 puzzle|game of 24|24-game|twenty-four game"
        "|make 24 puzzle] [for|with|on|using] {numbers}",
        f"[turn|change|transform] {_N} into {_24}{_ALL}",
        f"find a way to 24 with {_N}",
    ),
    "[24 game|game of 24|24|make 24|24 puzzle|The 24 puzzle|Twenty-four|24-game|Make 24|The game of"
    " 24|the 24 card game|24 challenge][: | with |: use |\n| for |? ]{numbers}",
    "{numbers}[ -> 24| => 24| → 24| = 24?|: make 24|, 24 game|\nMake 24.| to 24| make 24|, "
    "target 24"
    "|: 24?|\nGet 24 from these.|\n24 game| (24 game)]",
    "[numbers|cards|Numbers|Cards|Given|Digits|Hand|Input]: {numbers}[, |; |\n|. ][target: 24"
    "|make 24|goal: 24|wanted: 24|Target 24|result: 24]",
    "[Target|Goal|Wanted|Result|target]: 24[, |; |\n|. ][numbers|cards|with|Numbers|from|Use]: "
    "{numbers}",
    f"How [can|do|could|would|should] [I|you|we|one] {_MAKE} {_24} [from|with|using|out of] "
    f"{_N}{_ALL}?",
    f"[What|Which] [expression|formula|combination|arithmetic] [of|with|from|using] {_N} "
    f"[makes|gives|equals|yields|is worth|produces] {_24}?",
    "[My|The|Our|Your] [cards|numbers|digits|dice|four cards] [are|show|say] {numbers}[. |; |, ]"
    f"[Make 24|How do I {_MAKE} 24|I need 24|Now get 24|Build 24 from them|Turn them into 24"
    "|Make them into 24|What makes 24][.|?|, each used once.|]",
    "[I have|We have|I got|I was dealt|You have|There are|Here are|I hold] "
    f"[the numbers|the cards|the digits|] {{numbers}}[. |; |, |\n][Make 24|How do I {_MAKE} 24"
    "|They should make 24|The goal is 24|I want 24|Find 24|Get me to 24][.|?| with + - * /.|]",
    "[Insert|Use] [+, -, *, / and brackets|operators and brackets|arithmetic signs] with {numbers},"
    " [in any order,|however you like,] to [get|make|reach] 24.",
    "[Each|Every one] of {numbers} [must|has to|should] be used once. [Make|Reach|Get|Produce] 24.",
    "[The|My] [card game|maths club|quiz|class] wants 24 [from|out of|with] {numbers}. "
    "[How|Show me how|What is the solution|Find a way][?|.|]",
    "[I drew|We drew|She drew|I was dealt] [the cards |]{numbers}. [Make|Reach|Get] 24.",
    "[Which|What] [signs|operations] [go|must go|belong] between {numbers}[ in any order|]"
    " [to make|so that the outcome is|for] 24?",
    "[Can|Is it possible that] {numbers} [come to|reach|get to] [24|twenty-four]? [How|Give"
    " the formula|Show me]",
    "24 [is within reach|can be reached] with {numbers}. [How|Show the calculation|Which formula]?",
)
_MAKE_KO = "[만들어|얻어|만드는 식을 알려|만드는 방법을 알려|만드는 식을 써|만드는 계산을 찾아]"
OWN_KO = (
    *requests(
        f"{{numbers}}(으)로 24[[을|를]|] {_MAKE_KO}",
        "[숫자|수|카드|숫자 카드|네 수] {numbers}[을|를] [한 번씩|모두|전부|각각 한 번씩|모두 한 "
        "번씩|다] "
        f"[써서|사용해서|이용해서|사용하여] 24를 {_MAKE_KO}",
        f"{{numbers}}[에 사칙연산을 써서|를 사칙연산으로 계산해서|를 더하고 빼고 곱하고 나눠서"
        f"|를 조합해서] "
        f"24를 {_MAKE_KO}",
        "{numbers}[으로|로] 24[이|가] [되는|나오는] [식을|계산을|계산식을] [써|찾아|알려|구해"
        "|적어]",
    ),
    "[24 만들기|24 게임|24 퍼즐|24 만들기 문제|이십사 만들기][: | - |\n|, 숫자 ]{numbers}",
    "24[이|가] [되는|나오는] [식을|계산을] [써 줘|찾아 주세요|써 주세요|구하시오|적으세요]. "
    "[숫자는|수는|카드는] {numbers}",
    "[카드|숫자|수|제 카드|내 카드|주어진 숫자][가|는] {numbers}[야|예요|입니다]. [24를 만들어 줘."
    "|24를 만들어 주세요.|24를 만드세요.|어떻게 24를 만들까요?|24를 만드는 식은?]",
    "{numbers}에 [사칙연산을|+ - * /를] [써서|사용해서] 24[이|가] [되게 해 줘.|되게 해 주세요."
    "|되게 하려면?"
    "|되게 하는 식은?|되게 하세요.]",
    "{numbers}[으로|로] 24를 [어떻게 만들어?|어떻게 만들까요?|만들 수 있을까?|만들려면?|만드는 "
    "법은?"
    "|만들기]",
    "{numbers}[, 24 만들기|\n24를 만드세요.| - 24를 만드세요.]",
)
HELD_OUT_EN = (
    "Which calculation with each of {numbers} exactly once comes to twenty-four (24)?",
    "I drew {numbers}; the total has to be 24.",
    "Put signs and brackets between {numbers} in any order so that the outcome is 24.",
    "Is 24 within reach of {numbers}? Show me the formula.",
)
HELD_OUT_KO = (
    "{numbers} 네 수를 모두 이용한 계산 결과가 24여야 합니다. 식은?",
    "목표는 24입니다. {numbers}을(를) 빠짐없이 써 보세요.",
)
