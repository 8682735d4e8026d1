"""How numbers to another base are asked for. Fields: {number}, {source} and {target} ("base 8", "
""octal")."""

from __future__ import annotations

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
OWN_EN = (
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
)
_NUM_KO = (
    "[{source} 수 {number}|{source} {number}|{source}의 {number}|{source} 숫자 {number}"
    "|{source}으로 쓴 {number}|{source}으로 나타낸 수 {number}|{source}으로 된 {number}]"
)
OWN_KO = (
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
)
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
