/* Shows a package and what came of examining it. Every text of the data enters the page as text, never as markup. */

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

class Page {
  constructor(settings) {
    this.settings = settings;
    this.place = (id) => document.getElementById(id);
  }

  /** Examine a package's data, given as bytes, and show what came of it. */
  async show(bytes, name) {
    document.documentElement.dataset.verdict = "";
    this.say("checking", "Sedang memeriksa…", "");
    const sha = await verdictOf(async () => ({ sha: toHex(await digest("SHA-256", bytes)) }));
    const same = await verdictOf(async () => {
      if (!sha.holds) {
        throw new Uncheckable(sha.reason);
      }
      require(sha.sha === this.settings.sha256, "berkas data berubah sejak paket dibuat (sidiknya tidak sama)");
    });
    const read = await verdictOf(async () => ({ done: await new Examination(JSON.parse(toText(bytes)), this.settings.kinds).run() }));
    this.found = read.done;
    this.clear();
    const shown = await verdictOf(async () => read.done && this.fill(read.done, sha.sha || "tidak dapat dihitung"));
    this.conclude([sha, same, read, shown, ...(read.done ? read.done.verdicts() : [])], name);
  }

  clear() {
    for (const node of document.querySelectorAll("[data-fill]")) {
      node.replaceChildren();
    }
  }

  // -- the verdict over everything --

  conclude(verdicts, name) {
    const wrong = verdicts.filter((verdict) => !verdict.holds);
    const worst = wrong.find((verdict) => verdict.checkable) || wrong[0];
    if (!worst) {
      const { store, publications } = this.found;
      const counted = `${plural(publications.length, "publikasi")}, ${plural(store.signatures, "tanda tangan")}, dan ${plural(store.kept.size, "bahan bukti")}`;
      this.say("good", publications.length ? "Semua sah" : "Sah: tidak ada publikasi pada masa ini", `${counted} dihitung ulang di peramban ini dari ${name}.`);
    } else if (wrong.every((verdict) => !verdict.checkable)) {
      this.say("bad", "Tidak dapat diperiksa di peramban ini", `${sentence(worst.reason)} Yang tidak dapat diperiksa tidak dianggap sah. Bukalah dengan peramban yang lebih baru.`);
    } else {
      this.say("bad", "TIDAK SAH", `${plural(wrong.length, "hal")} tidak terbukti pada ${name}. Yang pertama: ${worst.about ? `“${worst.about}”, ${worst.reason}.` : sentence(worst.reason)}`);
    }
    document.documentElement.dataset.verdict = worst ? "tidak-sah" : "sah";
  }

  say(kind, title, text) {
    const box = this.place("verdict");
    box.className = `verdict ${kind}`;
    box.replaceChildren(el("strong", {}, title), el("span", {}, text));
  }

  // -- the sections --

  fill(done, sha) {
    const { data } = done;
    this.numbers(data);
    this.anchors(done, sha);
    this.publications(done);
    this.returns(done);
    this.table("withdrawals", done.withdrawals, ["Halaman", "Ditarik oleh", "Waktu", "Alasan"], ({ claim }) => [
      named(claim),
      who(claim.decision),
      this.moment(claim.withdrawn, claim.decision),
      claim.decision.reason,
    ]);
    this.table("policies", done.policies, ["Perubahan", "Berkas", "Disetujui oleh", "Berlaku"], ({ claim }) => [
      claim.summary + (claim.everyday ? " (data harian)" : ""),
      el("ul", { class: "plain" }, claim.paths.map((path) => el("li", {}, el("code", {}, path)))),
      claim.approvals.map((held) => el("div", {}, who(held))),
      this.time(claim.changed),
    ]);
    const judged = (row) => ({ claim: row, verdict: this.verdictFor(done, row) });
    this.table("acting", data.acting.map(judged), ["Siapa", "Sebagai", "Surat", "Masa", "Keputusan"], ({ claim }) => [
      claim.name,
      `${claim.acting.as} ${claim.role_label}`,
      claim.acting.letter,
      `${this.date(claim.acting.start)} sampai ${this.date(claim.acting.end)}`,
      String(claim.decisions.length),
    ]);
    this.table("exceptions", data.exceptions.map(judged), ["Halaman", "Aturan", "Alasan"], ({ claim }) => [
      claim.document,
      el("code", {}, claim.rule),
      claim.reason,
    ]);
    this.table("paper", data.paper.map(judged), ["Tentang", "Pejabat", "Lembar", "Dimasukkan dan dicocokkan"], ({ claim }) => [
      claim.about,
      `${claim.name}, ${claim.role_label}`,
      [`Nomor ${claim.paper.number}, ${this.date(claim.paper.date)}`, el("code", {}, claim.paper.sha256)],
      `${claim.paper.entered_by}, lalu ${claim.paper.confirmed_by}`,
    ]);
    this.table("unproven", done.unproven, ["Langkah", "Sebab"], ({ claim }) => [el("code", {}, claim.merge), claim.message]);
  }

  numbers(data) {
    const counts = [
      ["publikasi", data.publications, "publications"],
      ["pengembalian", data.returns, "returns"],
      ["penarikan", data.withdrawals, "withdrawals"],
      ["Plh/Plt", data.acting, "acting"],
      ["pengecualian aturan", data.exceptions, "exceptions"],
      ["perubahan aturan", data.policies, "policies"],
      ["di atas kertas", data.paper, "paper"],
      ["tidak terbukti", data.unproven, "unproven"],
    ];
    const cells = counts.map(([label, rows, id]) =>
      el("div", {}, el("dt", {}, el("a", { href: `#${id}-bagian` }, label)), el("dd", {}, String(rows.length))),
    );
    this.place("numbers").append(...cells);
  }

  /** What only the auditor can compare: with the office's letter, not with this package. */
  anchors(done, sha) {
    const { data, store } = done;
    const facts = [
      ["Sidik paket (SHA-256 data.json)", el("code", {}, sha)],
      ["Catatan pembukaan kantor", data.opening ? [el("code", {}, data.opening.first), ` oleh ${data.opening.signers.join(" dan ")}`] : "kantor belum dibuka"],
      ["Pembukaan yang berlaku", data.opening ? [el("code", {}, data.opening.commit), " ", mark(done.opening)] : "–"],
      ["Urutan langkah situs", [`${plural(data.steps.length, "langkah")}, dari yang pertama sampai yang terakhir pada masa ini `, mark(done.steps)]],
      ["Keadaan kantor", [el("code", {}, data.main), ` per ${this.time(data.last_change)}; yang terjadi sesudahnya tidak termuat`]],
      ["Bahan bukti", [`${plural(store.kept.size, "berkas")} `, mark(done.intact)]],
      ["Daftar turunan", ["Plh/Plt dan keputusan di atas kertas, disusun ulang dari keputusannya ", mark(done.tables)]],
    ];
    this.place("anchors").append(...facts.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, ...[value].flat()))));
    const keys = [...store.signers].map(([fingerprint, person]) => ({ claim: { fingerprint, person } }));
    this.table("keys", keys, ["Pemilik", "Sidik jari kunci"], ({ claim }) => [
      claim.person.name + (claim.person.machine ? " (mesin, tanpa suara)" : ""),
      el("code", {}, claim.fingerprint),
    ]);
  }

  publications(done) {
    const cards = done.publications.map((row) => this.card(row));
    this.place("publications").append(...(cards.length ? cards : [none("publications")]));
  }

  card({ claim, verdict }) {
    const facts = [
      ["Alamat naskah", claim.document],
      ["Tanda pengenal", el("code", {}, claim.id)],
      ["Sidik isi", el("code", {}, claim.tree)],
      ["Terbit", [this.time(claim.published), ", catatan ", el("code", {}, claim.merge)]],
      ["Dasar", verdict.sop ? this.sop(verdict.sop) : "tidak terbaca"],
      ["Tingkat bukti", claim.grade],
      ["Tayang, menurut catatan mesin", this.live(claim.receipt)],
    ];
    if (verdict.left) {
      facts.push(["Tidak dimuat", `${plural(verdict.left, "foto atau berkas lain")}; sidiknya ikut diperiksa`]);
    }
    return el(
      "details",
      { class: "card" },
      el("summary", {}, mark(verdict), " ", el("span", { class: "name" }, claim.title), " ", el("span", { class: "when" }, this.time(claim.published))),
      el("dl", { class: "facts" }, facts.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, ...[value].flat())))),
      grid(["Siapa", "Waktu"], claim.approvals.map((held) => [who(held), this.moment(held.time, held)]), "Yang menyetujui, menurut urutannya"),
    );
  }

  sop({ number, table, revised }) {
    return `${number} tabel ${table}, revisi ${this.date(revised)}`;
  }

  live(receipt) {
    if (!receipt) {
      return "tidak ada tanda terima";
    }
    const words = new Map([
      [true, "sama dengan rilisnya"],
      [false, "BERBEDA dari rilisnya"],
    ]);
    const places = receipt.targets.map((at) => `${at.target}, rilis ${String(at.release).slice(0, 12)}, ${words.get(at.live_as_released) || "tidak dibandingkan"}`);
    return places.length ? places.join("; ") : "tidak ada tujuan";
  }

  returns(done) {
    const counted = new Map();
    for (const { claim, verdict } of done.returns) {
      const code = claim.reason.includes(":") ? claim.reason.split(":")[0].trim() : "tanpa kode";
      const entry = counted.get(code) || { code, meaning: "", count: 0 };
      counted.set(code, { code, meaning: entry.meaning || verdict.meaning || "", count: entry.count + 1 });
    }
    const rows = [...counted.values()].sort((one, other) => other.count - one.count);
    if (rows.length) {
      const cells = rows.map(({ code, meaning, count }) => [el("code", {}, code), meaning || "tidak tercantum pada SOP", String(count)]);
      this.place("reasons").append(grid(["Kode", "Alasan menurut SOP", "Jumlah"], cells, "Menurut alasan"));
    }
    this.table("returns", done.returns, ["Naskah", "Dikembalikan oleh", "Waktu", "Alasan dan catatan"], ({ claim }) => [
      [named(claim), claim.published ? null : el("div", { class: "note" }, "belum terbit")],
      who(claim),
      this.moment(claim.time, claim),
      [claim.reason, ...claim.notes.map((note) => el("div", { class: "note" }, `baris ${note}`))],
    ]);
  }

  /** A row of a table that is made from others holds where all of those hold. */
  verdictFor(done, row) {
    const about = new Set([row.merge, row.commit, ...(row.decisions || [])]);
    const carries = ({ claim }) =>
      about.has(claim.merge) || about.has(claim.commit) || [...(claim.approvals || []), claim.decision].some((held) => held && about.has(held.commit));
    const carriers = [...done.publications, ...done.returns, ...done.withdrawals, ...done.policies].filter(carries);
    return [done.tables, ...carriers.map((one) => one.verdict)].find((verdict) => !verdict.holds) || done.tables;
  }

  table(id, rows, heads, cells) {
    const judged = rows.some((row) => row.verdict);
    const body = rows.map((row) => [...cells(row), ...(judged ? [mark(row.verdict)] : [])]);
    this.place(id).append(rows.length ? grid(judged ? [...heads, "Bukti"] : heads, body) : none(id));
  }

  // -- times --

  time(text) {
    const options = { dateStyle: "long", timeStyle: "short", timeZone: this.found.data.court.timezone };
    const zone = new Intl.DateTimeFormat("id-ID", { timeZone: options.timeZone, timeZoneName: "short" }).formatToParts(new Date(text));
    return `${new Intl.DateTimeFormat("id-ID", options).format(new Date(text))} ${zone.find((part) => part.type === "timeZoneName").value}`;
  }

  date(text) {
    return new Intl.DateTimeFormat("id-ID", { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
  }

  /** A decision's time, and what bounds it: the office server's receipt, or nothing but the signer's word. */
  moment(text, held) {
    const bound = held.received ? `diterima server kantor ${this.time(held.received)}` : "waktu menurut penanda tangan";
    return [this.time(text), el("div", { class: "note" }, bound)];
  }
}

function who(held) {
  const notes = [];
  if (held.acting) {
    notes.push(`${held.acting.as}, surat ${held.acting.letter}`);
  }
  if (held.stands_for_label) {
    notes.push(`menggantikan ${held.stands_for_label}, sebab pejabatnya ikut menulis atau sudah memutuskan`);
  }
  if (held.paper) {
    notes.push(`ditetapkan di atas kertas, nomor ${held.paper.number}`);
  }
  const role = held.acting ? `${held.acting.as} ${held.role_label}` : held.role_label;
  return [`${held.name}, ${role}`, ...notes.map((note) => el("div", { class: "note" }, note))];
}

function named(claim) {
  return [claim.title, el("div", { class: "note" }, claim.document)];
}

function mark(verdict) {
  const [kind, word] = verdict.holds ? ["good", "sah"] : verdict.checkable ? ["bad", "TIDAK SAH"] : ["bad", "tidak dapat diperiksa"];
  return el("span", { class: `mark ${kind}` }, verdict.holds ? word : `${word}: ${verdict.reason}`);
}

function grid(heads, rows, caption) {
  const body = rows.map((cells) => el("tr", {}, cells.map((cell, at) => el("td", { "data-label": heads[at] }, ...[cell].flat(2)))));
  const head = el("thead", {}, el("tr", {}, heads.map((label) => el("th", { scope: "col" }, label))));
  return el("table", {}, caption ? el("caption", {}, caption) : null, head, el("tbody", {}, body));
}

const NOTHING = {
  publications: "Tidak ada publikasi pada masa ini.",
  returns: "Tidak ada pengembalian pada masa ini.",
  withdrawals: "Tidak ada penarikan pada masa ini.",
  policies: "Tidak ada perubahan aturan pada masa ini.",
  acting: "Tidak ada keputusan oleh Plh atau Plt pada masa ini.",
  exceptions: "Tidak ada pengecualian aturan pada masa ini.",
  paper: "Tidak ada keputusan di atas kertas pada masa ini.",
  unproven: "Tidak ada langkah yang tidak terbukti pada masa ini.",
  keys: "Tidak ada tanda tangan yang sah.",
};

function none(id) {
  return el("p", { class: "none" }, NOTHING[id]);
}

function plural(count, what) {
  return `${new Intl.NumberFormat("id-ID").format(count)} ${what}`;
}

function sentence(text) {
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "";
}

const page = new Page(JSON.parse(document.getElementById("settings").textContent));
page.show(toBytes(document.getElementById("data").textContent), "data di halaman ini");
document.getElementById("other").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    target.value = ""; // choosing the same file again checks it again
    await page.show(bytes, `berkas ${file.name}`);
    document.getElementById("verdict").scrollIntoView();
  }
});
document.getElementById("print").addEventListener("click", () => print());
addEventListener("beforeprint", () => {
  for (const card of document.querySelectorAll("details")) {
    card.open = true;
  }
});
