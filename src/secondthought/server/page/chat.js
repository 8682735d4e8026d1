// The conversation that is open: its turns on the page, asking, stopping, editing.
//
// An answer's message grows while it is made: {role, content, state, model, effort, started,
// thought, thoughtKind, thoughtMs (until the first word of the answer), ms, response (its id),
// tokens, thoughtTokens, finish, flags, notice, seal, error}.

import { AnswerView } from "./answer.js";
import { asMessages, save } from "./conversations.js";
import { button, composes, copy, el } from "./dom.js";
import { chat, explain, request } from "./stream.js";
import { words } from "./words.js";

export class Chat {
  /**
   * list: the element of the turns. hooks: `changed()` after every change of state or content,
   * `announce(text)` for screen readers, `failed(error)`, `full()` when nothing can be stored.
   */
  constructor(list, hooks) {
    this.list = list;
    this.hooks = hooks;
    this.about = null;
    this.conversation = null;
    this.running = null; // {message, view, abort}
  }

  get messages() {
    return this.conversation.messages;
  }

  /** Whether the answer can be wanted at once: it is still being thought about. */
  get thinking() {
    const message = this.running?.message;
    return Boolean(message?.response) && !message.content && message.effort !== "none";
  }

  open(conversation) {
    this.stop();
    this.conversation = conversation;
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.messages.map((message, i) => this.turn(message, i)));
  }

  /** Ask: choice is {model, effort, temperature}. */
  async ask(question, choice) {
    this.messages.push({ role: "user", content: question });
    await this.answer(choice);
  }

  /** Another answer to the last question. */
  async regenerate(choice) {
    if (this.running) return;
    if (this.messages.at(-1).role === "assistant") this.messages.pop();
    await this.answer(choice);
  }

  /** Ask a changed question in the place of an old one; what came after it goes. */
  async edit(index, question, choice) {
    if (this.running) return;
    this.messages.splice(index);
    await this.ask(question, choice);
  }

  stop() {
    this.running?.abort.abort();
  }

  async answerNow() {
    const { response } = this.running.message;
    try {
      await request(`/v1/chat/completions/${response}/answer_now`, { method: "POST" });
    } catch (error) {
      if (error.status !== 404) this.hooks.announce(explain(error)); // 404: it has just ended
    }
  }

  keep(conversation = this.conversation) {
    if (!save(conversation, { thoughts: !this.about.keys })) this.hooks.full();
  }

  async answer({ model, effort, temperature }) {
    const history = asMessages(this.messages);
    const message = {
      role: "assistant",
      content: "",
      state: "running",
      model,
      effort,
      started: Date.now(),
      thought: "",
      thoughtKind: this.about.thought === "summary" ? "summary" : "thought",
    };
    this.messages.push(message);
    this.keep();
    this.draw();
    const running = { message, view: this.view, abort: new AbortController() };
    this.running = running;
    this.list.classList.add("running");
    window.scrollTo(0, document.body.scrollHeight);
    this.hooks.announce(words(effort === "none" ? "answering" : "announceThinking"));
    this.hooks.changed();
    const body = { model, messages: history, reasoning_effort: effort, temperature };
    const conversation = this.conversation;
    try {
      for await (const chunk of chat(body, running.abort.signal)) this.take(chunk, running);
      message.state = "done";
    } catch (error) {
      message.state = error.name === "AbortError" ? "stopped" : "failed";
      if (message.state === "failed") {
        const { status, code, retryAfter, message: text } = error;
        message.error = { status, code, retryAfter, message: text };
        this.hooks.failed(error);
      }
    }
    message.ms = Date.now() - message.started;
    this.running = null;
    this.follow();
    running.view.finish();
    this.list.classList.remove("running");
    if (!conversation.removed) this.keep(conversation);
    this.tell(running);
    this.hooks.changed();
  }

  /** Keep the end in sight as long as the reader does; who has scrolled up stays there. */
  follow() {
    const page = document.scrollingElement;
    if (page.scrollHeight - page.scrollTop - page.clientHeight > 80) return;
    requestAnimationFrame(() => requestAnimationFrame(() => (page.scrollTop = page.scrollHeight)));
  }

  take(chunk, { message, view }) {
    this.follow();
    const first = !message.response;
    message.response ??= chunk.id;
    const account = { ...chunk.secondthought, ...chunk.choices[0]?.secondthought };
    if (account.notice) message.notice = account.notice.message;
    if (account.flags) message.flags = account.flags;
    if (account.seal) message.seal = account.seal;
    if (chunk.usage) {
      message.tokens = chunk.usage.completion_tokens;
      message.thoughtTokens = chunk.usage.completion_tokens_details.reasoning_tokens;
    }
    const { delta = {}, finish_reason: finish } = chunk.choices[0] ?? {};
    if (finish) message.finish = finish;
    if (delta.reasoning_content) {
      message.thought += delta.reasoning_content;
      view.think(delta.reasoning_content);
    }
    const text = delta.content || delta.refusal;
    if (text) {
      message.thoughtMs ??= Date.now() - message.started;
      if (!message.content) this.hooks.changed(true);
      message.content += text;
      view.update();
    }
    if (first) this.hooks.changed();
  }

  /** What a screen reader says at the end: how long it took, and the whole answer at once. */
  tell({ message: { state, content }, view }) {
    if (state === "stopped") this.hooks.announce(words("announceStopped"));
    if (state !== "done") return; // a failure is an alert of its own
    const answer = content || words("noAnswer");
    this.hooks.announce(words("announceAnswer", { time: view.time(), answer }));
  }

  // --- the turns ------------------------------------------------------------------------------

  turn(message, index) {
    return message.role === "user" ? this.question(message, index) : this.reply(message, index);
  }

  question(message, index) {
    const content = el("div", { class: "said" }, message.content);
    const node = el("article", { class: "turn user" }, content);
    const press = (event) => copy(message.content, event.currentTarget, words("copied"));
    const edit = () => {
      if (!this.running) node.replaceChildren(this.editor(message, index, node));
    };
    const actions = [
      button(words("edit"), edit, { class: "quiet", "data-action": "edit" }),
      button(words("copy"), press, { class: "quiet" }),
    ];
    node.append(el("div", { class: "foot" }, ...actions));
    node.setAttribute("aria-label", words("you"));
    return node;
  }

  editor(message, index, node) {
    const area = el("textarea", { rows: "3", "aria-label": words("editQuestion") });
    area.value = message.content;
    const cancel = () => {
      const fresh = this.turn(message, index);
      node.replaceWith(fresh);
      fresh.querySelector("[data-action=edit]").focus();
    };
    const ask = () => {
      if (area.value.trim()) this.hooks.edited(index, area.value.trim());
    };
    area.addEventListener("keydown", (event) => {
      if (composes(event)) return;
      if (event.key === "Escape") {
        event.stopPropagation();
        cancel();
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        ask();
      }
    });
    requestAnimationFrame(() => area.focus());
    const buttons = el(
      "div",
      { class: "foot" },
      button(words("ask"), ask, { class: "primary" }),
      button(words("cancel"), cancel),
    );
    return el("div", { class: "editor" }, area, buttons);
  }

  reply(message, index) {
    const view = new AnswerView(message, () => ({
      regenerate: index === this.messages.length - 1 ? () => this.hooks.regenerate() : null,
      inspect:
        this.about.operator && message.state === "done" && message.response
          ? `/inspect/${encodeURIComponent(message.response)}`
          : null,
    }));
    view.node.setAttribute("aria-label", message.model);
    if (message.state === "running") this.view = view;
    return view.node;
  }
}
