// One conversation with the server: opens or resumes it, sends, listens, and keeps its token fresh.

import { readStream } from "./stream.js";

const KEY = "minxing.conversation";
const FIRST_BYTE_MS = 8000;
const SILENCE_MS = 40000;
const POLL_MS = 2000;
const POLLS_BEFORE_STREAM = 30;
const BACKOFF_MAX_MS = 15000;
const ROTATE_BEFORE_MS = 5 * 60 * 1000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The server said no; `message` is for the family, `phone` lists numbers to show. */
export class Refusal extends Error {
  constructor(status, error, retryAfter) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.phone = error.phone || [];
    this.retryAfter = retryAfter;
  }
}

export class Client {
  /** @param {{onEvent: Function, onConnection: Function, onRenewed: Function}} listener */
  constructor(base, listener) {
    this.base = base;
    this.listener = listener;
    this.held = null;
    this.last = 0;
    this.stopped = new AbortController();
    this.rotating = null;
    this.streamFailures = 0;
    this.polls = 0;
  }

  /** Resume the talk of this browser tab, or open a new one, then listen until `stop`. */
  async start() {
    this.held = this.stored();
    if (!this.held) await this.open();
    this.listen();
  }

  stored() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }

  store() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.held));
    } catch {
      // A browser that forbids storage still talks; only a reload begins anew.
    }
  }

  async open() {
    const opened = await this.request("POST", "/api/conversations");
    this.held = { id: opened.id, token: opened.token, expires: Date.parse(opened.expires_at) };
    this.last = 0;
    this.store();
    for (const event of opened.events) this.take(event);
  }

  /** Forget the conversation on this device. */
  forget() {
    this.stopped.abort();
    this.stopped = new AbortController();
    this.held = null;
    this.last = 0;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Nothing was kept.
    }
  }

  stop() {
    this.stopped.abort();
  }

  async request(method, path, { body, headers = {}, token } = {}) {
    const all = { ...headers };
    if (token) all.Authorization = `Bearer ${token}`;
    if (body !== undefined) all["Content-Type"] = "application/json";
    const response = await fetch(this.base + path, {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Refusal(response.status, answer.error || {}, Number(response.headers.get("Retry-After")) || 0);
    }
    return answer;
  }

  /** A request inside the conversation, with a token that is still good. */
  async inside(method, path, options = {}) {
    await this.freshen();
    return this.request(method, `/api/conversations/${this.held.id}${path}`, { ...options, token: this.held.token });
  }

  async freshen() {
    if (this.held.expires - Date.now() > ROTATE_BEFORE_MS) return;
    this.rotating = this.rotating || this.rotate().finally(() => { this.rotating = null; });
    await this.rotating;
  }

  async rotate() {
    const held = this.held;
    const fresh = await this.request("POST", `/api/conversations/${held.id}/token`, { token: held.token });
    if (this.held !== held) return;
    this.held = { id: held.id, token: fresh.token, expires: Date.parse(fresh.expires_at) };
    this.store();
  }

  /** Send a message. `key` stays the same for every attempt, so that the server takes it once. */
  async send(text, key) {
    return this.inside("POST", "/messages", { body: { text }, headers: { "Idempotency-Key": key } });
  }

  facts() { return this.inside("GET", "/facts"); }
  setFact(name, value) { return this.inside("PUT", `/facts/${encodeURIComponent(name)}`, { body: { value } }); }
  removeFact(name) { return this.inside("DELETE", `/facts/${encodeURIComponent(name)}`); }
  checklist(benefit) { return this.inside("POST", "/checklist", { body: { benefit } }); }
  erase() { return this.inside("POST", "/erase"); }
  clause(id) { return this.request("GET", `/api/clauses/${encodeURIComponent(id)}`); }
  vocabulary() { return this.request("GET", "/api/facts"); }

  take(event) {
    if (event.seq <= this.last) return;
    this.last = event.seq;
    this.listener.onEvent(event);
  }

  async listen() {
    const { signal } = this.stopped;
    let wait = 500;
    while (!signal.aborted) {
      const before = this.last;
      let status = 0;
      try {
        await this.freshen();
        status = this.streamFailures < 2 ? await this.stream(signal) : await this.poll();
      } catch (error) {
        status = error.status || 0;
      }
      if (signal.aborted) return;
      if (status === 404) {
        if (!(await this.renew())) return;
        continue;
      }
      const working = status === 200;
      this.listener.onConnection(working);
      wait = working || this.last > before ? 500 : Math.min(wait * 2, BACKOFF_MAX_MS);
      await pause(this.streamFailures < 2 ? wait * (0.75 + Math.random() / 2) : Math.max(POLL_MS, wait));
    }
  }

  async stream(signal) {
    let alive = false;
    const heard = (event) => { alive = true; this.listener.onConnection(true); this.take(event); };
    try {
      const status = await readStream(
        `${this.base}/api/conversations/${this.held.id}/events?after=${this.last}`,
        { Authorization: `Bearer ${this.held.token}`, Accept: "text/event-stream" },
        heard,
        { first: FIRST_BYTE_MS, silence: SILENCE_MS, signal },
      );
      if (status === 200) this.streamFailures = 0;
      else if (status !== 404) this.streamFailures += 1;
      return status;
    } catch (error) {
      // A network that carries no stream still carries short answers.
      if (!alive) this.streamFailures += 1;
      throw error;
    }
  }

  async poll() {
    const page = await this.inside("GET", `/events?poll=1&after=${this.last}`);
    for (const event of page.events) this.take(event);
    // Every minute or so a stream gets another chance.
    this.polls += 1;
    if (this.polls % POLLS_BEFORE_STREAM === 0) this.streamFailures = 1;
    return 200;
  }

  /** The conversation has ended or was erased: begin a new one. */
  async renew() {
    try {
      await this.rotate();
      return true;
    } catch (error) {
      if (error.status !== 404) { await pause(POLL_MS); return true; }
    }
    this.forget();
    this.listener.onRenewed();
    return false;
  }
}
