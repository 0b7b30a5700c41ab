"""What is kept and what comes back: saves while writing, closed and vanished documents, a document begun anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import (
    FINDINGS,
    FINE,
    Door,
    cli,
    dry,
    dry_run_option,
    pass_door,
    say,
    say_findings,
    shown,
)

if TYPE_CHECKING:
    from pipeline.stages.afresh import Afresh


@cli.command(epilog="redaksi save berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def save(door: Door, document: str, dry_run: bool) -> int:
    """Simpan tulisan yang belum selesai di server kantor, tanpa mengajukannya."""
    from pipeline.stages import keep

    session = door.session()
    done = keep.save(session, door.actor(session), document, dry_run=dry_run)
    say(done.photos)
    say_findings(f"{done.subject.shelf}/{done.subject.path}", (*done.problems, *done.personal))
    say(dry(dry_run) + line for line in keep.describe_saving(done, session.office))
    return FINDINGS if done.problems else FINE


@cli.command(epilog="redaksi prune")
@dry_run_option
@pass_door
def prune(door: Door, dry_run: bool) -> None:
    """Untuk pewaktu: hapus simpanan yang naskahnya sudah berakhir lebih dari 30 hari."""
    from pipeline.stages import keep

    session = door.session()
    say(keep.describe_pruning(keep.prune(session, dry_run=dry_run), session.office, dry_run=dry_run))


@cli.command(epilog='redaksi discard wanayasa --reason "Kegiatannya batal."')
@click.argument("document", metavar="NASKAH")
@click.option("--reason", metavar="ALASAN", required=True, help="Satu kalimat; tersimpan bersama arsipnya.")
@dry_run_option
@pass_door
def discard(door: Door, document: str, reason: str, dry_run: bool) -> None:
    """Tutup naskah yang tidak dilanjutkan; isinya tersimpan di arsip."""
    from pipeline.stages import archive

    session = door.session()
    subject = archive.discard(session, door.actor(session), document, reason=reason, dry_run=dry_run)
    say(f"{dry(dry_run)}Naskah {subject.path} ditutup dan tersimpan di arsip.")
    say(f"Untuk mengembalikannya: redaksi recover {subject.path}")


@cli.command(epilog="redaksi recover berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="[NASKAH]", default="")
@dry_run_option
@pass_door
def recover(door: Door, document: str, dry_run: bool) -> None:
    """Kembalikan naskah yang ditutup atau hilang dari server; tanpa NASKAH: daftarnya."""
    from pipeline.stages import archive

    session = door.session()
    if not document:
        say(archive.describe_lost(archive.lost(session), session.office))
        return
    door.actor(session)
    subject = archive.recover(session, document, dry_run=dry_run)
    say(f"{dry(dry_run)}Naskah {subject.path} kembali seperti sebelumnya.")
    for refusal in subject.standing.refusals[:1]:
        say([f"Naskah ini belum dapat dilanjutkan: {refusal.message}", f"→ {refusal.hint}"])


@cli.command(epilog="redaksi restart berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def restart(door: Door, document: str, dry_run: bool) -> None:
    """Mulai lagi naskah dari isi situs sekarang, misalnya karena halaman terbitnya berubah."""
    from pipeline.stages import afresh

    session = door.session()
    _say_afresh(afresh.restart(session, door.actor(session), document, dry_run=dry_run), dry_run=dry_run)


@cli.command(epilog="redaksi clean berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@click.option(
    "--reason", metavar="ALASAN", default="", help="Wajib bila program sendiri tidak menemukan data terlarang."
)
@dry_run_option
@pass_door
def clean(door: Door, document: str, reason: str, dry_run: bool) -> None:
    """Mulai lagi naskah yang riwayatnya memuat data pribadi; riwayat lama dilepas."""
    from pipeline.stages import afresh

    session = door.session()
    done = afresh.clean(session, door.actor(session), document, reason=reason, dry_run=dry_run)
    _say_afresh(done, dry_run=dry_run)


def _say_afresh(done: Afresh, *, dry_run: bool) -> None:
    from pipeline.stages import afresh

    say(done.photos)
    say(dry(dry_run) + line for line in afresh.describe(done))
    if done.desk is not None:
        say(f"Tulisan yang disisihkan: {shown(folder)}" for folder in done.desk.set_aside)
        say([f"Tulislah di {shown(done.desk.folder / 'index.md')}", f"Bila selesai: redaksi submit {done.new.path}"])
