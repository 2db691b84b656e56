// 管理员: accounts. No transcripts here (SE-19).

import { el } from "/widget/dom.js";
import { field, trouble } from "./parts.js";
import { clock } from "./words.js";

const ROLES = ["值班员", "督导", "管理员", "审计"];

export class DeskAccounts extends HTMLElement {
  #says = trouble();
  #rows = el("tbody");

  async show(client) {
    this.client = client;
    this.replaceChildren(el("main", { class: "page" }, el("h2", {}, "账号"), this.#says.node,
      el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ...["姓名", "角色", "开通", "最近在线", "状态", ""].map((text) => el("th", { scope: "col" }, text)))),
        this.#rows)),
      this.#form()));
    await this.#try(async () => this.#draw(await client.get("/accounts")));
  }

  async #try(work) {
    this.#says.say("");
    try {
      await work();
      return true;
    } catch (error) {
      this.#says.say(error.message);
      this.querySelector(`form [name="${error.field}"]`)?.focus();
      return false;
    }
  }

  #draw({ accounts }) {
    this.#rows.replaceChildren(...accounts.map((account) => {
      const close = el("button", { type: "button" }, "停用");
      close.addEventListener("click", () => this.#try(async () => {
        if (!confirm(`停用 ${account.name} 的账号？对方会马上退出。`)) return;
        this.#draw(await this.client.post(`/accounts/${encodeURIComponent(account.name)}/disable`));
      }));
      return el("tr", {}, el("th", { scope: "row" }, account.name), el("td", {}, account.role), el("td", {}, clock(account.created_at)),
        el("td", {}, clock(account.seen_at) || "还没有"), el("td", {}, account.disabled_at ? "已停用" : "可用"),
        el("td", {}, account.disabled_at ? "" : close));
    }));
  }

  #form() {
    const name = el("input", { id: "new-name", name: "name", required: true, maxlength: 30, autocomplete: "off" });
    const role = el("select", { id: "new-role", name: "role" }, ...ROLES.map((each) => el("option", {}, each)));
    const password = el("input", { id: "new-password", name: "password", type: "password", required: true, minlength: 12, maxlength: 200, autocomplete: "new-password" });
    const form = el("form", { class: "new-account" }, el("h3", {}, "新账号"), field("姓名", name), field("角色", role),
      field("密码", password, "至少 12 个字符，长一点比复杂更有用。"), el("button", { type: "submit", class: "primary" }, "开通"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const made = await this.#try(async () => {
        this.#draw(await this.client.post("/accounts", { name: name.value, role: role.value, password: password.value }));
      });
      if (made) form.reset();
    });
    return form;
  }
}

customElements.define("desk-accounts", DeskAccounts);
