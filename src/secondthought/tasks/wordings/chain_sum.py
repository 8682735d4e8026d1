"""How sums and differences are asked for. Field: {sum}, the expression."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
from secondthought.tasks.wordings.korean import HOW_MUCH, OPENING, requests

_THING = (
    "the [result|value|answer|outcome|total|final value|solution] of {sum}",
    "the [result|value|answer] of [this|the] [sum|calculation|problem|addition and subtraction]"
    "[:|,|] {sum}",
    "the [number|value|total] that {sum} [makes|comes to|gives|is equal to|works out to]",
    "{sum}",
    "{sum}",
)
_MAKES = "[make|come to|give|equal|amount to|add up to|yield|work out to|total|result in|bring]"
OWN_EN = (
    "{sum}",
    "{sum}",
    "{sum}[ =| = ?|=|=?| = __|?| = ...| equals| is| makes]",
    *things(*_THING),
    *orders(
        "[calculate|compute|work out|figure out|do|solve|reckon|determine|find|total up|crunch"
        "|reckon up|add up|handle|run|answer|resolve|process|count up] {sum}",
        "[calculate|compute|work out|figure out|do|solve|complete|answer|carry out|finish|tackle] "
        "[this|the|the following|this little|this simple] [sum|calculation|problem|arithmetic"
        "|computation|addition|addition and subtraction|exercise|maths problem|math problem][: |:\n"
        "|\n| ]{sum}",
        "[add and subtract|add or take away as written|do the arithmetic|do the maths|do the math"
        "|do the sum][: |:\n]{sum}",
        "[find|get|give|tell|report|state|write|calculate|determine] the [result|value|answer"
        "|outcome|total] of {sum}",
        "add it all up: {sum}",
        "put a number on {sum}",
        "tell me what {sum} [equals|is|makes|gives|comes to|amounts to]",
    ),
    "How much [is|is|are|does] {sum}[?| altogether?| in total?| all in all?]",
    f"What does {{sum}} {_MAKES}?",
    "What [do|will|would|should|did] [you|I|we|one] [get|have] [for|from|with|if we work out"
    "|when you calculate|by computing|after working out] {sum}?",
    "What number [is|equals|do I get from] {sum}?",
    "[Sum|Calculation|Arithmetic|Calc|Maths|Math|Work out|Calculate|Problem|Add up|Compute|Exercise"
    "|Total|Q|Input|Bill]: {sum}[| =| = ?]",
    "{sum}[\n| - ][How much is that|What is that|What's the result|Work it out|Calculate this"
    "|What does this come to|What is the total|Solve it|Give me the answer|please calculate][?|]",
    "[On the blackboard|On my receipt|In the exercise book|On a slip of paper|In my notes] "
    "[is|stands|it says|I see|I found|is written]: {sum}[. |\n]What [is the result|does it come to"
    "|should I write|is that]?",
    "[If I|If you|Suppose I] [work out|compute|add up|calculate] {sum}, what [do I get|is the "
    "result|comes out|is the answer]?",
    "{sum} is [how much|what|equal to what|what number]?",
    "[Money comes and goes|Points won and lost|Steps forward and back|People on and off the bus"
    "|Goods in and out]: {sum}. [How many are there in the end|What is left|What is the balance]?",
    "[Simplify|Solve] [this sum|the following sum|what follows][: |:\n|\n]{sum}",
    "[What is|Give me] the value of the expression {sum}?",
    "{sum}\n[Evaluate it|Evaluate this expression|Simplify it|An expression to evaluate][.|]",
    "[My|The|This|A] calculator [shows|displays|says] what [for|after|if I type] {sum}?",
    "[I|We] [put|entered|keyed] {sum} [in|into] a [calculator|machine|computer]. [What was"
    " on the screen|What came out|The result]?",
    "[reduce|bring down|turn] {sum} [to one number|into one number|to a number]",
)
_COUNT_KO = "[계산해|풀어|구해|셈해|처리해|답해|알려|더하고 빼|해]"
OWN_KO = (
    *requests(
        "{sum}[[을|를]|] [계산해|풀어|셈해|구해]",
        "{sum}의 [값|답|결과|계산 결과][을|를] [구해|알려|말해|찾아|써|적어|계산해]",
        "식 {sum}[의 답|의 값|의 결과][을|를] [구해|알려|말해|찾아]",
        "{sum}이 [얼마인지|몇인지] [알려|말해|계산해|가르쳐]",
    ),
    f"{OPENING}{{sum}}[[은|는]| 하면| 계산하면|을 계산하면| 더하고 빼면|, 다 하면] {HOW_MUCH}",
    f"{OPENING}{{sum}}의 [값|답|결과|합계][은|는] {HOW_MUCH}",
    "[다음을|다음 식을|아래 식을|이 식을|식을|덧셈과 뺄셈을] [계산해 주세요|계산해 줘|계산하세요"
    "|계산하시오|풀어 주세요|계산하라|계산해 봐][: |:\n|. |\n]{sum}",
    "[계산|문제|덧셈 뺄셈|산수|셈|암산|수식|식][: | - |\n]{sum}[| =| = ?]",
    "{sum} [계산|계산 좀|답은?|얼마?|는?|값은?|계산 부탁해요]",
    "{sum}\n[이 식의 값은|위 식을 계산하면|이것을 계산하면|답은] " + HOW_MUCH,
)
HELD_OUT_EN = (
    "Evaluate {sum}",
    "I typed {sum} into my calculator. What did it show?",
    "Simplify the expression {sum} to one number.",
    "result of {sum} please",
)
HELD_OUT_KO = (
    "식을 풀어 봐: {sum}",
    "{sum} 이 식의 결과는 무엇인가요?",
    "더하고 빼면 얼마지? {sum}",
)
