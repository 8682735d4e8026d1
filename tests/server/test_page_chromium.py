"""The page in a real browser: Debian's Chromium, driven by Playwright, against a scripted model."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect, sync_playwright

from secondthought.models.scripted import Scripted
from tests.server.conftest import Live, live

pytestmark = pytest.mark.needs("chromium")

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SLOW = 60_000  # milliseconds for which a busy machine is waited for
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}

WRONG_TURN = "24*4=96 left 8 1 6; 96/8=12 left 1 6; 1+6=7 6-1=5 no"
PUZZLE = (
    f"make 24: 4 8 1 6\n{WRONG_TURN}\n24/8=3 left 4 1 6; 3+4=7 left 1 6; 1+6=7 yes\n"
    "(1+6=7 -4)=3 *8=24 yes"
)
CHIP = "make 24: 8 3 1\n24/8=3 left 3 1; 3*1=3 yes\n3*1=3 *8=24 yes"
LONG = "".join(f"word{number} " for number in range(2000))
ATTACK = (
    '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> `<b>x</b>`\n'
    "```html\n<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>\n```"
)
TURNS: list[dict[str, Any]] = [
    {"match": "8 3 1", "thought": CHIP, "answer": "3*1*8"},
    {"match": "24", "thought": PUZZLE, "answers": ["(1+6-4)*8", "wrong", "(1+6-4)*8"]},
    {"match": "slow", "thought": LONG, "answer": "at last", "tokens_per_second": 40},
    {"match": "attack", "thought": ATTACK, "answer": ATTACK},
    {"match": "again", "thought": "hm ", "answers": ["first", "second"]},
    {"match": "fail", "fail": {"status": 500}, "answer": "-"},
    {"thought": "secret zephyr thought ", "answer": "an answer"},
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Without keys; a scripted model under the shipped one's name, so that it has chips."""
    model = Scripted.of(*TURNS, name="secondthought-5m")
    with live(model, tmp_path_factory.mktemp("page")) as running:
        yield running


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The same model, but with keys: users do not see the thought."""
    model = Scripted.of(*TURNS, name="secondthought-5m")
    with live(model, tmp_path_factory.mktemp("keyed")) as running:
        running.key()
        yield running


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """visit(url, **context): a fresh browser profile on this page. An error of the page's scripts,
    or anything that its content security policy stops, fails the test."""
    faults: list[str] = []
    pages: list[Page] = []

    def start(url: str, **options: Any) -> Page:
        context = browser.new_context(**{"locale": "en-US", **options})
        context.set_default_timeout(SLOW)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if "Policy" in m.text else None)
        page.goto(url, wait_until="commit")
        pages.append(page)
        return page

    expect.set_options(timeout=SLOW)
    yield start
    for page in pages:
        page.context.close()
    assert faults == []


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    expect(
        page.get_by_role("button", name="Send")
    ).to_be_enabled()  # the server has told its models
    page.keyboard.press("Enter")


def answered(page: Page, text: str) -> None:
    expect(page.locator(".answer").last).to_have_text(text)
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_a_chip_is_asked_thought_and_answer_come_and_stay(server: Live, visit: Open) -> None:
    page = visit(server.url)
    banner = page.locator(".banner")
    expect(banner).to_contain_text("puzzle model")
    expect(banner).to_contain_text("secondthought serve -m ")
    # What a screen reader is told: all that the status region ever held.
    page.evaluate(
        """() => {
          window.told = [];
          const status = document.getElementById("status");
          new MutationObserver(() => told.push(status.textContent))
            .observe(status, {childList: true});
        }"""
    )
    page.get_by_role("button", name="equals 24").click()
    answered(page, "3*1*8")
    expect(page.locator(".thought-text")).to_be_hidden()  # it folds when the answer comes
    page.locator("summary", has_text="Thought for").click()
    expect(page.locator(".thought-text")).to_contain_text("24/8=3 left 3 1")
    first, last = page.evaluate("told")
    assert first == "Thinking"
    assert re.fullmatch(r"Thought for .*\. Answer: 3\*1\*8", last)
    expect(page.locator(".facts")).to_contain_text("medium")
    expect(page.locator(".facts")).to_contain_text("seal ")

    page.reload()
    answered(page, "3*1*8")
    page.locator("summary", has_text="Thought for").click()
    expect(page.locator(".thought-text")).to_contain_text("24/8=3 left 3 1")


def test_a_thought_streams_and_can_be_stopped_or_asked_for_its_answer(
    server: Live, visit: Open
) -> None:
    page = visit(server.url)
    ask(page, "slow")
    expect(page.locator(".thought-text")).to_contain_text("word5 ")
    expect(page.locator(".time")).to_have_text(re.compile(r"Thinking… \d+ s"))
    page.keyboard.press("Escape")
    expect(page.locator(".time")).to_contain_text("Stopped after")
    expect(page.get_by_role("button", name="Regenerate")).to_be_visible()
    ask(page, "slow once more")
    page.get_by_role("button", name="Answer now").click()
    answered(page, "at last")
    expect(page.locator(".time").last).to_contain_text("Thought for")
    assert "word1999" not in page.locator(".thought-text").last.text_content()


def test_edit_regenerate_rename_export_delete(server: Live, visit: Open) -> None:
    page = visit(server.url)
    ask(page, "say it again")
    answered(page, "first")
    page.get_by_role("button", name="Regenerate").click()
    answered(page, "second")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Edit the question").fill("what else?")
    page.keyboard.press("Enter")
    answered(page, "an answer")
    assert page.locator(".said").all_text_contents() == ["what else?"]
    sent = server.model.requests[-1].messages
    assert [(m.role, m.text) for m in sent] == [("user", "what else?")]  # no thought, no old turn

    def menu(item: str) -> None:
        page.get_by_label("More").click()
        page.get_by_role("button", name=item).click()

    menu("Rename")
    page.get_by_label("Title").fill("Mine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Mine")).to_be_visible()
    with page.expect_download() as download:
        menu("Export as JSON")
    exported = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert download.value.suggested_filename == "Mine.json"
    assert [m["content"] for m in exported["messages"]] == ["what else?", "an answer"]
    with page.expect_download() as download:
        menu("Export as Markdown")
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("# Mine\n\n## You\n\nwhat else?\n\n## secondthought-5m (medium)")
    menu("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing asked yet")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Nothing asked yet")).to_be_visible()


def test_a_failure_says_what_to_do(server: Live, visit: Open) -> None:
    page = visit(server.url)
    ask(page, "fail")
    expect(page.get_by_role("alert").last).to_contain_text("look at that server")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_hidden_is_hidden_and_a_key_is_asked_for(keyed: Live, visit: Open) -> None:
    page = visit(keyed.url)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("asks for an API key")
    dialog.get_by_label("API key").fill("sk-st-wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#trouble")).to_contain_text("does not take the key")
    dialog.get_by_label("API key").fill(keyed.key())
    page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_be_visible()
    ask(page, "hello")
    answered(page, "an answer")
    expect(page.locator(".time")).to_contain_text("Thought for")
    everywhere = page.content() + page.evaluate("JSON.stringify({...localStorage})")
    assert "zephyr" not in everywhere
    assert "sk-st-" not in everywhere  # the key is the tab's alone
    expect(page.get_by_role("link", name="Inspect")).to_have_count(0)
    response = json.loads(
        page.evaluate("Object.entries(localStorage).find(([k]) => k.includes('conversation'))[1]")
    )["messages"][1]["response"]
    page.goto(f"{keyed.url}/inspect/{response}")
    expect(page.get_by_role("alert")).to_contain_text("for operators")
    assert keyed.service.audit.entries() == []


def test_a_summary_is_called_a_summary(keyed: Live, visit: Open) -> None:
    page = visit(keyed.url)
    page.get_by_role("dialog").get_by_label("API key").fill(keyed.key(reasoning="summary"))
    page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_be_visible()
    ask(page, "Make 24 from 4, 8, 1 and 6.")
    answered(page, "(1+6-4)*8")
    page.locator("summary", has_text="Thought for").click()
    shown = page.get_by_label("Summary of the thought")
    expect(shown).to_contain_text("That did not work out; going back.")
    assert "=96" not in page.content()


def test_what_a_model_writes_stays_text(server: Live, visit: Open) -> None:
    page = visit(server.url)
    ask(page, "attack")
    expect(page.locator(".answer")).to_contain_text('<img src=x onerror="window.hurt=1">')
    expect(page.locator(".answer pre")).to_have_text(
        "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>"
    )
    expect(page.locator(".answer p code")).to_have_text("<b>x</b>")
    assert page.locator("article :is(img, script, iframe, b)").count() == 0
    page.reload()
    expect(page.locator(".answer pre")).to_be_visible()
    assert page.evaluate("window.hurt") is None


def test_the_keyboard_is_enough(server: Live, visit: Open) -> None:
    page = visit(server.url)
    expect(page.locator(".chip").first).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.get_by_role("link", name="secondthought", exact=True).focus()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Skip to the question")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("lines")
    page.keyboard.press("Enter")
    answered(page, "an answer")
    expect(page.locator(".said")).to_have_text("two\nlines")
    expect(page.get_by_label("Your question")).to_be_focused()
    seen: list[str] = []
    for _ in range(4):  # backwards: the answer's buttons, then the thought
        page.keyboard.press("Shift+Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert seen[:3] == ["Inspect", "Regenerate", "Copy"]
    assert seen[3].startswith("Thought for")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


def test_a_key_that_ends_a_korean_syllable_neither_sends_nor_stops(
    server: Live, visit: Open
) -> None:
    """Chromium says that it composes; Safari has said so no more, and gives the code 229."""
    page = visit(server.url)
    box = page.get_by_label("Your question")
    box.fill("slow 안녕")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    press = (
        "(node, [key, options]) => node.dispatchEvent(new KeyboardEvent('keydown', "
        "{ key, bubbles: true, cancelable: true, ...options }))"
    )
    ways: list[dict[str, Any]] = [{"isComposing": True}, {"keyCode": 229}]
    for way in ways:
        assert box.evaluate(press, ["Enter", way]), "the key was taken from the input method"
    expect(box).to_have_value("slow 안녕")
    expect(page.locator(".said")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    for way in ways:
        box.evaluate(press, ["Escape", way])
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".time")).to_contain_text("Stopped")


def test_korean_on_a_phone_without_sideways_scrolling(server: Live, visit: Open) -> None:
    page = visit(server.url, locale="ko-KR", **PHONE)
    expect(page.get_by_text("이 모델이 풀 수 있는 문제")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "ko"

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    fits()
    page.get_by_role("button", name="24를 만들어 줘").tap()
    expect(page.locator(".answer")).to_have_text("3*1*8")
    expect(page.locator(".time")).to_contain_text("동안 생각함")
    fits()
    page.get_by_label("대화 목록").first.tap()
    expect(page.get_by_role("button", name="새 대화")).to_be_in_viewport()
    fits()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="English").tap()
    expect(page.locator(".time")).to_contain_text("Thought for")
    page.get_by_role("link", name="Inspect").tap()
    expect(page.locator(".branch")).to_be_visible()
    fits()


def test_the_inspector_shows_wrong_turns_branches_and_the_open_loop(
    server: Live, visit: Open
) -> None:
    page = visit(server.url)
    page.get_by_label("Effort").select_option("high")
    ask(page, "Make 24 from 4, 8, 1 and 6.")
    answered(page, "(1+6-4)*8")
    reads = len(server.service.audit.entries())
    page.get_by_role("link", name="Inspect").click()
    branches = page.locator(".branches > .branch")
    expect(branches.nth(2)).to_be_visible()
    assert branches.count() >= 3
    assert len(server.service.audit.entries()) == reads + 1
    tops = {round(branches.nth(i).bounding_box()["y"]) for i in (0, 1)}  # pyright: ignore
    assert len(tops) == 1, "branches stand side by side"
    committed = page.locator(".branch.committed")
    assert "".join(committed.locator(".line del").all_text_contents()) == WRONG_TURN
    committed.get_by_text("(1+6=7").first.click()
    expect(committed.locator(".steps:visible").first).to_contain_text("equation · right")
    expect(page.get_by_text("holds: this is the thought that was sealed")).to_be_visible()
    bar = page.get_by_role("img", name="tokens generated")
    assert "answer 1" in (bar.get_attribute("aria-label") or "")
    page.get_by_role("button", name="Ask without a thought").click()
    loops = page.locator(".loops .branch")
    expect(loops).to_have_count(2)
    expect(loops.first).to_contain_text("none · 1 token · ")
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator(".said")).to_have_text("Make 24 from 4, 8, 1 and 6.")
