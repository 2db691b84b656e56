// The frame of the widget: launcher, panel, header, log, composer. It holds nodes and no decisions.

import { ICONS, el, icon, telephone } from "./dom.js";
import { WORDS } from "./words.js";

/** A tool of the header; in large type on a narrow screen the short label stands in, the long one is still read. */
function tool(label, short, paths, onclick) {
  return el(
    "button", { type: "button", class: "tool", onclick, "aria-label": label, title: label }, icon(...paths),
    el("span", { class: "long" }, label), el("span", { class: "short" }, short),
  );
}

function composer(on) {
  const input = el("textarea", {
    id: "minxing-input", class: "input", rows: "1", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    enterkeyhint: "send", placeholder: WORDS.placeholder,
  });
  const send = el("button", { type: "submit", class: "send" }, WORDS.send);
  const person = el(
    "button", { type: "button", class: "person", onclick: on.person }, icon(...ICONS.person), el("span", {}, WORDS.person),
  );
  const grow = () => {
    input.classList.remove("grown-2", "grown-3", "grown-4");
    if (!input.value) return;
    const lines = Math.min(4, Math.ceil((input.scrollHeight - 20) / 26));
    if (lines > 1) input.classList.add(`grown-${lines}`);
  };
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a word and must not send (keyCode 229 in older browsers).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    on.send();
  });
  const form = el(
    "form", { class: "composer", onsubmit: (event) => { event.preventDefault(); on.send(); } },
    el("label", { for: "minxing-input", class: "unseen" }, WORDS.input), person, input, send,
  );
  return { form, input, send, grow };
}

/** Build the frame. `on` holds what to do for each control. */
export function buildView(on, hasPerson = true) {
  const launcherText = el("span", {}, WORDS.launcher);
  const launcher = el(
    "button", { type: "button", class: "launcher", "aria-expanded": "false", onclick: on.toggle },
    icon(...ICONS.talk), launcherText,
  );
  const large = el("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: on.large }, WORDS.large);
  const close = el(
    "button", { type: "button", class: "close", onclick: on.toggle, "aria-label": WORDS.close, title: WORDS.close },
    icon(...ICONS.close),
  );
  const leave = el(
    "button", { type: "button", class: "leave", onclick: on.leave, title: WORDS.leaveHint }, icon(...ICONS.leave),
    el("span", {}, WORDS.leave),
  );
  const header = el(
    "header", {},
    el("div", { class: "title" }, el("h2", { id: "minxing-name" }, WORDS.name), leave, close),
    el("p", { class: "machine" }, WORDS.machine, el("span", { class: "long" }, WORDS.machineLimit)),
    el("div", { class: "tools" }, large, tool(WORDS.facts, WORDS.factsShort, ICONS.list, on.facts),
      tool(WORDS.clear, WORDS.clearShort, ICONS.erase, on.clear)),
  );
  const pinned = el("div", { class: "pinned", hidden: true });
  const log = el("div", { class: "log", role: "log", "aria-label": WORDS.log, "aria-live": "polite", tabindex: "0" });
  const status = el("div", { class: "status", role: "status" });
  const foot = composer(on);
  const sheet = el("section", { class: "sheet", hidden: true, tabindex: "-1" });
  const hint = el("p", { class: "hint" }, WORDS.leaveHint);
  const panel = el(
    "section", { class: "panel", role: "dialog", "aria-labelledby": "minxing-name", hidden: true },
    header, pinned, log, status, foot.form, hint, sheet,
  );
  foot.form.classList.toggle("alone", !hasPerson);
  return { launcher, launcherText, panel, header, large, pinned, log, status, sheet, ...foot };
}

/** The numbers that help when nothing else does (AX-10). */
export function fallbackCalls(numbers = WORDS.fallbackCalls) {
  return el(
    "ul", { class: "calls" },
    ...numbers.map(([number, what]) => el(
      "li", {}, el("a", { class: "call", href: telephone(number) }, icon(...ICONS.phone), el("b", {}, number), el("span", {}, what)),
    )),
  );
}
