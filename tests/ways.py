"""Tells the way of a document commit by commit, as Git would, in the words of the tables in docs/keputusan.md.

No repository and no signature: a ``Way`` holds the facts that ``judgement`` is given. Offices of one size or another are
made here too, so that the table and the exhaustive search judge the same ones.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.judgement import Change, History, Move, Ruling, Standing, judge
from pipeline.model import Shelf
from pipeline.people import Acting, Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.office import Office

SCAN, OTHER_SCAN = "a" * 64, "b" * 64
DOCUMENT, ID = "berita/2026/sidang-wanayasa", "2026abcdef"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TABLE = Path(__file__).parents[1] / "docs" / "keputusan.md"
SHORT = {"kasubag": "kasubag-ptip", "pranata": "pranata-komputer"}
FULL, THREE, TWO = "Kantor lengkap", "Kantor tiga orang", "Kantor dua orang"
ASKING, GOING_ON = "Koreksi perlu persetujuan penulis", "Langkah sesudah keputusan"
BOSSES = ("sekretaris", "ketua")

# -- the tables --


def rows(*sections: str) -> Iterator[tuple[str, str, str, str]]:
    """Section, case, way and outcome of every row in these sections of docs/keputusan.md."""
    section = ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| kasus") and section in sections:
            case, way, expected = (cell.strip() for cell in line.strip("|").split("|"))
            yield section, case, way, expected


def acts(way: str) -> Iterator[tuple[str, str]]:
    """Person and word of each act of a row."""
    for act in re.split(r";\s*", way):
        person, word = act.split()
        yield SHORT.get(person, person), word


def is_sentence(text: str) -> bool:
    """Whether people can read it: a capital first, a full stop at the end, neither shouted nor with a hole in it."""
    return text[0].isupper() and text.endswith(".") and text != text.upper() and "None" not in text


# -- offices --


def public_key(keys: Path, person: str) -> str:
    """The public key of a person, made when first needed."""
    if not (keys / person).exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / person)], check=True)
    return (keys / f"{person}.pub").read_text("utf-8").strip()


def someone(keys: Path, name: str, **more: object) -> Person:
    """A person of the office with a key of their own."""
    facts: dict[str, object] = {"id": name, "name": name.capitalize(), "emails": (f"{name}@kantor.invalid",)}
    return Person(**(facts | {"keys": (public_key(keys, name),)} | more))  # type: ignore[arg-type] -- written out above


def appointed(person: Person, role: str, start: date, days: int = 11) -> Person:
    """The person as Plh in a role for some days."""
    period = Acting(role=role, start=start, end=start + timedelta(days=days), letter="1/2026", as_="Plh")
    return replace(person, acting=(*person.acting, period))


def full_office(found: Office, keys: Path) -> Office:
    """The office with a second Admin, a Plh Redaktur in office, and one whose time is over."""
    more = {
        "plh": appointed(someone(keys, "plh"), "redaktur", date(2026, 11, 16)),
        "bekas": appointed(someone(keys, "bekas"), "redaktur", date(2026, 11, 2)),
        "admin2": someone(keys, "admin2", roles=("admin",)),
    }
    return replace(found, people={**found.people, **more})


def only(office: Office, *names: str) -> Office:
    """The office with nobody but these, the machine that publishes, and superiors without a key where they are named."""
    people = {name: office.people[name] for name in (*names, "penerbit")}
    return replace(office, people=people | {name: replace(people[name], keys=()) for name in names if name in BOSSES})


def three_people(office: Office, *above: str) -> Office:
    """Admin, Redaktur and Kasubag; those named above them hold no key."""
    return only(office, "admin", "redaktur", "kasubag-ptip", *above)


def two_people(office: Office, *above: str) -> Office:
    """An Admin, and a Kasubag who is the Redaktur too."""
    small = only(office, "admin", "kasubag-ptip", *above)
    both = replace(small.people["kasubag-ptip"], roles=("redaktur", "kasubag-ptip"))
    return replace(small, people={**small.people, "kasubag-ptip": both})


def asking_the_author(office: Office) -> Office:
    """The office whose procedure wants the author's consent to a correction."""
    b = replace(office.procedures["B"], correction_agreed_by="admin")
    return replace(office, procedures={**office.procedures, "B": b})


def going_on(office: Office) -> Office:
    """The office whose procedure has people do something after the decision, and the Sekretaris take note of it."""
    b = office.procedures["B"]
    third, fourth = (replace(step, machine=None) for step in b.steps[2:4])
    steps = (*b.steps[:2], replace(third, notes_taken_by=("sekretaris",)), fourth)
    return replace(office, procedures={**office.procedures, "B": replace(b, steps=steps)})


def offices(found: Office, keys: Path) -> Mapping[str, Office]:
    """The office of each section of the table; in the small ones those above have no key and decide on paper."""
    full = full_office(found, keys)
    return {
        FULL: full,
        THREE: three_people(full, *BOSSES),
        TWO: two_people(full, *BOSSES),
        ASKING: asking_the_author(full),
        GOING_ON: going_on(full),
    }


# -- a way --


@dataclass(frozen=True, kw_only=True)
class Way:
    """A document's way so far. Every act gives a new one; the time goes on by a minute an act from ``start``."""

    office: Office
    tree: str | None = None
    shelf: Shelf | None = None
    base: Mapping[Shelf, str] | None = None
    changes: tuple[Change, ...] = ()
    start: datetime = NOON

    def tell(self, way: str) -> Way:
        """The way after the acts of a table's row."""
        told = self
        for person, word in acts(way):
            told = told.go(person, word)
        return told

    def go(self, person: str, word: str) -> Way:
        """The way after one act in a word of the tables."""
        name, *more = word.split("-sebagai-") if "-sebagai-" in word else (word,)
        return getattr(self, "_" + name.replace("-", "_"))(person, *more)  # type: ignore[no-any-return] -- by its name

    def standing(self) -> Standing:
        """The verdict."""
        return judge(self.history(), self.office, self.office.procedures["B"])

    def history(self) -> History:
        """The facts as ``judgement`` gets them."""
        base = self.base or {}
        published = base.get(Shelf.CONTENT)
        return History(document=DOCUMENT, id=ID, base=base, changes=self.changes, published_tree=published)

    # -- commits --

    def added(self, person: str, *moves: Move, trailers: Mapping[str, str] | None = None, **more: object) -> Way:
        """One more commit of ``person``; ``more`` overrides any of its facts."""
        known = self.office.people.get({"samaran": "redaktur"}.get(person, person))
        email = known.emails[0] if known else "luar@x.invalid"
        prints = known.fingerprints()[0] if known and known.keys else {"tanpa": ""}.get(person, "SHA256:asing")
        facts: dict[str, object] = {
            "commit": f"c{len(self.changes)}",
            "parents": 1,
            "author": {"samaran": "admin@kantor.invalid", "tanpa": "redaktur@kantor.invalid"}.get(person, email),
            "committer": {"tanpa": "redaktur@kantor.invalid"}.get(person, email),
            "time": self.start + timedelta(minutes=len(self.changes)),
            "fingerprint": prints,
            "trailers": {name: (value,) for name, value in (trailers or {}).items()},
            "moves": moves,
        }
        change = Change(**(facts | more))  # type: ignore[arg-type] -- facts are written out above
        return replace(self, changes=(*self.changes, change))

    def again(self, **facts: object) -> Way:
        """The way with other facts in its last commit."""
        return replace(self, changes=(*self.changes[:-1], replace(self.changes[-1], **facts)))

    def edited(self, person: str, shelf: Shelf, **more: object) -> Way:
        """New bytes on a shelf."""
        tree = f"{len(self.changes) + 1:040x}"
        after = self.added(person, Move(shelf=shelf, before=self.tree, after=tree), **more)
        return replace(after, tree=tree, shelf=shelf)

    def renamed(self, person: str, target: Shelf, **more: object) -> Way:
        """The same bytes on another shelf."""
        assert self.shelf is not None
        leave = Move(shelf=self.shelf, before=self.tree, after=None)
        land = Move(shelf=target, before=None, after=self.tree)
        return replace(self.added(person, leave, land, **more), shelf=target)

    def decided(self, person: str, ruling: str, **changes: str) -> Way:
        """A decision over the bytes as they stand; the role is the Kasubag's own for him, the Redaktur's for anybody else."""
        trailers = {
            "Id": ID,
            "Dokumen": DOCUMENT,
            "Sidik": str(self.tree),
            "Peran": "kasubag-ptip" if person == "kasubag-ptip" else "redaktur",
            "Keputusan": ruling,
        }
        return self.added(person, trailers={name: text for name, text in (trailers | changes).items() if text})

    def entered(self, person: str, official: str, ruling: str = Ruling.APPROVED, **changes: str) -> Way:
        """A sheet that ``official`` signed, entered by ``person``."""
        sheet = {"Kertas": SCAN, "Pejabat": official, "Nomor": "12/SK/2026", "Tanggal": "2026-11-23", "Peran": official}
        return self.decided(person, ruling, **(sheet | changes)).again(papers=(SCAN,))

    # -- the words of the tables: writing and moving --

    def _menulis(self, person: str) -> Way:
        return self.edited(person, Shelf.DRAFTS)

    def _mengoreksi(self, person: str) -> Way:
        return self.edited(person, Shelf.REVIEW)

    def _menulis_di_dua_tempat(self, person: str) -> Way:
        both = (Move(shelf=shelf, before=None, after="1" * 40) for shelf in (Shelf.DRAFTS, Shelf.REVIEW))
        return self.added(person, *both)

    def _mengajukan_sambil_mengubah(self, person: str) -> Way:
        leave = Move(shelf=Shelf.DRAFTS, before=self.tree, after=None)
        return self.added(person, leave, Move(shelf=Shelf.REVIEW, before=None, after="2" * 40))

    def _menyalin_sambil_mengubah(self, person: str) -> Way:
        change = Move(shelf=Shelf.DRAFTS, before=self.tree, after="2" * 40)
        return self.added(person, change, Move(shelf=Shelf.REVIEW, before=None, after=self.tree))

    def _mengubah_terbitan(self, person: str) -> Way:
        return self.edited(person, Shelf.CONTENT)

    def _mengajukan(self, person: str) -> Way:
        return self.renamed(person, Shelf.REVIEW)

    def _mengajukan_bertanggal_mundur(self, person: str) -> Way:
        return self.renamed(person, Shelf.REVIEW, time=self.start - timedelta(days=400))

    def _menerbitkan(self, person: str) -> Way:
        return self.renamed(person, Shelf.CONTENT)

    def _menarik_pengajuan(self, person: str) -> Way:
        return self.renamed(person, Shelf.DRAFTS)

    def _menyalin_ke_pemeriksaan(self, person: str) -> Way:
        return self.added(person, Move(shelf=Shelf.REVIEW, before=None, after=self.tree))

    def _menghapus(self, person: str) -> Way:
        return self.added(person, Move(shelf=Shelf.DRAFTS, before=self.tree, after=None))

    # -- deciding --

    def _setuju(self, person: str, role: str = "") -> Way:
        return self.decided(person, Ruling.APPROVED, **_as(role))

    def _mengembalikan(self, person: str) -> Way:
        returned = self.decided(person, Ruling.RETURNED, Alasan="bahasa: belum jelas", Catatan="3: diperiksa lagi")
        return returned.renamed(person, Shelf.DRAFTS)

    def _menarik(self, person: str) -> Way:
        return self.decided(person, Ruling.RETRACTED)

    def _mengetahui(self, person: str, role: str = "") -> Way:
        return self.decided(person, Ruling.NOTED, **_as(role))

    def _menyelesaikan(self, person: str, role: str = "admin") -> Way:
        return self.decided(person, Ruling.COMPLETED, **_as(role))

    def _menarik_halaman(self, person: str) -> Way:
        return self.decided(person, Ruling.WITHDRAWN, Alasan="tidak berlaku lagi")

    def _setuju_isi_lama(self, person: str) -> Way:
        return self.decided(person, Ruling.APPROVED, Sidik="f" * 40)

    def _setuju_naskah_lain(self, person: str) -> Way:
        return self.decided(person, Ruling.APPROVED, Dokumen="berita/2026/lain")

    def _setuju_id_lain(self, person: str) -> Way:
        return self.decided(person, Ruling.APPROVED, Id="2026zzzzzz")

    def _setuju_ganda(self, person: str) -> Way:
        twice = self.decided(person, Ruling.APPROVED)
        return twice.again(trailers={**twice.changes[-1].trailers, "Keputusan": ("disetujui", "disetujui")})

    def _diam(self, person: str) -> Way:
        return self.added(person)

    # -- on paper --

    def _memasukkan_kertas_sekretaris(self, person: str) -> Way:
        return self.entered(person, "sekretaris")

    def _memasukkan_kertas_ketua(self, person: str) -> Way:
        return self.entered(person, "ketua")

    def _memasukkan_kertas_redaktur(self, person: str) -> Way:
        return self.entered(person, "redaktur")

    def _memasukkan_kertas_tanpa_nomor(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Nomor="")

    def _memasukkan_kertas_tanpa_tanggal(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Tanggal="kemarin")

    def _memasukkan_kertas_bertanggal_besok(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Tanggal="2026-11-24")

    def _memasukkan_kertas_bertanggal_kemarin(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Tanggal="2026-11-22")

    def _memasukkan_kertas_mesin(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Pejabat="penerbit")

    def _memasukkan_kertas_dengan_pindaian_lain(self, person: str) -> Way:
        return self.entered(person, "sekretaris").again(papers=(OTHER_SCAN,))

    def _memasukkan_kertas_orang_asing(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Pejabat="siapa")

    def _memasukkan_kertas_tanpa_pindaian(self, person: str) -> Way:
        return self.entered(person, "sekretaris").again(papers=())

    def _memasukkan_penolakan_sekretaris(self, person: str) -> Way:
        return self.entered(person, "sekretaris", Ruling.RETURNED, Alasan="fakta: belum pasti")

    def _mencocokkan(self, person: str) -> Way:
        return self.decided(person, Ruling.CONFIRMED, Kertas=SCAN)

    def _mencocokkan_lembar_lain(self, person: str) -> Way:
        return self.decided(person, Ruling.CONFIRMED, Kertas=OTHER_SCAN)

    def _membawa_pindaian(self, person: str) -> Way:
        return self.decided(person, Ruling.APPROVED).again(papers=(SCAN,))

    # -- what may not stand on a document's branch --

    def _menggabungkan(self, person: str) -> Way:
        return self.added(person, parents=2)

    def _menyelipkan_berkas(self, person: str) -> Way:
        return self.edited(person, Shelf.DRAFTS, strays=("content/index.md",))

    def _menyelipkan_aturan(self, person: str) -> Way:
        return self.edited(person, Shelf.DRAFTS, strays=("office/people.yml",))

    def _menyelipkan_symlink(self, person: str) -> Way:
        return self.edited(person, Shelf.DRAFTS, forbidden=(f"drafts/{DOCUMENT}/rahasia.jpg",))


def _as(role: str) -> dict[str, str]:
    return {"Peran": SHORT.get(role, role)} if role else {}
