// The drawer over the talk: a clause as it was opened, or the facts as Minxing believes them.

import { clear, el } from "./dom.js";
import { WORDS } from "./words.js";

/** Opens and closes; the focus goes in and comes back to where it was. */
export class Sheet {
  constructor(node, root) {
    this.node = node;
    this.root = root;
    this.before = null;
  }

  get open() {
    return !this.node.hidden;
  }

  show(title, ...children) {
    if (!this.open) this.before = this.root.activeElement;
    this.paper(false);
    clear(this.node);
    const heading = el("h3", { id: "minxing-sheet", tabindex: "-1" }, title);
    this.node.setAttribute("aria-labelledby", "minxing-sheet");
    this.node.append(
      el("div", { class: "sheet-head" }, heading, el("button", { type: "button", class: "back", onclick: () => this.close() }, WORDS.backToTalk)),
      el("div", { class: "sheet-body" }, ...children),
    );
    this.node.hidden = false;
    heading.focus();
  }

  /** What is open is a sheet of paper: printing prints it alone, without the talk and the page around it. */
  paper(on) {
    const { host } = this.root;
    host.toggleAttribute("paper", on);
    document.documentElement.classList.toggle("minxing-paper", on && host.parentNode === document.body);
  }

  close() {
    this.paper(false);
    this.node.hidden = true;
    clear(this.node);
    if (this.before && this.before.isConnected) this.before.focus();
    this.before = null;
  }
}

function row(term, value) {
  return value ? [el("dt", {}, term), el("dd", {}, value)] : [];
}

/** The other clauses that a paragraph rests on: one of them may be the one that was opened. */
function others(clause) {
  const { document_id: own } = clause.citation;
  return clause.also.map((each) => (each.document_id === own ? each.clause : `${each.number || each.document} ${each.clause}`)).join("；");
}

function whose(clause) {
  if (!clause.held) return WORDS.notHeld;
  return clause.citation.standing === "restated" ? WORDS.restatedLong : WORDS.officialLong;
}

/** A clause: whose words, the words, and where they stand. `open` shows the original behind our own words. */
export function clauseSheet(clause, open) {
  const { citation, source } = clause;
  const ours = citation.standing === "restated";
  const force = [clause.in_force_from, clause.in_force_to].filter(Boolean).join(" — ");
  const path = clause.heading_path.filter((heading) => heading !== citation.document);
  const original = clause.original && el(
    "button", { type: "button", class: "choice", onclick: () => open({ ...citation, clause_id: clause.original }) },
    WORDS.openOriginal,
  );
  return [
    el("p", { class: ours ? "whose restated" : "whose" }, whose(clause)),
    citation.confidence === "reported" ? el("p", { class: "whose restated" }, WORDS.reported) : null,
    path.length ? el("p", { class: "path" }, path.join(" › ")) : null,
    clause.paragraphs.length
      ? el("blockquote", {}, ...clause.paragraphs.filter(Boolean).map((line) => el("p", {}, line)))
      : el("p", {}, WORDS.nothingHeld),
    original,
    el(
      "dl", {}, ...row(WORDS.document, citation.document), ...row(WORDS.number, citation.number || WORDS.noNumber),
      ...row(WORDS.clause, citation.clause), ...row(WORDS.alsoRests, others(clause)),
      ...row(WORDS.issuer, source && source.issuer),
      ...row(WORDS.place, clause.region), ...row(WORDS.inForce, force), ...row(WORDS.checked, source && source.checked_on),
    ),
  ].filter(Boolean);
}
