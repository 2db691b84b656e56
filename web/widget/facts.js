// 「我了解到的情况」: seen, put right, taken back.

import { el } from "./dom.js";
import { WORDS } from "./words.js";

/** The form of one fact: choices as buttons, numbers as a field. */
function editor(fact, meaning, save, cancel) {
  if (meaning.choices.length) {
    return el(
      "div", { class: "choices" },
      ...meaning.choices.map((choice) => el(
        "button", { type: "button", class: "choice", "aria-pressed": String(choice.value === fact.value), onclick: () => save(choice.value) },
        choice.label,
      )),
      el("button", { type: "button", class: "quiet", onclick: cancel }, WORDS.cancel),
    );
  }
  const input = el("input", {
    type: "number", inputmode: "numeric", min: meaning.min, max: meaning.max, value: fact.value, autocomplete: "off",
    "aria-label": fact.label,
  });
  const submit = (event) => { event.preventDefault(); if (input.value !== "") save(Number(input.value)); };
  return el(
    "form", { class: "number", onsubmit: submit }, input, el("span", {}, meaning.unit),
    el("button", { type: "submit", class: "choice" }, WORDS.save),
    el("button", { type: "button", class: "quiet", onclick: cancel }, WORDS.cancel),
  );
}

function factRow(fact, meaning, act) {
  const value = fact.certain === false ? `${fact.value_label}（${WORDS.uncertain}）` : fact.value_label;
  const row = el("li", {}, el("div", { class: "fact" }, el("span", {}, fact.label), el("b", {}, value)));
  const controls = el("div", { class: "fact-acts" });
  const reset = () => controls.replaceChildren(
    meaning ? el("button", {
      type: "button", class: "quiet", "aria-label": `${WORDS.edit}：${fact.label}`,
      onclick: () => controls.replaceChildren(editor(fact, meaning, (chosen) => act.save(fact.name, chosen), reset)),
    }, WORDS.edit) : null || "",
    el("button", {
      type: "button", class: "quiet", "aria-label": `${WORDS.remove}：${fact.label}`, onclick: () => act.remove(fact.name),
    }, WORDS.remove),
  );
  reset();
  row.append(controls);
  return row;
}

/** The body of the sheet. `act` saves, removes and erases. */
export function factsSheet(items, meanings, act) {
  const erase = el("button", { type: "button", class: "quiet", onclick: () => {
    erase.textContent = WORDS.eraseSure;
    erase.classList.add("sure");
    erase.addEventListener("click", act.erase, { once: true });
  } }, WORDS.erase);
  return [
    el("p", { class: "path" }, items.length ? WORDS.factsNote : WORDS.factsEmpty),
    act.done ? el("p", { class: "whose", role: "status" }, act.done) : null,
    el("ul", { class: "facts" }, ...items.map((fact) => factRow(fact, meanings.get(fact.name), act))),
    act.failed ? el("p", { class: "whose restated", role: "alert" }, act.failed) : null,
    el("div", { class: "erase" }, el("p", { class: "path" }, WORDS.eraseNote), erase),
  ];
}
