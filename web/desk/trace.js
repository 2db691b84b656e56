// A rule's trace as a tree: what decided stands open, what played no part is folded away.

import { el } from "/widget/dom.js";
import { clauseButton, clauseName } from "./parts.js";
import { TRUTHS } from "./words.js";

/** The flat steps of a verdict as nested nodes, by their depth. */
function tree(steps) {
  const root = { children: [] };
  const path = [root];
  for (const step of steps) {
    const node = { ...step, children: [] };
    path.length = Math.min(step.depth + 1, path.length);
    path.at(-1).children.push(node);
    path.push(node);
  }
  return root.children;
}

/** Conditions that came out as their parent did decided it: the met one of an "any", the failed one of an "all". */
function deciding(node) {
  const same = node.children.filter((child) => child.truth === node.truth);
  return same.length ? same : node.children;
}

function item(node, above) {
  const shown = deciding(node);
  const others = node.children.filter((child) => !shown.includes(child));
  const clause = clauseName(node.source) === above ? null : clauseButton(node.source);
  const below = clauseName(node.source);
  return el("li", {},
    el("span", { class: "step" }, el("span", { class: `truth ${node.truth}` }, TRUTHS[node.truth] ?? node.truth), " ", node.condition, " ", clause),
    list(shown, below),
    others.length ? el("details", {}, el("summary", {}, `没有起作用的 ${others.length} 条`), list(others, below)) : null);
}

function list(nodes, above) {
  return nodes.length ? el("ul", {}, ...nodes.map((node) => item(node, above))) : null;
}

/** The whole trace of a verdict. */
export function trace(steps) {
  return el("div", { class: "trace" }, list(tree(steps), ""));
}
