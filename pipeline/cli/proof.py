"""What can be proven, and the opening from which every proof begins."""

from __future__ import annotations

import click

from pipeline.cli.frame import FINDINGS, FINE, Door, cli, dry, dry_run_option, json_option, pass_door, say, say_json


@cli.command(epilog="redaksi verify")
@click.option("--since", metavar="CATATAN", default="", help="Hanya langkah sesudah catatan main ini.")
@click.option("--opening", metavar="CATATAN", default="", help="Nomor catatan pembukaan yang disimpan kantor.")
@json_option
@pass_door
def verify(door: Door, since: str, opening: str, as_json: bool) -> int:
    """Buktikan bahwa setiap naskah yang terbit disetujui orang yang berwenang."""
    from pipeline.stages import verify as stage
    from pipeline.world import records

    session = door.onlooker()
    found = stage.prove(session, since=since, opening=opening)
    doubtful = records.read(session.repo, "", session.known_keys()).doubtful
    if as_json:
        say_json(stage.as_json(found) | {"doubtful_records": list(doubtful)})
    else:
        say(stage.describe(found))
        say(stage.describe_doubtful(doubtful))
    return FINDINGS if found.unproven or doubtful else FINE


@cli.command("open-office", epilog="redaksi --as kasubag-ptip open-office")
@dry_run_option
@pass_door
def open_office(door: Door, dry_run: bool) -> None:
    """Buka kantor: dua pejabat menandatangani keadaan awal situs dan pembacaan SOP."""
    from pipeline.stages import opening

    session = door.session()
    found = opening.open_office(session, door.actor(session), dry_run=dry_run)
    lines = opening.describe(found, session.office)
    say(dry(dry_run) + next(lines))
    say(lines)
