/* The verdict over a document's way, told a second time and independently of the program: who edited, who decided over which
   bytes, in which order (docs/keputusan.md). The first thing that does not hold ends it. */

const SHELVES = ["drafts", "review", "content"];
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

class Bench {
  constructor(store, office, procedure, { document, id }) {
    Object.assign(this, { store, office, procedure, document, id });
    this.scans = `records/kertas/${id}`;
    this.places = new Map();
    this.authors = new Set();
    this.approvals = [];
    this.agreements = [];
    this.decisions = [];
    this.entered = null;
    this.corrected = false;
    this.position = procedure.first();
    this.latest = -Infinity;
    this.movedOn = "";
  }

  /** Begin where the document's way left main: nowhere, or as it was published. */
  begin(base, published) {
    this.latest = base.seconds;
    for (const shelf of SHELVES) {
      const tree = this.store.folderAt(base.tree, `${shelf}/${this.document}`);
      require(shelf === "content" ? tree === published : !tree, "awal jalannya naskah ini tidak sama dengan isi situs saat itu");
      if (tree) {
        this.places.set(shelf, tree);
      }
    }
  }

  /** Take in one commit of the way, by what it does to the folders of the one before it. */
  async hear(change, parent) {
    const apart = [...SHELVES.map((shelf) => `${shelf}/${this.document}`), this.scans];
    const moves = this.moves(parent, change);
    for (const { after } of moves) {
      this.requirePlain(after);
    }
    const facts = { moves, strays: this.store.strays(parent.tree, change.tree, apart), scan: this.scanIn(parent, change) };
    this.weigh(change, facts, await this.office.signer(change));
  }

  /** Whether a commit may stand on a document's way at all; then what it does. */
  weigh(change, { moves, strays, scan }, person) {
    require(change.parents.length === 1, "jalannya naskah memuat gabungan dari tempat lain");
    require(!strays.length, `perubahan di luar naskah: ${strays[0]}`);
    require(!scan || !moves.length, "lembar keputusan tidak disertai keputusannya");
    require(change.seconds >= this.latest, "tanggal sebuah perubahan mendahului perubahan sebelumnya");
    this.scan = scan;
    this.day = this.office.day(change.seconds);
    for (const { shelf, after } of moves) {
      this.movedOn = this.day;
      this.places.delete(shelf);
      if (after) {
        this.places.set(shelf, after);
      }
    }
    if (!moves.length) {
      this.decide(change, person);
    } else if (moves.length === 1) {
      this.edit(person, moves[0]);
    } else {
      this.rename(person, moves);
    }
    this.latest = change.seconds;
  }

  /** What only the end of the way can show. */
  settle() {
    require(this.places.size === 1, this.places.size ? "naskah berada di dua tempat sekaligus" : "isi naskah sudah dihapus");
  }

  /** The digest in the name of the one scanned sheet that a decision brings along; empty if it brings none. */
  scanIn(parent, change) {
    const [before, after] = [parent, change].map((commit) => this.store.folderAt(commit.tree, this.scans));
    const found = this.store.changes(before, after);
    const sha = trailer(change, "Kertas");
    const added = found.length === 1 && found[0] === `${sha}.pdf` && !(before && this.store.at(before, found[0]));
    require(!found.length || (added && /^[0-9a-f]{64}$/.test(sha)), "lembar keputusan tidak disertai keputusannya");
    return found.length ? sha : "";
  }

  moves(parent, change) {
    return SHELVES.map((shelf) => {
      const [before, after] = [parent, change].map((commit) => this.store.folderAt(commit.tree, `${shelf}/${this.document}`));
      return { shelf, before, after };
    }).filter(({ before, after }) => before !== after);
  }

  requirePlain(tree) {
    for (const [path, { mode }] of tree ? this.store.files(tree) : []) {
      require(mode === FILE && path.split("/").every((name) => NAME.test(name)), `berkas ${path} tidak diperbolehkan`);
    }
  }

  // -- edits and moves --

  edit(person, { shelf }) {
    require(!person.machine, "mesin mengubah isi naskah");
    require(shelf !== "content", "isi diubah langsung di tempat terbit");
    if (shelf === "review" && this.corrects(person)) {
      this.corrected = true;
    } else {
      this.authors.add(person.id);
    }
    this.reset();
  }

  corrects(person) {
    const { deciders } = this.procedure.step(this.procedure.firstDecision().step);
    const held = person.rolesOn(this.day);
    return this.authors.size > 0 && !this.authors.has(person.id) && deciders.some((role) => held.includes(role));
  }

  reset() {
    this.approvals = [];
    this.agreements = [];
    this.entered = null;
    this.position = this.places.has("review") ? this.procedure.firstDecision() : this.procedure.first();
  }

  rename(person, moves) {
    const leaving = moves.find((move) => !move.after);
    const landing = moves.find((move) => !move.before);
    require(moves.length === 2 && leaving && landing && leaving.before === landing.after, "naskah berada di dua tempat sekaligus");
    const way = `${leaving.shelf} ${landing.shelf}`;
    if (way === "drafts review") {
      require(!person.machine, "mesin mengajukan naskah");
      this.reset();
      this.corrected &&= !this.authors.has(person.id); // an author who submits it, agrees to it
    } else if (landing.shelf === "drafts") {
      this.reset();
    } else {
      require(way === "review content", `naskah dipindahkan dari ${leaving.shelf} ke ${landing.shelf}`);
      require(this.approvals.length && this.position.act !== DECIDE, "naskah dipindahkan ke tempat terbit sebelum disetujui");
    }
  }

  // -- decisions --

  decide(change, person) {
    const ruling = trailer(change, "Keputusan");
    require(!person.machine, `${person.name} tidak memiliki suara`);
    require(trailer(change, "Id") === this.id && trailer(change, "Dokumen") === this.document, "ada keputusan untuk naskah lain");
    require(this.places.has("review"), "ada keputusan ketika naskah tidak sedang diperiksa");
    require(trailer(change, "Sidik") === this.places.get("review"), "ada keputusan atas isi yang berbeda dari isi yang diperiksa");
    const decision = { commit: change.id, person, role: trailer(change, "Peran"), ruling, seconds: change.seconds, day: this.day };
    if (ruling === "ditarik kembali") {
      this.retract(person);
    } else if (ruling === "dicocokkan") {
      this.confirm(change, person);
    } else if (ruling === "mengetahui" || ruling === "selesai") {
      this.note(decision);
    } else {
      require(ruling === "disetujui" || ruling === "dikembalikan", "ada catatan tanpa perubahan dan tanpa keputusan");
      this.rule(decision, change);
    }
  }

  rule(decision, change) {
    if (this.scan || trailer(change, "Kertas")) {
      this.entered = this.onPaper(decision, change);
      this.requireTurn(this.entered);
    } else {
      this.requireTurn(decision);
      this.take(decision);
    }
  }

  onPaper(decision, change) {
    const official = this.office.person(trailer(change, "Pejabat"));
    const day = trailer(change, "Tanggal");
    const complete = this.scan === trailer(change, "Kertas") && trailer(change, "Nomor") && /^\d{4}-\d\d-\d\d$/.test(day);
    require(complete, "lembar keputusan di atas kertas belum lengkap");
    const allowed = official && !official.machine && this.office.paperRoles.includes(decision.role) && day <= this.day;
    require(allowed, "pejabat atau peran ini tidak memutuskan di atas kertas");
    require(day >= this.movedOn, "tanggal lembar keputusan mendahului isi yang tercetak padanya");
    const paper = { sha256: this.scan, number: trailer(change, "Nomor"), day, enteredBy: decision.person };
    return { ...decision, person: official, day, paper, commit: change.id };
  }

  confirm(change, person) {
    const entered = this.entered;
    require(entered && entered.paper.sha256 === trailer(change, "Kertas"), "tidak ada lembar keputusan yang menunggu dicocokkan");
    const apart = ![entered.paper.enteredBy.id, entered.person.id].includes(person.id) && !this.authors.has(person.id);
    require(apart, "lembar keputusan dicocokkan oleh orang yang memasukkan, memutuskan, atau menulis");
    this.entered = null;
    const paper = { ...entered.paper, confirmedBy: person };
    const confirmed = { ...entered, entry: entered.commit, commit: change.id, seconds: change.seconds, paper };
    this.requireTurn(confirmed);
    this.take(confirmed);
  }

  retract(person) {
    const first = this.approvals.findIndex((held) => held.person.id === person.id);
    require(first >= 0, "penarikan keputusan tanpa keputusan");
    this.approvals = this.approvals.slice(0, first);
    this.goOn();
  }

  note(decision) {
    const wanted = decision.ruling === "mengetahui" ? NOTE : COMPLETE;
    const { machine } = this.procedure.step(this.position.step);
    const awaited = this.position.act === wanted && this.position.role === decision.role && !machine;
    require(awaited && decision.person.rolesOn(decision.day).includes(decision.role), "ada tindakan yang tidak ditunggu SOP");
    this.decisions.push(decision);
    this.position = this.procedure.after(this.position) || this.position;
  }

  take(decision) {
    const agreement = decision.ruling === "disetujui" && this.isAgreement(decision);
    this.decisions.push(decision);
    if (decision.ruling === "dikembalikan") {
      this.reset();
      this.position = this.procedure.first();
      return;
    }
    (agreement ? this.agreements : this.approvals).push(decision);
    this.goOn();
  }

  goOn() {
    this.position = this.procedure.firstDecision();
    for (let at = 0; at < this.approvals.length; at += 1) {
      this.position = this.procedure.after(this.position) || this.position;
    }
    if (this.position.act !== DECIDE && this.wantsAgreement()) {
      this.position = { step: this.procedure.firstDecision().step, role: this.procedure.agreeing, act: DECIDE };
    }
  }

  wantsAgreement() {
    return this.corrected && this.procedure.agreeing && !this.agreements.length;
  }

  /** Nobody stands in for an author. */
  awaitsAuthor() {
    return this.wantsAgreement() && this.position.role === this.procedure.agreeing;
  }

  isAgreement({ role, person }) {
    return this.wantsAgreement() && role === this.procedure.agreeing && this.authors.has(person.id);
  }

  requireTurn(decision) {
    const { person, role } = decision;
    require(person.rolesOn(decision.day).includes(role), `${person.name} tidak menjabat ${this.office.label(role)} pada hari keputusan`);
    if (this.isAgreement(decision) && decision.ruling === "disetujui") {
      return;
    }
    require(!(this.awaitsAuthor() && role === this.position.role), `${person.name} bukan penulis naskah ini`);
    require(!this.authors.has(person.id), `${person.name} ikut menulis naskah yang diputuskannya`);
    require(!this.approvals.some((held) => held.person.id === person.id), `${person.name} memutuskan dua kali`);
    require(this.position.act === DECIDE, "ada keputusan sesudah semua pemutus menyetujui");
    const awaited = this.position.role;
    const barred = new Set([...this.authors, ...this.approvals.map((held) => held.person.id)]);
    const standsIn = role !== awaited && !this.awaitsAuthor() && this.office.deputyRole(awaited, decision.day, barred) === role;
    require(role === awaited || standsIn, `urutan SOP tidak dipenuhi: giliran ${this.office.label(awaited)}`);
    decision.standsFor = standsIn ? awaited : "";
  }
}

function require(holds, sentence) {
  if (!holds) {
    throw new Invalid(sentence);
  }
}
