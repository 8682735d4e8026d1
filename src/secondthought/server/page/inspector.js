// The thought inspector at `/inspect/{id}`: one trace, for operators. The server notes every read
// in its audit log, so the trace is fetched once and kept in memory.

import { findResponse, asMessages } from "./conversations.js";
import { button, el, showAnswer } from "./dom.js";
import { askForKey } from "./keys.js";
import { explain, request } from "./stream.js";
import { languageSwitch, number, tokens, words } from "./words.js";

const MOST_LINES = 200; // of a branch, to begin with
const PHASES = ["thought", "draft", "critic", "summary", "answer"];

const $ = (id) => document.getElementById(id);
const id = decodeURIComponent(location.pathname.split("/").pop());
const asked = findResponse(id);
let trace = null;
let open = null; // the answer of the open loop, once it was asked for

languageSwitch($("language"), () => {
  if (trace) draw();
});
if (asked) $("back").href = `/#c-${asked.conversation.id}`;
load();

async function load() {
  $("trouble").hidden = true;
  try {
    trace = await (await request(`/v1/traces/${encodeURIComponent(id)}/inspection`)).json();
    draw();
  } catch (error) {
    if (error.status === 401 && (await askForKey())) return load();
    const known = { 403: "operatorsOnly", 404: "noTrace" };
    $("trouble").textContent = known[error.status] ? words(known[error.status]) : explain(error);
    $("trouble").hidden = false;
  }
  $("loading").hidden = true;
}

function draw() {
  document.title = `${words("inspector")} · ${id}`;
  $("trace").replaceChildren(
    el("p", { class: "id" }, el("code", {}, id), " ", words("audited")),
    facts(),
    section("answer", answerBox(trace.answer)),
    section("ledger", ...ledger()),
    section("branches", el("p", { class: "legend" }, words("legend")), branches()),
    comparison(),
  );
  $("trace").hidden = false;
}

function section(title, ...children) {
  return el("section", {}, el("h2", {}, words(title)), ...children);
}

function answerBox(text) {
  const box = el("div", { class: "answer" });
  showAnswer(box, text || words("noAnswer"));
  return box;
}

// --- facts and the ledger -----------------------------------------------------------------------

function facts() {
  const seconds = (value) => (value == null ? null : `${value.toFixed(2)} s`);
  const check = trace.check;
  const how = check && { how: check.how };
  const rows = [
    ["model", trace.model],
    ["effort", trace.effort],
    ["strategy", trace.strategy],
    ["seed", String(trace.seed)],
    ["ended", trace.error ? `${trace.finish_reason}: ${trace.error}` : trace.finish_reason],
    ["time", seconds(trace.seconds)],
    ["firstToken", seconds(trace.first_token_seconds)],
    ["check", check && words(check.holds ? "checkHolds" : "checkFails", how), check?.holds],
  ];
  const list = el("dl", { class: "facts-list" });
  for (const [name, value, good] of rows) {
    if (value == null) continue;
    const mark = good === undefined || value == null ? "" : good ? "good" : "bad";
    list.append(el("div", {}, el("dt", {}, words(name)), el("dd", { class: mark }, value)));
  }
  const holds = trace.seal.holds;
  const verdict = words(holds ? "sealHolds" : "sealBroken");
  const told = el("span", { class: holds ? "good" : "bad" }, verdict);
  const digest = el("dd", {}, told, " ", el("code", { class: "digest" }, trace.seal.digest));
  list.append(el("div", { class: "wide" }, el("dt", {}, words("seal")), digest));
  return list;
}

function ledger() {
  const { phases, prompt, sent, estimated } = trace.ledger;
  const notes = [words("prompt", { n: number(prompt), sent: number(sent) })];
  if (estimated) notes.push(words("estimated"));
  return [bar(phases), el("p", { class: "legend" }, notes.join(" "))];
}

/** Tokens by phase as one bar, and as words for who does not see it. */
function bar(phases) {
  const parts = PHASES.filter((phase) => phases[phase]);
  const told = parts.map((phase) => `${words(`phase_${phase}`)} ${number(phases[phase])}`);
  const label = words("ledgerBar", { total: number(sum(phases)), parts: told.join(", ") });
  const strip = el("div", { class: "bar", role: "img", "aria-label": label });
  const legend = el("ul", { class: "bar-legend", "aria-hidden": "true" });
  parts.forEach((phase, i) => {
    const piece = el("span", { class: `phase-${phase}` });
    piece.style.flexGrow = phases[phase];
    strip.append(piece);
    legend.append(el("li", { class: `phase-${phase}` }, told[i]));
  });
  return el("div", {}, strip, legend);
}

// --- branches and their steps -------------------------------------------------------------------

/** Side by side; a branch that only gathers others (it has no text) is left out. */
function branches() {
  const shown = trace.branches.filter((b) => b.lines.length || b.answer || b.verdicts.length);
  const columns = shown.length ? shown : trace.branches;
  return el("div", { class: "branches" }, ...columns.map(branch));
}

function branch(one) {
  const facts = [tokens(sum(one.phases))];
  if (one.stop) facts.push(one.stop);
  if (one.parent) facts.push(words("goesOnFrom", { name: one.parent }));
  const head = el("h3", {}, one.name);
  if (one.committed) head.append(" ", el("span", { class: "tag" }, words("committed")));
  const lines = el("ol", { class: "lines", "aria-label": words("steps") });
  lines.append(...one.lines.slice(0, MOST_LINES).map(line));
  const rest = one.lines.slice(MOST_LINES);
  const more = rest.length
    ? button(words("moreLines", { n: number(rest.length) }), ({ currentTarget }) => {
        lines.append(...rest.map(line));
        currentTarget.remove();
      })
    : null;
  return el(
    "article",
    { class: one.committed ? "branch committed" : "branch" },
    head,
    el("p", { class: "legend" }, facts.join(" · ")),
    one.lines.length ? lines : el("p", { class: "legend" }, words("noSteps")),
    more,
    one.answer ? answerBox(one.answer) : null,
    ...one.verdicts.map(verdict),
  );
}

function verdict({ verifier, outcome, feedback, error }) {
  const text = [verifier, words(outcome), error || feedback].filter(Boolean).join(" · ");
  return el("p", { class: `verdict ${outcome}` }, text);
}

/** A line of the thought; where its grammar is known it opens to its steps. */
function line({ pieces }) {
  const steps = pieces.filter((piece) => piece.kind && piece.kind !== "text");
  const shown = el("span", { class: "line" }, ...pieces.map(piece));
  if (!steps.length) return el("li", {}, shown);
  const wrong = steps.some((step) => step.outcome === "failed");
  const rows = steps.map((step) => {
    const told = [step.kind, words(step.outcome), step.feedback].filter(Boolean).join(" · ");
    const back = step.back ? el("span", { class: "tag" }, words("takenBack")) : null;
    return el("li", { class: step.outcome }, piece(step), " ", el("span", {}, told), " ", back);
  });
  const inside = el("ul", { class: "steps" }, ...rows);
  const tree = el("details", {}, el("summary", {}, shown), inside);
  return el("li", { class: wrong ? "wrong" : null }, tree);
}

function piece({ text, back, outcome, kind, feedback }) {
  const mark = outcome === "failed" ? "wrong" : outcome === "passed" ? "right" : null;
  const node = el(back ? "del" : "span", { class: mark, title: feedback ?? kind }, text);
  return node;
}

// --- open loop beside closed loop ---------------------------------------------------------------

function comparison() {
  if (!asked) return section("compareTitle", el("p", { class: "legend" }, words("compareMissing")));
  const closed = {
    title: "closedLoop",
    effort: trace.effort,
    answer: trace.answer,
    tokens: sum(trace.ledger.phases),
    ms: 1000 * trace.seconds,
  };
  const ask = button(words("compareAsk"), askOpen, { class: "primary", id: "ask-open" });
  if (!open) {
    return section("compareTitle", el("p", { class: "legend" }, words("compareText")), ask);
  }
  const same = plain(open.answer) === plain(closed.answer);
  const n = number(closed.tokens - open.tokens);
  return section(
    "compareTitle",
    el("div", { class: "loops" }, loop(open), loop(closed)),
    el("p", { class: "verdict", role: "status" }, same ? words("agree", { n }) : words("differ")),
  );
}

async function askOpen({ currentTarget }) {
  currentTarget.disabled = true;
  const { messages } = asked.conversation;
  const body = {
    model: messages[asked.index].model,
    messages: asMessages(messages.slice(0, asked.index)),
    reasoning_effort: "none",
  };
  try {
    const response = await request("/v1/chat/completions", { body });
    const { choices, usage } = await response.json();
    open = {
      title: "openLoop",
      effort: "none",
      answer: choices[0].message.content ?? "",
      tokens: usage.completion_tokens,
      ms: Number(response.headers.get("openai-processing-ms")),
    };
    currentTarget.closest("section").replaceWith(comparison());
  } catch (error) {
    currentTarget.disabled = false;
    $("trouble").textContent = explain(error);
    $("trouble").hidden = false;
  }
}

function loop({ title, effort, answer, tokens: n, ms }) {
  const cost = [effort, tokens(n), `${(ms / 1000).toFixed(2)} s`];
  return el(
    "article",
    { class: "branch" },
    el("h3", {}, words(title)),
    el("p", { class: "legend" }, cost.join(" · ")),
    answerBox(answer),
  );
}

function sum(phases) {
  return Object.values(phases).reduce((total, n) => total + n, 0);
}

/** Case, blanks and a last full stop do not make two answers different. */
function plain(answer) {
  return answer.trim().replace(/\s+/g, " ").replace(/\.$/, "").toLowerCase();
}
