"""How counts of a letter are asked for. Fields: {letter} and {text}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders
from secondthought.tasks.wordings.korean import OPENING, requests

_L = "[{letter}|{letter}|letter {letter}|character {letter}|\"{letter}\"|'{letter}']"
_THE_L = "[the letter {letter}|the letter \"{letter}\"|the character {letter}|{letter}|'{letter}']"
_LS = "[{letter}'s|{letter}'s|letters {letter}|\"{letter}\"s|characters {letter}|letter {letter}'s]"
_IN = (
    "[in|in|within|inside|throughout|across] "
    '["{text}"|"{text}"|\'{text}\'|{text}|the [text|words|sentence|phrase|line|string|passage'
    '|following|quote|message][: |:\n|, ][{text}|"{text}"]|this [text|sentence|phrase|line|string'
    '|passage|message|quote][: |:\n][{text}|"{text}"]]'
)
_APPEARS = "[appear|occur|turn up|show up|come up|stand|feature|get used|pop up]"
OWN_EN = (
    *orders(
        f"count [{_THE_L}|the {_LS}|all {_LS}|every {_L}|each {_L}|up the {_LS}|the occurrences of "
        f"{_L}|the number of {_LS}|how many {_LS} there are|how often {_THE_L} occurs] {_IN}",
        f"[find|determine|give|report|work out|tell me|establish|compute|state|figure out|get] the "
        f"[number|count|frequency|quantity|amount] of [{_LS}|{_L}|times {_THE_L} is used] {_IN}",
        f"[find out|tell me|say|check|determine|see|work out|report|look up] [how many times"
        f"|how often|how frequently] {_THE_L} [appears|occurs|is used|is written|comes up|can be "
        f"found|is found|stands] {_IN}",
        f"[tell me|find out|say|determine] how many {_LS} [you can find|there are|you see|you can"
        f" spot] {_IN}",
        f"[tally|total|enumerate|add up] the {_LS} {_IN}",
    ),
    f"How many [times|times] does {_THE_L} {_APPEARS} {_IN}",
    f"How [often|frequently] [does {_THE_L} {_APPEARS}|is {_THE_L} [used|written|found]] {_IN}",
    f"How many {_LS} [are there|are|can you find|do you see|do you count|can be found"
    f"|exist|stand|are hidden|can I find|did they use] {_IN}",
    f'How many {_LS} [has|are in|does one find in] "{{text}}"?',
    "How many [{letter}'s|{letter}s|letters {letter}] does [the text|the sentence"
    '|the phrase|the line] "{text}" [have|contain|include|hold]?',
    f"What is the [number|count|frequency] of [{_LS}|{_L}|times {_THE_L} occurs] {_IN}",
    '[Text|Sentence|Words|String|Line|Phrase|Input|Given]: [{text}|"{text}"]\n'
    f"[How many {_LS}?|Count {_THE_L}.|Number of {_LS}?|Letter: {{letter}}\nCount?|How often does "
    f"{_THE_L} {_APPEARS}?|Count the {_LS} in it.|How many times is {_THE_L} used?]",
    "[Letter|Character|Count]: {letter}\n[Text|Sentence|String|Words|In]: {text}[|\nCount?"
    "|\nHow many?|\nHow often?|\nNumber of times?]",
    f'"{{text}}"[: |, | - |\n][how many {_LS}|how often {_THE_L}|number of {_LS}|count {_THE_L}'
    f"|count the {_LS}|how many times {_THE_L}|how many {_LS} are there][?|]",
    f"{{text}}\n[How many {_LS} are [there|in it|in this|above|in the line above]?|Count {_THE_L} "
    f"in this.|How often does {_THE_L} {_APPEARS} here?|I need the number of {_LS}.]",
    f'[In|Within|Inside] ["{{text}}"|the [text|sentence|phrase|line|words] "{{text}}"], '
    f"[how many times [do you see|is|can I read|do we find] {_THE_L}|how many {_LS} are there"
    f"|how often does {_THE_L} {_APPEARS}|what is the number of {_LS}|how many are {_L}]?",
    "[count|number of|frequency of|occurrences of|total of|how many] [{letter}|{letter}'s|letter"
    " {letter}] [in|in] [\"{text}\"|'{text}'|{text}]",
    f"I [want|need|would like] to know [how many {_LS} are|how often {_THE_L} occurs] {_IN}",
    "[I|We] [wrote|painted|typed|printed|read|heard|saw on a sign]: [\"{text}\"|'{text}'][. |\n]"
    f"[How many {_LS} [are in it|did it take|does it have]?|How often was {_THE_L} needed?]",
    "[My|The] [son|printer|sign painter] [needs|wants] to know how many {letter}'s "
    '[there are|are needed] for "{text}"[. |: ][How many|Can you count them|Tell me]?',
    '[Among|Out of] the letters of "{text}", [count|how often is there] {letter}?',
)
_T_KO = '["{text}"|"{text}"|\'{text}\'|문장 "{text}"|글 "{text}"|문구 \'{text}\'|텍스트 "{text}"]'
_L_KO = "[{letter}|글자 {letter}|알파벳 {letter}|문자 {letter}|철자 {letter}|'{letter}']"
OWN_KO = (
    *requests(
        f"{_T_KO}[에서|에 있는|에 들어 있는|에 나오는|속의|안의] {_L_KO}[의 개수|의 수|가 몇 개인지"
        "|가 몇 번 나오는지|의 횟수|][를|를|] [세어|알려|구해|말해|찾아 세어]",
        f"{_T_KO}에서 {_L_KO}[을|를] [모두|전부|다] 세어",
        f"{_T_KO}에 {_L_KO}[이|가] [몇 번|몇 개|얼마나] [나오는지|있는지|쓰였는지|들어 있는지] "
        "[알려|말해|세어|확인해]",
    ),
    f"{OPENING}{_T_KO}[에|에는|에서|안에|속에] {_L_KO}[[이|가]|는|은] [몇 번|몇 개|모두 몇 번|총 "
    f"몇 개] "
    "[나와?|있어?|나오나요?|있나요?|들어 있나요?|있습니까?|나옵니까?|쓰였나요?|있지?|들어가?"
    "|있을까요?]",
    f"{_L_KO}[의 개수|가 몇 개인지|의 수|가 나오는 횟수][를|] [구하세요|세어 줘|구하시오|세어 "
    f"주세요"
    "|세시오|알려 줘][: |:\n|. |\n]{text}",
    f"[다음|아래|이] [글|문장|문구|텍스트]에서 {_L_KO}[의 개수를 세어 줘|는 몇 번 나오나요"
    "|를 세어 주세요|가 몇 개인지 알려 줘|는 몇 개야][: |:\n|?\n|.\n]{text}",
    f"{{text}}\n[위|이] [글|문장]에 {_L_KO}[가|는] [몇 개|몇 번] [있나요?|나와?|나오나요?|있어?"
    f"|있습니까?]",
    "{text} - [여기에|이 글에|여기서] {letter}[ 몇 개?|는 몇 번?|가 몇 개야?|의 개수는?| 개수]",
    "[글|문장|텍스트]: {text}\n[글자|문자|알파벳]: {letter}\n[몇 개?|몇 번?|개수는?|몇 번 나와?]",
    '{letter}[ 개수|의 개수| 세기| 몇 개][: |: ][{text}|"{text}"]',
)
HELD_OUT_EN = (
    'Go through "{text}" and report the total of {letter}.',
    "Someone wrote: {text}\nThe letter {letter} was typed how many times?",
    'Of all the letters in "{text}", how many are {letter}?',
    "I am looking for every {letter} in the words {text}. What is my tally?",
)
HELD_OUT_KO = (
    '"{text}"라는 글을 훑어보고 {letter}의 총 횟수를 알려 주세요.',
    "철자 {letter}를 찾습니다. {text} 안에 전부 합쳐 몇 번 있을까요?",
)
