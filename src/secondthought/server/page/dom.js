// Making elements. Text only ever becomes text nodes: nothing here or elsewhere parses HTML.

/** An element: attributes (`on` holds listeners), then children; strings become text nodes. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value != null) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export function button(text, listener, attributes = {}) {
  return el("button", { type: "button", on: { click: listener }, ...attributes }, text);
}

/**
 * Whether a key goes to the input method, as for Korean: then it ends a syllable and neither sends
 * nor stops anything. Safari tells it of the last key by its code alone.
 */
export function composes(event) {
  return event.isComposing || event.keyCode === 229;
}

const PIECE = /(`[^`\n]+`)/;

/** An answer: ```fenced``` blocks, `code`, and everything else as it was written. */
export function showAnswer(node, text) {
  const parts = [];
  let plain = [];
  let code = null;
  const flush = () => {
    if (plain.join("\n").trim()) parts.push(paragraph(plain.join("\n").replace(/^\n+|\n+$/g, "")));
    plain = [];
  };
  for (const line of text.split("\n")) {
    if (code !== null && line.trim() === "```") {
      parts.push(block(code));
      code = null;
    } else if (code !== null) {
      code.push(line);
    } else if (/^\s*```[\w+-]*\s*$/.test(line)) {
      flush();
      code = [];
    } else {
      plain.push(line);
    }
  }
  flush();
  if (code !== null) parts.push(block(code)); // the fence is still open
  node.replaceChildren(...parts);
}

function paragraph(text) {
  const pieces = text.split(PIECE).filter(Boolean);
  return el("p", {}, ...pieces.map((p) => (PIECE.test(p) ? el("code", {}, p.slice(1, -1)) : p)));
}

function block(lines) {
  return el("pre", { tabindex: "0" }, el("code", {}, lines.join("\n")));
}

/** Copy a text; `node` says for a moment that it was done. */
export async function copy(text, node, done) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    // Pages that are neither local nor https have no clipboard of their own.
    const area = el("textarea", { class: "visually-hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    node.focus();
  }
  const before = node.textContent;
  if (before === done) return;
  node.textContent = done;
  setTimeout(() => (node.textContent = before), 1500);
}
