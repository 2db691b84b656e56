// The status line: what is going on, and honestly how long nobody has come (CR-25).

import { WORDS } from "./words.js";

const SINCE = "minxing.waiting";

export class Waiting {
  constructor(line) {
    this.line = line;
    this.timer = null;
    this.since = null;
  }

  /** Follow a status event. The start of the wait survives a reload of the page. */
  follow(data, seq) {
    clearInterval(this.timer);
    this.timer = null;
    if (data.state !== "waiting_for_person") { this.since = null; this.line.textContent = ""; return; }
    // A second line of the same wait does not begin it anew.
    const since = this.since = this.since || this.start(seq);
    const tell = () => {
      const minutes = Math.floor((Date.now() - since) / 60000);
      this.line.textContent = minutes < 1 ? WORDS.waitingStart : WORDS.waiting.replace("{minutes}", minutes);
    };
    tell();
    this.timer = setInterval(tell, 15000);
  }

  start(seq) {
    try {
      const [known, since] = (sessionStorage.getItem(SINCE) || "").split(":");
      if (Number(known) === seq) return Number(since);
      if (Number(known) > seq) return Date.now(); // a wait that ended before the one that is kept
      sessionStorage.setItem(SINCE, `${seq}:${Date.now()}`);
    } catch {
      // Counted from now.
    }
    return Date.now();
  }

  /** An answer has come: the line no longer says that we search. */
  quiet() {
    if (!this.timer) this.line.textContent = "";
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.since = null;
  }
}
