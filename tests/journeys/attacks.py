"""The list of attacks, and docs/serangan.md that is made from it.

An attack is one function that takes its steps with plain Git (``attacker``) and gives the references to push: the same
action in its legal form, and as the attack. The decorator says what the table says: a title, the class, the code by
which each point refuses, and why. The definitions stand in ``attacks_on_decisions``, ``attacks_on_policy``,
``attacks_on_documents`` and ``attacks_on_history``; ``test_attacks`` runs them. Nothing here knows the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from attacker import Attacker

    Build = Callable[..., list[str]]

DECIDERS: Final = ("redaktur", "kasubag-ptip")
PEOPLE: Final = "office/people.yml"
SITE: Final = "office/site.yml"


class Said(str):
    """Where a refusal carries no code of ours: the words by which it is known."""

    __slots__ = ()


class Apart(str):
    """A code that a test of its own shows."""

    __slots__ = ()


class Nowhere(str):
    """Why an attack does not reach a point."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack. ``hook``, ``publish`` and ``deploy`` are the codes expected there.

    ``branch`` is what ``publish NASKAH`` answers where only the document's branch was pushed and nothing was merged by hand
    (empty: that branch is flawless). ``build`` is the definition.
    """

    name: str
    title: str
    of: str
    why: str
    hook: str
    publish: str
    deploy: str
    branch: str
    build: Build


ATTACKS: Final[list[Attack]] = []

CLASSES: Final = {
    "push after approval": "Perubahan sesudah disetujui",
    "self-approval": "Menyetujui karya sendiri",
    "co-author approves": "Penulis kedua menyetujui",
    "second key or account of one person": "Kunci atau akun kedua",
    "wrong order": "Urutan terbalik",
    "forged trailer": "Keterangan palsu pada keputusan",
    "unsigned or foreign-signed decision": "Tanpa tanda tangan, atau tanda tangan orang lain",
    "decision for another document or tree": "Keputusan untuk naskah atau isi lain",
    "replay of an old decision": "Keputusan lama dipakai lagi",
    "policy edit in the same proposal": "Aturan diubah bersama naskah",
    "policy rollback": "Aturan dibatalkan atau diambil alih",
    "retired key with backdated commit": "Kunci yang sudah dicabut",
    "expired acting period": "Masa Plh yang sudah berakhir",
    "backdated acting period": "Tanggal yang dibuat-buat",
    "evil merge": "Penggabungan yang menyisipkan sesuatu",
    "squash/rebase/force push/delete": "Riwayat diringkas, dipindahkan, ditimpa, dihapus",
    "stale base with the same page changed": "Dasar yang sudah usang",
    "symlink/submodule/exec bit": "Yang bukan berkas biasa",
    "bidi or case-clash file name": "Nama berkas yang menyesatkan",
    "refs/replace, grafts, alternates": "Riwayat yang disamarkan",
    "other signature format": "Bentuk tanda tangan lain",
    "bot approval": "Mesin memberi suara",
    "machine key voting": "Kunci mesin tanpa keputusan",
    "two publishes at once": "Dua penerbitan bersamaan",
    "direct commit to content/ on main": "Perubahan langsung pada main",
    "workflow edited in the proposal": "Alur kerja otomatis diubah bersama naskah",
    "secret in an intermediate commit": "Data pribadi di riwayat",
    "slug or kind swapped with the same tree": "Alamat atau jenis ditukar",
    "decision made on the drafts shelf": "Keputusan di meja penulis",
    "document on two shelves": "Naskah di dua tempat",
    "shallow clone": "Salinan sebagian",
    "line-ending conversion": "Akhir baris berubah",
    "forged records commit": "Catatan mesin dipalsukan",
    "same tree approved under another id": "Nomor naskah ditukar",
    "withdrawal": "Penarikan halaman",
    "decision on paper": "Keputusan di atas kertas",
    "opening of the office": "Pembukaan kantor",
    "foreign reference": "Yang tidak disimpan server",
}
"""The classes of attack by their English names, and what people call them. The last four are ours."""
FORGE: Final = {
    "forged status of the same name": "status hijau palsu dengan nama yang sama",
    "retargeted base": "usulan yang dialihkan ke cabang lain",
    "dismissed review": "persetujuan yang dihapus di forge",
    "truncated API answer": "jawaban API yang terpotong",
    "API down": "API yang tidak dapat dihubungi",
}
"""Classes that only a forge can show: there is no forge yet, hence no test."""


def attack(
    title: str,
    *,
    of: str,
    why: str,
    code: str = "",
    hook: str = "",
    publish: str = "",
    deploy: str = "",
    branch: str = "",
) -> Callable[[Build], Build]:
    """Enter a definition in the list; a point that is not named refuses by ``code``, ``deploy`` as ``publish`` does."""

    def enter(build: Build) -> Build:
        ATTACKS.append(
            Attack(
                name=build.__name__.replace("_", "-"),
                title=title,
                of=of,
                why=why,
                hook=hook or code,
                publish=publish or code,
                deploy=deploy or publish or code,
                branch=branch,
                build=build,
            )
        )
        return build

    return enter


# -- what several definitions share --


def edition(hand: Attacker, old: str, new: str, *, when: int = 0) -> Attacker:
    """A new edition of the page, approved."""
    return hand.reopen(when=when).edit("admin", old, new).submit().approve(*DECIDERS)


def people(hand: Attacker, old: str, new: str) -> bytes:
    """people.yml with one thing replaced."""
    text = hand.shop.read(f"{hand.main}:{PEOPLE}")
    assert old in text
    return text.replace(old, new).encode()


def patience(hand: Attacker, days: int) -> dict[str, bytes]:
    """A harmless change of policy: after how many days a document is called waiting."""
    text = hand.shop.read(f"{hand.main}:{SITE}")
    before, key, after = text.partition("waktu_tunggu: ")
    return {SITE: f"{before}{key}{days}{after[1:]}".encode()}


def published_once(hand: Attacker) -> str:
    """The office after one publication; gives main as it was before."""
    old = hand.main
    hand.approve(*DECIDERS).land()
    hand.before.pop(hand.ref)
    hand.so_far()
    return old


# -- the page --

_INTRO: Final = """# Serangan yang dicoba dan ditolak

Halaman ini dibuat dari pengujian (`tests/journeys/`): setiap baris adalah uji yang dijalankan, bukan janji. Setiap serangan
dibuat dengan `git` dan `ssh-keygen` biasa; bentuk sahnya diterima lebih dahulu, baru serangannya ditolak, dan tidak ada
yang berubah.

- **penjaga**: kiriman ke server kantor yang dijaga (`redaksi hook install`) ditolak sebelum ada cabang yang bergerak.
- **publish** dan **deploy**: server yang sama *tanpa* penjaga sudah menerima semuanya; perintahnya menolak, main tidak
  bergerak, dan tidak ada yang tayang. *Naskah saja* berarti hanya cabang naskahnya yang dikirim, tanpa penggabungan.

Tulisan seperti `votes-twice` adalah kode penolakannya; yang bertanda kutip adalah kata-kata penolakan yang tidak berkode.
Kapan sebuah keputusan berlaku, kasus demi kasus, tertulis di [Tabel keputusan](keputusan.md).
"""
_OUTRO: Final = """## Yang memerlukan forge

Belum ada forge yang dilayani, jadi yang berikut ini belum dapat dicoba dan belum diuji: {forge}.

## Yang tidak dapat dicegah

- **Orang yang masuk ke server kantor** dapat melewati penjaga. Yang tersisa: salinan kedua memutar ulang seluruh riwayat
  (`redaksi verify`), dan `deploy` menolak main yang tidak terbukti. Cabang naskah yang ia hapus tidak terlihat lagi dari
  main; salinan yang pernah melihatnya masih menyimpannya (`redaksi recover`).
- **Kunci beserta kata sandinya yang dicuri** tidak dapat dibedakan dari pemiliknya, sampai kunci itu dicabut.
- **Dua orang yang bersekongkol**, misalnya Redaktur dan Kasubag PTIP, dapat menerbitkan apa saja; yang tersisa adalah
  tanda tangan keduanya. Begitu pula yang memasukkan dan yang mencocokkan lembar kertas, dan kedua pembuka kantor.
- **Pembukaan pertama dipercaya begitu saja** oleh salinan yang baru. Cocokkan nomornya dengan yang disimpan kantor:
  `redaksi verify --opening NOMOR`.
- **Tanggal adalah kata penanda tangan**, kecuali server mencatat waktu penerimaannya (`redaksi hook install --key`).
"""


def documentation() -> str:
    """The text of docs/serangan.md."""
    chapters = [_INTRO]
    for name, heading in CLASSES.items():
        rows = [_row(found) for found in ATTACKS if found.of == name]
        title = f"## {heading}" + ("" if heading.lower() == name else f" (*{name}*)")
        chapters.append("\n".join([title, "", _HEAD, *rows, ""]))
    return "\n".join([*chapters, _OUTRO.format(forge="; ".join(FORGE.values()))])


_HEAD: Final = "| serangan | penjaga | publish | deploy | mengapa |\n|---|---|---|---|---|"


def _row(found: Attack) -> str:
    alone = f"; naskah saja: {_code(found.branch)}" if found.branch not in {"", found.publish} else ""
    cells = (found.title, _code(found.hook), _code(found.publish) + alone, _code(found.deploy), found.why)
    return f"| {' | '.join(cells)} |"


def _code(expected: str) -> str:
    match expected:
        case Nowhere():
            return f"– ({expected})"
        case Said():
            return f"“{expected}”"
        case _:
            return f"`{expected}`"
