"""The command line: one short function a command, and the only place that prints and exits.

It decides nothing: a command opens a session, calls one stage and prints what that describes. Everything heavy is imported
inside the command that needs it, so that ``--help`` costs click alone. Exit codes: 0 fine, 1 findings or refused,
2 configuration, 3 a bug of ours (the report goes to a file, never to staff).
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.frame import FINE, SECTIONS, cli
from pipeline.errors import ConfigurationError, PipelineError, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cli", "run"]

_BUG, _INTERRUPTED = 3, 130

for _modules in SECTIONS.values():
    for _module in _modules:
        importlib.import_module(f"pipeline.cli.{_module}")


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; every error becomes a sentence."""
    try:
        return int(cli.main(args=list(arguments), prog_name="redaksi", standalone_mode=False) or FINE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message)
        return FINE
    except click.ClickException as error:
        return _complain(_sentence(error), "Lihat bantuannya: redaksi PERINTAH --help.", ConfigurationError.exit_code)
    except Refused as error:
        return _complain(error.message, f"{error.hint} [{error.code}]", error.exit_code)
    except PipelineError as error:
        return _complain(error.message, error.hint, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _complain("Dihentikan.", "Perintah ini aman diulangi.", _INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
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
