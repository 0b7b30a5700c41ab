"""Attacks on what a document may hold, where it stands, and what stays in history for ever."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from attacker import PATH, TEXT, Attacker
from attacks import DECIDERS, Said, attack

if TYPE_CHECKING:
    from attacker import Entry

NIK: Final = "3379991203560001"

# -- what a document may hold, and where --


def with_file(hand: Attacker, name: str, entry: bytes | Entry) -> list[str]:
    """The document with one more file, approved and merged."""
    return hand.be("admin").file(name, entry).approve(*DECIDERS).land()


DATA: Final = b"bulan,perkara\nJanuari,12\n"


@attack(
    "Tautan simbolik di dalam naskah",
    of="symlink/submodule/exec bit",
    code="forbidden-file",
    branch="forbidden-file",
    why="Naskah hanya memuat berkas biasa.",
)
def symlink_in_a_document(hand: Attacker, *, evil: bool) -> list[str]:
    return with_file(hand, "data.csv", ("120000", hand.shop.blob(b"/etc/passwd")) if evil else DATA)


@attack(
    "Submodul di dalam naskah",
    of="symlink/submodule/exec bit",
    code="forbidden-file",
    branch="forbidden-file",
    why="Naskah hanya memuat berkas biasa.",
)
def submodule_in_a_document(hand: Attacker, *, evil: bool) -> list[str]:
    return with_file(hand, "data.csv", ("160000", hand.main) if evil else DATA)


@attack(
    "Berkas yang dapat dijalankan",
    of="symlink/submodule/exec bit",
    code="forbidden-file",
    branch="forbidden-file",
    why="Naskah bukan program.",
)
def executable_file_in_a_document(hand: Attacker, *, evil: bool) -> list[str]:
    return with_file(hand, "data.csv", ("100755", hand.shop.blob(DATA)) if evil else DATA)


@attack(
    "Nama berkas dengan huruf pembalik arah",
    of="bidi or case-clash file name",
    code="forbidden-file",
    branch="forbidden-file",
    why="Nama berkas hanya huruf latin, angka, titik, dan tanda hubung; yang tampak harus yang tersimpan.",
)
def bidi_file_name(hand: Attacker, *, evil: bool) -> list[str]:
    return with_file(hand, "data\u202evsc.csv" if evil else "data.csv", DATA)


@attack(
    "Nama berkas yang hanya berbeda huruf besar",
    of="bidi or case-clash file name",
    code="name-clash",
    branch="name-clash",
    why="Di Windows keduanya menjadi satu berkas.",
)
def case_clashing_file_names(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("admin").file("data.csv", DATA)
    return with_file(hand, "Data.csv" if evil else "data-lain.csv", b"bulan,perkara\nJanuari,21\n")


@attack(
    "Nama berkas di subfolder yang hanya berbeda huruf besar",
    of="bidi or case-clash file name",
    code="forbidden-file",
    branch="forbidden-file",
    why="Lampiran berada langsung di samping teksnya; folder di dalam naskah tidak diterima.",
)
def case_clashing_names_in_a_subfolder(hand: Attacker, *, evil: bool) -> list[str]:
    first, second = ("data/a.csv", "data/A.csv") if evil else ("a.csv", "b.csv")
    hand.be("admin").file(first, DATA)
    return with_file(hand, second, b"bulan,perkara\nJanuari,21\n")


@attack(
    "Dua naskah berbeda dengan satu nama di dalam folder yang disetujui",
    of="evil merge",
    hook=Said("duplicateEntries"),
    code="malformed-tree",
    branch="malformed-tree",
    why="Yang dibaca pemutus dan yang tampil tidak boleh dapat berbeda.",
)
def two_texts_of_one_name(hand: Attacker, *, evil: bool) -> list[str]:
    hand.be("admin")
    if not evil:
        return hand.edit("admin").approve(*DECIDERS).land()
    texts = [("100644", hand.shop.blob(text)) for text in (hand.text.encode(), hand.text.encode() + b"Lain.\n")]
    root = hand.shop.object_at(f"{hand.tip}^{{tree}}")
    hand.commit(hand.shop.with_folder(root, f"review/{hand.path}/index.md", *texts))
    folder = hand.tree
    hand.approve(*DECIDERS).branch = hand.tip
    without = hand.shop.with_folder(
        hand.shop.object_at(f"{hand.main}^{{tree}}"), f"content/{hand.path}", ("40000", folder)
    )
    hand.be("penerbit").commit(without, "Ke content")
    return hand.merge(tree=without)


@attack(
    "Naskah di dua tempat sekaligus",
    of="document on two shelves",
    code="two-shelves",
    branch="two-shelves",
    why="Yang diperiksa dan yang terbit harus satu naskah.",
)
def document_on_two_shelves(hand: Attacker, *, evil: bool) -> list[str]:
    if evil:
        hand.be("admin").write({f"drafts/{hand.path}/index.md": hand.text.encode()})
    return hand.approve(*DECIDERS).land()


@attack(
    "Naskah lain menumpang",
    of="document on two shelves",
    code="foreign-path",
    branch="foreign-path",
    why="Satu cabang hanya memuat satu naskah.",
)
def another_document_in_the_branch(hand: Attacker, *, evil: bool) -> list[str]:
    if evil:
        hand.be("admin").write({"review/berita/2026/menumpang/index.md": TEXT.format(id="2026cccccc").encode()})
    return hand.approve(*DECIDERS).land()


def renamed(hand: Attacker, other: str, *, evil: bool) -> list[str]:
    """The approved folder, promoted under another path."""
    hand.approve(*DECIDERS)
    if not evil:
        return hand.land()
    tree = hand.shop.moved(f"{hand.tip}^{{tree}}", f"review/{hand.path}", f"content/{other}")
    hand.be("penerbit").commit(tree, "Ke content")
    hand.path, hand.shelf = other, "content"
    return hand.merge()


@attack(
    "Alamat ditukar dengan isi yang sama",
    of="slug or kind swapped with the same tree",
    code="foreign-path",
    why="Keputusan menyebut alamatnya; isi yang sama di alamat lain tidak pernah disetujui.",
)
def slug_swapped_with_the_same_tree(hand: Attacker, *, evil: bool) -> list[str]:
    return renamed(hand, "berita/2026/pengumuman-penting", evil=evil)


@attack(
    "Jenis ditukar dengan isi yang sama",
    of="slug or kind swapped with the same tree",
    code="foreign-path",
    why="Jenis naskah menentukan siapa yang memutuskan, jadi ia bagian dari alamat yang disetujui.",
)
def kind_swapped_with_the_same_tree(hand: Attacker, *, evil: bool) -> list[str]:
    return renamed(hand, PATH.replace("berita", "pengumuman"), evil=evil)


# -- history is for ever --


@attack(
    "Nomor kependudukan di versi antara",
    of="secret in an intermediate commit",
    code="history-nik",
    branch="history-nik",
    why="Yang dihapus lagi tetap terbaca oleh siapa pun yang mempunyai salinan.",
)
def secret_in_an_intermediate_commit(hand: Attacker, *, evil: bool) -> list[str]:
    hand.draft()
    clean = hand.text
    hand.edit("admin", new=f"Pemohon dengan NIK {NIK} hadir." if evil else "Pemohon hadir.")
    return hand.file("index.md", clean.encode()).submit().approve(*DECIDERS).land()


@attack(
    "Foto dengan data lokasi di versi antara",
    of="secret in an intermediate commit",
    code="history-photo-metadata",
    branch="history-photo-metadata",
    why="Tempat dan waktu pemotretan tidak boleh tersimpan di riwayat.",
)
def photo_with_metadata_in_an_intermediate_commit(hand: Attacker, *, evil: bool) -> list[str]:
    hand.draft().file("foto.jpg", photo(located=evil))
    return hand.file("foto.jpg", None).submit().approve(*DECIDERS).land()


def photo(*, located: bool) -> bytes:
    """A small picture, with the place where it was taken or without."""
    from PIL import Image

    place = Image.Exif()
    place.get_ifd(0x8825).update({1: "S", 2: (7.0, 23.0, 0.0), 3: "E", 4: (109.0, 41.0, 0.0)})
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(data, "JPEG", **({"exif": place} if located else {}))
    return data.getvalue()


@attack(
    "Nomor kependudukan di catatan perubahan",
    of="secret in an intermediate commit",
    code="history-nik",
    branch="history-nik",
    why="Catatan perubahan dan alasan juga tersimpan selamanya.",
)
def secret_in_a_message(hand: Attacker, *, evil: bool) -> list[str]:
    words = f"Pemohon dengan NIK {NIK}" if evil else "Pemohon"
    hand.be("admin").write({f"review/{PATH}/index.md": f"{hand.text}\nTambahan.\n".encode()}, f"Ubah\n\n{words} hadir.")
    return hand.approve(*DECIDERS).land()


@attack(
    "Nomor kependudukan pada alasan penarikan",
    of="secret in an intermediate commit",
    code="history-nik",
    why="Alasan penarikan tampil di alamat halamannya.",
)
def secret_in_a_reason(hand: Attacker, *, evil: bool) -> list[str]:
    reason = f"Halaman ini memuat NIK {NIK} milik pemohon." if evil else "Halaman ini memuat data pemohon."
    return hand.withdraw("redaktur", Alasan=reason).take_down()


@attack(
    "Nomor kependudukan sebagai alamat halaman",
    of="secret in an intermediate commit",
    code="history-nik",
    branch="history-nik",
    why="Alamat halaman tampil dan tersimpan seperti isinya.",
)
def secret_in_the_address(hand: Attacker, *, evil: bool) -> list[str]:
    slug = NIK if evil else "sidang-kedua"
    return hand.draft(path=f"berita/2026/{slug}").submit().approve(*DECIDERS).land()
