"""Ways to ask that hardly anybody uses, for training alone: to read, not to practise.

A model that begins from nothing knows no word but those of its questions. So each word that one
task or another may be asked with stands in sentences here, beside others than where it is usual.
Neither an evaluation nor the practice of reinforcement learning draws from these; fields as in
the task's own file.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module

from secondthought.tasks import templates

_SAY = "[Tell me|Show me|Give me|Report|Note|State|Answer with|I need|I want|I look for]"
_WHO = (
    "[A traveller|A friend|My boss|A clerk|A guest|Nobody|The judge|A reporter|My tutor|An old man"
    "|A sailor|The new girl]"
)
_END = "[?|.|]"
_MUL = "[ * | x | × | times |*| multiplied with | multiplied by | by ]"
_TEXT = "[\"{text}\"|{text}|'{text}']"
_WORD = "[{word}|{word}|\"{word}\"|'{word}']"

_ENGLISH: dict[str, tuple[str, ...]] = {
    "example_cipher": (
        "[Work out|Find out|Figure out] [the code|the rule|the secret] [behind|between|from] "
        "{example} [and|,] {plain}, [and|then] [apply|use] it [to|on] {cipher}[.|]",
        "[My|A] [friend|cousin|colleague] [sent|gave|showed] me {example}, [which|and it] [reads"
        "|means|said] {plain}. [Now|Later|Today] [comes|came|I got] {cipher}; [what is|what was"
        "|read] [it|that]" + _END,
        "{example} [corresponds to|stands for|was sent for|is the code for] {plain}. [What"
        "|Which words|Which text] [does|would] {cipher} [correspond to|stand for]?",
        "[Known|Given|Solved|Sure]: {example} [==>|=>|->|=|is] {plain}\n[Wanted|Open|To find"
        "|Sought|Not known]: {cipher}",
        "[When|If|As|Since] {example} [corresponds to|is|translates as|reads] {plain}, [what|which "
        "words|which text] [corresponds to|is|belongs to] {cipher}?",
        "[Translate|Read|Turn into words] {cipher}[, working out the code from|. The code is the "
        "one of|, with the secret of] {example} [({plain})|= {plain}][.|]",
        "[To|By] [the same secret|one secret] {plain} [became|was turned into] {example} and "
        "[something|a text] [became|was turned into] {cipher}. [Which text|What] was it?",
    ),
    "caesar_cipher": (
        "[I|Someone|My sister|We] [rotated|shifted|moved] the letters of [a note|a line|my title"
        "|the message] and [got|have|obtained] {cipher}. [Restore|Give back|Bring back|Recover] "
        "[it|the note|the text|the original|the sentence][.|]",
        "[Restore|Recover|Bring back] [the|a] [note|sentence|English] [from|behind|that was "
        "rotated to] {cipher}[.|]",
        "{cipher} is [a rotation|the rotation|an alphabet rotation] of [an English sentence|a "
        "sentence|some English]. [Which|Which one|What is the sentence]?",
        "[Rotating|Turning|Shifting] the alphabet [made|gave|left] {cipher}[. |; ][Which sentence "
        "was it|Which English is it|Restore the sentence]" + _END,
        "[An|This] [old|Roman|ancient] [trick|method|code] [hides|hid|conceals] [a sentence|a "
        "line] in {cipher}[. |; ][Bring it back|Which sentence|Restore it]" + _END,
        "[The alphabet|Each letter] was [rotated|turned] [some places|away from English|by a "
        "number of places] to make {cipher}. [Recover|Restore|Find] the [English|sentence][.|]",
        "[Enciphered|Written] by [rotation|rotating all letters|a turn of the alphabet]: {cipher}\n"
        "[Which sentence is it|In English|Recover it]?",
    ),
    "countdown": (
        "[Is there|Do you see|Do you know] a way to [arrive at|get to|come to] {target} [from"
        "|with|by] {numbers}, [all of them|each once|no number left]?",
        "[On the table|Before me|On my cards]: {numbers}. [Build|Make|Arrive at] {target}[.|]",
        "[Build|Construct] {target} [when|where] {numbers} are on the [table|board], [each once"
        "|no number left over][.|]",
        "[Aim for|Aim at] {target}: {numbers}[, no number left over|, none left|].",
        "[Arrange|Put together] {numbers} [so that|until] [a sum|a difference|a product|a quotient"
        "|some mixture of sums and products] [comes to|is] {target}[.|]",
        "[Sums|Differences], [products|quotients] and [brackets|quotients|differences]: with them, "
        "[how does|how can] {numbers} [come to|arrive at] {target}?",
        "A [sum|difference|product|quotient] [made of|that uses] {numbers}, [each once|none left "
        "over], [must|should] [come to|be] {target}. [Which|What is it]?",
    ),
    "puzzle24": (
        "[I drew|He drew|We drew|On my cards are] {numbers}[; |. ][The total|The outcome|It] "
        "[has to|should|must] be 24[.|]",
        "[Is|Lies] 24 [within reach|in reach|possible] [of|with|from] {numbers}? [Show|Write|Give]"
        "[ me|] the [formula|calculation][.|]",
        "[Put|Write|Set] [signs|brackets and signs|+ - * /] [between|among] {numbers}, in any "
        "order, [until|so that] the [outcome|total] [is|comes to] 24[.|]",
        "[Which|What] [formula|calculation] [on|with|of] {numbers} [comes to|has the outcome"
        "|totals] 24?",
        "With each of {numbers} [exactly once|just once], [reach|arrive at] [24|twenty-four][.|]",
    ),
    "mini_sudoku": (
        "[Which|What] [digits|numbers] [go|belong] [where|into the blanks|in the boxes]?\n{grid}",
        "[Here is|I have|See] a [tiny|small|little] sudoku [of|with] [two by two boxes|four boxes]"
        "[.|:]\n{grid}",
        "{grid}\n[Replace|Fill] [each|every] [blank|gap], no digit [twice|repeated] in a [line"
        "|column|quarter|box][.|]",
        "[I am|I got|We are] stuck [on|with|in] this [sudoku|grid|number grid][: |.\n|:\n]{grid}",
        "[Take it|Go on|Carry on] from here[, it is a sudoku|: sudoku|, please (4x4 sudoku)]:\n"
        "{grid}",
        "[Can|Could] this [sudoku|number grid|4x4 grid] be [completed|filled|solved]? [Where does "
        "each digit go|Show the whole grid|Show all of it]" + _END + "\n{grid}",
        "{grid}\n[No|Not one] [digit|number] may [repeat|come twice] in a [line|row|column|quarter"
        "|box]. [Where do the others go|Show the whole][?|.]",
    ),
    "knights_knaves": (
        _WHO + " [hears|heard|notes] [this|the following]: {claims} {Knight}s cannot lie, {knave}s "
        "cannot tell the truth. [How do you sort|Sort|Identify] {people}" + _END,
        "If {knight}s [cannot lie|are reliable] and {knave}s [cannot be believed|cannot tell the "
        "truth|are unreliable], [how|what] [do you call|are] {people}? {claims}",
        "{people} [live|stand] among [liars|reliable people|others]: the [liars|unreliable] are "
        "{knave}s, the [reliable|others|rest] {knight}s. {claims} [Identify|Sort|Determine] [them"
        "|each speaker|{people}][.|]",
        "{claims} [Determine|Identify|Say] for each [speaker|person]: {knight} or {knave}[.|?]",
        "[Whose|Every] word is true [for|of] {a_knight}, [whose|every] word is false [for|of] "
        "{a_knave}. {claims} [Determine|Say] who {people} are[.|]",
        "The {knave}s are those [whose every word is false|called liars], {knight}s the others. "
        "{claims} [Identify|How do you sort] {people}" + _END,
    ),
    "letter_counting": (
        "[I am looking for|I look for|We search for|She is after|Find me|Look for] [every|each"
        "|all] {letter} in " + _TEXT + "[. |; ][What is my tally|What is the tally|My tally is "
        "what|How many will I find|What total do I report|How long is my list]" + _END,
        "[What is|What's|Give me|I need] [the|my|a] tally of [{letter}|the letter {letter}|every "
        "{letter}] [in|for|over] " + _TEXT + _END,
        "[Keep|Make|Start] a tally of {letter}[ while you read|: go through|, going through] "
        + _TEXT
        + "[. |; ][What is it in the end|Report it|How high does it get]"
        + _END,
        "[Go|Walk|Work|Pass] through " + _TEXT + " [and|, then] [report|tell|note|give] [the total"
        "|your tally|how many] [of|for|are] {letter}[.|]",
        "[Of|Among|Out of] [all|the] [letters|characters|signs] [in|of] " + _TEXT + ", [how many "
        "are|how many say|what number is] {letter}?",
        "[How many|What number] of the [letters|characters] [in|of] " + _TEXT + " [are|is|happen "
        "to be] {letter}?",
        "[Someone|Somebody|A writer|My son] [typed|wrote] " + _TEXT + "[. |\n][How many times|How "
        "often] [did they type|was|were they typing] [{letter}|the letter {letter}|a {letter}]"
        "[ typed|]?",
        "{letter} [was typed|was written|got typed] how [many times|often] in " + _TEXT + "?",
        "[I am|We are] [counting|looking for|after] {letter}, [and|only {letter},] in the words "
        + _TEXT
        + "[. |; ]"
        + _SAY
        + " the [total|tally|number][.|]",
        "In the words " + _TEXT + " I [look|search] for {letter}[. |; ][What is my total|How many "
        "are there|My tally]?",
    ),
    "spell_backward": (
        "[Flip|Flip over|Mirror|Run|Turn] " + _WORD + "[: |; |, ][the|its] [final|last] letter "
        "[comes first|is first|shall come first|leads] [and|,] [the|its] first [comes last|is last"
        "|ends it][.|]",
        "[So that|In order that|As] [its|the] [final|last] letter comes first, [flip|mirror"
        "|reverse|turn] " + _WORD + "[.|]",
        "[I|We|They|You] [flip|flipped|mirror|mirrored] " + _WORD + "[. |; |, so ][which|what] "
        "[string|word|letters] [do I get|is there|comes first to last|appears]?",
        "[Flipped|Mirrored|Run the other way|Read from its final letter], " + _WORD + " [is|gives"
        "|appears as|reads] [which string|what|which word]?",
        "[Let|Make|Have] " + _WORD + " run [the other way|backwards|from its end|in the other "
        "direction][. |; ][Which string|What|Which word] [do I get|appears|is that]?",
        "[If|When] " + _WORD + " [ran|runs|went|goes|is going] the other [way|direction], [which"
        "|what] [string|word] [would|will] [I|we] [get|see|have]?",
        "[Which|What] [string|word|letters] [is|are|comes from|appears for] " + _WORD + ", [run"
        "|running|going|read] the other way?",
        "[The other way|Running backwards|In the other direction], [which string is|what is|how "
        "does one get] " + _WORD + "?",
        "[Starting|Start|Begin|Beginning] at the [end|rear|tail|final letter][, |; ][list|spell"
        "|note|write] " + _WORD + "[ without gaps| letter for letter| to its front|][.|]",
        "[List|Spell|Note|Set down] the letters of " + _WORD + " [starting at|beginning with|from] "
        "[the end|the final one|its rear][, without gaps|, no gaps between|][.|]",
        "[Without gaps|With no gaps|As one string], [list|write|spell] [the letters of |]"
        + _WORD
        + " [starting at the end|end first|from the rear on][.|]",
        "[Hold|Put|Show|Read|See|Watch] " + _WORD + " [to|in|before] [a|the] mirror[, letter for "
        "letter|][. |; ][Which word appears|What is read there|Which word do you read|What "
        "appears]" + _END,
        "[In|Through] a mirror [I|we|you] read " + _WORD + "[, letter for letter|][. |: ][Which "
        "word|What|Which string] [appears|is it|was it]?",
        "[Letter for letter|Letter by letter], [mirror|flip|turn round] " + _WORD + "[.|]",
    ),
    "products": (
        "[Evaluate|Calculate|Simplify] [the expression|the term|this expression:|my expression] "
        "{a}" + _MUL + "{b}[.|]",
        "Evaluate[: | |:\n]{a}" + _MUL + "{b}[.|]",
        "[The|My] expression [is|reads|says] {a}" + _MUL + "{b}[. |; ][Evaluate it|What is its "
        "value|Its result]" + _END,
        "[I|We] [need|want|am after] [the|a] [result|value|total|outcome] of {a} [multiplied with"
        "|multiplied by|times|taken with|put together with] {b}[.|]",
        "[The result of|What results from|The value of] {a} multiplied with {b}" + _END,
        "[product|Product|mul|multiply|mult|prod|times][(|( ]{a}[, |,|; ]{b}[)| )]",
        "[Take|Write down|Use] {a} [exactly|just|a full] {b} times [and|, then] [add|count|sum] "
        "[it|that|them] [up|together]. [What is the total|The total is]" + _END,
        "[Exactly|Just] {b} [times|copies of] {a}: [what is|give] the total" + _END,
        "[There are|I see|We bought|She has] {a} [boxes|crates|drawers|tins|jars|packs|bowls|sheds"
        "] with {b} [nails|screws|pins|buttons|beads|coins|seeds|tiles] [each|in each|per box]. "
        "[How many|What number of] [nails|of them|things|in all] is that?",
        "[One|A|Each] [ticket|bottle|brick|table|lamp|ladder] [costs|weighs|takes] {a} [dollars"
        "|grams|minutes|euros]. [How much|How many] [do|would|will] {b} [of them|such|of these] "
        "[cost|weigh|take|be]?",
        "{b} [tickets|bottles|bricks|lamps|rows|boxes] at {a} [each|apiece|a piece][. |: ][What is "
        "the total|How much is that|How many is that]" + _END,
    ),
    "chain_sum": (
        "[Evaluate|Simplify|Calculate] [the expression |this: |]{sum}[ to one number| to a single "
        "number|][.|]",
        "[I|She|He|We] typed {sum} [into|on] [my|a|the] [calculator|machine|phone]. [What did it "
        "show|What does it show|What was shown]?",
        "[The result|Result|Value] of {sum}[, please| please| is what?|?]",
        "[My|A] calculator [was given|has|got] {sum}. [What did it show|Its result]?",
        "[The expression|My expression] [is|reads] {sum}. [Simplify it|Evaluate it|To which number "
        "does it simplify]" + _END,
        "[What|Which number] did [my calculator|the machine] show [after|for|when I typed] {sum}?",
    ),
    "simple_equations": (
        "[For|With] which [number|value] [of |]{x} [does|will] {equation} [hold|come true|be "
        "right]?",
        "[The equation|It] {equation} [holds|is true] for [which|one|what] {x}?",
        "[Isolate|Single out|Free] {x}[: | in |, given ]{equation}[.|]",
        "{x} is [unknown|not known|to be found][, |; |: ]{equation}[. |; ][Tell me {x}|Isolate it"
        "|Its value]" + _END,
        "[The|An] equation [is|says|reads] {equation}. [Its|The] solution [for {x}|]?",
        "[Where|When] does {equation} hold? [Tell me|Give|State] {x}[.|]",
    ),
    "gcd": (
        "[Take|Consider] {numbers}: [which|what] [factor|divisor] do [they|all of them] share that "
        "is [highest|largest|greatest]?",
        "[Determine|Find] the [largest|greatest|highest] [integer|number] [dividing|that divides] "
        "[each|all] of {numbers}[.|]",
        "[Dividing|To divide] [each of|all of] {numbers}: [which is the largest integer|what "
        "integer is the greatest to do so]?",
        "[I|We|They] [cut|saw|chop] [lengths|boards|ropes|pipes|strips] of {numbers} [into|to] "
        "[equal pieces|pieces of one length], as [long|large] as possible. How long [is a piece"
        "|are they]?",
        "[Lengths|Ropes|Boards] of {numbers} [are cut|have to be cut] into equal [pieces|lengths]"
        "[ with nothing left|]. How long [at most|can they be]?",
        "{numbers}[: | - ][highest|greatest|largest] [common|shared] [factor|divisor] [they share"
        "|of each|]?",
    ),
    "base_conversion": (
        "[Rewrite|Restate|Recode|Put] {number} in {target}[; |, |. ][it is|it was] [given|written"
        "|meant|read] in {source}[.|]",
        "[Rewrite|Restate|Show|Give] in {target}[: |, ]{number}, [given|written|stated] in {source}"
        "[.|]",
        "[It is|The number is] {number}, [given|written] in {source}[. |; ][Rewrite|Restate|Show] "
        "it in {target}[.|]",
        "{number} is given in {source}[. |; |, ][rewrite|restate|show] [it|that] in {target}[.|]",
        "[My|Our|The] number, [written|given] in {source}, is {number}. [Show|Rewrite|Give] it in "
        "{target}[.|]",
        "[In {source}|Written in {source}|Given in {source}][,|:] {number}[. |; ][in {target}"
        "|rewritten in {target}][, what does it look like|, please|]" + _END,
        "[What|How] does {number}, [written|given] in {source}, look [like |]in {target}?",
        "[Change of base|Base change|A change of base][: |, please: ]{number}, [which is |given in "
        "|]{source}, [to|into|rewritten in] {target}[.|]",
        "[I|We|They] [have|got|wrote] {number}, in {source}. [Rewrite it|Show it|How does it look]"
        " in {target}" + _END,
    ),
}


def english(task: str) -> tuple[str, ...]:
    """Templates of a built-in task; none of others."""
    return _ENGLISH.get(task, ())


def asked(task: str) -> AbstractContextManager[None]:
    """Within this, English questions of the task are asked in any way but the held-out ones."""
    if task not in _ENGLISH:
        return templates.widely((), ())
    held_out = import_module(f"secondthought.tasks.wordings.{task}").HELD_OUT_EN
    return templates.widely(english(task), held_out)
