// The key of a value, as aliasfix.text.equality makes it of what Unicode 3.2 has; a test holds the two together. It
// only advises here: `write` judges every name again.

const PRINTABLE = /^[ -~]*$/;
const TO_SPACE = /[\t\n\v\f\r\x85\p{Zs}\p{Zl}\p{Zp}]/gu;
const TO_NOTHING = new RegExp(
  "[\\xad\\u034f\\u06dd\\u070f\\u1806\\u180b-\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2063\\u206a-\\u206f" +
    "\\ufe00-\\ufe0f\\ufeff\\ufff9-\\ufffc\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}]",
  "gu",
);
const CONTROL = /\p{Cc}/gu;
const CASELESS = /[\u0131\u04c0\u10a0-\u10c5\u13a0-\u13f5\u2132\u2183]/; // or only since Unicode 3.2
const MARKS = /(?![\u17b4\u17b5\u1885\u1886])[\p{Mn}\u1734\u302e\u302f]/gu; // as Unicode 3.2 has them
const LETTERS = { ø: "o", æ: "ae", ð: "d", đ: "d", ħ: "h", ı: "i", ł: "l" };

function fold(value, equality) {
  if (equality === "exact") return value;
  const key = prepared(value);
  return equality === "ad" && !PRINTABLE.test(value) ? prepared(withoutMarks(key)) : key;
}

function prepared(value) {
  if (PRINTABLE.test(value)) return significant(value.toLowerCase());
  const mapped = value.replace(TO_NOTHING, "").replace(TO_SPACE, " ").replace(CONTROL, "");
  return significant(Array.from(mapped, caseFolded).join("").normalize("NFKC"));
}

// Lower case in such a way that normalization brings no upper case back (RFC 3454, table B.2).
function caseFolded(character) {
  const once = lower(character);
  const composed = once.normalize("NFKC");
  const again = Array.from(composed, lower).join("").normalize("NFKC");
  return again === composed ? once : again;
}

function lower(character) {
  if (CASELESS.test(character)) return character;
  return Array.from(character.toUpperCase(), (c) => c.toLowerCase()).join("");
}

// No spaces at the ends, one for a run; one that carries a mark is no space.
function significant(text) {
  return text.replace(/^ +(?!\p{M})| +$/gu, "").replace(/ {2,}(?!\p{M})/gu, " ");
}

function withoutMarks(key) {
  return Array.from(key.normalize("NFD").replace(MARKS, ""), plain).join("");
}

function plain(character) {
  const code = character.codePointAt(0);
  const katakana = (code >= 0x30a1 && code <= 0x30f6) || code === 0x30fd || code === 0x30fe;
  return katakana ? String.fromCodePoint(code - 0x60) : (LETTERS[character] ?? character);
}
