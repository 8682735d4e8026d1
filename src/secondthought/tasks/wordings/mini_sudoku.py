"""How 4x4 sudoku are asked for. Field: {grid}, four lines."""

from __future__ import annotations

from secondthought.tasks.wordings.frames import orders
from secondthought.tasks.wordings.korean import OPENING, WHAT

_SUDOKU = (
    "[sudoku|mini sudoku|4x4 sudoku|small sudoku|little sudoku|4x4 mini sudoku|mini-sudoku"
    "|Sudoku|4 by 4 sudoku|sudoku puzzle|sudoku for children|sudoku with the digits 1 to 4"
    "|4 x 4 sudoku|sudoku of size 4|junior sudoku|sudoku square|shidoku|kids' sudoku"
    "|baby sudoku|mini sudoku grid|sudoku grid|4x4 sudoku board|4x4 sudoku puzzle]"
)
_BLANKS = (
    "[blanks|gaps|empty cells|missing digits|missing numbers|open cells|holes|free cells"
    "|empty squares|unknown digits|vacant cells|empty fields|missing values|open squares]"
)
_RULE = (
    "[|||| with 1 to 4| (1-4)| with the digits 1-4| using 1, 2, 3 and 4|, digits 1 to 4| so that "
    "no "
    "row, column or box repeats a digit|, each of 1-4 once per row, column and 2x2 box| by the "
    "usual"
    " rules| with the numbers from 1 to 4]"
)
_OPEN = "[:\n|:\n\n|\n|.\n]"
OWN_EN = (
    *orders(
        f"[solve|complete|finish|do|work out|crack|fill in|fill|resolve|fill up|figure out|tackle"
        f"|find the solution of|find the answer to|show the solution of|give the solution to"
        f"|fill out|master] [this|the|my|the following|the given|this little|a] "
        f"{_SUDOKU}{_RULE}{_OPEN}{{grid}}",
        f"[fill in|find|complete|fill|write in|supply|insert|work out|determine|deduce|enter|add] "
        f"the {_BLANKS} [of|in] [this|the|my|the following] {_SUDOKU}{_RULE}{_OPEN}{{grid}}",
        f"[put|write|place|enter|set] [1-4|1 to 4|the digits 1 to 4|the numbers 1, 2, 3, 4] "
        f"[into|in"
        f"] [every|each] row, column and [box|2x2 box|block|2x2 block|quadrant|square of four]"
        f"{_OPEN}{{grid}}",
        f"[fill in|complete|finish|fill] [this|the|the following] [grid|board|square|4x4 grid|4x4 "
        "board|table|4 by 4 square] so that [every|each] row, column and 2x2 [box|block|square] "
        f"[has|holds|contains] [1-4|1 to 4|the digits 1, 2, 3, 4|each of 1 to 4][ once|]"
        f"{_OPEN}{{grid}}",
        f"find the {_BLANKS} (1-4, once per row, column and 2x2 box){_OPEN}{{grid}}",
    ),
    f"[{_SUDOKU}|{_SUDOKU}|{_SUDOKU}, please solve it|{_SUDOKU} to solve|solve {_SUDOKU}|Mini "
    f"sudoku"
    "|Puzzle (4x4 sudoku)|Game: 4x4 sudoku|Task: mini sudoku|Input: a 4x4 sudoku|Today's mini "
    f"sudoku]{_OPEN}{{grid}}[||\n[Solution|Answer|Solved|Result]:|\nSolution?]",
    f"{{grid}}\n[This|That|Above|The above|Up there] is [a|my|the] {_SUDOKU}. [Solve it|Complete it"
    f"|Finish it|Fill it in|What is the solution|Give me the full grid|Fill in the {_BLANKS}"
    "|Show the solved grid|Can you solve it|How does it end][.|?|]",
    f"{{grid}}\n[Fill in|Find|Complete|Work out|Supply|Write] the {_BLANKS} [of|in] [this|the] "
    f"{_SUDOKU}[.|, please.|]",
    f"{{grid}}\n[Solve|Complete|Finish|Do|Fill in] [this|the] {_SUDOKU}[.|, please.| for me.|]",
    "{grid}\n[sudoku|4x4 sudoku|mini sudoku][| - solve|, solution?|?| solution please]",
    f"[What is|What's|Can you find|Show me|Give me|Tell me|I need|I want|Do you know|Who knows"
    f"|Could you show me] the [solution|answer|solved grid|completed grid|full grid|finished board"
    f"] [of|to|for] [this|the|my] {_SUDOKU}[?|.|:|]\n{{grid}}",
    f"[How|In what way] [do|would|should|can] [you|I|we] [fill in|solve|complete|finish] [this|the"
    f"|my] {_SUDOKU}?\n{{grid}}",
    f"[Which|What] [digits|numbers] [are missing|belong|have to stand|must be written|are needed|"
    f"should I write] in [the {_BLANKS} of |][this|my|the] {_SUDOKU}?\n{{grid}}",
    f"[My|The|A|Our] [son|newspaper|magazine|daughter|puzzle book|teacher|calendar|grandma] [has|"
    f"gave me|printed|shows|left] [this|a] {_SUDOKU}. [Please solve it|Solve it|What is the "
    f"solution|How does it go|Complete it][:|.|?]\n{{grid}}",
    "[In a|In this|Take a|For the] 4x4 [grid|square|board][,|:] every row, column and "
    "2x2 box has [1 to 4|each of 1, 2, 3, 4|the digits 1-4] once. [Fill in the rest|Complete it"
    f"|Find the {_BLANKS}|Solve it|Finish it][:|.]\n{{grid}}",
    "[A tiny|Tiny|A small] [sudoku|number grid|number puzzle][. |: ][Complete it|Fill every"
    " blank|Where does each digit go]\n{grid}",
    "{grid}\n[I got stuck|I am stuck] [here|on this one]. [Complete|Finish] the [whole"
    "|entire] [grid|board].",
    "[Replace|Fill] [the blanks|each blank|every blank] so that no digit [repeats|comes"
    " twice] in a [line|row], column or [box|quarter]:\n{grid}",
)
_SUDOKU_KO = (
    "[스도쿠|미니 스도쿠|4x4 스도쿠|작은 4x4 스도쿠|4x4 미니 스도쿠|어린이 스도쿠|네 칸 스도쿠"
    "|스도쿠 문제|4x4 스도쿠 퍼즐|미니 스도쿠 문제]"
)
_OPEN_KO = "[:\n|.\n|\n|.\n\n]"
_GIVE_KO = "[줘|주세요|줄래요|주시겠어요|주십시오|봐|보세요|주실 수 있나요]"
OWN_KO = (
    f"{OPENING}[이|다음|아래|주어진|] {_SUDOKU_KO}[[을|를]|] [풀어|완성해|끝까지 풀어|채워|해결해] "
    f"{_GIVE_KO}{_OPEN_KO}{{grid}}",
    f"{OPENING}[이|다음|아래|] {_SUDOKU_KO}의 [빈칸을|빈 칸을|빈 곳을|나머지 칸을|빠진 숫자를] "
    f"[채워|채워 넣어|찾아|구해|완성해] {_GIVE_KO}{_OPEN_KO}{{grid}}",
    f"{_SUDOKU_KO}[| 풀기| 풀이| 부탁해요|, 답은?]{_OPEN_KO}{{grid}}",
    f"{{grid}}\n[이|위|위의] {_SUDOKU_KO}의 [답이|정답이|해답이|풀이가] {WHAT}",
    f"{{grid}}\n[이|위|위의] {_SUDOKU_KO}[을|를] [풀어|완성해] {_GIVE_KO}",
    f"[다음|이|아래] {_SUDOKU_KO}[을|를] [완성하세요|푸시오|풀이하시오|푸세요|완성하시오] "
    f"[(1부터 4까지)|(1~4)|]{_OPEN_KO}{{grid}}",
    "[가로, 세로, 2x2 상자에|각 행과 열과 2x2 칸에|모든 줄과 2x2 상자에] [1~4가|1부터 4까지가"
    f"|1, 2, 3, 4가] [한 번씩|하나씩] 들어가게 [채워|완성해] {_GIVE_KO}{_OPEN_KO}{{grid}}",
)
HELD_OUT_EN = (
    "Here is a tiny sudoku, two by two boxes. Which digits go where?\n{grid}",
    "{grid}\nReplace each blank so that no digit repeats in a line, column or quarter.",
    "Can this four-by-four number grid be completed? Show the whole grid.\n{grid}",
    "I got stuck on a mini sudoku puzzle, take it from here:\n{grid}",
)
HELD_OUT_KO = (
    "작은 스도쿠 퍼즐이에요. 비어 있는 자리에 알맞은 숫자를 넣은 전체 판을 보여 주세요.\n{grid}",
    "{grid}\n위 판에서 빠진 숫자를 모두 구하시오 (4x4 스도쿠).",
)
