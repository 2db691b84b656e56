// <minxing-chat>: puts the parts together. What is shown follows from the events of the conversation alone.

import { buildCard, buildFollowUp, pinnedCalls } from "./card.js";
import { Client } from "./client.js";
import { el } from "./dom.js";
import { factsSheet } from "./facts.js";
import { leavePage, onThreeShifts } from "./leave.js";
import { Sheet, clauseSheet } from "./sheet.js";
import { Speaker } from "./speaker.js";
import { Turn, bubble, readable } from "./turns.js";
import { Waiting } from "./waiting.js";
import { WORDS } from "./words.js";
import { buildView, fallbackCalls } from "./view.js";

const BASE = new URL("..", import.meta.url).href.replace(/\/$/, "");
const LARGE = "minxing.large";
const SEEN = "minxing.seen";

const kept = (name) => { try { return sessionStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* not kept */ } };
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class MinxingChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const view = buildView({
      toggle: () => this.toggle(), send: () => this.submit(), person: () => this.say(WORDS.personMessage),
      large: () => this.large(!this.hasAttribute("large")), leave: () => this.leave(), clear: () => this.clearDevice(),
      facts: () => this.showFacts(),
    });
    Object.assign(this, { view, started: null, turns: new Map(), pending: [], meanings: null, followUp: "", quiet: false });
    view.launcher.hidden = true;
    const sheet = el("link", { rel: "stylesheet", href: `${BASE}/widget/minxing.css`, onload: () => { view.launcher.hidden = false; } });
    root.append(sheet, view.launcher, view.panel);
    this.sheet = new Sheet(view.sheet, root);
    this.speaker = new Speaker();
    this.waiting = new Waiting(view.status);
    this.client = this.newClient();
    this.large(kept(LARGE) === "1");
    view.panel.addEventListener("keydown", (event) => this.escape(event));
    this.stopShifts = onThreeShifts(() => this.leave());
    this.sized = new ResizeObserver(() => this.follow());
    this.sized.observe(view.log);
    this.asks = (event) => this.asked(event);
    document.addEventListener("click", this.asks);
    if (this.hasAttribute("data-open") || this.client.stored()) this.begin(this.hasAttribute("data-open"));
  }

  disconnectedCallback() {
    this.client.stop();
    this.speaker.stop();
    this.waiting.stop();
    this.stopShifts();
    this.sized.disconnect();
    document.removeEventListener("click", this.asks);
  }

  newClient() {
    return new Client(BASE, {
      onEvent: (event) => this.show(event),
      onConnection: (up) => this.connection(up),
      onRenewed: () => this.restart(WORDS.renewed, this.pending.map((message) => message.text)),
    });
  }

  // Opening and closing

  async begin(open) {
    if (open) this.open();
    this.started = this.started || this.client.start();
    try {
      await this.started;
    } catch (error) {
      if (this.started) this.fail(error);
      this.started = null;
    }
  }

  open() {
    this.view.panel.hidden = false;
    this.view.launcher.setAttribute("aria-expanded", "true");
    this.view.launcherText.textContent = WORDS.launcher;
    this.toggleAttribute("opened", true);
    this.view.input.focus({ preventScroll: true });
    this.toEnd();
  }

  toggle() {
    if (this.view.panel.hidden) {
      this.begin(true);
      return;
    }
    if (this.followUp) {
      this.askOnce(this.followUp);
      return;
    }
    this.view.panel.hidden = true;
    this.view.launcher.setAttribute("aria-expanded", "false");
    this.toggleAttribute("opened", false);
    this.speaker.stop();
    this.view.launcher.focus();
  }

  askOnce(text) {
    this.followUp = "";
    const question = buildFollowUp(text, { person: () => this.say(WORDS.personMessage), close: () => this.toggle() });
    this.append(question);
    question.querySelector("button").focus({ preventScroll: true });
  }

  escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    // Esc closes what was opened to look something up; a card stays, and so does the talk (AX-2).
    if (this.sheet.open) { event.stopPropagation(); this.sheet.close(); }
  }

  asked(event) {
    const link = event.target instanceof Element ? event.target.closest("[data-minxing-ask]") : null;
    if (!link) return;
    event.preventDefault();
    this.begin(true).then(() => {
      if (link.dataset.minxingAsk) { this.view.input.value = link.dataset.minxingAsk; this.view.grow(); }
      this.view.input.focus();
    });
  }

  large(on) {
    this.toggleAttribute("large", on);
    this.view.large.setAttribute("aria-pressed", String(on));
    this.view.large.textContent = on ? WORDS.normal : WORDS.large;
    keep(LARGE, on ? "1" : "0");
  }

  leave() {
    this.client.forget();
    leavePage(this.getAttribute("data-exit"));
  }

  clearDevice() {
    this.client.forget();
    this.restart(WORDS.cleared);
  }

  /** Empty window, new conversation; what had not gone out is said again. */
  restart(notice, unsent = []) {
    try { sessionStorage.removeItem(SEEN); } catch { /* nothing kept */ }
    this.speaker.stop();
    this.waiting.stop();
    if (this.sheet.open) this.sheet.close();
    this.view.log.replaceChildren();
    this.view.pinned.replaceChildren();
    this.view.pinned.hidden = true;
    this.turns.clear();
    this.followUp = "";
    this.quiet = false;
    this.pending = [];
    this.client.stop();
    this.client = this.newClient();
    this.started = null;
    this.begin(false).then(() => {
      this.view.status.textContent = notice;
      for (const text of unsent) this.say(text);
    });
  }

  // Sending

  submit() {
    const text = this.view.input.value;
    if (!text.trim()) { this.view.input.focus(); return; }
    this.view.input.value = "";
    this.view.grow();
    this.say(text);
  }

  /** Show at once, send, and let the server's own event confirm it. */
  async say(text) {
    await this.begin(false);
    if (!this.started) { this.view.input.value = text; return; }
    for (const turn of this.turns.values()) turn.settle();
    const shown = bubble("family", text);
    const message = { text, key: newKey(), shown, id: null };
    shown.note.textContent = WORDS.sending;
    this.pending.push(message);
    this.append(shown.node);
    this.deliver(message);
  }

  async deliver(message) {
    try {
      message.id = (await this.client.send(message.text, message.key)).message_id;
    } catch (error) {
      this.undelivered(message, error);
    }
  }

  undelivered(message, error) {
    const again = el("button", { type: "button", class: "again" }, WORDS.retry);
    again.addEventListener("click", () => {
      message.shown.note.replaceChildren(WORDS.sending);
      this.deliver(message);
    }, { once: true });
    message.shown.note.replaceChildren(again);
    this.fail(error);
  }

  fail(error) {
    const known = error && error.status;
    const notice = el("div", { class: "notice", role: "alert" }, el("p", {}, known ? error.message || WORDS.unknownError : WORDS.unreachable));
    if (!known || error.phone.length) notice.append(fallbackCalls());
    this.append(notice);
  }

  connection(up) {
    if (!up) this.view.status.textContent = WORDS.offline;
    else if (this.view.status.textContent === WORDS.offline) this.view.status.textContent = "";
  }

  // Showing events

  show({ seq, event, data }) {
    const fresh = seq > Number(kept(SEEN) || 0);
    const draw = { message: this.onMessage, status: this.onStatus, card: this.onCard, text: this.onText,
      citations: this.onCitations, verdicts: this.onVerdicts, suggestions: this.onSuggestions, done: this.onDone }[event];
    if (draw) draw.call(this, data, fresh, seq);
    if (fresh) keep(SEEN, String(seq));
    if (fresh && this.view.panel.hidden && seq > 5 && !this.quiet) this.view.launcherText.textContent = WORDS.launcherNew;
  }

  onMessage(data) {
    if (data.author === "family") {
      const index = this.pending.findIndex((each) => each.id === data.id || each.id === null);
      if (index >= 0) {
        const [{ shown, text }] = this.pending.splice(index, 1);
        shown.said.textContent = readable(data.text);
        shown.note.textContent = data.text === text ? "" : WORDS.masked;
        return;
      }
    }
    this.append(bubble(data.author, data.text, data.staff).node);
  }

  onStatus(data, fresh, seq) {
    if (data.state === "searching") { this.view.status.textContent = data.text || WORDS.searching; return; }
    this.waiting.follow(data, seq);
    if (data.text) {
      const line = el("p", { class: "event" }, data.text);
      // A card stays in view while nobody has come; who came, left or is done is read where it stands.
      this.append(line, data.state === "waiting_for_person" && this.top && this.top.matches(".card") ? this.top : line);
    }
    if (data.state === "closed") this.view.pinned.replaceChildren();
    // A person who left again leaves the family with the numbers (CR-25).
    this.view.pinned.hidden = data.state === "person_joined" || !this.view.pinned.children.length;
  }

  onCard(data, fresh) {
    const { card, heading, urgent, calls } = buildCard(data, (text) => this.say(text));
    this.view.status.textContent = "";
    this.quiet = this.quiet || data.quiet;
    this.followUp = fresh && data.follow_up ? data.follow_up : "";
    this.append(card, card);
    if (!urgent) return;
    if (calls.length) {
      this.view.pinned.replaceChildren(el("span", {}, WORDS.calls), ...pinnedCalls(calls));
      this.view.pinned.hidden = false;
    }
    if (fresh && !this.view.panel.hidden) heading.focus({ preventScroll: true });
    this.follow();
  }

  turn(id) {
    let turn = this.turns.get(id);
    if (!turn) {
      turn = new Turn((citation) => this.openClause(citation), (text) => this.say(text), (item) => this.openChecklist(item));
      this.turns.set(id, turn);
      // The family's own words stay in view above the answer, unless they are long.
      const asked = this.view.log.lastElementChild;
      const short = asked && asked.matches(".mine") && asked.offsetHeight < this.view.log.clientHeight / 4;
      this.append(turn.node, short ? asked : turn.node);
    }
    return turn;
  }

  onText(data) { this.waiting.quiet(); this.turn(data.turn).sentence(data); this.follow(); }
  onCitations(data) { this.turn(data.turn).cite(data.items); this.follow(); }
  onVerdicts(data) { this.turn(data.turn).judge(data.items); this.follow(); }
  onSuggestions(data) { this.turn(data.turn).suggest(data.items); this.follow(); }
  onDone(data) { this.waiting.quiet(); const turn = this.turns.get(data.turn); if (turn) turn.listen(this.speaker); }

  // Keeping the place: a new answer is read from its first line, not from its last.

  append(node, top = null) {
    this.view.log.append(node);
    this.top = top || node;
    this.follow();
  }

  follow() {
    const { log } = this.view;
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = this.top ? Math.min(end, this.top.offsetTop - 12) : end;
  }

  toEnd() { this.view.log.scrollTop = this.view.log.scrollHeight; }

  // Drawers

  async openClause(citation) {
    try {
      const clause = await this.client.clause(citation.clause_id);
      this.sheet.show(`${citation.number || citation.document} ${citation.clause}`, ...clauseSheet(clause, (each) => this.openClause(each)));
    } catch {
      this.sheet.show(WORDS.openSource, el("p", {}, WORDS.clauseMissing));
    }
  }

  /** The papers that concern this family, in the drawer: a phone inside another app opens no second window. */
  async openChecklist(item) {
    try {
      const { html } = await this.client.checklist(item.benefit);
      const bare = html.replace(/<style>[^]*?<\/style>/, ""); // our pages allow no style inside a page
      const page = new DOMParser().parseFromString(bare, "text/html");
      const print = el("button", { type: "button", class: "choice print", onclick: () => window.print() }, WORDS.print);
      const bodies = page.body.childNodes;
      this.sheet.show(`${WORDS.checklist}：${item.name}`, window.print ? print : "", el("div", { class: "paper" }, ...bodies));
      const outside = `${BASE}/widget/print.css`; // our root's style does not reach the page around it
      if (!document.querySelector(`link[href="${outside}"]`)) document.head.append(el("link", { rel: "stylesheet", media: "print", href: outside }));
      this.sheet.paper(true);
    } catch (error) {
      this.sheet.show(WORDS.checklist, el("p", {}, error.message || WORDS.unreachable));
    }
  }

  async showFacts(failed = null, done = null) {
    await this.begin(false);
    const act = {
      failed, done,
      save: (name, value) => this.changeFact(() => this.client.setFact(name, value)),
      remove: (name) => this.changeFact(() => this.client.removeFact(name)),
      erase: () => this.erase(),
    };
    try {
      if (!this.meanings) this.meanings = new Map((await this.client.vocabulary()).items.map((item) => [item.name, item]));
      const { items } = await this.client.facts();
      this.sheet.show(WORDS.facts, ...factsSheet(items, this.meanings, act).filter(Boolean));
    } catch (error) {
      this.sheet.show(WORDS.facts, el("p", {}, error.message || WORDS.unreachable));
    }
  }

  async changeFact(change) {
    try {
      await change();
      this.showFacts(null, WORDS.factChanged);
    } catch (error) {
      this.showFacts(error.message || WORDS.unknownError);
    }
  }

  async erase() {
    try {
      await this.client.erase();
      this.client.forget();
      this.restart(WORDS.erased);
    } catch (error) {
      this.showFacts(error.message || WORDS.unknownError);
    }
  }
}
