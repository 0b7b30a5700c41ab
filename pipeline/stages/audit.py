"""Looks at everything that is published at once: what is old, out of reach, broken, missing, and what to do first.

Reads documents and a built site, changes neither and asks no network: links to other hosts are not followed. What it could
not look at it says; a page whose age is unknown is unknown, not fresh. Broken links and anchors inside the site are the
only findings that stop a publication.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from selectolax.lexbor import LexborHTMLParser

    from pipeline.model import Document, FieldValue
    from pipeline.office import Office

SCHEMA: Final = 1
MAX_AGE_DAYS: Final = 365  # of a page until somebody should look at it again


class Severity(StrEnum):
    """How much an item weighs, heaviest first; only ``BLOCKING`` stops a publication."""

    BLOCKING = "menghalangi penerbitan"
    IMPORTANT = "penting"
    MINOR = "ringan"
    UNKNOWN = "belum diketahui"


class Code(StrEnum):
    """What kind of remark an item is."""

    BROKEN_LINK = "tautan-rusak"
    BROKEN_ANCHOR = "jangkar-rusak"
    MISSING_FILE = "berkas-hilang"
    NOT_ON_SITE = "tidak-tayang"
    MISSING_DATA = "belum-diisi"
    UNPROVEN = "informasi-wajib-tanpa-bukti"
    GONE_LINK = "tautan-ke-yang-tidak-tayang"
    ORPHAN = "yatim"
    NO_ALT = "tanpa-teks-alternatif"
    NO_DESCRIPTION = "tanpa-ringkasan"
    STALE = "usang"
    EXPIRED = "lewat-tayang"
    UNKNOWN_AGE = "usia-tidak-diketahui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """How a kind of remark is told: its name, its weight, and what to do about all of its items."""

    label: str
    severity: Severity
    task: str


ASPECTS: Final[Mapping[Code, Aspect]] = {
    Code.BROKEN_LINK: Aspect(
        label="Tautan di dalam situs yang rusak", severity=Severity.BLOCKING, task="Perbaiki tautan yang rusak"
    ),
    Code.BROKEN_ANCHOR: Aspect(
        label="Tautan ke judul yang tidak ada", severity=Severity.BLOCKING, task="Perbaiki tautan ke judul"
    ),
    Code.MISSING_FILE: Aspect(
        label="Gambar, gaya, atau skrip yang hilang", severity=Severity.BLOCKING, task="Pulihkan berkas yang hilang"
    ),
    Code.NOT_ON_SITE: Aspect(
        label="Naskah terbit yang tidak ada di situs",
        severity=Severity.IMPORTANT,
        task="Tayangkan naskah yang tertinggal",
    ),
    Code.MISSING_DATA: Aspect(
        label="Data yang belum diisi kantor", severity=Severity.IMPORTANT, task="Lengkapi data yang belum diisi"
    ),
    Code.UNPROVEN: Aspect(
        label="Informasi wajib tanpa halaman bukti", severity=Severity.IMPORTANT, task="Sediakan informasi wajib"
    ),
    Code.ORPHAN: Aspect(
        label="Halaman yang tidak dapat dicapai dari beranda",
        severity=Severity.IMPORTANT,
        task="Beri jalan ke halaman yatim",
    ),
    Code.NO_ALT: Aspect(
        label="Gambar tanpa teks alternatif", severity=Severity.IMPORTANT, task="Tulis teks alternatif gambar"
    ),
    Code.NO_DESCRIPTION: Aspect(
        label="Halaman tanpa ringkasan", severity=Severity.IMPORTANT, task="Tulis ringkasan halaman"
    ),
    Code.STALE: Aspect(
        label="Halaman yang lama tidak diperbarui", severity=Severity.IMPORTANT, task="Tinjau halaman yang lama"
    ),
    Code.EXPIRED: Aspect(
        label="Pengumuman yang sudah lewat masa tayang", severity=Severity.MINOR, task="Tinjau pengumuman yang lewat"
    ),
    Code.GONE_LINK: Aspect(
        label="Tautan ke halaman yang sudah ditarik atau berakhir",
        severity=Severity.MINOR,
        task="Perbarui tautan ke halaman yang sudah tidak tayang",
    ),
    Code.UNKNOWN_AGE: Aspect(
        label="Halaman yang tidak diketahui usianya", severity=Severity.UNKNOWN, task="Isi berlaku_sejak"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One remark. ``document`` is a document's path or a page's address below the site; ``count`` how many things it holds."""

    code: Code
    document: str
    message: str
    remedy: str
    count: int = 1

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return ASPECTS[self.code].severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredItem:
    """Information that a court must give (office/informasi-publik.yml): the id that a page names as its proof."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was looked at, what was found (heaviest first), and sentences on what could not be looked at."""

    court: str
    url: str
    day: date
    documents: int
    pages: int
    links: int
    items: tuple[Item, ...]
    unmeasured: tuple[str, ...]

    @property
    def blocking(self) -> tuple[Item, ...]:
        """The items that stop a publication."""
        return tuple(item for item in self.items if item.severity is Severity.BLOCKING)

    def of(self, code: Code) -> tuple[Item, ...]:
        """The items of one kind."""
        return tuple(item for item in self.items if item.code is code)

    def total(self, code: Code) -> int:
        """How many things the items of one kind hold (entries to fill in, images, links)."""
        return sum(item.count for item in self.of(code))


def audit(
    documents: Sequence[Document],
    *,
    site: Path | None,
    office: Office,
    today: date,
    last_changed: Mapping[str, date] | None = None,
    required: Sequence[RequiredItem] = (),
    max_age_days: int = MAX_AGE_DAYS,
) -> Audit:
    """Audit the published ``documents`` and, where given, the ``site`` built from them.

    ``last_changed`` is the day of each document's last change by path (Git knows it); ``required`` the information that
    must have a page. ``today`` is the day in the court's zone. Raises ``PipelineError`` where ``site`` is no built site.
    """
    built = None if site is None else _Site(site, office)
    shown = [document for document in documents if not _has_ended(document, today)]
    items = [
        *_missing_data(shown),
        *_unproven(shown, required),
        *_without_words(shown),
        *_in_site(built),
        *(_not_on_site(documents, built, today) if built else ()),
        *_ages(shown, last_changed or {}, today, max_age_days),
        *_expired(documents, today),
    ]
    return Audit(
        court=office.court.name,
        url=office.court.url.rstrip("/"),
        day=today,
        documents=len(documents),
        pages=len(built.pages) if built else 0,
        links=sum(len(page.references) for page in built.pages.values()) if built else 0,
        items=tuple(sorted(_once(items), key=_by_weight)),
        unmeasured=tuple(_unmeasured(built, last_changed, required)),
    )


def _once(items: Iterable[Item]) -> Iterable[Item]:
    """What a document and its page both show is told once, by the document."""
    first: dict[tuple[Code, str, str], Item] = {}
    for item in items:
        several = item.message if item.severity is Severity.BLOCKING else ""
        first.setdefault((item.code, item.document, several), item)
    return first.values()


_SEVERITIES: Final = tuple(Severity)
_CODES: Final = tuple(Code)


def _by_weight(item: Item) -> tuple[int, int, int, str, str]:
    return (_SEVERITIES.index(item.severity), _CODES.index(item.code), -item.count, item.document, item.message)


def _unmeasured(
    built: _Site | None, last_changed: Mapping[str, date] | None, required: Sequence[RequiredItem]
) -> Iterator[str]:
    if built is None:
        yield "Tautan, jangkar, gambar, dan halaman yatim tidak diperiksa karena situs belum dibangun."
    else:
        yield "Tautan ke situs lain tidak diperiksa di sini."
    if last_changed is None:
        yield "Tanggal perubahan menurut riwayat Git tidak dibaca; usia halaman hanya dinilai dari berlaku_sejak."
    if not required:
        yield "Informasi wajib tidak dicocokkan: daftarnya (office/informasi-publik.yml) belum ada atau belum dibaca."


# --- Documents --------------------------------------------------------------------------------------------------------


def _lines(value: FieldValue | None) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _day(value: FieldValue | None) -> date | None:
    from datetime import date, datetime

    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _missing_data(documents: Iterable[Document]) -> Iterator[Item]:
    for document in documents:
        entries = _lines(document.fields.get("belum_diisi"))
        if entries:
            yield Item(
                code=Code.MISSING_DATA,
                document=document.path,
                message=f"{len(entries)} hal belum diisi: {'; '.join(entries)}.",
                remedy="Minta datanya kepada unit penanggung jawab, tulis di halaman, lalu hapus butirnya dari belum_diisi.",
                count=len(entries),
            )


def _unproven(documents: Iterable[Document], required: Iterable[RequiredItem]) -> Iterator[Item]:
    proven = {entry for document in documents for entry in _lines(document.fields.get("informasi_publik"))}
    for item in required:
        if item.id not in proven:
            yield Item(
                code=Code.UNPROVEN,
                document=item.id,
                message=f"Belum ada halaman yang memuat {item.title}.",
                remedy=f"Tulis halamannya, lalu cantumkan informasi_publik: [{item.id}].",
            )


def _without_words(documents: Iterable[Document]) -> Iterator[Item]:
    for document in documents:
        if not str(document.fields.get("description") or "").strip():
            yield Item(
                code=Code.NO_DESCRIPTION,
                document=document.path,
                message="Ringkasan (description) belum ditulis.",
                remedy="Tulis satu kalimat yang menjelaskan isi halaman ini di hasil pencarian.",
            )
        bare = [image.src for image in document.images if not image.alt.strip()]
        if bare:
            yield _no_alt(document.path, bare)


def _no_alt(document: str, sources: Sequence[str]) -> Item:
    return Item(
        code=Code.NO_ALT,
        document=document,
        message=f"{len(sources)} gambar tanpa teks alternatif: {_some(sources)}.",
        remedy="Tulis satu kalimat tentang isi gambar bagi pembaca yang tidak melihatnya.",
        count=len(sources),
    )


def _ages(
    documents: Iterable[Document], last_changed: Mapping[str, date], today: date, max_age_days: int
) -> Iterator[Item]:
    for document in documents:
        if document.kind != "halaman":
            continue
        known = (last_changed.get(document.path), _day(document.fields.get("berlaku_sejak")))
        days = [day for day in known if day is not None and day <= today]
        if not days:
            yield Item(
                code=Code.UNKNOWN_AGE,
                document=document.path,
                message="Tidak diketahui kapan isi halaman ini terakhir diperiksa.",
                remedy="Cocokkan isinya, lalu isi berlaku_sejak.",
            )
        elif (age := (today - max(days)).days) > max_age_days:
            yield Item(
                code=Code.STALE,
                document=document.path,
                message=f"Terakhir diperbarui {written(max(days))}, {age} hari yang lalu (batas {max_age_days} hari).",
                remedy="Cocokkan isinya dengan keadaan sekarang, perbarui, lalu sesuaikan berlaku_sejak.",
            )


def _has_ended(document: Document, today: date) -> bool:
    until = _day(document.fields.get("tayang_sampai"))
    return until is not None and until < today


def _expired(documents: Iterable[Document], today: date) -> Iterator[Item]:
    for document in documents:
        until = _day(document.fields.get("tayang_sampai"))
        if until is None or until >= today:
            continue
        proved = ", ".join(_lines(document.fields.get("informasi_publik")))
        yield Item(
            code=Code.EXPIRED,
            document=document.path,
            message=f"Masa tayangnya berakhir {written(until)}; isinya tidak lagi tayang"
            + (f" dan tidak lagi membuktikan informasi wajib {proved}." if proved else "."),
            remedy="Tidak perlu apa-apa bila memang sudah selesai; bila masih berlaku, perpanjang tayang_sampai.",
        )


def written(day: date) -> str:
    """``30 Januari 2026``."""
    from pipeline.site import dates

    return dates.day(day)


def _some(names: Sequence[str], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f", dan {rest} lainnya" if rest > 0 else "")


# --- The built site ---------------------------------------------------------------------------------------------------

HOME: Final = "index.html"
_NOT_FOUND: Final = "404.html"
# What a page asks for or leads to: attribute, and the elements on which it is an address.
_ADDRESSES: Final = "a[href], area[href], link[href], [src], [poster], form[action], meta[property='og:image']"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What one page of the site says: read once, kept small."""

    anchors: frozenset[str]
    links: tuple[str, ...]
    files: tuple[str, ...]
    onward: str
    without_alt: tuple[str, ...]
    described: bool
    unlisted: bool

    @property
    def references(self) -> tuple[str, ...]:
        return (*self.links, *self.files)


def _read_page(path: Path) -> _Page:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(path.read_bytes().decode("utf-8", "replace"))
    links, files = _addresses(tree)
    meta = _meta(tree)
    images = [node.attributes for node in tree.css("img")]
    return _Page(
        anchors=frozenset(_anchors(tree)),
        links=tuple(dict.fromkeys(links)),
        files=tuple(dict.fromkeys(files)),
        onward=meta.get("refresh", "").lower().partition("url=")[2].strip("'\" "),
        without_alt=tuple(attributes.get("src") or "?" for attributes in images if "alt" not in attributes),
        described=bool(meta.get("description", "").strip()),
        unlisted="noindex" in meta.get("robots", "").lower(),
    )


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page says of itself, by ``name`` or ``http-equiv``."""
    found = [node.attributes for node in tree.css("meta[content]")]
    return {(each.get("name") or each.get("http-equiv") or "").lower(): each.get("content") or "" for each in found}


def _anchors(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("[id], a[name]"):
        attributes = node.attributes
        yield attributes.get("id") or attributes.get("name") or ""


def _addresses(tree: LexborHTMLParser) -> tuple[list[str], list[str]]:
    """Addresses that lead to pages, and addresses of files that the page needs."""
    links: list[str] = []
    files: list[str] = []
    for node in tree.css(_ADDRESSES):
        attributes = node.attributes
        if node.tag in {"a", "area", "form"}:
            links.append(attributes.get("href") or attributes.get("action") or "")
        else:
            files += [
                attributes.get(name) or "" for name in ("href", "src", "poster", "content") if attributes.get(name)
            ]
    for node in tree.css("[srcset]"):
        files += [part.split()[0] for part in (node.attributes.get("srcset") or "").split(",") if part.strip()]
    return links, files


class _Site:
    """The files of a built site, its pages read once, and where an address on a page leads."""

    def __init__(self, root: Path, office: Office) -> None:
        self.files = frozenset(_files_below(root))
        if HOME not in self.files:
            raise PipelineError(
                "Situs yang hendak diaudit tidak memiliki beranda.", hint="Bangun dulu dengan redaksi build."
            )
        self.pages = {name: _read_page(root / name) for name in sorted(self.files) if name.endswith(".html")}
        self._hosts = {"", urlsplit(office.court.url).netloc, *office.court.own_hosts}
        self._root = urlsplit(office.court.url).path.rstrip("/") + "/"
        self._known: dict[tuple[str, str], tuple[str | None, str] | None] = {}

    def target(self, page: str, address: str) -> tuple[str | None, str] | None:
        """File and anchor to which ``address`` on ``page`` leads: None where that is not ours, no file where it is missing."""
        if address.startswith("#"):
            return page, _fragment(address)
        folder = "" if address.startswith("/") else page.rpartition("/")[0]
        while address.startswith("../"):  # climbed here, so that pages of all depths ask for the same few places
            folder, address = folder.rpartition("/")[0], address[3:]
        key = (folder, address)
        if key not in self._known:
            self._known[key] = self._resolved(folder, address)
        return self._known[key]

    def _resolved(self, folder: str, address: str) -> tuple[str | None, str] | None:
        base = f"{self._root}{folder}/" if folder else self._root
        try:
            parts = urlsplit(urljoin(base, address.strip()))
        except ValueError:
            return None, ""
        if parts.scheme not in {"", "http", "https"} or parts.netloc.lower() not in self._hosts:
            return None
        path = unquote(parts.path)
        if not f"{path}/".startswith(self._root):
            return None, ""
        return self._file(path.removeprefix(self._root).lstrip("/")), _fragment(f"#{parts.fragment}")

    def _file(self, path: str) -> str | None:
        """The file that a web server sends for ``path``: itself, or the index of the folder."""
        for candidate in (path, posixpath.join(path, HOME)):
            if candidate in self.files:
                return candidate
        return None

    def is_unlisted(self, name: str) -> bool:
        """Whether the page keeps robots away: only a notice stands there, or it is the page for a wrong address."""
        return name in self.pages and self.pages[name].unlisted

    def reached(self) -> frozenset[str]:
        """Pages to which links lead from the home page, over any number of others."""
        waiting = [HOME]
        reached = set(waiting)
        while waiting:
            page = waiting.pop()
            for address in (*self.pages[page].links, self.pages[page].onward):
                found = self.target(page, address) if address else None
                if found and found[0] in self.pages and found[0] not in reached:
                    reached.add(found[0])
                    waiting.append(found[0])
        return frozenset(reached)


def _files_below(root: Path) -> Iterator[str]:
    import os

    for folder, _, names in os.walk(root):
        below = Path(folder).relative_to(root).as_posix()
        yield from (name if below == "." else f"{below}/{name}" for name in names)


def _fragment(address: str) -> str:
    """The anchor of an address; a text fragment (``:~:text=``) and the top of the page need none."""
    anchor = unquote(address.partition("#")[2]).partition(":~:")[0]
    return "" if anchor.lower() == "top" else anchor


def _in_site(built: _Site | None) -> Iterator[Item]:
    if built is None:
        return
    yield from _broken(built)
    yield from _to_gone(built)
    reached = built.reached()
    for name, page in built.pages.items():
        if page.without_alt:
            yield _no_alt(_shown(name), page.without_alt)
        if page.onward or name == _NOT_FOUND:
            continue
        if not page.described:
            yield Item(
                code=Code.NO_DESCRIPTION,
                document=_shown(name),
                message="Halaman ini tidak memiliki ringkasan untuk mesin pencari.",
                remedy="Isi description pada naskahnya, atau ringkasan bagiannya di office/site.yml.",
            )
        if name not in reached and not page.unlisted:
            yield Item(
                code=Code.ORPHAN,
                document=_shown(name),
                message="Tidak ada jalan dari beranda ke halaman ini.",
                remedy="Tautkan halaman ini dari halaman lain, atau tarik bila tidak diperlukan.",
            )


def _shown(name: str) -> str:
    """A page by the path of its document, as items name it; the home page is its file."""
    return name.removesuffix(f"/{HOME}")


def _broken(built: _Site) -> Iterator[Item]:
    """One item a broken target, however many pages lead there."""
    found: dict[tuple[Code, str], list[str]] = {}
    for name, page in built.pages.items():
        for address in page.links:
            if code := _fault(built, name, address):
                found.setdefault((code, address), []).append(_shown(name))
        for address in page.files:
            if _fault(built, name, address) is Code.BROKEN_LINK:
                found.setdefault((Code.MISSING_FILE, address), []).append(_shown(name))
    for (code, address), pages in found.items():
        yield Item(
            code=code,
            document=pages[0],
            message=_BROKEN_MESSAGES[code].format(address=address, where=_some(pages), number=len(pages)),
            remedy=_BROKEN_REMEDIES[code],
            count=len(pages),
        )


def _to_gone(built: _Site) -> Iterator[Item]:
    """One item a listed page that leads to unlisted ones: notices of what is withdrawn or has ended."""
    for name, page in built.pages.items():
        targets = [built.target(name, address) for address in page.links]
        files = dict.fromkeys(target[0] for target in targets if target and target[0])
        gone = [_shown(file) for file in files if built.is_unlisted(file)]
        if gone and not page.unlisted:
            yield Item(
                code=Code.GONE_LINK,
                document=_shown(name),
                message=f"Halaman ini menautkan {_some(gone)}, yang sudah ditarik atau berakhir masa tayangnya.",
                remedy="Hapus tautannya atau arahkan ke halaman penggantinya.",
                count=len(gone),
            )


_BROKEN_MESSAGES: Final = {
    Code.BROKEN_LINK: "Tautan {address} tidak menuju halaman mana pun (pada {number} halaman: {where}).",
    Code.BROKEN_ANCHOR: "Tautan {address} menuju judul yang tidak ada (pada {number} halaman: {where}).",
    Code.MISSING_FILE: "Berkas {address} tidak ada (diperlukan {number} halaman: {where}).",
}
_BROKEN_REMEDIES: Final = {
    Code.BROKEN_LINK: "Perbaiki atau hapus tautan itu; alamat ditulis lengkap, misalnya /layanan/biaya-perkara/.",
    Code.BROKEN_ANCHOR: "Sesuaikan bagian sesudah tanda # dengan judul di halaman tujuan.",
    Code.MISSING_FILE: "Letakkan berkas itu di folder naskah, atau hapus rujukannya.",
}


def _fault(built: _Site, page: str, address: str) -> Code | None:
    target = built.target(page, address)
    if target is None:
        return None
    file, anchor = target
    if file is None:
        return Code.BROKEN_LINK
    if anchor and file in built.pages and anchor not in built.pages[file].anchors:
        # A page that is taken down, or ends while nobody is at work, must not stop all others for its headings.
        return None if built.is_unlisted(file) else Code.BROKEN_ANCHOR
    return None


def _not_on_site(documents: Iterable[Document], built: _Site, today: date) -> Iterator[Item]:
    for document in documents:
        opens = _day(document.fields.get("terbit"))
        if f"{document.path}/{HOME}" in built.pages or (opens is not None and opens >= today):
            continue
        yield Item(
            code=Code.NOT_ON_SITE,
            document=document.path,
            message="Naskah ini sudah terbit, tetapi halamannya tidak ada di situs.",
            remedy="Bangun ulang situs; bila tetap tidak ada, periksa pesan redaksi build.",
        )


# --- Telling it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One thing to do: all items of a kind, with the place where it helps most to begin."""

    code: Code
    severity: Severity
    task: str
    things: int
    documents: int
    begin: str


def priorities(found: Audit) -> tuple[Priority, ...]:
    """What is most useful to do first: by weight, then by how much it clears up."""
    made = []
    for code, aspect in ASPECTS.items():
        items = found.of(code)
        if items:
            made.append(
                Priority(
                    code=code,
                    severity=aspect.severity,
                    task=aspect.task,
                    things=found.total(code),
                    documents=len({item.document for item in items}),
                    begin=max(items, key=lambda item: item.count).document,
                )
            )
    return tuple(sorted(made, key=lambda each: (_SEVERITIES.index(each.severity), -each.things, each.code)))


def describe(found: Audit) -> Iterator[str]:
    """The audit as Indonesian lines: totals, what stops a publication, and what to do first."""
    number = thousands
    yield f"Audit isi situs {found.court}, {written(found.day)}"
    yield f"Diperiksa: {number(found.documents)} naskah, {number(found.pages)} halaman situs, {number(found.links)} tautan dan berkas."
    yield ""
    if found.items:
        yield from _table(found)
        yield ""
    for item in found.blocking:
        yield f"[{item.severity}] {item.document}: {item.message} {item.remedy}"
    if steps := priorities(found):
        yield "Yang paling berguna dikerjakan dulu:"
        for place, step in enumerate(steps[:5], start=1):
            yield f"  {place}. {_told(step)}"
    else:
        yield "Tidak ada temuan pada hal yang diperiksa."
    for sentence in found.unmeasured:
        yield f"Catatan: {sentence}"


def _table(found: Audit) -> Iterator[str]:
    rows = [
        (ASPECTS[code].label, thousands(found.total(code)), ASPECTS[code].severity) for code in Code if found.of(code)
    ]
    width = max(len(label) for label, _, _ in rows)
    yield f"{'Temuan':<{width}}  Jumlah  Bobot"
    for label, total, severity in rows:
        yield f"{label:<{width}}  {total:>6}  {severity}"


def _told(step: Priority) -> str:
    where = f"{thousands(step.things)} hal di {thousands(step.documents)} tempat"
    return f"{step.task} ({where}), mulai dari {step.begin}."


def thousands(number: int) -> str:
    """``12.345``, as Indonesian writes it."""
    return f"{number:,}".replace(",", ".")


def as_json(found: Audit) -> dict[str, object]:
    """The audit for other programs; ``versi`` is the version of this shape."""
    return {
        "versi": SCHEMA,
        "pengadilan": found.court,
        "tanggal": found.day.isoformat(),
        "diperiksa": {"naskah": found.documents, "halaman": found.pages, "tautan": found.links},
        "jumlah": {str(code): found.total(code) for code in Code},
        "bobot": dict(Counter(str(item.severity) for item in found.items)),
        "temuan": [
            {
                "kode": str(item.code),
                "bobot": str(item.severity),
                "naskah": item.document,
                "jumlah": item.count,
                "pesan": item.message,
                "saran": item.remedy,
            }
            for item in found.items
        ],
        "tidak_diperiksa": list(found.unmeasured),
    }


def page(found: Audit) -> str:
    """The audit as one HTML page in Indonesian that needs no other file, no script and no network."""
    from pipeline.stages import audit_page

    return audit_page.html(found)
