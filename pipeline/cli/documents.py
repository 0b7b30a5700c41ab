"""The way of a document, in the order in which it is gone: new, check, submit, read, decide, publish, look."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import (
    FINDINGS,
    FINE,
    Door,
    cli,
    dry,
    dry_run_option,
    json_option,
    pass_door,
    say,
    say_done,
    say_findings,
    say_json,
    say_notice,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.stages.session import Actor, Session


@contextmanager
def showing_both() -> Iterator[None]:
    """Where two people changed one text, show both before the refusal says what to do."""
    from pipeline.stages import keep, working_folder

    try:
        yield
    except working_folder.Conflict as found:
        say(keep.describe_conflict(found))
        raise


# -- the way of a document --


@cli.command(epilog='redaksi new berita "Sidang keliling di Wanayasa"')
@click.argument("kind", metavar="JENIS")
@click.argument("title", metavar="JUDUL")
@click.option("--section", metavar="BAGIAN", default="", help="Bagian situs, untuk jenis halaman.")
@pass_door
def new(door: Door, kind: str, title: str, section: str) -> None:
    """Mulai naskah baru dari contoh jenisnya."""
    from pipeline.stages import draft

    session = door.session()
    desk = draft.start(session, door.actor(session), kind, title, section=section)
    was_open = " sudah dibuka sebelumnya dan dilanjutkan." if desk.resumed else " dibuka."
    say([f"Naskah {desk.subject.path}{was_open}", f"Tulislah di {shown(desk.folder / 'index.md')}"])
    say(f"Bila selesai: redaksi submit {desk.subject.path}")


@cli.command(epilog="redaksi check drafts/berita/2026/sidang-keliling-di-wanayasa")
@click.argument("paths", metavar="[NASKAH ...]", nargs=-1)
@click.option("--kind", metavar="JENIS", default=None, help="Anggap berkas sebagai jenis naskah ini.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Bentuk keluaran.")
@pass_door
def check(door: Door, paths: tuple[str, ...], kind: str | None, form: str) -> int:
    """Periksa naskah: apa yang kurang, di baris mana, dan cara memperbaikinya."""
    from pipeline.stages import check as stage
    from pipeline.stages import folder

    report = stage.check_paths(folder.locate(door.folder, paths), kind=kind, context=folder.context_at(door.folder))
    if form == "json":
        say_json(stage.as_json(report))
    else:
        say(stage.describe(report))
    return FINE if report.ok else FINDINGS


@cli.command(epilog="redaksi submit berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def submit(door: Door, document: str, dry_run: bool) -> int:
    """Ajukan naskah untuk diperiksa, atau simpan koreksi atas naskah yang sedang diperiksa."""
    from pipeline.stages import draft

    session = door.session()
    actor = door.actor(session)
    with showing_both():
        done = draft.submit(session, actor, document, dry_run=dry_run)
    say(done.photos)
    say_findings(f"{'review' if done.corrected else 'drafts'}/{done.subject.path}", done.findings)
    if not done.accepted:
        say("Naskah belum diajukan. Perbaiki galat di atas, lalu ulangi.")
        return FINDINGS
    say(dry(dry_run) + ("Koreksi disimpan." if done.corrected else "Naskah diajukan."))
    if done.subject.standing.voided:
        say("Persetujuan sebelumnya tidak berlaku lagi, karena isinya berubah.")
    if done.corrected and actor.may_act_on(done.subject, session.office):
        say(f"Sekarang giliran Anda memutuskan: redaksi approve {done.subject.path}")
    elif not dry_run:
        say_notice(session, done.subject)
    return FINE


@cli.command(epilog="redaksi read berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@pass_door
def read(door: Door, document: str) -> None:
    """Baca naskah seperti yang akan dilihat masyarakat; waktu pengerjaan Anda mulai dihitung."""
    from pipeline.stages import review

    session = door.session()
    perusal = review.read(session, door.actor(session), document)
    say(review.describe(perusal, session.office.site.default_place))
    say_findings(f"{perusal.subject.shelf}/{perusal.subject.path}", perusal.findings)


@cli.command(epilog="redaksi approve berita/2026/sidang-keliling-di-wanayasa")
@click.argument("documents", metavar="NASKAH...", nargs=-1, required=True)
@dry_run_option
@pass_door
def approve(door: Door, documents: tuple[str, ...], dry_run: bool) -> int:
    """Setujui isi naskah yang sedang diperiksa, tepat seperti adanya sekarang; boleh beberapa yang sudah dibaca."""
    from pipeline.stages import review

    session = door.session()
    actor = door.actor(session)
    if len(documents) > 1:
        return _approve_several(session, actor, documents, dry_run=dry_run)
    subject = review.approve(session, actor, documents[0], dry_run=dry_run)
    say(f"{dry(dry_run)}Disetujui. Sidik isi yang disetujui: {str(subject.standing.tree)[:12]}.")
    if not dry_run:
        if not subject.standing.approvals[-1].started:
            say("Naskah ini tidak Anda buka dengan redaksi read, jadi waktu pengerjaan tidak terukur.")
        say_notice(session, subject)
    return FINE


def _approve_several(session: Session, actor: Actor, documents: tuple[str, ...], *, dry_run: bool) -> int:
    from pipeline.stages import together

    answers = []
    for answer in together.approve(session, actor, documents, dry_run=dry_run):
        answers.append(answer)
        say(together.describe(answer))
        if answer.subject is not None and not dry_run:
            say_notice(session, answer.subject)
    approved = sum(answer.refusal is None for answer in answers)
    say(f"{dry(dry_run)}{approved} dari {len(answers)} naskah disetujui.")
    return FINE if approved == len(answers) else FINDINGS


@cli.command(
    "return", epilog='redaksi return wanayasa --reason bahasa "Kalimat pertama belum jelas" --note 14 "Siapa?"'
)
@click.argument("document", metavar="NASKAH")
@click.argument("text", metavar="PESAN")
@click.option("--reason", metavar="KODE", required=True, help="Kode alasan menurut daftar pada SOP.")
@click.option(
    "--note", "notes", type=(int, str), multiple=True, metavar="BARIS CATATAN", help="Catatan pada satu baris."
)
@dry_run_option
@pass_door
def send_back(
    door: Door,
    document: str,
    text: str,
    reason: str,
    notes: tuple[tuple[int, str], ...],
    dry_run: bool,
) -> None:
    """Kembalikan naskah kepada penulis dengan alasan dan catatan pada baris."""
    from pipeline.stages import review

    session = door.session()
    actor = door.actor(session)
    subject = review.send_back(session, actor, document, reason=reason, text=text, notes=notes, dry_run=dry_run)
    say_done(session, subject, "Naskah dikembalikan kepada penulis.", dry_run=dry_run, note=f"Alasan: {text}")


@cli.command(epilog="redaksi note berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def note(door: Door, document: str, dry_run: bool) -> None:
    """Nyatakan mengetahui, pada langkah SOP yang memintanya."""
    from pipeline.stages import review

    session = door.session()
    subject = review.take_note(session, door.actor(session), document, dry_run=dry_run)
    say_done(session, subject, "Dicatat: mengetahui.", dry_run=dry_run)


@cli.command(epilog="redaksi complete berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def complete(door: Door, document: str, dry_run: bool) -> None:
    """Nyatakan suatu langkah SOP selesai dikerjakan, bila langkah itu bukan pekerjaan mesin."""
    from pipeline.stages import review

    session = door.session()
    subject = review.complete(session, door.actor(session), document, dry_run=dry_run)
    say_done(session, subject, "Dicatat: selesai.", dry_run=dry_run)


@cli.command(epilog="redaksi retract berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@dry_run_option
@pass_door
def retract(door: Door, document: str, dry_run: bool) -> None:
    """Tarik kembali keputusan atau pengajuan Anda sebelum naskah terbit."""
    from pipeline.stages import draft

    session = door.session()
    subject = draft.retract(session, door.actor(session), document, dry_run=dry_run)
    say(f"{dry(dry_run)}Ditarik kembali.")
    if subject.shelf == "drafts":
        say(f"Naskah kembali kepada Anda. Untuk mengubahnya: redaksi edit {subject.path}")
    elif not dry_run:
        say_notice(session, subject)


@cli.command(epilog="redaksi edit berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@click.option("--saved", is_flag=True, help="Buka simpanan Anda (redaksi save), juga dari komputer lain.")
@click.option("--older", type=click.IntRange(0), default=0, metavar="N", help="Bersama --saved: N simpanan sebelumnya.")
@click.option("--set-aside", is_flag=True, help="Pindahkan dahulu isi folder kerja Anda ke tempat lain; tidak dihapus.")
@pass_door
def edit(door: Door, document: str, saved: bool, older: int, set_aside: bool) -> None:
    """Buka naskah untuk diperbaiki: yang dikembalikan, yang sedang diperiksa, atau yang sudah terbit."""
    from pipeline.stages import draft, keep

    session = door.session()
    actor = door.actor(session)
    with showing_both():
        if saved:
            desk = keep.edit_saved(session, actor, document, older=older, set_aside=set_aside)
        else:
            desk = draft.edit(session, actor, document, set_aside=set_aside)
    say(draft.describe(desk, session.office))
    say(f"Tulisan yang disisihkan: {shown(folder)} (hapus bila sudah digabungkan)" for folder in desk.set_aside)
    if not saved:
        say(keep.describe_newer(keep.newer_save(session, actor, desk), desk, session.office))
    say([f"Tulislah di {shown(desk.folder / 'index.md')}", f"Bila selesai: redaksi submit {desk.subject.path}"])


@cli.command(epilog="redaksi publish")
@click.argument("document", metavar="[NASKAH]", default="")
@click.option("--due", is_flag=True, help="Untuk pewaktu: semua yang disetujui dan sudah waktunya (bawaan).")
@dry_run_option
@pass_door
def publish(door: Door, document: str, due: bool, dry_run: bool) -> int:
    """Terbitkan semua naskah yang sudah disetujui dan sudah waktunya."""
    from pipeline.stages import publish as stage

    del due  # it is what happens anyway; timers say it so that the unit file reads well
    session = door.session()
    done = stage.publish(session, door.actor(session), only=document, dry_run=dry_run)
    say(stage.describe(done, session.office, dry_run=dry_run))
    return FINE if done.sound else FINDINGS


@cli.command(epilog='redaksi withdraw layanan/biaya-perkara "Tarif panggilan sudah tidak berlaku"')
@click.argument("document", metavar="NASKAH")
@click.argument("reason", metavar="ALASAN")
@dry_run_option
@pass_door
def withdraw(door: Door, document: str, reason: str, dry_run: bool) -> int:
    """Tarik halaman yang sudah terbit, seketika; alasannya tampil di alamat halaman itu."""
    from pipeline.stages import withdraw as stage

    session = door.session()
    done = stage.withdraw(session, door.actor(session), document, reason, dry_run=dry_run)
    say(stage.describe(done, session.office, dry_run=dry_run))
    return FINE if done.released.sound else FINDINGS


@cli.command(epilog="redaksi status")
@json_option
@pass_door
def status(door: Door, as_json: bool) -> None:
    """Papan naskah: apa yang menunggu siapa, sejak kapan, dan apa yang akan kurang."""
    from pipeline.stages import board

    session = door.onlooker()
    found = board.board(session)
    if as_json:
        say_json(board.as_json(found, session.office))
    else:
        say(board.describe(found, session.office))


@cli.command(epilog="redaksi history berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@json_option
@pass_door
def history(door: Door, document: str, as_json: bool) -> None:
    """Jalannya satu naskah: langkah SOP, siapa, dan kedua waktunya."""
    from pipeline.stages import timeline

    session = door.onlooker()
    rows = timeline.of_document(session, document)
    if as_json:
        say_json(timeline.as_json(rows))
    else:
        say(timeline.describe(rows, session.office))
