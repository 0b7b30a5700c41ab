/* The part of YAML that the office's files and the heads of documents use: every scalar is its text, as the program reads it.
   Anchors, tags, directives, double keys and whatever else is not understood are refused, never guessed. */

class Yaml {
  /** The document in `text`: texts, arrays and Maps; an empty one is an empty Map. */
  static read(text) {
    const reader = new Yaml(text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n"));
    const found = reader.document();
    return found === "" ? new Map() : found;
  }

  constructor(text) {
    this.lines = text.split("\n");
    this.row = 0;
    if (/^---[ \t]*$/.test(this.lines[0])) {
      this.lines[0] = "";
    }
  }

  document() {
    const line = this.peek();
    const found = line ? this.node(line.indent) : "";
    if (this.peek()) {
      this.refuse();
    }
    return found;
  }

  refuse() {
    throw new Invalid(`data pada baris ${this.row + 1} tidak dapat dibaca halaman ini`);
  }

  /** The next line that says something; blank lines and comments are passed. */
  peek() {
    for (; this.row < this.lines.length; this.row += 1) {
      const text = this.lines[this.row];
      const body = text.trimStart();
      if (body && !body.startsWith("#")) {
        const indent = text.length - body.length;
        if (text.slice(0, indent).includes("\t") || /^(---|\.\.\.|%)/.test(text)) {
          this.refuse();
        }
        return { indent, body };
      }
    }
    return null;
  }

  node(indent) {
    const { body } = this.peek();
    if (isItem(body)) {
      return this.sequence(indent);
    }
    return this.keyOf(body) ? this.mapping(indent) : this.scalar(body, indent - 1);
  }

  sequence(indent) {
    const items = [];
    for (let line = this.peek(); line && line.indent === indent && isItem(line.body); line = this.peek()) {
      const rest = line.body.slice(1);
      const inner = rest.trimStart();
      const column = indent + 1 + rest.length - inner.length;
      if (!inner || inner.startsWith("#")) {
        this.row += 1;
        items.push(this.below(indent));
      } else if (isItem(inner) || this.keyOf(inner)) {
        this.lines[this.row] = " ".repeat(column) + inner;
        items.push(this.node(column));
      } else {
        items.push(this.scalar(inner, indent));
      }
    }
    this.requireEnd(indent);
    return items;
  }

  mapping(indent) {
    const found = new Map();
    for (let line = this.peek(); line && line.indent === indent && !isItem(line.body); line = this.peek()) {
      const key = this.keyOf(line.body);
      if (!key || found.has(key.name)) {
        this.refuse();
      }
      found.set(key.name, this.value(key.rest, indent));
    }
    this.requireEnd(indent);
    return found;
  }

  requireEnd(indent) {
    const line = this.peek();
    if (line && line.indent > indent) {
      this.refuse();
    }
  }

  value(rest, indent) {
    if (rest && !rest.startsWith("#")) {
      return this.scalar(rest, indent);
    }
    this.row += 1;
    const line = this.peek();
    return line && line.indent === indent && isItem(line.body) ? this.sequence(indent) : this.below(indent);
  }

  below(indent) {
    const line = this.peek();
    return line && line.indent > indent ? this.node(line.indent) : "";
  }

  /** The key at the beginning of a line and what follows its colon; null if there is none. */
  keyOf(body) {
    if (/^[[\]{},>|&*!%@`?]/.test(body)) {
      return null;
    }
    const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?:\s+|$)(.*)$/.exec(body);
    if (quoted) {
      return { name: new Flow(quoted[1], this).whole(), rest: quoted[2] };
    }
    const plain = /^["']/.test(body) ? null : /^(.*?)\s*:(?:\s+(.*)|)$/.exec(body);
    return plain && plain[1] && !/\s#/.test(plain[1]) ? { name: plain[1], rest: plain[2] || "" } : null;
  }

  /** A scalar, list or map that begins with `first` on this row, within an owner indented by `indent`. */
  scalar(first, indent) {
    if (/^[|>]/.test(first)) {
      return this.block(first, indent);
    }
    if (/^[&*!%@`,\]}]/.test(first) || /^[?-](\s|$)/.test(first)) {
      this.refuse();
    }
    return /^["'[{]/.test(first) ? this.flow(first) : this.plain(first, indent);
  }

  /** A quoted text or a list or map in brackets, which may go on over several rows. */
  flow(first) {
    const flow = new Flow([first, ...this.lines.slice(this.row + 1)].join("\n"), this);
    const found = flow.node();
    const used = flow.text.slice(0, flow.at).split("\n").length - 1;
    const rest = flow.text.slice(flow.at).split("\n", 1)[0];
    if (!/^(\s+#.*|\s*)$/.test(rest)) {
      this.refuse();
    }
    this.row += used + 1;
    return found;
  }

  plain(first, indent) {
    const texts = [this.plainLine(first)];
    let commented = first !== texts[0] && /\s#/.test(first);
    let blank = 0;
    for (this.row += 1; this.row < this.lines.length; this.row += 1) {
      const line = this.lines[this.row];
      const body = line.trim();
      if (body && line.length - line.trimStart().length <= indent) {
        break;
      }
      if (!body) {
        blank += 1;
        continue;
      }
      if (body.startsWith("#")) {
        commented = true;
        continue;
      }
      if (commented || /^(---|\.\.\.|\s*\t)/.test(line)) {
        this.refuse();
      }
      const text = this.plainLine(body);
      commented = /\s#/.test(body);
      texts.push((blank ? "\n".repeat(blank) : " ") + text);
      blank = 0;
    }
    return texts.join("");
  }

  plainLine(text) {
    const bare = text.replace(/\s+#.*$/, "").trimEnd();
    const cut = /\s#/.exec(text);
    const found = cut ? text.slice(0, cut.index).trimEnd() : bare;
    if (/:(\s|$)/.test(found)) {
      this.refuse();
    }
    return found;
  }

  /** A text after | or >: as it stands, or with its lines run together. */
  block(first, indent) {
    const head = /^([|>])([+-]?)([1-9]?)([+-]?)(?:\s+#.*|\s*)$/.exec(first);
    if (!head || (head[2] && head[4])) {
      this.refuse();
    }
    const rows = [];
    let column = head[3] ? Math.max(indent, 0) + Number(head[3]) : 0;
    for (this.row += 1; this.row < this.lines.length; this.row += 1) {
      const line = this.lines[this.row];
      const own = line.length - line.trimStart().length;
      if (line.trim()) {
        column ||= own > indent ? own : 0;
        if (!column || own < column) {
          break;
        }
      }
      rows.push(column ? line.slice(column) : "");
    }
    const unended = this.row === this.lines.length && rows.at(-1) !== "";
    return closed(head[1] === "|" ? rows : folded(rows), rows, unended ? "-" : head[2] || head[4]);
  }
}

function isItem(body) {
  return body === "-" || body.startsWith("- ");
}

/** Lines run together: one line end becomes a space, lines further in keep theirs. */
function folded(rows) {
  const content = rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
  let text = "";
  let blanks = 0;
  let previous = null;
  for (const row of content) {
    if (row === "") {
      blanks += 1;
      continue;
    }
    if (previous === null) {
      text += "\n".repeat(blanks);
    } else {
      const further = /^[ \t]/.test(row) || /^[ \t]/.test(previous);
      text += further ? "\n".repeat(blanks + 1) : blanks ? "\n".repeat(blanks) : " ";
    }
    text += row;
    previous = row;
    blanks = 0;
  }
  return [text];
}

/** The end of a block text: one line end, none (-), or all of them (+). */
function closed(lines, rows, how) {
  const last = rows.findLastIndex((row) => row !== "");
  const text = lines.slice(0, lines === rows ? last + 1 : undefined).join("\n");
  if (last < 0) {
    return how === "+" ? "\n".repeat(rows.length) : "";
  }
  return how === "-" ? text : text + (how === "+" ? "\n".repeat(rows.length - last) : "\n");
}

const ESCAPES = new Map(Object.entries({ 0: "\0", a: "\x07", b: "\b", t: "\t", "\t": "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029" }));
const CODES = new Map([["x", 2], ["u", 4], ["U", 8]]);

/** What stands in quotes or brackets. */
class Flow {
  constructor(text, owner) {
    this.text = text;
    this.at = 0;
    this.owner = owner;
  }

  whole() {
    const found = this.node();
    if (this.at !== this.text.length) {
      this.owner.refuse();
    }
    return found;
  }

  pass() {
    const space = /(?:\s|(?<=\s)#[^\n]*)*/y;
    space.lastIndex = this.at;
    this.at += space.exec(this.text)[0].length;
    return this.text[this.at];
  }

  node() {
    switch (this.pass()) {
      case "[":
        return this.list();
      case "{":
        return this.map();
      case '"':
        return this.double();
      case "'":
        return this.single();
      default:
        return this.bare();
    }
  }

  list() {
    const items = [];
    this.at += 1;
    while (this.pass() !== "]") {
      items.push(this.node());
      this.separated("]");
    }
    this.at += 1;
    return items;
  }

  map() {
    const found = new Map();
    this.at += 1;
    while (this.pass() !== "}") {
      const key = this.node();
      if (typeof key !== "string" || found.has(key)) {
        this.owner.refuse();
      }
      let value = "";
      if (this.pass() === ":") {
        this.at += 1;
        value = ",}".includes(this.pass() || "") ? "" : this.node();
      }
      found.set(key, value);
      this.separated("}");
    }
    this.at += 1;
    return found;
  }

  separated(end) {
    const sign = this.pass();
    if (sign === ",") {
      this.at += 1;
    } else if (sign !== end) {
      this.owner.refuse();
    }
  }

  bare() {
    const found = /^(?:[^\s,[\]{}:#&*!|>'"%@`?]|[:-](?=[^\s,[\]{}]))(?:[^,[\]{}:#\n]|:(?=[^\s,[\]{}])|(?<=\S)#)*/.exec(
      this.text.slice(this.at),
    );
    if (!found) {
      this.owner.refuse();
    }
    this.at += found[0].length;
    if (this.text[this.at] === "\n") {
      this.owner.refuse();
    }
    return found[0].trimEnd();
  }

  single() {
    const found = /^'((?:[^']|'')*)'/.exec(this.text.slice(this.at));
    if (!found) {
      this.owner.refuse();
    }
    this.at += found[0].length;
    return run(found[1]).replaceAll("''", "'");
  }

  double() {
    const found = /^"((?:[^"\\]|\\[^])*)"/.exec(this.text.slice(this.at));
    if (!found) {
      this.owner.refuse();
    }
    this.at += found[0].length;
    const pieces = found[1].split(/(\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n[ \t]*|[^]))/);
    if (pieces.length === 1) {
      return run(found[1]);
    }
    if (found[1].includes("\n")) {
      this.owner.refuse(); // escapes in a quoted text of several lines: not needed, so not guessed
    }
    return pieces.map((piece, at) => (at % 2 ? this.escaped(piece.slice(1)) : piece)).join("");
  }

  escaped(code) {
    if (CODES.has(code[0]) && code.length === CODES.get(code[0]) + 1) {
      const point = parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : this.owner.refuse();
    }
    return ESCAPES.has(code) ? ESCAPES.get(code) : this.owner.refuse();
  }
}

/** The lines of a quoted text run together. */
function run(text) {
  return text.replace(/[ \t]*\n((?:[ \t]*\n)*)[ \t]*/g, (_, blank) => "\n".repeat(blank.split("\n").length - 1) || " ");
}
