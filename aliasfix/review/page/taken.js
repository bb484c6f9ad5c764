// Asks the Bloom filter that aliasfix.review.bloom packed; the numbers are the same there.

const PROBES = 11;
const OCTETS = 256;

function unpacked(namespace) {
  const bits = Uint8Array.from(atob(namespace.bits), (character) => character.charCodeAt(0));
  return { ...namespace, bits };
}

function hash(key) {
  let found = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(key).slice(0, OCTETS)) found = Math.imul(found ^ octet, 0x01000193);
  return found >>> 0;
}

function mixed(number) {
  let found = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  found = Math.imul(found ^ (found >>> 13), 0xc2b2ae35);
  return (found ^ (found >>> 16)) >>> 0;
}

// Whether somebody probably holds or held the key, or it is reserved; never false where that is so.
function isHeld(key, { size, bits }) {
  const first = hash(key);
  const step = mixed(first) | 1;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const bit = ((first + Math.imul(probe, step)) >>> 0) % size;
    if (!(bits[bit >> 3] & (1 << (bit & 7)))) return false;
  }
  return true;
}
