// Small pieces that several parts of the page draw alike.

import { el } from "/widget/dom.js";

/** Severity in words and colour; the words alone are enough. */
export function severity(level, label) {
  return el("span", { class: `severity s${level}` }, label);
}

/** A message about something that went wrong; screen readers hear it at once. */
export function trouble() {
  const node = el("p", { class: "trouble", role: "alert", hidden: true });
  return {
    node,
    say(text) {
      node.textContent = text ?? "";
      node.hidden = !text;
    },
  };
}

/** `text` with each of `words` marked: the exact words that set an alarm off (CR-29). */
export function marked(text, words) {
  const there = [...new Set(words)].filter((word) => word && text.includes(word));
  // A classifier names the whole sentence; where a rule found the words in it, they alone are marked.
  const found = there.filter((word) => !there.some((other) => other !== word && word.includes(other)));
  if (!found.length) return [text];
  const parts = [];
  let rest = text;
  while (rest) {
    let next = { at: -1, word: "" };
    for (const word of found) {
      const at = rest.indexOf(word);
      if (at >= 0 && (next.at < 0 || at < next.at)) next = { at, word };
    }
    if (next.at < 0) break;
    parts.push(rest.slice(0, next.at), el("mark", {}, next.word));
    rest = rest.slice(next.at + next.word.length);
  }
  parts.push(rest);
  return parts;
}

/** How a clause is called in a few characters. */
export function clauseName(source) {
  return `${source.number || `《${source.document}》`} ${source.clause}`.trim();
}

/** A button that opens the words of a clause. */
export function clauseButton(source) {
  return el("button", {
    type: "button", class: "clause",
    onclick: (event) => event.target.dispatchEvent(new CustomEvent("openclause", { bubbles: true, detail: source })),
  }, clauseName(source));
}

/** A labelled form field. `input` needs an id. */
export function field(label, input, hint = null) {
  return el("p", { class: "field" }, el("label", { for: input.id }, label), input, hint && el("small", {}, hint));
}
