"""Scripts that measure an open page."""

DUPLICATE_IDS = """
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
return ids.filter((id, index) => ids.indexOf(id) !== index);
"""

WIDER_THAN_THE_SCREEN = """
const width = arguments[0];
return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > width && !element.parentElement.closest(".wide"))
  .map((element) => element.outerHTML.slice(0, 200));
"""

FAINT_TEXTS = """
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const luminance = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
    if (colour[3] !== 0) throw new Error("a background that lets another through: " + at.className);
  }
  return [255, 255, 255];
};
const faint = [];
let measured = 0;
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!own || !element.checkVisibility() || element.matches("script, style, noscript, option")) continue;
  measured += 1;
  const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(background(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const words = element.textContent.slice(0, 40);
  if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${words}`);
}
return [measured, faint];
"""

SMALL_TARGETS = """
const small = [];
for (const element of document.querySelectorAll("button, select, input, textarea, summary, label.row, .list a")) {
  if (!element.checkVisibility() || element.matches("label.row input")) continue;
  const { width, height } = element.getBoundingClientRect();
  if (height < 24 || width < 24) small.push(`${width}x${height} ${element.outerHTML.slice(0, 90)}`);
}
return small;
"""

FOCUS_STOP = """
const at = document.activeElement;
if (!at || at === document.body) return null;
const style = getComputedStyle(at);
const all = [...document.querySelectorAll("*")];
const bar = document.getElementById("bar");
const hidden = !bar.contains(at) && at.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
return [all.indexOf(at), at.id || at.textContent.trim().slice(0, 30), style.outlineStyle !== "none", hidden];
"""

BROKEN_FORMULAS = """
const drawn = (math) => math.getBoundingClientRect().width > 0;
return [...document.querySelectorAll("math")]
  .filter((math) => math.querySelector("merror") || math.textContent.includes("\\\\") || !drawn(math))
  .map((math) => math.outerHTML.slice(0, 200));
"""

ANSWERS = """
const chosen = (control) => !control.matches("[type=radio], [type=checkbox]") || control.checked;
return Object.fromEntries([...document.querySelectorAll("[data-field]")].map((field) => [
  field.dataset.field,
  [...field.querySelectorAll("input, select, textarea")]
    .filter(chosen).map((control) => control.value).filter(Boolean).join(" "),
]));
"""

BREAKS_INSIDE = """
const found = [...document.querySelectorAll(arguments[0])];
return [...new Set(found.map((element) => getComputedStyle(element).breakInside))];
"""

BROKEN_HEADS = """
const range = document.createRange();
const lines = (node) => {
  range.selectNodeContents(node);
  return new Set([...range.getClientRects()].map((box) => box.top)).size;
};
return [...document.querySelectorAll("thead th")]
  .filter((head) => /^\\S+$/.test(head.textContent.trim()) && lines(head) > 1)
  .map((head) => head.textContent);
"""

SCROLLING_WITHOUT_A_CUE = """
const scrolling = [...document.querySelectorAll(".wide:not(.long)")].filter((box) => box.scrollWidth > box.clientWidth + 1);
const without = scrolling.filter((box) => {
  const { backgroundImage, backgroundAttachment } = getComputedStyle(box);
  const shades = backgroundImage.split("linear-gradient").length - 1;
  return shades !== 4 || backgroundAttachment !== "local, local, scroll, scroll";
});
return [without.map((box) => box.outerHTML.slice(0, 200)), scrolling.length > 0];
"""
