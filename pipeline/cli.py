"""The command line: one short function a command, and the only place that prints and exits.

It decides nothing: a command opens a session, calls one stage and prints what that describes. Everything heavy is imported
inside the command that needs it, so that ``--help`` costs click alone. Exit codes: 0 fine, 1 findings or refused,
2 configuration, 3 a bug of ours (the report goes to a file, never to staff).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.errors import ConfigurationError, PipelineError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Finding
    from pipeline.stages.proposal import Opened
    from pipeline.stages.session import Actor, Session

_FINE, _FINDINGS, _BUG, _INTERRUPTED = 0, 1, 3, 130
_ADDRESS: Final = "127.0.0.1:8000"


# -- Indonesian help: click itself speaks English --


class _Command(click.Command):
    """A command whose help is Indonesian."""

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 -- click's own signature
        settings.setdefault("options_metavar", "[PILIHAN]")
        super().__init__(*args, **settings)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Pemakaian: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [
            (name, text.replace("[required]", "[wajib]"))
            for p in options
            for name, text in [p.get_help_record(ctx) or ("", "")]
        ]
        if records:
            with formatter.section("Pilihan"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's shape
        if self.epilog:
            formatter.write_paragraph()
            formatter.write(f"Contoh:\n  {self.epilog}\n")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Tampilkan bantuan ini."
        return option


class _Group(_Command, click.Group):
    """The list of commands, in the order in which a document meets them."""

    command_class = _Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's shape
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, command.get_short_help_str(200)) for name, command in self.commands.items()]
        with formatter.section("Perintah"):
            formatter.write_dl(rows)
        del ctx


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """The options that every command shares."""

    folder: Path
    person: str | None

    def session(self) -> Session:
        from pipeline.stages.session import Session

        return Session.open(self.folder)

    def onlooker(self) -> Session:
        """A session that only looks: it works without the office server, and says what it then can't know."""
        from pipeline.stages.session import Session

        session = Session.open(self.folder, offline=True)
        if session.stale:
            click.echo(f"{session.stale} Yang tampak di sini adalah keadaan salinan ini.", err=True)
        return session

    def actor(self, session: Session) -> Actor:
        from pipeline.stages.session import actor

        return actor(session, self.person)


_pass_door = click.make_pass_decorator(_Door)
_dry_run = click.option("--dry-run", is_flag=True, help="Tampilkan apa yang akan terjadi, tanpa mengubah apa pun.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Keluaran JSON untuk program lain.")


@click.group(
    cls=_Group,
    context_settings={"max_content_width": 110},
    options_metavar="[PILIHAN]",
    subcommand_metavar="PERINTAH [ISIAN]...",
    epilog="redaksi demo            (redaksi test menjalankan seluruh uji program)",
)
@click.option("-C", "folder", metavar="FOLDER", default=".", help="Bekerja di repositori lain.")
@click.option("--as", "person", metavar="ORANG", default=None, help="Bertindak sebagai orang ini (office/people.yml).")
@click.pass_context
def cli(ctx: click.Context, folder: str, person: str | None) -> None:
    """Redaksi: situs dan kantor redaksi pengadilan."""
    ctx.obj = _Door(folder=Path(folder), person=person)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; every error becomes a sentence."""
    try:
        return int(cli.main(args=list(arguments), prog_name="redaksi", standalone_mode=False) or _FINE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message)
        return _FINE
    except click.ClickException as error:
        return _complain(_sentence(error), "Lihat bantuannya: redaksi PERINTAH --help.", ConfigurationError.exit_code)
    except PipelineError as error:
        return _complain(error.message, error.hint, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _complain("Dihentikan.", "Perintah ini aman diulangi.", _INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FINE
    except Exception:  # noqa: BLE001 -- the last resort: staff never see a traceback
        return _complain(
            "Terjadi kesalahan di dalam program ini; periksa keadaan naskah Anda dengan redaksi status.",
            f"Kirimkan berkas laporan ini kepada Pranata Komputer: {_report()}",
            _BUG,
        )


def _sentence(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption() if error.option_name in {"--as", "-C"}:
            return f"Tulis {error.option_name} sebelum nama perintah, misalnya: redaksi --as admin status."
        case click.NoSuchOption():
            return f"Pilihan {error.option_name} tidak dikenal."
        case click.MissingParameter():
            option = isinstance(error.param, click.Option)
            name = error.param.opts[0] if error.param and option else error.param and error.param.human_readable_name
            return f"Perintah ini memerlukan {name}."
        case click.BadParameter():
            name = error.param.human_readable_name if error.param else "isian"
            return f"Nilai {name} tidak sesuai: {error.message}"
        case click.UsageError() if "No such command" in error.message:
            return f"Perintah {error.message.partition(chr(39))[2].partition(chr(39))[0]} tidak dikenal."
        case click.BadOptionUsage():
            return f"Pilihan {error.option_name} belum lengkap isinya."
        case click.UsageError() if "unexpected extra argument" in error.message:
            return "Ada isian yang berlebih; teks yang terdiri atas beberapa kata ditulis di antara tanda kutip."
        case _:
            return f"Perintah tidak dapat dibaca: {error.message}"


def _complain(message: str, hint: str, code: int) -> int:
    click.echo(f"{message}\n→ {hint}", err=True)
    return code


def _report() -> Path:
    handle, name = tempfile.mkstemp(prefix="redaksi-galat-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as report:
        report.write(f"redaksi {sys.version}\n{traceback.format_exc()}")
    return Path(name)


def _say(lines: Iterable[str] | str) -> None:
    for line in [lines] if isinstance(lines, str) else lines:
        click.echo(line)


def _say_json(data: Any) -> None:  # noqa: ANN401 -- whatever the stage gives
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def _title(session: Session, subject: Opened) -> str:
    from pipeline.world.history import read_document

    return read_document(session.repo, str(subject.tip), subject.shelf, subject.path).title


def _say_notice(session: Session, subject: Opened, *, note: str = "") -> None:
    from pipeline.stages import notice

    _say(notice.describe(notice.notice(subject, _title(session, subject), session.office, note=note)))


def _address(context: click.Context, option: click.Parameter, value: str) -> str:
    del context, option  # click hands them over
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit():
        raise click.BadParameter("tulislah sebagai ALAMAT:PORT, misalnya 127.0.0.1:8000.")
    return value


# -- the way of a document --


@cli.command(epilog='redaksi new berita "Sidang keliling di Wanayasa"')
@click.argument("kind", metavar="JENIS")
@click.argument("title", metavar="JUDUL")
@click.option("--section", metavar="BAGIAN", default="", help="Bagian situs, untuk jenis halaman.")
@_pass_door
def new(door: _Door, kind: str, title: str, section: str) -> None:
    """Mulai naskah baru dari contoh jenisnya."""
    from pipeline.stages import draft

    session = door.session()
    desk = draft.start(session, door.actor(session), kind, title, section=section)
    _say([f"Naskah {desk.subject.path} dibuka.", f"Tulislah di {_shown(desk.folder / 'index.md')}"])
    _say(f"Bila selesai: redaksi submit {desk.subject.path}")


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


@cli.command(epilog="redaksi check drafts/berita/2026/sidang-keliling-di-wanayasa")
@click.argument("paths", metavar="[NASKAH ...]", nargs=-1)
@click.option("--kind", metavar="JENIS", default=None, help="Anggap berkas sebagai jenis naskah ini.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Bentuk keluaran.")
@_pass_door
def check(door: _Door, paths: tuple[str, ...], kind: str | None, form: str) -> int:
    """Periksa naskah: apa yang kurang, di baris mana, dan cara memperbaikinya."""
    from pipeline.stages import check as stage
    from pipeline.stages import folder

    report = stage.check_paths(folder.locate(door.folder, paths), kind=kind, context=folder.context_at(door.folder))
    if form == "json":
        _say_json(stage.as_json(report))
    else:
        _say(stage.describe(report))
    return _FINE if report.ok else _FINDINGS


@cli.command(epilog="redaksi submit berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_dry_run
@_pass_door
def submit(door: _Door, document: str, dry_run: bool) -> int:
    """Ajukan naskah untuk diperiksa, atau simpan koreksi atas naskah yang sedang diperiksa."""
    from pipeline.stages import draft

    session = door.session()
    actor = door.actor(session)
    done = draft.submit(session, actor, document, dry_run=dry_run)
    _say(done.photos)
    _say_findings(f"{'review' if done.corrected else 'drafts'}/{done.subject.path}", done.findings)
    if not done.accepted:
        _say("Naskah belum diajukan. Perbaiki galat di atas, lalu ulangi.")
        return _FINDINGS
    _say(_dry(dry_run) + ("Koreksi disimpan." if done.corrected else "Naskah diajukan."))
    if done.subject.standing.voided:
        _say("Persetujuan sebelumnya tidak berlaku lagi, karena isinya berubah.")
    if done.corrected and actor.may_act_on(done.subject, session.office):
        _say(f"Sekarang giliran Anda memutuskan: redaksi approve {done.subject.path}")
    elif not dry_run:
        _say_notice(session, done.subject)
    return _FINE


def _say_findings(place: str, findings: Sequence[Finding]) -> None:
    from pipeline.stages import check as stage

    _say(stage.lines(place, findings))


def _dry(dry_run: bool) -> str:
    return "(percobaan, tidak ada yang berubah) " if dry_run else ""


@cli.command(epilog="redaksi read berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_pass_door
def read(door: _Door, document: str) -> None:
    """Baca naskah seperti yang akan dilihat masyarakat; waktu pengerjaan Anda mulai dihitung."""
    from pipeline.stages import review

    session = door.session()
    perusal = review.read(session, door.actor(session), document)
    _say(review.describe(perusal, session.office.site.default_place))
    _say_findings(f"{perusal.subject.shelf}/{perusal.subject.path}", perusal.findings)


@cli.command(epilog="redaksi approve berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_dry_run
@_pass_door
def approve(door: _Door, document: str, dry_run: bool) -> None:
    """Setujui isi naskah yang sedang diperiksa, tepat seperti adanya sekarang."""
    from pipeline.stages import review

    session = door.session()
    subject = review.approve(session, door.actor(session), document, dry_run=dry_run)
    _say(f"{_dry(dry_run)}Disetujui. Sidik isi yang disetujui: {str(subject.standing.tree)[:12]}.")
    if not dry_run:
        if not subject.standing.approvals[-1].started:
            _say("Naskah ini tidak Anda buka dengan redaksi read, jadi waktu pengerjaan tidak terukur.")
        _say_notice(session, subject)


@cli.command(
    "return", epilog='redaksi return wanayasa --reason bahasa "Kalimat pertama belum jelas" --note 14 "Siapa?"'
)
@click.argument("document", metavar="NASKAH")
@click.argument("text", metavar="PESAN")
@click.option("--reason", metavar="KODE", required=True, help="Kode alasan menurut daftar pada SOP.")
@click.option(
    "--note", "notes", type=(int, str), multiple=True, metavar="BARIS CATATAN", help="Catatan pada satu baris."
)
@_dry_run
@_pass_door
def send_back(
    door: _Door,
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
    _say(f"{_dry(dry_run)}Naskah dikembalikan kepada penulis.")
    if not dry_run:
        _say_notice(session, subject, note=f"Alasan: {text}")


@cli.command(epilog="redaksi retract berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_dry_run
@_pass_door
def retract(door: _Door, document: str, dry_run: bool) -> None:
    """Tarik kembali keputusan atau pengajuan Anda sebelum naskah terbit."""
    from pipeline.stages import draft

    session = door.session()
    subject = draft.retract(session, door.actor(session), document, dry_run=dry_run)
    _say(f"{_dry(dry_run)}Ditarik kembali.")
    if subject.shelf == "drafts":
        _say(f"Naskah kembali kepada Anda. Untuk mengubahnya: redaksi edit {subject.path}")
    elif not dry_run:
        _say_notice(session, subject)


@cli.command(epilog="redaksi edit berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_pass_door
def edit(door: _Door, document: str) -> None:
    """Buka naskah untuk diperbaiki: yang dikembalikan, yang sedang diperiksa, atau yang sudah terbit."""
    from pipeline.stages import draft

    session = door.session()
    desk = draft.edit(session, door.actor(session), document)
    _say(draft.describe(desk, session.office))
    _say([f"Tulislah di {_shown(desk.folder / 'index.md')}", f"Bila selesai: redaksi submit {desk.subject.path}"])


@cli.command(epilog="redaksi publish")
@click.argument("document", metavar="[NASKAH]", default="")
@click.option("--due", is_flag=True, help="Untuk pewaktu: semua yang disetujui dan sudah waktunya (bawaan).")
@_dry_run
@_pass_door
def publish(door: _Door, document: str, due: bool, dry_run: bool) -> int:
    """Terbitkan semua naskah yang sudah disetujui dan sudah waktunya."""
    from pipeline.stages import publish as stage

    del due  # it is what happens anyway; timers say it so that the unit file reads well
    session = door.session()
    done = stage.publish(session, door.actor(session), only=document, dry_run=dry_run)
    _say(stage.describe(done, session.office, dry_run=dry_run))
    return _FINE if done.sound else _FINDINGS


@cli.command(epilog="redaksi status")
@_as_json
@_pass_door
def status(door: _Door, as_json: bool) -> None:
    """Papan naskah: apa yang menunggu siapa, dan sejak kapan."""
    from pipeline.stages import board

    session = door.onlooker()
    found = board.board(session)
    if as_json:
        _say_json(board.as_json(found))
    else:
        _say(board.describe(found, session.office))


@cli.command(epilog="redaksi history berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="NASKAH")
@_as_json
@_pass_door
def history(door: _Door, document: str, as_json: bool) -> None:
    """Jalannya satu naskah: langkah SOP, siapa, dan kedua waktunya."""
    from pipeline.stages import timeline

    session = door.onlooker()
    rows = timeline.of_document(session, document)
    if as_json:
        _say_json(timeline.as_json(rows))
    else:
        _say(timeline.describe(rows, session.office))


@cli.command(epilog="redaksi verify")
@_as_json
@_pass_door
def verify(door: _Door, as_json: bool) -> int:
    """Buktikan bahwa setiap naskah yang terbit disetujui orang yang berwenang."""
    from pipeline.stages import verify as stage
    from pipeline.world import records

    session = door.onlooker()
    found = stage.verify(session.repo, session.main)
    doubtful = records.read(session.repo, "", session.known_keys()).doubtful
    if as_json:
        _say_json(stage.as_json(found) | {"doubtful_records": list(doubtful)})
    else:
        _say(stage.describe(found))
        _say(stage.describe_doubtful(doubtful))
    return _FINDINGS if found.unproven or doubtful else _FINE


@cli.command("open-office", epilog="redaksi --as kasubag-ptip open-office")
@_dry_run
@_pass_door
def open_office(door: _Door, dry_run: bool) -> None:
    """Buka kantor: dua pejabat menandatangani keadaan awal situs dan pembacaan SOP."""
    from pipeline.stages import opening

    session = door.session()
    found = opening.open_office(session, door.actor(session), dry_run=dry_run)
    _say(_dry(dry_run) + next(opening.describe(found, session.office)))


# -- the procedure --


@cli.command(epilog="redaksi sop B")
@click.argument("code", metavar="[A-D]", default="")
@_as_json
@_pass_door
def sop(door: _Door, code: str, as_json: bool) -> None:
    """Prosedur seperti tercetak di formulir, dengan tafsiran kami ditandai."""
    from pipeline import procedure
    from pipeline.stages import folder

    office = folder.office_at(door.folder)
    chosen = [office.procedures[c] for c in office.procedures if not code or c == code.upper()]
    if not chosen:
        raise Refused(f"Tidak ada SOP {code}.", hint=f"Pilih: {', '.join(office.procedures)}.", code="no-such-sop")
    if as_json:
        _say_json([procedure.as_json(found) for found in chosen])
    else:
        _say(line for found in chosen for line in (*procedure.table(found), ""))


# -- the site --


@cli.command(epilog="redaksi build")
@_pass_door
def build(door: _Door) -> None:
    """Bangun situs dari folder ini ke folder site/."""
    from pipeline.stages import build as stage
    from pipeline.stages import folder
    from pipeline.world import clock

    root = folder.root_of(door.folder)
    made = stage.build(root, root / "site", now=clock.build_time())
    _say(stage.describe(made))


@cli.command(epilog="redaksi serve berita/2026/sidang-keliling-di-wanayasa")
@click.argument("document", metavar="[NASKAH]", default="")
@click.option(
    "--address",
    metavar="ALAMAT:PORT",
    default=_ADDRESS,
    callback=_address,
    help=f"Alamat pratinjau (bawaan {_ADDRESS}).",
)
@_pass_door
def serve(door: _Door, document: str, address: str) -> None:
    """Pratinjau situs di komputer ini, juga dengan satu naskah yang belum terbit."""
    from pipeline.stages import build as stage
    from pipeline.stages import folder, preview

    if not document:
        _say(f"Pratinjau di http://{address}/ (Ctrl+C untuk berhenti)")
        stage.serve(folder.root_of(door.folder), address, say=_say)
        return
    with preview.laid_out(door.session(), document) as laid:
        _say(f"Pratinjau di http://{address}/{laid.path}/ (Ctrl+C untuk berhenti)")
        stage.serve(laid.folder, address, say=_say)


@cli.command(epilog="redaksi audit")
@_as_json
@click.option("--out", metavar="FOLDER", default="", help="Tempat hasil audit (bawaan build/audit).")
@_pass_door
def audit(door: _Door, as_json: bool, out: str) -> int:
    """Periksa isi situs yang terbit: usang, yatim, tautan rusak, uraian yang belum ada."""
    from pipeline.stages import audit as stage
    from pipeline.stages import inspection

    session = door.onlooker()
    found = inspection.inspect(session)
    folder = Path(out) if out else session.repo.root / "build" / "audit"
    inspection.write(found, folder)
    if as_json:
        _say_json(stage.as_json(found))
    else:
        _say(stage.describe(found))
        _say(f"Halaman hasil audit: {_shown(folder / 'index.html')}")
    return _FINDINGS if found.blocking else _FINE


@cli.command(epilog="redaksi deploy lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@click.option("--allow-delete", is_flag=True, help="Izinkan banyak halaman hilang sekaligus.")
@_dry_run
@_pass_door
def deploy(door: _Door, target: str, allow_delete: bool, dry_run: bool) -> int:
    """Tayangkan isi main yang terbukti ke tujuan penayangan."""
    from pipeline.stages import golive, verify

    session = door.session()
    proven = verify.verify(session.repo, session.main)
    if dry_run:
        _say(golive.plan_main(session, proven, target))
        return _FINE
    actor = door.actor(session) if proven.opening else None
    done = golive.deploy_main(session, proven, target, allow_delete=allow_delete)
    _say(golive.describe_all(done))
    for live in done:
        if actor is not None and live.switched:
            _say(f"Tercatat di {golive.note_release(session, actor, live.target, live.release.id, 'ditayangkan')}")
    return _FINE if all(live.sound for live in done) else _FINDINGS


@cli.command(epilog="redaksi releases lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@_pass_door
def releases(door: _Door, target: str) -> None:
    """Daftar rilis yang tersimpan di tujuan penayangan."""
    from pipeline.stages import golive

    session = door.onlooker()
    for settings in golive.targets_of(session, target):
        _say(golive.describe_releases(session, settings))


@cli.command(epilog="redaksi rollback lokal")
@click.argument("target", metavar="[TUJUAN]", default="")
@_pass_door
def rollback(door: _Door, target: str) -> None:
    """Kembali ke rilis sebelumnya."""
    from pipeline.stages import deploy as stage
    from pipeline.stages import golive

    session = door.session()
    actor = door.actor(session)
    for settings in golive.targets_of(session, target):
        release = stage.rollback(golive.connect(session, settings))
        _say(f"{settings.name}: rilis {release.id} tayang kembali.")
        _say(f"Tercatat di {golive.note_release(session, actor, settings.name, release.id, 'dikembalikan')}")


@cli.command(epilog="redaksi --as monev monev website")
@click.argument("what", metavar="[website]", type=click.Choice(["website"]), default="website")
@click.option("--url", metavar="ALAMAT", default="", help="Alamat situs yang diukur (bawaan: dari office/site.yml).")
@click.option("--target", metavar="TUJUAN", default="", help="Tujuan penayangan yang diukur.")
@_as_json
@_dry_run
@_pass_door
def monev(door: _Door, what: str, url: str, target: str, as_json: bool, dry_run: bool) -> int:
    """Ukur situs yang sedang tayang (SOP B4) dan catat hasilnya."""
    from pipeline.stages import inspection
    from pipeline.stages import monev as stage

    del what  # the only one so far
    session = door.session()
    actor = None if dry_run else door.actor(session)
    measured, record = inspection.measure(session, actor, url=url, target=target)
    if as_json:
        _say_json(stage.as_json(measured))
    else:
        _say(stage.describe(measured))
        _say(f"Tercatat di {record}" if record else "(percobaan, tidak dicatat)")
    return _FINE if measured.ok else _FINDINGS


@cli.command(epilog="redaksi rules")
def rules() -> None:
    """Daftar aturan yang diperiksa pada setiap naskah."""
    from pipeline import rules as shelf

    _say(shelf.describe())


@cli.command(epilog="redaksi demo --serve")
@click.option("--dir", "folder", metavar="FOLDER", default="build/demo", help="Folder peragaan (bawaan build/demo).")
@click.option("--serve", is_flag=True, help="Biarkan situs peragaan terbuka di http://127.0.0.1:8000 .")
def demo(folder: str, serve: bool) -> int:
    """Peragaan lengkap: satu berita dari draf sampai tayang, dengan tiga peran, di repositori baru."""
    import subprocess

    script = Path(__file__).with_name("demo.py")
    return subprocess.run(  # noqa: PLW1510 -- its exit code is ours
        [sys.executable, str(script), folder, *(["--serve"] if serve else [])]
    ).returncode
