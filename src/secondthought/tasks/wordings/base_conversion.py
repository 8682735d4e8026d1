"""How numbers to another base are asked for. Fields: {number}, {source} and {target} ("base 8", "
""octal")."""

from __future__ import annotations

from secondthought.tasks.templates import extended
from secondthought.tasks.wordings.frames import orders, things
from secondthought.tasks.wordings.korean import HOW_MUCH, OPENING, WHAT, requests

_NUMBER = (
    "[{number} [from|in|given in|written in|of] {source}|the {source} [number|number|numeral|value"
    "|figure] {number}|{source} {number}|{number} ({source})|{number}, [in|read in|a number in] "
    "{source},|{number}, a {source} number,|{source} [number|value]: {number},]"
)
_TO = "[to|to|into|to|into the form of|over to]"
_DIGITS = "[|||| notation| form| digits| representation]"
_FORM = "the {target} [form|representation|notation|spelling|equivalent|version|expansion|digits]"
_USUAL_EN = (
    *orders(
        f"[convert|convert|change|translate|transform|turn|switch|transfer|recode|bring|carry over"
        f"|move|transcribe|rework] {_NUMBER} {_TO} {{target}}",
        "[convert|change|translate|turn|bring] {number} from {source} [to|into] {target}",
        f"[write|express|give|represent|state|put|note|render|print|spell|display|encode|output"
        f"|write down|set down|formulate] {_NUMBER} in {{target}}{_DIGITS}",
        f"[find|determine|work out|compute|calculate|get|give|figure out] {_FORM} of {_NUMBER}",
        "[do|carry out|make|perform] [a|this|the] [base conversion|conversion|change of base"
        "|radix conversion][: |, ]{number} from {source} to {target}",
    ),
    *things(
        f"{_FORM} of {_NUMBER}",
        "{number} ({source}) in {target}",
        "{number} from {source} in {target}",
        "the {source} [number|value] {number} in {target}",
        "{source} {number} [in|as a number in|when written in|converted to|changed to|as] {target}",
        "the same number as {source} {number} in {target}",
    ),
    "How [do|would|can|should] [you|I|we|one] [write|express|represent|say|put|note|spell] "
    f"{_NUMBER} in {{target}}{_DIGITS}?",
    f"How is {_NUMBER} [written|expressed|represented|spelled|noted] in {{target}}?",
    f"What [does|would|will] {_NUMBER} [become|turn into|equal|read as|be|convert to|change to] in "
    "{target}?",
    "[Which|What] [number in {target}|{target} number|{target} value] [equals|is equal to|is"
    "|is the same as|corresponds to|stands for the same value as|matches] "
    "[{source} {number}|{number} in {source}|the {source} number {number}]?",
    "{number} in {source} [is what in|equals what in|makes what in|would be what in] {target}?",
    "{source} {number}[ to | -> | => | → | in | into | = ? in ]{target}",
    "{number}[ ({source})| {source}| in {source}|, {source}][ to | -> | => | → | in |, to |, into "
    "]{target}[|?]",
    "[base conversion|conversion|change of base|convert|radix|Convert|Conversion][: |, |\n]"
    "{number}[ from | in | (|, ]{source}[ to | -> |) to |) -> |, to | into ]{target}",
    "[number|value|digits|Number|Given|Input]: {number}[, |; |\n][from|source|base|in|Source|Base|"
    "it is in]: {source}[, |; |\n][to|target|into|wanted|convert to|Target|Wanted]: {target}",
    "[I have|There is|Here is|Given is|Take|We have|Look at|Consider|Let me give you] [the number"
    "|the value|a number,|the digits] {number} in {source}[. |; |, |\n][What is it|How is it "
    "written|What does it become|Write it|Convert it|Give it|Express it|Tell me what it is] "
    "in {target}[.|?|]",
    "[A computer|A programmer|My old calculator|A Martian|The display|A file|A machine] [writes|"
    "shows|stores|prints|counts] {number} in {source}. What [is that|would it be|do I write] in "
    "{target}?",
    "[Someone|A friend|My teacher] who [counts|calculates] in {source} writes {number}. How do "
    "[I|we] write the same number in {target}?",
    "{number}\n[This is {source}|That is {source}|The base is {source}|It's a {source} number]. "
    "[Convert it to|I need it in|Now in|Give me the|What is it in] {target}[.|, please.|]",
    "To {target}: {number}[, which is in| from| out of| (] {source}",
    "[Rewrite|Show|Express] [the {source} number |]{number}[ (it is given in {source})|"
    " (given in {source})| ({source})] in {target}.",
    "[What does|How does] {number}[ in {source}| ({source})] [look|read] in {target}?",
    "I [need|want|am after|would like] the {target} [form|digits|version|spelling] of a number "
    "that [reads|is written|looks like|is] {number} in {source}[.|]",
    "The {target} [equivalent|counterpart|way of writing] of {number}, [if|given that|when|as] "
    "{number} is [in|a number in|read in] {source}[?|]",
    "[If|When|Suppose|Given that|Knowing that|Assuming] {number} is [written in|in|a number in|"
    "expressed in] {source}, [what is it in|how is it written in|how do I write it in|what are "
    "its digits in|how does one put it in] {target}[?|]",
    "Once {number} has been [moved|taken|brought|carried] from {source} [to|over to|into] "
    "{target}, [what does it say|how does it read|which digits are there|what do we see]?",
    "[Reading|Taking|Understanding] {number} as [a number in {source}|{source}], [write|give|"
    "find|tell me] the [same value|same number|equal number] in {target}[.|]",
    "[Target base|Output base|New base|Wanted base|To]: {target}[, |; |\n|. ][source base|"
    "input base|old base|given base|from]: {source}[, |; |\n|. ][number|digits|value|input]: "
    "{number}",
    "[From|Out of] {source} [to|into] {target}: {number}",
    "{source} to {target}[: |, |\n]{number}",
    "[To|Into] {target} [from|out of] {source}: {number}",
    "{target} [is what I need|is wanted|is the base I want|, please]. The number [is|reads] "
    "{number}, [in|given in|written in] {source}[.|]",
    "My [homework|colleague|program|logbook|display] [uses|works in|is written in|keeps to] "
    "{source}, [I|we] [use|work in|prefer|only read] {target}. What does {number} become[| "
    "then| for me]?",
    "[A sign|A label|The meter|The panel|An old note|The log] [says|reads|shows] {number}, and "
    "[that is|it is|this is] {source}. [Write that|Give that|What is that|Say it] in "
    "{target}[.|?|]",
    "[We|The people here|They|My students] [count in|calculate in|write all numbers in] "
    "{target}. How would {number} ([from|in|a number in] {source}) [be written|look|read] "
    "[here|there|then]?",
    "{number}: [first|at the moment|so far|now] in {source}, [then|soon|afterwards|next] in "
    "{target}. [How does it read then|What are the new digits|What is the new form|What does "
    "it turn into]?",
    "Two ways to write one number: {source} {number}, {target} [___|...|?]",
    "{source} {number} = {target} [?|___|...|_]",
    "{target} [___|?|...|_] = {source} {number}",
    "[Fill in|Complete|Fill the gap]: {number} in {source} [=|is|equals|corresponds to] [___|"
    "...|_] in {target}[.|]",
    "[The base|The radix|The number system] [changes|goes|switches] from {source} to {target}, "
    "[the value stays|the amount is the same|the number itself remains]. What [happens to|"
    "becomes of|do we write for] {number}?",
    "Keep the value of {number} but [change|switch] its base from {source} to {target}[.|]",
    "[Leave|Drop|Quit] {source} and [go to|switch to|use|take] {target}[: | for |; the number "
    "is ]{number}",
    "{number} [was|has been|got] [written|noted|typed|entered|stored] in {source}[. |; ][I "
    "need it in|It should be in|We want it in|What is it in] {target}[.|?|]",
    "[Which|What] digits [would|do] [I|you|we] [write|need|see|put down] in {target} for [the "
    "{source} number|{source}|the {source} value] {number}?",
    "[Someone|A student|A robot|My friend] who [only knows|only reads|thinks in|always uses] "
    "{target} [must|has to|wants to] [understand|read|note] {source} {number}. What [should|"
    "do] they [write|see]?",
    "Suppose a [clock|counter|machine] [counts|runs] in {source} and [shows|stands at|has "
    "reached] {number}. [A second one|Another one|Its twin] [counts|runs] in {target}. What "
    "does it [show|say] at the same [moment|count]?",
    "[The answer|Your answer|The result] [must|should|has to] be in {target}[. |: |; ][the "
    "number|what is given] is {number} [in|from] {source}[.|]",
    "{number}[, |; ]{source}[, |; ][wanted in|asked for in|to be given in|answer in] {target}[.|]",
    "[convert|change_base|to_base|rebase]({number}, from={source}, to={target})",
    "{number} ({source}) [==>|~>|>>] ({target})",
    "[Same number|Same value|Same amount], [other|different|new] base: {number} in {source}, "
    "[what in|how in|and in] {target}[?|]",
    "The number {number} [belongs to|comes from|is part of] a [table|list|text] in {source}. "
    "[Move|Transfer|Copy] it to a [table|list|text] in {target}[.|: what do I write there?|]",
    "As [someone used to|a fan of|a friend of] {target}, how [do|would|should] I write "
    "{number}, which is [in|given in|a number in] {source}?",
    "How [much|many] is {number} in {source}, [said|told|counted|expressed] in {target}?",
    "[What|Which] is [right|the correct form|the proper way] in {target} for a value [that is|"
    "which is|written] {number} in {source}?",
    "[Here|Below] is a number in {source}[:|.]\n{number}\n[And in {target}|Now the same in "
    "{target}|Write it in {target}|What is it in {target}][?|.|]",
    "A number, {number}, is [written|given|known] in {source}, but the [form|program|teacher|"
    "table] [accepts|takes|wants|allows] only {target}. [What do I enter|What should I write|"
    "What goes in]?",
    "[Starting from|Beginning with|Coming from] {source} {number}, [what do I reach|where do I "
    "end up|what comes out|what do I get] in {target}?",
)
# Here the number stands behind the bases, too, and {noise} is any word.
_ANY = "{noise}"
_SEE = (
    "[What are its digits|How is it written|What is it|What does it become|Which digits are they"
    "|What do I write|What stands there|What should it be|Give the digits|Write it down]"
)
_NUM = (
    "[{source} {number}|the {source} number {number}|{number} in {source}|{number} ({source})"
    "|{number} (in {source})|the number {number}, now in {source}]"
)
_MORE_EN = (
    "[Express|Put|Give|Convert|Write|Say|Change|Move] {number} [in|to|into] {target}[; |, |. ][it"
    "|the number|what I gave] is [written|noted|stated|read|put down|a number] in {source}[.|]",
    "[Express|Put|Give|Convert|Write|Rewrite|Change] [in|to|into] {target}[: |; |, ]{number}[; |, |"
    ". ][it|the number] is [written|noted|stated|given|read] in {source}[.|]",
    "[This|The|Your|A] number is {number}, [noted|given|stated|put down] in {source}. [Write|Put"
    "|Give|Say|Print|Bring] it in {target}[.|, please.|]",
    "In {target}, [how|in what form] [would|will|does|might] [the {source} number |]{number}[ in "
    "{source}|, a {source} number,|, which is {source},] [read|look|be written|appear]?",
    "[In|Into] {target}, please: {number}[, | (|; ][from|given in|now in|a number in] {source}[|.]",
    f"[How|In which way], in {{target}}, [do|would|should|must] [I|we|you|they] [write|put|note"
    f"|spell|state] {_NUM}?",
    f"[Into|To] {{target}} [convert|turn|change|bring|translate|transfer] {_NUM}[.|]",
    "[My|The|This|Our|Your] [program|table|form|{noise}|{noise} club] [takes|accepts|knows|wants] "
    "[only {target}|nothing but {target}|numbers in {target}]. [I have|I was given|The number is"
    "|What I have is] {number}[, | ]in {source}[. |; ]" + _SEE + "[?|.| then?]",
    "[My|The|This|Our|A] [{noise}|{noise} club|{noise} teacher|old {noise}] [wrote|has|shows"
    "|showed|holds|prints] {number} [in|using|by] {source}[. |; ][In {target}|With {target}"
    "|Using {target}], [what are the digits|what would it write|what is that|how is it written]?",
    "[Number|Value|Digits|Figure][: | = ]{number}[. |, |\n]It is [written|given|stated|noted] in "
    "{source}[. |; |, ][and should be|but I want it|and must go|Bring it|Put it] [in|into] {target}"
    "[.|]",
    "{number} is [written|given|stated|the number] in {source}[; |. |, but ][change|turn|convert"
    "|bring|move|put] it [to|into] {target}[.|, please.|]",
    "[Display|Print|State|Put|Say|Spell out] in {target} [what|the number that|the value that] "
    "[is|reads|is written|stands as] {number} in {source}[.|]",
    "[Display|Print|State|Put|Give|Write], in {target}, " + _NUM + "[.|]",
    "[Which|What] [digits|number|string of digits] [in|of] {target} [is|are|make|gives|give] the "
    f"[same value as|same amount as|equal of] {_NUM}?",
    "[From|Out of|Leaving] {source}[, | ]the number {number} [goes|moves|is brought|travels] "
    "[to|into|over to] {target}[. |: |; ]" + _SEE + "[?|.]",
    "[From|Source|Old base|Given in][: | = ]{source}\n[To|Target|New base|Wanted in][: | = ]"
    "{target}\n[Number|Digits|Value][: | = ]{number}[|\nResult:|\nAnswer?|\nDigits?]",
    "[Number|Digits|Value][: | = ]{number}\n[To|Target|New base|Wanted in][: | = ]{target}\n[From"
    "|Source|Old base|Given in][: | = ]{source}[|\nResult:|\nAnswer?|\nDigits?]",
    "[To|Target|New base|Wanted in][: | = ]{target}\n[Number|Digits|Value][: | = ]{number}\n[From"
    "|Source|Old base|Given in][: | = ]{source}[|\nResult:|\nAnswer?|\nDigits?]",
    "[conversion|switch|move|translation] [of base|of the number system|of notation]: [from "
    "{source} to {target}, the number {number}|{target} out of {source}, {number}|{source}, "
    "{number}, [now|then] {target}|{target}, [before|old] {source}, {number}]",
    "[As|Like|For] [a|my|the] {noise} I [count|think|work] in {target}[. |; ][Tell me|What is|Give "
    f"me|How do I read] {_NUM}[?|.]",
    f"[Before|After|While|Because|Although] the {_ANY} [starts|is over|arrives|breaks|sleeps], "
    f"[convert|change|translate|turn] {_NUM} [to|into] {{target}}[.|]",
    f"[Convert|Change|Translate|Turn] {_NUM} [to|into] {{target}} [before|after|while|because|for] "
    f"the {_ANY} [starts|is over|arrives|breaks|comes][.|]",
    f"[For|On] [a|the|my|our] {_ANY} I need the {{target}} [digits|form|spelling|version] of "
    f"{_NUM}[.|]",
    f"[On|In|Under|Beside] the {_ANY} [stands|is|was|I read|we found] {{number}}, [and that is"
    "|written in|which is|of course in] {source}. In {target}[ that is| it is| it would be|, what "
    "is it]?",
    "[With|Using|Taking|If we use] {target} [instead of|in place of|rather than|and not] {source}, "
    "[how does {number} [read|look]|what does {number} [become|turn into]]?",
    "[Instead of|In place of|Rather than] {source}, [use|take|choose] {target} [to write|for|when "
    "you write] {number}[.|. " + _SEE + "?]",
    "{target} [digits|form|spelling]? {number} [in|is in|comes from|is from] {source}[.|]",
    "{number} [has|is to have|should get|will get] [another|a new|the other] base: {source} "
    "before, {target} [now|afterwards|then]. " + _SEE + "[?|.]",
    "[The value|The amount|The number of {noise} signs|The count] is {number}, [if|when|as] [one"
    "|you|we] [counts|count|reckon] in {source}. [And|But|What] [if|when] [one|you|we] [counts"
    "|count|reckon] in {target}?",
    "[Someone|A friend|The {noise}|My {noise}] who [reads|knows|likes] [only|just] {target} [asks"
    f"|wonders|wants to know] what {_NUM} [is|means|would be][. |; ]{_SEE}[?|.]",
    "[Two|The two] [clerks|friends|machines] [count|note] the same {noise}: the [first|one] in "
    "{source}, the [second|other] in {target}. The [first|one] [has|notes|writes] {number}. [The "
    "[second|other]|And the [second|other]|What does the [second|other] [have|note|write]]?",
    "[Two|The two] [clerks|friends|machines] [count|note] the same {noise}: the [first|one] in "
    "{target}, the [second|other] in {source}. The [second|other] [has|notes|writes] {number}. "
    "What does the [first|one] [have|note|write]?",
)
_PLAIN_EN = (
    "Convert {number} from {source} to {target}.",
    "Convert {number} from {source} to {target}",
    "Convert {source} {number} to {target}.",
    "Convert the {source} number {number} to {target}.",
    "What is {source} {number} in {target}?",
    "What is {number} in {source} in {target}?",
    "What is the {source} number {number} in {target}?",
    "What is {number} ({source}) in {target}?",
    "{source} {number} to {target}",
    "{number} from {source} to {target}",
)
OWN_EN = extended(_USUAL_EN, _MORE_EN, plain=_PLAIN_EN)
# A number whose base is not told is decimal.
DECIMAL_EN = (
    "Convert {number} to {target}.",
    "Convert {number} to {target}",
    "Convert the number {number} to {target}.",
    "Convert {number} into {target}.",
    "What is {number} in {target}?",
    "What's {number} in {target}?",
    "How do you write {number} in {target}?",
    "How is {number} written in {target}?",
    "Write {number} in {target}.",
    "Write the number {number} in {target}.",
    "Express {number} in {target}",
    "{number} in {target}",
    "{number} in {target}?",
    "{number} to {target}",
    "Give me {number} in {target}.",
    "Turn {number} into {target}.",
)
DECIMAL_KO = (
    "{number}[을|를] {target}으로 바꿔 줘.",
    "{number}[을|를] {target}으로 나타내 줘.",
    "{number}[은|는] {target}으로 얼마인가요?",
    "{number}[을|를] {target}으로 쓰면?",
)
_NUM_KO = (
    "[{source} 수 {number}|{source} {number}|{source}의 {number}|{source} 숫자 {number}"
    "|{source}으로 쓴 {number}|{source}으로 나타낸 수 {number}|{source}으로 된 {number}]"
)
_USUAL_KO = (
    *requests(
        f"{_NUM_KO}[[을|를]|, ] {{target}}[으로|으로|으로 된 수로|수로|의 수로] [바꿔|변환해|고쳐"
        "|나타내|써|적어|표현해|옮겨|전환해|표기해]",
        "{number}[을|를] {source}에서 {target}으로 [바꿔|변환해|옮겨|고쳐]",
        f"{_NUM_KO}[을|를] {{target}}으로 [바꾼|변환한|나타낸|쓴] [값|수|결과][을|를] [알려|말해"
        f"|구해]",
        f"{_NUM_KO}[이|가] {{target}}으로 [얼마인지|무엇인지|몇인지|어떻게 되는지] [알려|말해]",
    ),
    f"{OPENING}{_NUM_KO}[[은|는]|, ] {{target}}[으로|으로는|으로 하면|으로 바꾸면|으로 쓰면"
    f"|으로 나타내면|으로 변환하면|에서는] {WHAT}",
    f"{OPENING}{_NUM_KO}[은|는] {{target}}으로 {HOW_MUCH}",
    "[진법 변환|진법 바꾸기|변환|진수 변환|진법 문제][: | - |\n]{source} {number}"
    "[ -> | → | 에서 |, ]{target}[|으로]",
    "{source} {number}[ -> | → | => |, |를 ]{target}[|으로|으로?|으로 변환]",
    "{target}으로 [쓰면|바꾸면|나타내면|변환하면]? {source} {number}",
    "{source}[에서 |의 ]{number}, [이 수를|이것을|이걸] {target}으로 [바꾸시오|쓰시오|나타내시오"
    "|변환하세요|바꾸세요|나타내세요].",
    "{target}으로 [바꾸고 싶어요|적어야 해요|나타내고 싶어요|써야 해요]. [수는|원래 수는|"
    "숫자는] {source}으로 {number}[이에요|입니다|].",
    "[친구가|컴퓨터가|기계가|선생님이] {source}으로 {number}[을|를] [썼어요|적었어요|보여 "
    "줬어요]. {target}으로는 [어떻게 쓰나요|뭐라고 쓰나요|어떻게 되나요]?",
    "{number}[이|가] {source} [수라면|수일 때|수이면] {target}으로는 [어떻게 써요|어떻게 "
    "되나요|뭐가 되죠|얼마죠]?",
    "{target}[: |은? |으로 하면? ]{number} ({source})",
    "[원래 진법|입력 진법]: {source}, [새 진법|출력 진법]: {target}, [수|숫자]: {number}",
    "[새 진법|목표 진법]: {target}\n[지금 진법|현재 진법]: {source}\n[수|숫자]: {number}",
    "{source}에서 {target}으로: {number}",
    "같은 수를 {source}으로 쓰면 {number}, {target}으로 쓰면 [얼마|무엇|어떤 수]인가요?",
    "우리는 {target}을 써요. {source} {number}[은|는] 우리식으로 [어떻게 쓸까요|얼마일까요]?",
    "{number}, {source}[. |, ]{target}[으로 부탁해요|으로 알려 줘|으로 답해 주세요]",
)
_MORE_KO = (
    "{target}으로 [써|적어|바꿔|나타내] [주세요|줘][: |. |:\n]{number} ({source})",
    "{number}. [이 숫자는|이것은|이건] {source} [숫자예요|숫자야|표기예요]. {target}[으로 바꿔 줘"
    "|으로 적어 주세요|으로 하면 어떻게 돼요?]",
    "{noise} [위에|옆에|안에] {source} {number}[이라고|라고] [쓰여|적혀] 있어요. {target}으로 "
    "[바꾸면|고치면|적으면] [얼마예요?|무엇인가요?|어떻게 되나요?]",
    "[새|바꿀] 진법은 {target}, [원래|지금] 진법은 {source}, [수는|숫자는] {number}[예요.|입니다.]",
    "{source} 말고 {target}으로 {number}[을|를] [적으면|쓰면] [어떻게 돼요?|어떻게 되나요?|뭐야?]",
)
OWN_KO = extended(_USUAL_KO, _MORE_KO)
HELD_OUT_EN = (
    "Rewrite {number} in {target}; it is given in {source}.",
    "My number is {number}, written in {source}. Show it in {target}.",
    "In {target}, what does the {source} number {number} look like?",
    "base change please: {number}, {source}, to {target}",
)
HELD_OUT_KO = (
    "{number} 이 수는 {source} 수입니다. {target}으로는 얼마인가요?",
    "{target} 표기로 고쳐 주세요: {source} {number} 고치면?",
)
