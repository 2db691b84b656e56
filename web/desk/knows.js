// What Minxing knows: why this case is here, facts, rules condition by condition, the duty to report.

import { el } from "/widget/dom.js";
import { severity, trouble } from "./parts.js";
import { trace } from "./trace.js";
import { clock, OUTCOMES } from "./words.js";

export class DeskKnows extends HTMLElement {
  /** `uncover(reason)` fetches what the placeholders of one's own case stand for. */
  show(found, uncover = null) {
    const report = this.#report(found);
    // What the law asks to be done at once stands above what can wait (LG-4).
    const first = found.checklist.some((line) => line.suggested);
    this.replaceChildren(this.#why(found), first ? report : "", this.#facts(found),
      uncover && found.ticket.mine ? hidden(uncover) : "", this.#rules(found.verdicts),
      first ? "" : report, this.#calls(found.pages));
  }

  #why({ ticket, signals, note, severity: level }) {
    const lines = [["原因", ticket.reason_label], ["说话的人", ticket.speaker_label]];
    if (ticket.category_label) lines.splice(1, 0, ["类别", ticket.category_label]);
    return section("为什么在这里",
      el("dl", {}, ...lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      level > ticket.severity ? el("p", {}, `这段对话最高到过 ${level} 级。`) : null,
      ...oncePerMessage(signals).map((signal) => el("div", { class: "signal" },
        el("p", { class: "line" }, severity(signal.severity, signal.category_label), el("time", { class: "soft" }, clock(signal.at))),
        el("p", {}, "触发的话：", ...(signal.triggers.length
          ? signal.triggers.flatMap((word, index) => [index ? " " : "", el("mark", {}, word)]) : ["整句判断"])),
        signal.past ? el("p", { class: "soft" }, "说的是过去、已过去的事") : null)),
      note.why && note.why !== ticket.reason_label ? el("p", {}, note.why) : null);
  }

  #facts({ facts, note }) {
    const rows = facts.length
      ? facts.map((fact) => [fact.label ?? fact.name, `${fact.value_label ?? fact.value}${fact.certain === false ? "（不确定）" : ""}`])
      : note.known.map((line) => line.split("：", 2));
    const body = rows.length
      ? el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value ?? "")]))
      : el("p", { class: "soft" }, "还没有说到家里的情况。");
    const missing = note.missing.length ? el("p", {}, el("b", {}, "还不知道："), note.missing.join("、")) : null;
    return section("说到的情况", body, missing);
  }

  #rules(verdicts) {
    if (!verdicts.length) return section("规则预审", el("p", { class: "soft" }, "还没有预审。"));
    return section("规则预审", ...verdicts.map((verdict) => el("details", { class: "verdict" },
      el("summary", {}, el("span", { class: "name" }, verdict.name), el("span", { class: `outcome ${verdict.outcome}` }, OUTCOMES[verdict.outcome] ?? verdict.outcome)),
      verdict.told ? null : el("p", { class: "soft" }, "还没有对家属说过。"),
      verdict.failed.length ? el("p", {}, el("b", {}, "不符合的："), verdict.failed.join("；")) : null,
      verdict.missing.length ? el("p", {}, el("b", {}, "还缺："), verdict.missing.join("、")) : null,
      ...verdict.notes.map((text) => el("p", {}, text)),
      trace(verdict.trace),
      el("p", { class: "soft" }, "以乡镇（街道）审核为准。"))));
  }

  #report({ duty, checklist }) {
    const suggested = checklist.filter((line) => line.suggested);
    const others = checklist.filter((line) => !line.suggested);
    return section("强制报告",
      suggested.length ? el("p", {}, "信号提示可能要立即报告，请核对：") : null, checks(suggested),
      el("details", {}, el("summary", {}, suggested.length ? `其他 ${others.length} 种情形和依据` : "哪些情形要立即报告"), checks(others),
        ...duty.map((line) => el("p", { class: "duty" }, line.text, " ", el("small", {}, line.source)))));
  }

  #calls(pages) {
    if (!pages.length) return "";
    return section("呼叫记录", el("ul", { class: "calls" }, ...pages.map((page) => el("li", {},
      el("time", { class: "soft" }, clock(page.at)), " ", page.label, page.delivered ? "" : "（还没有送到）"))));
  }
}

/** Numbers and names that were hidden; each look needs a reason and is logged. */
function hidden(uncover) {
  const says = trouble();
  const input = el("input", { id: "uncover-reason", required: true, minlength: "4", maxlength: "200", autocomplete: "off" });
  const shown = el("dl", { class: "hidden-values" });
  const form = el("form", { class: "reason" }, el("p", { class: "soft" }, "要联系家属、救人时才看。理由会记入日志。"), says.node,
    el("label", { for: input.id }, "理由"), input, el("button", { type: "submit" }, "显示"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    says.say("");
    try {
      const { items } = await uncover(input.value);
      form.replaceWith(items.length ? shown : el("p", { class: "soft" }, "这段对话没有隐去的信息。"));
      shown.replaceChildren(...items.flatMap(({ placeholder, value }) => [el("dt", {}, placeholder), el("dd", {}, value)]));
    } catch (error) {
      says.say(error.message);
    }
  });
  return section("隐去的信息", el("details", {}, el("summary", {}, "查看姓名、电话等"), form));
}

function checks(lines) {
  return lines.length ? el("ul", { class: "checks" }, ...lines.map((line) => {
    const id = `report-${line.id}`;
    return el("li", {}, el("input", { type: "checkbox", id, checked: line.suggested }),
      el("label", { for: id }, line.text, " ", el("small", {}, line.source)));
  })) : null;
}

/** Rules and classifier often hear the same in one message: shown once, with the highest grade and the exact words. */
function oncePerMessage(signals) {
  const found = new Map();
  for (const signal of signals) {
    const key = [signal.at, signal.category_label, signal.past].join(" ");
    const before = found.get(key);
    const words = [...new Set([...(before?.triggers ?? []), ...signal.triggers])];
    const triggers = words.filter((word) => !words.some((other) => other !== word && word.includes(other)));
    found.set(key, { ...signal, severity: Math.max(signal.severity, before?.severity ?? 0), triggers });
  }
  return [...found.values()];
}

function section(title, ...children) {
  return el("section", {}, el("h3", {}, title), ...children);
}

customElements.define("desk-knows", DeskKnows);
