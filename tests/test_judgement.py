"""The table of cases in docs/keputusan.md, run row by row, and what the table can't say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import signature
from pipeline.judgement import Change, History, Move, Standing, judge, objection_at
from pipeline.model import Shelf
from pipeline.office import Office, load_office
from pipeline.people import Acting, Person

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENT, ID = "berita/2026/sidang-wanayasa", "2026abcdef"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TABLE = Path(__file__).parents[1] / "docs" / "keputusan.md"
CASES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| kasus")
]


@pytest.fixture(scope="module")
def office(office_files: Mapping[str, bytes], keys: Path) -> Office:
    found = load_office(office_files)
    people = dict(found.people)
    for person, start in (("plh", date(2026, 11, 16)), ("bekas", date(2026, 11, 2))):
        acting = Acting(role="redaktur", start=start, end=start + timedelta(days=11), letter="1/2026", as_="Plh")
        people[person] = Person(
            id=person, name=person, emails=(f"{person}@kantor.invalid",), keys=(_key(keys, person),), acting=(acting,)
        )
    people["admin2"] = replace(
        people["admin"], id="admin2", emails=("admin2@kantor.invalid",), keys=(_key(keys, "admin2"),)
    )
    return replace(found, people=people)


def _key(keys: Path, person: str) -> str:
    import subprocess

    if not (keys / person).exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / person)], check=True)
    return (keys / f"{person}.pub").read_text("utf-8").strip()


@dataclass
class Way:
    """Tells a document's way commit by commit, as Git would."""

    office: Office
    tree: str | None = None
    shelf: Shelf | None = None
    version: int = 0
    changes: list[Change] = field(default_factory=list)

    def go(self, person: str, word: str) -> None:
        getattr(self, "_" + word.replace("-", "_"), lambda p: self._odd(p, word))(person)

    def standing(self) -> Standing:
        return judge(self.history(), self.office, self.office.procedures["B"])

    def history(self) -> History:
        return History(document=DOCUMENT, id=ID, base={}, changes=tuple(self.changes), published_tree=None)

    def _next(self) -> str:
        self.version += 1
        return f"{self.version:040x}"

    def _add(self, person: str, *moves: Move, trailers: Mapping[str, str] | None = None, **more: object) -> None:
        known = self.office.people.get({"samaran": "redaktur"}.get(person, person))
        email = {"samaran": "admin@kantor.invalid"}.get(person) or (known.emails[0] if known else "luar@x.invalid")
        prints = signature.fingerprint(known.keys[0]) if known else {"luar": "SHA256:asing", "tanpa": ""}[person]
        if person == "tanpa":
            email = "redaktur@kantor.invalid"
        facts: dict[str, object] = {
            "commit": f"c{len(self.changes)}",
            "parents": 1,
            "author": email,
            "committer": email,
            "time": NOON + timedelta(minutes=len(self.changes)),
            "fingerprint": prints,
            "trailers": {name: (value,) for name, value in (trailers or {}).items()},
            "moves": moves,
        }
        self.changes.append(Change(**(facts | more)))  # type: ignore[arg-type] -- facts are written out above

    def _edit(self, person: str, shelf: Shelf) -> None:
        tree = self._next()
        self._add(person, Move(shelf=shelf, before=self.tree, after=tree))
        self.tree, self.shelf = tree, shelf

    def _menulis(self, person: str) -> None:
        self._edit(person, Shelf.DRAFTS)

    def _mengoreksi(self, person: str) -> None:
        self._edit(person, Shelf.REVIEW)

    def _mengubah_terbitan(self, person: str) -> None:
        self._edit(person, Shelf.CONTENT)

    def _rename(self, person: str, target: Shelf, **more: object) -> None:
        assert self.shelf is not None
        leave, land = (
            Move(shelf=self.shelf, before=self.tree, after=None),
            Move(shelf=target, before=None, after=self.tree),
        )
        self._add(person, leave, land, **more)
        self.shelf = target

    def _mengajukan(self, person: str) -> None:
        self._rename(person, Shelf.REVIEW)

    def _menerbitkan(self, person: str) -> None:
        self._rename(person, Shelf.CONTENT)

    def _menarik_pengajuan(self, person: str) -> None:
        self._rename(person, Shelf.DRAFTS)

    def _mengajukan_bertanggal_mundur(self, person: str) -> None:
        self._rename(person, Shelf.REVIEW, time=NOON - timedelta(days=400))

    def _decide(self, person: str, ruling: str, **changes: str) -> None:
        role = {
            "kasubag-ptip": "kasubag-ptip",
            "admin": "redaktur",
            "sekretaris": "redaktur",
            "penerbit": "redaktur",
        }.get(person, "redaktur")
        trailers = {"Id": ID, "Dokumen": DOCUMENT, "Sidik": str(self.tree), "Peran": role, "Keputusan": ruling}
        self._add(person, trailers=trailers | changes)

    def _setuju(self, person: str) -> None:
        self._decide(person, "disetujui")

    def _setuju_isi_lama(self, person: str) -> None:
        self._decide(person, "disetujui", Sidik="f" * 40)

    def _setuju_naskah_lain(self, person: str) -> None:
        self._decide(person, "disetujui", Dokumen="berita/2026/lain")

    def _setuju_id_lain(self, person: str) -> None:
        self._decide(person, "disetujui", Id="2026zzzzzz")

    def _setuju_ganda(self, person: str) -> None:
        self._decide(person, "disetujui")
        last = self.changes[-1]
        self.changes[-1] = replace(last, trailers={**last.trailers, "Keputusan": ("disetujui", "disetujui")})

    def _mengembalikan(self, person: str) -> None:
        self._decide(person, "dikembalikan", Alasan="bahasa: belum jelas")
        self._rename(person, Shelf.DRAFTS)

    def _menarik(self, person: str) -> None:
        self._decide(person, "ditarik kembali")

    def _diam(self, person: str) -> None:
        self._add(person)

    def _menggabungkan(self, person: str) -> None:
        self._add(person, parents=2)

    def _menyalin_ke_pemeriksaan(self, person: str) -> None:
        self._add(person, Move(shelf=Shelf.REVIEW, before=None, after=self.tree))

    def _menghapus(self, person: str) -> None:
        self._add(person, Move(shelf=Shelf.DRAFTS, before=self.tree, after=None))

    def _odd(self, person: str, word: str) -> None:
        smuggled = {
            "menyelipkan-berkas": {"strays": ("content/index.md",)},
            "menyelipkan-aturan": {"strays": ("office/people.yml",)},
            "menyelipkan-symlink": {"forbidden": (f"drafts/{DOCUMENT}/rahasia.jpg",)},
        }[word]
        self._add(person, Move(shelf=Shelf.DRAFTS, before=None, after=self._next()), **smuggled)


def outcome(standing: Standing) -> str:
    if standing.refusals:
        return standing.refusals[0].code
    return "disetujui" if standing.approved else f"menunggu {standing.position.role}"


@pytest.mark.parametrize(("case", "way", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_table_of_cases_in_the_documentation_holds(case: str, way: str, expected: str, office: Office) -> None:
    told = Way(office=office)
    for act in way.split(";"):
        person, word = act.split()
        told.go({"kasubag": "kasubag-ptip"}.get(person, person), word)
    assert outcome(told.standing()) == expected, case


def test_the_table_is_not_empty() -> None:
    assert len(CASES) > 40


def _told(office: Office, text: str) -> Way:
    told = Way(office=office)
    for act in re.split(r";\s*", text):
        told.go(*act.split())
    return told


def test_an_approval_names_the_acting_official(office: Office) -> None:
    told = _told(office, "admin menulis; admin mengajukan; plh setuju")
    assert [(d.person, d.role, d.acting) for d in told.standing().approvals] == [("plh", "redaktur", "Plh")]


def test_a_correction_voids_the_approvals_and_says_which(office: Office) -> None:
    told = _told(office, "admin menulis; admin mengajukan; redaktur setuju; kasubag-ptip setuju; admin mengoreksi")
    standing = told.standing()
    assert standing.approvals == ()
    assert [held.role for held in standing.voided] == ["redaktur", "kasubag-ptip"]


def test_a_document_that_changed_on_main_meanwhile_is_refused(office: Office) -> None:
    told = _told(office, "admin menulis; admin mengajukan; redaktur setuju; kasubag-ptip setuju")
    changed = replace(told.history(), published_tree="e" * 40)
    standing = judge(changed, office, office.procedures["B"])
    assert [refusal.code for refusal in standing.refusals] == ["stale-base"]
    assert not standing.approved


def test_the_author_of_an_earlier_edition_is_not_the_author_of_this_one(office: Office) -> None:
    told = Way(office=office, tree="1" * 40, shelf=Shelf.CONTENT)
    told.go("redaktur", "menarik-pengajuan")
    told.go("admin", "menulis")
    for act in ("admin mengajukan", "redaktur setuju", "kasubag-ptip setuju"):
        told.go(*act.split())
    history = replace(told.history(), base={Shelf.CONTENT: "1" * 40}, published_tree="1" * 40)
    assert judge(history, office, office.procedures["B"]).approved


def test_a_change_older_than_the_main_that_it_started_from_is_backdated(office: Office) -> None:
    told = _told(office, "admin menulis")
    late = replace(told.history(), since=NOON + timedelta(days=1))
    assert [r.code for r in judge(late, office, office.procedures["B"]).refusals] == ["backdated"]


def test_a_changed_id_is_refused(office: Office) -> None:
    told = _told(office, "admin menulis; admin mengajukan")
    other = replace(told.history(), first_id="2026zzzzzz")
    assert [r.code for r in judge(other, office, office.procedures["B"]).refusals] == ["changed-id"]


@pytest.mark.parametrize(
    ("days", "code"), [(0, None), (30, "role-ended"), (-1, "decided-later")], ids=["in time", "Plh ended", "before"]
)
def test_approvals_are_judged_again_when_the_document_is_published(office: Office, days: int, code: str | None) -> None:
    standing = _told(office, "admin menulis; admin mengajukan; plh setuju; kasubag-ptip setuju").standing()
    found = objection_at(standing, office, NOON + timedelta(days=days, hours=1))
    assert (found.code if found else None) == code


def test_every_refusal_has_a_sentence_and_a_remedy(office: Office) -> None:
    for _, way, _ in CASES:
        told = Way(office=office)
        for act in way.split(";"):
            person, word = act.split()
            told.go({"kasubag": "kasubag-ptip"}.get(person, person), word)
        for refusal in told.standing().refusals:
            assert refusal.message.endswith(".")
            assert refusal.hint.endswith(".")
