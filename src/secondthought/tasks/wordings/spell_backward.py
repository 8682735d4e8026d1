"""How words spelled backward are asked for. Field: {word}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
from secondthought.tasks.wordings.backward import MORE_EN, NOUN, THEN, TURN, TURNED, Q
from secondthought.tasks.wordings.frames import capitalised, orders, things
from secondthought.tasks.wordings.korean import OPENING, WHAT, requests

_BACK = (
    "[backward|backwards|backwards|in reverse|in reverse order|the wrong way round|from back to"
    " front|back to front|from right to left|right to left|from end to start|end to beginning"
    "|from the last letter to the first|last letter first|inverted|with its letters reversed"
    "|with the letters in opposite order]"
)
_W = "[{word}|{word}|\"{word}\"|'{word}'|the word {word}|the word \"{word}\"|the word '{word}']"
_WORD = "[word|word|string|name|term|letters|piece of text|text]"
_END = '[: |:\n|:\n\n| ][{word}|"{word}"]'
_WHOM = (
    "[my aunt|the captain|a pupil|our neighbour|Tom|Nina|the waiter|a child|Grandpa|the clerk|a "
    "robot|the coach|Mr Brown|a stranger|the baker|her cousin|the pilot|somebody|An actor|the "
    "gardener]"
)
_WHO = capitalised(_WHOM)
_TURNING = (
    "[reversing|turning round|inverting|spelling backwards|putting in reverse|writing backwards"
    "|reading backwards]"
)
_SHAPES_EN = (
    f"[Take|Grab|Pick|Use|Choose|Start with|Here, have] {Q} [and|, then|, and now] {TURN}[.|!|]",
    "[Once|When|After|As soon as|If] [you have|we have|somebody has|the machine has] [read|seen"
    f"|heard|got|copied|typed|received] {Q}, {TURN}[.|]",
    f"[Once|When|After|As soon as|If] {Q} [has been|is|gets|was] {TURNED}, [what|what exactly] "
    "[is left|is it|stands there|do you see|does it say|have we got]?",
    "[What|Which string|Which word|What string] [is left|appears|stands there|do we see|results"
    f"|remains] [once|when|after|as soon as|if] {Q} [has been|is|gets|was] {TURNED}?",
    f"[By|Through|After] {_TURNING} {Q} [we|you|I] [obtain|reach|get|end up with|arrive at"
    "|make] [what|which word|which string|what text]?",
    "[What|Which string|Which word] [do|will|can|would] [we|you|I|one] [obtain|reach|get|end up "
    f"with|make] [by|through|after|from] {_TURNING} {Q}?",
    f"The {NOUN} {Q} [must|should|needs to|has to|ought to|is to|will] be {TURNED}. {THEN}[?|.]",
    "[On|Over|Above|Beside|Under] the [door|gate|shop|window|cake|ship|tent|lamp|box|bench] "
    "[somebody|an artist|a boy|my uncle|the owner] [painted|stamped|carved|printed|put|wrote"
    f"|hung] {Q}, but {TURNED}. [What|Which letters|What string] can [people|we|visitors|I] "
    "[see|read] there?",
    f"{_WHO} [says|shouts|whispers|repeats|calls|sings|tells me] {Q}, [and|but] [I am to|I must"
    f"|you have to|you should|we are to] {TURN}. {THEN}[?|.]",
    "A [parrot|robot|recorder|doll|ghost|toy] [says|repeats|plays|speaks] [everything|all words"
    "|each word|whatever it hears] backwards. [It hears|I say|We tell it|Somebody says|Now it is "
    f"told] {Q}[. |; ][What does it say|What does it answer|What do we hear|What comes out]?",
    f"[Feed|Give|Hand|Pass|Send|Show] {Q} to a [machine|program|robot|printer|box|function] "
    "that [reverses|turns round|inverts] [words|every word|all it is given|its input]; [what"
    "|which string] [comes back|does it return|does it print|do I receive]?",
    "[A|My|The|This] [machine|program|printer|robot|script|stamp] [that reverses words|which "
    "turns every word round|that prints each word backwards|which writes from right to left] [is "
    f"given|gets|receives|is fed|takes in|has just read] {Q}. {THEN}[?|.]",
    "[In|With|Using] [his|her|our|a|their] secret [language|writing|speech], [where|in which|in "
    "that] [words are spelled backwards|every word is turned round|all words run from right to "
    f"left], how [would|does|will] {_WHOM} [say|write|put] {Q}?",
    "[Suppose|Imagine|Assume|Say|Picture this:] [I|you|we|they] [wrote|typed|stamped|printed"
    f"|painted|spelled] {Q} [from right to left|in reverse|backwards|back to front]. {THEN}[?"
    "|.]",
    f"[Suppose|Imagine|Assume] [that |]{Q} [stands|is printed|is written|appears] on [glass|a "
    f"card|a shirt|paper|a cup] [in reverse|backwards|from right to left]. {THEN}[?|.]",
    f"For [the {NOUN}|our {NOUN}|this {NOUN}:|my {NOUN}] {Q}, [write|give|print|produce"
    "|send|find|note] the [reverse|reversal|reversed spelling|backward spelling|spelling in "
    "reverse|inverted form][.|]",
    f"[To|For] {_WHOM}, {Q} [is|looks|reads] [right only when|fine only if|good only if] it is "
    f"{TURNED}. {THEN}[?|.]",
    f"{Q} [is|was] [a|the|her|my|his|our] {NOUN} [that|which] [should be|must be|has to be|I "
    f"want to see|we need|someone wants] {TURNED}. {THEN}[?|.]",
    f"{Q} [is what|was what] {_WHOM} [said|wrote|heard|saw|sent|found|read out]. [Please |Now "
    "|][reverse|turn round|invert] [that|it][.|]",
    f"{Q} is [the|my|a|our] {NOUN}[. |; |: |, so ][please |now |]{TURN}[.|]",
    f"{Q}[: | - |; |, ][please |now |can you |]{TURN}[.|!|?|]",
    f"{Q} - [that|this|it] [needs|wants] [reversing|to be {TURNED}|inverting]. {THEN}[?|.]",
    f"({Q}) [{TURN}|please {TURN}|now {TURN}][.|]",
    f"[I|We] [see|hear|read|find|remember|have] {Q} [here|on the screen|in the book|on my list"
    f"|at the top|in line two][. |, ][and now |][please |]{TURN}[.|]",
    f"[I|We] [see|hear|read|find|need|want|have] {Q}, [only|just|but] {TURNED}. {THEN}[?|.]",
    "[There is|There was|I found|We saw|They hung up] a [sign|card|sticker|poster|board|badge] "
    f"[that says|saying|which reads|with] {Q}. [Spell|Write|Read|Give|Print] [it|this|that] "
    "[back to front|backwards|in reverse|from right to left][.| for me.]",
    "[A|The] [sign|card|sticker|poster|board|badge|screen|telegram] [shows|says|has|bears|reads"
    f"|spells] {Q}. [What is the result|What comes out|What do I get|What will it be|What does "
    f"it say] [if|when|once|after] [I|you|we] {TURN}?",
    f"Let {Q} be {TURNED}[. |: ]{THEN}[?|.]",
    f"[Print|Paint|Stamp|Draw|Write|Scribble|Put down|Show|Set|Engrave] {Q} [for me|here|on the "
    "next line|below|as your answer], [but|only] [backwards|in reverse|from right to left|with "
    "the letters in opposite order|back to front][.|]",
    "[Backwards|In reverse|From right to left|Back to front|Inverted|Reversed|With its letters "
    f"turned round], [how|in what way] [does|would|will|might] {Q} [look|read|be written|sound"
    "|be spelled]?",
    f"[Backwards|In reverse|From right to left|Back to front|Reversed], {Q} [is|reads|becomes"
    "|says|turns into|looks like|would be] [what|which word|what string]?",
    f"[Backwards|In reverse|From right to left|Back to front], please[: |, | - ]{Q}",
    "[Letters|The letters|All letters] in [opposite|reverse|inverse|backward] order[, please|][: "
    f"|:\n| - ]{Q}",
    "[Last letter|Hindmost letter|Rear letter] in front, front letter [last|at the back], all "
    f"[others|the rest] likewise: [how does {Q} look|what does {Q} become|how would {Q} read"
    f"|what is {Q} then]?",
    f"[The letters|All the letters|The characters] [of|in] {Q} [change|swap|trade] places: the "
    "[last|rear] one [goes|moves|steps] to the front, the one before it [comes|goes] [next"
    f"|second], and so on. {THEN}[?|.]",
    f"[Walk|Go|Move|Step|March] [through|along|over] {Q} [from|beginning at] its [tail|rear"
    "|right end|right side] and [note|write|say|collect|copy] [each|every] letter [you meet|on "
    "the way|you pass][.|]",
    f"[What is|What's] the [opposite|inverse|reverse] of {Q}, [I mean|meaning|that is], [the "
    "letters in reverse|letters from right to left|spelled backwards]?",
    "If [right were left|a book ran from right to left|we wrote from right to left|time ran in "
    f"reverse and you said it], how would [one|you|we|people] [write|spell] {Q}?",
    "[Someone|A friend|My son|The teacher|A player] [asks|wants to know|would like to hear|is "
    f"asking] how [the {NOUN} |]{Q} [sounds|reads|looks] [backwards|in reverse|from right to "
    "left][. |; ][Tell them|What do I say|Answer it][.|]",
    f"[I keep|I am keeping|We hide|We store|We have] {Q} in a [box|file|safe|drawer], [spelled "
    "backwards|reversed|written in reverse]. [What|Which string] [is|stands] on the [paper|slip"
    "|page|label]?",
    f"Because [nobody|no one|no guest] [may|should|must] [read|know|see] it, the {NOUN} {Q} "
    f"was {TURNED}. {THEN}[?|.]",
    "[What|Which string] [would|will|does] [a|the] [program|function|loop] [return|print|output"
    f"|give] that reverses {Q}?",
    f"[Input|Entry|Word|Token|Code|Label|Given|Name][: | = | - | -> ]{Q}\n[Wanted|Needed|Output"
    "|To do|Task|Goal][: | = | - ][the reverse|reversed letters|the same letters from right to "
    "left|its backward spelling|letters in opposite order|spelling in reverse]",
    "[Wanted|Needed|Output|To do|Task|Goal|Job][: | - ][the reverse|reversed letters|letters "
    "from right to left|backward spelling|letters in opposite order]\n[Input|Entry|Word|Token"
    "|Code|Label|Given|Name][: | = | - ]{word}",
    "[Below|Here|Next|In the next line] [is|comes|you see|you find|stands] [a|my|the|our] "
    f"{NOUN}[. |; |, ][please |][{TURN}|I want it reversed|it should be turned round][."
    "|:]\n{word}",
    f"{{word}}\n[That|The {NOUN} above|The line above|What you see above|My {NOUN}] [should"
    f"|must|has to|needs to] be {TURNED}[. {THEN}?|.|]",
    f"[Do you see|Have you read|Can you read|Did you get|Do you know] {Q}? [Then |Good, |Now "
    f"|]{TURN}[.|]",
    f"[Not|I do not want] {Q}[ itself|] but its [reverse|reversal|letters in reverse|backward "
    "spelling|letters from right to left][ please|, please|.|]",
)
_USUAL_EN = (
    *orders(
        f"[spell|spell|write|type|say|read|print|put|give|write down|spell out|write out|output"
        f"|pronounce|note|recite|render|copy] {_W} {_BACK}",
        f"[spell|write|type|say|read|print|give|spell out|write out|copy|repeat] [this|the "
        f"following"
        f"|my|the given|this funny] {_WORD} {_BACK}{_END}",
        f"[reverse|invert|turn around|turn round|mirror the spelling of|swap round|switch round"
        f"|put back to front|back-spell] {_W}",
        f"[reverse|invert|turn around|turn round] [this|the following|the given|my] {_WORD}{_END}",
        f"[reverse|invert|turn around|switch round] the [letters|spelling|characters|order of the "
        f"letters|letter order|sequence of letters] [of|in] {_W}",
        f"[give|tell|show|write|produce|make|find|get] [me |]the [reverse|reversal|reversed form"
        f"|reversed spelling|backward spelling|mirrored spelling|inverse] of {_W}",
        f"[write|give|put|print|list|say|take|spell] the letters of {_W} {_BACK}, as one word",
        f"[start with the last letter of|begin at the end of|go from the end of] {_W} and "
        "[spell|write|read|go] [back|back to its first letter|towards the front|to the start]",
        f"[turn|flip round|rotate|spin] {_W} [so that it reads the other way round|round, letter "
        "by letter|back to front|from tail to head]",
    ),
    *things(
        f"{_W} [spelled|spelt|written|read|typed|said|printed] {_BACK}",
        f"{_W} {_BACK}",
        "the [reverse|reversal|reversed form|backward spelling|reversed spelling] of "
        '["{word}"|\'{word}\'|the word "{word}"|the word {word}|{word}]',
    ),
    f"How [do|would|can|should] [you|I|we|one] [spell|write|type|say|read] {_W} {_BACK}?",
    f"How is {_W} [spelled|spelt|written|read] {_BACK}?",
    f"What [does|would] {_W} [read|look like|become|say|be|spell] [{_BACK}|when reversed|if you "
    "reverse it|when you turn it round|if it is turned around]?",
    f"What [do|would|will] [you|I|we] get [if|when] [you|I|we] [spell|write|read|say|put|type] "
    f"{_W}[ backwards| in reverse| the other way round]?",
    f"[If|When] [I|you|we] [spell|write|read|type] {_W} {_BACK}, what [do I get|comes out|is it"
    "|does it say|is the result]?",
    "[{word}|\"{word}\"|'{word}'][ |, |: ][backwards|backward|in reverse|reversed|the other way "
    "round|back to front|spelled backwards][?|, please|]",
    "[reverse|backwards|backward|reversed|in reverse|Reverse|Backwards|Spell backward|invert"
    '|Reverse word|spell in reverse|write backwards][: |:\n| - ][{word}|"{word}"]',
    "reverse([{word}|\"{word}\"|'{word}'])",
    "[Word|Given|Input|String|Text|Word to reverse]: {word}\n[Reverse it.|Backwards?|Reversed:"
    "|Output: the reverse|Spell it backwards.|In reverse?|Write it back to front.|Last letter first"
    "?]",
    "{word}\n[Spell this backwards|Reverse it|Write this in reverse|Now the other way round"
    "|Write it back to front|How is that spelled backward|Turn the letters around][.|]",
    '[Take|Here is|Look at|I have|Consider|We have] the word [{word}|"{word}"][. |; |, ]'
    "[Reverse it|Spell it backwards|What is it backwards|Write it from right to left"
    "|Now say it in reverse|How does it read backwards|Give it back to front][.|]",
    "[My|The] [secret word|password hint|street|cat|code name|team name] is {word}[ |, but |; ]"
    "[spelled|written|spelt] backwards it is what?",
    "Which [word|string|name|term] [appears|comes out|do I get|results] [when|if] [you|I|we]"
    f" [flip|mirror|turn round|reverse|invert] {_W}?",
    f"[Flip|Mirror|Turn|Swap] [the letters of |the order of |]{_W}[ |: ][final letter first"
    "|first letter last|the last letter has to come first|so that the end comes first|so"
    " that it runs backwards].",
    "[Starting|Beginning|Start|Begin] [with|from] [its|the] [final|last] letter, [write"
    f"|spell|read|list|type|give me] {_W}[ without gaps| without blanks| letter for letter|].",
    f"[How does|How would] {_W} [run|go|look|read] [the other way|from its final letter|in a"
    " mirror|mirrored|flipped]?",
    f"[List|Write|Print|Give] [the letters of |]{_W} [without gaps|as one string|with no"
    " gaps], [final|last] letter first.",
    f"Which [reversed word|string] is {_W} [in the mirror|when it is flipped|when it runs"
    " from right to left]?",
    *_SHAPES_EN,
)
# fmt: off
_PLAIN_EN = (
    "Spell {word} backwards.", "Spell {word} backwards", "Spell {word} backward.",
    "Spell the word {word} backwards.", 'Spell "{word}" backwards.', "Spell {word} in reverse.",
    "Reverse {word}", "Reverse the word {word}.", "Reverse the letters of {word}.",
    "Write {word} backwards.", "What is {word} backwards?", "What is {word} spelled backwards?",
    "What is the reverse of {word}?", "How do you spell {word} backwards?",
    "{word} backwards", "{word} in reverse",
)
# fmt: on
OWN_EN = extended(_USUAL_EN, MORE_EN, plain=_PLAIN_EN)
_W_KO = "[{word}|{word}|\"{word}\"|'{word}'|단어 {word}|영어 단어 {word}|낱말 {word}]"
_BACK_KO = "[거꾸로|거꾸로|뒤에서부터|반대로|역순으로|뒤집어서|끝에서부터|오른쪽에서 왼쪽으로]"
_SHAPES_KO = (
    '[칠판에|문에|간판에|종이에|화면에|카드에|상자에] [{word}|"{word}"][이라고|라고] [쓰여|적혀] '
    f"있어요. [이걸|이것을] {_BACK_KO} [쓰면|읽으면|적으면] {WHAT}",
    '[친구가|선생님이|동생이|로봇이|누가] [{word}|"{word}"][이라고|라고] [말했어요|했어|썼어요'
    "|보냈어요]. [그 말을|그것을|그걸] [뒤집어|거꾸로 써|거꾸로 적어] [주세요.|줘.|봐.]",
    "[앵무새가|기계가|로봇이|프로그램이] [들은 말을|단어를|글자를] [거꾸로|반대로|뒤집어] "
    '[말해요|출력해요|돌려줘요]. [{word}|"{word}"][을(를)|] [들으면|넣으면|입력하면] [뭐라고 '
    "할까요?|무엇이 나올까요?|어떻게 되나요?|뭐가 나와?]",
    '[{word}|"{word}"][: | - |, ][이 이름을|이 코드를|이 말을|이것을|이 낱말을] [뒤집어|거꾸로 '
    "읽어|거꾸로 적어|역순으로 써] [주세요.|줘.|보세요.|줄래?]",
    "[이름|코드|꼬리표|별명|암호|제목|상표]: {word}\n[할 일|요청|문제]: [글자를 역순으로|거꾸로 "
    "쓰기|뒤집기|오른쪽에서 왼쪽으로 읽기]",
    "[역순으로|거꾸로|반대 순서로|오른쪽에서 왼쪽으로] [읽어|써|적어] [주세요|줘|보세요][. |: "
    "|:\n]{word}",
    '만약 [{word}|"{word}"]의 글자를 [모두 뒤집는다면|거꾸로 늘어놓는다면|반대로 쓴다면] '
    f"{WHAT}",
    f'[{{word}}|"{{word}}"][이라는|라는] [이름|말|단어|표지|코드][이|가] 있는데, {_BACK_KO} [쓴 '
    "것이|읽은 것이|적은 것이] [궁금해요.|필요해요.|알고 싶어요.]",
    '[우리|비밀|외계인의] [언어|나라]에서는 [단어를|모든 말을] 거꾸로 써요. [{word}|"{word}"][은'
    "|는] [어떻게 쓸까요?|어떻게 적나요?|어떻게 되나요?|어떻게 써?]",
    f'[저는|나는] [{{word}}|"{{word}}"][을(를)|] [봤어요|읽었어|들었어요]. {_BACK_KO} [하면|쓰면'
    "|읽으면] [어떻게 돼요?|뭐가 돼?|무엇이 될까요?]",
)
_USUAL_KO = (
    *requests(
        f"{_W_KO}[을(를)|[을|를]|[을|를]|] {_BACK_KO} [써|적어|읽어|말해|입력해|출력해]",
        f"{_W_KO}의 [철자|글자 순서|글자|스펠링|알파벳 순서|철자 순서][을|를] [뒤집어|거꾸로 해"
        f"|반대로 해"
        "|거꾸로 써|바꿔 거꾸로 적어]",
        f"{_W_KO}[을(를)|[을|를]] [뒤집어|거꾸로 뒤집어|반대로 뒤집어]",
        f"{_W_KO}[을(를)|[을|를]] {_BACK_KO} [쓴|적은|읽은] [것|결과|단어]을 [알려|말해|보여]",
    ),
    f"{OPENING}{_W_KO}[을(를)|[을|를]|[을|를]] {_BACK_KO} [쓰면|읽으면|적으면|하면] {WHAT}",
    f"{OPENING}{_W_KO}의 [글자 순서를 반대로|철자를 거꾸로|글자를 거꾸로] 하면 {WHAT}",
    "[다음|아래|이|주어진] [단어를|낱말을|영어 단어를|글자를] "
    f"{_BACK_KO} [쓰세요|쓰시오|써 줘|써 주세요|적으세요|읽어 줘|써라][: |:\n|. |\n]{{word}}",
    '[{word}|"{word}"] [거꾸로|뒤집기|거꾸로 쓰기|역순|거꾸로 하면?|반대로|거꾸로는?|뒤집으면?]',
    "[거꾸로|뒤집기|역순|거꾸로 쓰기|단어 뒤집기|뒤에서부터][: | - |\n]{word}",
    f"{{word}}\n[이 단어를|위 단어를|이것을|이걸] {_BACK_KO} [써 줘.|쓰면?|써 주세요.|쓰세요."
    f"|적어 줘.]",
    *_SHAPES_KO,
)
_X_KO = "[{word}|{word}|\"{word}\"|'{word}']"
_DO_KO = (
    "[거꾸로 써|거꾸로 적어|뒤집어|역순으로 써|오른쪽에서 왼쪽으로 읽어|반대 순서로 늘어놓아] "
    "[주세요.|줘.|보세요.|줄래?]"
)
_MORE_KO = (
    f"{{noise}}[은|는] [그대로 두고|놔두고|빼고] {_X_KO}[을|를] {_DO_KO}",
    f"{{noise}}[이|가] 아니라 {_X_KO}[을|를] {_DO_KO}",
    f"{{noise}} [옆에|위에|아래에|뒤에] {_X_KO}[이라고|라고] [쓰여|적혀] 있어요. [뒤의 낱말을|두 "
    f"번째 낱말을] {_DO_KO}",
    f"{_X_KO}[과|와] {{noise}} [중에서|가운데] [앞의 것을|첫 번째 것을] {_DO_KO}",
    f"{{noise}}[과|와] {_X_KO} [중에서|가운데] [뒤의 것을|두 번째 것을] {_DO_KO}",
    f"[친구의|우리|그] {{noise}}에는 {_X_KO}[이라는|라는] [이름|표지|말]이 있어요. [그 말을|그것을"
    f"|그걸] {_DO_KO}",
    f"[맨 뒤|오른쪽 끝] 글자가 [왼쪽에|앞에] 서게 {_X_KO}[을|를] {_DO_KO}",
    "[분류|주제]: {noise}\n[낱말|단어]: {word}\n[할 일|문제]: [낱말을 거꾸로 쓰기|단어 뒤집기]",
    f"{_X_KO}의 [앞뒤를|글자들의 자리를] [서로 바꾸면|모두 맞바꾸면|뒤집으면] {WHAT}",
    f"{_X_KO}[을|를] [끝에서 앞으로|꼬리부터 머리까지|오른쪽부터] [읽는|쓰는] [사람은|기계는] "
    "[뭐라고|무엇이라고] [말할까요?|쓸까요?|할까?]",
)
OWN_KO = extended(_USUAL_KO, _MORE_KO)
HELD_OUT_EN = (
    "If you read {word} in a mirror, letter for letter, which word appears?",
    "Starting at the end, list the letters of {word} without gaps.",
    "Flip {word} so that its final letter comes first.",
    "Which string do I get when {word} runs the other way?",
)
HELD_OUT_KO = (
    "{word}의 마지막 글자가 맨 앞에 오도록 순서를 바꿔 적으세요.",
    "끝 글자부터 시작해서 {word}를 적으면 어떻게 될까요?",
)
