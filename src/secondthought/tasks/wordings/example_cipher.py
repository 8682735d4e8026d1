"""How ciphers with a worked example are asked for. Fields: {example} and its text {plain}; "
"{cipher}, to be read."""

from __future__ import annotations

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
OWN_EN = (
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
)
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
