"""The court: its identity and kop surat, its limits, what is officially its own (``office/court.yml``); its hours and days off.

Hours (``office/hours.yml``) and days off (``office/holidays.yml``) are everyday data that one signature changes, so they
have files of their own. It knows no fact by itself: whatever is not in the file is unknown, and hours marked ``tafsiran`` are no fact either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.calendar import DAYS, Hours, LocalDays, SpecialHours, Week
from pipeline.schema import Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipeline.calendar import Span
    from pipeline.schema import Section

ZONES: Final = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
"""The zones of Indonesia (WIB, WIB, WITA, WIT)."""
_KB: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the court stands."""

    street: str
    regency: str
    province: str
    postcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, times in seconds; the defaults are those of DESIGN section 7."""

    text_bytes: int = 200 * _KB
    photos: int = 20
    photo_bytes: int = 1500 * _KB
    document_bytes: int = 25_000 * _KB
    check_seconds: int = 2
    lock_seconds: int = 30
    monev_per_day: int = 1
    releases_kept: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The court as its files say. ``service_hours`` is None while the office has not supplied them."""

    name: str
    short_name: str
    level_class: str
    parent: str
    satker_code: str
    case_suffix: str
    letterhead: tuple[str, ...]
    letterhead_address: tuple[str, ...]
    address: Address
    jurisdiction: tuple[str, ...]
    phone: str
    fax: str
    emails: tuple[str, ...]
    url: str
    timezone: str
    hours: Hours
    service_hours: Week | None
    limits: Limits
    own_hosts: tuple[str, ...]
    partner_hosts: tuple[str, ...]
    official_phones: tuple[str, ...]
    official_emails: tuple[str, ...]


_COURT: Final = (
    *("nama", "nama_singkat", "kelas", "induk", "kode_satker", "kode_perkara", "kop_surat", "kop_alamat", "alamat"),
    *("wilayah_yurisdiksi", "telepon", "faks", "surel", "situs", "zona_waktu", "batas"),
    *("situs_sendiri", "situs_mitra", "kontak_resmi"),
)


def read_court(value: Value, hours: Value) -> Court:
    """The court from its office file and that of its hours; ``ConfigurationError`` tells a mistake with file and line."""
    section = value.section(*_COURT)
    times = hours.section("jam_kerja", "jam_pelayanan")
    contacts = section["kontak_resmi"].section("telepon", "surel")
    return Court(
        name=section["nama"].text(),
        short_name=section["nama_singkat"].text(),
        level_class=section["kelas"].text(),
        parent=section["induk"].text(),
        satker_code=section["kode_satker"].text(),
        case_suffix=section["kode_perkara"].text(),
        letterhead=tuple(item.text() for item in section["kop_surat"].some()),
        letterhead_address=section["kop_alamat"].texts(),
        address=_read_address(section["alamat"]),
        jurisdiction=tuple(item.text() for item in section["wilayah_yurisdiksi"].some()),
        phone=section["telepon"].text(),
        fax=section.get("faks", Value.text, ""),
        emails=section.get("surel", _emails, ()),
        url=section["situs"].url(),
        timezone=section["zona_waktu"].one_of(ZONES, what="zona waktu"),
        hours=_read_hours(times["jam_kerja"]),
        service_hours=times.get("jam_pelayanan", _read_service_hours, None),
        limits=section.get("batas", _read_limits, Limits()),
        own_hosts=tuple(item.host() for item in section["situs_sendiri"].some()),
        partner_hosts=tuple(item.host() for item in section["situs_mitra"].items()),
        official_phones=contacts["telepon"].texts(),
        official_emails=_emails(contacts["surel"]),
    )


def _emails(value: Value) -> tuple[str, ...]:
    return tuple(item.email() for item in value.items())


def _read_address(value: Value) -> Address:
    section = value.section("jalan", "kabupaten", "provinsi", "kode_pos")
    return Address(
        street=section["jalan"].text(),
        regency=section["kabupaten"].text(),
        province=section["provinsi"].text(),
        postcode=section["kode_pos"].text(),
    )


def _read_limits(value: Value) -> Limits:
    section = value.section(
        *("teks_kb", "foto_per_naskah", "foto_kb", "naskah_kb", "pemeriksaan_detik", "tunggu_kunci_detik"),
        *("monev_per_hari", "rilis_disimpan"),
    )
    default = Limits()

    def amount(key: str, otherwise: int, *, unit: int = 1) -> int:
        return section.get(key, lambda found: found.number(least=1) * unit, otherwise)

    return Limits(
        text_bytes=amount("teks_kb", default.text_bytes, unit=_KB),
        photos=amount("foto_per_naskah", default.photos),
        photo_bytes=amount("foto_kb", default.photo_bytes, unit=_KB),
        document_bytes=amount("naskah_kb", default.document_bytes, unit=_KB),
        check_seconds=amount("pemeriksaan_detik", default.check_seconds),
        lock_seconds=amount("tunggu_kunci_detik", default.lock_seconds),
        monev_per_day=amount("monev_per_hari", default.monev_per_day),
        releases_kept=amount("rilis_disimpan", default.releases_kept),
    )


def _read_hours(value: Value) -> Hours:
    section = value.section("biasa", "khusus")
    periods: list[SpecialHours] = []
    for item in section["khusus"].items() if "khusus" in section.entries else ():
        period = _read_period(item)
        for other in periods:
            if period.start <= other.end and other.start <= period.end:
                raise item.wrong(
                    f'masa "{period.label}" bertumpang tindih dengan "{other.label}".',
                    hint="Setiap hari hanya memiliki satu jam kerja.",
                )
        periods.append(period)
    return Hours(normal=_read_week(section["biasa"].section("asal", "sumber", "jadwal")), special=tuple(periods))


def _read_period(item: Value) -> SpecialHours:
    section = item.section("keterangan", "mulai", "sampai", "asal", "sumber", "jadwal")
    start, end = read_period(section)
    return SpecialHours(label=section["keterangan"].text(), start=start, end=end, week=_read_week(section))


def read_period(section: Section) -> tuple[date, date]:
    """``mulai`` and ``sampai``, both included; the end may not be before the start."""
    start, end = section["mulai"].date(), section["sampai"].date()
    if end < start:
        raise section["sampai"].wrong(
            f"masa berakhir {end} sebelum mulai {start}.", hint="Tukar atau perbaiki mulai dan sampai."
        )
    return start, end


def _read_service_hours(value: Value) -> Week:
    return _read_week(value.section("asal", "sumber", "jadwal"))


def _read_week(section: Section) -> Week:
    days: dict[str, tuple[Span, ...]] = {}
    for item in section["jadwal"].some():
        entry = item.section("hari", "jam", "istirahat")
        spans = _read_spans(entry)
        for day in entry["hari"].some():
            name = day.one_of(DAYS, what="hari")
            if name in days:
                raise day.wrong(f"hari {name} ditulis dua kali.", hint="Tulis setiap hari pada satu jadwal saja.")
            days[name] = spans
    return Week(
        days=tuple(days.get(name, ()) for name in DAYS),
        confirmed=section["asal"].one_of(("resmi", "tafsiran"), what="asal") == "resmi",
        source=section["sumber"].text(),
    )


def _read_spans(entry: Section) -> tuple[Span, ...]:
    start, end = entry["jam"].span()
    rest = entry.get("istirahat", Value.span, None)
    if rest is None:
        return ((start, end),)
    if not start < rest[0] < rest[1] < end:
        raise entry["istirahat"].wrong(
            "waktu istirahat di luar jam kerja.", hint=f"Jam kerjanya {entry['jam'].text()}."
        )
    return (start, rest[0]), (rest[1], end)


def read_local_days(value: Value) -> LocalDays:
    """What the office knows of days off, from ``office/holidays.yml``."""
    section = value.section("hari_libur", "hari_kerja", "tahun_lengkap")
    off, worked = (
        _read_days(section[key].items()) if key in section.entries else {} for key in ("hari_libur", "hari_kerja")
    )
    for day in sorted(off.keys() & worked.keys()):
        raise section["hari_kerja"].wrong(
            f"tanggal {day} ditulis sebagai hari libur dan hari kerja.", hint="Hapus salah satunya."
        )
    years = section.get(
        "tahun_lengkap", lambda found: tuple(item.number(least=2000, most=2999) for item in found.items()), ()
    )
    return LocalDays(off=off, worked=worked, complete_years=years)


def _read_days(items: Iterable[Value]) -> dict[date, str]:
    days: dict[date, str] = {}
    for item in items:
        entry = item.section("tanggal", "keterangan", "sumber")
        day = entry["tanggal"].date()
        if day in days:
            raise entry["tanggal"].wrong(f"tanggal {day} ditulis dua kali.", hint="Hapus salah satunya.")
        days[day] = f"{entry['keterangan'].text()} ({entry['sumber'].text()})"
    return days
