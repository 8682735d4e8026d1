// The page's language: the reader's choice, else the browser's, else English.

import { en } from "./words.en.js";
import { ko } from "./words.ko.js";

const ALL = { en, ko };
const KEPT = "secondthought.language";

export let language = startWith();

function startWith() {
  const kept = localStorage.getItem(KEPT);
  if (kept in ALL) return kept;
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

/** The words of this name, with {fields} filled in. */
export function words(name, fields = {}) {
  return ALL[language][name].replace(/\{(\w+)\}/g, (_, field) => fields[field]);
}

/** Fill in every element that names its words: data-words (text), data-label, data-placeholder. */
export function applyWords(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-words]")) {
    node.textContent = words(node.dataset.words);
  }
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", words(node.dataset.label));
    node.title = words(node.dataset.label);
  }
  for (const node of root.querySelectorAll("[data-placeholder]")) {
    node.placeholder = words(node.dataset.placeholder);
  }
}

/** A button that switches to the other language and calls `changed`. */
export function languageSwitch(button, changed) {
  const show = () => {
    const other = language === "en" ? "ko" : "en";
    button.textContent = ALL[other].language;
    button.lang = other;
  };
  button.addEventListener("click", () => {
    language = language === "en" ? "ko" : "en";
    localStorage.setItem(KEPT, language);
    applyWords();
    show();
    changed();
  });
  applyWords();
  show();
}

export function number(n) {
  return n.toLocaleString(language);
}

export function tokens(n) {
  return words(n === 1 ? "token" : "tokens", { n: number(n) });
}

/** Milliseconds as people say them. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (ms < 1000) return words("instant");
  if (seconds < 60) return words("seconds", { n: seconds });
  return words("minutes", { m: Math.floor(seconds / 60), n: seconds % 60 });
}
