"""People and keys: make one's own key, see who is listed, propose a change of the list."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import (
    Door,
    Group,
    cli,
    dry,
    dry_run_option,
    json_option,
    pass_door,
    say,
    say_json,
    secret,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.stages.people import Intent


def _day(typed: str) -> date:
    """The day that was typed, as ISO writes it."""
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise click.BadParameter(f"{typed!r} bukan tanggal; tulis seperti ini: 2026-01-30.") from error


@cli.group(cls=Group, options_metavar="[PILIHAN]", subcommand_metavar="PERINTAH", epilog="redaksi --as siti key new")
def key() -> None:
    """Kunci tanda tangan Anda sendiri."""


@key.command(epilog="redaksi --as siti key new")
@click.option("--machine", is_flag=True, help="Kunci mesin: tanpa kata sandi, hanya untuk komputer server.")
@click.option("--folder", metavar="FOLDER", default=None, help="Simpan di folder lain, misalnya diska lepas.")
@pass_door
def new(door: Door, machine: bool, folder: str | None) -> None:
    """Buat kunci tanda tangan Anda, dengan kata sandi."""
    from pipeline.stages import people as stage
    from pipeline.world import keys

    who = stage.key_owner(door.folder, door.person)
    place = (Path(folder) if folder else keys.folder(os.environ)).absolute() / who
    keys.require_free(place)
    public = keys.make(place, comment=who, passphrase="" if machine else _new_passphrase(who))
    say(stage.describe_key(place, public, who))


def _new_passphrase(who: str) -> str | None:
    """A new passphrase, typed twice; None where OpenSSH asks by itself."""
    from pipeline.errors import Refused
    from pipeline.world import keys

    if keys.asks_itself():
        tell("Ketik kata sandi baru dua kali. Hurufnya memang tidak tampak.")
        return None
    tell(
        "Kata sandi kunci adalah tanda tangan Anda: jangan diberitahukan kepada siapa pun. Hurufnya memang tidak tampak."
    )
    passphrase = secret(f"Kata sandi baru untuk kunci {who} (paling sedikit {keys.SHORTEST} huruf atau angka)")
    keys.require_strong(passphrase)
    if secret("Ketik sekali lagi") != passphrase:
        raise Refused("Kedua kata sandi itu tidak sama.", hint="Ulangi. Tidak ada kunci yang dibuat.", code="mismatch")
    return passphrase


@cli.group(cls=Group, options_metavar="[PILIHAN]", subcommand_metavar="PERINTAH", epilog="redaksi person list")
def person() -> None:
    """Orang, peran, kunci, dan masa Plh/Plt di office/people.yml."""


@person.command("list", epilog="redaksi person list")
@json_option
@pass_door
def list_people(door: Door, as_json: bool) -> None:
    """Siapa yang terdaftar, perannya, dan sidik kuncinya."""
    from pipeline.stages import people as stage

    session = door.onlooker()
    day = stage.today(session)
    if as_json:
        say_json(stage.as_json(session.office, day))
    else:
        say(stage.describe_people(session.office, day))


@person.command(
    epilog='redaksi person add siti --name "Siti Contoh" --email siti@kantor.invalid --role redaktur --key siti.pub'
)
@click.argument("who", metavar="ORANG")
@click.option("--name", metavar="NAMA", required=True, help="Nama lengkap dengan gelar.")
@click.option("--email", "emails", metavar="SUREL", required=True, multiple=True, help="Surel dinas; boleh beberapa.")
@click.option("--role", "roles", metavar="PERAN", required=True, multiple=True, help="Peran; boleh beberapa.")
@click.option("--key", "files", metavar="BERKAS.pub", multiple=True, help="Kunci publiknya; boleh beberapa.")
@click.option("--from", "since", metavar="TANGGAL", type=_day, default=None, help="Hari pertama menjabat.")
@dry_run_option
@pass_door
def add(
    door: Door,
    who: str,
    name: str,
    emails: tuple[str, ...],
    roles: tuple[str, ...],
    files: tuple[str, ...],
    since: date | None,
    dry_run: bool,
) -> None:
    """Daftarkan orang baru."""
    from pipeline.people_file import Newcomer
    from pipeline.stages import people as stage

    newcomer = Newcomer(
        id=who,
        name=name,
        emails=emails,
        roles=roles,
        keys=tuple(map(stage.public_key, files)),
        since=since,
    )
    _change(door, lambda today: stage.entering(newcomer, today), dry_run=dry_run)


@person.command(epilog='redaksi person retire siti --until 2026-05-31 --reason "Mutasi"')
@click.argument("who", metavar="ORANG")
@click.option("--until", metavar="TANGGAL", type=_day, default=None, help="Hari terakhir menjabat (bawaan: hari ini).")
@click.option("--reason", metavar="ALASAN", required=True, help="Satu kalimat, misalnya mutasi atau pensiun.")
@dry_run_option
@pass_door
def retire(door: Door, who: str, until: date | None, reason: str, dry_run: bool) -> None:
    """Akhiri masa tugas seseorang; keputusannya yang lama tetap terbukti."""
    from pipeline.stages import people as stage

    _change(door, lambda today: stage.leaving(who, until or today, reason), dry_run=dry_run)


@person.command("key", epilog="redaksi person key siti --add siti-baru.pub --remove siti-lama.pub")
@click.argument("who", metavar="ORANG")
@click.option("--add", "added", metavar="BERKAS.pub", multiple=True, help="Daftarkan kunci publik ini.")
@click.option(
    "--remove", "removed", metavar="SIDIK", multiple=True, help="Cabut kunci: sidik SHA256:... atau berkas .pub."
)
@dry_run_option
@pass_door
def change_keys(door: Door, who: str, added: tuple[str, ...], removed: tuple[str, ...], dry_run: bool) -> None:
    """Daftarkan kunci baru atau cabut kunci yang hilang."""
    from pipeline.stages import people as stage

    lines, marks = tuple(map(stage.public_key, added)), tuple(map(stage.key_named, removed))
    _change(door, lambda today: stage.changing_keys(who, add=lines, remove=marks, today=today), dry_run=dry_run)


@person.command(
    epilog='redaksi person acting siti --role redaktur --as Plh --from 2026-03-02 --until 2026-03-06 --letter "W11-A7/12"'
)
@click.argument("who", metavar="ORANG")
@click.option("--role", metavar="PERAN", required=True, help="Peran yang digantikan.")
@click.option("--as", "title", metavar="SEBUTAN", required=True, help="Plh atau Plt.")
@click.option("--from", "start", metavar="TANGGAL", type=_day, required=True, help="Hari pertama.")
@click.option("--until", "end", metavar="TANGGAL", type=_day, required=True, help="Hari terakhir.")
@click.option("--letter", metavar="NOMOR", required=True, help="Nomor surat penunjukannya.")
@dry_run_option
@pass_door
def acting(door: Door, who: str, role: str, title: str, start: date, end: date, letter: str, dry_run: bool) -> None:
    """Catat masa Plh atau Plt."""
    from pipeline.people import Acting
    from pipeline.stages import people as stage

    period = Acting(role=role, as_=title, start=start, end=end, letter=letter)
    _change(door, lambda _: stage.acting(who, period), dry_run=dry_run)


def _change(door: Door, intent: Callable[[date], Intent], *, dry_run: bool) -> None:
    from pipeline.stages import people as stage

    session = door.session()
    outcome = stage.change(session, lambda: door.actor(session), intent(stage.today(session)), dry_run=dry_run)
    say(dry(dry_run) + line if n == 0 else line for n, line in enumerate(stage.describe(outcome, session.office)))
