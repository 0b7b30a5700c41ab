"""Decisions on paper: print the sheet, enter the signed one, look at the scan, confirm it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import Door, Group, cli, dry, dry_run_option, pass_door, say, say_done, shown

if TYPE_CHECKING:
    from datetime import datetime


@cli.group(cls=Group, options_metavar="[PILIHAN]", subcommand_metavar="PERINTAH", epilog="redaksi paper sheet NASKAH")
def paper() -> None:
    """Keputusan di atas kertas, bagi pejabat yang tidak memegang kunci."""


@paper.command(epilog="redaksi paper sheet berita/2026/sidang-keliling-di-wanayasa --official ketua")
@click.argument("document", metavar="NASKAH")
@click.option("--official", metavar="PEJABAT", required=True, help="Yang akan menandatangani (office/people.yml).")
@click.option("--out", metavar="BERKAS", default="lembar-keputusan.html", help="Tempat lembarnya.")
@pass_door
def sheet(door: Door, document: str, official: str, out: str) -> None:
    """Siapkan lembar keputusan untuk dicetak dan ditandatangani."""
    from pipeline.stages import paper as stage
    from pipeline.world import files

    _, page = stage.sheet(door.onlooker(), document, official)
    files.write_atomic(Path(out), page.encode())
    say(f"Lembar keputusan tersimpan di {shown(Path(out))}. Buka di peramban, lalu cetak.")


@paper.command(
    epilog="redaksi paper enter wanayasa --official ketua --number 12/SK/2026 --date 2026-11-23 --scan lembar.pdf"
)
@click.argument("document", metavar="NASKAH")
@click.option("--official", metavar="PEJABAT", required=True, help="Yang menandatangani lembar itu.")
@click.option("--number", metavar="NOMOR", required=True, help="Nomor pada lembar.")
@click.option("--date", "day", metavar="TANGGAL", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Tanggalnya.")
@click.option("--scan", metavar="PDF", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--returned", metavar="KODE PESAN", type=(str, str), default=None, help="Bila keputusannya dikembalikan.")
@dry_run_option
@pass_door
def enter(
    door: Door,
    document: str,
    official: str,
    number: str,
    day: datetime,
    scan: Path,
    returned: tuple[str, str] | None,
    dry_run: bool,
) -> None:
    """Masukkan lembar keputusan yang sudah ditandatangani."""
    from pipeline.stages import paper as stage

    session = door.session()
    signed = stage.Signed(official=official, number=number, day=day.date(), scan=scan.read_bytes(), returned=returned)
    stage.enter(session, door.actor(session), document, signed, dry_run=dry_run)
    say(dry(dry_run) + "Lembar keputusan tersimpan, dan berlaku sesudah dicocokkan petugas lain:")
    say(f"  redaksi paper confirm {document}")


@paper.command(epilog="redaksi paper scan berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@click.option("--out", metavar="BERKAS", default="lembar-keputusan.pdf", help="Tempat hasil pindainya.")
@pass_door
def scan(door: Door, document: str, out: str) -> None:
    """Ambil hasil pindai yang menunggu dicocokkan, lalu bandingkan dengan lembar aslinya."""
    from pipeline.stages import paper as stage
    from pipeline.world import files

    subject, data = stage.scan_of(door.onlooker(), document)
    files.write_atomic(Path(out), data)
    entered = subject.standing.entered
    if entered is not None and entered.paper is not None:
        say(f"{entered.ruling} oleh {entered.person}, nomor {entered.paper.number}, tanggal {entered.paper.date}.")
    say(f"Sidik isi pada lembar harus {subject.tree}")
    say(f"Hasil pindai tersimpan di {shown(Path(out))}.")


@paper.command(epilog="redaksi paper confirm berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def confirm(door: Door, document: str, dry_run: bool) -> None:
    """Nyatakan bahwa lembar aslinya sama dengan yang dimasukkan; sejak itu keputusannya berlaku."""
    from pipeline.stages import paper as stage

    session = door.session()
    subject = stage.confirm(session, door.actor(session), document, dry_run=dry_run)
    say_done(session, subject, "Lembar keputusan dicocokkan; keputusan di atas kertas itu berlaku.", dry_run=dry_run)
