"""The frames of Korean requests: an order is a verb up to -아/-어, "최대공약수를 구해"."""

from __future__ import annotations

GIVE = (
    "[줘.|줘|줘요.|주세요.|주세요|줄래?|줄래요?|주실래요?|주시겠어요?|주십시오.|줄 수 있어?"
    "|줄 수 있나요?|주실 수 있나요?|주시면 감사하겠습니다.|주면 좋겠어.|주길 바라.|봐.|보세요.]"
)
"""After a verb in -아/-어, with a blank."""
WHAT = (
    "[무엇인가요?|무엇입니까?|무엇일까요?|무엇이에요?|무엇인지 알려 주세요.|무엇인지 말해 줘."
    "|뭐야?|뭐예요?|뭔가요?|뭘까?|뭐지?|뭔지 알려 줘.|뭔지 궁금해요.]"
)
HOW_MUCH = (
    "[얼마야?|얼마예요?|얼마인가요?|얼마입니까?|얼마일까요?|얼마지?|얼마가 되나요?|얼마가 나와?"
    "|얼마인지 알려 주세요.|얼마인지 말해 줘.|몇이야?|몇인가요?|몇입니까?|몇일까?]"
)
OPENING = (
    "[|||||질문 있어요. |문제 하나 낼게. |도움이 필요해요. |이 문제가 어려워요. |숙제인데 "
    "모르겠어요. "
    "|선생님이 물어보셨어요. |한번 풀어 보세요. |저 좀 도와주세요. |궁금한 게 있어요. "
    "|퀴즈입니다. ]"
)


def requests(*said: str) -> tuple[str, ...]:
    """Templates of these orders, which end in a verb in -아/-어."""
    listed = said[0] if len(said) == 1 else f"[{'|'.join(said)}]"
    return (f"{OPENING}{listed} {GIVE}",)
