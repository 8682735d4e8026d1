"""How Caesar ciphers are asked for. Field: {cipher}."""

from __future__ import annotations

from secondthought.tasks.templates import extended
from secondthought.tasks.wordings.frames import capitalised, orders, things
from secondthought.tasks.wordings.korean import OPENING, WHAT

_TEXT = (
    "[text|message|note|line|sentence|secret|string|writing|passage|letter|telegram|inscription"
    "|postcard|secret message|riddle|phrase]"
)
_CIPHER = (
    "[Caesar cipher|Caesar cipher|Caesar code|Caesar shift|shift cipher|Caesar text|Caesar message"
    "|Caesar ciphertext|Caesar encryption|Caesar's cipher|rotation cipher|alphabet shift"
    "|ROT cipher|Caesar cryptogram|cipher of Julius Caesar|caesar cipher|caesar]"
)
_DECODE = (
    "[decrypt|decrypt|decode|decode|decipher|crack|break|solve|work out|undo|read|unscramble"
    "|translate|uncover|figure out|unlock|resolve|unravel|reveal|unpick|interpret|make sense of"
    "|turn back|descramble|convert back|untangle]"
)
_SHIFTED = (
    "[shifted by the same amount|moved along the alphabet by one fixed number|pushed forward by an "
    "unknown number of places|replaced by the one a fixed number of places further on"
    "|moved by the same number of places|slid along the alphabet by a secret amount"
    "|advanced by a constant number of positions|shifted by an unknown number"
    "|swapped for the one some fixed steps later|displaced by an equal number of steps]"
)
_HOW = (
    "[with a Caesar cipher|with a Caesar shift|by a Caesar shift|in Caesar's code|with an unknown"
    " Caesar key|by shifting its letters|using a shift of the alphabet|by moving each letter the "
    "same number of places|the way Julius Caesar did it|in a shift cipher|with a Caesar code"
    "|with a ROT cipher of unknown key|by sliding the alphabet]"
)
_MADE = "[encrypted|encoded|written|enciphered|disguised|hidden|coded|scrambled|locked|protected]"
_PLAIN = (
    "[the plaintext|the plain text|the original|the original text|the clear text|the hidden text"
    "|the message behind it|the English text|the original message|the cleartext"
    "|the solution|the true wording|the unencrypted text]"
)
_SAYS = (
    "[What does it say|What does it mean|What is the plaintext|What is the message|What was the "
    "original|What is written there|What do the words say|Read it|Decrypt it|Decode it|Crack it"
    "|Decipher it|Give the plain text|What is the original text|Give the original|Tell me what it "
    "says|What did they write|What was meant|Solve it|Find the plaintext|Undo it|Turn it back into"
    " English|Put it back into plain English|Show me the clear text]"
)
_CT = '[: {cipher}|: {cipher}|:\n{cipher}|:\n\n{cipher}| "{cipher}"|: "{cipher}"|\n{cipher}]'
_C = "[{cipher}|{cipher}|{cipher}|\"{cipher}\"|'{cipher}']"
_NOUN = (
    "[note|message|line|label|code|token|tag|snippet|text|slip|motto|password hint|headline"
    "|sentence|verse|reply|order|title|warning|wish|diary entry|sign]"
)
_WHO = (
    "[My aunt|The captain|A pupil|Our neighbour|Tom|Nina|The waiter|A child|Grandpa|The clerk|A "
    "robot|The coach|Mr Brown|A stranger|The baker|Her cousin|A courier|Somebody|A prisoner|The "
    "general|Caesar himself]"
)
_WHOM = (
    "[my aunt|the captain|a pupil|our neighbour|Tom|Nina|the waiter|a child|Grandpa|the clerk|a "
    "robot|the coach|Mr Brown|a stranger|the baker|her cousin|a courier|somebody|a prisoner|the "
    "general|Caesar himself]"
)
_BY = (
    "[a Caesar cipher|a Caesar shift|a shift cipher|Caesar's method|a fixed shift of every "
    "letter|an equal shift of all letters|an equal move of every letter|one constant step along "
    "the alphabet|one equal push for all letters|a secret shift of the letters]"
)
_USING = f"[with {_BY}|by means of {_BY}|through {_BY}|using {_BY}]"
_ASK = (
    "[What does it say|What is the plain text|What did it say before|What is it in English|Tell "
    "me what it says|Please decode it|Read it for me|Give me the plain English|Which words are "
    "these|What was written at first|Undo the shift|Find the words|Shift it back|What is meant"
    "|What do I read after decoding|Let me have the clear text|Answer with the plain text]"
)
_BACK = "[decode|decrypt|read|shift back|crack|unlock|translate|solve|decipher|undo]"
_SHAPES_EN = (
    f"[Take|Read|Grab|Use|Look at|See|Study] {_C} [and|, then|, and now] {_BACK} it[; it is a "
    f"Caesar cipher|, it was made {_USING}|, knowing that all letters were shifted equally|, a "
    "Caesar shift].",
    f"[Take|Pick|Use|Try] the {_NOUN} {_C} and [shift|move|slide|push|step] its letters [back"
    "|along] by [the same amount|one fixed number|an equal step] until [English|a sentence|a "
    "plain text|something readable] [appears|comes out|stands there][.|]",
    "[Once|When|After|If|As soon as] [you|we|I] [undo|remove|take back|guess|find] the [shift"
    f"|Caesar shift|Caesar key|alphabet shift] in {_C}, [what|which sentence|which words] [do we "
    "see|do you read|appears|comes out|is left|stands there]?",
    f"[Once|When|After|If|As soon as] {_C} [is|has been|gets] [shifted back|decoded|decrypted"
    "|undone] ([it is a Caesar cipher|Caesar cipher|Caesar shift|all letters moved equally]), "
    "[what|which sentence] [does it say|do we see|appears|is left|stands there]?",
    "[What|Which sentence|Which English text|Which plain text] [lies|hides|sits|is hidden|is "
    f"concealed|waits] [behind|under|inside|in] {_C}[, if|, given that|, when|; note that] [it "
    "is a Caesar cipher|every letter was shifted equally|all letters moved by one step size|it "
    f"was made {_USING}]?",
    f"{_C} [is|was|looks like] [a|the|our|my|his|her] {_NOUN} [that was|which was|that somebody"
    f"|which someone] [encoded|encrypted|hidden|disguised|masked] {_USING}. {_ASK}[?|.]",
    f"{_C} [is what|was what|is all that] {_WHOM} [sent|wrote|left|whispered|handed over|printed"
    "|typed|showed me], [in|using|writing in] [a Caesar cipher|Caesar code|a shift cipher]. "
    f"{_ASK}[?|.]",
    f"{_C} [came|comes|arrived|was sent|was found] [by post|on a card|in a bottle|from a spy|at "
    "noon|on a stamp|with the milk], [in|as] [a Caesar cipher|Caesar code|a shift cipher]. "
    f"{_ASK}[?|.]",
    f"{_C}[: | - |; |, ][that is|this is|it is|that was|here we have] [a Caesar cipher|a Caesar "
    f"shift|Caesar code|a text in a shift cipher][. |, ]{_ASK}[?|.]",
    f"{_C} - [Caesar|shift cipher|Caesar cipher|a Caesar shift|Caesar code] - [plain text|what "
    "does it say|decode it|meaning|in English|decrypt][?|.|]",
    f"({_C}) [is|was] [encoded|encrypted|made|written] {_USING}. {_ASK}[?|.]",
    "[By|With|After|Through] [undoing|reversing|taking back|finding] the [Caesar shift|shift of "
    f"the letters|constant shift|alphabet shift], [turn|convert|bring|change] {_C} [back into "
    "English|into plain English|into readable text|to plain words][.|]",
    f"[Turn|Convert|Change|Bring|Put|Transform] {_C} [back into English|into plain English|into "
    "readable text|back to plain words] by [undoing|reversing|finding and undoing] the [Caesar "
    "shift|letter shift|shift of its letters][.|]",
    f"[Feed|Give|Hand|Pass|Send|Show] {_C} to a [machine|program|tool|person] that [breaks"
    "|cracks|solves|undoes] Caesar [ciphers|shifts]; [what|which sentence] [comes back|comes out"
    "|does it print|do I receive]?",
    "[A|My|The|This] [machine|program|printer|radio|script|toy] [moves|shifts|pushes|slides] "
    "[every letter|each letter|all letters] by [the same number|one fixed step|an equal amount] "
    f"and [prints|says|shows|sends|plays] {_C}. [What went in|What was put in|What was the input"
    "|What had we typed|What text was it given]?",
    f"{_WHO} [moved|shifted|pushed|slid] [every letter|each letter|all letters] of a {_NOUN} "
    "[equally far|by one fixed step|the same distance] and [wrote|had|obtained|showed us|left"
    f"|sent off] {_C} [as the result|in the end|on the table|instead]. {_ASK}[?|.]",
    f"{_WHO} [writes|says|sends|types|prints|paints|whispers]: {_C}. [As always|As usual|Of "
    "course|It seems], [it is|that is] [a Caesar cipher|in Caesar code|a shift cipher]. "
    f"{_ASK}[?|.]",
    f"{_WHO} [writes|sends|uses|loves|trusts] Caesar ciphers; [today|this time|now|on Monday] "
    f"[it is|it was|the {_NOUN} is|the {_NOUN} was] {_C}. {_ASK}[?|.]",
    "[On|Over|Above|Beside|Under] the [door|gate|shop|window|cake|ship|tent|lamp|box|bench] "
    f"[stands|is written|we see|I read|hangs|is painted|is stamped] {_C}, [a {_NOUN} in Caesar "
    f"code|in a Caesar cipher|encoded {_USING}]. {_ASK}[?|.]",
    "[A|The|One] [sign|card|sticker|poster|board|badge|screen|telegram|stone] [shows|says|bears"
    f"|reads|has|carries] {_C} [in Caesar code|in a shift cipher|, encoded {_USING}]. {_ASK}[?|.]",
    f"[I|We] [see|hear|read|found|got|have|caught|copied] {_C} [here|on the screen|in the book"
    "|on the radio|at the top|in a letter] and [know|believe|think|suspect|was told] [it is a "
    f"Caesar cipher|it was made {_USING}|that all letters were shifted equally]. {_ASK}[?|.]",
    f"[Suppose|Assume|Imagine|Say|Given] [that |]{_C} [is|was|were] [a Caesar cipher|made "
    f"{_USING}|the result of {_BY}]. {_ASK}[?|.]",
    f"[Suppose|Assume|Imagine|Say] [you|we|I] [got|received|found|read] {_C} [from a spy|in the "
    f"mail|on a wall|one day], [shifted as a Caesar cipher|in Caesar code|encrypted {_USING}]. "
    f"{_ASK}[?|.]",
    f"[For|Of] the [Caesar cipher|Caesar code|shift cipher|Caesar-coded {_NOUN}] {_C}, [give"
    "|write|find|print|send|what is] the [plain text|original|solution|English|clear text][.|]",
    f"The {_NOUN} {_C} [hides|conceals|carries|holds|covers] [an English sentence|plain words"
    "|English words|a sentence] [shifted by a constant step|moved along the alphabet|under a "
    f"Caesar shift|{_USING}][. |; ]{_ASK}[?|.]",
    f"The {_NOUN} {_C} [should|must|has to|needs to|ought to] be [decoded|decrypted|shifted back"
    f"|read|deciphered]; [it is a Caesar cipher|it was made {_USING}|Caesar, key unknown|each "
    f"letter was moved equally far]. {_ASK}[?|.]",
    f"[Here|Below|Now|Next|In the next line] [is|comes|you see|stands|follows] a {_NOUN} "
    f"[encoded|encrypted|hidden|disguised] {_USING}[. |; ]{_ASK}[?|.|:]\n{{cipher}}",
    f"[Each|Every] letter of this {_NOUN} [stepped|moved|wandered|went|slid] [equally far|the "
    f"same distance|the same number of steps] [along|down|through] the alphabet: {_C}. {_ASK}[?"
    "|.]",
    "Because [nobody|no one|no enemy] [should|must|may|could] read it, [all letters|every "
    f"letter] of the {_NOUN} moved [equally far|by one fixed step]: {_C}. {_ASK}[?|.]",
    "Where [A stands for one letter and B for the next and so on|all letters are shifted equally"
    f"|every letter stands some fixed steps further], {_C} [means|says|stands for|reads as] "
    "[what|which sentence|which words]?",
    f"[How|In what way] [does|would|might|should] {_C} [read|look|sound|be understood] [in "
    "English|in plain words|once decoded|after decoding], [as|if|given that|since] [it is a "
    f"Caesar cipher|it was made {_USING}|all letters were shifted equally]?",
    f"[Do you see|Can you read|Did you get|Do you know] {_C}? It is [a Caesar cipher|in Caesar "
    f"code|a shift cipher]. {_ASK}[?|.]",
    "[Somewhere|Some fixed steps|A few steps] [back|ahead|earlier|later] in the alphabet, [the "
    f"letters of|every letter of] {_C} [form|spell|make|give] [an English sentence|English words"
    "|plain English]. [Which one|Which|What is it|Find it|Give it][?|.]",
    f"{_BACK} {_C}[ (Caesar)| (Caesar cipher)|, a Caesar cipher| as a Caesar cipher|, knowing it "
    "is Caesar code| from Caesar code| by undoing its Caesar shift][.| for me.|, please.|]",
    f"[Caesar cipher|Caesar code|Shift cipher|Caesar|Letters shifted equally]: {_C}[. |; | - "
    f"]{_ASK}[?|.]",
    "[Code|Note|Message|Token|Line|Input|Given][: | = | - | -> ]{cipher}\n[Method|Cipher|Type"
    "|Made with][: | = | - ][Caesar|shift of the alphabet|Caesar shift, key unknown|shift "
    "cipher]\n[Plain|Plain text|Meaning|English|Output|Wanted: plain text][:|?| = ?|]",
    "[Method|Cipher|Type|Made with][: | = | - ][Caesar|shift of the alphabet|Caesar shift, key "
    "unknown|shift cipher]\n[Code|Note|Message|Token|Line|Input|Given|Text][: | = | - | -> "
    "|:\n]{cipher}",
    f"{{cipher}}\n[That|The {_NOUN} above|The line above|What you see above|My {_NOUN}] was "
    f"[encoded|encrypted|written|hidden] {_USING}. {_ASK}[?|.]",
    f"{{cipher}}\n\n[Please |Now |]{_BACK} [the {_NOUN}|this|the line above|that Caesar cipher"
    "|this Caesar code][; it is a Caesar cipher| (Caesar shift)| - all letters moved equally|, "
    "Caesar style][.|]",
    f"[What|Which words] [could|might|did|does] {_WHOM} [mean|say|want|tell us] [with|by|in "
    f"writing|when writing] {_C}[, a Caesar cipher| in Caesar code|, shifting every letter "
    f"equally|, encoded {_USING}]?",
    f"[I|We] cannot [read|understand|make out|decode|follow] {_C}[, though I know|, but we know"
    "|, except] that [it is a Caesar cipher|all letters were shifted equally|it was made "
    f"{_USING}]. {_ASK}[?|.]",
    f"[Reading|Seeing|Hearing|Finding] {_C}, {_WHOM} [at once thinks of|thinks of|suspects|says "
    f"it is] [a Caesar cipher|a shift of the letters|Caesar code]. {_ASK}[?|.]",
)
_USUAL_EN = (
    *orders(
        f"{_DECODE} [this|the|the following|my|the given|this short|this old] {_CIPHER}{_CT}",
        f"{_DECODE} [this|the|the following|my|the given] {_TEXT}, [which was|it was|it is"
        f"|it has been] {_MADE} {_HOW}{_CT}",
        f"{_DECODE} [this|the following|a] {_TEXT} {_MADE} {_HOW}{_CT}",
        f"{_DECODE} [this|the following] {_TEXT} [(Caesar cipher)|(Caesar shift)|(shift cipher, "
        f"key "
        f"unknown)|(each letter shifted equally)|(Caesar, no key)]{_CT}",
        f"[undo|reverse|remove|take back|cancel|invert] the [Caesar shift|shift of the alphabet"
        f"|letter shift|Caesar encryption|Caesar rotation|unknown shift] [in|of|from] [this|the "
        f"following|my] {_TEXT}{_CT}",
        f"[find|give|tell me|recover|restore|reconstruct|determine|write|show|get|retrieve|output] "
        f"{_PLAIN} [of|for|behind|to] [this|the following|the|my] {_CIPHER}{_CT}",
        f"[shift|move|slide|push] the letters [back|back by the right amount|back until it is "
        f"English|back to where they were]{_CT}",
        f"[find the shift|find the key|guess the shift|try all shifts|work out the shift] and "
        f"[decrypt|decode|read|decipher|give the plain text of] [this|the following|this Caesar"
        f"|this shifted] {_TEXT}{_CT}",
    ),
    *things(
        f'{_PLAIN} [of|for|behind] [this|the] {_CIPHER} "{{cipher}}"',
        f'the [meaning|solution|decryption] of the {_CIPHER} "{{cipher}}"',
    ),
    f"[{_CIPHER}|Caesar|Caesar-encrypted text|Shifted text|Ciphertext (Caesar)|ciphertext, Caesar"
    "|Encrypted (Caesar shift)|Unknown alphabet shift|caesar decrypt|decode caesar][: |:\n|\n| ]"
    f"{{cipher}}[||\n{_SAYS}.|\nPlaintext:|\nplaintext?|\nPlain text?|\nMeaning?|\nOriginal:]",
    f"[This|The following|This next|This strange|This secret] {_TEXT} [was|has been|is] {_MADE} "
    f"{_HOW}[. |: |; ]{_SAYS}[?|.|:|]\n{{cipher}}",
    f"[In|With] this {_TEXT} [every|each] letter [was|has been|is] {_SHIFTED}. "
    f"{_SAYS}.\n{{cipher}}",
    f'[Each|Every] letter [was|has been|is] {_SHIFTED}[: |:\n]"{{cipher}}"[. | ]{_SAYS}[?|.|]',
    f"[Somebody|Someone|My sister|A spy|My rival|A pupil|An agent|A pirate|The butler] "
    f"[shifted|moved|pushed] [all the letters|every letter|each letter] of a {_TEXT} [by the same "
    f"amount|equally far|by a fixed number of places]. {_SAYS}[: |:\n]{{cipher}}",
    f"[Somebody|My sister|A spy|My grandfather|An agent|A classmate|My neighbour] [sent|gave|left"
    f"|handed|wrote|slipped] me [a|this] {_TEXT} {_MADE} {_HOW}. {_SAYS}[: |:\n]{{cipher}}",
    f"{{cipher}}\n[This|The above|The line above|That|This text] [is|was made with|comes from|was "
    f"encrypted with] a {_CIPHER}. {_SAYS}[.|?|]",
    f"{{cipher}}\n[Above|Up there|Here] [every|each] letter [was|is|has been] {_SHIFTED}. "
    f"{_SAYS}[.|?|]",
    f'"{{cipher}}" [is|was written in|is text in|comes from] a {_CIPHER}[. |; ]{_SAYS}[.|?|]',
    f"What [does|might|could|would] [this|the|the following] {_CIPHER} "
    f"[say|mean|read|hide|tell us|stand for]?\n{{cipher}}",
    f"[Read|Decode] this for me, it is Caesar [encrypted|encoded]{_CT}",
    f"What [is|was] {_PLAIN} [of|behind|for] [this|the|the following] {_CIPHER}[: |?\n|:\n]"
    "{cipher}",
    f"[Which|What] [message|sentence|text] [is|was] hidden in [this|the] {_CIPHER}?\n{{cipher}}",
    f"I [found|got|received|intercepted|came across|have] [a|this] {_CIPHER} [in a diary|in a book"
    f"|on a wall|in a bottle|by post|]. {_SAYS}[: |:\n]{{cipher}}",
    "[Someone|A friend|My brother] [rotated|turned|shifted] [the alphabet|every letter|the"
    " letters] [to hide a sentence|and sent me this|for this note]: {cipher}[ Bring it back|"
    " Restore it| What does it say|]",
    "[A rotation|Rotation] of the alphabet [gave|made|produced] {cipher}. [Restore|Recover"
    "|Bring back] the [English|sentence|note].",
    "[The Romans|A Roman general|Old Romans] [knew this trick|wrote so|hid it so]:"
    " {cipher}[. |\n][What is the sentence|Read it|Restore the sentence]?",
    *_SHAPES_EN,
)
# Here the text stands in other marks and places, and {noise} is any word outside of it.
_ANY = "{noise}"
_CQ = '["{cipher}"|"{cipher}"|\'{cipher}\'|({cipher})|«{cipher}»|“{cipher}”|*{cipher}*|`{cipher}`]'
_KIND = (
    "[a Caesar cipher|Caesar code|a shift cipher|a text with all letters moved equally|a Caesar "
    "shift|a cipher with one step for all letters]"
)
_SPOT = f"[on|under|beside|above|near] [the|a|my|our] {_ANY}"
_MORE_EN = (
    "[By|Through|With] [rotating|a rotation of] the [alphabet|letters][,| ][somebody|they|a"
    f" friend|the {_ANY}] [enciphered|hid|wrote|disguised] [a sentence|a note|words]: {{cipher}}."
    " [What was it|Which words|Bring it back|Restore it][?|.]",
    "[Rotated|Rotating] [by some number of places|some way|by an unknown step], [the note|a"
    f" sentence|my text] [became|reads|turned into] {_CQ}. [Restore|Recover|Find|Give] the [note"
    "|text|English|sentence][.|]",
    f"[Somebody|We|They|The {_ANY}] rotated [each letter|the alphabet under a note|a sentence] and"
    f" [has|have|left|wrote] {_CQ}. [Recover|Give back|Find] [it|the English|the note][.|]",
    "[Caesar|A Roman|The Romans] [hid|would hide|hides|used to hide] [a text|words|a sentence]"
    f" like this: {_CQ}. [Bring back the words|What was hidden|Find the sentence][?|.]",
    f"[On|Under|Beside|Above] [the|a|my|our] {_ANY} [stands|is|hangs|was] {_CQ}[, |: |; ]{_KIND}. "
    f"{_ASK}[?|.]",
    f"[My|The|A|Our] [{_ANY}|{_ANY} club|old {_ANY}] [put|wrote|left|painted|has] {_CQ} {_SPOT}. "
    f"[It is|That is|They say it is] {_KIND}. {_ASK}[?|.]",
    f"[Before|After|While|Because|If] the {_ANY} [starts|is over|arrives|breaks], {_BACK} {_CQ}[; "
    f"it is {_KIND}|, {_KIND}|, which is {_KIND}].",
    f"{capitalised(_BACK)} {_CQ} [for|before|despite|without] the {_ANY}[; it is {_KIND}"
    f"|, {_KIND}|, which is {_KIND}].",
    f"[Not {_ANY} but|Leave {_ANY} aside:|Forget {_ANY};] {_CQ} [is the text|is what counts|is what"
    f" I mean], {_KIND}. {_ASK}[?|.]",
    f"[What|Which words] [does|did|would] [the|a|my] {_ANY} [mean|say|hide] with {_CQ}, [which is|"
    f"being|written as] {_KIND}?",
    f"[Topic|Source|Owner|From|Place]: {_ANY}\n[Code|Text|Line|Note]: {{cipher}}\n[Kind|Method"
    "|Type]: [Caesar|shift cipher|Caesar shift]\n[Plain text|Words|Meaning|English][:|?]",
    f"[Code|Text|Line|Note]: {{cipher}}\n[Topic|Source|Owner|From|Place]: {_ANY}\n[Kind|Method"
    "|Type]: [Caesar|shift cipher|Caesar shift]\n[Plain text|Words|Meaning|English][:|?]",
    f"---\n{{cipher}}\n---\n[Between the lines|Up there|Above] [is|stands|you see] {_KIND}. {_ASK}"
    "[?|.]",
    f"[Between|Within|Inside] the [lines|marks] [is|stands|you find] {_KIND}. {_ASK}[?|.]\n---\n"
    "{cipher}\n---",
    "[Every|Each] letter [wants|needs|has] to go [back|home] by [one and the same|the same unknown"
    f"|an equal] number of steps in {_CQ}. {_ASK}[?|.]",
    f"[All|All the] letters of {_CQ} [are|stand|lie] [too far along|too far down|off] by one [and "
    f"the same |]number of places in the alphabet. {_ASK}[?|.]",
    f"[Add|Apply] one [fixed|constant|single] [number|shift] to [each|every] letter of {_CQ} so "
    "that [English|a sentence|plain words] [comes out|results|appears|stands there][.|: which?|. "
    "What is it?]",
    "[How many steps it was I do not know|The step is unknown|Nobody told me the key|The key is "
    f"lost], but {_CQ} is {_KIND}. {_ASK}[?|.]",
    f"{capitalised(_KIND)}: {_CQ}[, found {_SPOT}| from my {_ANY}|, sent by the {_ANY}]. "
    f"{_ASK}[?|.]",
    f"[Someone|A friend|Anyone|A man] who [hates|sells|studies|collects|loves] {_ANY} [sent|left"
    f"|gave] us {_CQ}, {_KIND}. {_ASK}[?|.]",
)
OWN_EN = extended(_USUAL_EN, _MORE_EN)
_C_KO = (
    "[카이사르 암호|시저 암호|카이사르 암호문|시저 암호문|시저 사이퍼|카이사르 이동 암호"
    "|시프트 암호|알파벳을 민 암호|글자를 일정하게 민 암호문|시저 시프트 암호]"
)
_S_KO = (
    "[모든 글자를 같은 만큼 민|글자마다 똑같은 칸수만큼 옮긴|알파벳을 일정한 수만큼 뒤로 민"
    "|각 글자를 같은 거리만큼 이동한|카이사르 방식으로 쓴|시저 방식으로 바꾼"
    "|카이사르 암호로 쓴|시저 암호로 만든]"
)
_SAYS_KO = (
    "[원문은 무엇인가요?|원문을 알려 주세요.|평문은 뭐야?|평문을 써 줘.|무슨 뜻이야?|무슨 뜻인가요?"
    "|해독해 줘.|해독해 주세요.|풀어 줘.|복호화하세요.|원래 문장은?|원래 글을 찾아 주세요."
    "|원래 뭐라고 썼을까?|뭐라고 쓰여 있나요?|해독하시오.|원문을 구하시오.]"
)
_SHAPES_KO = (
    '[칠판에|문에|간판에|종이에|화면에|카드에|벽에] [{cipher}|"{cipher}"][이라고|라고] [쓰여'
    f"|적혀] 있어요. [시저 암호|카이사르 암호|글자를 똑같이 민 암호]예요. {_SAYS_KO}",
    '[친구가|선생님이|동생이|로봇이|스파이가] [{cipher}|"{cipher}"][이라고|라고] [썼어요'
    f"|보냈어요|남겼어요]. {_C_KO}[이|가] [틀림없어요|맞아요]. {_SAYS_KO}",
    f"{{cipher}}[: | - |\n][이건|이것은|위 글은] {_S_KO} [쪽지예요|메모예요|글이에요"
    f"|문장이에요]. {_SAYS_KO}",
    '만약 [{cipher}|"{cipher}"]의 [글자를|모든 글자를] [같은 칸수만큼|똑같이|일정하게] [되돌리면'
    "|다시 밀면|옮기면] [어떤 문장이 되나요?|뭐라고 읽히나요?|무슨 글이 나올까요?]",
    "[기계가|로봇이|프로그램이] [모든 글자를|글자마다] [같은 만큼|똑같이] 밀어서 [{cipher}"
    '|"{cipher}"][을(를)|] [출력했어요|만들었어요|내놓았어요]. [넣은 글은|입력은|원래 글은] '
    f"{WHAT}",
    "[종류|방식]: [시저|카이사르|시저 암호]\n[쪽지|메모|암호|글]: {cipher}\n[원문|평문|뜻]:[| ?]",
    '[저는|나는|우리는] [{cipher}|"{cipher}"][을(를)|] [봤는데|받았는데|읽었는데] '
    f"{_C_KO}[인 것 같아요|인 듯해요|이지요]. {_SAYS_KO}",
    f"{_C_KO}[으로|로] [쓴|적은|숨긴] [쪽지|일기|편지|표어] {{cipher}}\n{_SAYS_KO}",
    '[풀어 주세요|해독해 줘|읽어 주세요][: |. |, ]"{cipher}" ([시저 암호|카이사르 암호|글자를 '
    "똑같이 민 글])",
    f'[{{cipher}}|"{{cipher}}"] 속에 [숨은|감춰진|담긴] [문장은|말은|글은] {WHAT} ([시저 암호'
    "|카이사르 암호])",
)
OWN_KO = (
    f"{OPENING}[다음|이|아래|아래의|주어진] {_C_KO}[을|를] [풀어|해독해|복호화해|해석해|풀이해"
    "|원래대로 돌려|평문으로 바꿔|읽어] [줘|주세요|줄래요|봐|주시겠어요|주십시오|보세요]"
    "[: |:\n|.\n|\n]{cipher}",
    f"{OPENING}[다음은|이것은|아래는|이건] {_S_KO} [글이에요|글이야|문장입니다|암호문이야"
    f"|암호입니다"
    f"|메시지예요]. {_SAYS_KO}\n{{cipher}}",
    f"{_S_KO} [글|암호문|문장|메시지]입니다. {_SAYS_KO}\n{{cipher}}",
    f"{{cipher}}\n[위 글은|이 글은|위의 것은|이것은|위 문장은] {_C_KO}[야|입니다|예요]. {_SAYS_KO}",
    f"{_C_KO}[ 해독: |: | 문제: |\n|, 원문은?\n| 풀기: | 복호화: ]{{cipher}}",
    f'{_C_KO} "{{cipher}}"의 [평문|원문|뜻|원래 글|해독 결과][은|는] {WHAT}',
    f'"{{cipher}}" - [이|위] {_C_KO}[의 원문은?|를 풀어 줘.|를 해독하세요.|의 뜻은?]',
    "[암호문|암호] ([시저|카이사르]): {cipher}\n[평문?|원문은?|뜻은?|해독해 줘.]",
    f"[친구가|누가|동생이|스파이가] {_C_KO}[을|를] [보냈어요|남겼어|줬어요]. "
    f"{_SAYS_KO}\n{{cipher}}",
    *_SHAPES_KO,
)
HELD_OUT_EN = (
    "The following was enciphered by rotating the alphabet: {cipher}. Which sentence is it?",
    "An old Roman trick hides a sentence here: {cipher}\nBring the sentence back.",
    "I rotated the letters of a note and got {cipher}. Restore the note.",
    "Given {cipher}, a rotation of the alphabet away from English, recover the English.",
)
HELD_OUT_KO = (
    "알파벳을 몇 칸씩 돌려서 만든 글이에요: {cipher} 원래대로 되돌려 주세요.",
    "{cipher} 이것은 로마 시대 방식의 암호입니다. 평문을 적으세요.",
)
