// Asking the shop's API: once more where that is safe, and never claiming what is not known.

import { kept, say, state } from "./page.js";

/** @typedef {import("./types").Schemas["Problem"]} ProblemBody */

/** What the shop refuses, or what stood in the way of asking. */
export class Problem extends Error {
  /** @param {number} status 0 if no answer came @param {string} code @param {string} detail
   * @param {Record<string, any>} [errors] @param {number} [wait] seconds */
  constructor(status, code, detail, errors = {}, wait = 0) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.wait = wait;
  }

  /** Whether it may have been done all the same. */
  get isOpen() {
    return this.status === 0 || this.status >= 500;
  }

  /** For people, in the page's language. */
  get words() {
    if (this.code === "offline") return say("offline");
    if (this.code === "session_ended") return say("session_ended");
    if (this.status === 0) return say("unknown");
    if (this.status === 429) return say("too_many", { seconds: this.wait });
    if (this.status >= 500) return say("unavailable");
    return say("failed", { detail: this.detail });
  }
}

const PATIENCE = 25_000; // milliseconds for one answer; the shop gives up after 20 seconds
const PAUSES = [700, 2_000]; // milliseconds before it is asked again
const LONGEST = 10; // seconds that anybody waits at a busy button

/**
 * @typedef {object} Ask
 * @property {string} [method]
 * @property {any} [body]
 * @property {Record<string, string>} [headers]
 * @property {string} [key] an Idempotency-Key: the same one for the same wish
 * @property {boolean} [keepalive] goes on though the page is left
 * @property {boolean} [anonymous] as a guest, whoever is signed in: a key belongs to who first sent it
 */

/**
 * The API's answer. Reads, and writes with a key, are tried three times. Throws Problem.
 * @param {string} path @param {Ask} [ask] @returns {Promise<any>}
 */
export async function call(path, ask = {}) {
  const safe = !ask.method || Boolean(ask.key);
  /** @type {Problem | null} */
  let before = null;
  let renewed = false;
  for (let tried = 0; ; tried += 1) {
    try {
      return await once(path, ask);
    } catch (error) {
      if (error instanceof Problem && error.code === "renew" && !renewed) {
        renewed = true;
        tried -= 1;
        continue;
      }
      if (error instanceof Problem && error.code === "renew") throw ended();
      // What may have been done is not undone by what stands in the way of the next attempt.
      const barred = error instanceof Problem && (error.code === "offline" || error.status === 401);
      if (before && barred) throw before;
      const open = error instanceof Problem && (error.isOpen || error.code === "conflict");
      if (!open || !safe || tried >= PAUSES.length || !navigator.onLine) throw error;
      if (error.wait > LONGEST) throw error;
      before = error;
      await new Promise((done) => setTimeout(done, Math.max(PAUSES[tried], error.wait * 1_000)));
    }
  }
}

/** @param {string} path @param {Ask} ask */
async function once(path, { method = "GET", body, headers = {}, key, anonymous, keepalive }) {
  if (!navigator.onLine) throw new Problem(0, "offline", "");
  const token = anonymous ? null : await accessToken();
  /** @type {Record<string, string>} */
  const sent = { Accept: "application/json", "Accept-Language": state.language, ...headers };
  if (token) sent.Authorization = `Bearer ${token}`;
  if (key) sent["Idempotency-Key"] = key;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(state.api + path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout?.(PATIENCE),
      credentials: "omit",
      keepalive,
    });
  } catch {
    throw new Problem(0, "no_answer", "");
  }
  const content = await answer.json().catch(() => null);
  if (answer.ok && content !== null) return content;
  throw problem(answer, content, token);
}

/** @param {Response} answer @param {ProblemBody | null} content @param {string | null} [token] */
function problem(answer, content, token) {
  const wait = Number(answer.headers.get("Retry-After")) || 0;
  const { code = "error", detail = answer.statusText, errors = {} } = content ?? {};
  if (answer.status === 401 && token) {
    const session = kept.get("session");
    if (session?.access === token) kept.set("session", { ...session, until: 0 });
    return new Problem(401, "renew", detail);
  }
  return new Problem(answer.ok ? 0 : answer.status, code, detail, errors, wait);
}

function ended() {
  kept.set("session", null);
  return new Problem(401, "session_ended", "");
}

/** @returns {Promise<string | null>} the token of whoever is signed in, a new one in time */
async function accessToken() {
  const session = kept.get("session");
  if (!session) return null;
  if (Date.now() < session.until) return session.access;
  let answer;
  try {
    answer = await fetch(`${state.api}auth/token/refresh/`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({ refresh: session.refresh }),
      signal: AbortSignal.timeout?.(PATIENCE),
      credentials: "omit",
    });
  } catch {
    throw new Problem(0, "no_answer", "");
  }
  // Who signed out meanwhile, in whichever tab, stays so.
  const same = () => kept.get("session")?.refresh === session.refresh;
  if (answer.ok) {
    const { access } = await answer.json().catch(() => ({}));
    if (typeof access !== "string") throw new Problem(0, "no_answer", ""); // not the shop's: a portal's page
    if (!same()) return kept.get("session")?.access ?? null;
    keepSession({ ...session, access });
    return access;
  }
  const isOver = [400, 401].includes(answer.status);
  if (isOver && same()) kept.set("session", null);
  throw isOver ? new Problem(401, "session_ended", "") : problem(answer, await answer.json().catch(() => null));
}

const HOLDS = 50 * 60_000; // milliseconds; the shop's tokens hold an hour

/** @param {{access: string, refresh: string, name: string}} session */
export function keepSession(session) {
  kept.set("session", { ...session, until: Date.now() + HOLDS });
}

/** A new key for a new wish. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}
