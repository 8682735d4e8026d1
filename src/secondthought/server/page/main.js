// The page at `/`: what is around the conversation, and who does what when.

import { Chat } from "./chat.js";
import * as kept from "./conversations.js";
import { button, composes, copy, el } from "./dom.js";
import { askForKey } from "./keys.js";
import { explain, key, request } from "./stream.js";
import { languageSwitch, number, words } from "./words.js";

const COMMAND = "secondthought serve -m http://127.0.0.1:8000/v1";
const SETTINGS = "secondthought.settings";
const BANNER = "secondthought.banner-closed";
const SAMPLING = 0.7; // temperature of another answer where the effort's own is 0

const $ = (id) => document.getElementById(id);
const chat = new Chat($("messages"), { changed, announce, failed, full, edited, regenerate });
let about = { models: [], examples: {}, operator: false, keys: false, thought: "hidden" };
let settings = JSON.parse(localStorage.getItem(SETTINGS) ?? "{}");

// --- the beginning ------------------------------------------------------------------------------

languageSwitch($("language"), () => {
  drawAll();
});
wire();
chat.about = about;
openFromAddress();
learn();

/** Ask the server what there is; ask for a key where it wants one. */
async function learn() {
  $("trouble").hidden = true;
  try {
    about = await (await request("/page/about")).json();
  } catch (error) {
    if (error.status === 401) {
      if (key.get()) trouble(explain(error), askAgain);
      else trouble(words("keyTitle"), askAgain);
      await askAgain();
      return;
    }
    trouble(explain(error), learn);
    return;
  }
  chat.about = about;
  drawAll();
}

async function askAgain() {
  if (await askForKey()) await learn();
}

function trouble(text, again) {
  $("trouble").replaceChildren(el("span", {}, text), button(words("retry"), again));
  $("trouble").hidden = false;
}

// --- drawing ------------------------------------------------------------------------------------

function drawAll() {
  drawPickers();
  drawBanner();
  if (!chat.running) chat.draw();
  changed();
}

function model() {
  const found = about.models.find((one) => one.name === settings.model);
  return found ?? about.models[0];
}

function effort() {
  const known = model()?.efforts.some((one) => one.name === settings.effort);
  return known ? settings.effort : model()?.effort;
}

function drawPickers() {
  const models = about.models.map(({ name }) => el("option", { value: name }, name));
  $("model").replaceChildren(...models);
  $("model").value = model()?.name ?? "";
  $("model-picker").hidden = models.length < 2;
  const efforts = model()?.efforts ?? [];
  $("effort").replaceChildren(...efforts.map(({ name }) => el("option", { value: name }, name)));
  $("effort").value = effort() ?? "";
  $("hint").textContent = hint();
  $("key").hidden = !about.keys;
  const kind = model()?.built_in ? "welcomePuzzles" : "welcomeModel";
  $("welcome-model").textContent = model() ? words(kind, { model: model().name }) : "";
}

function hint() {
  const row = model()?.efforts.find((one) => one.name === effort());
  if (!row) return words("keys");
  const tokens = number(row.thought_tokens);
  const name = !row.thought_tokens ? "noThought" : row.samples > 1 ? "upToSamples" : "upTo";
  return `${row.name}: ${words(name, { tokens, samples: row.samples })}`;
}

function drawBanner() {
  const closed = localStorage.getItem(BANNER) === "yes";
  $("banner").hidden = !model()?.built_in || closed;
  $("command").textContent = COMMAND;
}

/** After every change of the conversation's state. answering: the answer has just begun. */
function changed(answering = false) {
  const busy = Boolean(chat.running);
  const empty = !chat.messages.length;
  $("welcome").hidden = !empty;
  $("send").hidden = busy;
  $("stop").hidden = !busy;
  const now = $("answer-now");
  if (now.hidden || !busy) {
    now.disabled = false;
    now.textContent = words("answerNow");
  }
  now.hidden = answering || !chat.thinking;
  $("send").disabled = !$("question").value.trim() || !about.models.length;
  $("title").textContent = empty ? "" : kept.titleOf(chat.conversation);
  $("menu").hidden = empty;
  document.title = empty ? "secondthought" : `${kept.titleOf(chat.conversation)} · secondthought`;
  drawExamples();
  drawConversations();
}

function drawExamples() {
  const examples = model()?.built_in ? (about.examples[document.documentElement.lang] ?? []) : [];
  $("examples-title").hidden = !examples.length;
  const ask = (question) =>
    button(el("span", {}, question), () => send(question), { class: "chip", title: question });
  $("examples").replaceChildren(...examples.map((question) => el("li", {}, ask(question))));
}

function drawConversations() {
  const items = kept.all().map((conversation) => {
    const open = conversation.id === chat.conversation.id;
    const link = el(
      "a",
      { href: `#c-${conversation.id}`, "aria-current": open ? "page" : null },
      kept.titleOf(conversation),
    );
    return el("li", {}, link);
  });
  const none = el("li", { class: "none" }, words("noConversations"));
  $("conversations").replaceChildren(...(items.length ? items : [none]));
}

// --- asking -------------------------------------------------------------------------------------

function choice(again = false) {
  const row = model().efforts.find((one) => one.name === effort());
  const temperature = again && row.temperature === 0 ? SAMPLING : undefined;
  return { model: model().name, effort: effort(), temperature };
}

async function send(question) {
  if (!question || chat.running || !about.models.length) return;
  $("question").value = "";
  grow();
  $("question").focus();
  const asked = chat.ask(question, choice());
  history.replaceState(null, "", `#c-${chat.conversation.id}`);
  await asked;
}

function regenerate() {
  chat.regenerate(choice(true));
  $("question").focus();
}

function edited(index, question) {
  chat.edit(index, question, choice());
  $("question").focus();
}

function announce(text) {
  $("status").textContent = text;
}

/** A key that has ended is asked for again; everything else stands at the answer. */
function failed(error) {
  if (error.status === 401) askAgain();
}

function full() {
  trouble(words("errorStorage"), () => ($("trouble").hidden = true));
}

function openFromAddress() {
  const id = location.hash.startsWith("#c-") ? location.hash.slice(3) : null;
  if (id && chat.conversation?.id === id) return;
  chat.open((id && kept.find(id)) || kept.create());
  changed();
  window.scrollTo(0, document.body.scrollHeight);
}

// --- what is pressed ----------------------------------------------------------------------------

function grow() {
  const area = $("question");
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 240)}px`;
}

function wire() {
  const area = $("question");
  area.addEventListener("input", () => {
    grow();
    $("send").disabled = !area.value.trim() || !about.models.length;
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !composes(event)) {
      event.preventDefault();
      send(area.value.trim());
    }
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send(area.value.trim());
  });
  $("stop").addEventListener("click", () => {
    chat.stop();
    area.focus();
  });
  $("answer-now").addEventListener("click", ({ currentTarget }) => {
    currentTarget.disabled = true;
    currentTarget.textContent = words("closing");
    chat.answerNow();
    area.focus();
  });
  $("model").addEventListener("change", () => set({ model: $("model").value }));
  $("effort").addEventListener("change", () => set({ effort: $("effort").value }));
  $("new").addEventListener("click", () => {
    location.hash = "";
    closeSidebar();
    area.focus();
  });
  $("copy-command").addEventListener("click", ({ currentTarget }) => {
    copy(COMMAND, currentTarget, words("copied"));
  });
  $("close-banner").addEventListener("click", () => {
    localStorage.setItem(BANNER, "yes");
    drawBanner();
    area.focus();
  });
  $("key").addEventListener("click", askAgain);
  $("skip").addEventListener("click", (event) => {
    event.preventDefault();
    area.focus();
  });
  window.addEventListener("hashchange", openFromAddress);
  window.addEventListener("storage", drawConversations); // another tab
  window.addEventListener("pagehide", () => chat.running && chat.keep());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composes(event)) return;
    if (document.querySelector("dialog[open]")) return;
    if (closeMenu() || closeSidebar()) return;
    if (chat.running) {
      chat.stop();
      area.focus();
    }
  });
  wireSidebar();
  wireMenu();
}

function set(change) {
  settings = { ...settings, ...change };
  localStorage.setItem(SETTINGS, JSON.stringify(settings));
  drawPickers();
  drawBanner();
  changed();
}

function wireSidebar() {
  $("open-sidebar").addEventListener("click", () => {
    const open = document.body.classList.toggle("sidebar-open");
    $("open-sidebar").setAttribute("aria-expanded", String(open));
    if (open) $("new").focus();
  });
  $("shade").addEventListener("click", closeSidebar);
  $("conversations").addEventListener("click", (event) => {
    if (event.target.closest("a")) closeSidebar();
  });
}

/** Whether it was open. */
function closeSidebar() {
  const open = document.body.classList.contains("sidebar-open");
  document.body.classList.remove("sidebar-open");
  $("open-sidebar").setAttribute("aria-expanded", "false");
  if (open) $("open-sidebar").focus();
  return open;
}

function wireMenu() {
  const on = (id, act) => {
    $(id).addEventListener("click", () => {
      closeMenu();
      act(chat.conversation);
    });
  };
  on("export-markdown", (conversation) => {
    const name = `${kept.fileName(conversation)}.md`;
    kept.download(name, "text/markdown", kept.asMarkdown(conversation));
  });
  on("export-json", (conversation) => {
    const name = `${kept.fileName(conversation)}.json`;
    kept.download(name, "application/json", kept.asJson(conversation));
  });
  on("rename", async (conversation) => {
    $("rename-field").value = kept.titleOf(conversation);
    if (!(await confirmed("rename-dialog"))) return;
    conversation.title = $("rename-field").value.trim();
    chat.keep();
    changed();
  });
  on("remove", async (conversation) => {
    $("remove-text").textContent = words("removeQuestion", { title: kept.titleOf(conversation) });
    if (!(await confirmed("remove-dialog"))) return;
    conversation.removed = true; // a running answer must not bring it back
    chat.open(kept.create());
    kept.remove(conversation.id);
    location.hash = "";
    changed();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#menu")) closeMenu();
  });
}

/** Whether it was open. */
function closeMenu() {
  const open = $("menu").open;
  $("menu").open = false;
  return open;
}

/** Show a dialog with a form; whether its first button was pressed. */
function confirmed(id) {
  const dialog = $(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      dialog.close("yes");
    };
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}

for (const cancel of document.querySelectorAll("dialog [data-cancel]")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close());
}
