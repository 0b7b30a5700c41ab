"""To get to know the program: the procedure, the rules, a demonstration."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.frame import Door, cli, json_option, pass_door, say, say_json
from pipeline.errors import Refused

# -- the procedure --


@cli.command(epilog="redaksi sop B")
@click.argument("code", metavar="[A-D]", default="")
@json_option
@pass_door
def sop(door: Door, code: str, as_json: bool) -> None:
    """Prosedur seperti tercetak di formulir, dengan tafsiran kami ditandai."""
    from pipeline import procedure
    from pipeline.stages import folder

    office = folder.office_at(door.folder)
    chosen = [office.procedures[c] for c in office.procedures if not code or c == code.upper()]
    if not chosen:
        raise Refused(f"Tidak ada SOP {code}.", hint=f"Pilih: {', '.join(office.procedures)}.", code="no-such-sop")
    if as_json:
        say_json([procedure.as_json(found) for found in chosen])
    else:
        say(line for found in chosen for line in (*procedure.table(found), ""))


@cli.command(epilog="redaksi rules")
def rules() -> None:
    """Daftar aturan yang diperiksa pada setiap naskah."""
    from pipeline import rules as shelf

    say(shelf.describe())


@cli.command(epilog="redaksi demo --serve")
@click.option("--dir", "folder", metavar="FOLDER", default="build/demo", help="Folder peragaan (bawaan build/demo).")
@click.option("--serve", is_flag=True, help="Biarkan situs peragaan terbuka di http://127.0.0.1:8000 .")
def demo(folder: str, serve: bool) -> int:
    """Peragaan lengkap: satu berita dari draf sampai tayang, dengan tiga peran, di repositori baru."""
    import subprocess

    script = Path(__file__).parents[1] / "demo.py"
    return subprocess.run(  # noqa: PLW1510 -- its exit code is ours
        [sys.executable, str(script), folder, *(["--serve"] if serve else [])]
    ).returncode
