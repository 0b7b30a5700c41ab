"""Attacks on the rules of the office and on its opening."""

from __future__ import annotations

from typing import Final

from attacker import MAIN, PAGE, Attacker
from attacks import DECIDERS, PEOPLE, SITE, Nowhere, Said, attack, patience, people

# -- policy --


@attack(
    "Daftar orang diubah bersama naskah",
    of="policy edit in the same proposal",
    code="not-one-document",
    branch="policy-in-document",
    why="Aturan kantor tidak pernah ikut bersama naskah.",
)
def policy_edit_in_the_same_proposal(hand: Attacker, *, evil: bool) -> list[str]:
    return along(hand, PEOPLE, people(hand, "peran: [admin]", "peran: [admin, redaktur]"), evil=evil)


@attack(
    "Alur kerja otomatis diubah bersama naskah",
    of="workflow edited in the proposal",
    code="not-one-document",
    branch="policy-in-document",
    why="Program dan alur kerja adalah aturan: perubahannya berjalan sendiri.",
)
def workflow_edited_in_the_proposal(hand: Attacker, *, evil: bool) -> list[str]:
    return along(hand, ".github/workflows/gate.yml", b"on: push\n", evil=evil)


def along(hand: Attacker, file: str, data: bytes, *, evil: bool) -> list[str]:
    """A file that travels with the document, or goes its own way with the quorum."""
    if not evil:
        return hand.propose("usulan", {file: data}).consent("pranata-komputer", "kasubag-ptip").enact()
    hand.be("admin").write({file: data}).approve(*DECIDERS)
    return hand.land(spoil={file: data})


@attack(
    "Aturan diselipkan di naskah, tidak di hasil gabungan",
    of="policy edit in the same proposal",
    code="policy-in-document",
    branch="policy-in-document",
    why="Setiap perubahan dalam riwayat naskah diperiksa, tidak hanya hasil akhirnya.",
)
def policy_hidden_in_the_branch(hand: Attacker, *, evil: bool) -> list[str]:
    if evil:
        hand.be("admin").write({SITE: b"x"})
    return hand.approve(*DECIDERS).land()


@attack(
    "Perubahan aturan dibatalkan sendirian",
    of="policy rollback",
    code="no-quorum",
    why="Mengembalikan aturan lama adalah perubahan aturan: perlu kuorum yang sama.",
)
def policy_reverted_alone(hand: Attacker, *, evil: bool) -> list[str]:
    hand.propose("lebih-sabar", patience(hand, 2)).consent("pranata-komputer", "kasubag-ptip").enact()
    hand.so_far().propose("semula", patience(hand, 1)).consent("pranata-komputer")
    return hand.enact() if evil else hand.consent("kasubag-ptip").enact()


@attack(
    "Satu orang mengisi dua kursi kuorum",
    of="policy rollback",
    code="votes-twice",
    why="Kuorum diisi orang yang berbeda.",
)
def one_person_fills_both_seats(hand: Attacker, *, evil: bool) -> list[str]:
    hand.propose("lebih-sabar", patience(hand, 2)).consent("kasubag-ptip")
    if evil:
        return hand.consent("kasubag-ptip", role="kasubag-ptip").enact()
    return hand.consent("pranata-komputer").enact()


@attack(
    "Usulan aturan diubah sesudah disetujui",
    of="policy rollback",
    code="no-quorum",
    why="Persetujuan atas aturan juga menyebut sidik isinya.",
)
def policy_changed_after_approval(hand: Attacker, *, evil: bool) -> list[str]:
    hand.propose("lebih-sabar", patience(hand, 2))
    later = patience(hand, 9)
    if not evil:
        hand.write(later)
    hand.consent("pranata-komputer", "kasubag-ptip")
    return (hand.be("pranata-komputer").write(later) if evil else hand).enact()


@attack(
    "Aturan berlindung di balik data harian",
    of="policy rollback",
    code="no-quorum",
    why="Satu tanda tangan hanya cukup bila semua berkasnya data harian.",
)
def policy_behind_everyday_data(hand: Attacker, *, evil: bool) -> list[str]:
    cloak = {"office/holidays.yml": hand.shop.read(f"{hand.main}:office/holidays.yml").encode() + b"# diperiksa\n"}
    return hand.propose("libur", {**cloak, **(patience(hand, 2) if evil else {})}).consent("pranata-komputer").enact()


@attack(
    "Hasil gabungan memuat aturan lain daripada usulannya",
    of="evil merge",
    code="other-bytes",
    why="Yang masuk main harus tepat usulan yang disetujui.",
)
def evil_merge_of_policy(hand: Attacker, *, evil: bool) -> list[str]:
    later = patience(hand, 9)
    hand.propose("lebih-sabar", patience(hand, 2)).consent("pranata-komputer", "kasubag-ptip")
    if not evil:
        return hand.enact()
    proposal = hand.tip
    hand.write(later)
    tree = hand.shop.blended(hand.main, hand.tip)
    hand.be("penerbit").commit(tree, "Aturan berlaku", parents=[hand.main, proposal])
    return [f"{hand.tip}:{MAIN}"]


@attack(
    "Perubahan aturan yang merusak berkas kantor",
    of="policy rollback",
    hook="broken-office",
    code=Said("office/people.yml baris 2"),
    why="Kantor yang tidak dapat dibaca tidak dapat memutuskan apa pun lagi, juga tidak memperbaikinya.",
)
def policy_that_breaks_the_office(hand: Attacker, *, evil: bool) -> list[str]:
    change = {PEOPLE: b"orang: [\n"} if evil else patience(hand, 2)
    return hand.propose("usulan", change).consent("pranata-komputer", "kasubag-ptip").enact()


@attack(
    "Kantor yang rusak diperbaiki siapa saja",
    of="policy rollback",
    code="broken-office",
    why="Sesudah berkas kantor rusak, tidak ada orang yang dikenal yang dapat menyetujui perbaikannya.",
)
def broken_office_mended_by_anybody(hand: Attacker, *, evil: bool) -> list[str]:
    sound = hand.shop.read(f"{hand.main}:{PEOPLE}").encode()
    broken = {PEOPLE: b"orang: [\n"} if evil else patience(hand, 2)
    refs = hand.propose("rusak", broken).consent("pranata-komputer", "kasubag-ptip").enact()
    if not evil:
        return refs
    main, hand.before[MAIN] = hand.main, hand.tip
    refs = hand.propose("perbaiki", {PEOPLE: sound}).consent("pranata-komputer", "kasubag-ptip").enact()
    hand.before[MAIN] = main
    return refs


@attack(
    "Usulan lama atas aturan yang sudah berubah",
    of="policy rollback",
    code="stale-policy",
    why="Usulan dinilai terhadap aturan yang dibaca penyetujunya; aturan yang berubah membatalkannya.",
)
def stale_policy(hand: Attacker, *, evil: bool) -> list[str]:
    old = hand.propose("lebih-sabar", patience(hand, 2)).consent("pranata-komputer", "kasubag-ptip").tip
    workflow = {".github/workflows/uji.yml": b"on: push\n"}
    hand.propose("uji", workflow).consent("pranata-komputer", "kasubag-ptip").enact()
    hand.so_far()
    if evil:
        return hand.at(old).enact()
    return hand.propose("lebih-sabar", patience(hand, 2)).consent("pranata-komputer", "kasubag-ptip").enact()


# -- the opening --


def sign_opening(hand: Attacker, *signers: tuple[str, str]) -> list[str]:
    """Opening signatures, each by a person with a key, on top of what stands here."""
    for person, key in signers:
        hand.be(person, key=key)
        hand.commit(text=f"Pembukaan kantor\n\nPembukaan: {hand.shop.object_at(f'{hand.tip}^{{tree}}')}")
    return [f"{hand.tip}:{MAIN}"]


def unopened(hand: Attacker) -> Attacker:
    """The office before it was opened."""
    hand.opened = False
    hand.before = {MAIN: hand.shop.unopened}
    return hand.at(hand.main)


RIGHT: Final = (("kasubag-ptip", "kasubag-ptip"), ("sekretaris", "sekretaris"))


@attack(
    "Kantor dibuka ulang dengan orang sendiri",
    of="policy rollback",
    hook="direct-commit",
    code="direct-commit",
    why="Pembukaan ulang diadili menurut orang dari pembukaan sebelumnya.",
)
def opening_again_with_ones_own_people(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        return sign_opening(unopened(hand), *RIGHT)
    swapped = {"kasubag-ptip": "admin", "admin": "kasubag-ptip", "sekretaris": "orang-luar"}
    text = hand.shop.read(f"{hand.main}:{PEOPLE}")
    for person in swapped:
        text = text.replace(hand.shop.public(person), f"<{person}>")
    for person, key in swapped.items():
        text = text.replace(f"<{person}>", hand.shop.public(key))
    hand.at(hand.main).be("admin").write({PEOPLE: text.encode()})
    return sign_opening(hand, ("kasubag-ptip", "admin"), ("sekretaris", "orang-luar"))


@attack(
    "Kantor dibuka ulang oleh yang tidak berhak",
    of="opening of the office",
    hook="other-opening",
    code="direct-commit",
    why="Yang membuka kantor ialah Kasubag PTIP dan atasannya; server memegang pembukaan yang pertama.",
)
def opening_again_without_the_right(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        return sign_opening(unopened(hand), *RIGHT)
    return sign_opening(hand.at(hand.main), ("admin", "admin"), ("redaktur", "redaktur"))


@attack(
    "Kantor dibuka ulang dengan kunci yang sudah dicabut",
    of="retired key with backdated commit",
    hook="other-opening",
    code="direct-commit",
    why="Kunci yang dicabut tidak membuka apa pun lagi.",
)
def opening_again_with_retired_keys(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        return sign_opening(unopened(hand), *RIGHT)
    text = hand.shop.read(f"{hand.main}:{PEOPLE}")
    for person, key in (("kasubag-ptip", "pengganti"), ("sekretaris", "orang-luar")):
        text = text.replace(hand.shop.public(person), hand.shop.public(key))
    hand.propose("pejabat-baru", {PEOPLE: text.encode()}).consent("pranata-komputer", "kasubag-ptip").enact()
    hand.so_far()
    return sign_opening(hand, *RIGHT)


NOT_YET: Final = Nowhere("sebelum dibuka, main memang boleh disiapkan")


@attack(
    "Kantor dibuka oleh satu orang",
    of="opening of the office",
    hook=NOT_YET,
    code="office-not-open",
    why="Pembukaan memerlukan dua orang; satu orang dua kali bukan pembukaan.",
)
def opening_by_one_person(hand: Attacker, *, evil: bool) -> list[str]:
    return sign_opening(unopened(hand), RIGHT[0], RIGHT[0] if evil else RIGHT[1])


@attack(
    "Pembukaan yang juga mengubah isi",
    of="opening of the office",
    hook=NOT_YET,
    code="office-not-open",
    why="Kedua penanda tangan membuka keadaan yang sama; perubahan di antaranya membatalkan tanda tangan pertama.",
)
def opening_that_changes_something(hand: Attacker, *, evil: bool) -> list[str]:
    sign_opening(unopened(hand), RIGHT[0])
    if evil:
        page = f"content/{PAGE}/index.md"
        text = f"{hand.shop.read(f'{hand.tip}:{page}')}\nDisisipkan.\n".encode()
        hand.be("sekretaris")
        tree = hand.shop.changed(f"{hand.tip}^{{tree}}", {page: text})
        hand.commit(tree, f"Pembukaan kantor\n\nPembukaan: {tree}")
        return [f"{hand.tip}:{MAIN}"]
    return sign_opening(hand, RIGHT[1])
