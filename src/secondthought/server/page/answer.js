// One answer on the page: the line that says how long it thinks, the thought, the answer, and what
// there is to say about it.

import { button, copy, el, showAnswer } from "./dom.js";
import { explain } from "./stream.js";
import { duration, number, words } from "./words.js";

const OPEN = "secondthought.thought-open";

/**
 * message: see chat.js. actions: gives, once it has ended, {regenerate: a function or null,
 * inspect: an address or null}. The element is `node`; call `update` when the message has changed.
 */
export class AnswerView {
  constructor(message, actions) {
    this.message = message;
    this.label = el("span", { class: "time" });
    this.head = el("p", { class: "head" }, this.label);
    this.thought = null;
    this.body = el("div", { class: "answer" });
    this.notes = el("div", { class: "notes" });
    this.foot = el("div", { class: "foot" });
    const parts = [this.head, this.body, this.notes, this.foot];
    this.node = el("article", { class: "turn assistant" }, ...parts);
    this.actions = actions;
    this.shown = "";
    this.due = 0;
    if (message.thought) this.think(message.thought, false);
    this.update();
    if (message.state !== "running") this.finish();
    else this.timer = setInterval(() => this.tell(), 200);
  }

  /** More of the thought: one text node grows, whatever is in it. */
  think(text, live = true) {
    if (this.thought === null) {
      this.thought = document.createTextNode("");
      this.box = el("div", { class: "thought-text", tabindex: "0", role: "group" }, this.thought);
      const summary = el("summary", {}, this.label);
      this.head = swap(this.head, el("details", { class: "head thought" }, summary, this.box));
      this.head.open = live && localStorage.getItem(OPEN) !== "no";
      summary.addEventListener("click", () => {
        // While it thinks, the reader's choice is also that of the next thoughts.
        const live = this.message.state === "running";
        if (live) localStorage.setItem(OPEN, this.head.open ? "no" : "yes");
        this.chosen = true;
      });
      this.box.setAttribute("aria-label", this.thoughtLabel());
    }
    const atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 24;
    this.thought.appendData(text);
    if (atEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  /** Show the message as it is now, at most once a frame. */
  update() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.draw();
    });
    this.tell();
  }

  draw() {
    if (this.message.content === this.shown) return;
    if (!this.shown && this.head.open && !this.chosen) this.head.open = false;
    this.shown = this.message.content;
    showAnswer(this.body, this.shown);
  }

  /** The answer is over, one way or another. */
  finish() {
    clearInterval(this.timer);
    this.draw();
    this.tell();
    if (this.head.open && !this.chosen && this.shown) this.head.open = false;
    this.node.classList.toggle("failed", this.message.state === "failed");
    this.notes.replaceChildren(...this.noteNodes());
    this.foot.replaceChildren(...this.footNodes());
  }

  tell() {
    const text = this.time();
    if (this.label.textContent !== text) this.label.textContent = text;
    this.label.classList.toggle("busy", this.message.state === "running" && !this.message.content);
  }

  time() {
    const { state, content, effort, started, thoughtMs, ms, thoughtTokens } = this.message;
    const thinks = thoughtTokens !== 0 && effort !== "none";
    if (state === "running") {
      if (!thinks) return words("answering");
      if (content) return words("thoughtFor", { time: duration(thoughtMs) });
      return words("thinking", { time: duration(Date.now() - started) });
    }
    if (state === "failed") return words("failedAfter", { time: duration(ms) });
    if (state === "stopped") return words("stoppedAfter", { time: duration(ms ?? 0) });
    return thinks
      ? words("thoughtFor", { time: duration(thoughtMs ?? ms) })
      : words("answeredIn", { time: duration(ms) });
  }

  thoughtLabel() {
    return words(this.message.thoughtKind === "summary" ? "summaryText" : "thoughtText");
  }

  noteNodes() {
    const { state, content, finish, flags = [], notice, error } = this.message;
    const notes = [];
    const say = (text) => notes.push(el("p", { class: "note" }, text));
    if (error) notes.push(el("p", { class: "note bad", role: "alert" }, explain(error)));
    if (state === "done" && !content) say(words(finish === "length" ? "emptyLength" : "empty"));
    else if (finish === "length") say(words("cutLength"));
    if (finish === "content_filter") say(words("contentFilter"));
    if (flags.includes("contradicts_own_check")) say(words("contradicts"));
    if (notice) say(notice);
    return notes;
  }

  footNodes() {
    const { content, model, effort, tokens, thoughtTokens, seal, error } = this.message;
    const facts = [`${model} · ${effort}`];
    if (thoughtTokens) facts.push(words("thoughtTokens", { n: number(thoughtTokens) }));
    if (tokens != null) facts.push(words("answerTokens", { n: number(tokens - thoughtTokens) }));
    if (seal) facts.push(words("sealed", { digest: seal.replace("sha256:", "").slice(0, 8) }));
    const nodes = [];
    const { regenerate, inspect } = this.actions();
    if (content) {
      const press = (event) => copy(content, event.currentTarget, words("copied"));
      nodes.push(button(words("copy"), press, { class: "quiet", "data-action": "copy" }));
    }
    if (regenerate) {
      const text = words(error ? "retry" : "regenerate");
      nodes.push(button(text, regenerate, { class: "quiet", "data-action": "regenerate" }));
    }
    if (inspect) nodes.push(el("a", { class: "quiet", href: inspect }, words("inspect")));
    nodes.push(el("span", { class: "facts", title: seal ?? "" }, facts.join(" · ")));
    return nodes;
  }
}


function swap(old, fresh) {
  old.replaceWith(fresh);
  return fresh;
}
