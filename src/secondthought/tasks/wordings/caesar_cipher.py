"""How Caesar ciphers are asked for. Field: {cipher}."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders, things
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
OWN_EN = (
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
)
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
