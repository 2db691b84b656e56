// What a person can do with a case. The server decides; a refusal keeps what was typed as a draft.

import { el } from "/widget/dom.js";
import { field, trouble } from "./parts.js";
import { clock, dayFromNow } from "./words.js";

const drafts = new Map();

export class DeskActions extends HTMLElement {
  #says = trouble();

  /** `act(step, body, headers)` posts a step and gives the answer; `me` carries the lists. */
  show(found, me, act) {
    const { ticket } = found;
    this.act = act;
    this.ticket = ticket;
    this.me = me;
    this.#says.say("");
    const body = ticket.status === "closed" ? this.#closed(found)
      : ticket.status === "waiting" ? this.#waiting()
        : ticket.mine ? this.#mine(found) : this.#others();
    this.replaceChildren(el("h3", {}, "处理"), this.#says.node, ...body);
  }

  say(text) {
    this.#says.say(text);
  }

  async #try(button, work) {
    button.disabled = true;
    this.#says.say("");
    try {
      await work();
    } catch (error) {
      this.#says.say(error.message);
      this.querySelector(`[name="${error.field}"]`)?.focus();
    } finally {
      button.disabled = false;
    }
  }

  #waiting() {
    const button = el("button", { type: "button", class: "primary big" }, "认领");
    button.addEventListener("click", () => this.#try(button, () => this.act("claim")));
    return [button, el("p", { class: "soft" }, "认领以后，杭民星不再说话，家属只和您说。")];
  }

  #others() {
    return [el("p", {}, `这件事现在由${this.ticket.owner}在办。`), el("p", { class: "soft" }, "需要接手，请和同事说好，由对方转给您。")];
  }

  #closed({ ticket, note }) {
    const lines = [["结果", ticket.outcome], ["经办", ticket.owner], ["结案", clock(ticket.closed_at)], ["回访", ticket.follow_up_on]];
    return [el("dl", {}, ...lines.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      note.closing ? el("p", {}, note.closing) : null].filter(Boolean);
  }

  #mine({ colleagues }) {
    return [this.#reply(), this.#pass(colleagues), this.#close()];
  }

  #reply() {
    const id = this.ticket.id;
    const text = el("textarea", { id: "reply-text", name: "text", rows: "5", maxlength: "4000", required: true });
    text.value = drafts.get(id) ?? "";
    text.addEventListener("input", () => drafts.set(id, text.value));
    const button = el("button", { type: "submit", class: "primary" }, "发送");
    const form = el("form", { class: "reply" }, field("回复家属", text, "按 Ctrl+Enter 发送。原样给家属看，不写进日志。"), button);
    let key = crypto.randomUUID();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(button, async () => {
        await this.act("reply", { text: text.value }, { "Idempotency-Key": key });
        // Only a stored reply gets a new key: sending again after a broken connection stays one reply.
        key = crypto.randomUUID();
        drafts.delete(id);
        text.value = "";
        text.focus();
      });
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    return form;
  }

  #pass(colleagues) {
    const release = el("button", { type: "button" }, "交还队列");
    release.addEventListener("click", () => this.#try(release, () => this.act("release")));
    const to = el("select", { id: "hand-over-to", name: "to" }, ...colleagues.map((name) => el("option", { value: name }, name)));
    const pass = el("button", { type: "button" }, "转给同事");
    pass.addEventListener("click", () => this.#try(pass, () => this.act("hand-over", { to: to.value })));
    return el("details", { class: "pass" }, el("summary", {}, "交还或转给同事"),
      el("p", { class: "soft" }, "交还以后排队时间不清零，风险等级不变。"), release,
      colleagues.length ? el("div", {}, field("同事", to), pass) : el("p", { class: "soft" }, "没有别的同事可以接手。"));
  }

  #close() {
    const urgent = this.ticket.urgent;
    const outcomes = this.me.outcomes.map((name, index) => {
      const id = `outcome-${index}`;
      return el("div", { class: "choice" }, el("input", { type: "radio", id, name: "outcome", value: name, required: true }), el("label", { for: id }, name));
    });
    const followUp = el("input", { type: "date", id: "follow-up", name: "follow_up_on", min: dayFromNow(0), max: dayFromNow(365), required: urgent });
    const after = el("select", { id: "severity-after", name: "severity_after", required: urgent },
      el("option", { value: "" }, urgent ? "请选择" : "不变"),
      ...Object.entries(this.me.labels.severity).map(([level, label]) => el("option", { value: level }, label)));
    const remark = el("textarea", { id: "remark", name: "remark", rows: "3", maxlength: "2000" });
    const button = el("button", { type: "submit" }, "结案");
    const form = el("form", { class: "close" },
      el("fieldset", {}, el("legend", {}, "结果"), ...outcomes),
      field(urgent ? "回访日期" : "回访日期（可不填）", followUp),
      field("结案后的风险等级", after),
      field("说明", remark, "结果选「其他」或等级调低时要写。加密保存。"), button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector('[name="outcome"]:checked');
      this.#try(button, () => this.act("close", {
        outcome: chosen?.value ?? "",
        follow_up_on: followUp.value || null,
        severity_after: after.value === "" ? null : Number(after.value),
        remark: remark.value,
      }));
    });
    return el("details", { class: "close-case" }, el("summary", {}, "结案"), form);
  }
}

customElements.define("desk-actions", DeskActions);
