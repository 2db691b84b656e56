// What the log shows: bubbles of people, and answers laid out by the role of each sentence.

import { ICONS, el, icon, withCalls } from "./dom.js";
import { WORDS } from "./words.js";

/** What redaction put in place of a name or number, in plain words: nobody reads 「<姓名1>」. */
export function readable(text) {
  return text.replace(/<([\p{Script=Han}QIP]{2,6})[1-9]\d{0,3}>/gu, (_, what) => WORDS.hidden.replace("{what}", what));
}

/** A bubble of the family or of a staff member. */
export function bubble(author, text, name) {
  const mine = author === "family";
  const said = el("p", {}, readable(text));
  const note = el("small", { class: "fate" });
  const who = mine ? null : el("p", { class: "who" }, name ? `${WORDS.staff} ${name}` : WORDS.staff);
  return { node: el("div", { class: mine ? "bubble mine" : "bubble staff" }, who, said, note), said, note };
}

/** The source line of a citation: document, number, clause, and whose words. */
export function sourceName(item) {
  const number = item.number || item.document;
  const whose = item.standing === "restated" ? WORDS.restated : WORDS.official;
  return `${number} ${item.clause}（${whose}）`;
}

/** A list whose first rows show; the rest unfolds. */
function folded(rows, limit, words) {
  const rest = rows.slice(limit);
  const first = el("ul", {}, ...rows.slice(0, limit));
  if (!rest.length) return [first];
  return [first, el("details", {}, el("summary", {}, `${words}（${rest.length}）`), el("ul", {}, ...rest))];
}

/** Points of an answer that show at once, as many as one remembers; the rest unfolds. */
const SHOWN_POINTS = 5;

/** No page of these stays in the history of a phone that somebody else may look at: HIV, protection order. */
const KEPT_QUIET = ["B03", "B29"];

/** One answer of the bot; sentences, verdicts and sources arrive in any order. */
export class Turn {
  constructor(open, say, list) {
    this.open = open;
    this.list = list;
    this.say = say;
    this.citations = [];
    this.marks = [];
    this.body = el("div", { class: "body" });
    this.points = 0;
    this.rest = el("ul", {});
    this.restHead = el("summary", {});
    this.verdicts = el("div", { class: "verdicts" });
    this.sources = el("div", { class: "sources" });
    this.question = el("div", { class: "question" });
    this.suggestions = el("div", { class: "choices" });
    this.node = el(
      "article", { class: "turn" }, el("p", { class: "who" }, WORDS.answerBy), this.body, this.verdicts, this.sources,
      this.question, this.suggestions,
    );
  }

  sentence({ text: said, role, citations = [] }) {
    const text = readable(said);
    const line = el(role === "item" ? "li" : "p", { class: `role-${role}` });
    line.append(...(role === "referral" || role === "care" ? withCalls(text) : [text]));
    const marks = el("span", { class: "marks" });
    for (const index of citations) {
      const mark = el(
        "button", { type: "button", class: "mark", onclick: () => this.openAt(index), "aria-label": `${WORDS.sourceMark} ${index + 1}` },
        String(index + 1),
      );
      this.marks.push({ mark, index });
      marks.append(mark);
    }
    if (citations.length) line.append(marks);
    const last = this.body.lastElementChild;
    // The one question stands last, right above its choices.
    if (role === "question") this.question.append(line);
    else if (role !== "item") this.body.append(line);
    else if (++this.points > SHOWN_POINTS) this.unfold(line);
    else if (last && last.tagName === "UL") last.append(line);
    else this.body.append(el("ul", {}, line));
    this.name();
  }

  /** One point more than shows at once: it waits under the answer until it is asked for. */
  unfold(line) {
    this.rest.append(line);
    this.restHead.textContent = `${WORDS.morePoints}（${this.rest.children.length}）`;
    if (!this.rest.parentNode) this.body.after(el("details", { class: "rest" }, this.restHead, this.rest));
  }

  openAt(index) {
    if (this.citations[index]) this.open(this.citations[index]);
  }

  cite(items) {
    this.citations = items;
    const groups = new Map();
    items.forEach((item, index) => {
      const name = sourceName(item);
      groups.set(name, [...(groups.get(name) || []), index]);
    });
    const rows = [...groups].map(([name, indexes]) => this.source(name, indexes));
    this.sources.replaceChildren();
    if (rows.length) this.sources.append(el("p", { class: "label" }, WORDS.sources), ...folded(rows, 4, WORDS.moreSources));
    this.name();
  }

  /** One clause, with a number for each passage of it that the answer rests on. */
  source(name, indexes) {
    const numbers = indexes.map((index) => el(
      "button", {
        type: "button", class: "mark", onclick: () => this.openAt(index), "aria-label": `${WORDS.sourceMark} ${index + 1}：${name}`,
      }, String(index + 1),
    ));
    return el(
      "li", {}, ...numbers, el("button", { type: "button", class: "source", onclick: () => this.openAt(indexes[0]) }, name),
    );
  }

  name() {
    for (const { mark, index } of this.marks) {
      const item = this.citations[index];
      if (item) mark.setAttribute("aria-label", `${WORDS.sourceMark} ${index + 1}：${sourceName(item)}`);
    }
  }

  judge(items) {
    const order = ["likely", "choice", "unknown", "depends_on_district", "unlikely"];
    const sorted = [...items].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
    const rows = sorted.map((item) => this.verdict(item));
    if (!rows.length) { this.verdicts.replaceChildren(); return; }
    this.verdicts.replaceChildren(el("p", { class: "label" }, WORDS.verdicts), ...folded(rows, 4, WORDS.more));
  }

  verdict(item) {
    const row = el(
      "li", {}, el("span", { class: `chip ${item.outcome}` }, WORDS.outcome[item.outcome] || item.outcome),
      el("span", { class: "benefit" }, item.name),
    );
    const missing = item.missing_labels || item.missing || [];
    if (item.outcome === "unlikely" && item.failed.length) {
      row.append(el("p", { class: "reason" }, `${WORDS.failed}：${item.failed.join("；")}`));
    } else if (item.outcome === "unknown" && missing.length && missing.every((name) => !/^[a-z_]+$/.test(name))) {
      row.append(el("p", { class: "reason" }, `${WORDS.missing}：${missing.join("、")}`));
    }
    const source = (item.sources || []).find((each) => each.clause_id);
    if (source) {
      row.append(el(
        "button", { type: "button", class: "source", onclick: () => this.open(source) }, sourceName(source),
      ));
    }
    if (["likely", "choice", "depends_on_district"].includes(item.outcome) && !KEPT_QUIET.includes(item.benefit)) {
      const page = new URL(`../checklist/${item.benefit}`, import.meta.url).href;
      row.append(el("a", { class: "source", href: page, target: "_blank", rel: "noopener" }, WORDS.checklistEmpty));
      row.append(el("button", { type: "button", class: "source", onclick: () => this.list(item) }, WORDS.checklist));
    }
    return row;
  }

  suggest(items) {
    this.suggestions.replaceChildren(...items.map((text) => el(
      "button", { type: "button", class: "choice", onclick: () => this.say(text) }, text,
    )));
  }

  /** Old choices go when the family has written something else. */
  settle() {
    this.suggestions.replaceChildren();
  }

  /** The words of the answer, for reading aloud. */
  get text() {
    return [...this.body.querySelectorAll("p, li"), ...this.question.children].map((line) => line.firstChild.textContent).join("");
  }

  /** A button that reads the answer aloud with a voice of the device, where there is one. */
  listen(speaker) {
    if (!speaker.ready || this.listening) return;
    this.listening = el(
      "button", { type: "button", class: "listen", onclick: () => speaker.toggle(this.text, this.listening) },
      icon(...ICONS.sound), el("span", {}, WORDS.listen),
    );
    this.node.firstChild.append(this.listening);
  }
}
