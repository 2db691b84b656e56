// Reading aloud (AX-6), only with a voice that lives on the device: a remote voice would send the talk away.

import { WORDS } from "./words.js";

export class Speaker {
  constructor() {
    this.engine = window.speechSynthesis;
    this.button = null;
    if (this.engine) this.engine.getVoices(); // the first call only begins to load them
  }

  get voice() {
    const voices = this.engine ? this.engine.getVoices() : [];
    return voices.find((voice) => voice.localService && voice.lang.replace("_", "-").startsWith("zh"));
  }

  get ready() {
    return Boolean(this.voice);
  }

  toggle(text, button) {
    const again = this.button === button;
    this.stop();
    if (again) return;
    const speech = new SpeechSynthesisUtterance(text);
    speech.voice = this.voice;
    speech.lang = "zh-CN";
    speech.rate = 0.85;
    speech.addEventListener("end", () => this.stop());
    this.button = button;
    button.lastChild.textContent = WORDS.stopListening;
    this.engine.speak(speech);
  }

  stop() {
    if (this.engine) this.engine.cancel();
    if (this.button) this.button.lastChild.textContent = WORDS.listen;
    this.button = null;
  }
}
