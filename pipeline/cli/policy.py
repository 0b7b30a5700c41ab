"""Changes of policy: propose what the working folder changes, look at proposals, sign them, put them away."""

from __future__ import annotations

import click

from pipeline.cli.frame import Door, Group, cli, dry, dry_run_option, pass_door, say


@cli.group(cls=Group, options_metavar="[PILIHAN]", subcommand_metavar="PERINTAH", epilog="redaksi policy list")
def policy() -> None:
    """Perubahan aturan: isi office/, program, dan berkas lain di luar naskah."""


@policy.command("list", epilog="redaksi policy list")
@pass_door
def list_proposals(door: Door) -> None:
    """Usulan aturan yang belum berlaku, dan siapa yang ditunggu."""
    from pipeline.stages import policy as stage

    session = door.onlooker()
    found = stage.waiting(session)
    say(line for proposal in found for line in stage.describe(proposal, session.office))
    if not found:
        say("Tidak ada usulan aturan yang menunggu.")


@policy.command(epilog='redaksi policy submit "Jam kerja Ramadan 1448 H"')
@click.argument("summary", metavar="RINGKASAN")
@dry_run_option
@pass_door
def submit(door: Door, summary: str, dry_run: bool) -> None:
    """Usulkan perubahan aturan yang ada di folder kerja ini."""
    from pipeline.stages import policy as stage

    session = door.session()
    found = stage.propose(session, door.actor(session), stage.in_folder(session), summary, dry_run=dry_run)
    say(dry(dry_run) + "Perubahan aturan diusulkan.")
    say(stage.describe(found, session.office))


@policy.command(epilog="redaksi policy read jam-kerja-ramadan-1448-h")
@click.argument("name", metavar="USULAN")
@pass_door
def read(door: Door, name: str) -> None:
    """Baca baris yang diubah oleh suatu usulan."""
    from pipeline.stages import policy as stage

    session = door.onlooker()
    found = stage.find(session, name)
    say(stage.describe(found, session.office))
    say(stage.describe_changes(session, found))


@policy.command(epilog="redaksi policy approve jam-kerja-ramadan-1448-h")
@click.argument("name", metavar="USULAN")
@pass_door
def approve(door: Door, name: str) -> None:
    """Setujui suatu usulan; dengan tanda tangan terakhir aturannya berlaku."""
    from pipeline.stages import policy as stage

    session = door.session()
    say(stage.describe(stage.approve(session, door.actor(session), name), session.office))


@policy.command(epilog="redaksi policy discard jam-kerja-ramadan-1448-h")
@click.argument("name", metavar="USULAN")
@pass_door
def discard(door: Door, name: str) -> None:
    """Tutup suatu usulan; isinya tersimpan di arsip."""
    from pipeline.stages import policy as stage

    session = door.session()
    found = stage.discard(session, door.actor(session), name)
    say(f"Usulan {found.name} ditutup dan tersimpan di arsip.")
