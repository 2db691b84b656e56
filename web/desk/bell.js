// A short tone for a new S4, for eyes that rest on something else. Off with one button.

import { el } from "/widget/dom.js";

export class Bell {
  #on = true;

  button() {
    const button = el("button", { type: "button", "aria-pressed": "true" }, "提示音开");
    button.addEventListener("click", () => {
      this.#on = !this.#on;
      button.setAttribute("aria-pressed", String(this.#on));
      button.textContent = this.#on ? "提示音开" : "提示音关";
    });
    return button;
  }

  ring() {
    if (!this.#on || !window.AudioContext) return;
    const context = new AudioContext();
    const gain = context.createGain();
    gain.connect(context.destination);
    for (const [start, pitch] of [[0, 660], [0.35, 880]]) {
      const tone = context.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(gain);
      tone.start(context.currentTime + start);
      tone.stop(context.currentTime + start + 0.25);
    }
    gain.gain.setValueAtTime(0.2, context.currentTime);
    setTimeout(() => context.close(), 1500);
  }
}
