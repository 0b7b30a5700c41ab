"""Evidence on paper: the sheet of one document, and the package of a period for an auditor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import FINDINGS, FINE, Door, cli, json_option, pass_door, say, say_json, shown
from pipeline.errors import ConfigurationError

if TYPE_CHECKING:
    from pipeline.stages.session import Session


@cli.command(epilog="redaksi evidence wanayasa           (atau: redaksi evidence --period 2026-Q4)")
@click.argument("document", metavar="[NASKAH]", default="")
@click.option("--period", metavar="MASA", default="", help="Paket satu masa: 2026, 2026-Q4, atau 2026-11.")
@click.option("--out", metavar="TEMPAT", default="", help="Berkas lembar bukti, atau folder paket.")
@json_option
@pass_door
def evidence(door: Door, document: str, period: str, out: str, as_json: bool) -> int:
    """Lembar bukti satu naskah untuk dicetak, atau paket bukti satu masa untuk auditor."""
    if bool(document) == bool(period):
        raise ConfigurationError(
            "Sebutkan satu naskah atau satu masa.",
            hint="Misalnya redaksi evidence wanayasa, atau redaksi evidence --period 2026-Q4.",
        )
    session = door.onlooker()
    return _sheet(session, document, out, as_json) if document else _package(session, period, out, as_json)


def _sheet(session: Session, document: str, out: str, as_json: bool) -> int:
    from pipeline.stages import evidence as stage
    from pipeline.stages import evidence_data, evidence_page
    from pipeline.world import files

    dossier = stage.of_document(session, document)
    if as_json:
        say_json(evidence_data.as_json(dossier))
        return FINE
    place = Path(out or f"bukti-{dossier.document.rpartition('/')[2]}.html")
    files.write_atomic(place, evidence_page.html(dossier).encode())
    say(evidence_page.describe(dossier, shown(place)))
    return FINE


def _package(session: Session, period: str, out: str, as_json: bool) -> int:
    from pipeline.stages import evidence_package as stage
    from pipeline.stages import evidence_period

    made = stage.package(session, evidence_period.period(period))
    if as_json:
        say(made.data.decode("ascii"))
    else:
        folder = Path(out or f"bukti-{made.period.name}")
        say(stage.describe(made, shown(folder), shown(stage.write(made, folder))))
    return FINDINGS if made.unproven else FINE
