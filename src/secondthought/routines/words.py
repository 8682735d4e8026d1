"""The key words of the canonical form, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass

from secondthought.routines.model import Language


@dataclass(frozen=True, slots=True)
class Words:
    """`{}` stands for the text, the condition, the label or the reason."""

    say: str
    ask: str
    confirm: str
    goto: str
    next: str
    handoff: str
    escalate: str
    if_: str
    elif_: str
    else_: str
    definitions: str
    parameters: str
    none: str
    effect: str
    unknown: str  # what the agent says where the routine leaves it alone


WORDS: dict[Language, Words] = {
    "en": Words(
        say='Say: "{}"',
        ask='Ask the customer: "{}"',
        confirm='Confirm with the customer: "{}"',
        goto="Proceed to step {}",
        next="Proceed to the next step",
        handoff="Transfer to `{}`",
        escalate="Escalate",
        if_="If {}, then:",
        elif_="Else if {}, then:",
        else_="Else:",
        definitions="Function Definitions:",
        parameters="Parameters:",
        none="None",
        effect="Effect:",
        unknown="I am sorry, I don't know how to go on from here. A colleague will take over.",
    ),
    "ko": Words(
        say='고객에게 안내: "{}"',
        ask='고객에게 질문: "{}"',
        confirm='고객에게 확인: "{}"',
        goto="{} 단계로 이동",
        next="다음 단계로 이동",
        handoff="`{}` 절차로 전환",
        escalate="상담원 연결",
        if_="만약 {}, 그러면:",
        elif_="아니고 만약 {}, 그러면:",
        else_="그렇지 않으면:",
        definitions="함수 정의:",
        parameters="매개변수:",
        none="없음",
        effect="효과:",
        unknown="죄송합니다. 여기서부터는 제가 알지 못합니다. 담당 직원이 이어서 도와드리겠습니다.",
    ),
}
