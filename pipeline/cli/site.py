"""The site: build, preview, audit, deploy, go back, measure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from pipeline.cli.frame import FINDINGS, FINE, Door, cli, dry_run_option, json_option, pass_door, say, say_json, shown

_ADDRESS: Final = "127.0.0.1:8000"


def _address(context: click.Context, option: click.Parameter, value: str) -> str:
    del context, option  # click hands them over
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit():
        raise click.BadParameter("tulislah sebagai ALAMAT:PORT, misalnya 127.0.0.1:8000.")
    return value


# -- the site --


@cli.command(epilog="redaksi build")
@pass_door
def build(door: Door) -> None:
    """Bangun situs dari folder ini ke folder site/."""
    from pipeline.stages import build as stage
    from pipeline.stages import folder
    from pipeline.world import clock

    root = folder.root_of(door.folder)
    made = stage.build(root, root / "site", now=clock.build_time())
    say(stage.describe(made))


@cli.command(epilog="redaksi serve berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="[NASKAH]", default="")
@click.option(
    "--address",
    metavar="ALAMAT:PORT",
    default=_ADDRESS,
    callback=_address,
    help=f"Alamat pratinjau (bawaan {_ADDRESS}).",
)
@pass_door
def serve(door: Door, document: str, address: str) -> None:
    """Pratinjau situs di komputer ini, juga dengan satu naskah yang belum terbit."""
    from pipeline.stages import build as stage
    from pipeline.stages import folder, preview

    if not document:
        say(f"Pratinjau di http://{address}/ (Ctrl+C untuk berhenti)")
        stage.serve(folder.root_of(door.folder), address, say=say)
        return
    with preview.laid_out(door.session(), document) as laid:
        say(f"Pratinjau di http://{address}/{laid.path}/ (Ctrl+C untuk berhenti)")
        stage.serve(laid.folder, address, say=say)


@cli.command(epilog="redaksi audit")
@json_option
@click.option("--out", metavar="FOLDER", default="", help="Tempat hasil audit (bawaan build/audit).")
@pass_door
def audit(door: Door, as_json: bool, out: str) -> int:
    """Periksa isi situs yang terbit: usang, yatim, tautan rusak, uraian yang belum ada."""
    from pipeline.stages import audit as stage
    from pipeline.stages import inspection

    session = door.onlooker()
    found = inspection.inspect(session)
    folder = Path(out) if out else session.repo.root / "build" / "audit"
    inspection.write(found, folder)
    if as_json:
        say_json(stage.as_json(found))
    else:
        say(stage.describe(found))
        say(f"Halaman hasil audit: {shown(folder / 'index.html')}")
    return FINDINGS if found.blocking else FINE


@cli.command(epilog="redaksi deploy lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@click.option("--allow-delete", is_flag=True, help="Izinkan banyak halaman hilang sekaligus.")
@dry_run_option
@pass_door
def deploy(door: Door, target: str, allow_delete: bool, dry_run: bool) -> int:
    """Tayangkan isi main yang terbukti ke tujuan penayangan."""
    from pipeline.stages import golive, verify

    session = door.session()
    proven = verify.prove(session)
    if dry_run:
        say(golive.plan_main(session, proven, target))
        return FINE
    actor = door.actor(session) if proven.opening else None
    done = golive.deploy_main(session, proven, target, allow_delete=allow_delete)
    say(golive.describe_all(done))
    for live in done:
        if actor is not None and live.switched:
            say(f"Tercatat di {golive.note_release(session, actor, live.target, live.release.id, 'ditayangkan')}")
    return FINE if all(live.sound for live in done) else FINDINGS


@cli.command(epilog="redaksi releases lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@pass_door
def releases(door: Door, target: str) -> None:
    """Daftar rilis yang tersimpan di tujuan penayangan."""
    from pipeline.stages import golive

    session = door.onlooker()
    for settings in golive.targets_of(session, target):
        say(golive.describe_releases(session, settings))


@cli.command(epilog="redaksi rollback lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@pass_door
def rollback(door: Door, target: str) -> None:
    """Kembali ke rilis sebelumnya."""
    from pipeline.stages import deploy as stage
    from pipeline.stages import golive

    session = door.session()
    actor = door.actor(session)
    for settings in golive.targets_of(session, target):
        release = stage.rollback(golive.connect(session, settings))
        say(f"{settings.name}: rilis {release.id} tayang kembali.")
        say(f"Tercatat di {golive.note_release(session, actor, settings.name, release.id, 'dikembalikan')}")


@cli.command(epilog="redaksi --as monev monev website")
@click.argument("what", metavar="[website]", type=click.Choice(["website"]), default="website")
@click.option("--url", metavar="ALAMAT", default="", help="Alamat situs yang diukur (bawaan: dari office/site.yml).")
@click.option("--target", metavar="TUJUAN", default="", help="Tujuan penayangan yang diukur.")
@json_option
@dry_run_option
@pass_door
def monev(door: Door, what: str, url: str, target: str, as_json: bool, dry_run: bool) -> int:
    """Ukur situs yang sedang tayang (SOP B4) dan catat hasilnya."""
    from pipeline.stages import inspection
    from pipeline.stages import monev as stage

    del what  # the only one so far
    session = door.session()
    actor = None if dry_run else door.actor(session)
    measured, record = inspection.measure(session, actor, url=url, target=target)
    if as_json:
        say_json(stage.as_json(measured))
    else:
        say(stage.describe(measured))
        say(f"Tercatat di {record}" if record else "(percobaan, tidak dicatat)")
    return FINE if measured.ok else FINDINGS
