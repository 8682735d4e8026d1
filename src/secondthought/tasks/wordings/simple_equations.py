"""How linear equations are asked for. Fields: {equation} and its unknown {x}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
from secondthought.tasks.wordings.korean import HOW_MUCH, OPENING, WHAT, requests

_HOLDS = "[satisfies|solves|fulfils|fits|makes true|is the solution of|is a root of|works in]"
_VALUE = "[value|value|solution|right value]"
_EQUATION = "[equation|linear equation|relation|formula|equality|statement]"
_THING = (
    f"the {_VALUE} of {{x}} [in|if|when|where|given|given that|for|from|provided that|assuming] "
    "{equation}",
    "the [solution|root] of {equation}",
    f"the [solution|root] of the {_EQUATION} {{equation}}",
    f"the [value|number] {{x}} [that|which] {_HOLDS} {{equation}}",
    "{x} [if|when|given|given that|where|in] {equation}",
    "the unknown [{x} |]in {equation}",
)
OWN_EN = (
    "{equation}",
    "{equation}",
    "{equation}[, | ; |\n|; | => | -> |. ]{x}[ = ?|=?|?| =| is?]",
    *things(*_THING),
    *orders(
        "[solve|solve|resolve|work out|crack|handle|tackle|do] {equation}",
        "solve {equation} for {x}",
        "solve {equation} [with respect to|to find|and give|and tell me|and report] {x}",
        f"[solve|solve|work out|do|answer|resolve|tackle] [this|the|the following|my|this little]"
        f" {_EQUATION}[: |:\n|\n| ]{{equation}}",
        "[find|compute|calculate|determine|work out|get|figure out|give|obtain|seek|discover|derive"
        "|deduce|extract|recover] {x} [from|if|in|when|where|given that|given] {equation}",
        "[find|compute|calculate|get|figure out|work out|look for] {x}[: |:\n| such that | so that "
        "|, where |, given ]{equation}",
        "[find|compute|calculate|figure out|work out|state|determine] "
        "the [value of|solution for] {x} [such that|so that|with|given|for which"
        "|if|when] {equation}",
        "[find|work out|guess|compute] the [unknown|missing number|hidden number|unknown number] "
        "[{x}|] [in|from] {equation}",
        "[rearrange|take|undo the steps of|unravel|use|look at] {equation} [and find|to get|and"
        " tell me|and work out] {x}",
    ),
    "[What|How much|How big|How large] [is|must be|has to be] {x} [if|when|where|given|given that"
    "|in case|provided] {equation}?",
    "[If|When|Given that|Given|Suppose|Knowing that|Assume|Let|Provided that|Since|Say] {equation},"
    " [what is|how much is|then what is|find|what must be|work out|what's|compute|tell me|give me]"
    " {x}[?|]",
    f"[Which|What] [{{x}}|value of {{x}}|number {{x}}] {_HOLDS} {{equation}}?",
    "[Which|What] [number|value] [should|must|has to] "
    "[replace {x} in|be put for {x} in|stand for {x} in|take the place of {x} in] {equation}?",
    "[equation|Equation|solve|given|Given|algebra|linear equation|eq|Problem|We know|Input|Q]"
    "[: |:\n]{equation}[. |\n|; |, ][find|unknown:|solve for|what is|wanted:|compute|give] {x}",
    "[{x} =|{x}:|{x}?|{x} = ?|value of {x}|solve for {x}|find {x}|unknown {x}|solution for {x}]"
    "[ if | when |, |: |\n|, given ]{equation}",
    "{equation}[\n|. |; ][What is {x}|Solve for {x}|Find {x}|Give {x}|How much is {x}"
    "|What number is {x}|Determine {x}|Compute {x}|What does {x} equal][?|.|]",
    "[A number|Somebody's secret number|My age|The price|A weight] {x} [fulfils|obeys|follows"
    "|satisfies] {equation}. [What is {x}|How much is it|Find it|What number is it][?|.|]",
    "I [have|got|was given|am stuck on|found|need to solve] [the equation|this equation:|this:] "
    "{equation}[. |\n][What is {x}|How much is {x}|Help me find {x}|I need {x}][?|.|]",
    "[When|For what {x}|If {x} is a number, when] does {equation} [hold|become true|work]?",
    "[Isolate|Get] {x}[ alone|]: {equation}",
    "{equation}[. |; |\n][Isolate|Isolate the variable|Get] {x}[ on one side| alone|].",
    "[What is|Name|Give] the solution of {equation}[, its {x}| and nothing else|]?",
    "{equation} holds for [which|what] {x}?",
    "I know that {equation}[. What|; what|. How much|, so what] is {x}?",
    "{x} [makes|turns] {equation} [true|into a true statement][. What is it|; what is it|. "
    "Which number is it|. What is {x}]?",
    "Let {x} be [a number|some number|the number] [with|such that|for which] {equation}. [What "
    "is it|Find it|How large is it|What is its value][?|]",
    "[Suppose|Assume|Imagine] [we know|somebody tells you|it is given] that {equation}. [How "
    "much is|What number is|What is] {x}?",
    "[Since|Because|As] {equation}, {x} [must be|is|equals] [what|which number|how much]?",
    "{x}[, if|, when|, given that|, knowing that] {equation}, [is|equals|must be] [what|how "
    "much|which number]?",
    "[What|Which number] [makes|renders] {equation} [true|right|correct], [as a value of|in "
    "place of|put for] {x}?",
    "[My|Our|The] [homework|exam|worksheet|book] [says|has|states] {equation} and [asks for|"
    "wants] {x}[.|. What do I answer?|]",
    "[After|By|On] solving {equation}, what [is|do I get for|do you find for] {x}?",
    "[Once|When] {equation} [is|has been] solved, {x} [equals|is|comes out as] [what|how much]?",
    "[Wanted|Sought|Asked|Unknown|To find]: {x}[. |, |; |\n][Known|Given|Condition|It holds "
    "that|Equation]: {equation}",
    "[Known|Condition|Fact|Premise]: {equation}[. |, |; |\n][Wanted|Sought|To find|Asked for]: {x}",
    "[solve|Solve|linsolve]({equation}, {x})",
    "{equation} => {x} = [?|___|...|_]",
    "{x} = [?|___|...|_] [if|where|for|when] {equation}",
    "Fill in the [gap|blank]: {equation}, [so|hence|therefore|thus] {x} = [___|...|?]",
    "[Bring|Get|Put] {equation} [to|into] the form {x} = [...|a number|something][.|]",
    "[Someone|A friend|The teacher] thought of a number, {x}, and [tells|told] me {equation}. "
    "[Which number was it|What was the number|What number is meant]?",
    "[A pair of scales|A scale|The balance] [is level|stays level|balances] when {equation}. "
    "[What|How much] is {x}?",
    "The [riddle|puzzle|note|card] [goes|reads|says] {equation}. [What|What number|Which "
    "value] stands behind {x}?",
    "[Behind|Under] the letter {x} in {equation} hides [a number|one number]. [Which|Which one|"
    "What is it]?",
    "There is [exactly |]one {x} with {equation}[. What is it|; which one|. Which number is that]?",
    "[Have a go at|Try your hand at|Give me a hand with|See to] {equation}[, please|; I need "
    "{x}|. What is {x}|]",
    "To [satisfy|fulfil|get|have] {equation}, [what|how large|how much] must {x} be?",
    "In {equation}, [what|how much|which number] is {x}?",
    "In {equation}, {x} [stands for|means|represents] [what|which number]?",
    "[The letter|The variable|A quantity] {x} [obeys|appears in|occurs in] {equation}. [Give "
    "its value|What value has it|What is its value][?|]",
    "Work backwards from {equation}: [what was|what is|which number is] {x}?",
    "[Answer|Reply] with {x} [only|alone|and nothing else][: |, where |, given ]{equation}",
    "What would {x} have to be for {equation}[ to be true|]?",
    "How does {equation} [resolve|come out|end|work out], [that is,|or rather,] [what is|how "
    "much is] {x}?",
    "{equation}\n[So what is {x}|Then {x} is what|Hence {x} = ...|Answer for {x}][?|]",
    "[Linear|Easy|First-degree|One-variable] equation, [variable {x}|unknown {x}|to be "
    "solved][: |\n]{equation}",
    "[With|Given|Under] [the condition|the constraint|the relation] {equation}, [find|give|"
    "compute|determine] {x}[.|]",
)
OWN_KO = (
    *requests(
        "{equation}[[을|를]|] 풀어",
        "[방정식|식|일차방정식|다음 방정식|등식] {equation}[[을|를]|] 풀어",
        "[방정식|식|일차방정식|] {equation}에서 {x}[를|의 값을|값을|가 얼마인지] "
        "[구해|찾아|알려|말해|계산해]",
        "{equation}일 때 {x}[를|의 값을|가 얼마인지] [구해|알려|말해|계산해]",
    ),
    f"{OPENING}{{equation}}[ 일 때|일 때| 이면|이면|이라면|에서| 라면] {{x}}[는|의 값은|값은] "
    f"{HOW_MUCH}",
    f"{OPENING}{{equation}}[ 일 때|이면|에서] {{x}}[는|의 값은] {WHAT}",
    f"{OPENING}[방정식|식|일차방정식|등식] {{equation}}의 [해|답|근|풀이 값]는 {WHAT}",
    "[다음|아래|이] [방정식|식|일차방정식|등식]을 [풀어 주세요|풀어 줘|풀어라|푸시오|푸세요|풀어 봐"
    "|풀어 줄래요][: |:\n|. |\n]{equation}",
    "[방정식|일차방정식|문제|수학|식][: | - |\n]{equation}[|, {x} = ?|, {x}는?|. {x}를 구하시오.]",
    "{x}[를 구해 줘|를 구하세요|를 구하시오|의 값은|를 찾아 주세요|를 계산해 주세요|는 얼마|값은]"
    "[: |:\n|? ]{equation}",
    "{equation}[\n|, ][{x}[을|를] 구하세요.|{x}는?|{x} 값은?|{x}의 값을 구하시오.|여기서 {x} "
    "구해 줘.]",
    "{x}는 어떤 수예요. {equation}[이|가] [성립해요|참이에요|맞아요]. {x}는 [얼마일까요|"
    "얼마인가요]?",
    "{x} = ? ({equation})[ 풀어 주세요| 답은?]",
    "[조건|주어진 식]: {equation}[, |. |\n][구할 것|구하는 것|미지수]: {x}",
    "[구할 것|미지수]: {x}[, |\n][조건|식]: {equation}",
    "{equation}[이|가] [성립하려면|참이 되려면|맞으려면] {x}[는|가] [얼마여야 하나요|몇이어야 "
    "해요|얼마여야 할까]?",
    "{equation}[을|를] 풀면 {x}는 [얼마가 나와요|몇이 되나요|얼마죠]?",
    "{x}에 [어떤 수를|무슨 수를|몇을] [넣으면|대입하면] {equation}[이|가] [맞아요|성립하나요|"
    "참이 되나요]?",
    "[선생님이|친구가] {equation}[이라고|라고] 했어요. {x}는 [몇인가요|얼마예요]?",
    "{equation}, [그러면|그럼|따라서] {x}는[?| 얼마?| 몇이죠?]",
)
HELD_OUT_EN = (
    "For which number {x} does {equation} hold?",
    "{x} is unknown and {equation}. Tell me {x}.",
    "Isolate {x} in {equation}",
    "The equation is {equation}. Its solution for {x}?",
)
HELD_OUT_KO = (
    "{equation}를 만족하는 {x}는 무엇인가요?",
    "미지수 {x}가 {equation}를 만족해. {x}를 찾아 줘.",
)
