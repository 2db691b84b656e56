// 审计: the log and the check of its chain (SE-20). It holds no message text.

import { el } from "/widget/dom.js";
import { trouble } from "./parts.js";
import { clock } from "./words.js";

const ACTIONS = {
  "login": "登录", "login.failed": "登录失败", "logout": "退出", "refused": "被拒绝", "ticket.refused": "被拒绝（不是经办人）", "ticket.read": "查看对话", "ticket.uncovered": "查看隐去的信息", "ticket.claim": "认领",
  "ticket.reply": "回复", "ticket.release": "交还", "ticket.hand_over": "转给同事", "ticket.close": "结案", "account.add": "开通账号",
  "account.disable": "停用账号", "incident.unanswered": "事故：无人认领", "retention.run": "到期删除",
};

export class DeskAudit extends HTMLElement {
  async show(client, before = undefined) {
    const says = trouble();
    let log;
    try {
      log = await client.get("/audit", before ? { before } : {});
    } catch (error) {
      this.replaceChildren(el("main", { class: "page" }, says.node));
      says.say(error.message);
      return;
    }
    const rows = log.entries.map((line) => el("tr", {}, el("td", {}, String(line.id)), el("td", {}, clock(line.at)), el("td", {}, line.actor),
      el("td", {}, ACTIONS[line.action] ?? line.action), el("td", { class: "code" }, line.target),
      el("td", { class: "code" }, Object.entries(line.detail).map(([name, value]) => `${name}: ${value}`).join("，"))));
    const older = el("button", { type: "button" }, "更早的");
    older.addEventListener("click", () => this.show(client, log.entries.at(-1).id));
    this.replaceChildren(el("main", { class: "page" }, el("h2", {}, "审计日志"),
      el("p", { class: log.whole ? "whole" : "trouble" }, log.whole
        ? `${log.count} 条，前后相连，没有改动。` : `第 ${log.broken_at} 条对不上：日志被改动过。`),
      el("p", { class: "soft code" }, `最后一条的指纹 ${log.head}`),
      el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ...["序号", "时间", "谁", "做了什么", "对象", "说明"].map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, ...rows))),
      log.entries.length === 100 ? older : ""));
  }
}

customElements.define("desk-audit", DeskAudit);
