"""The guard on a bare repository: installed without harm, tried out, closed when it fails, and honest about what it did."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git

from pipeline.errors import ConfigurationError, Refused
from pipeline.stages import hook, stamps
from pipeline.world import records
from pipeline.world.repo import BranchMove, Repository, Signer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the office server runs on Linux")
ZERO = "0" * 40


@pytest.fixture
def office(tmp_path: Path, _guarded: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Kantor:
    shutil.copytree(_guarded, tmp_path / "server.git")
    return Kantor(folder=tmp_path, keys=keys, monkeypatch=monkeypatch)


def setting(kantor: Kantor, name: str) -> str:
    return Repository.open(kantor.server).setting(name)


def sent(kantor: Kantor, *specs: str) -> subprocess.CompletedProcess[str]:
    """What plain Git says of a push of the Admin's."""
    command = ["git", "push", "origin", *specs]
    return subprocess.run(command, cwd=kantor.desk("admin"), capture_output=True, encoding="utf-8", check=False)


def said(guard: hook.Guard) -> str:
    return "\n".join(hook.describe(guard))


# -- installing --


def test_before_the_opening_it_pins_nothing_and_says_so(kantor: Kantor) -> None:
    text = kantor.redaksi("admin", "hook", "install", str(kantor.server))
    assert "penjaga kiriman bekerja" in text
    assert "Kantor belum dibuka: main boleh disiapkan tanpa bukti" in text
    assert "waktu menurut penanda tangan" in text
    assert setting(kantor, "redaksi.pembukaan") == setting(kantor, "receive.maxInputSize") == ""
    desk = kantor.desk("admin")
    (desk / "catatan.txt").write_text("disiapkan", "utf-8")
    git(desk, "add", "catatan.txt")
    git(desk, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "-m", "x")
    assert sent(kantor, "HEAD:refs/heads/main").returncode == 0
    assert sent(kantor, "HEAD:refs/heads/lain").returncode != 0


def test_an_empty_server_is_guarded_too(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "kosong.git")
    assert hook.install(tmp_path / "kosong.git").trouble == ()
    assert hook.install(tmp_path / "kosong.git", python="/bin/true").trouble != ()


def test_the_opening_is_pinned_by_the_server_itself(office: Kantor) -> None:
    opening = git(office.server, "rev-parse", "main")
    assert setting(office, "redaksi.pembukaan") == opening
    assert setting(office, "receive.maxInputSize") == "100000000"
    text = office.redaksi("admin", "hook", "status", str(office.server))
    assert f"Pembukaan kantor yang dipegang: {opening}" in text
    assert "Batas satu kiriman: 100000 kB." in text
    assert "dicatat oleh mesin gate" in text


def test_installing_again_changes_nothing(office: Kantor) -> None:
    def state() -> list[str]:
        names = (hook.BEFORE, hook.AFTER)
        return [git(office.server, "config", "--list"), *((office.server / "hooks" / n).read_text() for n in names)]

    before = state()
    assert hook.install(office.server).trouble == ()
    assert state() == before


def test_an_office_that_was_open_before_is_pinned_where_the_office_noted_it(kantor: Kantor) -> None:
    kantor.opened()
    opening, first = git(kantor.server, "rev-parse", "main", "main~1").split()
    for other in (first, "0" * 39 + "1"):
        with pytest.raises(Refused) as refused:
            hook.install(kantor.server, opening=other)
        assert refused.value.code == "other-opening"
        assert not (kantor.server / "hooks" / hook.BEFORE).exists()
    assert hook.install(kantor.server, opening=opening).opening == opening


def test_main_that_is_not_proven_is_not_taken_for_granted(kantor: Kantor) -> None:
    kantor.opened()
    desk = kantor.desk("admin")
    git(desk, "fetch", "--quiet")
    git(desk, "reset", "--quiet", "--hard", "origin/main")
    git(desk, "rm", "-r", "--quiet", "content/layanan/jam-layanan")
    git(desk, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "-m", "x")
    assert sent(kantor, "HEAD:main").returncode == 0
    with pytest.raises(Refused) as refused:
        hook.install(kantor.server)
    assert refused.value.code == "main-unproven"


def test_somebody_elses_script_is_left_alone(kantor: Kantor) -> None:
    theirs = kantor.server / "hooks" / hook.AFTER
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(Refused) as refused:
        hook.install(kantor.server)
    assert refused.value.code == "foreign-hook"
    assert str(theirs) in refused.value.hint
    assert theirs.read_text() == "#!/bin/sh\nexit 0\n"
    assert not (kantor.server / "hooks" / hook.BEFORE).exists()
    assert setting(kantor, "receive.fsckObjects") == ""


def test_only_a_bare_repository_is_guarded(kantor: Kantor) -> None:
    with pytest.raises(ConfigurationError, match="bukan repositori server"):
        hook.install(kantor.desk("admin"))


def test_a_guard_that_git_would_not_ask_is_not_installed(kantor: Kantor) -> None:
    assert hook.install(kantor.server).trouble == ()
    git(kantor.server, "config", "core.hooksPath", "/lain")
    with pytest.raises(ConfigurationError, match=r"/lain"):
        hook.install(kantor.server)
    with pytest.raises(ConfigurationError, match=r"/lain"):
        hook.status(kantor.server)


def test_only_a_listed_machine_stamps(kantor: Kantor, tmp_path: Path) -> None:
    assert hook.install(kantor.server, key=kantor.keys / "gate").stamped_by == "gate"
    for key in (kantor.keys / "redaktur", kantor.keys / "orang-luar", tmp_path / "tidak-ada"):
        with pytest.raises(ConfigurationError, match="bukan kunci mesin yang terdaftar"):
            hook.install(kantor.server, key=key)
    assert setting(kantor, "redaksi.kunci") == str(kantor.keys / "gate")


# -- looking --


def test_status_sees_what_no_longer_holds(office: Kantor) -> None:
    assert hook.status(office.server).trouble == ()
    script = office.server / "hooks" / hook.BEFORE
    text = script.read_text()
    for spoil in (
        script.unlink,
        lambda: script.write_text("#!/bin/sh\nexit 0\n"),
        lambda: script.write_text(text.replace("exit 1", "exit 0")),
        lambda: script.chmod(0o644),
        lambda: git(office.server, "config", "receive.fsckObjects", "false"),
        lambda: (office.server / "info" / "grafts").write_text(""),
    ):
        spoil()
        found = hook.status(office.server)
        assert len(found.trouble) == 1, spoil
        assert "TIDAK berlaku" in said(found)
        script.unlink(missing_ok=True)
        (office.server / "info" / "grafts").unlink(missing_ok=True)
        assert hook.install(office.server).trouble == ()
    assert office.redaksi("admin", "hook", "status", str(office.server), code=0)


def test_status_tries_the_guard_out(office: Kantor, tmp_path: Path) -> None:
    lax = tmp_path / "python"
    lax.write_text("#!/bin/sh\nexit 0\n")
    lax.chmod(0o755)
    found = hook.install(office.server, python=str(lax))
    assert found.trouble == ("Penjaga kiriman tidak bekerja: semua diterima",)


# -- failing closed --


@pytest.mark.parametrize("ending", [None, "exit 1", "exit 3", "kill -9 $$", "echo rusak >&2; exit 127"])
def test_a_guard_that_can_not_work_lets_nothing_in(office: Kantor, tmp_path: Path, ending: str | None) -> None:
    desk = office.desk("admin")
    git(desk, "commit", "--quiet", "--allow-empty", "-m", "x", **_identity())
    broken = tmp_path / "python"
    if ending is not None:
        broken.write_text(f"#!/bin/sh\n{ending}\n")
        broken.chmod(0o755)
    hook.install(office.server, python=str(broken))
    before = office.refs()
    done = sent(office, "HEAD:refs/simpan/2026bbbbbb/admin")
    assert done.returncode != 0
    assert "[hook-failed] Kiriman ditolak karena pemeriksa di server kantor tidak dapat bekerja." in done.stderr
    assert "redaksi hook status" in done.stderr
    assert office.refs() == before
    text = office.redaksi("admin", "new", "berita", "Sidang keliling", code=1)
    assert "Server kantor menolak: Kiriman ditolak karena pemeriksa" in text
    assert "hook-failed" in text


def _identity() -> dict[str, str]:
    return {f"GIT_{who}_{what}": f"x@{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def test_too_long_a_wait_refuses() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(Refused) as refused, hook._in_time(30):
        signal.raise_signal(signal.SIGALRM)
    assert refused.value.code == "too-slow"
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.alarm(0) == 0


def test_what_git_tells_is_read_or_refused(office: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.server)
    main = git(office.server, "rev-parse", "main")
    assert hook.judged([f"{main} {main} refs/heads/main"]).objections == ()
    with pytest.raises(Refused) as refused:
        hook.judged(["bukan kiriman"])
    assert refused.value.code == "unreadable"


def test_no_more_than_the_office_allows_is_taken_in(office: Kantor) -> None:
    path = office.redaksi("admin", "new", "berita", "Sidang keliling").split("Naskah ")[1].split(" ")[0]
    office.write(path)
    git(office.server, "config", "receive.maxInputSize", "100")
    before = office.refs()
    text = office.redaksi("admin", "submit", path, code=1)
    assert "lebih besar daripada batas server kantor" in text
    assert "too-large" in text
    assert office.refs() == before
    git(office.server, "config", "receive.maxInputSize", "100000000")
    assert "Naskah diajukan" in office.redaksi("admin", "submit", path)


def test_a_verdict_is_short(office: Kantor) -> None:
    specs = [f"HEAD:refs/tags/v{number}" for number in range(8)]
    done = sent(office, *specs)
    assert done.stderr.count("[foreign-ref]") == 5
    assert "Masih ada 3 hal lain." in done.stderr


def test_a_refusal_without_our_words_is_told_as_one(office: Kantor) -> None:
    (office.server / "hooks" / hook.BEFORE).write_text("#!/bin/sh\necho tidak\nexit 1\n")
    text = office.redaksi("admin", "new", "berita", "Sidang keliling", code=1)
    assert "Server kantor menolak perubahan ini tanpa keterangan." in text
    assert "[declined]" in text


def test_what_git_itself_does_not_unpack_is_no_haste_of_others(office: Kantor) -> None:
    hand = office.desk("admin")
    tree = git(hand, "rev-parse", "HEAD^{tree}")
    person = "x <x@y.invalid> 1 +0000"
    bad = f"tree {tree}\ncommitter {person}\n\nx\n"
    make = ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    commit = subprocess.run(make, cwd=hand, input=bad, capture_output=True, encoding="utf-8", check=True).stdout.strip()
    repo = Repository.open(hand)
    with pytest.raises(Refused) as refused:
        repo.move(BranchMove(branch="naskah/2026bbbbbb", old=None, new=commit))
    assert refused.value.code == "malformed"


# -- receipts --


def read_stamps(office: Kantor) -> dict[str, datetime]:
    repo = Repository.open(office.server)
    return stamps.stamps(repo, stamps.machine_keys(repo, str(repo.tip("main"))))


def test_everything_that_comes_in_is_stamped_once(office: Kantor) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    office.submitted()
    branch = git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah")
    commits = git(office.server, "rev-list", branch, "--not", "main").split()
    found = read_stamps(office)
    assert set(commits) <= found.keys()
    assert all(began <= found[commit] <= datetime.now(UTC) for commit in commits)
    files = git(office.server, "ls-tree", "-r", "--name-only", "catatan", "records/diterima").split("\n")
    assert len(files) == 4  # two openings, the new document, its submission


def test_an_office_without_a_machine_key_stamps_nothing(kantor: Kantor) -> None:
    kantor.guarded(stamped=False).opened()
    kantor.submitted()
    assert read_stamps(kantor) == {}


def test_a_stamp_that_fails_is_told_and_costs_nothing(office: Kantor, tmp_path: Path) -> None:
    for name in ("gate", "gate.pub"):
        shutil.copy(office.keys / name, tmp_path / name)
    hook.install(office.server, key=tmp_path / "gate")
    (tmp_path / "gate.pub").unlink()
    text = office.redaksi("admin", "new", "berita", "Sidang keliling")
    assert "Naskah berita/" in text
    assert "Peringatan: " in text
    assert "bukan kunci mesin yang terdaftar" in text
    assert "bukan kunci mesin yang terdaftar" in said(hook.status(office.server))
    assert len(read_stamps(office)) == 2


def test_only_a_machines_stamp_is_believed(office: Kantor) -> None:
    repo = Repository.open(office.server)
    commit = git(office.server, "rev-parse", "main")
    true = read_stamps(office)[commit]
    data = {"diterima": "2020-01-01T00:00:00+00:00", "butir": [{"naskah": "main", "keputusan": commit}]}
    person = Signer(name="redaktur", email="redaktur@kantor.invalid", key=str(office.keys / "redaktur"))
    records.append(repo, stamps.RECORD, "palsu", data, when=datetime.now(UTC), signer=person)
    assert read_stamps(office)[commit] == true
    machine = Signer(name="gate", email="gate@kantor.invalid", key=str(office.keys / "gate"))
    odds = ({"diterima": "kemarin"}, {"butir": "x"}, {"butir": [1, {"keputusan": 2}]}, {"diterima": "2020-01-01"})
    for number, odd in enumerate(odds):
        records.append(repo, stamps.RECORD, f"aneh-{number}", data | odd, when=datetime.now(UTC), signer=machine)
    assert read_stamps(office)[commit] == true
    records.append(repo, stamps.RECORD, "lebih-dulu", data, when=datetime.now(UTC), signer=machine)
    assert read_stamps(office)[commit].year == 2020


# -- what another push forestalled --


def test_a_branch_that_was_to_end_with_a_publication_comes_back(office: Kantor) -> None:
    office.submitted()
    ref = git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah")
    tip = git(office.server, "rev-parse", ref)
    branch = ref.removeprefix("refs/heads/")
    git(office.server, "update-ref", "-d", ref)
    lines = list(hook.received([f"{tip} {ZERO} {ref}"], office.server))
    assert [line for line in lines if "dipulihkan" in line] == lines[:1]
    assert git(office.server, "rev-parse", branch) == tip


def test_a_branch_that_ended_rightly_stays_away(office: Kantor) -> None:
    path = office.submitted()
    office.redaksi("admin", "discard", path, "--reason", "Kegiatannya batal.")
    assert git(office.server, "for-each-ref", "refs/heads/naskah") == ""
    assert git(office.server, "for-each-ref", "refs/heads/arsip") != ""
    assert "kembali" in office.redaksi("admin", "recover", path)
    assert git(office.server, "for-each-ref", "refs/heads/arsip") == ""
    office.redaksi("admin", "restart", path)
    names = git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah").split("\n")
    assert [name[-2:] for name in names] == ["-2"]


def test_what_redaksi_itself_does_passes_its_own_guard(office: Kantor) -> None:
    policy = office.desk("pranata-komputer") / "office" / "site.yml"
    policy.write_text(policy.read_text("utf-8").replace("waktu_tunggu: 1", "waktu_tunggu: 2"), "utf-8")
    office.redaksi("pranata-komputer", "policy", "submit", "Pengingat")
    assert git(office.server, "for-each-ref", "refs/heads/kebijakan") != ""
    assert "Aturan berlaku" in office.redaksi("kasubag-ptip", "policy", "approve", "pengingat")
    office.redaksi("admin", "edit", "layanan/jam-layanan")
    draft = office.desk("admin") / "drafts" / "layanan" / "jam-layanan" / "index.md"
    draft.write_text(draft.read_text("utf-8").replace("secara ringkas", "secara singkat"), "utf-8")
    office.redaksi("admin", "save", "layanan/jam-layanan")
    assert git(office.server, "for-each-ref", "refs/simpan") != ""
    office.redaksi("redaktur", "withdraw", "layanan/biaya-perkara", "Biayanya sedang dicocokkan")
    assert "Semua terbukti" in office.redaksi("admin", "verify")
    for name in ("kebijakan", "main", "naskah"):
        tips = git(office.server, "for-each-ref", "--format=%(objectname)", f"refs/heads/{name}").split()
        assert set(tips) <= read_stamps(office).keys()
