"""Rarer ways to ask for words spelled backward, and the parts that all of them share.

What is to be turned round is told by the sentence alone here: {noise} is any word, and each way to
name the direction stands in many sentences. Field: {word}.
"""

from __future__ import annotations

from secondthought.tasks.wordings.frames import capitalised

Q = "[{word}|{word}|{word}|\"{word}\"|'{word}']"
NOUN = (
    "[name|label|code|token|tag|note|title|nickname|entry|sign|snippet|item|word|word|term"
    "|heading|keyword|caption|password|brand]"
)
TURN = (
    "[reverse it|turn it round|spell it backwards|write it back to front|put its letters in the "
    "opposite order|read it from right to left|say it from its last letter to its first|invert "
    "it|say it backwards|write it in reverse|turn the letters round|give it back to me reversed"
    "|type it backwards]"
)
TURNED = (
    "[reversed|turned round|spelled backwards|written backwards|written from right to left|put "
    "in reverse|turned back to front|inverted|spelt in reverse]"
)
THEN = (
    "[What is the result|What comes out|What do I get|What stands there now|Tell me the result"
    "|Give me the new string|What will it be|Show me what that gives|Answer with the new string "
    "only|What should I write|Which letters do I see|Just the result, please|What does it say "
    "then|What has it become]"
)
_ANY = "{noise}"
_DO = (
    f"[reverse {Q}|turn {Q} round|invert {Q}|spell {Q} backwards|write {Q} from right to left"
    f"|put {Q} in reverse order|copy {Q} in reverse|say {Q} back to front|read {Q} from its "
    f"tail|set {Q} down in opposite order|swap {Q} end for end|type {Q} the wrong way about"
    f"|dictate {Q} from the rear|change the direction of {Q}|turn the letters of {Q} about"
    f"|print {Q} with its order reversed|arrange the characters of {Q} in opposite order|flip {Q}"
    f"|mirror {Q}|flip {Q} over|give {Q} the other way round|list the letters of {Q} from its end"
    f"|list the letters of {Q} without gaps, the final one first|run {Q} backwards]"
)
_SO = (
    "[so that|such that|in such a way that|until] [its|the] [last|final|rear|rightmost|closing|"
    "hindmost] [letter|character|sign] [leads|stands in front|opens it|heads the others|is at the "
    "left|is where the first one was|goes first|is now the first]|[so that|such that] [it runs the "
    "other way|its end comes first|it goes in the other direction|its start comes last]"
    "|[so that|such that] [its|the] [first|front|leftmost|opening] [letter|character] [closes it"
    "|ends up at the right|moves to the tail|is the end of it|follows all others]"
    f"|[so that|such that] [nobody|no {_ANY}|no child|not even my {_ANY}] [can read it|understands "
    "it|knows it at a glance]"
    f"|[in order to|so as to|just to] [hide it from|surprise|annoy|test|please] [the {_ANY}|my "
    f"{_ANY}|a {_ANY}|everybody|the reader]"
    "|[as|the way] [one sees it from behind|a mirror would show it|they write in the East|it runs "
    "on the other side of a window]"
    "|[one character at a time|sign by sign|without changing a letter|keeping every letter|with "
    "nothing between the letters]"
)
_WHILE = (
    f"[before|after|while|because|although|unless|since|until|when|if] [the {_ANY} [starts|is over"
    f"|arrives|sleeps|breaks|is gone]|we talk about {_ANY}|my friend says {_ANY}|I look up {_ANY}"
    f"|somebody mentions {_ANY}|there is a {_ANY}|a {_ANY} is near|it is about {_ANY}]"
    f"|for [my|the|a|our] [{_ANY}|{_ANY} {_ANY}|{_ANY} club|{_ANY} poster|book on {_ANY}]"
    f"|[without|despite|instead of] [the {_ANY}|touching {_ANY}|any {_ANY}|asking a {_ANY}]"
)
_GIVE = (
    "[Give it to me from its last letter to its first|Say it in the opposite direction|I want it "
    "reversed|Write it from the tail to the head|Spell it from right to left|Turn it round for me"
    "|How does it read backwards|What is it in reverse|What does it become in opposite order|Let "
    "me see it back to front|Tell me its letters in reverse order|Which string is its reverse|Show "
    "the mirror order of it|Swap its ends and all between|Now exchange its head and its tail, and "
    "so on inwards]"
)
_ONE = "[word|string|name|term|one|of them|of the two]"
_ON = f"[on|under|beside|above|near|behind|inside] [the|a|my|our|that] [{_ANY}|{_ANY}|old {_ANY}]"
_WAY = (
    "[is read the other way|goes the other way round|runs backwards|runs in the other direction|is "
    "run through from its end|is flipped|is mirrored|is seen in a mirror|is taken from its rear|is "
    "turned end for end|runs from right to left|changes its direction]"
)
_FROM = (
    "[at|with|from] [its|the] [tail|rear|hindmost letter|right|back|last letter|final letter"
    "|end of it|far end]"
)
_WHOLE = "[ without gaps| without blanks| with no spaces| in one go| as one string| one by one||]"
MORE_EN = (
    f"[What|Which string|Which word|Which letters|What string] [do|will|would] [I|we|you] [get|have"
    f"|see|read|end up with], [when|if|once|as soon as] {Q} {_WAY}?",
    f"[When|If|Once|As soon as] {Q} {_WAY}, [what|which string|which word] [do|will|would] [I|we"
    "|you] [get|have|see|read|end up with]?",
    f"[Starting|Beginning|Going|Reading] {_FROM}, [write|spell|give|note|copy|put] [the letters of "
    f"|the characters of |]{Q} [down|out]{_WHOLE}[.|]",
    f"[List|Give|Write|Note|Spell|Say] [the|all] [letters|characters] of {Q}{_WHOLE}, [starting"
    f"|beginning] {_FROM}[.|]",
    f"[Start|Begin] {_FROM} and [list|give|spell|write down|read out] [all letters|the letters|the "
    f"characters|each letter] of {Q}{_WHOLE}[.|]",
    f"[In|With|Using|Through] a mirror[, letter by letter,| letter after letter|], {Q} [reads|looks"
    "|appears|becomes] [how|like what|as which word|as which string]?",
    f"[Reading|Looking at|Holding|Watching] {Q} in a mirror, [letter by letter, |]which [word"
    "|string|letters] [do I read|will you see|appears there|comes out]?",
    f"[Which|What] [word|string] [appears|shows|can be read|stands] in a mirror, letter [by|after] "
    f"letter, [if|when] [I|you|we] [hold|put|place|show] {Q} [in front of it|before it]?",
    f"{capitalised(_DO)} [{_SO}][.|]",
    f"{capitalised(_DO)} [{_WHILE}][.|]",
    f"{capitalised(_DO)} [{_SO}], [{_WHILE}][.|]",
    f"{capitalised(f'[{_WHILE}]')}, {_DO}[.| for me.|, please.]",
    f"[To|In order to|So as to] [please|annoy|warn|greet|confuse] [the|a|my] {_ANY}, {_DO}[.|]",
    f"[Would you|Can you|Could you|May I ask you to|Please|I want you to|We have to] {_DO} "
    f"[[{_SO}]|[{_WHILE}]][?|.]",
    f"[Not|It is not|Forget|Never mind] {_ANY}[, but|; it is|; I mean|: rather] {Q} [that |which "
    f"|][should be|is to be|must be|has to be|wants to be] {TURNED}. {THEN}[?|.]",
    f"{Q}, [not|and not|rather than|instead of|unlike|but never] {_ANY}, [should be"
    f"|is to be|must be|has to be|needs to be] {TURNED}. {THEN}[?|.]",
    f"[Unlike|As opposed to|Other than|In contrast to|Rather than|Instead of] {_ANY}, {Q} "
    f"[should|must|has to|is to] be {TURNED}. {THEN}[?|.]",
    f"[Leave|Keep] {_ANY} [as it is|alone|untouched|out of it], [and|but|then] {_DO}[.|]",
    f"{capitalised(_DO)}[, but| and|;] [leave|keep] {_ANY} [as it is|alone|untouched|out of it]"
    "[.|]",
    f"[My|Our|The|A|That] [{_ANY} teacher|friend the {_ANY}|{_ANY}|{_ANY} club|{_ANY} friend] "
    f"[wrote|painted|put|saw|read|scratched|found] {Q} {_ON}. {_GIVE}[.|?]",
    f"[Next to|Above|Under|Beside|Behind|Left of|After] {_ANY} [stands|is|hangs|comes|was put|one "
    f"can read] {Q}. [Reverse|Turn round|Invert|Write backwards] [only the [second|latter]|what "
    f"[stands|is] there|the second {_ONE}][.|]",
    f"{Q} [stands|is|hangs|comes|was put] [next to|above|under|beside|before|left of] {_ANY}. "
    "[Reverse|Turn round|Invert|Write backwards] [only the [first|former]|the first "
    f"{_ONE}][.|]",
    f"[Of|Out of|From] [the words |the pair |]{_ANY} and {Q}, [reverse|turn round|invert|spell "
    "backwards|give me in reverse] [only |][the second|the latter|the last one][.|]",
    f"[Of|Out of|From] [the words |the pair |]{Q} and {_ANY}, [reverse|turn round|invert|spell "
    "backwards|give me in reverse] [only |][the first|the former|the first one][.|]",
    f"[I|We|They|You] [read|said|saw|heard|wrote] {_ANY} [first|at first|yesterday][,| and] then "
    f"{Q}. [Only the second counts|The first is fine|I mean the later one|Take the second]. "
    f"{_GIVE}[.|?]",
    f"[Strike|Cross|Rub|Take] {_ANY} [out|off the list|off], keep {Q} and {TURN}[.|]",
    f"[I|We] [thought|was thinking|spoke] of a [{NOUN}|{_ANY}]. It [is|was] {Q}. [My {_ANY}|"
    f"Everyone|No {_ANY}|The {_ANY}] [likes|hates|knows|wants|uses] it. {_GIVE}[.|?]",
    f"[The|That|This] {NOUN} [which|that] [my {_ANY}|the {_ANY}|a {_ANY}|everybody] [chose|likes"
    f"|painted|needs|sells], {Q}, [must|should|is to|has to] be {TURNED}. {THEN}[?|.]",
    f"[Someone|A friend|Anyone|A man|The girl] who [hates|sells|studies|collects|eats|paints] "
    f"{_ANY} [needs|wants|asks for|would like] {Q} {TURNED}[ by tonight| for the {_ANY}| at "
    f"once|]. {THEN}[?|.]",
    f"[How|In which form] [would|does|will|may] {Q} [look|read|sound|appear], [spelled|written"
    f"|said|read] by [someone|a {_ANY}|my {_ANY}|a person] who [goes|works|reads|moves] from "
    "[right to left|the rear to the front|the tail to the head]?",
    f"[If|When|Once|Suppose] [all|the] [letters|characters|signs] [of|in] {Q} [swapped|changed"
    "|exchanged|traded] places [end for end|outermost with outermost, and so inwards|in pairs "
    "about the middle], [what|which string] would [be left|stand there|I read|that make]?",
    f"[Swap|Exchange|Switch] the first [letter|character] of {Q} [with|and] its last, the second "
    "[with|and] the last but one, [and so on|and on to the middle]. "
    f"{THEN}[?|.]",
    f"{Q} [was|has been|got] [typed|entered|painted|knitted|carved] in the [wrong|opposite"
    f"|reverse] [direction|order] by [a|my|the|some] {_ANY}. What [stands|is to be read|do we see] "
    "[there|now|on it]?",
    f"In the [opposite|reverse|inverse] [order|direction], the [letters|characters|signs] [of|in] "
    f"{Q} [spell|form|make|give] [what|which string|what string]?",
    f"[What|Which string|Which sequence] do the [letters|characters|signs] of {Q} [make|form"
    "|give|spell] [when|once|if|as soon as] [their|the] [order|direction] [is|gets|has been] "
    "[reversed|changed round|turned about|inverted]?",
    f"[The|Find the|What is the|Give the] string that [begins|starts] where {Q} [ends|stops] and "
    "[ends|stops] where it [begins|starts], [all letters between|the rest] [likewise|in opposite "
    "order][?|.|]",
    f"[Push|Put|Lay|Stack] the letters of {Q} [one by one |in order |]on a [stack|pile|heap], then"
    " take them off [again|from the top]. Which string [comes off|do they make|is that]?",
    f"A [train|row of cards|chain|belt|line of {_ANY} signs] [shows|bears|spells] {Q}, one letter "
    "[each|a piece|on each part]. It [comes back|returns|is seen] with its rear in front. [What "
    "does one read|Which string is it|What does it show] now?",
    f"From its [tail|rear|right end|end] to its [head|front|left end|start], {Q} [reads|runs|goes"
    "|is spelled] [how|as what|in which way]?",
    f"[To be reversed|To turn round|For reversing|To be spelled backwards]: {Q}, [as|which|because"
    f"] [the {_ANY}|my boss|a {_ANY}|our {_ANY}] [wants|wrote|needs it|asked][.|]",
    f"[Topic|Group|Subject|Owner|Place|From]: {_ANY}\n[Word|Entry|String|Name|Label]: {Q}\n[Task"
    "|To do|Wanted|Job]: [reverse the [word|entry|second line]|the same from right to left|last "
    "letter in front, and so on]",
    f"[Word|Entry|String|Name|Label]: {Q}\n[Topic|Group|Subject|Owner|Place|From]: {_ANY}\n[Task"
    "|To do|Wanted|Job]: [reverse the [word|entry|first line]|the entry from right to left|the "
    "order of its letters turned about]",
    f"{Q} ([not|never|unlike|as in|see also] {_ANY})[: |, |; | ][backwards|in reverse|right to "
    "left|reversed][?|, please|]",
    f"[Few people|Nobody here|No {_ANY}|Hardly any {_ANY}] [would|could|will] [know|see|guess] "
    f"{Q} [when|if|once] {TURNED}. [Show it so|Write it that way|How would it look|What would "
    "they see][?|.]",
    f"[With|Given|Having|For] {Q} as [input|the start|the given string|the {NOUN}], [what is"
    "|give|find|tell me] the [output|result] of [a routine|a program|a loop|a tool] that [walks"
    "|goes|reads] from the [right|rear|tail] to the [left|front|head][?|.|]",
    f"At [the|our] {_ANY} they [call out|spell|shout|write] every [name|word|sign] from [its tail"
    f"|right to left|the rear]. How do they [call out|spell|shout|write] {Q} [there|then]?",
    f"Which [letter|character] of {Q} is the last? Put it in front, then the one before it, and so"
    " on. [Which string [results|is it]|Answer with the string|What have you written][?|.]",
    f"[A|The|My] {_ANY} [called|named|by the name of|with the label|marked] {Q} [is|was] [sold"
    f"|lost|found|hidden|painted] {_ON}. [Its {NOUN}|That {NOUN}|The {NOUN}] [backwards|in "
    "reverse|from right to left][: which string?|, please|?]",
    f"[What|Which string] [is|would be] {Q} for [a {_ANY}|someone|people] who [reads|read|spells] "
    "[all things|everything|words] from right to left[, like me|]?",
    f"[Rearrange|Order|Sort|Arrange|Reorder] the [letters|characters] of {Q} [by their places, the"
    " highest first|from last to first|from the tail to the head|in reverse order] and [say|write"
    "|send|give] [them|what you get][.|]",
    f"[The|Our|My] [game|rule|task|riddle|trick] [is|goes] [thus|like this]: [I say a word and you "
    f"{TURN}|one says a word, the other reverses it]. [I say|My word is|Here it comes:|You hear] "
    f"{Q}[.|; your turn.|. And you?|. What do you say?]",
    f"[Tell|Send|Show|Write to|Whisper to] [my|the|a] [{_ANY}|{_ANY}|friend] [the reverse of {Q}"
    f"|{Q} in reverse|{Q} from right to left|how {Q} is spelled backwards|what becomes of {Q} "
    "when its order is reversed][.|]",
    f"[The|A] [reader|{_ANY}|clerk|visitor] [begins|starts] at the [tail|right|rear] of {Q} and "
    "[stops|ends] at its [head|left|front]. What [is read out|does the voice say|has been read]?",
)
