"""How knights and knaves are asked for.

Fields: {claims}, all that was said; {people} and their {count}; the two roles, also with an article
({a_knight}) or a capital ({Knight}).
"""

from __future__ import annotations

from secondthought.tasks.wordings.korean import GIVE, OPENING

_KNIGHTS = (
    "[{Knight}s always tell the truth|{Knight}s tell the truth|{Knight}s only say true things|All "
    "{knight}s are truthful|{Knight}s never lie|Each {knight} always tells the truth|{Knight}s are "
    "honest|Every {knight} speaks the truth|{Knight}s say only what is true|Whatever "
    "{knight}s say is true|{Knight}s always speak truly|Each {knight} is sincere]"
)
_KNAVES = (
    "[{knave}s always lie|{knave}s lie|{knave}s only say false things|all {knave}s are liars"
    "|{knave}s never tell the truth|every {knave} lies|{knave}s are dishonest|each {knave} "
    "always lies|{knave}s say only what is false|whatever {knave}s say is false"
    "|{knave}s never say anything true|{knave}s always deceive]"
)
_RULES = f"{_KNIGHTS}[, | and | while |; |, but |, whereas ]{_KNAVES}."
_WHO = (
    "[Who is who?|Who is what?|What is each?|Who is {a_knight} and who is {a_knave}?|Which is "
    "which?"
    "|Which of {people} is which?|Find out who is what.|Say what each one is.|Name the role of "
    "each.|Tell me who is {a_knight} and who is {a_knave}.|What are {people}?|Who lies and who "
    "tells"
    " the truth?|Solve it.|What role has each of them?|Work out what each person is.|Decide who is "
    "{a_knight} and who {a_knave}.|Can you tell who is what?|Which of them are {knight}s?|Who are "
    "the {knight}s and who are the {knave}s?|What can you conclude about {people}?|Deduce the type "
    "of each.|Give everybody's role.|Is each of them {a_knight} or {a_knave}?|Classify {people}."
    "|Sort out who is who.|For each person, say {knight} or {knave}.]"
)
_PLACE = (
    "[On an island|In a village|In a strange town|In a valley|On a distant planet|In a castle"
    "|At a party|In an old story|On a ship|In a far land|In a school|At a market|In a kingdom]"
)
_PEOPLE = (
    "[{people} are {knight}s or {knave}s.|Each of {people} is {a_knight} or {a_knave}.|Every one "
    "of "
    "{people} is either {a_knight} or {a_knave}.|{people} can be {knight}s or {knave}s.|There are "
    "{count} people, {people}, each {a_knight} or {a_knave}.|You meet {people}.|You run into "
    "{people}.|Here come {people}.|We talk to {people}, who are {knight}s or {knave}s.|The "
    "{count} persons are {people}.|{people} stand before you.|I talked with {people}.]"
)
OWN_EN = (
    f"{_RULES} {{claims}} {_WHO}",
    f"{_RULES} {_PEOPLE} {{claims}} {_WHO}",
    f"{_PEOPLE} {_RULES} {{claims}} {_WHO}",
    f"{_RULES}\n{{claims}}\n{_WHO}",
    f"{_PLACE} [there are|live|you find|we find|there live] [only |]{{knight}}s and {{knave}}s. "
    f"{_RULES} {_PEOPLE} {{claims}} {_WHO}",
    f"{_PLACE} of {{knight}}s and {{knave}}s [you meet|you talk to|I met|we found|live|are] "
    f"{{people}}. [{_RULES} |]{{claims}} {_WHO}",
    f"{{claims}} {_RULES} {_WHO}",
    "{claims} [Who is|Tell me who is|Find out who is|Which one is|Decide who is] {a_knight} "
    "[(always"
    " truthful)|(truthful)|(tells the truth)|, so always truthful,] and who is {a_knave} [(always "
    "lying)|(lies)|(a liar)|(never truthful)][?|.|]",
    "[Find out|Work out|Determine|Say|Decide|Tell me|Figure out|Deduce] who is {a_knight} and "
    "who is {a_knave}[: |. |:\n]{claims}",
    "{Knight}s and {knave}s [puzzle|riddle|problem|logic puzzle][. |: |\n]{claims}",
    f"[Solve|Do|Crack|Here is|Try|Look at|Please solve] [this|a] [logic puzzle|riddle|puzzle|brain "
    "teaser|problem|logic problem] [with|about|of] {knight}s ([truth|truthful|honest]) and {knave}s"
    f" ([lies|liars|lying])[. |: |:\n]{{claims}}[| {_WHO}]",
    f"[Which|Who] of {{people}} is {{a_knight}} and [which|who] [{{a_knave}}|is {{a_knave}}]? "
    f"[{_RULES} |]{{claims}}",
    "{knight} [=|means|is a] truth-teller, {knave} [=|means|is a] liar. {claims} " + _WHO,
    "Is each of {people} [{a_knight}, who tells the truth, or {a_knave}, who lies|honest "
    "{knight}s or lying {knave}s]? {claims}",
    f"[Some|A few] people [always tell the truth|are honest]: [they are called|call them] "
    f"{{knight}}s. [The others|The rest] [always lie|never tell the truth]: {{knave}}s. {{claims}} "
    f"{_WHO}",
    "[truth-tellers|honest ones]: {knight}s\n[liars|lying ones]: {knave}s\n[people|persons]: "
    "{people}\n[said|statements]: {claims}\n[who is what?|roles?|who is who?]",
    f"[You are a detective.|Act as a judge.|You are a logician.|I am stuck on a riddle.|My teacher "
    f"gave us this.|Think carefully.|We play a party game.|Here is a riddle.|You are given a "
    f"puzzle."
    f"] {_RULES} {{claims}} {_WHO}",
    f"[I heard|We heard|You hear|They told me|You overhear] this: {{claims}} {_RULES} {_WHO}",
    "A [traveller|visitor|stranger] [hears|heard|notes] this: {claims} [Every word of a"
    " {knight} is true, every word of a {knave} is false|{Knight}s are reliable, {knave}s"
    " are unreliable]. [Identify|Sort|Classify] {people}.",
    "{claims} [Each speaker is|The speakers are] [either {knight} or {knave}|{knight}s"
    " (reliable) or {knave}s (not reliable)]. [Who is which|Identify them|Identify each"
    " speaker]?",
    "Among [{knight}s|the {knight}s], whose [words|statements] are true, and {knave}s, whose"
    " [words|statements] are false, live {people}. {claims} [Determine|Say|Identify] [who is"
    " what|what each one is].",
)
_RULES_KO = (
    "[{knight}은(는) 진실만, {knave}은(는) 거짓만 [말해요|말한다|말합니다].|{knight}은(는) 항상 "
    "참말, "
    "{knave}은(는) 항상 거짓말.|{knight}은(는) [늘|언제나|항상] 진실을 말하고 {knave}은(는) [늘"
    "|언제나|항상] "
    "거짓말을 [해요|한다|합니다].|{knight}은(는) 거짓말을 안 하고 {knave}은(는) 거짓말만 해."
    "|{knave}은(는) 거짓말쟁이고 {knight}은(는) 정직해요.]"
)
_WHO_KO = (
    "[누가 무엇인가요?|각각 무엇인지 찾아 줘.|각자의 정체는 뭐야?|누가 {knight}이고 누가 "
    "{knave}일까?"
    "|누가 {knight}이고 누가 {knave}인가요?|누가 누구인지 말해 줘.|{people}은(는) 각각 무엇일까요?"
    "|누가 참말을 하고 누가 거짓말을 하나요?|모두의 정체를 알려 주세요.|풀어 주세요.|풀어 줘."
    "|각 사람이 {knight}인지 {knave}인지 말해 주세요.|누가 {knave}인지 밝혀 줘.|정체를 구하시오.]"
)
OWN_KO = (
    f"{OPENING}{_RULES_KO} {{claims}} {_WHO_KO}",
    f"{OPENING}{{people}}은(는) {{knight}} 아니면 {{knave}}[이다|예요|입니다|야]. [{_RULES_KO} |]"
    f"{{claims}} {_WHO_KO}",
    f"{{claims}} {_RULES_KO} {_WHO_KO}",
    "{claims} 누가 {knight}([진실|참말])이고 누가 {knave}([거짓|거짓말])인지 [말해|알려|찾아|밝혀] "
    + GIVE,
    "[논리 퍼즐|논리 문제|수수께끼|추리 문제|퍼즐]: {knight}은(는) [참|진실], {knave}은(는) "
    f"[거짓|거짓말]. {{claims}} {_WHO_KO}",
    "{people} [중|가운데] 누가 {knight}이고 누가 {knave}[일까|인가요|입니까|일까요]? "
    "([{knave}은(는) 늘 거짓말|{knight}은(는) 늘 참말]) {claims}",
    f"[어느 섬에|어떤 마을에|한 나라에] {{knight}}와(과) {{knave}}[만 살아요|들이 산다|가 "
    f"있습니다]. "
    f"{_RULES_KO} {{people}}을(를) 만났어요. {{claims}} {_WHO_KO}",
)
HELD_OUT_EN = (
    "A traveller hears this: {claims} If {knight}s cannot lie and {knave}s cannot tell the truth, "
    "how do you sort {people}?",
    "{people} live among {knight}s, whose every word is true, and {knave}s, whose every word is "
    "false. {claims} Identify them.",
    "{claims} Say for each speaker: {knight} (reliable) or {knave} (unreliable)?",
    "Liars are called {knave}s here, the others {knight}s. {claims} Determine who {people} are.",
)
HELD_OUT_KO = (
    "섬에는 참말만 하는 {knight}와(과) 거짓말만 하는 {knave}이(가) 산다. {claims} "
    "{people}의 정체를 밝히시오.",
    "{claims} 위의 말로 판단할 때 {people}은(는) 각각 {knight}인가요, {knave}인가요?",
)
