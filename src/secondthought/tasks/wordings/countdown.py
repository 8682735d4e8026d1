"""How Countdown are asked for. Fields: {numbers} and {target}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
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
_PLAIN_EN = (
    "Make {target} from {numbers}.",
    "Make {target} with {numbers}.",
    "Make {target} using {numbers}.",
    "Use {numbers} to make {target}.",
    "Use the numbers {numbers} to make {target}.",
    "Using {numbers}, make {target}.",
    "Using the numbers {numbers}, reach {target}.",
    "Reach {target} with {numbers}.",
    "How can I make {target} from {numbers}?",
    "Countdown: {numbers}, target {target}",
)
_USUAL_EN = (
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
    "To [make|get|reach|form] {target}, [how do I|how would you|how should one] [combine|join|"
    "use] {numbers}?",
    "[If|When|Suppose|Given that] [I have|we only have|you are given|someone gives you] "
    "{numbers}, [how do I|how can I|how would you|which calculation will] [make|reach|produce|"
    "get] {target}?",
    "{target} [is wanted|is the aim|has to come out|must be the result|should come out|is what "
    "I need]. [Available|At hand|To be used|Ingredients|Material][:| are] {numbers}[.|, each "
    "once.|, all to be used.|]",
    "[Out of|From|Using] {numbers}, [make|form|get|construct|produce] {target}[.|, please.|]",
    "[Using|Combining|Taking] [all of |exactly |every one of |]{numbers}[ once each| exactly "
    "once|], [reach|produce|come to|write an expression worth|find a calculation for] "
    "{target}[.|]",
    "What [must|should|do] I [write|do|put] [between|with|around] {numbers} [to get|so that I "
    "get|to arrive at|for a result of] {target}?",
    "[Ann|My friend|The host|The teacher|A contestant|Grandpa] [draws|picks|gets|has] "
    "{numbers} and [needs|must reach|has to make|is asked for] {target}. [What is a solution|"
    "Which calculation works|How does it go|Show one way][?|]",
    "In a [game|round|number game|TV show], the [tiles|numbers] are {numbers} and the [target|"
    "goal|aim] is {target}. [Solve it|Give a solution|How do you get there|What is your "
    "answer][?|]",
    "[The puzzle|The exercise|The card|My book] [says|reads|asks]: {numbers} [must|should|have "
    "to] [become|give|turn into|end up as] {target}. [How|Which expression|Show the "
    "calculation][?|]",
    "{target} = ? ([use|using|with|from] {numbers}[, each once|, all of them|])",
    "{target} [from|out of|with|using|<-|made of] {numbers}",
    "[Write|Express|Show|Represent|Give] {target} [as a calculation with|using only|by means "
    "of|in terms of|with nothing but] {numbers}[, each once| and + - * /|].",
    "[You see|I see|Somebody wrote|On the screen are] [these numbers|the following numbers]: "
    "{numbers}. [Calculate with them|Use them all|Combine them|Take every one once] [until you "
    "have|to reach|so that the end is|and get] {target}[.|]",
    "[Add, subtract, multiply or divide|Do sums with|Calculate with|Play with] {numbers} "
    "[until|so that|to the point where] {target} [comes out|is the result|is reached|remains].",
    "[Can|Could] [you|anyone|someone] [show|explain|write down|tell me] how {numbers} [make|"
    "give|become|lead to|turn into] {target}?",
    "[I know|I am told|They say|It is said|My book says] that {numbers} can [make|give|reach] "
    "{target}[, but how|. How|. In what way][?|]",
    "[What|Which] is [a way|one way|your way] [from|to get from] {numbers} to {target}?",
    "[A score|A total|A value|A result|A sum] of {target} [should|must|is to|has to] [come "
    "from|be made from|result from|be formed of] {numbers}. [How|Which calculation|Show it|"
    "Give the expression][?|]",
    "[My|Our|The] [goal|aim|target|magic number] is {target} [and|while|, and] [my|our|the] "
    "[numbers|tiles|cards] are {numbers}[.|. How do I do it?|. What now?|, each to be used "
    "once.|]",
    "[With|Given] {numbers} as [material|input|building blocks|ingredients], [which|what] "
    "[expression|calculation|formula] [is equal to|equals|results in|gives] {target}?",
    "{numbers}: [all of these|each of these once|these together|every number once] [should|"
    "must|shall] [make|give|equal] {target}[.|. How?|]",
    "{numbers} [==>|-->|~>|>>] {target}",
    "[countdown|solve|make|solve_countdown](({numbers}), [target=|goal=|]{target})",
    "make {target} (numbers = {numbers})",
    "[Start|Begin] [from|with] {numbers}[, |; ][end|finish|stop|arrive] at {target}. [What is "
    "the calculation|How|Write one expression][?|]",
    "[Nothing but|Only] {numbers} [are|may be] [allowed|taken|used], [each once|every one of "
    "them needed|none twice], and {target} [is|must be] the [answer|result|outcome]. [How|What "
    "is the expression|Write it][?|]",
    "[If|Once] [every number of|each of|all of] {numbers} [has been used|is used|is in the "
    "calculation], the [result|outcome|value] [must|should|has to] be {target}. [What is the "
    "calculation|How|Find one][?|]",
    "[Set|Place|Fill in] [the signs|operators|+ - * / and brackets] [among|between] {numbers} "
    "([in any order|reorder them freely]) [so that|such that] [the value|all of it] [is|"
    "equals] {target}.",
    "[Solve|Help with] [my|a] number [riddle|puzzle|challenge]: {numbers}, [each once, |all "
    "used, |][result|to reach|making|wanted] {target}[.|]",
    "How [is|gets] {target} [made|built|obtained|reached|formed] [from|with|out of] {numbers}?",
    "[A magician|A child|A clerk|My robot] [mixes|combines|calculates with] {numbers} and "
    "[gets|obtains|ends with] {target}. [What was the calculation|How was that done|Which "
    "expression was it]?",
    "[Numbers to use|Use|Available|Start with]\n{numbers}\n[Number to make|Make|Reach|Finish "
    "with]\n{target}",
    "[Number to make|Make|Reach|Finish with]\n{target}\n[Numbers to use|Use|Available|Start "
    "with]\n{numbers}",
    "[The expression|The calculation|The term] [I look for|I seek|that is wanted] [contains|"
    "uses|has] {numbers}[, each once,| once each|] and [equals|has the value|is worth] "
    "{target}[.|. What is it?|]",
)
OWN_EN = extended(_USUAL_EN, plain=_PLAIN_EN)
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
    "{target}[이|가] [나와야 해요|되어야 해요|필요해요]. [카드는|타일은|가진 숫자는] "
    "{numbers}뿐이에요. [어떻게 할까요?|식을 알려 주세요.]",
    "{target}[을|를] {numbers}[으로|로] [나타내는 식을 써|만드는 식을 적어] [줘|주세요|보세요].",
    "{numbers}[을|를] [가지고 있어요|받았어요|뽑았어요]. {target}[을|를] [만들려면 어떻게 해요|"
    "만드는 식은|어떻게 만들죠]?",
    "[목표는|만들 수는] {target}[이고|,] [카드는|타일은] {numbers}[예요|입니다]. [식을 써 줘|"
    "어떻게 하죠|계산식을 찾아 주세요]",
    "{target} = ? (숫자: {numbers})",
    "{numbers}[을|를] 한 번씩 [쓴|사용한] 식의 [값이|결과가] {target}[이|가] [되게 하려면|"
    "되도록 하려면] [어떻게 해야 하나요|어떤 식이 필요한가요]?",
    "{target} [만들기|만드는 법|만드는 식][: |, |\n]{numbers}",
    "숫자 {numbers} [사이에|에] [연산 기호와 괄호를|+, -, *, /를] 넣어 {target}[을|를] "
    "[얻으세요|만드세요|만들어 주세요].",
    "만약 {numbers}만 [쓸 수 있다면|있다면] {target}[은|는] 어떻게 만들 수 있을까요?",
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
