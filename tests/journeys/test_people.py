"""Keys and people through the real command line: a passphrase typed once, people entered and gone, lost keys replaced."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from kantor import git

from pipeline import cli, signature
from pipeline.stages.session import Session
from pipeline.stages.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kantor import Kantor

PASSPHRASE = "empat kata yang acak"
ACTING = ("acting", "admin", "--role", "redaktur", "--letter", "W11/1")
TODAY = datetime.now(UTC).date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=2), TODAY + timedelta(days=2)  # in any zone


class Typist:
    """Somebody at the terminal who types these answers, one a question; ``^C`` gives up."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def __call__(self, _prompt: str) -> str:
        assert self.answers, "asked once too often"
        answer = self.answers.pop(0)
        if answer == "^C":
            raise KeyboardInterrupt
        return answer


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Typist]:
    """Let somebody type: ``types("a", "b")``; the answers that are left can be looked at."""

    def typing(*answers: str) -> Typist:
        typist = Typist(*answers)
        monkeypatch.setattr("click.termui.hidden_prompt_func", typist)
        return typist

    typing()
    return typing


@pytest.fixture
def office(kantor: Kantor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kantor:
    """An open office in which the Redaktur's key has a passphrase (few rounds, to be quick); the others' have none."""
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    shutil.copytree(kantor.keys, tmp_path / "kunci")
    lock = ["ssh-keygen", "-q", "-p", "-a", "1", "-P", "", "-N", PASSPHRASE, "-f", str(tmp_path / "kunci" / "redaktur")]
    subprocess.run(lock, check=True, capture_output=True)
    kantor.keys = tmp_path / "kunci"
    return kantor.opened()


def main_of(office: Kantor) -> str:
    return git(office.server, "show", "main:office/people.yml")


def enacted(office: Kantor, said: str) -> None:
    """Let the Kasubag sign the proposal that the Pranata Komputer's command spoke of."""
    name = re.search(r"redaksi policy approve (\S+)", said)
    assert name, said
    assert "Aturan berlaku" in office.redaksi("kasubag-ptip", "policy", "approve", name[1])


def by_pranata(office: Kantor, *words: str) -> str:
    """A change of the list, proposed by the Pranata Komputer and signed by the Kasubag."""
    said = office.redaksi("pranata-komputer", "person", *words)
    enacted(office, said)
    return said


# -- one entry --


def test_a_command_that_signs_twice_asks_once(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    typist = types(PASSPHRASE)
    said = office.redaksi("redaktur", "return", path, "Hari apa?", "--reason", "fakta")
    assert "dikembalikan" in said
    assert typist.answers == []
    branch = git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah").split()[0]
    names = git(office.server, "log", "--format=%an", "-2", branch).split("\n")
    assert names == ["Redaktur (akun peran)"] * 2


def test_several_documents_are_decided_with_one_entry_and_a_signature_each(
    office: Kantor, types: Callable[..., Typist]
) -> None:
    paths = [office.submitted(f"Sidang keliling {name}") for name in ("satu", "dua", "tiga")]
    for path in paths[:2]:
        office.redaksi("redaktur", "read", path)
    typist = types(PASSPHRASE)
    said = office.redaksi("redaktur", "approve", *paths, code=1)
    assert typist.answers == []
    assert f"{paths[0]}: disetujui." in said
    assert f"{paths[1]}: disetujui." in said
    assert f"{paths[2]}: tidak disetujui. Naskah ini belum Anda baca" in said
    assert "2 dari 3 naskah disetujui." in said
    log = git(office.server, "log", "--all", "--format=%H %s")
    decisions = [line.split()[0] for line in log.split("\n") if line.endswith("Keputusan: disetujui")]
    about = {
        re.search(r"(?m)^Dokumen: (.+)$", git(office.server, "show", "-s", "--format=%B", c))[1] for c in decisions
    }
    assert about == set(paths[:2])
    assert all("gpgsig" in git(office.server, "cat-file", "-p", commit) for commit in decisions)


def test_a_document_that_changed_since_it_was_read_is_left_alone(office: Kantor, types: Callable[..., Typist]) -> None:
    paths = [office.submitted(f"Sidang keliling {name}") for name in ("satu", "dua")]
    types(PASSPHRASE)
    for path in paths:
        office.redaksi("redaktur", "read", path)
    office.redaksi("admin", "retract", paths[0])
    office.write(paths[0], body="Pengadilan menggelar sidang di luar gedung pada hari Senin.\n")
    office.redaksi("admin", "submit", paths[0])
    said = office.redaksi("redaktur", "approve", *paths, code=1)
    assert f"{paths[0]}: tidak disetujui. Naskah ini belum Anda baca sejak terakhir berubah." in said
    assert f"{paths[1]}: disetujui." in said


def test_one_refusal_stops_no_other_document(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    office.redaksi("redaktur", "read", path)
    types(PASSPHRASE)
    said = office.redaksi("redaktur", "approve", "tidak-ada", path, path, code=1)
    assert "tidak-ada: tidak disetujui." in said
    assert "1 dari 2 naskah disetujui." in said


def test_a_rehearsal_and_a_refused_command_ask_nobody(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    types()
    office.redaksi("redaktur", "approve", path, "--dry-run")
    office.redaksi("redaktur", "return", path, "Hari apa?", "--reason", "tidak-dikenal", code=1)


# -- a passphrase that does not come --


def test_three_wrong_entries_change_nothing(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    before = office.refs()
    types("salah", "keliru", "")
    said = office.redaksi("redaktur", "approve", path, code=1)
    assert said.count("Kata sandi itu tidak cocok.") == 2
    assert "sudah 3 kali dicoba" in said
    assert office.refs() == before


def test_the_second_entry_may_be_right(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    types("salah", PASSPHRASE)
    assert "Disetujui." in office.redaksi("redaktur", "approve", path)


def test_giving_up_at_the_question_changes_nothing(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    before = office.refs()
    types("^C")
    assert "Perintah ini aman diulangi." in office.redaksi("redaktur", "approve", path, code=130)
    assert office.refs() == before


def at_terminal(office: Kantor, typed: bytes | None, *words: str) -> tuple[int, str]:
    """Run a command of the Redaktur at a real terminal; type (None: press Ctrl+C) once it asks. Its code, and the screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "-C", str(office.desk("redaktur")), "--as", "redaktur", *words]
    environment = {**os.environ, "REDAKSI_KEYS": str(office.keys)}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as run:
        os.close(theirs)
        screen = b""
        try:
            while chunk := os.read(ours, 4096):
                asked = b"Kata sandi kunci" in screen
                screen += chunk
                if b"Kata sandi kunci" in screen and not asked:
                    run.send_signal(signal.SIGINT) if typed is None else os.write(ours, typed + b"\n")
        except OSError:  # the other end was closed: the command is done
            pass
        finally:
            os.close(ours)
    return run.returncode, screen.decode()


def test_at_a_real_terminal_what_is_typed_does_not_appear(office: Kantor) -> None:
    path = office.submitted()
    code, screen = at_terminal(office, PASSPHRASE.encode(), "approve", path)
    assert code == 0, screen
    assert "Disetujui." in screen
    assert PASSPHRASE not in screen


def test_at_a_real_terminal_ctrl_c_ends_in_a_sentence(office: Kantor) -> None:
    path = office.submitted()
    before = office.refs()
    code, screen = at_terminal(office, None, "approve", path)
    assert code == 130, screen
    assert "Dihentikan." in screen
    assert office.refs() == before


def test_where_nobody_sits_at_a_terminal_the_command_says_so(office: Kantor) -> None:
    path = office.submitted()
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "-C",
        str(office.desk("redaktur")),
        "--as",
        "redaktur",
        "approve",
        path,
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "REDAKSI_KEYS": str(office.keys)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 1
    assert "hanya dapat diketik di terminal" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("kind", ["somebody else's", "rsa"])
def test_a_foreign_key_is_refused_before_anybody_types(office: Kantor, types: Callable[..., Typist], kind: str) -> None:
    path = office.submitted()
    key = office.keys / "admin"
    for half in (key, key.with_name("admin.pub")):
        half.unlink()
    if kind == "rsa":
        subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", PASSPHRASE, "-f", str(key)], check=True)
    else:
        shutil.copy(office.keys / "redaktur", key)
    before = office.refs()
    types()
    assert "Kunci yang dipakai bukan kunci Admin" in office.redaksi("admin", "retract", path, code=2)
    assert office.refs() == before


# -- a key of one's own --


def test_a_newcomer_makes_a_key_is_entered_and_decides(office: Kantor, types: Callable[..., Typist]) -> None:
    types(PASSPHRASE, PASSPHRASE)
    said = office.redaksi("siti", "key", "new", desk="admin")
    line = re.search(r"(?m)^ssh-ed25519 \S+ siti$", said)
    assert line
    assert signature.fingerprint(line[0]) in said
    assert PASSPHRASE not in said
    file = str(office.keys / "siti.pub")
    person = ["--name", "Siti Contoh, S.Kom.", "--email", "siti@kantor.invalid", "--role", "redaktur", "--key", file]
    proposed = by_pranata(office, "add", "siti", *person)
    assert f"Cocokkan sidik kunci ini dengan pemiliknya: {signature.fingerprint(line[0])}" in proposed
    path = office.submitted()
    types(PASSPHRASE)
    office.redaksi("siti", "read", path)
    assert "Disetujui." in office.redaksi("siti", "approve", path)
    assert "siti: Siti Contoh, S.Kom.\n  peran: Redaktur\n" in office.redaksi("ketua", "person", "list")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["pendek"], "paling sedikit 8"),
        ([""], "paling sedikit 8"),
        ([PASSPHRASE, "salah ketik"], "tidak sama"),
        (["^C"], "Dihentikan."),
        ([PASSPHRASE, "^C"], "Dihentikan."),
    ],
)
def test_a_key_that_is_not_properly_locked_is_not_made(
    kantor: Kantor, tmp_path: Path, types: Callable[..., Typist], typed: list[str], says: str
) -> None:
    kantor.keys = tmp_path / "kunci"
    types(*typed)
    assert says in kantor.redaksi("siti", "key", "new", desk="admin", code=None)
    assert not kantor.keys.exists()


def test_a_key_that_is_there_is_not_made_anew(office: Kantor, types: Callable[..., Typist]) -> None:
    before = (office.keys / "redaktur").read_bytes()
    types()
    assert "tidak ditimpa" in office.redaksi("redaktur", "key", "new", code=1)
    assert (office.keys / "redaktur").read_bytes() == before


def test_a_machines_key_asks_nobody_and_a_spare_goes_where_it_is_told(
    kantor: Kantor, tmp_path: Path, types: Callable[..., Typist]
) -> None:
    types()
    kantor.redaksi("penerbit", "key", "new", "--machine", "--folder", str(tmp_path / "diska"), desk="admin")
    assert (tmp_path / "diska" / "penerbit").is_file()


def test_without_a_name_the_key_is_for_whom_git_names(
    kantor: Kantor, tmp_path: Path, types: Callable[..., Typist]
) -> None:
    desk = kantor.desk("redaktur")
    git(desk, "config", "user.email", "redaktur@kantor.invalid")
    types(PASSPHRASE, PASSPHRASE)
    kantor.monkeypatch.delenv("REDAKSI_AS", raising=False)
    assert cli.run(["-C", str(desk), "key", "new", "--folder", str(tmp_path / "diska")]) == 0
    assert (tmp_path / "diska" / "redaktur").is_file()


# -- people --


def test_before_the_opening_the_list_is_changed_in_the_working_folder(kantor: Kantor) -> None:
    before = kantor.refs()
    said = kantor.redaksi(
        "pranata-komputer", "person", "retire", "ketua", "--until", "2030-01-31", "--reason", "Mutasi"
    )
    assert "Kantor belum dibuka" in said
    people = (kantor.desk("pranata-komputer") / "office" / "people.yml").read_text("utf-8")
    written = f"{main_of(kantor)}\n".replace("    peran: [ketua]\n", "    peran: [ketua]\n    sampai: 2030-01-31\n")
    assert people == written
    assert kantor.refs() == before


def test_a_rehearsal_before_the_opening_writes_nothing(kantor: Kantor) -> None:
    kantor.redaksi("ketua", "person", "retire", "ketua", "--reason", "Mutasi", "--dry-run")
    assert git(kantor.desk("ketua"), "status", "--porcelain") == ""


def test_a_lost_key_is_replaced_and_the_past_stays_proven(office: Kantor, types: Callable[..., Typist]) -> None:
    types(PASSPHRASE)
    published = office.approved()
    office.redaksi("penerbit", "publish")
    spare = office.folder / "diska"
    office.redaksi("kasubag-ptip", "key", "new", "--machine", "--folder", str(spare))
    by_pranata(office, "key", "kasubag-ptip", "--add", str(spare / "kasubag-ptip.pub"))
    lost = signature.fingerprint((office.keys / "kasubag-ptip.pub").read_text("utf-8"))
    said = office.redaksi("pranata-komputer", "person", "key", "kasubag-ptip", "--remove", lost)
    shutil.copy(office.keys / "kasubag-ptip", office.folder / "dicuri")
    shutil.copy(spare / "kasubag-ptip", office.keys / "kasubag-ptip")
    shutil.copy(spare / "kasubag-ptip.pub", office.keys / "kasubag-ptip.pub")
    enacted(office, said)
    assert lost not in office.redaksi("ketua", "person", "list")
    session = Session.open(office.desk("ketua"))
    verified = verify(session.repo, session.main)
    assert verified.sound
    assert published in {proof.document for proof in verified.proofs}
    shutil.copy(office.folder / "dicuri", office.keys / "kasubag-ptip")
    types(PASSPHRASE)
    path = office.submitted("Sidang keliling di Batur")
    office.redaksi("redaktur", "approve", path)
    assert "bukan kunci Kasubag PTIP" in office.redaksi("kasubag-ptip", "approve", path, code=2)


def test_a_key_that_was_taken_off_and_comes_back_is_spoken_of(office: Kantor) -> None:
    key = str(office.keys / "siti.pub")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.removesuffix(".pub")], check=True)
    by_pranata(office, "key", "admin", "--add", key)
    by_pranata(office, "key", "admin", "--remove", key)
    said = office.redaksi("pranata-komputer", "person", "key", "admin", "--add", key, "--dry-run")
    assert "pernah dicabut dari daftar" in said
    assert "pernah dicabut" not in office.redaksi(
        "pranata-komputer", "person", "key", "admin", "--remove", str(office.keys / "admin.pub"), "--dry-run"
    )


def test_who_has_gone_decides_no_more(office: Kantor, types: Callable[..., Typist]) -> None:
    path = office.submitted()
    said = by_pranata(office, "retire", "redaktur", "--until", YESTERDAY.isoformat(), "--reason", "Mutasi")
    assert "tidak ada yang dapat menandatangani sebagai Redaktur" in said
    assert "redaksi person key redaktur --remove SIDIK" in said
    types()
    refused = office.redaksi("redaktur", "approve", path, code=1)
    assert "tidak menjabat" in refused
    assert "cabut kuncinya" in office.redaksi("ketua", "person", "list")


def test_who_acts_for_the_redaktur_decides(office: Kantor) -> None:
    path = office.submitted()
    days = ["--from", YESTERDAY.isoformat(), "--until", TOMORROW.isoformat()]
    by_pranata(
        office, "acting", "sekretaris", "--role", "redaktur", "--as", "Plh", *days, "--letter", "W11-A7/12: KP.01"
    )
    office.redaksi("sekretaris", "read", path)
    assert "Disetujui." in office.redaksi("sekretaris", "approve", path)
    assert "Plh Redaktur: " in office.redaksi("ketua", "person", "list")
    assert 'surat: "W11-A7/12: KP.01"' in main_of(office)


def test_a_single_key_in_the_quorum_is_warned_about(office: Kantor) -> None:
    said = office.redaksi("ketua", "person", "list")
    assert said.count("hanya memiliki satu kunci") == 2  # Pranata Komputer and Kasubag
    spare = office.folder / "cadangan"
    office.redaksi("kasubag-ptip", "key", "new", "--machine", "--folder", str(spare))
    by_pranata(office, "key", "kasubag-ptip", "--add", str(spare / "kasubag-ptip.pub"))
    assert office.redaksi("ketua", "person", "list").count("hanya memiliki satu kunci") == 1


def test_the_list_is_there_for_machines_too(office: Kantor) -> None:
    found = {person["id"]: person for person in json.loads(office.redaksi("ketua", "person", "list", "--json"))}
    assert found["redaktur"]["roles"] == ["redaktur"]
    assert found["penerbit"]["machine"] is True
    assert found["admin"]["keys"] == [signature.fingerprint((office.keys / "admin.pub").read_text("utf-8"))]


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("kunci pribadi", ["key", "admin", "--add", "{keys}/redaktur"]),
        ("kunci pribadi", ["key", "admin", "--add", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"]),
        ("ssh-rsa", ["key", "admin", "--add", "ssh-rsa AAAAB3Nza admin"]),
        ("tidak ada", ["key", "admin", "--add", "{keys}/tidak-ada.pub"]),
        ('kunci milik "redaktur" sudah dipakai oleh "admin"', ["key", "admin", "--add", "{keys}/redaktur.pub"]),
        ("ditulis dua kali", ["key", "admin", "--add", "{keys}/admin.pub"]),
        ("tidak tercatat pada admin", ["key", "admin", "--remove", "{keys}/redaktur.pub"]),
        ("didaftarkan atau dicabut?", ["key", "admin"]),
        ("budi tidak ada", ["key", "budi", "--add", "{keys}/orang-luar.pub"]),
        ('peran "redaktor" tidak dikenal', ["add", "budi", "--name", "B", "--email", "b@x.id", "--role", "redaktor"]),
        ("bukan alamat surel", ["add", "budi", "--name", "B", "--email", "b", "--role", "admin"]),
        ("sudah ada", ["add", "admin", "--name", "B", "--email", "b@x.id", "--role", "admin"]),
        ("nama pendek", ["add", "Budi S", "--name", "B", "--email", "b@x.id", "--role", "admin"]),
        ("bukan tanggal", ["retire", "admin", "--until", "31-12-2026", "--reason", "x"]),
        ("masih kosong", ["retire", "admin", "--reason", " "]),
        ("adalah mesin", ["retire", "penerbit", "--reason", "x"]),
        (
            "sebelum mulai",
            [*ACTING, "--as", "Plh", "--from", "2026-03-06", "--until", "2026-03-02"],
        ),
        (
            'sebutan "Pjs" tidak dikenal',
            [*ACTING, "--as", "Pjs", "--from", "2026-03-02", "--until", "2026-03-06"],
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(kantor: Kantor, says: str, words: list[str]) -> None:
    before = kantor.refs()
    said = kantor.try_redaksi("pranata-komputer", "person", *(word.format(keys=kantor.keys) for word in words))
    assert said.code in {1, 2}
    assert says in said.text
    assert len(said.text.strip().split("\n")) == 2, "a sentence and a remedy"
    assert kantor.refs() == before
    assert git(kantor.desk("pranata-komputer"), "status", "--porcelain") == ""
