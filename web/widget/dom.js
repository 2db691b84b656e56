// Building nodes. Whatever comes from a person, a document or a model enters as text, never as markup (SE-5).

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; strings become text nodes. Attributes starting with `on` are listeners. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A line icon, hidden from screen readers. `paths` are drawn in a 24 × 24 box. */
export function icon(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export const ICONS = {
  talk: ["M4 5h16v11H9l-5 4z", "M8 9h8M8 12.5h5"],
  close: ["M6 6l12 12M18 6L6 18"],
  leave: ["M10 4H5v16h5", "M14 8l4 4-4 4M18 12H9"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"],
  phone: ["M6 3h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4c0 1-1 2-2 2A17 17 0 0 1 4 5c0-1 1-2 2-2z"],
  list: ["M8 6h12M8 12h12M8 18h12", "M4 6h.01M4 12h.01M4 18h.01"],
  erase: ["M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"],
  sound: ["M4 10v4h4l5 4V6L8 10z", "M16 9a4 4 0 0 1 0 6"],
};

const DIGITS = /[0-9]+(?:-[0-9]+)*/g;
const LINE = /^(?:110|119|120|12[0-9]{3}|96525|0571-[0-9]{8})$/;
const COUNTED = /^\s*[元年月日天个条号岁]/;

/** `text` with each public line as a `tel:` link; 120元 and 110条 stay figures. */
export function withCalls(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(DIGITS)) {
    const after = match.index + match[0].length;
    if (!LINE.test(match[0]) || COUNTED.test(text.slice(after))) continue;
    parts.push(text.slice(end, match.index), el("a", { href: telephone(match[0]), class: "tel" }, match[0]));
    end = after;
  }
  parts.push(text.slice(end));
  return parts;
}

/** `tel:` address of a number; anything but digits is left out. */
export function telephone(number) {
  return `tel:${number.replace(/[^0-9]/g, "")}`;
}

/** Empty a node. */
export function clear(node) {
  while (node.firstChild) node.firstChild.remove();
}
