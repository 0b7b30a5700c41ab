/* The office as a commit of main had it: people, roles, acting periods, authority and the SOP's tables. */

class Office {
  /** The office of a commit, read once for each state of the folder office/. */
  static at(store, commit) {
    const folder = store.folderAt(store.commit(commit).tree, "office");
    if (!folder) {
      throw new Invalid("folder office/ tidak ada dalam paket");
    }
    const key = `office ${folder}`;
    return store.once(key, () => Office.read(store, folder));
  }

  static async read(store, folder) {
    const file = (path) => {
      const entry = store.at(folder, path);
      if (!entry || entry.mode !== FILE) {
        throw new Invalid(`berkas office/${path} tidak ada dalam paket`);
      }
      return Yaml.read(store.text(entry.id));
    };
    const office = new Office();
    office.store = store;
    const people = file("people.yml");
    office.roles = new Map(
      [...people.get("peran")].map(([id, role]) => [id, { label: role.get("label"), superior: role.get("atasan") || null }]),
    );
    office.people = [];
    for (const [id, entry] of people.get("orang")) {
      office.people.push(await Person.read(id, entry, false));
    }
    for (const [id, entry] of people.get("mesin") || []) {
      office.people.push(await Person.read(id, entry, true));
    }
    const authority = file("authority.yml");
    office.policyRoles = authority.get("aturan").get("pemutus");
    office.everyday = authority.get("harian").get("berkas").map((name) => `office/${name}`);
    office.everydayRoles = authority.get("harian").get("pemutus");
    office.withdrawalRoles = authority.get("penarikan").get("pemutus");
    office.paperRoles = authority.get("kertas").get("peran") || [];
    const court = file("court.yml");
    office.court = court.get("nama");
    office.zone = court.get("zona_waktu");
    office.head = file("procedures/sop.yml");
    office.procedures = new Map();
    const shelf = store.folderAt(folder, "procedures");
    for (const [name] of store.folder(shelf)) {
      if (name.endsWith(".yml") && name !== "sop.yml") {
        const procedure = new Procedure(file(`procedures/${name}`));
        office.procedures.set(procedure.code, procedure);
      }
    }
    return office;
  }

  label(role) {
    return this.roles.has(role) ? this.roles.get(role).label : role;
  }

  person(id) {
    return this.people.find((person) => person.id === id) || null;
  }

  /** The day of a moment (seconds since 1970) at the court, as 2026-01-30. */
  day(seconds) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
      seconds * 1000,
    );
  }

  chainAbove(role) {
    const chain = [];
    for (let at = role; at && !chain.includes(at); at = this.roles.has(at) ? this.roles.get(at).superior : null) {
      chain.push(at);
    }
    return chain;
  }

  able(role, day, barred) {
    return this.people.filter(
      (person) =>
        person.rolesOn(day).includes(role) && !barred.has(person.id) && (person.keys.length || this.paperRoles.includes(role)),
    );
  }

  /** The role that decides when `barred` may not: the needed one, or the next superior that has somebody; null: nobody. */
  deputyRole(role, day, barred) {
    if (!this.able(role, day, new Set()).length) {
      return null;
    }
    return this.chainAbove(role).find((at) => this.able(at, day, barred).length) || null;
  }

  /** Whose commit it is: author, committer and signer are one listed person or machine. */
  async signer(commit) {
    const fingerprint = commit.signature ? await signerOf(commit.payload, commit.signature) : "";
    if (!fingerprint) {
      throw new Invalid(`tanda tangan pada catatan ${commit.id.slice(0, 12)} tidak sah`);
    }
    const person = this.people.find((one) => one.keys.includes(fingerprint));
    if (!person) {
      throw new Invalid(`catatan ${commit.id.slice(0, 12)} ditandatangani dengan kunci yang tidak terdaftar`);
    }
    if (![commit.author, commit.committer].every((email) => person.emails.includes(email))) {
      throw new Invalid(`catatan ${commit.id.slice(0, 12)} bukan atas nama pemilik kuncinya, ${person.name}`);
    }
    this.store.signed(fingerprint, person);
    return person;
  }
}

class Person {
  static async read(id, entry, machine) {
    const person = new Person();
    const keys = await Promise.all(entry.get("kunci").map(fingerprintOfLine));
    Object.assign(person, { id, machine, name: entry.get("nama"), keys: keys.filter(Boolean) });
    person.emails = entry.get("surel").map((email) => email.toLowerCase());
    person.roles = machine ? [] : entry.get("peran");
    person.since = entry.get("mulai") || "";
    person.until = entry.get("sampai") || "";
    person.acting = (entry.get("wakil") || []).map((period) => ({
      role: period.get("peran"),
      as: period.get("sebagai"),
      start: period.get("mulai"),
      end: period.get("sampai"),
      letter: period.get("surat"),
    }));
    return person;
  }

  serves(day) {
    return (!this.since || this.since <= day) && (!this.until || day <= this.until);
  }

  actingOn(day) {
    return this.until && day > this.until ? [] : this.acting.filter((period) => period.start <= day && day <= period.end);
  }

  rolesOn(day) {
    return [...(this.serves(day) ? this.roles : []), ...this.actingOn(day).map((period) => period.role)];
  }

  /** The period in which this person acts in a role that is not the person's own; null if there is none. */
  actingAs(role, day) {
    const own = this.roles.includes(role) && this.serves(day);
    return (!own && this.actingOn(day).find((period) => period.role === role)) || null;
  }
}

const DECIDE = "putuskan";
const COMPLETE = "selesaikan";
const NOTE = "ketahui";
const END = "akhir";

/** One table of the SOP: who acts after whom. */
class Procedure {
  constructor(source) {
    this.code = source.get("kode");
    this.title = source.get("judul");
    this.agreeing = source.get("persetujuan_koreksi") || "";
    this.steps = source.get("langkah").map((step) => ({
      no: step.get("no"),
      act: step.get("tindakan"),
      unit: step.get("satuan"),
      deciders: rolesIn(step, "pemutus"),
      performers: rolesIn(step, "pelaksana"),
      noting: rolesIn(step, "mengetahui"),
      machine: step.get("oleh_mesin") || "",
      arrows: step.get("panah") || [],
      reasons: step.has("alasan_pengembalian") ? step.get("alasan_pengembalian").get("kode") : new Map(),
    }));
    this.positions = this.steps.flatMap((step) => [
      ...(step.act === DECIDE ? step.deciders : step.performers).map((role) => ({ step: step.no, role, act: step.act })),
      ...step.noting.map((role) => ({ step: step.no, role, act: NOTE })),
    ]);
  }

  first() {
    return this.positions[0];
  }

  step(no) {
    return this.steps.find((step) => step.no === no);
  }

  firstOf(no) {
    return this.positions.find((position) => position.step === no) || null;
  }

  /** Where ya (for a decision) or selesai leads; null is the end. */
  after(position) {
    if (position.act !== DECIDE) {
      const at = this.positions.findIndex((one) => samePosition(one, position));
      return this.positions[at + 1] || null;
    }
    const step = this.step(position.step);
    const arrow = step.arrows.find((one) => one.get("dari") === position.role);
    const target = arrow ? arrow.get("ya") : END;
    if (target === END) {
      return null;
    }
    return step.deciders.includes(target) ? { step: step.no, role: target, act: DECIDE } : this.firstOf(target);
  }

  firstDecision() {
    const position = this.after(this.first());
    if (!position) {
      throw new Invalid(`SOP ${this.code} tidak memiliki langkah kedua`);
    }
    return position;
  }

  /** Who has the last word on a step that is done for each document. */
  lastDeciders() {
    return this.steps.filter((step) => step.unit === "naskah" && step.deciders.length).map((step) => step.deciders.at(-1));
  }

  /** What a reason code means, in the words of the SOP; empty where it lists none. */
  reason(code) {
    const step = this.steps.find((one) => one.reasons.has(code));
    return step ? step.reasons.get(code) : "";
  }
}

function rolesIn(step, key) {
  return (step.get(key) || []).map((entry) => entry.get("peran"));
}

function samePosition(one, other) {
  return one.step === other.step && one.role === other.role && one.act === other.act;
}
