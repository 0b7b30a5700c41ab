/* Bytes, their texts and their digests. A digest that this browser cannot compute is Uncheckable, never passed over. */

/** Something was checked and does not hold. */
class Invalid extends Error {}

/** Something could not be checked in this browser; it counts as not proven. */
class Uncheckable extends Error {}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const CHUNK = 8192;

function toText(bytes) {
  return decoder.decode(bytes);
}

function toBytes(text) {
  return encoder.encode(text);
}

/** One character a byte, so that bytes can be cut with the tools for text. */
function toLatin(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

function fromLatin(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The bytes of strict base64; null for anything else. */
function fromBase64(text) {
  if (typeof text !== "string" || text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return null;
  }
  return fromLatin(atob(text));
}

function toBase64(bytes) {
  return btoa(toLatin(bytes));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function equalBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

async function digest(name, bytes) {
  if (!globalThis.crypto || !crypto.subtle) {
    throw new Uncheckable("peramban ini tidak menyediakan penghitung sidik");
  }
  return new Uint8Array(await crypto.subtle.digest(name, bytes));
}
