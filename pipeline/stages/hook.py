"""The guard of an office server: what is sent to a bare repository is judged before any branch moves, and stamped after.

``install`` writes two small scripts that start this program where it stands now; they need no checkout. Whatever goes
wrong (no interpreter, an error, too long a wait, data that can't be read) refuses the push with a sentence and a remedy.
Judging is ``admission``'s. A script of somebody else's is never overwritten, and nobody is locked out: what the guard
refuses can be seen in its message.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import signature
from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.stages import admission, stamps, verify
from pipeline.stages.session import MAIN, office_at
from pipeline.world import clock, files
from pipeline.world.history import ARCHIVE
from pipeline.world.repo import WARNING, BranchMove, Repository, Signer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from types import FrameType

    from pipeline.court import Limits
    from pipeline.office import Office, Person
    from pipeline.stages.admission import Examination, Update

BEFORE: Final = "pre-receive"
AFTER: Final = "post-receive"
REFUSED: Final = 10
"""Exit code of a judged refusal; every other one than 0 means that the guard itself could not work."""
_MARK: Final = "# redaksi-hook"
_OPENING: Final = "redaksi.pembukaan"
_KEY: Final = "redaksi.kunci"
_PATIENCE: Final = 15
"""A push may take so many times the office's ``pemeriksaan_detik`` before it is given up."""
_LONGEST: Final = 600
"""Seconds after which the script ends a guard that does not even notice that its time is up."""
_DOCUMENTS_A_PUSH: Final = 4
"""A push may carry so many times the bytes of one document: a few at once, or versions of one."""
_SHOWN: Final = 5
_SELF_TEST_SECONDS: Final = 60
_TRIED: Final = "refs/tags/percobaan"
_SETTINGS: Final = {
    "receive.fsckObjects": "true",
    "transfer.fsckObjects": "true",
    "receive.advertiseAtomic": "true",
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "false",  # publishing ends the document's branch; which one may end, the guard decides
    "core.logAllRefUpdates": "always",
    "gc.pruneExpire": "30.days.ago",
}
_SCRIPT: Final = """\
#!/bin/sh
{mark} {name}: dipasang oleh redaksi hook install. Jangan diubah; bila programnya pindah, pasang ulang.
python={python}
limit=
if command -v timeout >/dev/null; then limit='timeout {longest}'; fi
if [ -x "$python" ]; then
  $limit "$python" -I -X utf8 -m pipeline hook {name}
  code=$?
else
  code=127
fi
{ending}
"""
_REFUSING: Final = f"""\
case $code in
0) exit 0 ;;
{REFUSED}) exit 1 ;;
esac
echo '[hook-failed] Kiriman ditolak karena pemeriksa di server kantor tidak dapat bekerja.' >&2
echo '→ Tidak ada yang berubah. Mintalah Pranata Komputer menjalankan redaksi hook status di server.' >&2
exit 1"""
_TELLING: Final = """\
if [ "$code" -ne 0 ]; then
  echo 'Peringatan: kiriman diterima, tetapi waktu penerimaannya tidak tercatat. Beri tahu Pranata Komputer.' >&2
fi
exit 0"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How a server is guarded. ``opening`` is pinned (empty: not open); ``stamped_by`` names the machine (empty: none).

    ``trouble`` are sentences that say what does not hold; empty means that it was tried and works.
    """

    folder: Path
    opening: str
    stamped_by: str
    limits: Limits | None
    trouble: tuple[str, ...] = ()


# -- installing --


def install(folder: Path, *, opening: str = "", key: Path | None = None, python: str = sys.executable) -> Guard:
    """Guard the bare repository ``folder``; repeating it is harmless. ``key`` is the private key of a machine.

    Refused where the office is open but not proven, where ``opening`` is another than main's, or where another program's
    scripts stand.
    """
    repo = _server(folder)
    scripts = {name: _script(name, python) for name in (BEFORE, AFTER)}
    for name in scripts:
        _require_ours(repo, name)
    pinned = _pinned(repo, opening or repo.setting(_OPENING))
    if key is not None:
        _machine_of(_office(repo), key)
        repo.configure(_KEY, str(key.resolve()))
    for name, value in _SETTINGS.items():
        repo.configure(name, value)
    if pinned:
        repo.configure(_OPENING, pinned)
    _limit(repo)
    for name, text in scripts.items():
        files.write_atomic(repo.hooks / name, text.encode(), mode=0o755)
    return status(folder, python=python)


def _server(folder: Path) -> Repository:
    repo = Repository.open(folder)
    if not repo.is_bare:
        raise ConfigurationError(
            f"{folder} adalah salinan kerja, bukan repositori server.",
            hint="Sebutkan repositori yang dibuat dengan git init --bare di server kantor.",
        )
    if not repo.hooks.resolve().is_relative_to(repo.root.resolve()):
        raise ConfigurationError(
            f"Git di server ini mencari penjaga kiriman di {repo.hooks}, bukan di repositorinya sendiri.",
            hint="Hapus core.hooksPath dari pengaturan Git di server, lalu ulangi.",
        )
    return repo


def _script(name: str, python: str) -> str:
    ending = _REFUSING if name == BEFORE else _TELLING
    return _SCRIPT.format(mark=_MARK, name=name, python=shlex.quote(python), longest=_LONGEST, ending=ending)


def _require_ours(repo: Repository, name: str) -> None:
    there = repo.hooks / name
    if there.exists() and _MARK not in there.read_text("utf-8", "replace"):
        raise Refused(
            f"{there} sudah ada dan bukan buatan Redaksi, jadi tidak ditimpa.",
            hint=f"Pindahkan berkas itu ke tempat lain setelah diperiksa, lalu ulangi: mv {there} {there}.lama",
            code="foreign-hook",
        )


def _pinned(repo: Repository, wanted: str) -> str:
    """The opening to pin; ``Refused`` unless everything on main is proven from it on. Empty: the office is not open."""
    main = repo.tip(MAIN)
    if main is None:
        return wanted
    found = verify.verify(repo, main, opening=wanted)
    for step in found.unproven:
        raise Refused(
            f"Isi main di server ini tidak terbukti sejak {step.commit[:12]}: {step.refusal.message}",
            hint="Periksa dengan redaksi verify; bila sudah benar, buka kantor lagi sebelum penjaga dipasang.",
            code="main-unproven",
        )
    return found.opening.first if found.opening else ""


def _limit(repo: Repository) -> None:
    """How large a push may be, by the office's own limits; unlimited until the office is open."""
    if repo.setting(_OPENING) and repo.tip(MAIN):
        most = _office(repo).court.limits.document_bytes * _DOCUMENTS_A_PUSH
        repo.configure("receive.maxInputSize", str(most))


def _office(repo: Repository) -> Office:
    main = repo.tip(MAIN)
    if main is None:
        raise ConfigurationError(
            "Server ini belum mempunyai main.", hint="Kirim isi kantor ke main lebih dahulu, lalu ulangi."
        )
    return office_at(repo, main)


def _machine_of(office: Office, key: Path) -> Person:
    """The machine whose private key lies at ``key`` with its public half beside it."""
    public = key.with_name(key.name + ".pub")
    found = signature.fingerprint(public.read_text("utf-8", "replace")) if public.is_file() and key.is_file() else ""
    machine = office.person_by_key(found)
    if machine is None or not machine.machine:
        raise ConfigurationError(
            f"{key} bukan kunci mesin yang terdaftar di office/people.yml (kunci publiknya dibaca dari {public.name}).",
            hint="Daftarkan kunci publik mesin gate lewat usulan aturan, lalu pasang lagi dengan --key.",
        )
    return machine


# -- what Git calls --


def judged(lines: Iterable[str], folder: Path = Path()) -> Examination:
    """The verdict on a push, before any branch moves; ``lines`` as Git gives them to ``pre-receive``."""
    repo = Repository.open(folder)
    with _in_time(_seconds(repo)):
        return admission.examine(repo, admission.updates_of(lines), now=clock.now(), opening=repo.setting(_OPENING))


def _seconds(repo: Repository) -> int:
    try:
        return _office(repo).court.limits.check_seconds * _PATIENCE
    except PipelineError:
        return _SELF_TEST_SECONDS


@contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    """Give up after so many seconds; who waits for a guard that hangs learns nothing."""

    def give_up(number: int, frame: FrameType | None) -> None:
        del number, frame  # the signal's own arguments
        raise Refused(
            f"Pemeriksaan di server kantor belum selesai setelah {seconds} detik, jadi dihentikan.",
            hint="Kirim lebih sedikit sekaligus; bila tetap demikian, beri tahu Pranata Komputer.",
            code="too-slow",
        )

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def received(lines: Iterable[str], folder: Path = Path()) -> Iterator[str]:
    """What is done after a push was accepted; gives what its sender must know, each thing for itself."""
    repo = Repository.open(folder)
    updates = admission.updates_of(lines)
    for done in (_pin, _restore, _stamp):
        try:
            yield from done(repo, updates, clock.now().replace(microsecond=0))
        except PipelineError as error:
            yield f"{WARNING}{error.message} {error.hint}"


def _pin(repo: Repository, updates: Sequence[Update], now: datetime) -> Iterator[str]:
    """The first opening is noted, and the office's limits are followed."""
    del now
    main = next((u.new for u in updates if u.branch == MAIN), None)
    if main is None:
        return
    if not repo.setting(_OPENING) and (opening := verify.opening_of(repo, main)) is not None:
        repo.configure(_OPENING, opening.first)
        yield f"Kantor dibuka. Pembukaan {opening.first} dicatat server; mulai sekarang semuanya memerlukan bukti."
    _limit(repo)


def _restore(repo: Repository, updates: Sequence[Update], now: datetime) -> Iterator[str]:
    """A document's branch that was to end with a publication which another push forestalled comes back."""
    del now
    main = repo.tip(MAIN)
    kept = set(repo.tips(ARCHIVE).values())
    for update in updates:
        if update.new is not None or update.old is None or not update.branch.startswith("naskah/"):
            continue
        later = any(u.new and u.branch.startswith(update.branch.partition("-")[0]) for u in updates)
        if update.old not in kept and not later and not (main and repo.is_ancestor(update.old, main)):
            repo.move(BranchMove(branch=update.branch, old=None, new=update.old))
            yield f"{WARNING}{update.branch} dipulihkan, karena penerbitannya didahului perubahan lain. Ulangi."


def _stamp(repo: Repository, updates: Sequence[Update], now: datetime) -> Iterator[str]:
    key = repo.setting(_KEY)
    if not key or not (commits := _arrived(repo, updates)):
        return
    machine = _machine_of(_office(repo), Path(key))
    signer = Signer(name=machine.name, email=machine.emails[0], key=key)
    stamps.stamp(repo, commits, when=now, signer=signer)
    yield from ()


def _arrived(repo: Repository, updates: Sequence[Update]) -> Mapping[str, Sequence[str]]:
    """The commits that this push brought to documents, proposals and main, by branch."""
    before = [u.old for u in updates if u.old]
    main = next((u.old for u in updates if u.branch == MAIN), repo.tip(MAIN))
    found = {
        u.branch: repo.between([u.new], *before, *([main] if main else []))
        for u in updates
        if u.new and (u.branch == MAIN or u.branch.startswith(("naskah/", "kebijakan/")))
    }
    return {branch: commits for branch, commits in found.items() if commits}


# -- looking --


def status(folder: Path, *, python: str = sys.executable) -> Guard:
    """How the server is guarded, tried out: a reference that nobody may make must be refused."""
    repo = _server(folder)
    office = _office(repo) if repo.tip(MAIN) else None
    key = repo.setting(_KEY)
    trouble = [*_script_trouble(repo, python), *_setting_trouble(repo)]
    stamped_by = ""
    if key and office is not None:
        try:
            stamped_by = _machine_of(office, Path(key)).id
        except PipelineError as error:
            trouble.append(f"{error.message} {error.hint}")
    if not trouble and (said := _self_test(repo)):
        trouble.append(said)
    return Guard(
        folder=folder,
        opening=repo.setting(_OPENING),
        stamped_by=stamped_by,
        limits=office.court.limits if office else None,
        trouble=tuple(trouble),
    )


def _script_trouble(repo: Repository, python: str) -> Iterator[str]:
    again = "Pasang ulang: redaksi hook install"
    for name in (BEFORE, AFTER):
        there = repo.hooks / name
        if not there.is_file():
            yield f"{there} tidak ada. {again}"
        elif _MARK not in (text := there.read_text("utf-8", "replace")):
            yield f"{there} bukan buatan Redaksi. Periksa berkas itu, pindahkan, lalu: redaksi hook install"
        elif text != _script(name, python):
            yield f"{there} tidak seperti yang dipasang program ini. {again}"
        elif not os.access(there, os.X_OK):
            yield f"{there} tidak dapat dijalankan. {again}"


def _setting_trouble(repo: Repository) -> Iterator[str]:
    for name, value in _SETTINGS.items():
        if (found := repo.setting(name)) != value:
            yield f"Pengaturan {name} bernilai {found or '(kosong)'}, seharusnya {value}. Pasang ulang: redaksi hook install"
    yield from (f"Repositori ini memuat {name}, yang menyembunyikan riwayat sebenarnya." for name in repo.disguises())


def _self_test(repo: Repository) -> str:
    """What is wrong when the guard is asked to let a reference pass that nobody may make; empty if it refuses rightly."""
    tip = repo.tip(MAIN) or "1" * 40
    done = subprocess.run(
        [str(repo.hooks / BEFORE)],
        cwd=repo.root,
        env={**os.environ, "GIT_DIR": "."},
        input=f"{'0' * 40} {tip} {_TRIED}\n",
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=_SELF_TEST_SECONDS,
        check=False,
    )
    if done.returncode == 1 and f"] {_TRIED}: " in done.stdout + done.stderr:
        return ""
    return f"Penjaga kiriman tidak bekerja: {(done.stderr or done.stdout).strip()[-300:] or 'semua diterima'}"


# -- showing --


def describe(found: Guard) -> Iterator[str]:
    """How a server is guarded, as lines to print."""
    if found.trouble:
        yield f"{found.folder}: penjaga kiriman TIDAK berlaku."
        yield from (f"  {sentence}" for sentence in found.trouble)
    else:
        yield f"{found.folder}: penjaga kiriman bekerja (percobaan kiriman terlarang ditolak)."
    if found.opening:
        yield f"Pembukaan kantor yang dipegang: {found.opening}"
    else:
        yield "Kantor belum dibuka: main boleh disiapkan tanpa bukti, asalkan riwayatnya hanya bertambah."
        yield "Begitu dua pejabat membuka kantor, pembukaannya dicatat server dan semuanya memerlukan bukti."
    if found.limits is not None:
        yield from _describe_limits(found.limits, opened=bool(found.opening))
    if found.stamped_by:
        yield f"Waktu penerimaan dicatat oleh mesin {found.stamped_by}."
    else:
        yield "Waktu penerimaan tidak dicatat (waktu menurut penanda tangan). Agar dicatat: redaksi hook install --key BERKAS"


def _describe_limits(limits: Limits, *, opened: bool) -> Iterator[str]:
    kilo = 1000
    yield (
        f"Batas satu naskah: teks {limits.text_bytes // kilo} kB, {limits.photos} foto, "
        f"{limits.photo_bytes // kilo} kB setiap foto, {limits.document_bytes // kilo} kB seluruhnya."
    )
    if opened:
        yield f"Batas satu kiriman: {limits.document_bytes * _DOCUMENTS_A_PUSH // kilo} kB."
    yield f"Pemeriksaan dihentikan, dan kiriman ditolak, setelah {limits.check_seconds * _PATIENCE} detik."


def describe_verdict(found: Examination) -> Iterator[str]:
    """What the sender reads: a line when it is accepted; else what is refused, why, and how to mend it."""
    if not found.objections:
        yield f"Server kantor memeriksa {found.commits} perubahan pada {found.refs} tempat: diterima."
        return
    yield "Server kantor menolak kiriman ini; tidak ada yang berubah."
    for objection in found.objections[:_SHOWN]:
        where = objection.ref.removeprefix(admission.HEADS)
        yield f"[{objection.code}] {where}: {objection.message}" if where else f"[{objection.code}] {objection.message}"
        yield f"→ {objection.hint}"
    if len(found.objections) > _SHOWN:
        yield f"Masih ada {len(found.objections) - _SHOWN} hal lain."
