// The whole talk, as the family got it: messages, what Minxing said with its clauses, cards, comings and goings.

import { el } from "/widget/dom.js";
import { clauseButton, clauseName, marked } from "./parts.js";
import { clock } from "./words.js";

const WHO = { family: "家属", staff: "值班员", bot: "杭民星" };

export class DeskTalk extends HTMLElement {
  #log = el("ol", { class: "log", role: "log", tabindex: "0", "aria-label": "对话" });
  #turns = new Map();
  #triggers = new Map();
  #last = 0;

  connectedCallback() {
    if (!this.firstChild) this.append(el("h3", {}, "对话"), this.#log);
  }

  /** Draw a case from its beginning. */
  show(events, signals) {
    this.#log.replaceChildren();
    this.#turns.clear();
    this.#triggers.clear();
    this.#last = 0;
    for (const signal of signals) {
      this.#triggers.set(signal.message_id, [...(this.#triggers.get(signal.message_id) ?? []), ...signal.triggers]);
    }
    this.append_(events);
    this.#toEnd();
  }

  /** Add what was said since; repeated events are passed over. */
  append_(events) {
    const atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
    for (const event of events) {
      if (event.seq <= this.#last) continue;
      this.#last = event.seq;
      this.#add(event);
    }
    if (atEnd) this.#toEnd();
  }

  get last() {
    return this.#last;
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #add({ name, data, author }) {
    if (name === "message") this.#message(data);
    else if (name === "text") this.#turn(data.turn, author).append(this.#sentence(data));
    else if (name === "citations") this.#cite(data);
    else if (name === "card") this.#log.append(this.#card(data));
    else if (name === "status" && data.state !== "searching") {
      this.#log.append(el("li", { class: "status" }, el("span", {}, data.text ?? "")));
    }
  }

  #message(data) {
    const who = data.author === "staff" && data.staff ? `值班员 ${data.staff}` : WHO[data.author] ?? data.author;
    const words = this.#triggers.get(data.id) ?? [];
    this.#log.append(el("li", { class: `said ${data.author}` },
      el("p", { class: "by" }, who, el("time", { datetime: data.at }, clock(data.at))),
      el("p", { class: "words" }, ...marked(data.text ?? "", words))));
  }

  #turn(turn, author) {
    const key = turn ?? "";
    let box = this.#turns.get(key);
    if (!box) {
      box = el("div", { class: "words" });
      const item = el("li", { class: `said ${author === "staff" ? "staff" : "bot"}` }, el("p", { class: "by" }, WHO.bot), box);
      this.#turns.set(key, box);
      this.#log.append(item);
    }
    return box;
  }

  #sentence(data) {
    return el("p", { class: data.role === "item" ? "item" : null }, data.text ?? "");
  }

  #cite(data) {
    const box = this.#turns.get(data.turn ?? "");
    if (!box || !data.items?.length) return;
    box.parentElement.append(el("p", { class: "sources" }, "依据 ",
      ...[...new Map(data.items.map((item) => [clauseName(item), item])).values()].flatMap((item) => [clauseButton(item), " "])));
  }

  #card(data) {
    const calls = (data.blocks ?? []).filter((block) => block.kind === "call").map((block) => `${block.number} ${block.name ?? ""}`.trim());
    const texts = (data.blocks ?? []).filter((block) => block.kind === "text").map((block) => el("p", {}, block.text ?? ""));
    return el("li", { class: "said card" },
      el("p", { class: "by" }, "家属看到的卡片"),
      el("div", { class: "words" }, el("p", {}, el("strong", {}, data.title ?? "")), ...texts,
        calls.length ? el("p", { class: "soft" }, calls.join("　")) : null));
  }
}

customElements.define("desk-talk", DeskTalk);
