// Cards of the template bank: fixed words, numbers to call, and buttons. Nothing here is made up on the way.

import { ICONS, el, icon, telephone } from "./dom.js";
import { WORDS } from "./words.js";

/** "受伤或吃了药，打 120": the words small, the number large; below it whose line it is and when it answers. */
function call(block) {
  const label = block.label || block.number;
  const words = label.endsWith(block.number) ? label.slice(0, -block.number.length).trim() : label;
  const note = [block.name, block.hours].filter(Boolean).join(" · ");
  return el(
    "a", { class: "call", href: telephone(block.number) }, icon(...ICONS.phone),
    el("span", { class: "call-line" }, words ? `${words} ` : null, el("b", {}, block.number), note ? el("small", {}, note) : null),
  );
}

function buttons(block, onChoice) {
  return el(
    "div", { class: "choices" },
    ...block.items.map((item) => el(
      "button", { type: "button", class: "choice", onclick: () => onChoice(item.text) }, item.label,
    )),
  );
}

/** 「你现在安全吗？」 with its buttons: on a small phone it stays in sight while the card above it is read. */
function foot(question, choices) {
  return el("div", { class: "foot" }, question && question.tagName === "P" ? question : null, choices);
}

/** A card; urgent ones are alerts whose heading takes the focus once (AX-2). */
export function buildCard(data, onChoice) {
  const urgent = data.route === "crisis_now" || data.route === "human_urgent";
  const heading = el("h3", { tabindex: "-1" }, data.title);
  const card = el("section", { class: urgent ? "card urgent" : "card", role: urgent ? "alert" : "group" }, heading);
  for (const block of data.blocks || []) {
    if (block.kind === "call") card.append(call(block));
    else if (block.kind === "buttons") card.append(urgent ? foot(card.lastElementChild, buttons(block, onChoice)) : buttons(block, onChoice));
    else if (block.text) card.append(el("p", {}, block.text));
  }
  return { card, heading, urgent, calls: (data.blocks || []).filter((block) => block.kind === "call") };
}

/** The numbers of an urgent card, kept on top until a person has come (CR-25). */
export function pinnedCalls(calls) {
  const short = calls.filter((block) => block.number.length <= 5);
  return (short.length ? short : calls).slice(0, 3).map((block) => el(
    "a", { class: "pin", href: telephone(block.number), "aria-label": block.label || block.number },
    icon(...ICONS.phone), block.number,
  ));
}

/** Asked once when somebody who was in distress closes the window (CR-16); never when they leave in a hurry. */
export function buildFollowUp(text, { person, close }) {
  return el(
    "section", { class: "card", role: "group" }, el("p", {}, text),
    el(
      "div", { class: "choices" }, el("button", { type: "button", class: "choice", onclick: person }, WORDS.person),
      el("button", { type: "button", class: "choice", onclick: close }, WORDS.notNow),
    ),
  );
}
