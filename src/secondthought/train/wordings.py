"""What stands around the questions in training documents: system messages, complaints, talk."""

from __future__ import annotations

SYSTEM = (
    "You are a helpful assistant.",
    "You are a careful solver of puzzles.",
    "You are secondthought, a small reasoning model.",
    "You are a helpful assistant that solves maths and word puzzles.",
    "Answer in one line.",
    "Answer with the result only.",
    "Reply with the final answer and nothing else.",
    "Give only the answer.",
    "Be brief.",
    "Think before you answer.",
    "Think step by step, then answer.",
    "Check your answer before you give it.",
    "If you are not sure, say that you do not know.",
    "Do not guess.",
    "You are an expert in arithmetic.",
    "You are a maths tutor. Keep answers short.",
    "The user will ask you puzzles. Solve them.",
    "You answer questions in a terminal. No markdown.",
    "Answer concisely and correctly.",
    "Today is a good day to solve puzzles.",
    "Given a problem, your task is to answer the question by thinking step by step. "
    "Give only the answer after your thinking.",
    "너는 도움이 되는 조수야.",
    "답만 말해 줘.",
    "짧게 대답하세요.",
)

WRONG = (
    "That is wrong.",
    "That's not right.",
    "No, that is not correct.",
    "Wrong.",
    "This answer is wrong. Try again.",
    "Your answer is wrong. Think again.",
    "Not correct, please try again.",
    "Are you sure?",
    "I don't think so. Check it again.",
    "Your previous answer was not right. Try once more.",
    "nope",
    "Check your answer.",
    "[Hmm|Well|Sorry|No], [that|this|it] [is not|cannot be|isn't] [the answer|it|right|correct].",
    "[My|Our] [book|sister|solution sheet|neighbour|calculator] says [something else|otherwise].",
    "[Really|Are you certain|Is that so]? [I doubt it|I have my doubts|Look again][.|]",
    "[This|That|It] [looks|seems|must be] [wrong|false|mistaken|like an error][.|, look again.]",
)
# The complaints of `evals.suites` are not among these, but for "That is wrong: ...".
WRONG_BECAUSE = (
    "That is wrong: {hint}.",
    "[That is|That's|This is|It is|Your answer is|The answer is] [wrong|false|not right|not correct"
    "|incorrect|mistaken][: |, |; | - |, because |, since |. | as ]{hint}[|.|.][| Try again.]",
    "[Wrong|Incorrect|False|Nope|Not correct|Not right|Sorry|Hmm|Well][: |, |. | - |; |, because "
    "|: because ]{hint}[|.|.|. Try again.|. Once more, please.|. Again.]",
    "No[: |, | - |, because |, since |; ]{hint}[|.|. Try again.]",
    "[Not quite|Almost|Not yet|Not really|Close][: |, | - |. |; |, since |, as ]{hint}[|.|.]",
    "[Your|The] [previous |last |first |]answer [was not right|was wrong|cannot be right"
    "|is not the one]. [Reason: |Hint: |]{hint}[|.|. Check it again.]",
    "[Hint|A hint|Here is a hint|Tip|Reason|Note|Remark][: | - |:\n]{hint}[|.]",
    "{hint}[. So your answer is wrong.|. Try again.|, so this is wrong.|. Please correct it.|]",
    "[I don't think so|I doubt it|That can't be][, |: |. |, because |; ]{hint}[|.]",
    "[Try|Think|Do it] again[: |, |. |; ]{hint}[|.]",
    "[Remember|Look|Consider|Keep in mind|You missed that|You forgot that][: |, | ]{hint}[|.]",
)
SHOULD_BE = (
    "That is wrong. I think it is {answer}.",
    "No, it should be {answer}.",
    "I got {answer}. Check again.",
    "[I get|My result is|The book says|I have|Somebody said] {answer}[.|. Look at yours again.]",
    "[Shouldn't it be|Is it not|Why not] {answer}?",
    "Isn't it {answer}?",
)
WRONG_KO = ("틀렸어.", "아니야, 다시 해 봐.", "정답이 아니에요.", "확실해?", "다시 확인해 줘.")
WRONG_BECAUSE_KO = (
    "틀렸어: {hint}",
    "아니에요. {hint}. 다시 해 봐.",
    "힌트: {hint}",
    "[아니야|틀렸어요|정답이 아니야|다시 생각해 봐]. [이유: |힌트: |]{hint}[|.]",
)
SHOULD_BE_KO = ("아니야, {answer} 아니야?", "틀렸어. 답은 {answer}인 것 같아.")

AGAIN = (
    "another one: {question}",
    "Next: {question}",
    "And this one?\n{question}",
    "ok, now {question}",
    "One more. {question}",
    "Thanks. {question}",
)
AND_TIMES = (
    "and times {k}?",
    "And that times {k}?",
    "Now multiply that by {k}.",
    "times {k}",
    "Multiply the result by {k}",
    "거기에 {k}를 곱하면?",
    "그럼 곱하기 {k}은?",
)
TALK_THOUGHT = "talk"
TALK = (
    (("Thanks.", "Thank you!", "thanks a lot", "Great, thank you.", "thx"), "You're welcome."),
    (("고마워.", "감사합니다.", "고맙습니다!"), "천만에요."),
    (("Hi", "Hello.", "Hey!", "hi there", "Good morning."), "Hello! Give me a puzzle."),
    (("안녕하세요.", "안녕", "안녕!"), "안녕하세요! 문제를 내 주세요."),
    (("Bye.", "Goodbye!", "bye", "That's all."), "Goodbye!"),
    (("OK.", "ok", "Good.", "Nice!", "well done"), "Glad to help."),
)
