// Requests to /api/desk. The login cookie is out of reach of scripts; the CSRF token lives in memory only.

/** What the server refused, in its own words. `status` 0 means that it could not be reached. */
export class Refusal extends Error {
  constructor(status, code, message, field) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

const OFFLINE = "连不上服务器，正在重试。急事请直接打 110、120。";

export class Client extends EventTarget {
  #csrf = "";
  #acted = true;

  constructor() {
    super();
    // Waiting requests must not keep a forgotten login alive; a person at the keyboard does (SE-17).
    for (const kind of ["pointerdown", "keydown"]) {
      addEventListener(kind, () => { this.#acted = true; }, { capture: true, passive: true });
    }
  }

  /** Keep the token of this login. */
  use(me) {
    this.#csrf = me.csrf_token;
    return me;
  }

  get(path, parameters = {}, signal = undefined) {
    const query = new URLSearchParams(parameters).toString();
    return this.#send("GET", query ? `${path}?${query}` : path, undefined, {}, signal);
  }

  post(path, body = {}, headers = {}) {
    return this.#send("POST", path, body, headers);
  }

  /** The words of a clause, from the public part of the API. */
  async clause(id) {
    const address = `/api/clauses/${id.split("/").map(encodeURIComponent).join("/")}`;
    return this.#read(await fetch(address, { credentials: "omit" }));
  }

  async #send(method, path, body, extra = {}, signal = undefined) {
    const headers = { ...extra };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers["X-CSRF-Token"] = this.#csrf;
    }
    if (this.#acted) headers["X-Desk-Active"] = "1";
    this.#acted = false;
    let response;
    try {
      response = await fetch(`/api/desk${path}`, {
        method, headers, signal, credentials: "same-origin", cache: "no-store",
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refusal(0, "offline", OFFLINE);
    }
    return this.#read(response);
  }

  async #read(response) {
    const text = await response.text();
    let body = {};
    try {
      body = text ? JSON.parse(text) : {};
    } catch {
      throw new Refusal(response.status, "nonsense", OFFLINE);
    }
    if (response.ok) return body;
    const error = body.error ?? {};
    const refusal = new Refusal(response.status, error.code ?? "unknown", error.message ?? OFFLINE, error.field);
    if (refusal.code === "not_logged_in") this.dispatchEvent(new Event("signedout"));
    throw refusal;
  }
}

/** Ask again and again, as long as `signal` lives; `ask` waits on the server, failures wait here. */
export async function repeat(ask, signal, onTrouble) {
  let pause = 1000;
  while (!signal.aborted) {
    try {
      await ask();
      onTrouble(null);
      pause = 1000;
    } catch (error) {
      if (signal.aborted || error.name === "AbortError" || error.status === 401) return;
      onTrouble(error);
      await new Promise((resolve) => { setTimeout(resolve, pause); });
      pause = Math.min(pause * 2, 15000);
    }
  }
}
