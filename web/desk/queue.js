// The queue: worst first, then oldest. Waiting times run in the page; changes come from the server.

import { el } from "/widget/dom.js";
import { severity } from "./parts.js";
import { clock, holder, lasting } from "./words.js";

export class DeskQueue extends HTMLElement {
  #tickets = [];
  #closed = null;
  #selected = "";
  #offset = 0;
  #list = el("ul", { class: "tickets" });
  #title = el("h2", { id: "queue-title" }, "队列");
  #counts = el("p", { class: "soft counts", role: "status" });
  #open = el("button", { type: "button", "aria-pressed": "true" }, "未结案");
  #done = el("button", { type: "button", "aria-pressed": "false" }, "已结案");

  connectedCallback() {
    if (this.firstChild) return;
    this.setAttribute("role", "navigation");
    this.setAttribute("aria-labelledby", "queue-title");
    this.#open.addEventListener("click", () => this.#choose(null));
    this.#done.addEventListener("click", () => this.dispatchEvent(new Event("wantclosed")));
    this.append(
      el("div", { class: "queue-head" }, this.#title, el("div", { class: "switch", role: "group", "aria-label": "显示" }, this.#open, this.#done)),
      this.#counts, this.#list);
    this.timer = setInterval(() => this.#tick(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  /** A fresh queue from the server. */
  update(queue) {
    this.#tickets = queue.tickets;
    this.#offset = new Date(queue.now).getTime() - Date.now();
    const { waiting } = queue.presence;
    this.#counts.textContent = waiting ? `${waiting} 件等待认领` : "没有等待的事";
    if (!this.#closed) this.#draw();
  }

  /** Closed tickets instead of open ones. */
  showClosed(tickets) {
    this.#choose(tickets);
  }

  select(id) {
    this.#selected = id;
    for (const button of this.#list.querySelectorAll("button")) {
      button.toggleAttribute("aria-current", button.dataset.id === id);
    }
  }

  #choose(closed) {
    this.#closed = closed;
    this.#open.setAttribute("aria-pressed", String(!closed));
    this.#done.setAttribute("aria-pressed", String(Boolean(closed)));
    this.#draw();
  }

  #draw() {
    const tickets = this.#closed ?? this.#tickets;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.#list.replaceChildren(...tickets.map((ticket) => this.#row(ticket)));
    if (!tickets.length) this.#list.append(el("li", { class: "soft empty" }, this.#closed ? "还没有结案的事。" : "现在没有人在等。"));
    this.#tick();
    // A redraw must not throw the keyboard back to the top of the page.
    if (focused) [...this.#list.querySelectorAll("button")].find((button) => button.dataset.id === focused)?.focus();
  }

  #row(ticket) {
    const since = ticket.status === "waiting" ? ticket.waiting_since : "";
    const button = el("button", { type: "button", "data-id": ticket.id, class: `ticket ${ticket.status}` },
      el("span", { class: "line" }, severity(ticket.severity, ticket.severity_label),
        el("span", { class: "when", "data-since": since }, since ? "" : clock(ticket.closed_at ?? ticket.claimed_at ?? ticket.opened_at))),
      el("span", { class: "what" }, ticket.category_label || ticket.reason_label),
      el("span", { class: "line soft" }, el("span", {}, holder(ticket)), ticket.reopened ? el("span", {}, "再次打开") : null));
    button.toggleAttribute("aria-current", ticket.id === this.#selected);
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("opencase", { detail: ticket.id })));
    return el("li", {}, button);
  }

  #tick() {
    const now = Date.now() + this.#offset;
    for (const node of this.#list.querySelectorAll("[data-since]")) {
      if (node.dataset.since) node.textContent = `等了 ${lasting(now - new Date(node.dataset.since).getTime())}`;
    }
  }
}

customElements.define("desk-queue", DeskQueue);
