// One case in three parts: the talk, what Minxing knows, what to do.

import { el } from "/widget/dom.js";
import { repeat } from "./client.js";
import { clauseName, severity, trouble } from "./parts.js";
import { clock, holder } from "./words.js";
import "./actions.js";
import "./knows.js";
import "./talk.js";

const WAIT_SECONDS = 10;

function whose(clause) {
  if (!clause.held) return "这里没有存原文。下面是我们按这一条写的话，办事请查正式文件。";
  return clause.citation.standing === "official" ? "文件原文：" : "我们按这一条写的话：";
}

export class DeskCase extends HTMLElement {
  #stop = null;
  #talk = el("desk-talk");
  #knows = el("desk-knows");
  #actions = el("desk-actions");

  connectedCallback() {
    this.addEventListener("openclause", (event) => this.#clause(event.detail));
  }

  disconnectedCallback() {
    this.leave();
  }

  /** Stop listening to the case that is shown. */
  leave() {
    this.#stop?.abort();
    this.#stop = null;
  }

  /** Nothing chosen yet. */
  rest() {
    this.leave();
    this.id_ = "";
    this.replaceChildren(el("p", { class: "rest soft" }, "从队列里选一件事。最急的在最上面。"));
  }

  /** `reason` where one is needed; `message` says why the case is shown anew. */
  async open(client, me, id, reason = "", message = "") {
    this.leave();
    this.client = client;
    this.me = me;
    this.id_ = id;
    let found;
    try {
      found = await client.post(`/tickets/${encodeURIComponent(id)}/open`, { reason });
    } catch (error) {
      if (this.id_ === id) this.#refused(id, error, reason, message);
      return;
    }
    if (this.id_ !== id) return;
    this.#draw(found);
    this.#actions.say(message);
    if (found.ticket.status === "waiting" || found.ticket.mine) this.#follow(id);
  }

  #draw(found) {
    const { ticket } = found;
    this.found = found;
    this.heading = el("h2", { tabindex: "-1" }, ticket.category_label || ticket.reason_label);
    const back = el("button", { type: "button", class: "back" }, "返回队列");
    back.addEventListener("click", () => this.dispatchEvent(new Event("leavecase", { bubbles: true })));
    this.state = el("span", { class: "soft" }, holder(ticket));
    this.replaceChildren(
      el("header", { class: "case-head" }, back, severity(ticket.severity, ticket.severity_label), this.heading, this.state,
        el("span", { class: "soft" }, `${clock(ticket.opened_at)} 打开`)),
      el("div", { class: "parts" }, this.#talk, this.#knows, this.#actions));
    this.#talk.show(found.events, found.signals);
    this.#knows.show(found, this.#uncover);
    this.#actions.show(found, this.me, (step, body, headers) => this.#act(step, body, headers));
    this.heading.focus({ preventScroll: true });
  }

  #uncover = (reason) => this.client.post(`/tickets/${encodeURIComponent(this.id_)}/hidden`, { reason });

  async #act(step, body = {}, headers = {}) {
    const id = this.id_;
    let answer;
    try {
      answer = await this.client.post(`/tickets/${encodeURIComponent(id)}/${step}`, body, headers);
    } catch (error) {
      // Somebody else was faster, or it was taken over: show how it stands now, and keep the draft.
      if (error.status === 409 && error.code !== "key_reused") {
        await this.open(this.client, this.me, id, "", error.message);
        return;
      }
      throw error;
    }
    if (step === "reply") return;
    if (step === "close" || step === "release" || (step === "hand-over" && !answer.mine)) {
      this.dispatchEvent(new CustomEvent("casedone", { bubbles: true, detail: { step, ticket: answer } }));
      return;
    }
    await this.open(this.client, this.me, id);
    this.querySelector("#reply-text")?.focus();
  }

  #follow(id) {
    const stop = new AbortController();
    this.#stop = stop;
    const path = `/tickets/${encodeURIComponent(id)}/events`;
    repeat(async () => {
      const news = await this.client.get(path, { after: this.#talk.last, wait: WAIT_SECONDS }, stop.signal);
      if (stop.signal.aborted) return;
      this.#talk.append_(news.events);
      const before = this.found.ticket;
      const now = news.ticket;
      const learned = news.events.some((event) => ["facts", "verdicts", "card"].includes(event.name));
      if (now.status !== before.status || now.mine !== before.mine || now.severity !== before.severity) {
        await this.open(this.client, this.me, id);
      } else if (learned) {
        const fresh = await this.client.post(`/tickets/${encodeURIComponent(id)}/open`, {});
        if (!stop.signal.aborted) this.#knows.show(fresh, this.#uncover);
      }
    }, stop.signal, (error) => {
      if (error?.code === "reason_needed") this.open(this.client, this.me, id);
      else this.#actions.say(error?.message ?? "");
    });
  }

  #refused(id, error, reason, message) {
    if (error.code !== "reason_needed") {
      this.replaceChildren(el("p", { class: "rest trouble", role: "alert" }, error.message));
      return;
    }
    const says = trouble();
    const input = el("input", { id: "open-reason", required: true, minlength: "4", maxlength: "200", autocomplete: "off" });
    const form = el("form", { class: "reason" }, el("h2", { tabindex: "-1" }, "查看这段对话"),
      el("p", {}, "这件事由别人认领，或者已经结案。请写明为什么要看，会记入日志。"), says.node,
      el("label", { for: input.id }, "理由"), input, el("button", { type: "submit", class: "primary" }, "查看"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.open(this.client, this.me, id, input.value);
    });
    this.replaceChildren(form);
    says.say(reason ? error.message : message);
    input.focus();
  }

  async #clause(source) {
    const body = el("div", { class: "clause-text" }, el("p", { class: "soft" }, "正在打开……"));
    const close = el("button", { type: "button", class: "primary" }, "关上");
    const dialog = el("dialog", { "aria-label": clauseName(source) },
      el("h2", {}, source.document), el("p", { class: "soft" }, clauseName(source)), body, close);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    this.append(dialog);
    dialog.showModal();
    try {
      const clause = await this.client.clause(source.clause_id);
      const reported = clause.citation.confidence === "reported" ? el("p", { class: "soft" }, "据公开报道，以当地为准。") : "";
      body.replaceChildren(el("p", { class: "soft" }, whose(clause)), reported, ...clause.paragraphs.map((text) => el("p", {}, text)));
    } catch {
      body.replaceChildren(el("p", {}, "这一条现在打不开，请查正式文件。"));
    }
  }
}

customElements.define("desk-case", DeskCase);
