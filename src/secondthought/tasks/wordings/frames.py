"""The frames that people put around any request: polite, terse, told as a story, in a role.

Tasks and out-of-scope questions share them, so that a frame says nothing about what is asked.

An order is a verb phrase without a capital and a closing mark, "find the gcd of {numbers}"; a
thing is a noun phrase, "the gcd of {numbers}". Both may end in a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from secondthought.tasks.phrasing import Field, Node, parse

_PLEASE = (
    "[Please|Please|Kindly|Now|Next,|OK, now|So,|Just|Quickly|Go ahead and|Try to|Help me|Help "
    "me to"
    "|Let's|Let us|You should|You have to|You must|You are to|Be so kind as to|Be a dear and"
    "|Do me a favour and|Do me a favor and|I need you to|I want you to|I would like you to"
    "|I'd like you to|I'd love you to|I am asking you to|Your task is to|Your job is to|Your task:"
    "|Your mission:|The task is to|The goal is to|The aim is to|The exercise is to|Task:|Problem:"
    "|Exercise:|To do:|Homework:|Challenge:|Puzzle:|Request:|Assignment:|Need to|Gotta|pls|plz"
    "|please|now|Somebody please|What I need: someone to|Here is what to do:|One thing to do:]"
)
_COULD_YOU = (
    "[[Could|Can|Would|Will] you [|||please|kindly|maybe|perhaps|quickly|possibly]"
    "|Would you be able to|Would you be so kind as to|Any chance you could|Could I ask you to"
    "|May I ask you to|Can I get you to|Could someone|Can anybody|Would it be possible for you to"
    "|Do you think you could|Are you able to|can u|could u]"
)
_STORY = (
    "[[My teacher|My professor|My tutor|My daughter|My uncle|A friend|My flatmate|My boss|Somebody"
    "|The worksheet|My textbook|A quiz|The last exercise|A colleague|Our lecturer] "
    "[asks|wants|has asked|would like|challenged|told|dared] me to"
    "|I [have to|must|need to|want to|would like to|am trying to|am supposed to|was told to"
    "|was asked to|should|would love to|cannot manage to|keep failing to]]"
)
_ROLE = (
    "[You are given a task.|You are a [careful|patient|clever|skilled] [assistant|solver|tutor"
    "|puzzle fan|expert].|Act as a [tutor|puzzle solver|patient teacher].|Imagine you are a "
    "[teacher|detective|calculator|student].|I have a [question|puzzle|problem|task|riddle] for "
    "you."
    "|Here is a [question|puzzle|problem|task|short exercise].|I could use some help here."
    "|Let's see if you can do this.|A small one for you.|Something for your brain."
    "|This has been bothering me.|Now for something else.|I keep getting this wrong."
    "|We disagree about this at home.|Sorry to bother you.|I only need the result."
    "|Consider the following.|Think about this one.|Let me test you.|One more for today.]"
)
_HELP = (
    "[|.|.|. Can you help?|. Help me.|. How would you do it?|. What do you get?|. What is the "
    "answer?"
    "|. Help!|, but I am stuck.|; can you?|, and you can surely do it.]"
)
_WHAT = (
    "[[What is|What's|What would be|What might be|Do you know|Do you happen to know"
    "|Can you tell me|Could you tell me|Would you tell me|Can you give me|Could you give me"
    "|Can you work out|May I know|Will you tell me|Can I have|Could I get|Can anyone tell me|whats"
    "|what is|what's] <>[?|?|]"
    "|Any idea what <> is[?|]|Can you say what <> is[?|]|Could you figure out what <> is[?|]"
    "|[Tell me|Give me|Show me|Let me know|Let me have|State|Name|Report|Provide|I need|I want"
    "|I would like|I'd like|I am looking for|I'm after|Looking for|I want to know"
    "|I would like to know|I have to find|My homework asks for|The exercise asks for|Wanted:|Asked:"
    "|Question:|Answer with|Reply with|Respond with|Return|Output|Print|Please give"
    "|Please tell me|Please find|We need|The question is|My question:] <>[.|.|]"
    "|[I wonder|I was wondering|I don't know|I forgot|Nobody here knows|Tell me|Please say] "
    "what <> is[.|]]"
)


def orders(*said: str) -> tuple[str, ...]:
    """Templates around these orders."""
    plain = _choice(_ended(order, ("[.|.|.|!|]", "")) for order in said)
    asked = _choice(_ended(order, ("[?|?|]", "")) for order in said)
    helped = _choice(_ended(order, (_HELP, "")) for order in said)
    capital = _choice(_ended(capitalised(order), ("[.|.|.|!|]", "")) for order in said)
    return (
        capital,
        capital,
        plain,
        f"{_PLEASE} {plain}",
        f"{_PLEASE} {plain}",
        f"{_COULD_YOU} {asked}",
        f"{_STORY} {helped}",
        f"{_ROLE}[ |\n]{capital}",
    )


def things(*named: str) -> tuple[str, ...]:
    """Templates that ask for these things. No thing may end in a text that a word could extend."""
    plain = _choice(named)
    return (
        *(_WHAT.replace("<>", plain),) * 3,
        f"{_choice(map(capitalised, named))}[?|?|: what is it?|]",
        f"{plain}[||?]",
        f"{_ROLE}[ |\n][What is|What's|Find|Tell me|Give] {plain}[?|?|]",
    )


def framed(text: str) -> tuple[str, ...]:
    """Templates around one template that gives an order or asks what something is, if it does."""
    bare = text.rstrip(".?! ")
    for start in ("What is ", "What's "):
        if bare.startswith(start + "the "):
            return things(bare.removeprefix(start))
    first = bare.split(" ", 1)[0]
    if " " in bare and first in _VERBS and "\n" not in bare and ". " not in bare:
        return orders(first.lower() + bare.removeprefix(first))
    return (text,)


_VERBS = frozenset(
    [
        "Add",
        "Arrange",
        "Calculate",
        "Capitalize",
        "Complete",
        "Compute",
        "Convert",
        "Correct",
        "Count",
        "Crack",
        "Decipher",
        "Decode",
        "Decrypt",
        "Define",
        "Delete",
        "Describe",
        "Determine",
        "Differentiate",
        "Double",
        "Draw",
        "Encode",
        "Estimate",
        "Expand",
        "Explain",
        "Express",
        "Factor",
        "Fill",
        "Find",
        "Fix",
        "Give",
        "Guess",
        "Hash",
        "Increase",
        "List",
        "Make",
        "Multiply",
        "Name",
        "Order",
        "Paraphrase",
        "Place",
        "Plot",
        "Pronounce",
        "Prove",
        "Put",
        "Rank",
        "Reach",
        "Read",
        "Reduce",
        "Remove",
        "Repeat",
        "Replace",
        "Reverse",
        "Rewrite",
        "Rotate",
        "Round",
        "Say",
        "Show",
        "Shuffle",
        "Simplify",
        "Solve",
        "Sort",
        "Spell",
        "Split",
        "Sum",
        "Swap",
        "Tell",
        "Translate",
        "Transpose",
        "Turn",
        "Unscramble",
        "Use",
        "Write",
    ]
)


def capitalised(template: str) -> str:
    """The template with a capital at its start, in each option where it starts with a choice."""
    if not template.startswith("["):
        return template[:1].upper() + template[1:]
    made, depth, begins = "", 0, False
    for at, char in enumerate(template):
        made += char.upper() if begins else char
        depth += (char == "[") - (char == "]")
        if not depth:
            return made + template[at + 1 :]
        begins = (char == "[" and depth == 1) or (char == "|" and depth == 1)
    return made


def _choice(options: Iterable[str]) -> str:
    listed = tuple(options)
    return listed[0] if len(listed) == 1 else f"[{'|'.join(listed)}]"


def _ended(order: str, marks: tuple[str, str]) -> str:
    """With the first mark after words, with the second after a value, which a mark could extend."""
    return order + marks[_ends_in_value(parse(order))]


def _ends_in_value(parts: Sequence[Node]) -> bool:
    """Whether some form of these parts ends in a field, bare or in quotes."""
    *before, last = parts
    if isinstance(last, Field):
        return True
    if isinstance(last, str):
        return last[-1:] in ("'", '"') and any(isinstance(p, Field) for p in before)
    return any(_ends_in_value((*before, *option)) for option in last.options if option or before)
