/* Examines a whole package: every claim of its data against the objects that it carries. A claim that no object bears out is
   marked as such; a step of main that no claim accounts for is an error. */

const DOCUMENTS = ["drafts", "review", "content", "records"];
const MERGE = 2;

/** What came of one claim: holds, and why not; `checkable` is false where this browser could not tell. */
async function verdictOf(examine) {
  try {
    return { holds: true, checkable: true, reason: "", ...(await examine()) };
  } catch (error) {
    const known = error instanceof Invalid || error instanceof Uncheckable;
    const reason = known ? error.message : "datanya tidak dapat dibaca";
    return { holds: false, checkable: !(error instanceof Uncheckable), reason };
  }
}

class Examination {
  constructor(data, kinds) {
    this.data = data;
    this.kinds = kinds;
    this.owners = new Map();
  }

  async run() {
    this.store = await Store.of(this.data.objects);
    this.intact = await verdictOf(async () =>
      require(!this.store.wrong.length, `${this.store.wrong.length} bahan bukti berubah sejak paket dibuat`),
    );
    this.opening = await verdictOf(() => this.checkOpening());
    this.publications = await this.each("publications", (claim) => this.checkPublication(claim));
    this.withdrawals = await this.each("withdrawals", (claim) => this.checkWithdrawal(claim));
    this.policies = await this.each("policies", (claim) => this.checkPolicy(claim));
    this.returns = await this.each("returns", (claim) => this.checkDecision(claim));
    this.unproven = await this.each("unproven", (claim) => {
      throw new Invalid(claim.message);
    });
    this.steps = await verdictOf(() => this.checkSteps());
    this.tables = await verdictOf(() => this.checkTables());
    return this;
  }

  async each(table, check) {
    const found = [];
    for (const claim of this.data[table]) {
      found.push({ claim, verdict: { ...(await verdictOf(() => check(claim))), about: claim.title || claim.summary || "" } });
    }
    return found;
  }

  /** Every verdict of the examination. */
  verdicts() {
    const tables = [this.publications, this.withdrawals, this.policies, this.returns, this.unproven];
    return [this.intact, this.opening, ...tables.flat().map((row) => row.verdict), this.steps, this.tables];
  }

  // -- where every proof begins --

  async checkOpening() {
    const claim = this.data.opening;
    require(claim, "kantor ini belum dibuka");
    const second = this.store.commit(claim.commit);
    const first = this.store.commit(second.parents[0]);
    const office = await Office.at(this.store, claim.office);
    const signers = [];
    for (const commit of [first, second]) {
      const person = await office.signer(commit);
      require(trailer(commit, "Pembukaan") === commit.tree && !person.machine, "pembukaan kantor bukan catatan yang sah");
      signers.push(person);
    }
    this.requireOpeners(signers, [first, second], office);
    const consecutive = first.parents.length === 1 && second.parents.length === 1 && first.tree === second.tree;
    require(consecutive && signers[0].id !== signers[1].id, "pembukaan kantor tidak ditandatangani dua orang berturut-turut");
    agree("penanda tangan pembukaan", claim.signers.join(), signers.map((person) => person.name).join());
  }

  /** One holds the last deciding role of documents, the other that of a superior. */
  requireOpeners(signers, commits, office) {
    const last = new Set([...office.procedures.values()].flatMap((procedure) => procedure.lastDeciders()));
    const above = new Set([...last].flatMap((role) => office.chainAbove(role)).filter((role) => !last.has(role)));
    const held = signers.map((person, at) => person.rolesOn(office.day(commits[at].seconds)));
    const fits = (one, other) => held[one].some((role) => last.has(role)) && held[other].some((role) => above.has(role));
    require(fits(0, 1) || fits(1, 0), "pembukaan kantor tidak ditandatangani pejabat yang berwenang");
  }

  /** Main from the first to the last step of the period: no step is missing, and every one in it is accounted for. */
  checkSteps() {
    const claims = ["publications", "withdrawals", "policies", "unproven"].flatMap((table) => this.data[table]);
    const told = new Set(claims.map((claim) => claim.merge));
    require(told.size === claims.length, "satu langkah tercantum dua kali");
    let previous = this.data.before;
    for (const step of this.data.steps) {
      const commit = this.store.commit(step);
      require(commit.parents[0] === previous, `urutan langkah situs terputus pada ${step.slice(0, 12)}`);
      previous = step;
      const inside = this.isInPeriod(commit.seconds);
      require(inside === told.has(step), `langkah ${step.slice(0, 12)} tidak tercantum pada tempatnya`);
      told.delete(step);
    }
    agree("keadaan terakhir", seconds(this.data.last_change), this.store.commit(this.data.main).seconds);
    require(!told.size, "ada langkah yang bukan bagian dari urutan langkah situs");
  }

  isInPeriod(seconds) {
    const day = dayIn(this.data.court.timezone, seconds);
    return this.data.period.start <= day && day <= this.data.period.end;
  }

  // -- steps of main --

  /** A merge on main: signed by a listed key, with main before it as its first parent. */
  async merge(claim) {
    const merge = this.store.commit(claim.merge);
    require(merge.parents.length === MERGE, "langkah ini bukan penggabungan naskah");
    const main = this.store.commit(merge.parents[0]);
    const office = await Office.at(this.store, main.id);
    await office.signer(merge);
    return { merge, main, office };
  }

  /** The commits that a merge brings, oldest first, and the one of main from which they left. */
  chain(merge, claim) {
    const chain = [];
    for (let at = merge.parents[1]; claim.chain.includes(at); at = chain[0].parents[0]) {
      chain.unshift(this.store.commit(at));
      require(chain[0].parents.length === 1, "jalannya naskah memuat gabungan dari tempat lain");
    }
    require(chain.length && chain.length === claim.chain.length, "rangkaian keputusan terputus");
    return { chain, base: this.store.commit(chain[0].parents[0]) };
  }

  async checkPublication(claim) {
    const { merge, main, office } = await this.merge(claim);
    const place = `content/${claim.document}`;
    const procedure = office.procedures.get(this.procedureOf(claim.document));
    require(procedure, "SOP untuk jenis naskah ini tidak ada dalam paket");
    const bench = new Bench(this.store, office, procedure, claim);
    const { chain, base } = this.chain(merge, claim);
    bench.begin(base, this.store.folderAt(main.tree, place));
    let parent = base;
    for (const change of chain) {
      await bench.hear(change, parent);
      parent = change;
    }
    const tree = this.store.folderAt(merge.tree, place);
    this.requireApproved(bench, tree, merge);
    require(!this.store.strays(main.tree, merge.tree, [place]).length, "penerbitan ini mengubah hal lain di situs");
    this.requireOwner(claim);
    agree("sidik isi", claim.tree, tree);
    this.agreeOnText(claim, tree);
    return this.told(claim, bench, merge);
  }

  requireApproved(bench, tree, merge) {
    bench.settle();
    require(bench.approvals.length && bench.position.act === COMPLETE, "naskah terbit sebelum semua pemutus menyetujui");
    require([...bench.places].join() === `content,${tree}`, "isi yang terbit berbeda dari isi yang disetujui");
    const day = bench.office.day(merge.seconds);
    for (const { person, role, commit, seconds } of bench.approvals) {
      const carrier = this.store.commit(commit);
      require(trailer(carrier, "Sidik") === tree, "isi yang disetujui berbeda dari isi yang terbit");
      require(seconds <= merge.seconds, "ada keputusan yang tertanggal sesudah penerbitan");
      require(person.rolesOn(day).includes(role), `masa jabatan ${person.name} berakhir sebelum naskah terbit`);
    }
    const people = bench.approvals.map((held) => held.person.id);
    require(new Set(people).size === people.length, "satu orang menyetujui dua kali");
    const names = this.store.files(tree).map(([path]) => path.toLowerCase());
    require(new Set(names).size === names.length, "nama dua berkas hanya berbeda huruf besar dan kecilnya");
  }

  requireOwner({ id, document }) {
    require(!this.owners.has(id) || this.owners.get(id) === document, `tanda pengenal ${id} dipakai dua naskah`);
    this.owners.set(id, document);
  }

  procedureOf(document) {
    const [first] = document.split("/");
    return Object.hasOwn(this.kinds, first) ? this.kinds[first] : this.kinds.halaman;
  }

  /** Title, id and exceptions as the text itself says them. */
  agreeOnText(claim, tree) {
    const fields = frontOf(this.store, tree);
    const plain = (text) => String(text).split(/\s+/).join(" ").trim();
    agree("judul", plain(claim.title), plain(fields.get("title") || claim.document));
    agree("tanda pengenal", claim.id, fields.get("id") || "");
    const excepted = this.data.exceptions.filter((one) => one.merge === claim.merge);
    const written = (fields.get("izinkan") || []).map((one) => [one.get("aturan"), plain(one.get("alasan"))].join(": "));
    agree("pengecualian aturan", excepted.map((one) => `${one.rule}: ${plain(one.reason)}`).join("; "), written.join("; "));
  }

  /** What the objects say of a publication, for the page to show, after comparing it with what the data claims. */
  told(claim, bench, merge) {
    agree("waktu terbit", seconds(claim.published), merge.seconds);
    agree("jumlah persetujuan", claim.approvals.length, bench.approvals.length);
    claim.approvals.forEach((one, at) => agreeOnDecision(one, bench.approvals[at], bench.office, this.store));
    const paper = bench.approvals.some((held) => held.paper);
    agree("tingkat bukti", claim.grade, paper ? "ditetapkan di atas kertas" : "ditandatangani orang");
    const left = this.store.files(claim.tree).filter(([, { id }]) => !this.store.has(id));
    const head = bench.office.head;
    const sop = { number: head.get("nomor"), table: bench.procedure.code, revised: head.get("tanggal_revisi") };
    return { left: left.length, sop };
  }

  async checkWithdrawal(claim) {
    const { merge, main, office } = await this.merge(claim);
    const { chain, base } = this.chain(merge, claim);
    const place = `content/${claim.document}`;
    const decision = chain[0];
    const tree = this.store.folderAt(main.tree, place);
    require(chain.length === 1 && base.id === main.id && decision.tree === main.tree, "penarikan ini bukan keputusan yang sah");
    require(trailer(decision, "Keputusan") === "ditarik" && trailer(decision, "Alasan"), "penarikan ini tidak menyebut alasan");
    require(tree && trailer(decision, "Sidik") === tree, "penarikan dibuat atas isi yang berbeda dari yang terbit");
    require(trailer(decision, "Dokumen") === claim.document && trailer(decision, "Id") === claim.id, "penarikan untuk naskah lain");
    const rest = this.store.strays(main.tree, merge.tree, [place]);
    require(!rest.length && !this.store.at(merge.tree, place), "penarikan ini mengubah hal lain di situs");
    const fields = frontOf(this.store, tree);
    agree("tanda pengenal", claim.id, fields.get("id") || "");
    const person = await office.signer(decision);
    const role = trailer(decision, "Peran");
    const allowed = !person.machine && office.withdrawalRoles.includes(role);
    require(allowed && person.rolesOn(office.day(decision.seconds)).includes(role), `${person.name} tidak berwenang menarik halaman`);
    agree("waktu penarikan", seconds(claim.withdrawn), merge.seconds);
    agreeOnDecision(claim.decision, { commit: decision.id, person, role }, office, this.store);
  }

  async checkPolicy(claim) {
    const { merge, main, office } = await this.merge(claim);
    const { chain, base } = this.chain(merge, claim);
    const tip = chain.at(-1);
    await this.requireBlend(main, tip, merge, base);
    const bench = await this.policyBench(chain, base, office);
    const missing = missingSeats(bench.approvals, office, bench.paths);
    require(!missing.length, `perubahan aturan ini belum disetujui ${missing.map((role) => office.label(role)).join(", ")}`);
    const sidik = await reducedId(this.store, tip.tree, DOCUMENTS);
    const day = office.day(merge.seconds);
    for (const { commit, person, role, seconds: when } of bench.approvals) {
      require(trailer(this.store.commit(commit), "Sidik") === sidik, "persetujuan dibuat atas isi usulan yang berbeda");
      require(when <= merge.seconds && person.rolesOn(day).includes(role), "persetujuan tidak berlaku lagi ketika aturan berubah");
    }
    agree("berkas yang berubah", [...claim.paths].sort().join(), [...bench.paths].sort().join());
    agree("waktu berlaku", seconds(claim.changed), merge.seconds);
    agree("nama usulan", claim.name, bench.name);
    agree("ringkasan", claim.summary, chain[0].message.split("\n", 1)[0]);
    agree("jumlah persetujuan", claim.approvals.length, bench.approvals.length);
    claim.approvals.forEach((one, at) => agreeOnDecision(one, bench.approvals[at], office, this.store));
  }

  /** Main keeps its documents and takes everything else from the proposal, which began from the policy of that main. */
  async requireBlend(main, tip, merge, base) {
    const [before, start] = [await reducedId(this.store, main.tree, DOCUMENTS), await reducedId(this.store, base.tree, DOCUMENTS)];
    require(before === start, "aturan di kantor sudah berubah sejak perubahan ini diusulkan");
    const expected = await reducedId(this.store, tip.tree, DOCUMENTS);
    require((await reducedId(this.store, merge.tree, DOCUMENTS)) === expected, "aturan yang berlaku berbeda dari yang disetujui");
    const touched = this.store.differing(main.tree, merge.tree).filter(([name]) => DOCUMENTS.includes(name));
    require(!touched.length, "perubahan aturan ini juga mengubah naskah");
  }

  async policyBench(chain, base, office) {
    const bench = { approvals: [], paths: new Set(), name: trailer(chain[0], "Kebijakan") };
    let parent = base;
    for (const change of chain) {
      require(change.seconds >= parent.seconds, "tanggal sebuah perubahan mendahului perubahan sebelumnya");
      const person = await office.signer(change);
      const paths = this.store.changes(parent.tree, change.tree);
      if (paths.length) {
        require(!paths.some((path) => DOCUMENTS.includes(path.split("/")[0])), "usulan aturan ini juga mengubah naskah");
        paths.forEach((path) => bench.paths.add(path));
        bench.approvals = [];
      } else {
        this.policyDecision(bench, change, person, office);
      }
      parent = change;
    }
    return bench;
  }

  policyDecision(bench, change, person, office) {
    const [role, ruling] = [trailer(change, "Peran"), trailer(change, "Keputusan")];
    const held = { commit: change.id, person, role, seconds: change.seconds };
    require(!person.machine && person.rolesOn(office.day(change.seconds)).includes(role), `${person.name} tidak menjabat pada hari itu`);
    require(trailer(change, "Kebijakan") === bench.name, "ada keputusan untuk usulan lain");
    const again = bench.approvals.some((one) => one.person.id === person.id);
    if (ruling === "ditarik kembali") {
      bench.approvals = bench.approvals.filter((one) => one.person.id !== person.id);
    } else {
      require(ruling === "disetujui" && !again, "ada catatan yang bukan persetujuan, atau orang yang menyetujui dua kali");
      bench.approvals.push(held);
    }
  }

  // -- single decisions and the tables made from them --

  /** A decision on its own: who signed it, in which role, with which words. */
  async checkDecision(claim) {
    const commit = this.store.commit(claim.commit);
    const office = await Office.at(this.store, claim.office);
    const held = { commit: commit.id, person: await office.signer(commit) };
    if (claim.paper) {
      const entry = this.store.commit(claim.paper.entry);
      held.paper = { enteredBy: await office.signer(entry), confirmedBy: held.person };
      Object.assign(held, { entry: entry.id, person: office.person(trailer(entry, "Pejabat")) });
      require(held.person && held.paper.enteredBy.id !== held.paper.confirmedBy.id, "lembar keputusan tidak dicocokkan orang lain");
    }
    const carrier = this.store.commit(held.entry || held.commit);
    require(trailer(carrier, "Dokumen") === claim.document, "keputusan ini dibuat untuk naskah lain");
    agreeOnDecision(claim, { ...held, role: trailer(carrier, "Peran") }, office, this.store);
    const procedure = office.procedures.get(this.procedureOf(claim.document));
    return { meaning: procedure ? procedure.reason(claim.reason.split(":")[0].trim()) : "" };
  }

  /** The tables of acting officials and of paper are made from the decisions above; here they are made again. */
  async checkTables() {
    const rows = [
      ...this.data.publications.flatMap((one) => one.approvals),
      ...this.data.returns,
      ...this.data.withdrawals.map((one) => one.decision),
      ...this.data.policies.flatMap((one) => one.approvals),
    ];
    const commits = (test) => [...new Set(rows.filter(test).map((held) => held.commit))].sort().join();
    const acting = this.data.acting.flatMap((one) => one.decisions);
    agree("daftar Plh/Plt", acting.sort().join(), commits((held) => held.acting));
    agree("daftar keputusan di atas kertas", this.data.paper.map((one) => one.commit).sort().join(), commits((held) => held.paper));
    const merges = this.data.publications.map((one) => one.merge);
    require(this.data.exceptions.every((one) => merges.includes(one.merge)), "ada pengecualian tanpa publikasi");
    for (const row of [...this.data.acting, ...this.data.paper]) {
      const held = rows.find((one) => one.commit === (row.decisions ? row.decisions[0] : row.commit));
      const who = ({ person, name, role, role_label: label }) => [person, name, role, label].join();
      agree("daftar turunan", who(row), who(held));
      agree("rincian daftar turunan", JSON.stringify(row.acting || row.paper), JSON.stringify(row.acting ? held.acting : held.paper));
    }
  }
}
