// Filters of the report: every one that is set must fit.
const cases = [...document.querySelectorAll("main > details")];
const texts = new Map(cases.map((one) => [one, one.textContent.toLowerCase()]));
const choices = ["state", "suite", "route", "requirement"].map((id) => document.getElementById(id));
const search = document.getElementById("text");

function show() {
  const wanted = search.value.trim().toLowerCase();
  let shown = 0;
  for (const one of cases) {
    const fits = choices.every((c) => !c.value || one.dataset[c.id].split(" ").includes(c.value));
    one.hidden = !(fits && texts.get(one).includes(wanted));
    shown += !one.hidden;
  }
  document.getElementById("shown").textContent = `${shown} of ${cases.length} shown`;
  document.getElementById("none").hidden = shown > 0;
}

document.querySelector(".filters").addEventListener("input", show);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
show();
