"""Reads the tables of the form and their head from ``office/procedures/`` into ``procedure``'s objects.

It checks that a procedure is whole (roles, arrows, minutes against the total, a way from the first step to the end) and tells
every mistake with file and line. It decides nothing and knows no SOP by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.procedure import END, Act, Answer, Arrow, Column, Head, LegalBasis, Origin, Procedure, Step, Unit
from pipeline.schema import Value, unknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.schema import Section

_STEP: Final = (
    *("no", "kegiatan", "kelengkapan", "waktu", "output", "satuan", "tindakan", "pelaksana", "pemutus", "mengetahui"),
    *("kepada", "oleh_mesin", "panah", "alasan_pengembalian"),
)
_HEAD: Final = (
    *("nomor", "judul", "tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "disahkan_oleh", "dasar_hukum"),
    *("keterkaitan", "kualifikasi_pelaksana", "peralatan", "peringatan", "pencatatan"),
)
_OF_ACT: Final = {
    Act.DECIDE: (("pemutus", "panah", "alasan_pengembalian"), ("pelaksana", "mengetahui", "oleh_mesin")),
    Act.COMPLETE: (("pelaksana",), ("pemutus", "panah", "alasan_pengembalian")),
}
"""Which keys a step needs for its act, and which have no meaning there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the steps of one procedure may name."""

    roles: tuple[str, ...]
    numbers: tuple[str, ...]
    machines: tuple[str, ...]


def read_head(value: Value) -> Head:
    """The head of the form; ``ConfigurationError`` tells a mistake with file and line."""
    section = value.section(*_HEAD)
    return Head(
        number=section["nomor"].text(),
        title=section["judul"].text(),
        made=section["tanggal_pembuatan"].date(),
        revised=section["tanggal_revisi"].date(),
        effective=section["tanggal_efektif"].date(),
        approved_by=section["disahkan_oleh"].text(),
        legal_basis=tuple(_read_basis(item) for item in section["dasar_hukum"].some()),
        related=section["keterkaitan"].texts(),
        qualifications=section["kualifikasi_pelaksana"].texts(),
        equipment=section["peralatan"].text(),
        warning=section["peringatan"].text(),
        records=section["pencatatan"].texts(),
    )


def _read_basis(item: Value) -> LegalBasis:
    section = item.section("teks", "catatan")
    return LegalBasis(text=section["teks"].text(), remark=section.get("catatan", Value.text, ""))


def read_procedure(value: Value, *, head: Head, roles: Collection[str], machines: Collection[str]) -> Procedure:
    """One table of the form; ``roles`` and ``machines`` are those of the office."""
    section = value.section("kode", "judul", "waktu_diperlukan", "kolom_pelaksana", "langkah", "persetujuan_koreksi")
    columns = tuple(_read_column(item, roles) for item in section["kolom_pelaksana"].some())
    rows = section["langkah"].some()
    known = _Known(roles=tuple(column.role for column in columns), numbers=_numbers(rows), machines=tuple(machines))
    procedure = Procedure(
        code=section["kode"].letter(),
        title=section["judul"].text(),
        head=head,
        columns=columns,
        steps=tuple(_read_step(row, known) for row in rows),
        total=section["waktu_diperlukan"].text(),
        total_minutes=section["waktu_diperlukan"].minutes(),
        correction_agreed_by=section.get(
            "persetujuan_koreksi", lambda found: found.one_of(known.roles, what="peran"), None
        ),
    )
    _check_total(procedure, section["waktu_diperlukan"])
    _check_way(procedure, rows)
    return procedure


def _read_column(item: Value, roles: Collection[str]) -> Column:
    section = item.section("peran", "tercetak")
    return Column(role=section["peran"].one_of(roles, what="peran"), label=section["tercetak"].text())


def _numbers(rows: tuple[Value, ...]) -> tuple[str, ...]:
    numbers: list[str] = []
    for row in rows:
        number = row.section(*_STEP)["no"]
        if number.text() in numbers:
            raise number.wrong(
                f"langkah {number.text()} ditulis dua kali.", hint="Pakai nomor seperti tercetak pada formulir."
            )
        numbers.append(number.text())
    return tuple(numbers)


def _read_step(row: Value, known: _Known) -> Step:
    section = row.section(*_STEP)
    act = _read_act(section)
    origins: dict[str, Origin] = {}
    deciders = _read_roles(section, "pemutus", known, origins)
    codes, reasons_origin = _read_reasons(section)
    return Step(
        no=section["no"].text(),
        activity=tuple(item.text() for item in section["kegiatan"].some()),
        inputs=section["kelengkapan"].texts(),
        minutes=section["waktu"].minutes(),
        time=section["waktu"].text(),
        outputs=section["output"].texts(),
        unit=section["satuan"].member(Unit),
        act=act,
        performers=_read_roles(section, "pelaksana", known, origins),
        deciders=deciders,
        notes_taken_by=_read_roles(section, "mengetahui", known, origins),
        addressed_to=_read_roles(section, "kepada", known, origins),
        machine=section.get("oleh_mesin", lambda value: value.one_of(known.machines, what="mesin"), None),
        arrows=_read_arrows(section, deciders, known),
        reasons=codes,
        reasons_origin=reasons_origin,
        origins=origins,
    )


def _read_act(section: Section) -> Act:
    """The act of a step, after seeing that the step says all that it needs and nothing that has no meaning for it."""
    act = Act(section["tindakan"].one_of(act.value for act in _OF_ACT))
    needed, senseless = _OF_ACT[act]
    for key in senseless:
        if key in section.entries:
            raise section.entries[key].wrong(
                f'isian "{key}" tidak berlaku pada langkah yang tindakannya {act.value}.',
                hint=f"Hapus {key}, atau ubah tindakan.",
            )
    for key in needed:
        if section[key].is_empty:
            raise section[key].wrong(
                f'isian "{key}" masih kosong.', hint=f"Langkah yang tindakannya {act.value} memerlukannya."
            )
    return act


def _read_roles(section: Section, key: str, known: _Known, origins: dict[str, Origin]) -> tuple[str, ...]:
    """The roles under ``key`` in their order; each one's origin is added to ``origins``."""
    if key not in section.entries:
        return ()
    roles = []
    for item in section[key].some():
        entry = item.section("peran", "asal")
        role = entry["peran"].one_of(known.roles, what="peran")
        if role in origins:
            raise entry["peran"].wrong(
                f'peran "{role}" sudah disebut pada langkah ini.', hint="Sebut setiap peran satu kali."
            )
        origins[role] = entry["asal"].member(Origin)
        roles.append(role)
    return tuple(roles)


def _read_arrows(section: Section, deciders: tuple[str, ...], known: _Known) -> tuple[Arrow, ...]:
    if not deciders:
        return ()
    items = section["panah"].some()
    arrows = tuple(_read_arrow(item, deciders, known) for item in items)
    drawn = [arrow.role for arrow in arrows]
    for role in deciders:
        if drawn.count(role) != 1:
            raise section["panah"].wrong(
                f'pemutus "{role}" harus memiliki tepat satu pasang panah ya dan tidak.',
                hint=f"Tulis satu baris seperti ini: - {{dari: {role}, ya: ..., tidak: ..., asal: tafsiran}}",
            )
    return arrows


def _read_arrow(item: Value, deciders: tuple[str, ...], known: _Known) -> Arrow:
    entry = item.section("dari", "ya", "tidak", "asal")
    role = entry["dari"].one_of(deciders, what="pemutus")
    yes = _target(entry["ya"], (*known.numbers, *(other for other in deciders if other != role), END))
    no = _target(entry["tidak"], known.numbers)
    return Arrow(role=role, yes=None if yes == END else yes, no=no, origin=entry["asal"].member(Origin))


def _target(value: Value, targets: tuple[str, ...]) -> str:
    name = value.text()
    if name not in targets:
        _, hint = unknown(name, targets, what="tujuan")
        raise value.wrong(f'panah {value.name} menuju "{name}", padahal langkah itu tidak ada.', hint=hint)
    return name


def _read_reasons(section: Section) -> tuple[dict[str, str], Origin]:
    if "alasan_pengembalian" not in section.entries:
        return {}, Origin.READING
    reasons = section["alasan_pengembalian"].section("asal", "kode")
    return {code: text.text() for code, text in reasons["kode"].some_entries()}, reasons["asal"].member(Origin)


def _check_total(procedure: Procedure, total: Value) -> None:
    added = sum(step.minutes for step in procedure.steps)
    if added != procedure.total_minutes:
        raise total.wrong(
            f"jumlah waktu semua langkah {added} menit, sedangkan waktu_diperlukan menyebut {procedure.total_minutes} menit.",
            hint="Cocokkan waktu setiap langkah dengan formulir.",
        )


def _check_way(procedure: Procedure, rows: tuple[Value, ...]) -> None:
    """Following ya and selesai from the first step visits every position once and ends."""
    lines = dict(zip((step.no for step in procedure.steps), rows, strict=True))
    passed, here = [], procedure.first()
    while here not in passed:
        passed.append(here)
        there = procedure.after(here, Answer.YES if here.act is Act.DECIDE else Answer.DONE)
        if there is None:
            break
        here = there
    else:
        raise lines[passed[-1].step].wrong(
            f"dari langkah {passed[-1].step}, jawaban ya atau selesai kembali ke langkah {here.step}, sehingga pekerjaan tidak pernah berakhir.",
            hint="Periksa panah ya pada langkah itu.",
        )
    for position in procedure.positions():
        if position not in passed:
            raise lines[position.step].wrong(
                f"langkah {position.step} oleh {procedure.role_label(position.role)} tidak pernah tercapai.",
                hint="Periksa panah ya pada langkah sebelumnya.",
            )
