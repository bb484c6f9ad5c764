// Text from exports is hostile: it comes to be seen as text nodes only, in which nothing is hidden, acted on, or turns
// the writing direction. What aliasfix.text.terminal escapes is escaped here too.

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const LONGEST = 2000; // characters of one value; the saved file has them whole

function escaped(character) {
  const code = character.codePointAt(0);
  const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return SHORT[character] ?? `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

function shown(text, most = LONGEST) {
  const told = text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
  return told.replace(HIDDEN, escaped);
}

// An element; what is no element among the children becomes text. A property that is a function handles the event.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Text from an export, apart from what stands around it.
function data(text, most) {
  return make("bdi", {}, shown(text, most));
}

function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

function byId(id) {
  return document.getElementById(id);
}
