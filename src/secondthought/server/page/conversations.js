// Conversations, kept in this browser only: one entry of localStorage each, so that two tabs do
// not overwrite each other's.
//
// A conversation: {id, title, created, updated, messages}. A question: {role: "user", content}.
// An answer: {role: "assistant", content, state, model, effort, thought, thoughtMs, ms, ...}, see
// chat.js; state is running, done, stopped or failed.

import { duration, words } from "./words.js";

const PREFIX = "secondthought.conversation.";

/** All that can be read, the latest first. */
export function all() {
  const found = [];
  for (let i = 0; i < localStorage.length; i++) {
    const name = localStorage.key(i);
    if (name.startsWith(PREFIX)) found.push(read(name));
  }
  return found.filter(Boolean).sort((a, b) => b.updated - a.updated);
}

export function find(id) {
  return read(PREFIX + id);
}

/** Where an answer stands: {conversation, index}, by the id of its response. */
export function findResponse(id) {
  for (const conversation of all()) {
    const index = conversation.messages.findIndex((message) => message.response === id);
    if (index >= 0) return { conversation, index };
  }
  return null;
}

export function create() {
  return { id: crypto.randomUUID?.() ?? random(), title: "", created: Date.now(), messages: [] };
}

/**
 * False when the browser has no room for it. thoughts: whether they are kept too; where keys are
 * needed they are not, for what an operator may read should not outlive the tab.
 */
export function save(conversation, { thoughts }) {
  conversation.updated = Date.now();
  const kept = (name, value) => (name === "thought" && !thoughts ? undefined : value);
  try {
    localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation, kept));
    return true;
  } catch {
    return false;
  }
}

export function remove(id) {
  localStorage.removeItem(PREFIX + id);
}

export function titleOf(conversation) {
  const first = conversation.messages[0]?.content.trim().replace(/\s+/g, " ") ?? "";
  const short = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  return conversation.title || short || words("untitled");
}

/** What the model is sent: questions and answers, never a thought. */
export function asMessages(messages) {
  return messages
    .filter((message) => message.content.trim())
    .map(({ role, content }) => ({ role, content }));
}

export function asJson(conversation) {
  return JSON.stringify({ format: "secondthought conversation 1", ...conversation }, null, 2);
}

export function asMarkdown(conversation) {
  const parts = [`# ${titleOf(conversation)}`];
  for (const message of conversation.messages) {
    if (message.role === "user") {
      parts.push(`## ${words("you")}`, message.content);
      continue;
    }
    const heading = `## ${message.model} (${message.effort})`;
    const time = words("thoughtFor", { time: duration(message.thoughtMs ?? message.ms) });
    parts.push(message.thoughtTokens ? `${heading} · ${time}` : heading);
    if (message.thought) {
      const label = words(message.thoughtKind === "summary" ? "summaryText" : "thoughtText");
      parts.push(`${label}:`, fenced(message.thought));
    }
    parts.push(message.content || `*${words("empty")}*`);
  }
  return `${parts.join("\n\n")}\n`;
}

/** Offer a text as a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function fileName(conversation) {
  const title = titleOf(conversation).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return title.slice(0, 50) || "conversation";
}

function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
}

function read(name) {
  try {
    const conversation = JSON.parse(localStorage.getItem(name));
    if (!Array.isArray(conversation?.messages)) return null;
    for (const message of conversation.messages) {
      if (message.state === "running") message.state = "stopped"; // the page was closed meanwhile
    }
    return conversation;
  } catch {
    return null;
  }
}

/** For pages that are neither local nor https, where randomUUID is missing. */
function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
