// The one script a page loads: defines <minxing-chat> and puts one on the page.

import { MinxingChat } from "./chat.js";

const OPTIONS = ["data-exit", "data-open"];

if (!customElements.get("minxing-chat")) customElements.define("minxing-chat", MinxingChat);

function mount() {
  if (document.querySelector("minxing-chat")) return;
  const chat = document.createElement("minxing-chat");
  const tag = [...document.querySelectorAll("script[type=module]")].find((script) => script.src === import.meta.url);
  for (const name of OPTIONS) {
    if (tag && tag.hasAttribute(name)) chat.setAttribute(name, tag.getAttribute(name));
  }
  document.body.append(chat);
}

if (document.body) mount();
else document.addEventListener("DOMContentLoaded", mount);
