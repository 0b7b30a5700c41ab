/* Git's objects: commits and folders ("trees") by the id that their bytes have. What has another id is not kept. */

const FOLDER = 0o040000;
const FILE = 0o100644;
const TRAILER = /^([A-Z][a-z]+): (\S.*)$/;

class Store {
  constructor() {
    this.kept = new Map();
    this.wrong = [];
    this.read = new Map();
    this.signers = new Map(); // by fingerprint: what an auditor compares with the office's own list
    this.signatures = 0;
  }

  signed(fingerprint, person) {
    this.signatures += 1;
    this.signers.set(fingerprint, person);
  }

  /** The objects of a package, each under the id that was computed here. */
  static async of(claims) {
    const store = new Store();
    for (const [id, [kind, text]] of Object.entries(claims)) {
      const bytes = fromBase64(text);
      const found = bytes && toHex(await digest("SHA-1", joined(toBytes(`${kind} ${bytes.length}\0`), bytes)));
      if (found === id) {
        store.kept.set(id, { kind, bytes });
      } else {
        store.wrong.push(id);
      }
    }
    return store;
  }

  bytes(id, kind) {
    const found = this.kept.get(id);
    if (!found || found.kind !== kind) {
      throw new Invalid(`bahan bukti ${String(id).slice(0, 12)} tidak ada dalam paket atau sudah berubah`);
    }
    return found.bytes;
  }

  has(id) {
    return this.kept.has(id);
  }

  text(id) {
    return toText(this.bytes(id, "blob"));
  }

  commit(id) {
    return this.once(`commit ${id}`, () => parseCommit(id, this.bytes(id, "commit")));
  }

  /** The entries of a folder by name; null is a folder that is not there. */
  folder(id) {
    return id === null ? new Map() : this.once(`tree ${id}`, () => parseTree(this.bytes(id, "tree")));
  }

  once(key, make) {
    if (!this.read.has(key)) {
      this.read.set(key, make());
    }
    return this.read.get(key);
  }

  /** What stands at a path of a root folder; null if there is nothing. */
  at(root, path) {
    let entry = { mode: FOLDER, id: root };
    for (const name of path.split("/")) {
      entry = entry && entry.mode === FOLDER ? this.folder(entry.id).get(name) : undefined;
    }
    return entry || null;
  }

  /** The id of the folder at a path; null if there is none, Invalid if something else stands there. */
  folderAt(root, path) {
    const entry = this.at(root, path);
    if (entry && entry.mode !== FOLDER) {
      throw new Invalid(`${path} bukan folder`);
    }
    return entry && entry.id;
  }

  /** Paths that differ between two roots, except what lies in the folders `apart`. Folders are opened only on the way to those. */
  strays(before, after, apart, prefix = "") {
    return this.differing(before, after).flatMap(([name, old, now]) => {
      const path = prefix + name;
      if (apart.includes(path)) {
        return [];
      }
      const within = apart.some((one) => one.startsWith(`${path}/`)) && isFolder(old) && isFolder(now);
      return within ? this.strays(idOf(old), idOf(now), apart, `${path}/`) : [path];
    });
  }

  /** Every file that differs between two roots. */
  changes(before, after, prefix = "") {
    return this.differing(before, after).flatMap(([name, old, now]) => {
      const path = prefix + name;
      const files = [old, now].some((entry) => entry && entry.mode !== FOLDER) ? [path] : [];
      const [a, b] = [old, now].map((entry) => (entry && entry.mode === FOLDER ? entry.id : null));
      return a || b ? [...files, ...this.changes(a, b, `${path}/`)] : files;
    });
  }

  differing(before, after) {
    const [old, now] = [this.folder(before), this.folder(after)];
    return [...new Set([...old.keys(), ...now.keys()])]
      .map((name) => [name, old.get(name), now.get(name)])
      .filter(([, a, b]) => !a || !b || a.id !== b.id || a.mode !== b.mode);
  }

  /** Every file below a folder: [path, entry]. */
  files(folder, prefix = "") {
    return [...this.folder(folder)].flatMap(([name, entry]) =>
      entry.mode === FOLDER ? this.files(entry.id, `${prefix}${name}/`) : [[prefix + name, entry]],
    );
  }
}

function isFolder(entry) {
  return !entry || entry.mode === FOLDER;
}

function idOf(entry) {
  return entry ? entry.id : null;
}

/** The id of a folder without some of its entries, as Git would name it. */
async function reducedId(store, root, without) {
  const parts = [...store.folder(root)]
    .filter(([name]) => !without.includes(name))
    .map(([name, { mode, id }]) => joined(toBytes(`${mode.toString(8)} ${name}\0`), fromLatin(fromHex(id))));
  const bytes = joined(...parts);
  return toHex(await digest("SHA-1", joined(toBytes(`tree ${bytes.length}\0`), bytes)));
}

function fromHex(text) {
  return text.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

/** Refuses, as Git does, names that are none, that repeat, or that are out of order: two readings must not be possible. */
function parseTree(bytes) {
  const raw = toLatin(bytes);
  const entries = new Map();
  let previous = null;
  for (let at = 0; at < raw.length; ) {
    const space = raw.indexOf(" ", at);
    const end = raw.indexOf("\0", at);
    const [mode, name] = [raw.slice(at, space), raw.slice(space + 1, end)];
    const plain = name && !["/", "\0"].some((sign) => name.includes(sign)) && ![".", "..", ".git"].includes(name.toLowerCase());
    if (!(at < space && space < end) || raw.length < end + 21 || !plain || !/^[0-7]+$/.test(mode)) {
      throw new Invalid("susunan sebuah folder rusak");
    }
    const number = parseInt(mode, 8);
    const order = number === FOLDER ? `${name}/` : name;
    if (previous !== null && !(previous < order)) {
      throw new Invalid("susunan sebuah folder rusak");
    }
    previous = order;
    const key = toText(fromLatin(name));
    if (entries.has(key)) {
      throw new Invalid("susunan sebuah folder rusak");
    }
    entries.set(key, { mode: number, id: toHex(fromLatin(raw.slice(end + 1, end + 21))) });
    at = end + 21;
  }
  return entries;
}

/** A commit as stored; `payload` is what its signature covers. */
function parseCommit(id, bytes) {
  const raw = toLatin(bytes);
  const cut = raw.indexOf("\n\n");
  const [head, message] = cut < 0 ? [raw, ""] : [raw.slice(0, cut), raw.slice(cut + 2)];
  const fields = new Map();
  const kept = [];
  let name = "";
  for (const line of head.split("\n")) {
    if (line.startsWith(" ") && name) {
      const values = fields.get(name);
      values[values.length - 1] += `\n${line.slice(1)}`;
    } else {
      name = line.split(" ", 1)[0];
      fields.set(name, [...(fields.get(name) || []), line.slice(name.length + 1)]);
    }
    if (name !== "gpgsig") {
      kept.push(line);
    }
  }
  const all = (key) => (fields.get(key) || []).map((value) => toText(fromLatin(value)));
  const [committer, signatures] = [all("committer")[0] || "", all("gpgsig")];
  const words = toText(fromLatin(message));
  return {
    id,
    tree: all("tree")[0] || "",
    parents: all("parent"),
    author: emailOf(all("author")[0] || ""),
    committer: emailOf(committer),
    seconds: Number(committer.split(" ").at(-2)),
    message: words,
    trailers: trailersOf(words),
    payload: fromLatin(`${kept.join("\n")}\n\n${message}`),
    signature: signatures.length === 1 ? signatures[0] : "",
  };
}

function emailOf(identity) {
  const start = identity.lastIndexOf("<");
  const rest = identity.slice(start + 1);
  return rest.slice(0, Math.max(0, rest.indexOf(">"))).toLowerCase();
}

/** The trailers of a message: the lines of its last paragraph, none if any of them is something else. */
function trailersOf(message) {
  const text = message.trim();
  const found = new Map();
  if (!text.includes("\n\n")) {
    return found;
  }
  for (const line of text.slice(text.lastIndexOf("\n\n") + 2).split("\n")) {
    const match = TRAILER.exec(line);
    if (!match) {
      return new Map();
    }
    found.set(match[1], [...(found.get(match[1]) || []), match[2]]);
  }
  return found;
}

/** The value of a trailer that must stand exactly once; empty if it is missing or repeated. */
function trailer(commit, name) {
  const values = commit.trailers.get(name) || [];
  return values.length === 1 ? values[0] : "";
}
