"""Attacks on main itself: history taken back or rewritten, merges that bring something else, disguised or partial history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attacker import DOCUMENT, MAIN, PAGE, PATH, TEXT, Attacker
from attacks import DECIDERS, Apart, Nowhere, Said, attack, edition, published_once

if TYPE_CHECKING:
    from attacker import Entry

# -- history taken back --


ONLY_BRANCH: Final = Nowhere("main tidak tersentuh")


@attack(
    "Main dikembalikan ke keadaan lama",
    of="policy rollback",
    hook="not-fast-forward",
    code="rolled-back",
    why="Main hanya bertambah; komputer yang pernah membuktikan main yang lebih baru mengenali kemunduran.",
)
def main_pushed_back(hand: Attacker, *, evil: bool) -> list[str]:
    old = published_once(hand)
    if evil:
        return [f"+{old}:{MAIN}"]
    return edition(hand, "secara ringkas", "secara singkat").land()


@attack(
    "Main ditimpa riwayat lain",
    of="squash/rebase/force push/delete",
    hook="not-fast-forward",
    code="rolled-back",
    why="Juga riwayat yang seluruhnya sah tidak menggantikan riwayat yang sudah ada.",
)
def force_push(hand: Attacker, *, evil: bool) -> list[str]:
    old = published_once(hand)
    now = hand.main
    if evil:
        hand.before[MAIN] = old
    refs = edition(hand, "secara ringkas", "secara singkat").land()
    hand.before[MAIN] = now
    return [f"+{refs[0]}"] if evil else refs


@attack(
    "Dua penerbitan dari main yang sama",
    of="two publishes at once",
    hook="not-fast-forward",
    publish=Apart("moved"),
    deploy=Nowhere("deploy tidak menggerakkan main"),
    why="Main hanya berpindah dari keadaan yang dinilai; yang kalah cepat mengulang dari keadaan baru.",
)
def two_publishes_at_once(hand: Attacker, *, evil: bool) -> list[str]:
    document, old = hand.approve(*DECIDERS).tip, dict(hand.before)
    edition(hand, "secara ringkas", "secara singkat").land()
    now = hand.tip
    if not evil:
        hand.so_far()
    refs = hand.back_to(document).land()
    hand.before = {**old, MAIN: now}
    return [f"+{refs[0]}"] if evil else refs


@attack(
    "Main dihapus",
    of="squash/rebase/force push/delete",
    hook="main-deleted",
    code=Said("belum mempunyai cabang main"),
    why="Tanpa main tidak ada yang terbukti, jadi tidak ada yang terbit.",
)
def deletion_of_main(hand: Attacker, *, evil: bool) -> list[str]:
    return [f":{MAIN}"] if evil else hand.approve(*DECIDERS).land()


@attack(
    "Naskah ditimpa riwayat lain",
    of="squash/rebase/force push/delete",
    hook="not-fast-forward",
    publish=Nowhere("riwayat penggantinya dinilai seperti naskah lain"),
    why="Riwayat naskah hanya bertambah, jadi pengembalian dan alasannya tidak dapat dihilangkan.",
)
def force_push_of_a_document(hand: Attacker, *, evil: bool) -> list[str]:
    submitted = hand.tip
    other = hand.draft().edit("admin").submit().tip
    hand.at(submitted).be("redaktur").decide("redaktur", Keputusan="dikembalikan", Alasan="fakta: Periksa lagi.")
    hand.before[hand.ref] = hand.tip
    return [f"+{other}:{hand.ref}"] if evil else [f"{hand.move('drafts').tip}:{hand.ref}"]


@attack(
    "Naskah yang belum terbit dihapus",
    of="squash/rebase/force push/delete",
    hook="branch-deleted",
    publish=ONLY_BRANCH,
    why="Naskah berakhir bila terbit atau masuk arsip; yang terhapus dipulihkan dengan redaksi recover.",
)
def deletion_of_an_unpublished_document(hand: Attacker, *, evil: bool) -> list[str]:
    kept = [] if evil else [f"{hand.tip}:refs/heads/arsip/{DOCUMENT}"]
    return [f":{hand.ref}", *kept]


@attack(
    "Riwayat naskah diringkas menjadi satu",
    of="squash/rebase/force push/delete",
    code="direct-commit",
    why="Ringkasan membuang keputusan dan tanda tangannya.",
)
def squash(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    if evil:
        hand.commit(hand.shop.object_at(f"{hand.tip}^{{tree}}"), "Terbit", parents=[hand.main])
        return [f"{hand.tip}:{MAIN}"]
    return refs


@attack(
    "Riwayat naskah dipindahkan ke dasar baru",
    of="squash/rebase/force push/delete",
    code="signer-is-not-author",
    branch="signer-is-not-author",
    why="Memindahkan riwayat berarti menandatanganinya ulang, dan itu bukan tanda tangan orangnya.",
)
def rebase(hand: Attacker, *, evil: bool) -> list[str]:
    submitted = hand.tip
    if not evil:
        return hand.approve(*DECIDERS).land()
    chain = [hand.shop.object_at(f"{submitted}^"), submitted, *(hand.approve(person).tip for person in DECIDERS)]
    edition(hand, "secara ringkas", "secara singkat").land()
    hand.so_far()
    for commit, author in zip(chain, ("admin", "admin", *DECIDERS), strict=True):
        shelf = "drafts" if commit == chain[0] else "review"
        files = hand.shop.files(commit, f"{shelf}/{PATH}")
        tree = hand.shop.changed(f"{hand.main}^{{tree}}", {f"{shelf}/{PATH}/{n}": e for n, e in files.items()})
        hand.be("penerbit", author=author).commit(tree, hand.shop.message(commit))
    return hand.back_to(hand.tip).land()


# -- the merge --

SPOILT: Final = {f"content/{PATH}/index.md": TEXT.format(id=DOCUMENT).encode() + b"\nDisisipkan saat penggabungan.\n"}


@attack(
    "Isi diubah pada saat penggabungan",
    of="evil merge",
    code="other-bytes",
    why="Isi di main dibandingkan dengan sidik yang disetujui.",
)
def evil_merge(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve(*DECIDERS)
    return hand.land(spoil=SPOILT if evil else None)


@attack(
    "Halaman lain diubah pada saat penggabungan",
    of="evil merge",
    code="not-one-document",
    why="Satu penggabungan hanya mengganti folder satu naskah.",
)
def evil_merge_of_another_page(hand: Attacker, *, evil: bool) -> list[str]:
    page = f"content/{PAGE}/index.md"
    text = hand.shop.read(f"{hand.main}:{page}").replace("secara ringkas", "secara keliru")
    return hand.approve(*DECIDERS).land(spoil={page: text.encode()} if evil else None)


@attack(
    "Penggabungan oleh orang yang tidak terdaftar",
    of="evil merge",
    code="unsigned-merge",
    why="Juga penggabungan ditandatangani petugas atau mesin yang terdaftar.",
)
def merge_by_a_stranger(hand: Attacker, *, evil: bool) -> list[str]:
    return hand.approve(*DECIDERS).land(key="orang-luar" if evil else None)


@attack(
    "Penggabungan terbalik",
    of="evil merge",
    code="direct-commit",
    why="Induk pertama setiap langkah adalah main sebelumnya; cabang naskah tidak pernah menjadi main.",
)
def merge_the_wrong_way_round(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    if evil:
        tree, tip = (hand.shop.object_at(f"{hand.tip}{end}") for end in ("^{tree}", "^2"))
        hand.be("penerbit").commit(tree, "Terbit", parents=[tip, hand.main])
        return [f"{hand.tip}:{MAIN}"]
    return refs


@attack(
    "Penggabungan tiga cabang",
    of="evil merge",
    code="direct-commit",
    why="Satu langkah main memuat satu naskah, tidak lebih.",
)
def merge_of_three(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    if evil:
        tree, tip = (hand.shop.object_at(f"{hand.tip}{end}") for end in ("^{tree}", "^2"))
        other = hand.draft(path="berita/2026/yang-lain", identity="2026cccccc").tip
        hand.be("penerbit").commit(tree, "Terbit", parents=[hand.main, tip, other])
        return [f"{hand.tip}:{MAIN}"]
    return refs


@attack(
    "Naskah yang tidak berawal dari main",
    of="evil merge",
    code="foreign-branch",
    branch="foreign-branch",
    why="Naskah dimulai dari keadaan main, bukan dari tengah naskah lain.",
)
def document_begun_elsewhere(hand: Attacker, *, evil: bool) -> list[str]:
    published_once(hand)
    main = hand.main
    if evil:
        hand.before[MAIN] = hand.shop.object_at(f"{main}^2")
    hand.draft(path="berita/2026/sidang-kedua", identity="2026cccccc").submit().approve(*DECIDERS)
    hand.before[MAIN] = main
    return hand.land()


@attack(
    "Halaman dihapus tanpa penarikan",
    of="evil merge",
    code="not-approved",
    why="Halaman hanya turun dengan keputusan penarikan.",
)
def page_removed_without_a_withdrawal(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        return hand.withdraw("redaktur").take_down()
    edition(hand, "secara ringkas", "secara singkat")
    return hand.take_down()


@attack(
    "Cabang naskah memuat gabungan",
    of="evil merge",
    code="merge-in-branch",
    branch="merge-in-branch",
    why="Cabang naskah adalah satu garis perubahan yang dapat dibaca satu per satu.",
)
def merge_inside_the_branch(hand: Attacker, *, evil: bool) -> list[str]:
    ours = hand.tip
    if evil:
        theirs = hand.draft(path="berita/2026/yang-lain", identity="2026cccccc").tip
        hand.back_to(ours).be("admin").commit(hand.shop.object_at(f"{ours}^{{tree}}"), "Gabung", parents=[ours, theirs])
    return hand.approve(*DECIDERS).land()


@attack(
    "Perubahan langsung pada main",
    of="direct commit to content/ on main",
    code="direct-commit",
    why="Main hanya bergerak dengan penggabungan naskah yang disetujui.",
)
def direct_commit_to_content(hand: Attacker, *, evil: bool) -> list[str]:
    if not evil:
        return edition(hand, "secara ringkas", "secara singkat").land()
    page = f"content/{PAGE}/index.md"
    text = hand.shop.read(f"{hand.main}:{page}").replace("secara ringkas", "secara singkat")
    hand.be("kasubag-ptip").at(hand.main).write({page: text.encode()}, "Perbaikan kecil")
    return [f"{hand.tip}:{MAIN}"]


@attack(
    "Halaman yang sama berubah sejak naskah dibuka",
    of="stale base with the same page changed",
    code="stale-base",
    branch="stale-base",
    why="Dua perubahan yang masing-masing disetujui dapat menjadi teks yang tidak pernah dibaca siapa pun.",
)
def stale_base_with_the_same_page_changed(hand: Attacker, *, evil: bool) -> list[str]:
    stale = edition(hand, "secara ringkas", "dengan rinci").tip
    edition(hand, "secara ringkas", "secara singkat", when=hand.date(1)).land()
    hand.so_far()
    if not evil:
        return edition(hand, "secara singkat", "dengan rinci").land()
    hand.at(stale).shelf = "review"
    return hand.land()


@attack(
    "Akhir baris berubah pada saat penggabungan",
    of="line-ending conversion",
    code="other-bytes",
    why="Yang disetujui adalah byte, bukan kata; .gitattributes mematikan pengubahan akhir baris.",
)
def line_endings_converted_at_the_merge(hand: Attacker, *, evil: bool) -> list[str]:
    text = TEXT.format(id=DOCUMENT).replace("\n", "\r\n").encode()
    return hand.approve(*DECIDERS).land(spoil={f"content/{hand.path}/index.md": text} if evil else None)


@attack(
    "Dua entri dengan nama yang sama",
    of="evil merge",
    hook=Said("duplicateEntries"),
    code="malformed-tree",
    why="Yang dibuktikan dan yang ditampilkan tidak boleh dapat berbeda; server menolak susunan seperti itu.",
)
def two_entries_of_one_name(hand: Attacker, *, evil: bool) -> list[str]:
    wrong = hand.shop.object_at(f"{hand.main}:content/{PAGE}")
    return by_entries(hand, ("40000", hand.approve(*DECIDERS).tree), *([("40000", wrong)] if evil else []))


@attack(
    "Submodul menggantikan folder naskah",
    of="symlink/submodule/exec bit",
    code="other-bytes",
    why="Folder naskah di main harus folder biasa dengan sidik yang disetujui.",
)
def submodule_in_place_of_the_document(hand: Attacker, *, evil: bool) -> list[str]:
    return by_entries(hand, ("160000" if evil else "40000", hand.approve(*DECIDERS).tree))


def by_entries(hand: Attacker, *entries: Entry) -> list[str]:
    """A merge whose tree holds the document's name as these entries."""
    hand.be("penerbit").move("content")
    return hand.merge(tree=hand.shop.with_folder(f"{hand.main}^{{tree}}", f"content/{hand.path}", *entries))


# -- disguises --


@attack(
    "Objek pengganti dikirim ke server",
    of="refs/replace, grafts, alternates",
    hook="foreign-ref",
    publish=Nowhere("salinan tidak mengambil objek pengganti"),
    why="Server hanya menyimpan cabang yang dikenalnya.",
)
def replacement_pushed(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    return [*refs, *([f"{hand.tip}:refs/replace/{hand.main}"] if evil else [])]


@attack(
    "Objek pengganti di dalam salinan",
    of="refs/replace, grafts, alternates",
    hook=Nowhere("salinan orang lain tidak sampai ke server"),
    code="other-bytes",
    why="Riwayat dibaca sebagaimana tersimpan; objek pengganti tidak diikuti.",
)
def replacement_in_the_clone(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    honest = hand.tip
    if evil:
        refs = hand.back_to(hand.branch).land(spoil=SPOILT)
        hand.objects.append(honest)
        hand.at_desk[f"refs/replace/{hand.tip}"] = f"{honest}\n"
    return refs


@attack(
    "Riwayat disambung di dalam salinan",
    of="refs/replace, grafts, alternates",
    hook=Nowhere("salinan orang lain tidak sampai ke server"),
    code="grafted",
    why="Salinan yang riwayatnya disambung tidak membuktikan apa pun.",
)
def grafts_in_the_clone(hand: Attacker, *, evil: bool) -> list[str]:
    hand.approve(*DECIDERS)
    refs = hand.land()
    if evil:
        branch, main = hand.shop.object_at(f"{hand.tip}^2"), hand.main
        refs = direct_commit_to_content(hand, evil=True)
        hand.objects.append(branch)
        hand.at_desk["info/grafts"] = f"{hand.tip} {main} {branch}\n"
    return refs


def on_a_disguised_server(hand: Attacker, file: str, text: str, *, evil: bool) -> list[str]:
    if evil:
        hand.on_server[file] = text
    return hand.approve(*DECIDERS).land()


ON_SERVER: Final = Nowhere("salinan membaca yang dikirim server, utuh")


@attack(
    "Server membaca objek dari tempat lain",
    of="refs/replace, grafts, alternates",
    hook="disguised-history",
    publish=ON_SERVER,
    why="Server yang riwayatnya tersimpan di tempat lain dapat berubah tanpa diketahui.",
)
def alternates_on_the_server(hand: Attacker, *, evil: bool) -> list[str]:
    return on_a_disguised_server(hand, "objects/info/alternates", f"{hand.shop.folder / 'objects'}\n", evil=evil)


@attack(
    "Riwayat disambung di server",
    of="refs/replace, grafts, alternates",
    hook="disguised-history",
    publish=ON_SERVER,
    why="Server yang menyembunyikan riwayatnya tidak menerima apa pun.",
)
def grafts_on_the_server(hand: Attacker, *, evil: bool) -> list[str]:
    return on_a_disguised_server(hand, "info/grafts", f"{hand.main}\n", evil=evil)


@attack(
    "Salinan sebagian",
    of="shallow clone",
    hook=Nowhere("penjaga menolak server yang dipotong sebagai disguised-history"),
    code=Said("tidak lengkap"),
    why="Tanpa seluruh riwayat tidak ada yang dapat dibuktikan.",
)
def shallow_clone(hand: Attacker, *, evil: bool) -> list[str]:
    refs = hand.approve(*DECIDERS).land()
    if evil:
        hand.at_desk["shallow"] = f"{hand.main}\n"
    return refs


# -- beside main --


NO_SITE: Final = Nowhere("situs tidak dibuat dari catatan; verify menyebutnya tidak dapat dipercaya")
RECORD: Final = '{{"skema": 1, "waktu": "2026-11-02T08:00:00+00:00", "nilai": {}}}\n'
NOTES: Final = "refs/heads/catatan"


def note(hand: Attacker, name: str, value: int, *, first: bool = False) -> None:
    """One record by whoever is at work."""
    changes = {f"records/monev/2026/11/{name}.json": RECORD.format(value).encode()}
    if first:
        empty = hand.shop.git("mktree")
        hand.commit(hand.shop.changed(empty, changes), f"Catatan: {name}", parents=[])
    else:
        hand.write(changes, f"Catatan: {name}")


@attack(
    "Catatan mesin diubah",
    of="forged records commit",
    hook="record-changed",
    publish=NO_SITE,
    why="Catatan hanya bertambah.",
)
def record_changed(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("monev")
    note(hand, "a", 1, first=True)
    hand.before[NOTES] = hand.tip
    note(hand, "a" if evil else "b", 2)
    return [f"{hand.tip}:{NOTES}"]


@attack(
    "Catatan mesin dipalsukan",
    of="forged records commit",
    hook="forged-record",
    publish=NO_SITE,
    why="Catatan ditandatangani petugas atau mesin yang terdaftar.",
)
def forged_record(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("monev")
    note(hand, "a", 1, first=True)
    hand.before[NOTES] = hand.tip
    hand.be("monev", key="orang-luar" if evil else "monev")
    note(hand, "b", 2)
    return [f"{hand.tip}:{NOTES}"]


@attack(
    "Tag dan cabang lain",
    of="foreign reference",
    hook="foreign-ref",
    publish=ONLY_BRANCH,
    why="Server hanya menyimpan main, naskah, arsip, kebijakan, catatan, dan simpanan tulisan.",
)
def reference_outside_the_known_ones(hand: Attacker, *, evil: bool) -> list[str]:
    tip = hand.edit("admin").tip
    return [f"{tip}:refs/heads/cadangan", f"{tip}:refs/tags/v1"] if evil else [f"{tip}:{hand.ref}"]
