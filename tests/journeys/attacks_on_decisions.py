"""Attacks on decisions: who takes them, what they say, how and when they are signed, also on paper and to take a page down."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from attacker import DOCUMENT, PAGE, PAGE_ID, PATH, Attacker, lines
from attacks import DECIDERS, PEOPLE, Nowhere, attack, edition, people

# -- who decides --


@attack(
    "Perubahan sesudah disetujui",
    of="push after approval",
    code="published-early",
    branch="changed-after-approval",
    why="Persetujuan berlaku untuk sidik isi; satu huruf yang berubah membatalkannya.",
)
def push_after_approval(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        hand.edit("admin")
    hand.approve(*DECIDERS)
    if evil:
        hand.edit("admin")
    return hand.land()


@attack(
    "Isi diubah sambil dipindahkan ke tempat terbit",
    of="push after approval",
    code="two-shelves",
    why="Pemindahan ke tempat terbit hanya sah bila isinya tetap sama.",
)
def push_while_promoting(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve(*DECIDERS)
    if not evil:
        return hand.land()
    text = hand.text + "\nDisisipkan.\n"
    moved = {f"review/{hand.path}/index.md": None, f"content/{hand.path}/index.md": text.encode()}
    hand.be("penerbit").write(moved, "Ke content").shelf = "content"
    return hand.merge()


@attack(
    "Penulis menyetujui naskahnya sendiri",
    of="self-approval",
    code="author-decides",
    branch="author-decides",
    why="Yang menulis tidak memutuskan, apa pun jabatannya.",
)
def self_approval(hand: Attacker, *, evil: bool) -> list[str]:
    author = "redaktur" if evil else "admin"
    return hand.draft(author).submit(author).approve(*DECIDERS).land()


@attack(
    "Penulis kedua menyetujui",
    of="co-author approves",
    code="author-decides",
    branch="author-decides",
    why="Siapa pun yang ikut menulis draf adalah penulis.",
)
def co_author_approves(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.draft().edit("redaktur" if evil else "admin").submit().approve(*DECIDERS).land()


@attack(
    "Dua kunci, dua jabatan, satu orang",
    of="second key or account of one person",
    code="votes-twice",
    branch="votes-twice",
    why="Satu orang satu suara, berapa pun kunci dan jabatannya.",
)
def second_key_of_one_person(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur", key="redaktur-kedua").decide("redaktur")
    return hand.be("redaktur" if evil else "kasubag-ptip").decide("kasubag-ptip").land()


@attack(
    "Dua akun, dua jabatan, satu orang",
    of="second key or account of one person",
    code="votes-twice",
    branch="votes-twice",
    why="Semua alamat surel seseorang adalah orang yang sama.",
)
def second_account_of_one_person(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur", mail="redaktur.lama@kantor.invalid").decide("redaktur")
    return hand.be("redaktur" if evil else "kasubag-ptip").decide("kasubag-ptip").land()


@attack(
    "Kasubag mendahului Redaktur",
    of="wrong order",
    code="wrong-order",
    branch="wrong-order",
    why="Urutan SOP: Redaktur, kemudian Kasubag PTIP.",
)
def wrong_order(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.approve(*(DECIDERS[::-1] if evil else DECIDERS)).land()


@attack(
    "Mesin memberi suara",
    of="bot approval",
    code="machine-votes",
    branch="machine-votes",
    why="Mesin hanya memindahkan dan mencatat; mesin tidak memiliki suara.",
)
def machine_votes(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.be("gate" if evil else "redaktur").decide("redaktur").approve("kasubag-ptip").land()


@attack(
    "Mesin menerbitkan tanpa keputusan",
    of="machine key voting",
    code="published-early",
    branch="not-approved",
    why="Kunci mesin hanya membawa yang sudah disetujui orang.",
)
def machine_publishes_unapproved(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.land() if evil else hand.approve(*DECIDERS).land()


@attack(
    "Persetujuan yang sudah ditarik tetap dipakai",
    of="replay of an old decision",
    code="published-early",
    branch="not-approved",
    why="Keputusan yang ditarik sebelum terbit tidak berlaku lagi.",
)
def retracted_decision(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve(*DECIDERS).be("kasubag-ptip").decide("kasubag-ptip", Keputusan="ditarik kembali")
    return hand.land() if evil else hand.approve("kasubag-ptip").land()


LEFT_OUT: Final = "unfinished-branch"


def withheld(hand: Attacker) -> str:
    """Both approved and the Kasubag took it back, on the server; gives the state before that."""
    approved = hand.approve(*DECIDERS).tip
    hand.be("kasubag-ptip").decide("kasubag-ptip", Keputusan="ditarik kembali")
    hand.before[hand.ref] = hand.tip
    return approved


@attack(
    "Keadaan sebelum keputusan ditarik yang digabungkan",
    of="replay of an old decision",
    code=LEFT_OUT,
    why="Yang digabungkan harus seluruh naskah di server, termasuk penarikan dan pengembalian sesudahnya.",
)
def retraction_left_out(hand: Attacker, *, evil: bool) -> list[str]:
    approved = withheld(hand)
    return hand.at(approved).land()[:1] if evil else hand.approve("kasubag-ptip").land()


NOT_SEEN: Final = Nowhere("yang dihapus dari server tanpa penjaga tidak terlihat lagi")


@attack(
    "Penarikan keputusan dihilangkan lewat cabang baru",
    of="replay of an old decision",
    hook=LEFT_OUT,
    publish=NOT_SEEN,
    why="Naskah yang dimulai lagi dimulai tanpa keputusan lama.",
)
def retraction_left_out_by_a_new_branch(hand: Attacker, *, evil: bool) -> list[str]:
    approved, server = withheld(hand), dict(hand.before)
    again = approved if evil else hand.draft("redaktur").edit("admin").tip
    hand.before = server
    return [f":{hand.ref}", f"{again}:{hand.ref}-2"]


@attack(
    "Naskah yang ditutup dihidupkan dari keadaan lama",
    of="replay of an old decision",
    hook=LEFT_OUT,
    publish=NOT_SEEN,
    why="Naskah dari arsip kembali tepat seperti keadaannya terakhir, termasuk penutupannya.",
)
def closed_document_revived(hand: Attacker, *, evil: bool) -> list[str]:
    approved = withheld(hand)
    archive, last = f"refs/heads/arsip/{DOCUMENT}", hand.before.pop(hand.ref)
    hand.before[archive] = last
    return [f"{approved}:{hand.ref}"] if evil else [f"{last}:{hand.ref}", f":{archive}"]


# -- what a decision says, and who signed it --


@attack(
    "Jabatan palsu pada catatan keputusan",
    of="forged trailer",
    code="wrong-role",
    branch="wrong-role",
    why="Jabatan dibaca dari office/people.yml menurut kunci penanda tangan, bukan dari kata-kata keputusan.",
)
def forged_trailer(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.be("sekretaris" if evil else "redaktur").decide("redaktur").approve("kasubag-ptip").land()


@attack(
    "Keputusan ditulis dua kali dalam satu catatan",
    of="forged trailer",
    code="unknown-act",
    branch="unknown-act",
    why="Keputusan yang dapat dibaca dua cara bukan keputusan.",
)
def doubled_trailer(hand: Attacker, *, evil: bool) -> list[str]:
    word = "dikembalikan\nKeputusan: disetujui" if evil else "disetujui"
    return hand.be("redaktur").decide("redaktur", Keputusan=word).approve("kasubag-ptip").land()


@attack(
    "Keputusan tanpa tanda tangan",
    of="unsigned or foreign-signed decision",
    code="unsigned",
    branch="unsigned",
    why="Tanpa tanda tangan orangnya sendiri tidak ada keputusan.",
)
def unsigned_decision(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve("redaktur").be("kasubag-ptip", key="" if evil else "kasubag-ptip")
    return hand.decide("kasubag-ptip").land()


@attack(
    "Keputusan dengan kunci yang tidak terdaftar",
    of="unsigned or foreign-signed decision",
    code="unknown-key",
    branch="unknown-key",
    why="Hanya kunci di office/people.yml pada main yang dikenal.",
)
def foreign_signed_decision(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur", key="orang-luar" if evil else "redaktur")
    return hand.decide("redaktur").approve("kasubag-ptip").land()


@attack(
    "Keputusan atas nama orang lain",
    of="unsigned or foreign-signed decision",
    code="signer-is-not-author",
    branch="signer-is-not-author",
    why="Penulis, pencatat, dan penanda tangan harus orang yang sama.",
)
def decision_in_anothers_name(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve("redaktur").be("kasubag-ptip", key="redaktur" if evil else "kasubag-ptip")
    return hand.decide("kasubag-ptip").land()


@attack(
    "Naskah ditulis tanpa tanda tangan",
    of="unsigned or foreign-signed decision",
    code="unsigned",
    branch="unsigned",
    why="Setiap perubahan naskah bertanda tangan, tidak hanya keputusannya.",
)
def unsigned_edit(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("admin", key="" if evil else "admin").file("index.md", f"{hand.text}\nBaris tambahan.\n".encode())
    return hand.approve(*DECIDERS).land()


@attack(
    "Keputusan untuk naskah lain",
    of="decision for another document or tree",
    code="other-document",
    branch="other-document",
    why="Keputusan menyebut nomor dan alamat naskahnya.",
)
def decision_for_another_document(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur").decide("redaktur", Dokumen="berita/2026/yang-lain" if evil else hand.path)
    return hand.approve("kasubag-ptip").land()


@attack(
    "Keputusan untuk isi lain",
    of="decision for another document or tree",
    code="other-tree",
    branch="other-tree",
    why="Sidik pada keputusan harus sidik isi saat itu.",
)
def decision_for_another_tree(hand: Attacker, *, evil: bool) -> list[str]:
    old = hand.tree
    hand.edit("admin").be("redaktur").decide("redaktur", Sidik=old if evil else hand.tree)
    return hand.approve("kasubag-ptip").land()


@attack(
    "Keputusan lama dipasang di atas isi baru",
    of="replay of an old decision",
    code="unsigned",
    branch="unsigned",
    why="Tanda tangan meliputi isi dan riwayat sebelumnya; dipindahkan ke tempat lain, tanda tangannya tidak cocok.",
)
def replay_of_an_old_decision(hand: Attacker, *, evil: bool) -> list[str]:
    submitted = hand.tip
    old = hand.approve("redaktur").payload()
    tree = hand.shop.object_at(f"{submitted}^{{tree}}")
    hand.at(submitted).edit("admin")
    if evil:
        now = hand.shop.object_at(f"{hand.tip}^{{tree}}")
        hand.raw(old.replace(tree.encode(), now.encode()).replace(submitted.encode(), hand.tip.encode()))
    else:
        hand.approve("redaktur")
    return hand.approve("kasubag-ptip").land()


@attack(
    "Persetujuan edisi lama dipakai menerbitkan lagi",
    of="replay of an old decision",
    code="foreign-branch",
    why="Satu naskah yang sudah digabungkan habis terpakai; edisi berikutnya memerlukan keputusan baru.",
)
def used_up_approvals(hand: Attacker, *, evil: bool) -> list[str]:
    edition(hand, "secara ringkas", "secara keliru").land()
    used = hand.shop.object_at(f"{hand.tip}^2")
    hand.so_far()
    edition(hand, "secara keliru", "secara ringkas").land()
    hand.so_far()
    if not evil:
        return edition(hand, "secara ringkas", "secara keliru").land()
    return hand.be("penerbit").at(used).merge()


@attack(
    "Persetujuan untuk nomor naskah lain",
    of="same tree approved under another id",
    code="other-document",
    branch="other-document",
    why="Isi yang sama di bawah nomor lain adalah naskah lain.",
)
def same_tree_under_another_id(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur").decide("redaktur", Id="2026cccccc" if evil else DOCUMENT)
    return hand.approve("kasubag-ptip").land()


@attack(
    "Satu nomor untuk dua naskah",
    of="same tree approved under another id",
    code="double-id",
    branch="double-id",
    why="Satu nomor naskah hanya milik satu alamat.",
)
def one_id_for_two_documents(hand: Attacker, *, evil: bool) -> list[str]:
    identity = DOCUMENT if evil else "2026cccccc"
    hand.approve(*DECIDERS).land()
    hand.before.pop(hand.ref)
    hand.so_far().draft(path="berita/2026/sidang-kedua", identity=identity)
    return hand.submit().approve(*DECIDERS).land()


@attack(
    "Nomor naskah ditukar pada edisi baru",
    of="same tree approved under another id",
    code="changed-id",
    branch="changed-id",
    why="Nomor naskah tidak pernah berubah.",
)
def changed_id(hand: Attacker, *, evil: bool) -> list[str]:
    hand.reopen().edit("admin")
    if not evil:
        return hand.submit().approve(*DECIDERS).land()
    hand.edit("admin", "id: 2026aaaaaa", "id: 2026cccccc").submit().identity = "2026cccccc"
    refs = hand.approve(*DECIDERS).land()
    hand.identity = PAGE_ID
    return refs


@attack(
    "Keputusan di meja penulis",
    of="decision made on the drafts shelf",
    code="not-in-review",
    branch="not-in-review",
    why="Yang diputuskan adalah naskah yang sudah diajukan.",
)
def decision_on_the_drafts_shelf(hand: Attacker, *, evil: bool) -> list[str]:
    hand.draft()
    if evil:
        return hand.approve(*DECIDERS).submit().land()
    return hand.submit().approve(*DECIDERS).land()


# -- formats of signatures --


@attack(
    "Tanda tangan dengan kunci RSA",
    of="other signature format",
    code="unsigned",
    branch="unsigned",
    why="Hanya satu bentuk tanda tangan yang dipercaya: SSH ed25519.",
)
def rsa_signature(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur", key="rsa" if evil else "redaktur").decide("redaktur")
    return hand.approve("kasubag-ptip").land()


def resigned(hand: Attacker, signature: bytes) -> None:
    """The commit here with another signature."""
    head, _, rest = hand.payload().partition(b"gpgsig ")
    _, end, message = rest.partition(b"-----END SSH SIGNATURE-----\n")
    assert end
    hand.raw(head + b"gpgsig " + b"\n ".join(signature.strip().split(b"\n")) + b"\n" + message)


@attack(
    "Tanda tangan berbentuk PGP",
    of="other signature format",
    code="unsigned",
    branch="unsigned",
    why="Bentuk lain tidak dibaca sebagai tanda tangan.",
)
def pgp_signature(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve("redaktur")
    if evil:
        armour = b"-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0WIQ==\n=AAAA\n-----END PGP SIGNATURE-----"
        resigned(hand, armour)
    return hand.approve("kasubag-ptip").land()


@attack(
    "Tanda tangan untuk keperluan lain",
    of="other signature format",
    code="unsigned",
    branch="unsigned",
    why="Tanda tangan atas berkas biasa tidak dapat dijadikan keputusan: tujuannya ikut ditandatangani.",
)
def signature_of_another_namespace(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve("redaktur")
    if evil:
        signed = hand.payload()
        unsigned = signed[: signed.index(b"gpgsig ")] + signed.partition(b"-----END SSH SIGNATURE-----\n")[2]
        resigned(hand, hand.shop.signed("redaktur", "file", unsigned))
    return hand.approve("kasubag-ptip").land()


# -- dates and periods --


@attack(
    "Kunci yang sudah dicabut, bertanggal mundur",
    of="retired key with backdated commit",
    code="unknown-key",
    branch="unknown-key",
    why="Yang berlaku adalah daftar kunci pada main sebelum penggabungan, bukan tanggal yang diketik.",
)
def retired_key_with_a_backdated_commit(hand: Attacker, *, evil: bool) -> list[str]:
    document = hand.tip
    public = hand.shop.public("redaktur-kedua")
    hand.propose("cabut-kunci", {PEOPLE: people(hand, f', "{public}"', "")}, when=hand.date(10))
    hand.consent("pranata-komputer", "kasubag-ptip").enact()
    hand.so_far().at(document)
    hand.be("redaktur", key="redaktur-kedua" if evil else "redaktur").decide("redaktur", when=hand.date(1))
    return hand.approve("kasubag-ptip").land(when=hand.date(11))


@attack(
    "Masa Plh berakhir sebelum terbit",
    of="expired acting period",
    code="role-ended",
    branch="role-ended",
    why="Jabatan dinilai pada hari keputusan dan sekali lagi pada hari terbit.",
)
def expired_acting_period(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("pranata-komputer" if evil else "ketua").decide("redaktur", when=hand.date(2))
    return hand.approve("kasubag-ptip").land(when=hand.date(12))


@attack(
    "Keputusan bertanggal mundur ke masa Plh",
    of="backdated acting period",
    code="backdated",
    branch="backdated",
    why="Keputusan tidak mungkin mendahului isi yang diputuskan.",
)
def backdated_acting_period(hand: Attacker, *, evil: bool) -> list[str]:
    hand.edit("admin", when=hand.date(10))
    hand.be("pranata-komputer" if evil else "ketua").decide("redaktur", when=hand.date(2 if evil else 11))
    return hand.approve("kasubag-ptip").land(when=hand.date(12))


@attack(
    "Keputusan dan penggabungan bertanggal mundur",
    of="backdated acting period",
    code="backdated",
    why="Langkah main tidak mungkin mendahului langkah sebelumnya.",
)
def decision_and_merge_backdated(hand: Attacker, *, evil: bool) -> list[str]:
    document = hand.approve("redaktur").tip
    edition(hand, "secara ringkas", "secara singkat").land(when=hand.date(10))
    hand.so_far().back_to(document)
    hand.be("pranata-komputer" if evil else "kasubag-ptip").decide("kasubag-ptip", when=hand.date(2))
    return hand.land(by=hand.person, when=hand.date(3 if evil else 11))


@attack(
    "Masa Plh yang belum mulai",
    of="backdated acting period",
    code="future-dated",
    why="Tanggal di masa depan tidak meminjam jabatan yang belum berlaku.",
)
def acting_period_that_has_not_begun(hand: Attacker, *, evil: bool) -> list[str]:
    when = hand.date(70 if evil else 2)
    hand.be("sekretaris" if evil else "ketua").decide("redaktur", when=when)
    return hand.approve("kasubag-ptip").land()


@attack(
    "Keputusan bertanggal sesudah terbit",
    of="backdated acting period",
    code="decided-later",
    why="Yang terbit sebelum diputuskan belum diputuskan.",
)
def decision_dated_after_the_merge(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve("redaktur").be("kasubag-ptip").decide("kasubag-ptip", when=hand.date(5))
    hand.be("penerbit").move("content", when=hand.date(6))
    return hand.merge(when=hand.date(3 if evil else 7))


@attack(
    "Tanggal di masa depan",
    of="backdated acting period",
    hook="future-dated",
    publish=Nowhere("tanpa cap waktu server, tanggal hanyalah kata penanda tangan"),
    why="Server kantor menolak tanggal yang lebih dari lima menit mendahului jamnya.",
)
def dates_in_the_future(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.approve(*DECIDERS).land(when=hand.date(400) if evil else 0)


# -- taking a page down --


@attack(
    "Penarikan oleh yang tidak berhak",
    of="withdrawal",
    code="wrong-role",
    why="Yang boleh menarik halaman tertulis di office/authority.yml.",
)
def withdrawal_without_the_right(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.withdraw("admin" if evil else "redaktur").take_down()


@attack(
    "Penarikan tanpa alasan",
    of="withdrawal",
    code="no-reason",
    why="Alasan penarikan dibaca masyarakat di alamat halamannya.",
)
def withdrawal_without_a_reason(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("redaktur").at(hand.main)
    reason = {"Alasan": "Jam layanan pada halaman ini keliru."}
    hand.withdraw("redaktur", **({"Alasan": ""} if evil else reason))
    return hand.take_down()


@attack(
    "Penarikan yang sekaligus mengubah halaman lain",
    of="withdrawal",
    code="not-one-document",
    why="Satu tanda tangan hanya cukup untuk menurunkan satu halaman.",
)
def withdrawal_that_changes_something_else(hand: Attacker, *, evil: bool) -> list[str]:
    page = "content/layanan/biaya-perkara/index.md"
    text = hand.shop.read(f"{hand.main}:{page}").replace("secara ringkas", "secara keliru").encode()
    return hand.withdraw("redaktur").take_down(spoil={page: text} if evil else None)


@attack(
    "Penarikan yang mengganti isi",
    of="withdrawal",
    code="other-bytes",
    why="Penarikan hanya menurunkan; teks pengganti memerlukan dua keputusan.",
)
def withdrawal_that_replaces_the_page(hand: Attacker, *, evil: bool) -> list[str]:
    hand.withdraw("redaktur")
    return hand.take_down(spoil={f"content/{PAGE}/index.md": b"Pengganti\n"} if evil else None)


@attack(
    "Penarikan lama dipakai atas edisi berikutnya",
    of="withdrawal",
    code="other-tree",
    why="Penarikan menyebut sidik isi yang ditarik.",
)
def withdrawal_replayed_for_a_later_edition(hand: Attacker, *, evil: bool) -> list[str]:
    old = hand.withdraw("redaktur").tip
    edition(hand, "secara ringkas", "secara singkat").land()
    hand.so_far()
    return (hand.at(old) if evil else hand.withdraw("redaktur")).take_down()


# -- decisions on paper --


PDF: Final = b"%PDF-1.4\n%%EOF\n"


def on_paper(hand: Attacker, scan: bytes, sha: str, confirmed_by: str) -> list[str]:
    """The Kasubag wrote; the Redaktur approves, the Sekretaris on paper: entered by the Admin, confirmed by another."""
    hand.draft("kasubag-ptip").submit("kasubag-ptip").approve("redaktur")
    paper = {"Id": DOCUMENT, "Dokumen": PATH, "Sidik": hand.tree}
    sheet = {"Peran": "sekretaris", "Keputusan": "disetujui", "Kertas": sha}
    sheet |= {"Pejabat": "sekretaris", "Nomor": "12/KPA/2026", "Tanggal": hand.day()}
    file = f"records/kertas/{DOCUMENT}/{sha}.pdf"
    hand.be("admin").write({file: scan}, "Lembar keputusan\n\n" + lines(paper | sheet))
    confirmation = paper | {"Keputusan": "dicocokkan", "Kertas": sha}
    hand.be(confirmed_by).commit(text="Keputusan\n\n" + lines(confirmation))
    return hand.land()


@attack(
    "Lembar kertas dimasukkan dan dicocokkan satu orang",
    of="decision on paper",
    code="same-eyes",
    branch="same-eyes",
    why="Lembar asli dibandingkan oleh mata kedua.",
)
def paper_entered_and_confirmed_by_one_person(hand: Attacker, *, evil: bool) -> list[str]:
    return on_paper(hand, PDF, sha256(PDF).hexdigest(), "admin" if evil else "pranata-komputer")


@attack(
    "Hasil pindai ditukar",
    of="decision on paper",
    code="foreign-path",
    branch="foreign-path",
    why="Nama berkas pindaian adalah sidiknya; isi lain bukan lembar itu.",
)
def scan_swapped(hand: Attacker, *, evil: bool) -> list[str]:
    return on_paper(hand, PDF + b"lain\n" if evil else PDF, sha256(PDF).hexdigest(), "pranata-komputer")
