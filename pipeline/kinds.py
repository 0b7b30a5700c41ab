"""The kinds of documents: one table of fields a kind.

The table drives everything that needs to know a field: the template of a new draft, the check, the JSON Schema, the
documentation, the desk's form. It refuses to know what is done with a field: reading text into values is
``frontmatter``'s work, judging them is done by ``rules``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

_SLUG_LENGTH: Final = 80
SLUG: Final = re.compile(rf"[a-z0-9-]{{1,{_SLUG_LENGTH}}}")
ID: Final = re.compile(r"[0-9]{4}[a-z2-7]{6}")
MAX_PATH: Final = 180
"""Longest path of a document, in characters: below NTFS's 260 with room for the folder of the office PC."""

BLANK: Final = re.compile(r"(?:…|\.\.\.)\s*isi\s*:\s*(?P<what>[^…\n]*)", re.IGNORECASE)
"""A place that the template leaves for the writer, ``…isi: siapa yang hadir…``; nothing else of Markdown looks so."""

_ID_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH: Final = 6
_PRINTABLE_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
# Windows cannot make a file or folder of these names, whatever their extension.
_RESERVED: Final = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


class FieldType(StrEnum):
    """How the text of a field is read. The value is the word that the documentation shows."""

    LINE = "satu baris teks"
    DATE = "tanggal"
    DATETIME = "tanggal dan jam"
    BOOLEAN = "ya/tidak"
    INTEGER = "bilangan bulat"
    LINES = "daftar"
    EXCEPTIONS = "daftar pengecualian"
    CORRECTIONS = "daftar ralat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the front matter.

    ``minimum`` and ``maximum`` bound the characters of a line (or of each line of a list), or the value of a number;
    beyond ``comfortable`` characters a line is only advised to be shorter. ``example`` and ``default`` are written as
    in a draft. Each entry of a list of exceptions or corrections has the fields ``parts``, all of them. A field
    ``after_publication`` says something only of a text that was public already, so a new draft does not offer it.
    """

    name: str
    type: FieldType
    label: str
    help: str
    example: str
    required: bool = False
    default: str = ""
    minimum: int | None = None
    maximum: int | None = None
    comfortable: int | None = None
    pattern: str = ""
    parts: tuple[Field, ...] = ()
    after_publication: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of document: ``procedure`` is the code of the SOP it follows, ``template`` the body of a new draft."""

    name: str
    label: str
    help: str
    procedure: str
    shape: str
    fields: tuple[Field, ...]
    template: str
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {entry.name: entry for entry in self.fields})

    def field(self, name: str) -> Field | None:
        """The field called ``name``, or None where this kind has no such field."""
        return self.by_name.get(name)


_ID_FIELD: Final = Field(
    name="id",
    type=FieldType.LINE,
    label="Nomor naskah",
    help="Tahun dan enam huruf, dibuat oleh redaksi new dan tidak pernah diubah.",
    example="2026k7m2qx",
    required=True,
    pattern=ID.pattern,
)
_TITLE: Final = Field(
    name="title",
    type=FieldType.LINE,
    label="Judul",
    help="Satu kalimat judul tanpa titik, paling panjang 90 huruf; lebih baik di bawah 70.",
    example="Sidang keliling pertama tahun 2026 di Wanayasa",
    required=True,
    maximum=90,
    comfortable=70,
)
_DESCRIPTION: Final = Field(
    name="description",
    type=FieldType.LINE,
    label="Ringkasan",
    help="Satu atau dua kalimat (40 sampai 200 huruf) untuk daftar, pencarian, dan tautan yang dibagikan.",
    example="Warga Wanayasa dan sekitarnya mengikuti sidang di pendopo kecamatan tanpa perjalanan ke kota.",
    required=True,
    minimum=40,
    maximum=200,
)
_EVENT_DATE: Final = Field(
    name="tanggal",
    type=FieldType.DATE,
    label="Tanggal",
    help="Hari peristiwa atau hari pengumuman, ditulis tahun-bulan-hari.",
    example="2026-01-30",
    required=True,
)
_PLACE: Final = Field(
    name="tempat",
    type=FieldType.LINE,
    label="Tempat",
    help="Tempat peristiwa, ditulis di awal berita.",
    example="Wanayasa",
    default="Banjarnegara",
    maximum=60,
)
_TAGS: Final = Field(
    name="tags",
    type=FieldType.LINES,
    label="Topik",
    help="Beberapa kata untuk mengelompokkan.",
    example="[sidang keliling, layanan]",
    maximum=40,
)
_PUBLISH_AT: Final = Field(
    name="terbit",
    type=FieldType.DATETIME,
    label="Terbit pada",
    help="Naskah yang sudah disetujui menunggu sampai saat ini (waktu pengadilan).",
    example="2026-01-30 10:30",
)
_VALID_FROM: Final = Field(
    name="berlaku_sejak",
    type=FieldType.DATE,
    label="Berlaku sejak",
    help="Hari mulai berlakunya isi halaman atau pengumuman.",
    example="2026-01-02",
)
_SHOWN_UNTIL: Final = Field(
    name="tayang_sampai",
    type=FieldType.DATE,
    label="Tayang sampai",
    help="Hari terakhir pengumuman tayang; sesudahnya alamatnya hanya memberi tahu bahwa masa tayangnya berakhir.",
    example="2026-03-31",
)
_URGENT: Final = Field(
    name="mendesak",
    type=FieldType.BOOLEAN,
    label="Mendesak",
    help="`ya` untuk informasi serta merta yang tampil di halaman depan.",
    example="tidak",
)
_UNIT: Final = Field(
    name="unit",
    type=FieldType.LINE,
    label="Unit penanggung jawab",
    help="Unit yang menjawab isi halaman ini.",
    example="Kepaniteraan",
    maximum=80,
)
_ORDER: Final = Field(
    name="urutan",
    type=FieldType.INTEGER,
    label="Urutan",
    help="Letak halaman dalam bagiannya; angka kecil di atas.",
    example="10",
    minimum=0,
    maximum=999,
)
_TO_SUPPLY: Final = Field(
    name="belum_diisi",
    type=FieldType.LINES,
    label="Belum diisi",
    help="Hal yang masih harus dilengkapi kantor; tampil sebagai pemberitahuan dan dihitung oleh audit.",
    example="[nama pejabat dan tanggal pelantikannya]",
    maximum=200,
)
_PUBLIC_ITEMS: Final = Field(
    name="informasi_publik",
    type=FieldType.LINES,
    label="Butir informasi publik",
    help="Kode butir informasi wajib yang dibuktikan halaman ini.",
    example="[E.3.b]",
    maximum=20,
)
_ASSESSMENT: Final = Field(
    name="penilaian",
    type=FieldType.LINES,
    label="Butir penilaian",
    help="Nomor butir penilaian yang dibuktikan halaman ini.",
    example="[2.4]",
    maximum=20,
)
_EXCEPTIONS: Final = Field(
    name="izinkan",
    type=FieldType.EXCEPTIONS,
    label="Pengecualian",
    help="Aturan yang tidak diterapkan pada naskah ini beserta alasannya; ditunjukkan kepada Redaktur.",
    example="[{aturan: doubled-word, alasan: nama orang memang berulang}]",
    parts=(
        Field(
            name="aturan",
            type=FieldType.LINE,
            label="Aturan",
            help="Nama aturan, tertulis di antara [ dan ] pada temuan.",
            example="doubled-word",
        ),
        Field(
            name="alasan",
            type=FieldType.LINE,
            label="Alasan",
            help="Alasan yang dapat dinilai Redaktur, dalam satu kalimat.",
            example="nama orang memang berulang",
            minimum=10,
        ),
    ),
)
CORRECTION_TEXT: Final = Field(
    name="isi",
    type=FieldType.LINE,
    label="Isi ralat",
    help="Apa yang diperbaiki: yang benar dan yang semula tertulis.",
    example="Sidang dimulai pukul 09.00. Semula tertulis pukul 10.00.",
    minimum=10,
    maximum=300,
)
_CORRECTIONS: Final = Field(
    name="ralat",
    type=FieldType.CORRECTIONS,
    label="Ralat",
    help="Keterangan keliru yang diperbaiki sesudah tayang, beserta harinya; tampil di bawah judul, yang terbaru di atas.",
    example="[{tanggal: 2026-02-02, isi: Sidang dimulai pukul 09.00. Semula tertulis pukul 10.00.}]",
    parts=(
        Field(
            name="tanggal",
            type=FieldType.DATE,
            label="Tanggal ralat",
            help="Hari perbaikan, ditulis tahun-bulan-hari.",
            example="2026-02-02",
        ),
        CORRECTION_TEXT,
    ),
    after_publication=True,
)
_ALL_KINDS: Final = (_PUBLISH_AT, _PUBLIC_ITEMS, _ASSESSMENT, _CORRECTIONS, _EXCEPTIONS)

_NEWS_BODY: Final = """
…isi: siapa melakukan apa, kapan, dan di mana; satu atau dua kalimat pembuka…

…isi: mengapa kegiatan ini diadakan dan apa manfaatnya bagi masyarakat…

…isi: bagaimana kegiatan berlangsung dan siapa yang hadir, dengan nama dan jabatan…

…isi: apa hasilnya dan apa tindak lanjutnya…

…isi: foto; simpan berkasnya di folder naskah ini, ganti baris ini dengan `![uraian foto](nama-foto.jpg "keterangan foto")`, atau hapus baris ini…
"""
_NOTICE_BODY: Final = """
…isi: apa yang diumumkan dan kepada siapa…

…isi: sejak kapan berlaku, di mana, dan sampai kapan…

…isi: dasar pengumuman, misalnya nomor dan tanggal surat…

…isi: apa yang perlu dilakukan masyarakat dan ke mana bertanya…
"""
_PAGE_BODY: Final = """
…isi: inti halaman ini dalam satu atau dua kalimat…

## Syarat

…isi: apa yang perlu disiapkan…

## Langkah

…isi: urutan yang dilalui pemohon, dari awal sampai selesai…

## Biaya dan waktu

…isi: biaya, dasar hukumnya, dan lamanya…
"""

KINDS: Final[Mapping[str, Kind]] = {
    "berita": Kind(
        name="berita",
        label="Berita",
        help="Peristiwa yang sudah terjadi di pengadilan, dengan hari, tempat, dan orangnya.",
        procedure="B",
        shape="berita/<tahun>/<nama-naskah>",
        fields=(_ID_FIELD, _TITLE, _DESCRIPTION, _EVENT_DATE, _PLACE, _TAGS, *_ALL_KINDS),
        template=_NEWS_BODY,
    ),
    "pengumuman": Kind(
        name="pengumuman",
        label="Pengumuman",
        help="Hal yang perlu diketahui atau dilakukan masyarakat, selama waktu tertentu.",
        procedure="B",
        shape="pengumuman/<tahun>/<nama-naskah>",
        fields=(
            _ID_FIELD,
            _TITLE,
            _DESCRIPTION,
            _EVENT_DATE,
            _VALID_FROM,
            _SHOWN_UNTIL,
            _URGENT,
            _TAGS,
            *_ALL_KINDS,
        ),
        template=_NOTICE_BODY,
    ),
    "halaman": Kind(
        name="halaman",
        label="Halaman",
        help="Keterangan yang tetap: profil, layanan, biaya, prosedur, transparansi.",
        procedure="B",
        shape="<bagian>/<nama-naskah>",
        fields=(_ID_FIELD, _TITLE, _DESCRIPTION, _UNIT, _ORDER, _VALID_FROM, _TO_SUPPLY, *_ALL_KINDS),
        template=_PAGE_BODY,
    ),
}
"""Kinds by name, in the order in which the documentation shows them."""

_YEARLY: Final = re.compile(rf"(?P<kind>berita|pengumuman)/[0-9]{{4}}/{SLUG.pattern}")
_PAGE: Final = re.compile(rf"{SLUG.pattern}/{SLUG.pattern}")


def kind_of(path: str) -> Kind:
    """The kind of the document at ``path`` (without shelf): its first segment names it, else it is a page."""
    return KINDS.get(path.split("/", 1)[0], KINDS["halaman"])


def is_document_path(path: str) -> bool:
    """Whether ``path`` (without shelf) has the shape of a document's path and at most ``MAX_PATH`` characters."""
    shape = _PAGE if kind_of(path).name == "halaman" else _YEARLY
    return len(path) <= MAX_PATH and shape.fullmatch(path) is not None


def document_path(kind: Kind, *, slug: str, year: int, section: str = "") -> str:
    """The path of a new document: pages stand in a ``section`` of the site, the others in their year."""
    return f"{section}/{slug}" if kind.name == "halaman" else f"{kind.name}/{year:04d}/{slug}"


def new_slug(title: str) -> str:
    """The folder's name for a new document: ASCII, at most 80 characters, cut at a word, never empty."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _SLUG_LENGTH:
        slug = (slug[:_SLUG_LENGTH].rpartition("-")[0] or slug[:_SLUG_LENGTH]).strip("-")
    if not slug or _RESERVED.fullmatch(slug):
        slug = f"naskah-{slug}".strip("-")
    return slug


def new_id(year: int, randomness: bytes) -> str:
    """The id of a new document: ``year`` and six letters taken from at least six random bytes.

    32 letters divide 256, so every id is equally likely.
    """
    if len(randomness) < _ID_LENGTH:
        message = f"an id needs {_ID_LENGTH} random bytes, not {len(randomness)}"
        raise ValueError(message)
    return f"{year:04d}" + "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in randomness[:_ID_LENGTH])


def yaml_text(value: str) -> str:
    """``value`` as a YAML scalar on one line that the strict loader reads back unchanged."""
    plain = (
        value.isprintable()
        and value == value.strip()
        and value[:1] not in _PRINTABLE_INDICATORS
        and not re.search(r":(?:\s|$)|\s#|[\[\]{},]", value)
    )
    if plain and value:
        return value
    return '"' + "".join(_escaped(letter) for letter in value) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter.isprintable():
        return letter
    return f"\\U{ord(letter):08X}"


def draft_text(kind: Kind, *, id: str, title: str, today: date) -> str:  # noqa: A002 - the field's own name
    """The ``index.md`` of a new draft: required fields, the optional ones as remarks, and the blanks to fill in.

    What is said only of a published text (``after_publication``) is left out.

    Every blank matches ``BLANK``, so an unfinished draft can't pass the check (rule ``unfinished``).
    """
    known = {
        "id": id,
        "title": title,
        "description": "…isi: ringkasan satu atau dua kalimat, 40 sampai 200 huruf…",
        "tanggal": today.isoformat(),
    }
    lines = ["---"]
    lines += [f"{entry.name}: {yaml_text(known[entry.name])}" for entry in kind.fields if entry.required]
    lines.append("# Isian lain boleh dipakai dengan menghapus tanda # di depannya:")
    offered = [entry for entry in kind.fields if not (entry.required or entry.after_publication)]
    lines += [f"# {entry.name}: {entry.example}" for entry in offered]
    lines.append("---")
    return "\n".join(lines) + "\n" + kind.template


# --- what the table says to machines and to readers


def json_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the front matter of ``kind``, for editors; values are texts as written."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Isian {kind.label.lower()}",
        "description": kind.help,
        "type": "object",
        "properties": {entry.name: _property(entry) for entry in kind.fields},
        "required": [entry.name for entry in kind.fields if entry.required],
        "additionalProperties": False,
    }


def _property(entry: Field) -> dict[str, Any]:
    return {"title": entry.label, "description": entry.help, **_SHAPES[entry.type](entry)}


def _lengths(entry: Field) -> dict[str, Any]:
    lengths: dict[str, Any] = {"minLength": entry.minimum or 1}
    if entry.maximum is not None:
        lengths["maxLength"] = entry.maximum
    if entry.pattern:
        lengths["pattern"] = f"^{entry.pattern}$"
    return lengths


def _entries(entry: Field) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": {part.name: _property(part) for part in entry.parts},
        "required": [part.name for part in entry.parts],
        "additionalProperties": False,
    }
    return {"type": "array", "items": item}


_SHAPES: Final[Mapping[FieldType, Callable[[Field], dict[str, Any]]]] = {
    FieldType.LINE: lambda entry: {"type": "string", **_lengths(entry)},
    FieldType.LINES: lambda entry: {"type": "array", "items": {"type": "string", **_lengths(entry)}},
    FieldType.EXCEPTIONS: _entries,
    FieldType.CORRECTIONS: _entries,
    FieldType.BOOLEAN: lambda _: {"enum": ["ya", "tidak"]},
    FieldType.INTEGER: lambda entry: {"type": "integer", "minimum": entry.minimum, "maximum": entry.maximum},
    FieldType.DATE: lambda _: {"type": "string", "format": "date"},
    FieldType.DATETIME: lambda _: {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}$",
    },
}


def fields_table(kind: Kind) -> str:
    """A Markdown table of the fields of ``kind``, in Indonesian."""
    rows = ["| Isian | Bentuk | Wajib | Keterangan | Contoh |", "|---|---|---|---|---|"]
    rows += [
        f"| `{entry.name}` | {entry.type.value} | {'ya' if entry.required else 'tidak'} "
        f"| {entry.label}. {entry.help} | `{entry.example}` |"
        for entry in kind.fields
    ]
    return "\n".join(rows) + "\n"


def documentation() -> str:
    """The page ``docs/jenis-naskah.md``: every kind with its fields and its template."""
    return "\n".join(_documentation()) + "\n"


def _documentation() -> Iterator[str]:
    yield "# Jenis naskah dan isiannya\n"
    yield "Halaman ini dibuat dari tabel di `pipeline/kinds.py`; jangan diubah dengan tangan.\n"
    yield "Isian ditulis di antara dua garis `---` di awal `index.md`. Semua nilai dibaca sebagai teks, jadi `10:30` tetap `10:30`. Tanggal ditulis tahun-bulan-hari, jam menurut waktu pengadilan.\n"
    for kind in KINDS.values():
        yield f"## {kind.label}\n"
        yield f"{kind.help} Alamat naskah: `{kind.shape}`. Prosedur: SOP {kind.procedure}.\n"
        yield fields_table(kind)
        yield f"Naskah baru:\n\n```markdown{kind.template}```\n"
