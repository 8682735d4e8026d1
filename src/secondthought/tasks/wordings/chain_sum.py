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
    "[Once|When|After] [everything|all] in {sum} [is|has been] [added and subtracted|worked "
    "out|computed|taken together], [what|how much] [is left|remains|do I have|comes out]?",
    "{sum} [comes|works out|adds up|amounts|boils down] to [what|how much|which number][?|]",
    "{sum} [makes|gives|yields|leaves] [how much|what|which number][?|]",
    "[Value|Total|Answer|Worth]: {sum} = [?|...|___]",
    "[Take|Consider|Look at|Here is|See] {sum}[. |; |: ][What is its value|What does it give|"
    "How much is that|What total do you get|Where does it end]?",
    "[Go|Work|Proceed] [from left to right|step by step|term by term] through {sum}[. What is "
    "the end value|; where do you end up|. What remains at the end]?",
    "[My account shows|The books show|The cash desk has|My list says|The score sheet has] "
    "{sum}[. |; ][How much is it altogether|What is the balance|What does it come to|How much "
    "is there now]?",
    "[A shopkeeper|A clerk|My sister|A pupil|The bookkeeper] [wrote|noted|writes] {sum} and "
    "[forgot|left out|needs] the [result|answer|total]. [What is it|What should it be|Supply "
    "it][?|]",
    "[Write|Put|Give|Fill in] [a single number|one number|the number] [for|in place of|equal "
    "to|instead of] {sum}[.|]",
    "[Which|What] [single number|number|integer] [can replace|is the same as|has the value of|"
    "stands for] {sum}?",
    "[Reply|Answer] with [the total|the value|the number|the result] [only|alone|and nothing "
    "more][: |\n]{sum}",
    "[Find|Fill in|Supply] the [missing|right] number: {sum} = [?|___|...|_]",
    "[? = |___ = |... = ]{sum}",
    "[calc|compute|print|total|result]({sum})",
    "[Ann|Tom|My cousin|The class] [found|gave|got] the right answer to {sum}. [What was it|"
    "Which number was it|How much was it]?",
    "[Being slow at sums|Since I am bad at maths|As I am in doubt], I [need help with|cannot "
    "do|leave to you] {sum}[.|: how much is it?|; what is the answer?|]",
    "[My|Our|The] [homework|test|worksheet|workbook] [has|starts with|contains|says] {sum}[. |"
    "; ][What do I write|What goes after the equals sign|What is the answer|How much is it]?",
    "How [large|big|high] is {sum}?",
    "[Adding up|Working through|Taking together|Going through] {sum}, [what|how much] [do I "
    "get|do we have|is it]?",
    "To [what|which number|how much] does {sum} [add up|come|amount|lead]?",
    "Start at the left of {sum} and [stop|end] at the right. [Which number have you got|What "
    "have you reached|How much is it]?",
    "[Let t be|Call t the value of|Suppose t is] {sum}[. How much|; how much|. What] is t?",
    "The terms are {sum}[. |; |, ][together that is|in total that is|altogether that makes] "
    "[what|how much]?",
    '[Someone|A friend|The quizmaster] [calls out|reads out|asks|says] "{sum}"[. What do you '
    "answer|. What is the answer|; what do I reply]?",
    "[Quick maths|Mental arithmetic|Speed test|Warm-up|Number check|Plus and minus][: |, |\n]{sum}",
    "[What|How much] [remains|is left|results|comes out|emerges] [of|from|after|at the end of] "
    "{sum}?",
    "{sum}, [and the total is|which makes|that is|in other words] [what|how much]?",
    "[Do you know|Can you say|Have you any idea] [what|how much] {sum} [is|makes|comes to|"
    "gives][?|]",
    "{sum}[. |; |, ][the answer|the total|the value|its value|the outcome] [is what|is how "
    "much|would be what]?",
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
    "{sum}[을|를] [모두 하면|차례로 하면|왼쪽부터 하면] [얼마가 되나요|몇이 되죠|얼마예요]?",
    "[영수증에|공책에|칠판에] {sum}[이라고|라고] [적혀|쓰여] 있어요. 모두 [얼마인가요|얼마죠]?",
    "빈칸을 채우세요: {sum} = [?|___]",
    "[다음|이] [덧셈과 뺄셈|계산]의 [답만|결과만|값만] [말해|알려|적어] [줘|주세요][: |\n]{sum}",
    "{sum}, [답이 뭐예요|답은 얼마|합치면 얼마|그래서 얼마][?|]",
    "[친구가|선생님이|동생이] {sum}[을|를] 물었어요. [뭐라고 답할까요|답이 얼마예요]?",
    "만약 {sum}[을|를] [계산한다면|다 더하고 뺀다면] [결과는|답은] [얼마일까요|몇일까요]?",
    "{sum}[과|와] 같은 수는 [얼마인가요|무엇이에요|몇이에요]?",
    "왼쪽부터 차례로 [계산하면|하면]? {sum}",
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
