"""How products are asked for. Fields: the factors {a} and {b}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
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
_WHO = (
    "[My aunt|The captain|A pupil|Our neighbour|Tom|Nina|The waiter|A child|Grandpa|The clerk|A "
    "robot|The coach|Mr Brown|The baker|Her cousin|The pilot|The gardener|A trader]"
)
_WHOM = (
    "[my aunt|the captain|a pupil|our neighbour|Tom|Nina|the waiter|a child|Grandpa|the clerk|a "
    "robot|the coach|Mr Brown|the baker|her cousin|the pilot|the gardener|a trader]"
)
_ASK = (
    "[What is the result|What comes out|What do I get|What number is that|Tell me the result"
    "|Give me the number|What will it be|Answer with a number|How much is that|Just the result, "
    "please|What is the answer]"
)
_GOODS = (
    "[coins|seeds|stamps|pearls|marbles|tiles|buttons|cards|beans|letters|stones|candles|beads"
    "|screws|photos|tickets|plums]"
)
_X = "[ * | x | × | times |*|x|×| multiplied by ]"
_SHAPES_EN = (
    "[Take|Grab|Pick|Use|Choose|Start with] {a} [and|, then|, and now] multiply [it |that |]by "
    "{b}[.|]",
    "[Take|Grab|Pick|Use|Choose|Type in] the [numbers|factors|integers|values|figures] {a} and "
    "{b} and [multiply them|form their product|find their product|work out their product][.|]",
    "[Once|When|After|As soon as|If] {a} [is|has been|gets|was] multiplied by {b}, [what|which "
    "number|what number] [is left|comes out|stands there|do you see|have we got|results]?",
    "[What|Which number|What number] [comes out|stands there|do we see|results|appears|is "
    "obtained] [once|when|after|as soon as|if] {a} [is|has been|gets] multiplied by {b}?",
    "[By|Through|After] multiplying {a} [by|and] {b} [we|you|I] [obtain|reach|get|end up with"
    "|arrive at] [what|which number|what number]?",
    "[What|Which number] [do|will|can|would] [we|you|I] [obtain|reach|end up with|arrive at] [by"
    "|through|on] multiplying {a} [by|and] {b}?",
    f"{_WHO} [says|types|writes|stamps|prints|notes|shouts] {{a}}{_X}{{b}} [on a slip|on the "
    "board|into a phone|in the book] and [waits for|wants|needs|asks for|hopes for] the [result"
    f"|answer|number]. {_ASK}[?|.]",
    f"{_WHO} [multiplies|has multiplied|is multiplying|must multiply|wants to multiply] {{a}} by "
    f"{{b}}. {_ASK}[?|.]",
    f"{_WHO} [thinks of|dreams of|chooses|names|says] {{a}} and [then |]multiplies [it|that "
    f"number] by {{b}}. {_ASK}[?|.]",
    f"{_WHO} [thinks of|chooses|names|says|draws] the numbers {{a}} and {{b}}. [What is their "
    "product|Multiply them|Give their product|What do they make when multiplied][?|.]",
    "[Feed|Give|Hand|Pass|Send|Show] {a} and {b} to a [machine|program|robot|function] that "
    "multiplies [them|what it gets|its two inputs]; [what|which number] [comes back|does it "
    "return|does it print|do I receive]?",
    "[A|My|The|This] [machine|program|till|robot|function] multiplies [its two inputs|two "
    "numbers|what it is given][, and it |. It | and ][gets|receives|is given|is fed|has read] "
    f"{{a}} and {{b}}. {_ASK}[?|.]",
    "[A|My|The] [machine|till|robot] multiplies [every number|whatever it reads|all input] by "
    f"{{b}}. [It reads|It is given|Now it gets|I type] {{a}}[. |; ]{_ASK}[?|.]",
    f"[Suppose|Imagine|Assume|Say] [that |][I have|we have|there are|{_WHOM} has|you own] {{a}} "
    "[bags|jars|drawers|trays|boxes|piles|albums|chests], [each holding|every one with|each with"
    f"|all of them with] {{b}} {_GOODS}. How many [is that|are there in all|do they hold|are "
    "they altogether]?",
    f"[Into|In] each of {{a}} [bags|jars|drawers|trays|piles|albums|chests|tins] {_WHOM} [puts"
    f"|packs|lays|drops|places] {{b}} {_GOODS}. How many [is that|are there now|are used|does "
    "that take]?",
    f"[For|On] each of {{a}} [days|visits|tours|rounds|shifts] {_WHOM} [earns|counts|sells"
    f"|collects|needs|finds] {{b}} {_GOODS}. [How many is that altogether|How many in all|What "
    "is the total]?",
    "[If|When|Suppose] one [jar|tray|bag|tin|album|chest] [holds|has|fits|contains] {b} "
    f"{_GOODS}, [then |]how many [are in|fit into|do we find in] {{a}} [of them|such ones|like "
    "it]?",
    "[If|When|Suppose] every [guest|child|player|worker|visitor] [brings|gets|needs|carries"
    f"|buys] {{b}} {_GOODS} and {{a}} of them [come|are here|turn up|join in], how many [are "
    "there|is that|are needed] in all?",
    "[One|Each] [metre|hour|page|night|lesson|litre] [costs|is priced at|comes to] {b} [coins"
    "|cents|dollars|pounds]; [what|how much] [do|would|will] {a} of them cost?",
    "[At|For] {b} [coins|cents|dollars|pounds] [each|apiece|a piece], [what|how much] [do|would"
    f"|will|must] {{a}} {_GOODS} [cost|come to]?",
    "At {b} [steps|turns|beats|words|drops] a minute, how many [is that|are there|will it be] in "
    "{a} minutes?",
    "A [garden|wall|sheet|hall|board|carpet|yard] [measures|is|has sides of] {a} by {b} [metres"
    "|feet|squares|steps]. What is its area?",
    "[What is|Find|Tell me|Work out] the area of a [rectangle|garden|wall|sheet|yard|carpet] "
    "[{a} long and {b} wide|of {a} by {b}|with sides {a} and {b}][?|.|]",
    "[A|The] [picture|grid|table|parking lot|stage] has {a} [rows|lines] and {b} columns. How "
    "many [places|cells|fields|spots] [is that|are there|does it have]?",
    "The [numbers|factors|values|figures] {a} and {b} [must|should|need to|have to|are to] be "
    f"multiplied. {_ASK}[?|.]",
    "{a} and {b} are [two|the] [numbers|factors|values|figures] [that|which] [must be multiplied"
    f"|I have to multiply|someone wants multiplied|make a product]. {_ASK}[?|.]",
    "{a}, [multiplied by|times|when multiplied by] {b}, [is|gives|equals|makes|comes to|yields] "
    "[what|which number|how much]?",
    f"{{a}}{_X}{{b}} [is|was] [on the test|in the book|on the board|my homework|the last sum"
    f"|what I need]. {_ASK}[?|.]",
    f"{{a}}{_X}{{b}} [is|equals|makes|gives|comes to] [what|which number|how much]?",
    f"{{a}}{_X}{{b}}[: | - |; |, ][please |now |can you |][work it out|do that sum|solve it|give "
    "the result|calculate][.|!|?|]",
    f"{{a}}{_X}{{b}}\n[That|The sum above|The line above|What you see above] [should|must|has to"
    f"|needs to] be [worked out|calculated|solved|done][. {_ASK}?|.|]",
    "({a}) ({b})[: multiply|, multiplied together|: the product][, please|?|.|]",
    "[The numbers|Two numbers|The factors]: {a}; {b}[. |\n][Their product|The product|Multiplied "
    "they make][?|:|: ?|]",
    "[First|One] [factor|number]: {a}\n[Second|Other] [factor|number]: {b}\n[Product|Result"
    "|Multiplied]:[| ?]",
    "[Wanted|Needed|To do|Task|Goal|Job][: | - ][the product|multiplication|multiply]\n[Input"
    "|Numbers|Factors|Values|Given][: | = | - ]{a}[, | and | & |; ]{b}",
    f"[Input|Given|Sum|Line|Problem|Entry][: | = | - | -> ]{{a}}{_X}{{b}}\n[Wanted|Output|Answer"
    "|Result|Value][:|?| = ?|: ?]",
    "[Below|Here|Next|In the next line] [is|comes|you see|you find|stands] a [sum|multiplication"
    "|product|line][. |; |, ][please |][work it out|solve it|what is it worth|give the result][."
    f"|:]\n{{a}}{_X}{{b}}",
    "[There is|There was|I found|We saw] a [sign|card|sticker|board|page] [that says|saying"
    f"|which reads|with] {{a}}{_X}{{b}}. {_ASK}[?|.]",
    f"[I|We] [see|hear|read|need|have|got|found] {{a}}{_X}{{b}} [here|on the screen|in the book"
    f"|on my list|at the top]. {_ASK}[?|.]",
    "[How large|How big|How much] is [the product|the number] [that|which] {a} and {b} [make"
    "|give|form] when multiplied?",
    "[Which|What] [number|integer] is {b} times [as large as|as big as|as much as] {a}?",
    f"[Make|Let] {{a}} [become |grow |]{{b}} times [as large|as big|as much]. {_ASK}[?|.]",
    "[Add|Sum up|Stack up|Collect] {b} [copies|pieces|lots] of [the number |]{a}[. |; "
    f"]{_ASK}[?|.]",
    "[Counting|Going up] in steps of {a}, where [am I|are we|do you stand] after {b} steps from "
    "zero?",
    "[Not|I do not want] the sum but the product of {a} and {b}[, please|.|]",
    f"[Do you know|Can you say|Can you work out|Have you found] [what|how much] {{a}}{_X}{{b}} "
    f"[is|makes|gives|comes to]? {_ASK}[?|.]",
    "[Let|Have|With|Given|Where] x = {a} and y = {b}[. |, |; ][what is|find|give|work out] [x "
    "times y|x * y|xy|the product of x and y][?|.|]",
)
_STORIES_EN = (
    "[A|One|Each] [box|bag|crate|pack|jar] [holds|has|contains] {b} [eggs|pens|apples|sweets]. How "
    "many are in {a} [boxes|bags|crates|packs|jars]?",
    "[I have|We have|A shop has|There are] {a} [boxes|bags|crates|packs|jars] [of|with] {b} [eggs"
    "|pens|apples|sweets] [in each|each]. How many [is that|are there|do we have] [in total"
    "|altogether|in all]?",
    "[There are|We have] {a} [rows|shelves|tables|buses] with {b} [seats|books|cups|people] [in "
    "each|each|in each of them]. How many [are there in total|is that altogether]?",
    "[A|One] [ticket|book|chair|pen] costs {b} [dollars|euros|coins|won]. How much [do|are] {a} "
    "[cost|of them]?",
    "If I [read|walk|write|earn] {b} [pages|steps|words|coins] a day, how many [is that|are that"
    "|will it be] in {a} days?",
    "What is the area of a rectangle [of|with sides] {a} [by|and] {b}?",
)
_PLAIN_EN = (
    *_STORIES_EN,
    "What is {a} * {b}?",
    "What is {a} * {b}",
    "What is {a} times {b}?",
    "What is {a} x {b}?",
    "What's {a} * {b}?",
    "What is {a} multiplied by {b}?",
    "What is the product of {a} and {b}?",
    "Calculate {a} * {b}",
    "Calculate {a} * {b}.",
    "Compute {a} * {b}.",
    "Multiply {a} by {b}.",
    "Multiply {a} and {b}",
    "How much is {a} * {b}?",
    "How much is {a} times {b}?",
    "{a} * {b}",
    "{a} * {b} = ?",
    "{a} times {b}",
    "{a} × {b}",
)
_USUAL_EN = (
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
    *_SHAPES_EN,
)
OWN_EN = extended(_USUAL_EN, plain=_PLAIN_EN)
_X_KO = "[ 곱하기 | * |*| x | × |×]"
_AB_KO = "{a}" + _X_KO + "{b}"
_SHAPES_KO = (
    "[칠판에|종이에|화면에|카드에|책에] {a}[ 곱하기 | × | x | * ]{b}[이라고|라고] [쓰여|적혀] "
    f"있어요. [답은|결과는|값은] {HOW_MUCH}",
    "[친구가|선생님이|동생이|로봇이|누가] {a}[을|를] [말했어요|골랐어요|썼어요]. [거기에|그 "
    f"수에] {{b}}[을|를] 곱하면 {HOW_MUCH}",
    "[기계가|로봇이|프로그램이] [받은 수에|들어온 수에] {b}[을|를] 곱해요. {a}[을|를] 넣으면 "
    "[얼마가 나와?|얼마가 나올까요?|무엇이 나오나요?]",
    "[첫째 수|첫 번째 수|한 수]: {a}\n[둘째 수|두 번째 수|다른 수]: {b}\n[곱|곱한 결과]:[| ?]",
    "{a}[ 곱하기 | × | x | * ]{b}[: | - |\n][이걸|이 식을|이것을] [풀어|계산해] [주세요.|줘."
    "|보세요.|봐.]",
    f"가로가 {{a}}, 세로가 {{b}}인 [직사각형|밭|종이|마당]의 넓이는 {HOW_MUCH}",
    f"하루에 {{a}}[쪽씩|개씩|번씩|장씩] {{b}}일 [동안|내내] 하면 [모두|전부|다 해서] {HOW_MUCH}",
    f"[사탕|책|공책|표] 하나에 {{a}}[원입니다|원이에요|원이야]. {{b}}[개|장] 값은 {HOW_MUCH}",
    f"만약 {{a}}[을|를] {{b}}번 [더하면|더한다면|계속 더하면] [합은|결과는] {HOW_MUCH}",
    "{a}[과|와] {b}[이|가] 있는데 [둘을|서로] 곱한 [수가|답이|결과가] [궁금해요.|필요해요.|알고 "
    "싶어요.|뭐예요?]",
)
_PLAIN_KO = (
    "{a} * {b}[은|는]?",
    "{a} 곱하기 {b}[은|는]?",
    "{a} 곱하기 {b}[은|는] 얼마야?",
    "{a}[과|와] {b}의 곱은 얼마인가요?",
    "{a}[과|와] {b}[을|를] 곱해 줘.",
    "{a}의 {b}배는?",
    "{a}의 {b}배는 얼마인가요?",
)
_USUAL_KO = (
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
    *_SHAPES_KO,
)
OWN_KO = extended(_USUAL_KO, plain=_PLAIN_KO)
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
