// The login form. Password managers and pasting work as in any form (WCAG 3.3.8).

import { el } from "/widget/dom.js";
import { field, trouble } from "./parts.js";

export class DeskLogin extends HTMLElement {
  /** `done(me)` is called after a login. */
  show(client, done, message = "") {
    const says = trouble();
    const name = el("input", { id: "login-name", name: "username", autocomplete: "username", required: true, maxlength: 60 });
    const password = el("input", {
      id: "login-password", name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 1000,
    });
    const button = el("button", { class: "primary", type: "submit" }, "登录");
    const form = el("form", { class: "login", method: "post", action: "/desk/" },
      el("h1", {}, "杭民星值班台"),
      el("p", { class: "soft" }, "给值班员、督导、管理员和审计。账号由管理员开。"),
      says.node, field("姓名", name), field("密码", password), button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      says.say("");
      try {
        done(client.use(await client.post("/login", { name: name.value, password: password.value })));
      } catch (error) {
        says.say(error.message);
        password.value = "";
        password.focus();
      } finally {
        button.disabled = false;
      }
    });
    this.replaceChildren(el("main", { class: "login-page" }, form));
    says.say(message);
    name.focus();
  }
}

customElements.define("desk-login", DeskLogin);
