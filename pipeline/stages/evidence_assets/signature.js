/* Who signed these bytes: OpenSSH's SSHSIG, version 1, namespace "git", key type ssh-ed25519 (source: PROTOCOL.sshsig).
   Every other layout is "not signed". A browser without Ed25519 makes the answer Uncheckable, never "signed". */

const SIGNATURE_BEGIN = "-----BEGIN SSH SIGNATURE-----\n";
const SIGNATURE_END = "\n-----END SSH SIGNATURE-----";
const KEY_LENGTH = 32;
const HASHES = new Map([
  ["sha512", "SHA-512"],
  ["sha256", "SHA-256"],
]);

function number32(value) {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function packed(bytes) {
  return joined(number32(bytes.length), bytes);
}

const KEY_HEAD = joined(packed(toBytes("ssh-ed25519")), number32(KEY_LENGTH));
const BLOB_LENGTH = KEY_HEAD.length + KEY_LENGTH;
const SIGNATURE_HEAD = joined(toBytes("SSHSIG"), number32(1), number32(BLOB_LENGTH));
const PURPOSE = joined(packed(toBytes("git")), packed(new Uint8Array()));
const INNER_HEAD = joined(number32(83), packed(toBytes("ssh-ed25519")), number32(64));

/** The parts of an armoured signature; null unless its layout is exactly the one we know. */
function layoutOf(armoured) {
  const text = armoured.trim();
  if (!text.startsWith(SIGNATURE_BEGIN) || !text.endsWith(SIGNATURE_END)) {
    return null;
  }
  const raw = fromBase64(text.slice(SIGNATURE_BEGIN.length, -SIGNATURE_END.length).replaceAll("\n", ""));
  let at = 0;
  const take = (length) => raw.subarray(at, (at += length));
  if (!raw || !equalBytes(take(SIGNATURE_HEAD.length), SIGNATURE_HEAD)) {
    return null;
  }
  const blob = take(BLOB_LENGTH);
  const known = equalBytes(blob.subarray(0, KEY_HEAD.length), KEY_HEAD) && equalBytes(take(PURPOSE.length), PURPOSE);
  const hash = toLatin(take(10).subarray(4));
  const exact = equalBytes(raw.subarray(at - 10, at - 6), number32(6)) && HASHES.has(hash);
  const inner = equalBytes(take(INNER_HEAD.length), INNER_HEAD);
  const value = take(64);
  return known && exact && inner && value.length === 64 && at === raw.length ? { blob, hash, value } : null;
}

/** Fingerprint of the key whose valid signature `armoured` is over `payload`; empty if there is none. */
async function signerOf(payload, armoured) {
  const found = layoutOf(armoured);
  if (!found) {
    return "";
  }
  const hash = await digest(HASHES.get(found.hash), payload);
  const signed = joined(toBytes("SSHSIG"), PURPOSE, packed(toBytes(found.hash)), packed(hash));
  const valid = await verifies(found.blob.subarray(-KEY_LENGTH), found.value, signed);
  return valid ? fingerprintOf(found.blob) : "";
}

async function fingerprintOf(blob) {
  return `SHA256:${toBase64(await digest("SHA-256", blob)).replace(/=+$/, "")}`;
}

/** Fingerprint of an OpenSSH public key line; empty if it is no ed25519 key. */
async function fingerprintOfLine(line) {
  const [kind, text] = line.trim().split(/\s+/);
  const blob = kind === "ssh-ed25519" ? fromBase64(text || "") : null;
  const exact = blob && blob.length === BLOB_LENGTH && equalBytes(blob.subarray(0, KEY_HEAD.length), KEY_HEAD);
  return exact ? fingerprintOf(blob) : "";
}

async function verifies(key, signature, signed) {
  await requireEd25519();
  try {
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, signed);
  } catch {
    return false;
  }
}

let ed25519 = null;

/** Uncheckable unless this browser tells a good signature from a bad one (source: RFC 8032, 7.1, test 1). */
function requireEd25519() {
  ed25519 ??= trial().catch(() => false);
  return ed25519.then((works) => {
    if (!works) {
      throw new Uncheckable("peramban ini belum dapat memeriksa tanda tangan Ed25519");
    }
  });
}

async function trial() {
  const key = fromLatin(fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  const good = fromLatin(
    fromHex(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
  );
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  const verify = (text) => crypto.subtle.verify({ name: "Ed25519" }, imported, good, toBytes(text));
  return (await verify("")) === true && (await verify("lain")) === false;
}
