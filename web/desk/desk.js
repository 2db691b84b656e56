// The desk: who is logged in, and what they see.

import { el } from "/widget/dom.js";
import { Client, repeat } from "./client.js";
import { clock } from "./words.js";
import { Bell } from "./bell.js";
import "./accounts.js";
import "./audit.js";
import "./case.js";
import "./login.js";
import "./queue.js";

const WAIT_SECONDS = 10;
const URGENT = 3;

class MinxingDesk extends HTMLElement {
  #client = new Client();
  #bell = new Bell();
  #seen = null;
  #stop = null;
  #pages = {};

  async connectedCallback() {
    this.#client.addEventListener("signedout", () => this.#login(this.#me ? "登录已过期，请重新登录。没有发出的回复还在。" : ""));
    try {
      this.#enter(this.#client.use(await this.#client.get("/me")));
    } catch (error) {
      if (error.status !== 401) this.#login(error.message);
    }
  }

  #me = null;

  #login(message) {
    this.#stop?.abort();
    this.#me = null;
    document.title = "值班台 · 杭民星";
    const login = el("desk-login");
    this.replaceChildren(login);
    login.show(this.#client, (me) => this.#enter(me), message);
  }

  #enter(me) {
    this.#me = me;
    const stop = new AbortController();
    this.#stop = stop;
    this.presence = el("p", { class: "presence", role: "status" });
    const out = el("button", { type: "button" }, "退出");
    out.addEventListener("click", async () => {
      try {
        await this.#client.post("/logout");
      } finally {
        this.#login("");
      }
    });
    const banner = el("header", { class: "top" }, el("h1", {}, "杭民星", el("small", {}, "值班台")), this.presence,
      el("p", { class: "me" }, `${me.name} · ${me.role}`), me.may.includes("see_queue") ? this.#bell.button() : null, out);
    this.alarm = el("div", { class: "alarm", role: "alert", hidden: true });
    this.trouble = el("p", { class: "trouble wide", role: "status", hidden: true });
    this.replaceChildren(banner, this.alarm, this.trouble);
    if (me.failures_before) {
      this.#say(`这次登录之前有 ${me.failures_before} 次失败。如果不是您自己，请告诉管理员。`);
    }
    if (me.may.includes("see_queue")) this.#work(stop);
    else this.#office();
  }

  #say(text) {
    this.trouble.textContent = text ?? "";
    this.trouble.hidden = !text;
  }

  #office() {
    const name = this.#me.may.includes("manage_accounts") ? "desk-accounts" : "desk-audit";
    const page = el(name);
    this.append(page);
    page.show(this.#client);
  }

  #work(stop) {
    const queue = el("desk-queue");
    const opened = el("desk-case");
    this.#pages = { queue, opened };
    this.append(el("main", { class: "work" }, queue, opened));
    opened.rest();
    queue.addEventListener("opencase", (event) => this.#open(event.detail));
    queue.addEventListener("wantclosed", async () => {
      try {
        queue.showClosed((await this.#client.get("/closed")).tickets);
      } catch (error) {
        this.#say(error.message);
      }
    });
    opened.addEventListener("leavecase", () => this.#rest());
    opened.addEventListener("casedone", () => this.#rest());
    let version = "";
    this.#seen = null;
    repeat(async () => {
      const found = await this.#client.get("/queue", version ? { after: version, wait: WAIT_SECONDS } : {}, stop.signal);
      version = found.version;
      queue.update(found);
      this.#alert(found);
    }, stop.signal, (error) => { if (error || this.trouble.dataset.of === "queue") this.#fromQueue(error); });
  }

  #fromQueue(error) {
    this.trouble.dataset.of = error ? "queue" : "";
    this.#say(error?.message);
  }

  #open(id) {
    this.#pages.queue.select(id);
    this.classList.add("has-case");
    this.#pages.opened.open(this.#client, this.#me, id);
  }

  #rest() {
    this.#pages.queue.select("");
    this.classList.remove("has-case");
    this.#pages.opened.rest();
    this.#pages.queue.querySelector("button.ticket")?.focus();
  }

  /** New S3 and S4 cases are said aloud to screen readers and shown on top until somebody has them. */
  #alert({ tickets, presence }) {
    this.presence.textContent = `在岗 ${presence.on_duty} 人，空闲 ${presence.free} 人`;
    const urgent = tickets.filter((ticket) => ticket.status === "waiting" && ticket.severity >= URGENT);
    const fresh = this.#seen !== null && urgent.some((ticket) => !this.#seen.has(ticket.id));
    this.#seen = new Set(urgent.map((ticket) => ticket.id));
    document.title = urgent.length ? `${urgent.length} 件紧急 · 值班台` : "值班台 · 杭民星";
    this.alarm.hidden = !urgent.length;
    if (!urgent.length) {
      this.alarm.replaceChildren();
      return;
    }
    if (fresh) this.#bell.ring();
    const first = urgent[0];
    const worst = urgent.filter((ticket) => ticket.severity === first.severity).length;
    const label = first.severity_label.replace(" ", "");
    const key = urgent.map((ticket) => `${ticket.id}${ticket.severity}`).join(" ");
    this.alarm.className = `alarm s${first.severity}`;
    if (this.alarm.dataset.key === key && this.alarm.firstChild) return;
    this.alarm.dataset.key = key;
    const button = el("button", { type: "button" }, "现在去看");
    button.addEventListener("click", () => this.#open(first.id));
    this.alarm.replaceChildren(
      el("strong", {}, `${worst > 1 ? `${worst} 件` : "一件"}${label}没有人接`),
      el("span", {}, `${first.category_label || first.reason_label}，${clock(first.waiting_since)} 开始等`), button);
  }
}

customElements.define("minxing-desk", MinxingDesk);
