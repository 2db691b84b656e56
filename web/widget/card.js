// Cards of the template bank: fixed words, numbers to call, and buttons. Nothing here is made up on the way.

import { ICONS, el, icon, telephone } from "./dom.js";

function call(block) {
  const note = [block.purpose || block.name, block.hours].filter(Boolean).join(" · ");
  return el(
    "a", { class: "call", href: telephone(block.number) }, icon(...ICONS.phone),
    el("b", {}, block.label || block.number), note ? el("span", {}, note) : null,
  );
}

function buttons(block, onChoice) {
  const items = block.buttons || block.items || [];
  return el(
    "div", { class: "choices" },
    ...items.map((item) => {
      const label = typeof item === "string" ? item : item.label;
      const text = typeof item === "string" ? item : item.text || item.say || item.label;
      return el("button", { type: "button", class: "choice", onclick: () => onChoice(text) }, label);
    }),
  );
}

/** A card; urgent ones are alerts whose heading takes the focus once (AX-2). */
export function buildCard(data, onChoice) {
  const urgent = data.route === "crisis_now" || data.route === "human_urgent";
  const heading = el("h3", { tabindex: "-1" }, data.title);
  const card = el("section", { class: urgent ? "card urgent" : "card", role: urgent ? "alert" : "group" }, heading);
  for (const block of data.blocks || []) {
    if (block.kind === "call") card.append(call(block));
    else if (block.kind === "buttons") card.append(buttons(block, onChoice));
    else if (block.text) card.append(el("p", {}, block.text));
  }
  return { card, heading, urgent, calls: (data.blocks || []).filter((block) => block.kind === "call") };
}

/** The numbers of an urgent card, kept on top until a person has come (CR-25). */
export function pinnedCalls(calls) {
  return calls.slice(0, 3).map((block) => el(
    "a", { class: "pin", href: telephone(block.number), "aria-label": `${block.number} ${block.purpose || block.name || ""}` },
    icon(...ICONS.phone), block.number,
  ));
}
