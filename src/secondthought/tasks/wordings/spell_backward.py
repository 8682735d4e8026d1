"""How words spelled backward are asked for. Field: {word}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
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
OWN_EN = (
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
    f"What [do|would|will] [you|I|we] get [if|when] [you|I|we] [spell|write|read|reverse|turn round"
    f"|type] {_W}[ backwards| in reverse|]?",
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
)
_W_KO = "[{word}|{word}|\"{word}\"|'{word}'|단어 {word}|영어 단어 {word}|낱말 {word}]"
_BACK_KO = "[거꾸로|거꾸로|뒤에서부터|반대로|역순으로|뒤집어서|끝에서부터|오른쪽에서 왼쪽으로]"
OWN_KO = (
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
)
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
