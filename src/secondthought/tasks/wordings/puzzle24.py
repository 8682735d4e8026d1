"""How the game of 24 are asked for. Field: {numbers}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
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
_PLAIN_EN = (
    "Make 24 from {numbers}.",
    "Make 24 with {numbers}.",
    "Make 24 using {numbers}.",
    "Make 24 out of {numbers}",
    "Get 24 from {numbers}.",
    "Use {numbers} to make 24.",
    "Use the numbers {numbers} to make 24.",
    "How do I make 24 from {numbers}?",
    "How can I get 24 with {numbers}?",
    "Solve the 24 game for {numbers}.",
    "24 game: {numbers}",
)
_USUAL_EN = (
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
    "To [make|get|reach] 24, how [do I|would you|should I] [combine|use|join] {numbers}?",
    "24 [is wanted|has to come out|must be the result|should be the answer]. [Available|At "
    "hand|To be used][:| are] {numbers}[.|, each once.|]",
    "[Out of|From|Using] {numbers}, [make|form|get|construct] 24[.|, please.|]",
    "[If|When|Given that|Suppose] [my cards are|the dealer gives me|I am holding|you are "
    "given] {numbers}, [how do I|how can you|how would one] [make|reach|get to] 24?",
    "What [must|should|do] I [write|do] with {numbers} to [get|arrive at|end at] 24?",
    "{numbers} [should|must|have to] [become|give|equal|end up as] 24. [How|Which expression|"
    "Show one way|What is the trick][?|]",
    "24 = ? ([use|with|using|from] {numbers}[, each once|, all four|])",
    "24 [from|out of|with|using|<-] {numbers}",
    "[Write|Express|Represent|Show] 24 [as a calculation with|using only|by means of|in terms "
    "of] {numbers}[, each once|].",
    "[Ann|My friend|The dealer|Grandpa] [holds|lays down|shows] {numbers} and [wants|needs|"
    "asks for] 24. [What is a solution|Which calculation works|Show one way][?|]",
    "[Add, subtract, multiply or divide|Calculate with|Do sums with] {numbers} until 24 [comes "
    "out|is reached|remains].",
    "[Can|Could] [you|anyone] [show|explain|write down] how {numbers} [make|give|become|lead "
    "to] 24?",
    "[I am told|They say|My book says|I know] that {numbers} can [make|give|become] 24[, but "
    "how|. How|. In what way][?|]",
    "[One way|A way|The way] from {numbers} to 24[?|, please.| is wanted.|]",
    "[My|Our|The] [goal|aim|target] is 24 [and|while] [my|our|the] [numbers|cards] are "
    "{numbers}[.|. What now?|. How do I do it?|]",
    "Given {numbers}, [which|what] [expression|calculation|formula] [equals|results in|is "
    "worth] 24?",
    "{numbers}: [each of these once|all of these|these together] [should|must] [make|give|"
    "equal] 24[.|. How?|]",
    "{numbers} [==>|-->|>>|~>] 24",
    "[make24|make_24|solve24|game24]({numbers})",
    "[Start|Begin] with {numbers}[, |; ][end|finish|stop] at 24. [What is the calculation|How|"
    "Write one expression][?|]",
    "[Only|Nothing but] {numbers} may be used, [each once|every one needed], and 24 [is|must "
    "be] the result. [How|Write it|What is the expression][?|]",
    "[Once|If] [each of|all of] {numbers} [is used|has been used], the [value|result] [must|"
    "should] be 24. [What is the calculation|Find one|How][?|]",
    "[A child|My robot|A clerk|A player] [combines|calculates with] {numbers} and [gets|ends "
    "with] 24. [How was that done|Which expression was it|What was the calculation]?",
    "The [expression|calculation] I [look for|need] [uses|contains] {numbers}, each [just |"
    "]once, and [equals|is worth] 24[.|. What is it?|]",
    "[Two dozen|Twenty-four] [from|out of|with] {numbers}, [each once|all used]: [how|what is "
    "the formula][?|]",
    "[In a game|In one round|At our card evening] the [cards|numbers] {numbers} [came up|were "
    "drawn|turned up]. [How is 24 made|How do we make 24|What gives 24]?",
    "[Numbers|Cards|Take|Start with]\n{numbers}\n[Make|Reach|Goal|Result]\n24",
    "[Four numbers|Four cards], {numbers}, [and one aim|and a single goal|one target]: 24[.|. "
    "How?|]",
    "How [is|gets] 24 [made|built|obtained|formed] [from|with|out of] {numbers}?",
    "[Hit|Strike|Land on] 24, [and use|using|with] {numbers}[ once each|].",
    "{numbers}. [Operations|Operators] and [order|parentheses] are [up to you|free|your "
    "choice], the value is [fixed|set]: 24[.|]",
    "[Do you see|Can you see] how {numbers} [give|make] 24? [Write it down|Show me][.|]",
)
OWN_EN = extended(_USUAL_EN, plain=_PLAIN_EN)
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
    "24[가|이] [나와야 해요|되어야 해요|필요해요]. [카드는|제 숫자는] {numbers}뿐이에요. "
    "[어떻게 할까요?|식을 알려 주세요.]",
    "24를 {numbers}[으로|로] [나타내는 식을 써|만드는 식을 적어] [줘|주세요|보세요].",
    "{numbers}[을|를] [받았어요|뽑았어요|가지고 있어요]. 24를 [만들려면 어떻게 해요|만드는 "
    "식은|어떻게 만들죠]?",
    "24 = ? (숫자: {numbers})",
    "만약 {numbers}만 [쓸 수 있다면|있다면] 24는 어떻게 만들 수 있을까요?",
    "숫자 {numbers} [사이에|에] [연산 기호와 괄호를|+, -, *, /를] 넣어 24를 [얻으세요|만드세요|"
    "만들어 주세요].",
    "[친구가|동생이|선생님이] {numbers}[으로|로] 24를 만들었어요. [어떤 식일까요|식이 뭐였을까요]?",
    "24 [만드는 법|만드는 식|만들기 도전][: |, |\n]{numbers}",
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
