"""How ciphers with a worked example are asked for. Fields: {example} and its text {plain}; "
"{cipher}, to be read."""

from __future__ import annotations

from secondthought.tasks.templates import extended
from secondthought.tasks.wordings.korean import WHAT

_ARROW = "[ -> | -> | => | → | = | : |->| --> | - | means | is | reads | becomes | | gives ]"
_LIKE = (
    "[Use the example above to|Use this example to|With this example,|By the same rule,|In the same"
    " way,|Likewise,|Following this example,|Based on that,|Using the same code,|By analogy,|Apply "
    "the same rule and|Now|Then|Next,|Take it as an example and|Learn from it and|Infer the rule "
    "and|Find the rule and|From this,|Use the pattern to|Spot the pattern and|Given this pair,|Use "
    "that key to|With that as a hint,|As in the example above,|Accordingly,]"
)
_DECODE = (
    "[decode|decode|decrypt|decipher|read|translate|work out|solve|crack|break|interpret|uncover"
    "|convert|unscramble|figure out|transform|resolve|unlock|turn into plain text|make sense of"
    "|unravel|give the plain text of]"
)
_CT = (
    '[ {cipher}|: {cipher}|:\n{cipher}|:\n\n{cipher}|\n{cipher}| "{cipher}"| this: {cipher}'
    "| the following: {cipher}| the text {cipher}| the message {cipher}| this line: {cipher}"
    "| the second text: {cipher}| what follows:\n{cipher}]"
)
_EG = (
    "[{example} -> {plain}|{example} = {plain}|{example} => {plain}|{example} → {plain}"
    '|"{example}" -> "{plain}"|"{example}" is "{plain}"|{example} means {plain}'
    "|{example} reads {plain}|{example}: {plain}|{example}\n{plain}]"
)
_MEANS = (
    "[means|stands for|decodes to|says|is code for|is the code for|decrypts to|deciphers to|becomes"
    "|reads|is|translates to|is how they wrote|represents|denotes|turns into]"
)
_SAY = "[say|mean|stand for|decode to|read|decrypt to|become|translate to|spell|represent|denote]"
_ASK = (
    "[What does {cipher} " + _SAY + "?|What is {cipher}?|How does {cipher} read?|What would "
    "{cipher} be?|Decode {cipher}|Decrypt: {cipher}|Read {cipher}|What about {cipher}?|And "
    "{cipher}?"
    '|Then what does "{cipher}" ' + _SAY + "?|Decipher {cipher}|What is the plain text of "
    "{cipher}?|Translate: {cipher}|Which text is {cipher}?|Now {cipher}|Which words are "
    '"{cipher}"?|How would you read "{cipher}"?|What is hidden in "{cipher}"?]'
)
_E = "[{example}|{example}|\"{example}\"|'{example}']"
_P = "[{plain}|\"{plain}\"|'{plain}']"
_PQ = "[\"{plain}\"|'{plain}'|“{plain}”|({plain})]"
_C = "[{cipher}|{cipher}|{cipher}|\"{cipher}\"|'{cipher}']"
_WHO = (
    "[My aunt|The captain|A pupil|Our neighbour|Tom|Nina|The waiter|A child|Grandpa|The clerk|A "
    "robot|The coach|Mr Brown|A stranger|The baker|Her cousin|A courier|Somebody|A prisoner|The "
    "general]"
)
_NOUN = (
    "[note|message|line|label|code|token|tag|snippet|text|slip|headline|sentence|reply|order"
    "|title|warning|sign|entry]"
)
_CODED = "[encoded|encrypted|disguised|put into code|enciphered|hidden]"
_RULE = (
    "[the same rule|the same code|that code|this cipher|that very rule|the cipher behind it|the "
    "same key]"
)
_ASKC = (
    f"[What is {_C} then|What does {_C} say|Now read {_C} for me|Please decode {_C} in the same "
    f"way|What words does {_C} hide|Take {_C} and decode it|And {_C}, what is that|Turn {_C} "
    f"into plain words|Do the same with {_C}, please|I want {_C} in plain text|Let me have {_C} "
    f"decoded|Which text stands behind {_C}|With {_C} before you, what do you read|So what was "
    f"{_C} before|Then {_C} must mean what|Where {_C} stands, what do you read|Undo {_C} "
    "likewise]"
)
_SHAPES_EN = (
    f"[Take|Use|Study|Look at|Consider|Keep in mind] {_E}, which [means|says|reads|stands for"
    f"|hides] {_P}[. |; ]{_ASKC}[?|.]",
    f"[Take|Use|Study|Look at|Consider|Keep in mind] {_PQ}, which [is {_CODED} as|was {_CODED} "
    f"as|turns into|gives|changes into] {_E}[. |; ]{_ASKC}[?|.]",
    f"{_PQ} is to {_E} as [what|which text|what words] [is|are] to {_C}?",
    f"{_E} is to {_PQ} as {_C} is to [what|which text|which words|?]",
    f"As {_E} is to {_P}, so {_C} is to [what|which text|which words][?|.| - fill in.]",
    f"[Just as|As|The way] {_E} [hides|means|stands for|says|holds] {_PQ}, {_C} [hides|means"
    "|stands for|says|holds] [what|which words|which text]?",
    f"{_C} [hides|means|says|holds|conceals] [what|which words|which text], [if|when|given that"
    f"|where|once we know that] {_E} [hides|means|says|holds|stands for] {_P}?",
    f"{_C} - [what|which words|which text] is that, [if|when|given that|since] {_PQ} is {_CODED} "
    f"as {_E}?",
    f"{_C} is a {_NOUN} [in the code|from the cipher|written by the rule|made with the key] [in "
    f"which|by which|where|that makes] {_PQ} [becomes|is|turns into|comes out as] {_E}[. |; "
    "][Decode it|What does it say|What is the plain text|Read it for me|Which words are these][."
    "|?|]",
    f"{_C} [is|was] [a|the|our|my|his|her] {_NOUN}, {_CODED} like {_E}, which [means|says|reads"
    f"|stands for] {_P}. [What does it say|Decode it|Give the plain text|Which words are these"
    "|Read it]?",
    f"[Once|When|After|Now that|If] [you|we|I] [know|have seen|learn|have been told] that {_E} "
    f"[hides|means|says|reads|stands for] {_P}, [how do you read|what is|can you decode|what do "
    f"you make of] {_C}?",
    f"[Once|When|After|Now that|If] [you|we|I] [know|have seen|learn|have been told] that {_PQ} "
    f"[becomes|is written|gives|turns into] {_E}, [how do you read|what is|can you decode|what "
    f"do you make of] {_C}?",
    f"[What|Which words] [does|would|must|might|could] {_C} [say|mean|hide|hold], [if|when|given "
    f"that|seeing that|where|once] {_E} [hides|means|says|reads as|stands for] {_P}?",
    f"[What|Which words] [does|would|must|might|could] {_C} [say|mean|hide|hold], [if|when|given "
    f"that|seeing that|where] {_PQ} [is {_CODED} as|becomes|turns into] {_E}?",
    f"[Decode|Decrypt|Read|Crack|Translate|Solve|Unlock] {_C} [by|using|with|knowing|given] "
    f"[{_E} = {_P}|{_E} -> {_P}|{_P} -> {_E} (encoding)|that {_E} means {_P}|that {_PQ} becomes "
    f"{_E}][.|]",
    f"[Decode|Decrypt|Read|Crack|Translate|Solve|Unlock] {_C}, [where|if|since|given that"
    f"|knowing that|the hint being that] {_E} [means|says|is|stands for|decodes to] {_P}.",
    f"{_WHO} [whispers|stamps|paints|prints|types|radios|puts down] {_E} [for|instead of|when "
    f"the meaning is|in place of|to say] {_P}. {_ASKC}[?|.]",
    f"{_WHO} [wanted to say|meant|thought of|had to hide|started from] {_PQ} and [whispered"
    f"|stamped|painted|printed|typed|radioed|put down] {_E}. {_ASKC}[?|.]",
    f"{_WHO} [put|changed|turned|transformed|made] {_PQ} [into|to] {_E}[, and later | and next "
    f"|; then ][left|sent|printed|stamped|handed over|showed] {_C} [too|as well|with no comment"
    "|by the same rule]. [What did that mean|Decode the latter|Which words were those|What is "
    "the plain text of the second]?",
    f"[At first|Yesterday|Earlier|Last week|On Monday] [the {_NOUN}|the radio|the sign|the "
    f"screen] [was|said|read|showed] {_E}, [meaning|which meant|in plain words|that is] {_P}. "
    f"[Today|Now|This time|Later] it [is|says|reads|shows] {_C}[. |; ][What does that mean"
    "|Decode it|What are the plain words|Which text is that]?",
    "[A|The|One] [sign|card|sticker|poster|board|screen|stone] [shows|says|bears|reads|has] "
    f"{_E} [above|over|next to|beside|with] the words {_PQ}. [Another|The next|A second] one "
    f"[shows|says|bears|reads|has] {_C} [alone|with nothing beside it|and no words|only]. [What "
    "should stand there|Which words belong to it|Decode it|What is its meaning]?",
    f"[Feed|Give|Hand|Show] {_PQ} to [the|a|this|our] machine and it [prints|says|returns|types"
    f"|answers] {_E}. [What|Which text] [did we feed it|was put in|was the input|had been given] "
    f"when it [prints|printed|returned|typed|answered] {_C}?",
    f"[The|A|This|Our] machine [prints|says|returns|types] {_E} [when fed|when given|for|on "
    f"hearing|upon reading] {_PQ}. [What|Which text] [did we feed it|was put in|was the input] "
    f"when it [prints|printed|returned|typed] {_C} [instead|next|today|later]?",
    f"[Suppose|Assume|Imagine|Say|Let us say] [that |]{_E} [is|was|were] the [code|cipher|coded "
    f"form|secret form] [of|for] {_P}. {_ASKC}[?|.]",
    f"[Suppose|Assume|Imagine|Say] [that |]{_PQ} [is|was|were] {_CODED} as {_E}. {_ASKC}[?|.]",
    f"{_E} [came out|resulted|appeared|was left] [when|once|after] [somebody|a friend|the clerk"
    f"|our machine] {_CODED} {_P}. {_ASKC}[?|.]",
    f"[{_E} ({{plain}}); |{_E} ({{plain}}), |{_E}: {{plain}}; |{_E} / {{plain}} / |{_E}, in "
    f'words "{{plain}}"; ]{_C}[: ?| = what?| (?)|: what?]',
    "{plain} [<-|<=|←|<--] {example}\n[? <-|what <-|? <=|? ←|(unknown) <-] {cipher}",
    "{plain} [->|→|=>|is coded|becomes|gives|goes to] {example}\n[What|Which text|Which words] "
    "[becomes|gives|goes to|is coded|leads to|was turned into] {cipher}?",
    "{plain} = {example}\n[? = {cipher}|? = {cipher}|... = {cipher}|x = {cipher}, x is?|what = "
    "{cipher}]",
    "[Plain|Clear text|Words|Meaning|Text]: {plain}\n[Code|Cipher|Secret|Coded|Encoded]: "
    "{example}\n[Code|Cipher|Secret|Coded|Encoded]: {cipher}\n[Plain|Clear text|Words|Meaning"
    "|Text][:|?|: ?| = ?]",
    "[Code|Cipher|Secret|Coded] 1: {example}\n[Words|Plain|Text|Meaning] 1: {plain}\n[Code"
    "|Cipher|Secret|Coded] 2: {cipher}\n[Words|Plain|Text|Meaning] 2[:|?|: ?]",
    "[A: {example} = {plain}\nB: |First: {example} = {plain}\nSecond: |Old: {example} = "
    "{plain}\nNew: |Left: {example} is {plain}\nRight: |a) {example}: {plain}\nb) |1. {example}, "
    "{plain}\n2. ]{cipher}[ = ?| = what?| = ...| = which words?|: ?]",
    "[Question|Task|To decode|Mystery|New|To read|Open][: | - ]{cipher}\n[Example|Hint|Help"
    "|Solved|Old|Known pair][: | - ][{example} = {plain}|{example} is {plain}|{plain} is written "
    "{example}|{plain} -> {example} (encoding)]",
    "[Help|Solved before|Pair|Solved|Old one][: | - ][{example} / {plain}|{example} ({plain})"
    '|{plain}: {example}|"{plain}" was {example}]\n[To do|Still open|Not solved|New one|Next][: '
    "| - ]{cipher}[\nPlease decode the new one.|\nWhich words?|]",
    f"{{cipher}}\n[That|This|The line above] is {_CODED} [in the way|with the rule|like a text] "
    f"[in which|where|by which] {_PQ} [becomes|gives|turns into] {_E}. [Decode it|What does it "
    "say|Which words are they]?",
    "{cipher}\n[To decode this, note that|A hint for this:|To help you:|Help for reading it:] "
    "{example} [is|means|reads as|says] {plain}[.|]",
    "{example}\n[means|is|says|stands for|reads|is code for]\n{plain}\n[so what is|and what is"
    "|so decode|what then is|therefore read]\n{cipher}",
    f"[One|A] {_NOUN} [reads|is|was|says|runs] {_E} ([meaning|in plain words|decoded|plain "
    f"text]: {{plain}}); [the other|another|a second|the next] [reads|is|was|says|runs] {_C}[. "
    "|; ][Decode the other|What does the second one say|What is its plain text|Which words does "
    "it hide][?|.]",
    f"[Two|Here are two|I have two|We got two] [notes|lines|messages|codes]: {_E} and {_C}. The "
    f"[first|former|first one] [means|says|reads|is] {_P}. [And the second|What about the second"
    "|What does the latter say|Decode the other one]?",
    f"[Two|Here are two|I have two|We got two] [notes|lines|messages|codes]: {_C} and {_E}. The "
    f"[second|latter|second one] [means|says|reads|is] {_P}. [And the first|What about the first"
    "|What does the former say|Decode the other one]?",
    f"{_PQ} was {_CODED} and [{_E} came out|became {_E}|ended up as {_E}]; from [which|what] "
    f"[text|words|plain text] did {_C} come?",
    f"[From|Out of] [which|what] [text|words|plain text] [did|does|would] {_C} come, [if|when"
    f"|given that|seeing that] {_PQ} [gave|gives|became|is turned into] {_E}?",
    "[By|With|Following|Under|Using] the [rule|code|cipher|key] that [turns|makes|changes"
    f"|brings] {_PQ} [into|to] {_E}, [what|which text|which words] [turned into|became|gave|was "
    f"changed to] {_C}?",
    f"[Do you see|Can you tell|Do you notice|Can you find out] how {_E} [became|turns into|goes "
    f"back to|gives] {_PQ}? [Then|Good, so|Well,] [decode {_C} as well|do it with {_C} too|what "
    f"is {_C} then|read {_C} by {_RULE}][.|?|]",
    f"[Reading|Decoding|Turning] {_E} [gives|gave|makes|shows] {_PQ}; [reading|decoding|turning] "
    f"{_C} [by {_RULE} |likewise |in this way |]gives [what|which words|which text]?",
    "[Apply|Use|Take] the rule [of|behind|in|seen in] [{example} = {plain}|{example} -> {plain}"
    f"|{{plain}} -> {{example}}, backwards,] to {_C}[, please|][.| and give the words.|; which "
    "words come out?|]",
)
_USUAL_EN = (
    "{example} -> {plain}\n[Use the example above to decode: |\nUse the example above to "
    "decode:\n\n"
    "|Use this example to decrypt: |Use the example above to read: ]{cipher}",
    f"[|Example: |Example:\n|Given: |Hint: |Sample: |Key: |e.g. |For example: |Clue: |Pair: ]{_EG}"
    f"[\n|\n\n]{_LIKE} {_DECODE}{_CT}",
    f"[|Example: |Given: |Hint: |Sample: |For example: |Clue: ]{_EG}[. |; |\n]{_LIKE} "
    f"{_DECODE}{_CT}",
    f"{{example}}{_ARROW}{{plain}}\n{{cipher}}[ -> ?| = ?| => ?| → ?| : ?| is?| means?| ->| --> ?]",
    "{example} -> {plain}[, |; |\n\n]{cipher} -> ?",
    f'[If|When|Given that|Since|Knowing that|As|Suppose|Assume|Because] [{{example}}|"{{example}}"'
    f'] {_MEANS} [{{plain}}|"{{plain}}"], [what does [{{cipher}}|"{{cipher}}"] {_SAY}?'
    '|what is [{cipher}|"{cipher}"]?|decode {cipher}|decipher {cipher}|decrypt "{cipher}"'
    '|how do you read "{cipher}"?|what would {cipher} be?|what must {cipher} say?]',
    f'["{{example}}"|{{example}}] {_MEANS} ["{{plain}}"|{{plain}}].[ |\n]{_ASK}',
    f'["{{plain}}"|{{plain}}] [is written as|is written|was encoded as|becomes|was encrypted to'
    "|turns into|is spelled|is coded as|appears as|was disguised as|is hidden as|was turned into] "
    f'["{{example}}"|{{example}}].[ |\n]{_ASK}',
    "[Ciphertext|Cipher|Code|Encrypted|Coded|Secret|Input|In|Encoded]: {example}\n[Plaintext"
    "|Plain|Text|Decrypted|Clear|Meaning|Output|Out|Decoded]: {plain}\n[Ciphertext|Cipher|Code"
    "|Encrypted|Coded|Secret|Input|In|Encoded]: {cipher}\n[Plaintext|Plain|Text|Decrypted|Clear"
    "|Meaning|Output|Out|Decoded]:[| ?]",
    f"[Decode|Decrypt|Decipher|Read|Solve|Translate|Crack|Work out]{_CT}\n[Example|Hint|Clue|Given"
    f"|Sample|Key|For example|A solved pair]: {_EG}",
    f"[Someone|A spy|My sister|An agent|The enemy|A pupil|A pirate|They] [wrote|put|used|scribbled"
    f"|sent] {{example}} for {{plain}}. [In the same code, |By the same rule, |In the same way, "
    f"|Likewise, |]{_DECODE}{_CT}",
    f"[The|A|This|Our|Their|My secret] [code|cipher|machine|rule|secret writing|encryption"
    f"|language]"
    ' [turns|changes|converts|transforms|encodes|encrypts|maps|disguises] [{plain}|"{plain}"] '
    f'[into|to|as] [{{example}}|"{{example}}"].[ |\n]{_ASK}',
    f"[Using|Use|With|From|By|Considering|Look at] the [example|pair|sample|hint|clue|key] {_EG}"
    f"[, |\n]{_DECODE}[ this text| this| the following| what follows|][: |:\n]{{cipher}}",
    f"[I know that|We know that|It is known that|They told us that|I found out that|We cracked one:"
    f'|I was told that] [{{example}}|"{{example}}"] {_MEANS} [{{plain}}|"{{plain}}"].[ |\n]'
    f"{_ASK}",
    f"[One line|One message|The first line|The first telegram|A sample] is solved: {_EG}[\n|. ]"
    f"[The [next|second|other] one is|What does the [next|second|other] one say|Another one|"
    "Do the [next|second|other] one|Read the next]: {cipher}",
    f"{_EG}\n[What is|What's|What does this say:|Decode:|Decrypt|Read:|Same code:|Same rule:|Solve:"
    "|Now you:|Your turn:|And this?|Next:|Then:|Unsolved:] {cipher}",
    f"[secret code|code|cipher puzzle|Cipher with an example|Cryptogram|Code puzzle|decode by "
    f"example|Find the rule]\n{_EG}\n[{{cipher}} = ?|{{cipher}} -> ?|decode: {{cipher}}"
    "|solve: {cipher}|{cipher}?]",
    *_SHAPES_EN,
)
# Here the pair and the text to read stand in other orders, and {noise} is any word beside them.
_ANY = "{noise}"
_PAIR = (
    '["{example}" for "{plain}"|{example} = {plain}|({example}, {plain})|\'{example}\' and '
    '\'{plain}\'|"{plain}", coded "{example}"|{example} -> {plain}]'
)
_CQ = '["{cipher}"|"{cipher}"|\'{cipher}\'|({cipher})|«{cipher}»|“{cipher}”]'
_EQ = '["{example}"|"{example}"|\'{example}\'|({example})|«{example}»|“{example}”]'
_SPOT = f"[on|under|beside|above|near] [the|a|my|our] {_ANY}"
_MORE_EN = (
    "[Derive|Find|Get|Guess|Infer|Learn] [the [secret |][rule|key|code|method|cipher]|how to read"
    " it|the secret] [from|out of|by] {example} ({plain})[ and|, and|, then|; then|. Then|;]"
    " [translate|read|decode|decipher|solve|apply it to|use it on] {cipher}",
    f"[The|Our|A|My] [secret|code|key|rule|cipher] [makes|turned|turns|puts] {{plain}} into {_E}[."
    f" |; |, ][work out|translate|find out|read|say in plain words] {_C}[.|, please.|]",
    "{example} ({plain})[ and|;|,| -] [work out|translate|decode|read|decipher] {cipher}",
    f"{_E} [corresponds to|belongs to|goes with|came with] {_PQ}. [What|Which text|Which words]"
    f" [corresponds to|correspond to|belong to|go with|came with] {_CQ}?",
    f"[To|With|By] [what|which text|which words] [is|goes|comes] {_C}, [when|if|as] {_E} [goes"
    f"|comes|belongs] [with|to] {_P}?",
    f"[My|Our|A] [friend|sister|neighbour|{_ANY}] [sent|wrote|left|gave] {_E}, [saying|telling us"
    f"|and said] it [reads|meant|was] {_P}. [Later|Next|Afterwards|Today] [came|I got|we received]"
    f" {_C}. [What was that|What did that say|Read it|Which words are these][?|.]",
    f"[On|Under|Beside|Above] [the|a|my|our] {_ANY} [stands|is|hangs|was] {_EQ}, [that is|meaning"
    f"|in clear words] {_PQ}. [On|Under|Beside] [the|a|my] {_ANY} [stands|is|hangs|was] {_CQ}. "
    "[Decode [that|it]|What are its words|What does that one say][?|.]",
    f"[My|The|A|Our] {_ANY} [says|writes|paints|uses] {_EQ} [for|instead of|in place of] {_PQ}. "
    f"{_ASKC}[?|.]",
    f"[My|The|A|Our] {_ANY} [turns|makes|puts|codes] {_PQ} [into|as] {_EQ}. {_ASKC}[?|.]",
    f"[Decode|Read|Decipher|Translate|Solve] {_CQ} {_SPOT}[. |; |, ][A|The|One] [pair|hint|help]: "
    f"{_PAIR}",
    f"[Before|After|While|Because|If] the {_ANY} [starts|is over|arrives|breaks], [decode|read"
    f"|decipher|translate] {_CQ}[; |. ][the pair|a hint|known]: {_PAIR}",
    f"[Decode|Read|Decipher|Translate|Solve] {_CQ} [for|before|despite|without] the {_ANY}, "
    f"[by the rule of|using|taking] {_PAIR}",
    f"[The rule|The key|The code] [is seen|shows itself|can be found] in {_PAIR}[. |; |\n][It gave"
    f"|By it came|It made|With it they made] {_CQ} [from what|out of which words|from which text]?",
    f"[By|With|Through] {_PAIR} [one can see|we see|you get|learn] [the rule|the code|how it "
    f"works]. [Undo it in|Turn it back in|Decode with it|Use it on] {_CQ}[.|, please.|]",
    "[To be read|To decode|Wanted|Open]: {cipher}\n[Rule|Pattern|As in|Like]: [{plain} became "
    "{example}|{example} was {plain}|{example} for {plain}|{plain} / {example}]",
    "[Words|Plain|Text|Meaning]: {plain}, [?|unknown|to find]\n[Code|Coded|Cipher]: {example}, "
    "{cipher}",
    "[Code|Coded|Cipher]: {example}, {cipher}\n[Words|Plain|Text|Meaning]: {plain}, [?|...|___]",
    "[Read|Decode|Solve] [line|number] two[.|:]\n[1|One|First][: |. |) ]{example} = {plain}\n"
    "[2|Two|Second][: |. |) ]{cipher} = ?",
    "[Read|Decode|Solve] [line|number] one[.|:]\n[1|One|First][: |. |) ]{cipher} = ?\n"
    "[2|Two|Second][: |. |) ]{example} = {plain}",
    f"{_CQ}, [they wrote|it says|somebody wrote|the {_ANY} said] {_SPOT}. [We know|I know|It is "
    f"certain] that {_EQ} [was|is|meant|hides] {_PQ}[. |; ][And that one|So what is meant|What did "
    "it say|Which words are those]?",
    f"[A|The|My] {_ANY} [shows|holds|bears] two [lines|codes|texts]: {_EQ} [above|first|on top], "
    f"{_CQ} [below|second|underneath]. The [upper|first] one [is|says|hides] {_PQ}. [The [lower"
    "|second] one|And the other|What is the other][?| says what?]",
    f"[A|The|My] {_ANY} [shows|holds|bears] two [lines|codes|texts]: {_CQ} [above|first|on top], "
    f"{_EQ} [below|second|underneath]. The [lower|second] one [is|says|hides] {_PQ}. [The [upper"
    "|first] one|And the other|What is the other][?| says what?]",
    f"[How|In which words] would [my|the|a] {_ANY} [read|decode|understand] {_CQ}, [having seen"
    f"|knowing|being told] that {_EQ} [is|hides|says|stands for] {_PQ}?",
    f"[What|Which words] had they [before|first|to begin with] when they [got|ended with|arrived "
    f"at] {_CQ}, [as|if|when] {_PQ} [gave|led to|brought|ended as] {_EQ}?",
)
OWN_EN = extended(_USUAL_EN, _MORE_EN)
_EG_KO = (
    "[{example} -> {plain}|{example} = {plain}|{example} → {plain}|{example} => {plain}"
    '|"{example}" -> "{plain}"|{example}: {plain}]'
)
_READ_KO = (
    "[해독해 줘|풀어 줘|해독해 주세요|풀어 주세요|해독하세요|해독하시오|복호화해 주세요|읽어 줘"
    "|해석해 주세요|풀어 봐|풀어 주시겠어요|번역해 줘|평문으로 바꿔 줘|원래 글로 바꿔 주세요]"
)
_RULE_KO = (
    "[위 예시를 보고|같은 규칙으로|이 예를 참고해서|위의 예처럼|같은 방법으로|같은 암호로"
    "|위 예를 이용해서|이 규칙을 써서|규칙을 찾아서|마찬가지로]"
)
_SHAPES_KO = (
    f"[칠판에|문에|간판에|종이에|화면에|카드에] {_E}[이라고|라고] [쓰여|적혀] 있고 [뜻은|원문은] "
    f"{_PQ}[입니다|이에요|이야]. 그럼 {_C}[은|는] {WHAT}",
    f"[선생님이|동생이|로봇이|스파이가|누가] {_PQ}[을(를)|] {_E}[으로|로] [바꿨어요|암호화했어요"
    f"|숨겼어요]. {_C}[은|는] [어떤 글|무슨 글|어떤 문장]을 [바꾼|숨긴|암호화한] 것일까요?",
    f"[기계에|프로그램에|로봇에게] {_PQ}[을(를)|] [넣으면|입력하면] {_E}[이|가] 나와요. {_C}[이"
    f"|가] 나왔다면 [넣은 글은|입력은|원래 글은] {WHAT}",
    f"{_C}[을(를)|] {_READ_KO}. [도움말|참고|실마리]: {_E} = {{plain}}",
    "{plain} → {example}\n[[무엇|어떤 글|어떤 말] → {cipher}?|? → {cipher} (물음표는 무엇일까요?)]",
    f"{_E}[와|과] {_PQ}의 관계는 {_C}[와|과] [무엇의 관계인가요?|어떤 글의 관계일까요?|무엇의 "
    "관계와 같나요?]",
    "[원문|평문|글] 1: {plain}\n[암호|암호문] 1: {example}\n[암호|암호문] 2: {cipher}\n[원문"
    "|평문|글] 2:[| ?]",
    f"[두|같은 암호로 쓴 두] [쪽지|암호문|메시지][이|가] 있어요: {_E}, {_C}. [앞의 것은|첫 "
    f"번째는] {_PQ}[입니다|이에요]. [뒤의 것은|두 번째는] {WHAT}",
    f"만약 {_PQ}[이|가] {_E}[으로|로] [바뀐다면|된다면|쓰인다면] {_C}[으로|로] [바뀐|된|쓰인] "
    f"[글은|말은|문장은] {WHAT}",
    f"{{cipher}}\n[위|이] [암호를|글을|줄을] {_READ_KO}. ({_E}[은|는] {{plain}}[이라는|라는] 뜻)",
)
OWN_KO = (
    f"[|예시: |예: |보기: |힌트: |예를 들어 ]{_EG_KO}[\n|\n\n|. ]{_RULE_KO} {_READ_KO}"
    "[: |:\n|.\n]{cipher}",
    f"{_EG_KO}\n{{cipher}}[ -> ?| = ?| → ?| => ?]\n{_RULE_KO} {_READ_KO}.",
    f"[예시|예|보기|힌트]: {_EG_KO}\n[문제|질문|다음|해독|암호]: {{cipher}}",
    f'"{{example}}"이(가) "{{plain}}"[이라면|이면|을 뜻한다면|을 뜻하면] "{{cipher}}"은(는) {WHAT}',
    '[{example}|"{example}"]을(를) [풀면|해독하면|읽으면] [{plain}|"{plain}"][입니다|이에요|이다'
    f'|이야]. [{{cipher}}|"{{cipher}}"]을(를) {_READ_KO}.',
    "[암호문|암호|암호문:|암호:] {example}\n[평문|원문|평문:|뜻:] {plain}\n[암호문|암호|암호문:"
    "|암호:] "
    "{cipher}\n[평문은 뭐야?|평문:|원문은?|뜻은?|평문은 무엇인가요?]",
    f"{_RULE_KO} {_READ_KO}[: |:\n]{{cipher}}\n[예시|예|힌트|보기]: {_EG_KO}",
    f'[이 암호는|어떤 암호는|우리 암호는] "{{plain}}"을(를) "{{example}}"[로|라고] [씁니다|써요'
    f"|적는다"
    f'|바꿉니다]. "{{cipher}}"은(는) {WHAT}',
    f'"{{example}}"의 뜻은 "{{plain}}"[입니다|이에요|이야]. [그러면|그럼|그렇다면|] '
    f'"{{cipher}}"의 뜻은 {WHAT}',
    *_SHAPES_KO,
)
HELD_OUT_EN = (
    "My friend sent {example} and told me it reads {plain}. Then came {cipher}; what was it?",
    "Known: {example} ==> {plain}\nUnknown: {cipher}\nFind the unknown text.",
    "Work out the secret code from {example} ({plain}) and translate {cipher}",
    "To which words does {cipher} correspond, when {example} corresponds to {plain}?",
)
HELD_OUT_KO = (
    "친구가 {plain}을 {example}로 적었어요. 그 방식대로라면 {cipher}은 어떤 말일까요?",
    "단서는 {example} ⇒ {plain}. 이 단서로 {cipher}의 뜻을 찾아내세요.",
)
