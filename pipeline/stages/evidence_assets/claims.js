/* Comparing what the data of a package claims with what its objects say. */

/** The roles of the quorum that nobody who signed fills; a superior may sign for a role, one person fills one seat. */
function missingSeats(approvals, office, paths) {
  const fits = (held, seat) => office.chainAbove(seat).includes(held.role);
  if ([...paths].every((path) => office.everyday.includes(path))) {
    return approvals.some((held) => office.everydayRoles.some((role) => fits(held, role))) ? [] : office.everydayRoles.slice(0, 1);
  }
  const seat = (roles, left) => {
    if (!roles.length) {
      return [];
    }
    const ways = [[roles[0], ...seat(roles.slice(1), left)]];
    left.forEach((held, at) => fits(held, roles[0]) && ways.push(seat(roles.slice(1), left.filter((_, other) => other !== at))));
    return ways.reduce((best, way) => (way.length < best.length ? way : best));
  };
  return seat(office.policyRoles, approvals);
}

function frontOf(store, tree) {
  const entry = store.at(tree, "index.md");
  require(entry && entry.mode === FILE, "teks naskah tidak ada dalam paket");
  const lines = store.text(entry.id).replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split("\n");
  const end = lines.findIndex((line, at) => at > 0 && /^---[ \t]*$/.test(line));
  require(/^---[ \t]*$/.test(lines[0]) && end > 0, "bagian awal teks naskah tidak dapat dibaca");
  return Yaml.read(lines.slice(1, end).join("\n"));
}

/** What the data claims of a decision, against what was signed; `held` names the person and role found here. */
function agreeOnDecision(claim, held, office, store) {
  const carrier = store.commit(held.entry || held.commit); // a decision on paper: the entry carries its words
  const said = (name) => trailer(carrier, name);
  const day = claim.paper ? said("Tanggal") : office.day(carrier.seconds);
  agree("orang", claim.person, held.person.id);
  agree("nama", claim.name, held.person.name);
  agree("peran", claim.role, held.role);
  agree("jabatan", claim.role_label, office.label(held.role));
  agree("peran yang digantikan", claim.stands_for, held.standsFor ?? claim.stands_for);
  agree("jabatan yang digantikan", claim.stands_for_label, claim.stands_for && office.label(claim.stands_for));
  agree("keputusan", claim.ruling, said("Keputusan"));
  agree("sidik isi", claim.tree, said("Sidik"));
  agree("alasan", claim.reason, said("Alasan"));
  agree("catatan", claim.notes.join("\n"), (carrier.trailers.get("Catatan") || []).join("\n"));
  agree("waktu", seconds(claim.time), store.commit(held.commit).seconds);
  agreeOnActing(claim.acting, held.person.actingAs(held.role, day));
  agreeOnPaper(claim.paper, held, said);
}

function agreeOnActing(claim, found) {
  const listed = (period) => (period ? [period.as, period.letter, period.start, period.end].join() : "");
  agree("Plh/Plt", listed(claim), listed(found));
}

function agreeOnPaper(claim, held, said) {
  agree("keputusan di atas kertas", Boolean(claim), Boolean(held.paper));
  if (claim) {
    agree("lembar", [claim.sha256, claim.number, claim.date].join(), ["Kertas", "Nomor", "Tanggal"].map(said).join());
    agree("pejabat", claim.official, said("Pejabat"));
    agree("yang memasukkan lembar", claim.entered_by, held.paper.enteredBy.name);
    agree("yang mencocokkan lembar", claim.confirmed_by, held.paper.confirmedBy.name);
  }
}

function agree(what, claimed, found) {
  if (claimed !== found) {
    throw new Invalid(`${what} pada data tidak sama dengan yang ditandatangani`);
  }
}

function seconds(text) {
  return Date.parse(text) / 1000;
}

function dayIn(zone, moment) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment * 1000);
}
