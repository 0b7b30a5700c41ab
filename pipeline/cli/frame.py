"""What every command shares: Indonesian help, the options in front, and the few ways to print.

It knows no stage by itself; a command imports its own inside its function, so that ``--help`` costs click alone.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Finding
    from pipeline.stages.proposal import Opened
    from pipeline.stages.session import Actor, Session

FINE: Final = 0
FINDINGS: Final = 1
SECTIONS: Final = {
    "Naskah": ("documents", "paper", "keep"),
    "Bukti": ("proof", "evidence"),
    "Kantor": ("policy", "people", "hook"),
    "Situs": ("site",),
    "Mengenal program": ("learn",),
}
"""What people call each group of commands, in the order of ``--help``, and the modules of this folder that hold it."""


# -- Indonesian help: click itself speaks English --


class Command(click.Command):
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


class Group(Command, click.Group):
    """The list of commands, in the order in which a document meets them."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's shape
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        everything = {"Perintah": tuple(module for modules in SECTIONS.values() for module in modules)}
        for title, modules in (SECTIONS if ctx.parent is None else everything).items():
            homes = {f"pipeline.cli.{module}" for module in modules}
            rows = [
                (name, command.get_short_help_str(200))
                for name, command in self.commands.items()
                if not command.hidden and command.callback is not None and command.callback.__module__ in homes
            ]
            with formatter.section(title):
                formatter.write_dl(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The options that every command shares."""

    folder: Path
    person: str | None

    def session(self) -> Session:
        """The newest state of the office; refused while the office server is away."""
        from pipeline.stages.session import Session

        session = Session.open(self.folder)
        click.get_current_context().call_on_close(lambda: tell_each(session.repo.remarks))
        return session

    def onlooker(self) -> Session:
        """A session that only looks: it works without the office server, and says what it then can't know."""
        from pipeline.stages.session import Session

        session = Session.open(self.folder, offline=True)
        if session.stale:
            click.echo(f"{session.stale} Yang tampak di sini adalah keadaan salinan ini.", err=True)
        return session

    def actor(self, session: Session) -> Actor:
        """Who acts: ``--as``, the environment, or Git's own identity. A passphrase is asked for once a command."""
        from pipeline.stages.session import actor
        from pipeline.world.keys import Keyring

        keyring = click.get_current_context().with_resource(Keyring(ask_for_key, tell))
        return actor(session, self.person, keyring=keyring)


pass_door = click.make_pass_decorator(Door)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Tampilkan apa yang akan terjadi, tanpa mengubah apa pun."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Keluaran JSON untuk program lain.")


@click.group(
    cls=Group,
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
    ctx.obj = Door(folder=Path(folder), person=person)


def say(lines: Iterable[str] | str) -> None:
    """Print a line, or lines."""
    for line in [lines] if isinstance(lines, str) else lines:
        click.echo(line)


def say_json(data: Any) -> None:  # noqa: ANN401 -- whatever the stage gives
    """Print data for machines."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def tell(sentence: str) -> None:
    """Tell the person something beside the result."""
    click.echo(sentence, err=True)


def tell_each(sentences: Iterable[str]) -> None:
    """Tell the person several things beside the result."""
    for sentence in sentences:
        tell(sentence)


def ask_for_key(key: Path, number: int) -> str:
    """Ask for the passphrase of a key; ``number`` says which try it is."""
    if number > 1:
        tell("Kata sandi itu tidak cocok. Hurufnya memang tidak tampak; periksa huruf besar dan bahasa papan ketik.")
    return secret(f"Kata sandi kunci {key.name}")


def secret(question: str) -> str:
    """What a person types unseen; ``PipelineError`` where nobody sits at a terminal."""
    from getpass import GetPassWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(click.prompt(question, hide_input=True, default="", show_default=False, err=True))
        except GetPassWarning as error:
            raise PipelineError(
                "Kata sandi kunci hanya dapat diketik di terminal.",
                hint="Jalankan perintah ini di terminal. Tidak ada yang berubah.",
            ) from error


def title_of(session: Session, subject: Opened) -> str:
    """The title of an open document."""
    from pipeline.world.history import read_document

    return read_document(session.repo, str(subject.tip), subject.shelf, subject.path).title


def say_notice(session: Session, subject: Opened, *, note: str = "") -> None:
    """Print the message that can be forwarded to whoever is next."""
    from pipeline.stages import notice

    say(notice.describe(notice.notice(subject, title_of(session, subject), session.office, note=note)))


def say_done(session: Session, subject: Opened, sentence: str, *, dry_run: bool, note: str = "") -> None:
    """Print what was done to a document (or would be), and the message for whoever is next."""
    say(dry(dry_run) + sentence)
    if not dry_run:
        say_notice(session, subject, note=note)


def shown(path: Path) -> str:
    """A path as short as it can be typed here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def say_findings(place: str, findings: Sequence[Finding]) -> None:
    """Print findings on the document at ``place``."""
    from pipeline.stages import check as stage

    say(stage.lines(place, findings))


def dry(dry_run: bool) -> str:
    """What precedes the result of a rehearsal."""
    return "(percobaan, tidak ada yang berubah) " if dry_run else ""
