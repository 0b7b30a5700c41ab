"""The guard of the office server: install it, look at it, and what Git itself calls on the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import FINDINGS, FINE, Group, cli, say

if TYPE_CHECKING:
    from collections.abc import Iterator


@cli.group(
    cls=Group,
    options_metavar="[PILIHAN]",
    subcommand_metavar="PERINTAH",
    epilog="redaksi hook status /srv/redaksi/situs.git",
)
def hook() -> None:
    """Penjaga kiriman di server kantor: yang tidak sah ditolak sebelum mengubah apa pun."""


@hook.command(epilog="redaksi hook install /srv/redaksi/situs.git --key /srv/redaksi/kunci/gate")
@click.argument("folder", metavar="REPOSITORI", type=click.Path(path_type=Path))
@click.option("--opening", metavar="CATATAN", default="", help="Nomor catatan pembukaan kantor yang disimpan kantor.")
@click.option(
    "--key",
    metavar="BERKAS",
    type=click.Path(path_type=Path),
    default=None,
    help="Kunci pribadi mesin gate, untuk mencatat waktu penerimaan.",
)
def install(folder: Path, opening: str, key: Path | None) -> int:
    """Pasang penjaga pada repositori server; aman diulangi."""
    from pipeline.stages import hook as stage

    found = stage.install(folder, opening=opening, key=key)
    say(stage.describe(found))
    return FINDINGS if found.trouble else FINE


@hook.command(epilog="redaksi hook status /srv/redaksi/situs.git")
@click.argument("folder", metavar="REPOSITORI", type=click.Path(path_type=Path))
def status(folder: Path) -> int:
    """Periksa penjaga: apa yang dipegangnya, batasnya, dan apakah ia bekerja."""
    from pipeline.stages import hook as stage

    found = stage.status(folder)
    say(stage.describe(found))
    return FINDINGS if found.trouble else FINE


@hook.command("pre-receive", hidden=True)
def pre_receive() -> int:
    """Dipanggil Git sebelum kiriman diterima."""
    from pipeline.errors import PipelineError
    from pipeline.stages import hook as stage

    try:
        found = stage.judged(_sent())
    except PipelineError as error:
        say([f"[{getattr(error, 'code', 'unreadable')}] {error.message}", f"→ {error.hint}"])
        return stage.REFUSED
    say(stage.describe_verdict(found))
    return stage.REFUSED if found.objections else FINE


@hook.command("post-receive", hidden=True)
def post_receive() -> None:
    """Dipanggil Git sesudah kiriman diterima."""
    from pipeline.stages import hook as stage

    say(stage.received(_sent()))


def _sent() -> Iterator[str]:
    """What Git tells on the standard input; a name that is no text becomes one that nobody may use."""
    yield from sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")
