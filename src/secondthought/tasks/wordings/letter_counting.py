"""How counts of a letter are asked for. Fields: {letter} and {text}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
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
_T = '["{text}"|"{text}"|\'{text}\'|“{text}”]'
_NOUN = (
    "[note|message|line|label|caption|slogan|title|snippet|sign|remark|saying|entry|motto|verse"
    "|quotation|headline|comment|sentence|phrase|text]"
)
_WHO = (
    "[My aunt|The captain|A pupil|Our neighbour|Tom|Nina|The waiter|A child|Grandpa|The clerk|A "
    "robot|The coach|Mr Brown|A stranger|The printer|Her cousin|The pilot|An actor|A painter|The "
    "gardener]"
)
_WHOM = (
    "[my aunt|the captain|a pupil|our neighbour|Tom|Nina|the waiter|a child|Grandpa|the clerk|a "
    "robot|the coach|Mr Brown|a stranger|the printer|her cousin|the pilot|An actor|a painter|the "
    "gardener]"
)
_SAID = (
    "[said|shouted|painted|stamped|sang|whispered|carved|printed|noted|dictated|stitched"
    "|scribbled|sent|read out|repeated]"
)
_OFTEN = "[how often|how many times|how frequently]"
_HAS = "[contains|has|includes|uses|holds|features]"
_TELL = (
    "[Give the number|The number, please|Tell me the number|What is the count|What number do you "
    "get|How many did you find|Answer with a number|Just the number|How many are there|State the "
    "count]"
)
_SHAPES_EN = (
    f"[Take|Read|Look at|Study|Inspect|Check|Scan|Examine] [the {_NOUN} |]{_T}[. |; |, ][then "
    "|now |][count|find|add up] [every {letter}|each {letter}|the {letter}'s|all letters "
    "{letter}|every letter {letter}] [you see|in it|you meet|there|you come across][.|]",
    f"[When|Once|If|After] [you|we|I] [read|see|hear|copy|type|have read|look at] {_T}, {_OFTEN} "
    f"[do|will] [you|we|I] [meet|see|find|come across|encounter] {_THE_L}?",
    f"[If|When|Suppose] {_WHOM} [types|stamps|prints|paints|spells out|writes|stitches] {_T}, "
    f"{_OFTEN} is [the {{letter}}|{_THE_L}|the key {{letter}}|a letter {{letter}}] [needed|used"
    "|struck|pressed|required|called for]?",
    f"{_WHO} {_SAID} {_T}[. |; ]{_OFTEN} [is|was] {_THE_L} in [it|that|this|there]?",
    f"{_WHO} {_SAID} {_T}[. |; |, and now ][count|find the number of|I need the number of|tell "
    "me the number of] [the {letter}'s|letters {letter}|the letter {letter}][.|]",
    f"{_T} is [what|the {_NOUN} that|something] {_WHOM} {_SAID}[. |; ][How many {{letter}}'s "
    "[are there|does it have|has it]|How many of its letters are {letter}|What is the number of "
    "{letter}'s]?",
    f"{_T} [was {_SAID}|was found|stands|was left] by {_WHOM}[. |; ][How many {{letter}}'s [are "
    "there|does it have|has it]|What is the number of {letter}'s in it]?",
    f"[The|This|Our|My|Her|That] {_NOUN} {_T} {_HAS} [how many {{letter}}'s|the letter "
    "{letter} how often|{letter} how many times|what number of {letter}'s]?",
    "[The letter|The character|A letter|] {letter} [is|was|gets] [used|printed|written|seen"
    f"|found|counted] [how often|how many times] in [the {_NOUN} |]{_T}?",
    f"{{letter}} [appears|occurs|stands|comes up|can be seen] in {_T} [how often|how many times"
    "|how frequently]?",
    f"[Which|What] number [tells|says|gives|shows] {_OFTEN} [the letter |]{{letter}} [appears"
    f"|stands|occurs|is] in [the {_NOUN} |]{_T}?",
    "[For|With] [the letter|letter] {letter}, [count|give|find|work out] [its appearances|its "
    f"number|how often it appears|its occurrences] in [the {_NOUN} |]{_T}[.|]",
    "[My|The|Our|His] [favourite|lucky|broken|missing|chosen|red] letter is {letter}. [How many"
    f"|How many of them] [are|stand|are hidden|do you find] in [the {_NOUN} |]{_T}?",
    "The [{letter} key|key for {letter}|stamp for {letter}] is [broken|stuck|lost]. [How many "
    "letters [will be missing|are lost|must I add by hand] in|How many gaps will there be in] "
    f"{_T}?",
    "[I|We|They] [underline|circle|colour|mark|strike out|rub out|cross out] [every {letter}"
    f"|each {{letter}}|all {{letter}}'s|each letter {{letter}}] in [the {_NOUN} |]{_T}. [How "
    "many marks is that|How many letters is that|How many is that|How many letters do we touch]?",
    "[Underline|Circle|Colour|Mark|Highlight|Cross out] [every {letter}|each {letter}|all "
    f"{{letter}}'s|each letter {{letter}}] in [the {_NOUN} |]{_T}[. |; |, then ][how many have "
    "you marked|how many are there|say how many you marked|tell me how many that was][?|.]",
    "[If|When|Once] [every {letter}|each {letter}|every letter {letter}] is [removed from|taken "
    f"out of|struck from|deleted in] {_T}, [how many|how many letters] [would be gone|are lost"
    "|are gone|go missing|disappear]?",
    "[Point|Aim|Focus|Turn your eyes] [at|on] [{letter}|the letter {letter}] [and|, then] count "
    f"[it|its appearances|how often it comes] [in|within|through] {_T}[.|]",
    "[There is|There was|I found|We saw|They hung up] a [sign|card|sticker|poster|board|badge"
    f"|banner] [that says|saying|which reads|with the words] {_T}. [How many {{letter}}'s|How "
    "many letters {letter}] [does it show|are on it|does it have|can one count there]?",
    "[A|The|One|Some] [sign|card|sticker|poster|board|badge|banner|screen|telegram] [shows|says"
    f"|has|bears|reads] {_T}[. |: |; ][count the {{letter}}'s|number of {{letter}}'s?|how often "
    "do I see {letter}?|how many letters {letter} did that take?]",
    f"Here is a {_NOUN}: {_T}. [And here is|Then there is|Also] a letter: {{letter}}. [How often "
    "does the one stand in the other|How often is the letter in it|Count it there]?",
    f"Here is a letter: {{letter}}. [And here is|Then there is|Also] a {_NOUN}: {_T}. [How often "
    "does the first stand in the second|How often is the letter in it|Count it there]?",
    f"[Given|Having|With] the {_NOUN} {_T} and the [letter|character] {{letter}}, [what is the "
    "count|how often does the second appear in the first|count the letter|give the number of "
    "times it stands there][?|.|]",
    f"[Given|Having|With] the [letter|character] {{letter}} and the {_NOUN} {_T}, [what is the "
    "count|how often does the first appear in the second|count the letter|give the number of "
    "times it stands there][?|.|]",
    "[Letters|Number of letters] {letter} [used|needed|found|present] [in|for|to write] "
    f"{_T}[?|: how many?|, please|]",
    f"[{{letter}}|\"{{letter}}\"|'{{letter}}'|({{letter}})] [in|within|inside] {_T}[: how many|: "
    "how often|, how many times|: number][?|]",
    f"{_T} ({_THE_L})[: how many|, how often|: count|, how many times][?|]",
    f"({_T}, {{letter}})[ how many| how often|: count the letter|: how many times][?|]",
    f"{_T} - [{{letter}}|letter {{letter}}] - [how many|how often|count|number|how many times][?|]",
    f"[{_WHO}|Someone|Somebody|The customer] [wants|has|orders|needs] {_T} [cut out of wood|in "
    "brass letters|on a cake|made of lights|on a shirt|in big letters]. How many [pieces|copies] "
    "of {letter} [must be made|are needed|do we need|have to be ordered]?",
    "[A|The|My] [bet|quiz|riddle|game|question|bill] [is about|turns on|asks for|depends on] "
    f"[the {{letter}}'s|the number of {{letter}}'s|the count of {{letter}}] in {_T}. {_TELL}[?|.]",
    f"[One|You|We] can [see|find|spot|count] [the letter|a letter] {{letter}} in [the {_NOUN} "
    f"|]{_T} [several times|now and then|perhaps], but [exactly|precisely|just] how [often|many "
    "times]?",
    f"[Do you see|Have you read|Did you get|Do you know] [the {_NOUN} |]{_T}? [Then|Good, so"
    "|Well,] [how many {letter}'s are there|how often is {letter} in it|how many letters in it "
    "are {letter}]?",
    f"[Text|Note|Message|Line|Label|Words|Slogan|Title][: | = | - | -> ]{_T}\n[Letter|Character"
    "|Wanted|Find|Look for][: | = | - | -> ]{letter}\n[Count|Number|How often|Result|Total"
    "|Answer][:|?| = ?|: ?]",
    "[Letter|Character|Wanted|Find|Look for][: | = | - | -> ]{letter}\n[Text|Note|Message|Line"
    "|Label|Words|Slogan|Title|Here][: | = | - | -> |:\n]{text}",
    f"[I|We|They] [have|got|see|read|found|copied|picked] this {_NOUN}[: |:\n]{{text}}\n[How "
    "many of its letters are {letter}|How many {letter}'s is that|How often is {letter} in it"
    "|Please count the letter {letter}|What is the number of {letter}'s][?|.|]",
    f"[Below|Here|Next|In the next line] [is|comes|you see|you find|stands] a {_NOUN}[. |; |, "
    "][please |][count its {letter}'s|count the letter {letter} there|how many of its letters "
    "are {letter}|how often does it use {letter}][.|?|:]\n{text}",
    f"{{text}}\n[That|The {_NOUN} above|The line above|What you see above|My {_NOUN}] {_HAS} "
    "[how many {letter}'s|the letter {letter} how often|how many letters {letter}|{letter} how "
    "many times]?",
    "{text}\n\n[Please |Now |][find|count|number|check for|search for|hunt for|pick out] [every "
    "{letter}|each {letter}|the {letter}'s|all letters {letter}|the letter {letter}] [above"
    f"|there|in it|up there][. {_TELL}?|.|]",
    f"{_WHO} {_SAID} this[: |:\n]{{text}}\n{_TELL}[: |, I mean ][the {{letter}}'s|of the letter "
    "{letter}|for {letter}|counting only {letter}].",
    "[Only|Just|Nothing but] the letter {letter} [counts|matters|is of interest|is to be "
    "counted] here[: |:\n| - ]{text}",
    "[Count|Search for|Find|Watch for] {letter}, [and nothing else|only that letter|no other "
    f"letter|capital or small], in [the {_NOUN} |]{_T}. {_TELL}[?|.]",
    "[Letter|The letter|Character] {letter}[: how often does it stand|, how many times does one "
    f"meet it|, how often is it there| - how often do we see it] in [the {_NOUN} |]{_T}?",
    f"[What|How much] is the [score|sum|result|total], if [every|each] {{letter}} in {_T} [earns"
    "|gives|is worth|brings] one point[ and nothing else does|]?",
)
_USUAL_EN = (
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
    *_SHAPES_EN,
)
# Here the text stands in other marks or bare on a line, and {noise} is any word outside of it.
_ANY = "{noise}"
_TQ = (
    '["{text}"|"{text}"|\'{text}\'|({text})|<{text}>|«{text}»|*{text}*|`{text}`|“{text}”|/{text}/]'
)
_LQ = (
    "[{letter}|{letter}|the letter {letter}|the character {letter}|\"{letter}\"|'{letter}'"
    '|({letter})|the sign {letter}|the letter "{letter}"]'
)
_SUM = (
    "[What is the count|What is the sum|Give the number|Say the number|How many is that|How many "
    "do you get|Tell me the sum|What number comes out|How many times was that|What do you arrive at"
    "|Your count, please]"
)
_LOOKING = (
    "[am looking for|am after|look for|search for|hunt for|count|note|want|must find|go through "
    "for|seek]"
)
_MORE_EN = (
    f"[I|We] {_LOOKING} [each|every|any|all] [letter |]{{letter}} [in|of|among] [the words|the "
    f"text|the line|these words:|this:|] {{text}}[. |; |\n][What|How high] is [my|our|the] [total"
    "|tally|sum|score|count]?",
    f"[I|We] {_LOOKING} [each|every|any|all] [letter |]{{letter}} [in|of|among] [the words|the "
    f"text|the line|this:|] {_TQ}[. |; |\n][What|How high] is [my|our|the] [total|tally|sum"
    "|score|count]?",
    f"[Walk|Run|Pass|Read|Work] [through|along|over] {_TQ} and [tell me|give|state|note|report] "
    "the [sum|total|tally|count|number] [of|for] [the letter |letter |]{letter}[.|]",
    f"[Of all|Of|Among] the [characters|signs|letters] [in|of|that make up] {_TQ}, [what is the "
    "number of {letter}|how often is one {letter}|count those that are {letter}|how many have you "
    "seen that are {letter}][?|.|]",
    f"[Somebody|A friend|My {_ANY}|The {_ANY}|I|We] [typed|wrote|printed|keyed in|put down]: "
    "{text}\n[How [often|many times] was the [letter|character|key] {letter} [typed|used|hit"
    "|written|printed]|The [letter|character|key] {letter} was [used|written|hit|printed] how "
    "[often|many times]]?",
    f"[Somebody|A friend|My {_ANY}|The {_ANY}|I|We] [typed|wrote|printed|keyed in|put down] {_TQ}["
    ". |; |\n][The [letter|character|key] {letter} was [used|written|hit|printed] how [often|many "
    "times]|{letter} was [typed|used|struck] how often]?",
    f"[Note|Tick off|Mark|Number] [each|every] {{letter}} [while|as] you [walk|read|pass|move] "
    f"[along|over|down] {_TQ}[. |; ]{_SUM}[?|.]",
    f"[While|As] you [walk|read|pass|move] [along|over|down] {_TQ}, [tick off|note|mark|number] "
    f"[each|every] {{letter}}[. |; ]{_SUM}[?|.]",
    f"[Counting|Numbering|Looking for|Watching for|Adding up] {_LQ} in {_TQ}[, | ][what do you "
    "arrive at|how far do you get|which number do you reach|what is the sum]?",
    f"[Whoever|Anyone who|A {_ANY} that] [seeks|hunts for|is after|wants] {_LQ} in {_TQ} [finds"
    "|meets|gets|has] how many?",
    f"[Check|Search|Take|Use|Study] [the words|the text|the line] {{text}}[. |; ][How often do you "
    f"meet {_LQ}|How many letters {{letter}} did you find|{_SUM} for {_LQ}][?|.]",
    f"[In|For|With] [the words|the text|the line|the title] {{text}}: [how often do you meet {_LQ}"
    f"|how many letters {{letter}} did you find|what is the count of {_LQ}][?|]",
    f"[My|The|A|Our|That] [{_ANY}|{_ANY} club|old {_ANY}|friend the {_ANY}] [put|painted|sang|left"
    f"|carved|read out|spelled] {_TQ} [on|under|beside] [the|a|my] {_ANY}[. |; ]"
    f"[How many letters {{letter}} did that take"
    f"|How often is {_LQ} in it|How many of the letters are {{letter}}|{_SUM} for {_LQ}][?|.]",
    f"[On|Under|Beside|Above] [the|a|my|our] {_ANY} [stands|is|hangs|one can read|we found] {_TQ}"
    f"[. | - |; ][How often [is|does one meet|do we read] {_LQ} there|{_SUM}, counting {_LQ}][?|.]",
    f"[Here is|This is|See|Read] [a line|a text|something|some words] [about|for|from] [the|a|my] "
    f"{_ANY}: {_TQ} [How many letters in it are {{letter}}|How often does it use {_LQ}|Count {_LQ} "
    "in it|In it, how many are {letter}][?|.]",
    f"[Not {_ANY} but|Leave {_ANY} aside:|Forget {_ANY};] {_TQ} [is the text|is what counts|is "
    f"what I mean][. |; ][How often is {_LQ} in it|How many of its letters are {{letter}}][?|.]",
    f"[Before|After|While|Because|If] the {_ANY} [starts|is over|arrives|breaks|sleeps], [count"
    f"|find|number] [every {{letter}}|each {{letter}}|{_LQ}] in {_TQ}",
    "[Text|Line|Words|Source|Here]:\n{text}\n\n[What|Which letter] [to count|to look for|counts]: "
    "{letter}",
    "[To count|To look for|Count this|Search for|Needle]: {letter}\n[In|Source|Where]: {text}",
    "{letter}\n---\n{text}\n---\n[How many of the one above are in the text|Count the letter on "
    "top in the words below it|How often is the letter in the line|Number?]",
    "---\n{text}\n---\n[Letter|Sign|Character][: | ]{letter}[, | - |\n][how many|how often|the "
    "count, please|number][?|]",
    "***\n{text}\n***\n[Between the stars|In the words between the stars|Up there], how [often is"
    "|many times do you see] " + _LQ + "?",
    "[Between|Within|Inside] the [brackets|parentheses], how [often|many times] [do you see|is "
    f"there|do we find] {_LQ}? ({{text}})",
    f"[Between|Within|Inside] the [quotes|marks|quotation marks], how [often|many times] [do you "
    f"see|is there|do we find] {_LQ}? [\"{{text}}\"|'{{text}}'|“{{text}}”]",
    f"[The words|My words|The line|Her line|The title|His note] [are|is|reads|read]: {{text}}\n"
    f"[Now |Then |So |And |][how often is {_LQ} in [them|it|there]|how many letters {{letter}} "
    f"[are|stand] there|what is the count of {_LQ}|how many of the letters are {{letter}}]?",
    f"[Someone|A child|My {_ANY}|The {_ANY}|A voice] [reads out|dictates|spells|sings|recites]:"
    f"[ |\n]{{text}}\n[Each|Every] {{letter}} [gets a tick|is a point|costs a coin|rings a bell"
    f"|makes me blink]. {_SUM}[?|.]",
    f"[Each|Every] [letter |]{{letter}} in {_TQ} [gets a tick|is a point|costs a coin|rings a bell"
    f"|is a {_ANY}|earns one {_ANY}]. {_SUM}[?|.]",
    f"[Sort|Order|Group] the letters of {_TQ}: how [large|big] is the [group|heap|pile] of "
    "{letter}?",
    f"[The|A|My] [list|table|chart] [counts|shows|has] each letter of {_TQ}. [Which|What] number "
    f"[stands|is|do I put] [beside|next to|by|for] {_LQ}?",
    f"{_LQ} [is hidden|is found|stands|sits|occurs] [some|a few|how many|x] times in {_TQ}[. "
    "|; ][How many exactly|What is x|Say how many|Find that number][?|.]",
    f"{_TQ} [and|with|plus] [the letter|the character|letter] {{letter}}: [how often|how many times"
    "|count|number][?|, please|]",
    f"[Letter|For|About] {{letter}}: [its|the] [count|number|frequency] in {_TQ}",
    f"[What|Which number] [is|would be] [the answer|right|the right number], if [a {_ANY}|someone"
    f"|the {_ANY}|my {_ANY}] [asks|wants to know] how [often|many times] {_LQ} is in {_TQ}",
    f"[Topic|Source|Owner|From]: {_ANY}\n[Text|Line|Words]: {{text}}\n[Letter|Character]: "
    "{letter}\n[How many|Count|How often|Number][?|:]",
    f"[Suppose|Say|Imagine|If] [every|each] letter [but|except|other than] {{letter}} is [wiped "
    f"off|rubbed out|taken] from {_TQ}[. |, ][How many letters [remain|are left]|What is the length"
    " of what remains][?|]",
)
_PLAIN_EN = (
    "How many {letter}'s are in {text}?",
    "How many {letter}'s are there in {text}?",
    "How many {letter}s are in {text}?",
    "How many {letter}s are there in {text}?",
    "How many {letter} are in {text}?",
    "How many {letter} in {text}?",
    "how many {letter}'s in {text}",
    'How many {letter}\'s are in "{text}"?',
    'How many "{letter}" are there in "{text}"?',
    "How many letters {letter} are in {text}?",
    "How many times does {letter} appear in {text}?",
    "How many times does the letter {letter} appear in {text}?",
    'How many times does the letter {letter} appear in "{text}"?',
    "How often does {letter} occur in {text}?",
    "How often does the letter {letter} occur in {text}?",
    "Count the {letter}'s in {text}.",
    "Count the letter {letter} in {text}.",
    "Count how many {letter}'s are in {text}",
)
OWN_EN = extended(_USUAL_EN, _MORE_EN, plain=_PLAIN_EN)
_T_KO = '["{text}"|"{text}"|\'{text}\'|문장 "{text}"|글 "{text}"|문구 \'{text}\'|텍스트 "{text}"]'
_L_KO = "[{letter}|글자 {letter}|알파벳 {letter}|문자 {letter}|철자 {letter}|'{letter}']"
_SHAPES_KO = (
    f"[칠판에|문에|간판에|종이에|화면에|카드에|벽에] {_T_KO}[이라고|라고] [쓰여|적혀] 있어요. "
    f"{_L_KO}[은|는] [몇 개인가요?|몇 번 나오나요?|몇 개야?|모두 몇 개예요?]",
    f"[친구가|선생님이|동생이|로봇이|누가] {_T_KO}[이라고|라고] [말했어요|했어|썼어요|보냈어요]. "
    f"[거기에|그 말에|그 글에] {_L_KO}[이|가] [몇 개 있을까요?|몇 번 들어가나요?|몇 번 쓰였어?"
    "|몇 개나 있나요?]",
    "[글자|문자|알파벳] {letter}[만|만을] [세어|찾아 세어|골라 세어] [주세요|줘|보세요][: |:\n|. "
    ']["{text}"|{text}]',
    f"만약 {_T_KO}에서 {{letter}}[을|를] [모두 지우면|전부 빼면|다 없애면] [몇 글자가 "
    "사라질까요?|몇 개가 없어지나요?|몇 개가 지워져?]",
    f"[간판에|티셔츠에|케이크에] {_T_KO}[을(를)|] [쓰려고|적으려고|새기려고] 해요. {{letter}} "
    "[글자는|조각은|스티커는] [몇 개 필요한가요?|몇 개가 필요해?|몇 개 있어야 하나요?]",
    f"[제가|내가|우리가] [읽은|본|쓴|들은] [글은|문장은|말은] {_T_KO}[입니다|이에요|이야]. "
    f"{_L_KO}[은|는] [몇 번 나오죠?|몇 개죠?|몇 개인가요?|몇 번 쓰였나요?]",
    "{text}\n[여기서|위에서|이 줄에서] [{letter}만|{letter} 글자만|글자 {letter}만] [골라 세면"
    "|세면|세어 보면] [몇 개예요?|몇 개야?|몇 개입니까?|모두 몇 개인가요?]",
    "[찾을 글자|글자|문자]: {letter}\n[글|문장|메모|제목|문구]: {text}\n[개수|횟수|답]:[| ?]",
    f"{{letter}}[은|는] {_T_KO}[에|안에|속에] [얼마나 자주|몇 번이나|몇 번] [나오나요?|있나요?"
    "|쓰였나요?|나와?]",
    f"[{{letter}}에|{{letter}} 글자에|모든 {{letter}}에] 동그라미를 치면 {_T_KO}에는 동그라미가 "
    "[몇 개 생길까요?|몇 개 있나요?|몇 개야?]",
)
_USUAL_KO = (
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
    *_SHAPES_KO,
)
_MORE_KO = (
    "[이|다음|아래] 줄에 {letter}[이|가] [몇 개|몇 번] [있나요?|나오나요?|보여?]\n{text}",
    "---\n{text}\n---\n[위|선 사이] 글에서 [글자|알파벳] {letter}[은|는] [몇 개예요?|몇 번 "
    "나와요?]",
    f"{{noise}} [위에|옆에|안에] {_T_KO}[이라고|라고] [쓰여|적혀] 있어요. {_L_KO}[은|는] [몇 "
    "개인가요?|몇 번 나오나요?|모두 몇 개죠?]",
    f"[글자|알파벳] {{letter}} [하나에|한 개에] 1점이면 {_T_KO}[은|는] [몇 점이에요?|모두 몇 "
    "점인가요?|몇 점이야?]",
    "{letter}\n{text}\n[위 글자가 아래 줄에|첫 줄의 글자가 둘째 줄에] [몇 번 나오나요?|몇 개 "
    "있어요?|몇 개야?]",
    f"{_T_KO}[을|를] [읽어 가며|살펴보며|훑으며] {{letter}}[을|를] [세어|하나하나 세어] [주세요."
    "|줘.|보세요.]",
)
_PLAIN_KO = (
    "{text}에는 {letter}[이|가] 몇 개 있어?",
    "{text}에 {letter}[이|가] 몇 번 나오나요?",
    '"{text}"에 {letter}[은|는] 몇 개인가요?',
    "{text}에서 {letter}의 개수를 세어 줘.",
)
OWN_KO = extended(_USUAL_KO, _MORE_KO, plain=_PLAIN_KO)
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
