// The server's API: requests with the key of this tab, errors as values, streams as iterations.

import { words } from "./words.js";

const KEPT = "secondthought.key";

export const key = {
  get: () => sessionStorage.getItem(KEPT),
  set: (secret) => sessionStorage.setItem(KEPT, secret),
};

/** What the server said instead of an answer. status: 0 where there was no reply. */
export class ApiError extends Error {
  constructor(status, error = {}, retryAfter = null) {
    super(error.message ?? "");
    this.status = status;
    this.code = error.code ?? null;
    this.retryAfter = retryAfter;
  }
}

/** A reply that is all right. Throws ApiError, and AbortError when `signal` was used. */
export async function request(path, { body, signal, method = body ? "POST" : "GET" } = {}) {
  const headers = key.get() ? { authorization: `Bearer ${key.get()}` } : {};
  if (body) headers["content-type"] = "application/json";
  const sent = body && JSON.stringify(body);
  const options = { method, headers, signal, body: sent, cache: "no-store" };
  const response = await fetch(path, options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "network" });
  });
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new ApiError(response.status, error, response.headers.get("retry-after"));
}

/** The chunks of a streamed chat completion. Throws like `request`, also in the middle. */
export async function* chat(body, signal) {
  const streamed = { ...body, stream: true, stream_options: { include_usage: true } };
  const response = await request("/v1/chat/completions", { body: streamed, signal });
  for await (const data of events(response.body)) {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ApiError(500, chunk.error);
    yield chunk;
  }
  throw new ApiError(0, { code: "broken" });
}

/** The data of server-sent events. A network chunk may end anywhere, also within a character. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, { code: "broken" });
    });
    if (done) return;
    text += value;
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      if (part.startsWith("data: ")) yield part.slice(6);
    }
  }
}

const CODES = {
  network: "errorNetwork",
  broken: "errorBroken",
  context_length_exceeded: "errorContext",
  model_not_found: "errorModel",
  server_error: "errorServer",
};
const STATUSES = {
  401: "errorKey",
  403: "errorForbidden",
  502: "errorUpstream",
  504: "errorUpstream",
};

/** What happened and what to do, in the page's language, then the server's own words. */
export function explain(error) {
  const seconds = error.retryAfter ?? 5;
  if (error.status === 429) return words("errorBusy", { seconds });
  const upstream = error.code?.startsWith("model_") && "errorUpstream";
  const other = error.status >= 400 && error.status < 500 ? "errorRequest" : "errorServer";
  const name = CODES[error.code] ?? (upstream || STATUSES[error.status] || other);
  return error.message ? `${words(name)} (${error.message})` : words(name);
}
