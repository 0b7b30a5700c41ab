"""Every mistake in an office file is one Indonesian sentence with file, line and remedy; the real files are mutated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.office import load_office

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
FILES = {str(path.relative_to(ROOT).as_posix()): path.read_bytes() for path in (ROOT / "office").rglob("*.yml")}

COURT, HOURS, PEOPLE, SITE = (f"office/{name}.yml" for name in ("court", "hours", "people", "site"))
HOLIDAYS, AUTHORITY = (f"office/{name}.yml" for name in ("holidays", "authority"))
A, B, D, HEAD = (f"office/procedures/{name}.yml" for name in ("a-program-ti", "b-website", "d-pemeliharaan", "sop"))

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
DAY_OFF = "  - {tanggal: 2026-11-02, keterangan: Libur daerah, sumber: Surat bupati}\n"
ACTING = """wakil:
      - peran: ketua
        sebagai: Plh
        mulai: 2026-03-02
        sampai: 2026-03-06
        surat: nomor surat
    kunci: []"""
OTHER_PERIOD = """    - keterangan: Lain
      mulai: 2026-03-20
      sampai: 2026-03-25
      asal: resmi
      sumber: Surat
      jadwal: [{hari: [senin], jam: 08.00-12.00}]
"""
A_REASONS = """      kode:
        tidak-lengkap: Bahan belum lengkap
        tidak-sesuai: Tidak sesuai dengan rencana kinerja atau anggaran
        lainnya: Alasan lain, dijelaskan pada catatan
"""
B2_ARROWS = """      - {dari: redaktur, ya: kasubag-ptip, tidak: 1, asal: tafsiran}
      - {dari: kasubag-ptip, ya: 3, tidak: 1, asal: tafsiran}
"""


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """The office's files with the first ``old`` in ``path`` replaced."""
    text = FILES[path].decode()
    assert old in text, f"{old!r} does not stand in {path}"
    return {**FILES, path: text.replace(old, new, 1).encode()}


def refusal(files: Mapping[str, bytes]) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_office(files)
    assert caught.value.exit_code == 2
    return caught.value


def error_of(files: Mapping[str, bytes]) -> ConfigurationError | None:
    try:
        load_office(files)
    except ConfigurationError as error:
        return error
    return None


def line_of(files: Mapping[str, bytes], path: str, marker: str) -> int:
    """The line of ``path`` on which ``marker`` first stands."""
    text = files[path].decode()
    return text.count("\n", 0, text.index(marker)) + 1


def mistake(name: str, path: str, *, wrote: tuple[str, str], at: str, says: str, advice: str) -> object:
    """A case: someone wrote ``wrote[1]`` for ``wrote[0]``; the error points to the line where ``at`` first stands."""
    return pytest.param(path, wrote, at, says, advice, id=name)


COURT_MISTAKES = [
    mistake(
        "unknown key",
        COURT,
        wrote=("kelas: Kelas IA", "kelsa: Kelas IA"),
        at="kelsa:",
        says='isian "kelsa" tidak dikenal.',
        advice='Mungkin maksudnya "kelas".',
    ),
    mistake(
        "missing key",
        COURT,
        wrote=("telepon: (0286) 592810\nfaks", "faks"),
        at="nama: Pengadilan",
        says='isian "telepon" belum ada.',
        advice='Tambahkan baris "telepon: ..."',
    ),
    mistake(
        "missing key in a part",
        COURT,
        wrote=("  kode_pos: 53418\n", ""),
        at="alamat:\n  jalan",
        says='isian "kode_pos" belum ada.',
        advice="kode_pos",
    ),
    mistake(
        "empty value",
        COURT,
        wrote=("nama: Pengadilan Agama Banjarnegara", "nama:"),
        at="nama:",
        says='isian "nama" masih kosong.',
        advice="Isilah",
    ),
    mistake(
        "list for text",
        COURT,
        wrote=("kelas: Kelas IA", "kelas: [Kelas IA]"),
        at="kelas:",
        says='isian "kelas" harus berupa teks.',
        advice="satu teks",
    ),
    mistake(
        "text for list",
        COURT,
        wrote=("surel: []", "surel: humas@kantor.invalid"),
        at="surel: humas",
        says='isian "surel" harus berupa daftar.',
        advice="tanda hubung",
    ),
    mistake(
        "text for a part",
        COURT,
        wrote=("kontak_resmi:\n  telepon:\n    - (0286) 592810\n  surel: []", "kontak_resmi: telepon"),
        at="kontak_resmi: telepon",
        says='isian "kontak_resmi" harus berupa kelompok isian.',
        advice="menjorok dua spasi",
    ),
    mistake(
        "empty list",
        COURT,
        wrote=("wilayah_yurisdiksi:\n  - Kabupaten Banjarnegara", "wilayah_yurisdiksi: []"),
        at="wilayah_yurisdiksi:",
        says='daftar "wilayah_yurisdiksi" masih kosong.',
        advice="satu butir",
    ),
    mistake(
        "key twice",
        COURT,
        wrote=("kelas: Kelas IA", "kelas: Kelas IA\nkelas: Kelas IB"),
        at="kelas: Kelas IB",
        says="isian kelas ditulis dua kali",
        advice="Hapus salah satunya.",
    ),
    mistake(
        "time zone",
        COURT,
        wrote=("Asia/Jakarta", "Asia/Djakarta"),
        at="zona_waktu:",
        says='zona waktu "Asia/Djakarta" tidak dikenal.',
        advice='Mungkin maksudnya "Asia/Jakarta".',
    ),
    mistake(
        "amount in words",
        COURT,
        wrote=("teks_kb: 200 ", "teks_kb: banyak "),
        at="teks_kb: banyak",
        says="bukan bilangan bulat.",
        advice="Tulis seperti ini",
    ),
    mistake(
        "amount of nothing",
        COURT,
        wrote=("teks_kb: 200 ", "teks_kb: 0 "),
        at="teks_kb: 0",
        says='isian "teks_kb" berisi 0.',
        advice="paling sedikit 1",
    ),
    mistake(
        "host with scheme",
        COURT,
        wrote=("- pta-semarang.go.id", "- https://pta-semarang.go.id"),
        at="- https://pta-semarang",
        says="bukan nama situs",
        advice="mahkamahagung.go.id",
    ),
    mistake(
        "address without scheme",
        COURT,
        wrote=("situs: https://www.pa", "situs: www.pa"),
        at="situs: www.pa",
        says="bukan alamat situs.",
        advice="https://www.contoh.go.id",
    ),
    mistake(
        "list not closed",
        COURT,
        wrote=("kelas: Kelas IA", "kelas: [Kelas IA"),
        at="induk:",
        says="susunan data tidak dapat dibaca.",
        advice="titik dua",
    ),
    mistake(
        "anchor",
        COURT,
        wrote=("kelas: Kelas IA", "kelas: &kelas Kelas IA"),
        at="kelas: &kelas",
        says="(jangkar) tidak dipakai di sini.",
        advice="tanda kutip",
    ),
    mistake(
        "hours of the wrong file",
        COURT,
        wrote=("zona_waktu: Asia/Jakarta", "zona_waktu: Asia/Jakarta\njam_kerja:\n  khusus: []"),
        at="jam_kerja:",
        says='isian "jam_kerja" tidak dikenal.',
        advice="zona_waktu",
    ),
]

HOURS_MISTAKES = [
    mistake(
        "no time",
        HOURS,
        wrote=("jam: 08.00-16.30", "jam: 8 pagi"),
        at="jam: 8 pagi",
        says='isian "jam" berisi "8 pagi", bukan rentang jam.',
        advice="08.00-16.30",
    ),
    mistake(
        "impossible time",
        HOURS,
        wrote=("jam: 08.00-16.30", "jam: 08.00-16.75"),
        at="jam: 08.00-16.75",
        says='jam "08.00-16.75" tidak ada.',
        advice="24.00",
    ),
    mistake(
        "time backwards",
        HOURS,
        wrote=("jam: 08.00-16.30", "jam: 16.30-08.00"),
        at="jam: 16.30-08.00",
        says="jam selesai tidak sesudah jam mulai.",
        advice="jam mulai dahulu",
    ),
    mistake(
        "break outside the hours",
        HOURS,
        wrote=("istirahat: 12.00-13.00", "istirahat: 16.00-17.00"),
        at="istirahat: 16.00-17.00",
        says="waktu istirahat di luar jam kerja.",
        advice="08.00-16.30",
    ),
    mistake(
        "unknown day",
        HOURS,
        wrote=("[senin, selasa", "[senen, selasa"),
        at="[senen",
        says='hari "senen" tidak dikenal.',
        advice='Mungkin maksudnya "senin".',
    ),
    mistake(
        "day twice",
        HOURS,
        wrote=("hari: [jumat]", "hari: [jumat, senin]"),
        at="[jumat, senin]",
        says="hari senin ditulis dua kali.",
        advice="satu jadwal",
    ),
    mistake(
        "origin of the hours",
        HOURS,
        wrote=("asal: tafsiran", "asal: kira-kira"),
        at="asal: kira-kira",
        says='asal "kira-kira" tidak dikenal.',
        advice="resmi, tafsiran",
    ),
    mistake(
        "period backwards",
        HOURS,
        wrote=("sampai: 2026-03-20", "sampai: 2026-02-01"),
        at="sampai: 2026-02-01",
        says="masa berakhir 2026-02-01 sebelum mulai 2026-02-19.",
        advice="Tukar atau perbaiki",
    ),
    mistake(
        "no such day",
        HOURS,
        wrote=("mulai: 2026-02-19", "mulai: 2026-02-30"),
        at="mulai: 2026-02-30",
        says="tanggal 2026-02-30 tidak ada di kalender.",
        advice="Periksa bulan",
    ),
    mistake(
        "day in another shape",
        HOURS,
        wrote=("mulai: 2026-02-19", "mulai: 19/02/2026"),
        at="mulai: 19/02/2026",
        says='berisi "19/02/2026", bukan tanggal.',
        advice="2026-01-30 (tahun-bulan-hari)",
    ),
    mistake(
        "two periods on one day",
        HOURS,
        wrote=(
            "    - keterangan: Ramadan 1447 H",
            f"{OTHER_PERIOD}    - keterangan: Ramadan 1447 H",
        ),
        at="keterangan: Ramadan 1447 H",
        says='masa "Ramadan 1447 H" bertumpang tindih dengan "Lain".',
        advice="satu jam kerja",
    ),
    mistake(
        "hours left out",
        HOURS,
        wrote=("jam_kerja:\n  biasa:", "jam_pelayanan:\n  biasa:"),
        at="jam_pelayanan:\n",
        says='isian "jam_kerja" belum ada.',
        advice='Tambahkan baris "jam_kerja: ..."',
    ),
    mistake(
        "unknown key of the hours",
        HOURS,
        wrote=("jam_kerja:\n", "jam_layanan:\n"),
        at="jam_layanan:",
        says='isian "jam_layanan" tidak dikenal.',
        advice="jam_pelayanan",
    ),
]

PEOPLE_MISTAKES = [
    mistake(
        "unknown role of a person",
        PEOPLE,
        wrote=("peran: [redaktur]", "peran: [redaktor]"),
        at="[redaktor]",
        says='peran "redaktor" tidak dikenal.',
        advice='Mungkin maksudnya "redaktur".',
    ),
    mistake(
        "unknown superior",
        PEOPLE,
        wrote=("atasan: sekretaris", "atasan: sekertaris"),
        at="atasan: sekertaris",
        says='peran "sekertaris" tidak dikenal.',
        advice='Mungkin maksudnya "sekretaris".',
    ),
    mistake(
        "superiors in a circle",
        PEOPLE,
        wrote=("    label: Ketua\n", "    label: Ketua\n    atasan: kasubag-ptip\n"),
        at="  admin:\n",
        says='atasan peran "admin" berputar: admin → kasubag-ptip → sekretaris → ketua → kasubag-ptip.',
        advice="Peran teratas tidak memiliki atasan.",
    ),
    mistake(
        "odd id",
        PEOPLE,
        wrote=("  redaktur:\n    nama:", "  Redaktur Satu:\n    nama:"),
        at="Redaktur Satu",
        says='isian "Redaktur Satu" berisi "Redaktur Satu", bukan nama pendek',
        advice="informasi-publik",
    ),
    mistake(
        "no address at all",
        PEOPLE,
        wrote=("[redaktur@kantor.invalid]", "[]"),
        at="surel: []",
        says='daftar "surel" masih kosong.',
        advice="satu butir",
    ),
    mistake(
        "no e-mail address",
        PEOPLE,
        wrote=("[redaktur@kantor.invalid]", "[redaktur kantor]"),
        at="[redaktur kantor]",
        says="bukan alamat surel.",
        advice="nama@contoh.go.id",
    ),
    mistake(
        "address of two people",
        PEOPLE,
        wrote=("[redaktur@kantor.invalid]", "[Admin@kantor.invalid]"),
        at="[Admin@",
        says='alamat surel milik "redaktur" sudah dipakai oleh "admin".',
        advice="hanya milik satu orang",
    ),
    mistake(
        "address of a person and a machine",
        PEOPLE,
        wrote=("[gate@kantor.invalid]", "[ketua@kantor.invalid] # mesin"),
        at="# mesin",
        says='alamat surel milik "gate" sudah dipakai oleh "ketua".',
        advice="orang atau mesin",
    ),
    mistake(
        "key of two people",
        PEOPLE,
        wrote=(
            "    kunci: []\n    peran: [redaktur]\n  pranata-komputer:",
            f"    kunci: [{KEY} rumah, {KEY} kantor]\n    peran: [redaktur]\n  pranata-komputer:",
        ),
        at="kantor]\n    peran: [redaktur]",
        says='kunci milik "redaktur" ditulis dua kali.',
        advice="satu kunci hanya milik satu orang",
    ),
    mistake(
        "malformed key",
        PEOPLE,
        wrote=("kunci: []", f"kunci: [{KEY[:-4]} rusak]"),
        at="rusak]",
        says="kunci publik tidak dapat dibaca.",
        advice=".pub",
    ),
    mistake(
        "key of another type",
        PEOPLE,
        wrote=("kunci: []", "kunci: [ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ== lama]"),
        at="ssh-rsa",
        says="kunci publik tidak dapat dibaca.",
        advice="ssh-ed25519 AAAA...",
    ),
    mistake(
        "private key",
        PEOPLE,
        wrote=("kunci: []", 'kunci: ["-----BEGIN OPENSSH PRIVATE KEY-----"]'),
        at="BEGIN OPENSSH",
        says="yang tertulis adalah kunci pribadi, bukan kunci publik.",
        advice="buat pasangan kunci baru",
    ),
    mistake(
        "machine with a role",
        PEOPLE,
        wrote=("nama: Mesin penerbit", "peran: [admin]\n    nama: Mesin penerbit"),
        at="peran: [admin]\n    nama: Mesin",
        says='isian "peran" tidak dikenal.',
        advice="kunci, nama, surel",
    ),
    mistake(
        "machine named as a person",
        PEOPLE,
        wrote=("  gate:\n", "  ketua: # mesin\n"),
        at="# mesin",
        says='"ketua" sudah dipakai sebagai nama orang.',
        advice="nama pendek lain",
    ),
    mistake(
        "acting without letter",
        PEOPLE,
        wrote=("kunci: []", ACTING.replace("        surat: nomor surat\n", "")),
        at="- peran: ketua",
        says='isian "surat" belum ada.',
        advice="surat: ...",
    ),
    mistake(
        "acting backwards",
        PEOPLE,
        wrote=("kunci: []", ACTING.replace("2026-03-06", "2026-03-01")),
        at="sampai: 2026-03-01",
        says="masa berakhir 2026-03-01 sebelum mulai 2026-03-02.",
        advice="Tukar atau perbaiki",
    ),
    mistake(
        "acting as something else",
        PEOPLE,
        wrote=("kunci: []", ACTING.replace("Plh", "PLH")),
        at="sebagai: PLH",
        says='sebutan "PLH" tidak dikenal.',
        advice="Plh, Plt",
    ),
    mistake(
        "leaving before coming",
        PEOPLE,
        wrote=("peran: [ketua]", "peran: [ketua]\n    mulai: 2026-05-01\n    sampai: 2026-04-01"),
        at="sampai: 2026-04-01",
        says="sebelum mulai 2026-05-01.",
        advice="Tukar",
    ),
]

SITE_MISTAKES = [
    mistake(
        "section twice",
        SITE,
        wrote=("slug: kontak", "slug: profil # lagi"),
        at="# lagi",
        says='bagian "profil" ditulis dua kali.',
        advice="Hapus",
    ),
    mistake(
        "neither ya nor tidak",
        SITE,
        wrote=("pratinjau: ya\n", "pratinjau: yes\n"),
        at="pratinjau: yes",
        says='pratinjau "yes" tidak dikenal.',
        advice="tidak, ya",
    ),
    mistake(
        "reminder of no day",
        SITE,
        wrote=("waktu_tunggu: 1", "waktu_tunggu: 0"),
        at="waktu_tunggu: 0",
        says='isian "waktu_tunggu" berisi 0.',
        advice="paling sedikit 1",
    ),
    mistake(
        "day off twice",
        HOLIDAYS,
        wrote=("hari_libur: []", f"hari_libur:\n{DAY_OFF}\n{DAY_OFF}# akhir"),
        at=f"{DAY_OFF}# akhir",
        says="tanggal 2026-11-02 ditulis dua kali.",
        advice="Hapus",
    ),
    mistake(
        "day off and worked",
        HOLIDAYS,
        wrote=("hari_libur: []\nhari_kerja: []", f"hari_libur:\n{DAY_OFF}hari_kerja: # juga\n{DAY_OFF}"),
        at="# juga",
        says="tanggal 2026-11-02 ditulis sebagai hari libur dan hari kerja.",
        advice="Hapus",
    ),
]

PROCEDURE_MISTAKES = [
    mistake(
        "arrow to nowhere",
        B,
        wrote=("ya: 3, tidak: 1", "ya: 9, tidak: 1"),
        at="ya: 9",
        says='panah ya menuju "9", padahal langkah itu tidak ada.',
        advice="1, 2, 3, 4, 5, 6, 7",
    ),
    mistake(
        "arrow to the skipped number",
        D,
        wrote=("ya: 3, tidak: 1", "ya: 3, tidak: 6"),
        at="tidak: 6",
        says='panah tidak menuju "6", padahal langkah itu tidak ada.',
        advice="1, 2, 3, 4, 5, 7",
    ),
    mistake(
        "tidak to a role",
        B,
        wrote=("ya: kasubag-ptip, tidak: 1", "ya: kasubag-ptip, tidak: kasubag-ptip"),
        at="tidak: kasubag-ptip",
        says='panah tidak menuju "kasubag-ptip"',
        advice="1, 2, 3",
    ),
    mistake(
        "decider without arrows",
        B,
        wrote=(B2_ARROWS, B2_ARROWS.splitlines(keepends=True)[0]),
        at="panah:",
        says='pemutus "kasubag-ptip" harus memiliki tepat satu pasang panah ya dan tidak.',
        advice="{dari: kasubag-ptip, ya: ..., tidak: ..., asal: tafsiran}",
    ),
    mistake(
        "arrow of who does not decide",
        B,
        wrote=("dari: redaktur", "dari: sekretaris"),
        at="dari: sekretaris",
        says='pemutus "sekretaris" tidak dikenal.',
        advice="kasubag-ptip, redaktur",
    ),
    mistake(
        "ya in a circle",
        B,
        wrote=("ya: 3, tidak: 1", "ya: 1, tidak: 1"),
        at="no: 2",
        says="dari langkah 2, jawaban ya atau selesai kembali ke langkah 1",
        advice="Periksa panah ya",
    ),
    mistake(
        "decider passed over",
        B,
        wrote=("ya: kasubag-ptip, tidak: 1", "ya: 3, tidak: 1"),
        at="no: 2",
        says="langkah 2 oleh Kasubag PTIP tidak pernah tercapai.",
        advice="Periksa panah ya",
    ),
    mistake(
        "step passed over",
        A,
        wrote=("ya: 4, tidak: 2", "ya: 5, tidak: 2"),
        at="no: 4",
        says="langkah 4 oleh Tim / Pranata Komputer tidak pernah tercapai.",
        advice="langkah sebelumnya",
    ),
    mistake(
        "role without a column",
        D,
        wrote=("{peran: sekretaris, asal: tafsiran}", "{peran: ketua, asal: tafsiran}"),
        at="peran: ketua",
        says='peran "ketua" tidak dikenal.',
        advice="pranata-komputer, sekretaris",
    ),
    mistake(
        "column of an unknown role",
        D,
        wrote=("{peran: sekretaris, tercetak", "{peran: sekertaris, tercetak"),
        at="peran: sekertaris",
        says='peran "sekertaris" tidak dikenal.',
        advice='Mungkin maksudnya "sekretaris".',
    ),
    mistake(
        "role twice on a step",
        B,
        wrote=(
            "      - {peran: kasubag-ptip, asal: tafsiran}\n    panah",
            "      - {peran: redaktur, asal: formulir}\n    panah",
        ),
        at="asal: formulir}",
        says='peran "redaktur" sudah disebut pada langkah ini.',
        advice="satu kali",
    ),
    mistake(
        "unknown origin",
        B,
        wrote=("ya: 3, tidak: 1, asal: tafsiran", "ya: 3, tidak: 1, asal: dugaan"),
        at="asal: dugaan",
        says='asal "dugaan" tidak dikenal.',
        advice="formulir, tafsiran",
    ),
    mistake(
        "unknown machine",
        B,
        wrote=("oleh_mesin: penerbit", "oleh_mesin: penerbet"),
        at="penerbet",
        says='mesin "penerbet" tidak dikenal.',
        advice='Mungkin maksudnya "penerbit".',
    ),
    mistake(
        "minutes against the total",
        B,
        wrote=("waktu: 1 jam", "waktu: 2 jam"),
        at="waktu_diperlukan:",
        says="jumlah waktu semua langkah 330 menit, sedangkan waktu_diperlukan menyebut 270 menit.",
        advice="Cocokkan",
    ),
    mistake(
        "time in other words",
        B,
        wrote=("waktu: 30 menit", "waktu: setengah jam"),
        at="setengah jam",
        says='isian "waktu" berisi "setengah jam", bukan lama waktu.',
        advice="1 jam 30 menit",
    ),
    mistake(
        "no time at all",
        B,
        wrote=("waktu: 30 menit", "waktu: 0 menit"),
        at="waktu: 0 menit",
        says='isian "waktu" berisi "0 menit".',
        advice="paling sedikit 1 menit",
    ),
    mistake(
        "step twice",
        B,
        wrote=("no: 3", "no: 2 # lagi"),
        at="# lagi",
        says="langkah 2 ditulis dua kali.",
        advice="seperti tercetak",
    ),
    mistake(
        "unknown unit",
        B,
        wrote=("satuan: naskah", "satuan: artikel"),
        at="satuan: artikel",
        says='satuan "artikel" tidak dikenal.',
        advice="jadwal, naskah, periode",
    ),
    mistake(
        "unknown act",
        B,
        wrote=("tindakan: putuskan", "tindakan: putusan"),
        at="tindakan: putusan",
        says='tindakan "putusan" tidak dikenal.',
        advice='Mungkin maksudnya "putuskan".',
    ),
    mistake(
        "deciders of a step that is only done",
        B,
        wrote=("tindakan: putuskan", "tindakan: selesaikan"),
        at="pemutus:",
        says='isian "pemutus" tidak berlaku pada langkah yang tindakannya selesaikan.',
        advice="ubah tindakan",
    ),
    mistake(
        "step that nobody does",
        B,
        wrote=("    pelaksana:\n      - {peran: admin, asal: tafsiran}\n", ""),
        at="no: 1",
        says='isian "pelaksana" belum ada.',
        advice="pelaksana: ...",
    ),
    mistake(
        "return without a reason to choose",
        A,
        wrote=(
            A_REASONS,
            "      kode:\n",
        ),
        at="      kode:\n",
        says='bagian "kode" masih kosong.',
        advice="satu butir",
    ),
    mistake(
        "code of two letters",
        B,
        wrote=("kode: B", "kode: B2"),
        at="kode: B2",
        says="bukan satu huruf besar.",
        advice="Tulis seperti ini: B.",
    ),
    mistake(
        "code of another procedure",
        B,
        wrote=("kode: B", "kode: A"),
        at="kode: A",
        says="kode A sudah dipakai SOP lain.",
        advice="kode tersendiri",
    ),
    mistake(
        "head without warning",
        HEAD,
        wrote=("peringatan: Jika SOP tidak dilaksanakan, maka tugas-tugas yang berbasis TI akan terkendala\n", ""),
        at="nomor: SOP/AS/24",
        says='isian "peringatan" belum ada.',
        advice="peringatan: ...",
    ),
]


@pytest.mark.parametrize(
    ("path", "wrote", "at", "says", "advice"),
    [*COURT_MISTAKES, *HOURS_MISTAKES, *PEOPLE_MISTAKES, *SITE_MISTAKES, *PROCEDURE_MISTAKES],
)
def test_a_mistake_is_told_with_file_line_and_remedy(
    path: str, wrote: tuple[str, str], at: str, says: str, advice: str
) -> None:
    files = changed(path, *wrote)
    error = refusal(files)
    assert error.message.startswith(f"{path} baris {line_of(files, path, at)}: "), error.message
    assert says in error.message
    assert advice in error.hint


def test_a_key_listed_for_a_person_and_a_machine_is_told() -> None:
    text = FILES[PEOPLE].decode()
    first, last = text.index("kunci: []"), text.rindex("kunci: []")
    text = f"{text[:first]}kunci: [{KEY} a]{text[first + 9 : last]}kunci: [{KEY} b]{text[last + 9 :]}"
    error = refusal({**FILES, PEOPLE: text.encode()})
    assert 'kunci milik "monev" sudah dipakai oleh "admin".' in error.message


def test_an_office_without_people_is_told() -> None:
    text = FILES[PEOPLE].decode()
    start, end = text.index("\norang:"), text.index("\n# Mesin hanya")
    files = {**FILES, PEOPLE: f"{text[:start]}\norang: {{}}\n{text[end:]}".encode()}
    error = refusal(files)
    assert error.message == f'{PEOPLE} baris {line_of(files, PEOPLE, "orang: {}")}: bagian "orang" masih kosong.'


def test_text_that_is_no_utf8_is_told_with_its_line() -> None:
    error = refusal({**FILES, SITE: FILES[SITE].replace(b"Profil", b"Profil \xe9", 1)})
    assert error.message == f"{SITE} baris 6: ada huruf yang bukan UTF-8."
    assert "UTF-8" in error.hint


@pytest.mark.parametrize("path", [COURT, HOURS, PEOPLE, SITE, AUTHORITY, HEAD])
def test_a_missing_file_is_told_by_its_name(path: str) -> None:
    error = refusal({name: data for name, data in FILES.items() if name != path})
    assert error.message == f"Berkas {path} belum ada."


def test_a_misnamed_file_is_recognised() -> None:
    files = {**FILES, "office/holiday.yml": b""}
    error = refusal(files)
    assert error.message == 'Berkas "office/holiday.yml" tidak dikenal.'
    assert 'Mungkin maksudnya "office/holidays.yml".' in error.hint


def test_an_office_without_procedures_is_told() -> None:
    error = refusal({path: data for path, data in FILES.items() if "procedures" not in path or path == HEAD})
    assert error.message == "Berkas office/procedures/b-website.yml belum ada."


@pytest.mark.parametrize("path", [COURT, HOURS, PEOPLE, SITE, AUTHORITY, HEAD, B])
def test_an_empty_file_is_told(path: str) -> None:
    assert refusal({**FILES, path: b""}).message.startswith(f"{path} baris 1: ")


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(sorted(FILES)),
    at=st.floats(min_value=0, max_value=1),
    length=st.integers(min_value=0, max_value=40),
    instead=st.sampled_from(
        [b"", b"\n", b": ", b"- ", b"  ", b"[", b"'", b"\x00", b"\xff", b"ya", b"{}", b"[]", b"&a ", b"---\n"]
    ),
)
def test_any_damage_gives_an_office_or_one_clear_error(path: str, at: float, length: int, instead: bytes) -> None:
    data = FILES[path]
    start = int(at * len(data))
    error = error_of({**FILES, path: data[:start] + instead + data[start + length :]})
    assert error is None or (error.message.startswith("office/") and error.hint)
