// Leaving in a hurry (CR-20): one button, or Shift three times. Not Esc, which stops a page from loading.

const ELSEWHERE = "https://www.weather.com.cn/";
const WITHIN_MS = 5000;

/** Blank the page at once, then go elsewhere in place of this history entry. */
export function leavePage(target) {
  const words = document.documentElement;
  words.hidden = true;
  words.style.setProperty("display", "none", "important");
  window.location.replace(target || ELSEWHERE);
}

/** Call `leave` when Shift alone was pressed three times in a row. Returns how to stop listening. */
export function onThreeShifts(leave) {
  let presses = [];
  let alone = false;
  const down = (event) => {
    alone = event.key === "Shift" && !event.repeat;
    if (!alone) presses = [];
  };
  const up = (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    const now = Date.now();
    presses = [...presses.filter((time) => now - time < WITHIN_MS), now];
    if (presses.length >= 3) { presses = []; leave(); }
  };
  document.addEventListener("keydown", down, true);
  document.addEventListener("keyup", up, true);
  return () => {
    document.removeEventListener("keydown", down, true);
    document.removeEventListener("keyup", up, true);
  };
}
