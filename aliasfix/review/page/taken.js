// Asks the Bloom filter that aliasfix.review.bloom packed; the numbers are the same there.

const PROBES = 11;
const OCTETS = 256;

function unpacked(bits) {
  const text = atob(bits);
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) octets[at] = text.charCodeAt(at);
  return octets;
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
function isHeld(key, namespace) {
  namespace.octets ??= unpacked(namespace.bits); // a moment for a million keys, so not before somebody asks
  const { octets, size } = namespace;
  const first = hash(key);
  const step = mixed(first) | 1;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const bit = ((first + Math.imul(probe, step)) >>> 0) % size;
    if (!(octets[bit >> 3] & (1 << (bit & 7)))) return false;
  }
  return true;
}
