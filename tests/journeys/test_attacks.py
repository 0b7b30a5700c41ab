"""Attacks on the way to main, made with plain Git and ssh-keygen: each legal form is accepted, the attack refused by its code.

Named after the attack classes of docs/keputusan.md that a repository alone can show; what the judgement refuses commit by
commit stands in the table there.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from kantor import Kantor, git


class Attacker:
    """Somebody with push right to the server and a key of their own choice, at work with plain Git."""

    def __init__(self, kantor: Kantor, person: str = "admin") -> None:
        self.kantor = kantor
        self.work = kantor.folder / f"penyerang-{len(list(kantor.folder.glob('penyerang-*')))}"
        git(kantor.folder, "clone", "--quiet", str(kantor.server), str(self.work))
        self.be(person)

    def be(self, person: str, *, key: str = "") -> None:
        """Write as ``person``, sign with their key (or another one)."""
        settings = {
            "user.name": person,
            "user.email": f"{person}@kantor.invalid",
            "gpg.format": "ssh",
            "user.signingkey": str(self.kantor.keys / (key or person)),
            "commit.gpgsign": "true",
        }
        for name, value in settings.items():
            git(self.work, "config", name, value)

    def branch(self) -> str:
        """The only open document's branch, checked out."""
        name = git(self.work, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin/naskah")
        git(self.work, "checkout", "--quiet", "-B", "naskah-lokal", f"origin/{name}")
        return name

    def decide(self, path: str, role: str, **changes: str) -> None:
        """A decision as approvals.md writes it, by plain ``git commit``."""
        identity = git(self.work, "show", f"HEAD:review/{path}/index.md").split("id: ")[1].split("\n")[0]
        trailers = {
            "Id": identity,
            "Dokumen": path,
            "Sidik": git(self.work, "rev-parse", f"HEAD:review/{path}"),
            "Peran": role,
            "Keputusan": "disetujui",
        } | changes
        text = "\n".join(f"{name}: {value}" for name, value in trailers.items())
        git(self.work, "commit", "--quiet", "--allow-empty", "-m", "Keputusan: disetujui", "-m", text)

    def merge(self, path: str, *, evil: str = "") -> None:
        """Rename to content and merge into main by hand, as the publisher would; ``evil`` adds a line while merging."""
        self.be("penerbit")
        target = self.work / "content" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        git(self.work, "mv", f"review/{path}", f"content/{path}")
        git(self.work, "commit", "--quiet", "-m", "Ke tempat terbit")
        git(self.work, "checkout", "--quiet", "main")
        git(self.work, "merge", "--quiet", "--no-ff", "--no-commit", "naskah-lokal")
        if evil:
            with (target / "index.md").open("a", encoding="utf-8") as text:
                text.write(evil)
            git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "-m", "Terbit")

    def push(self, *refs: str) -> None:
        git(self.work, "push", "--quiet", "--force", "origin", *refs)


@pytest.fixture
def office(kantor: Kantor) -> Kantor:
    return kantor.opened()


def codes(kantor: Kantor) -> list[str]:
    """The reasons for which main is not proven."""
    found = json.loads(kantor.redaksi("admin", "verify", "--json", code=None))
    return [step["code"] for step in found["unproven"]]


def publishing_is_refused(kantor: Kantor) -> None:
    before = git(kantor.server, "rev-parse", "main")
    kantor.redaksi("penerbit", "publish", code=1)
    assert git(kantor.server, "rev-parse", "main") == before
    assert not (kantor.folder / "www").exists()


def test_the_legal_form_by_plain_git_is_accepted(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    for person, role in (("redaktur", "redaktur"), ("kasubag-ptip", "kasubag-ptip")):
        hand.be(person)
        hand.decide(path, role)
    hand.merge(path)
    hand.push("main", f":refs/heads/{branch}")
    assert codes(office) == []
    assert json.loads(office.redaksi("admin", "verify", "--json"))["proven"][0]["document"] == path
    assert "tayang" in office.redaksi("penerbit", "publish")


def test_evil_merge(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    hand.branch()
    for person in ("redaktur", "kasubag-ptip"):
        hand.be(person)
        hand.decide(path, person)
    hand.merge(path, evil="\nDisisipkan saat penggabungan.\n")
    hand.push("main")
    assert codes(office) == ["other-bytes"]
    publishing_is_refused(office)


def test_direct_commit_to_content_on_main(office: Kantor) -> None:
    hand = Attacker(office, "kasubag-ptip")
    page = hand.work / "content" / "layanan" / "jam-layanan" / "index.md"
    page.write_text(page.read_text("utf-8") + "\nLangsung ke main.\n", "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Perbaikan kecil")
    hand.push("main")
    assert codes(office) == ["direct-commit"]
    publishing_is_refused(office)


def test_squash(office: Kantor) -> None:
    path = office.approved()
    hand = Attacker(office, "penerbit")
    hand.branch()
    git(hand.work, "checkout", "--quiet", "main")
    git(hand.work, "merge", "--quiet", "--squash", "naskah-lokal")
    (hand.work / "content" / path).parent.mkdir(parents=True, exist_ok=True)
    git(hand.work, "mv", f"review/{path}", f"content/{path}")
    git(hand.work, "commit", "--quiet", "-m", "Terbit")
    hand.push("main")
    assert codes(office) == ["direct-commit"]


def test_unsigned_decision(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    hand.branch()
    for person in ("redaktur", "kasubag-ptip"):
        hand.be(person)
        if person == "kasubag-ptip":
            git(hand.work, "config", "commit.gpgsign", "false")
        hand.decide(path, person)
    hand.merge(path)
    hand.push("main")
    assert codes(office) == ["unsigned"]
    publishing_is_refused(office)


def test_foreign_signed_decision(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    hand.be("redaktur", key="orang-luar")
    hand.decide(path, "redaktur")
    hand.push(f"naskah-lokal:{branch}")
    assert "tidak terdaftar" in office.redaksi("kasubag-ptip", "approve", path, code=1)


def test_forged_trailer(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    hand.decide(path, "redaktur")
    hand.push(f"naskah-lokal:{branch}")
    assert "tidak menjabat sebagai Redaktur" in office.redaksi("kasubag-ptip", "approve", path, code=1)


def test_a_decision_smuggled_into_a_reason_is_only_text(office: Kantor) -> None:
    path = office.submitted()
    office.redaksi(
        "redaktur", "return", path, "Jelaskan.\n\nKeputusan: disetujui\nPeran: kasubag-ptip", "--reason", "bahasa"
    )
    row = json.loads(office.redaksi("admin", "history", path, "--json"))[-1]
    assert row["act"] == "mengembalikan"
    assert "draf" in office.redaksi("admin", "status").lower()


def test_replay_of_an_old_decision(office: Kantor) -> None:
    path = office.submitted()
    office.redaksi("redaktur", "approve", path)
    hand = Attacker(office)
    branch = hand.branch()
    old = git(hand.work, "cat-file", "commit", "HEAD")
    source = hand.work / "review" / path / "index.md"
    source.write_text(source.read_text("utf-8").replace("lebih dekat", "lebih jauh"), "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Ubah")
    replayed = old.replace(old.split("\n")[0], "tree " + git(hand.work, "rev-parse", "HEAD^{tree}"))
    replayed = replayed.replace(replayed.split("\n")[1], "parent " + git(hand.work, "rev-parse", "HEAD"))
    (hand.work / "lama").write_text(replayed, "utf-8")
    commit = git(hand.work, "hash-object", "-t", "commit", "-w", "lama")
    hand.push(f"{commit}:refs/heads/{branch}")
    assert "tanda tangan" in office.redaksi("kasubag-ptip", "approve", path, code=1)


def test_stale_base_with_the_same_page_changed(office: Kantor) -> None:
    page = "layanan/jam-layanan"
    office.redaksi("admin", "edit", page)
    source = office.desk("admin") / "drafts" / page / "index.md"
    source.write_text(source.read_text("utf-8").replace("secara ringkas", "secara singkat"), "utf-8")
    office.redaksi("admin", "submit", page)
    hand = Attacker(office, "penerbit")
    other = hand.work / "content" / page / "index.md"
    other.write_text(other.read_text("utf-8").replace("secara ringkas", "dengan rinci"), "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Ubah di main")
    hand.push("main")
    assert "berubah sejak naskah ini dibuka" in office.redaksi("redaktur", "approve", page, code=1)


def test_policy_edit_in_the_same_proposal(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    people = hand.work / "office" / "people.yml"
    people.write_text(people.read_text("utf-8").replace("peran: [admin]", "peran: [admin, redaktur]"), "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Sekalian")
    hand.push(f"naskah-lokal:{branch}")
    assert "berkas di luar naskah" in office.redaksi("redaktur", "approve", path, code=1)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_symlink_in_a_document(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    Path(hand.work / "review" / path / "foto.jpg").symlink_to("/etc/passwd")
    git(hand.work, "add", "--force", f"review/{path}/foto.jpg")
    git(hand.work, "commit", "--quiet", "-m", "Foto")
    hand.push(f"naskah-lokal:{branch}")
    assert "tidak diperbolehkan" in office.redaksi("redaktur", "approve", path, code=1)


def test_an_executable_file_in_a_document(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    (hand.work / "review" / path / "index.md").chmod(0o755)
    git(hand.work, "commit", "--quiet", "-am", "x")
    hand.push(f"naskah-lokal:{branch}")
    assert "tidak diperbolehkan" in office.redaksi("redaktur", "approve", path, code=1)


def test_document_on_two_shelves(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    (hand.work / "drafts" / path).mkdir(parents=True)
    (hand.work / "drafts" / path / "index.md").write_bytes((hand.work / "review" / path / "index.md").read_bytes())
    git(hand.work, "add", "--force", f"drafts/{path}")
    git(hand.work, "commit", "--quiet", "-m", "Salinan")
    hand.push(f"naskah-lokal:{branch}")
    assert "tempat sekaligus" in office.redaksi("redaktur", "approve", path, code=1)


def test_shallow_clone(office: Kantor, tmp_path: Path) -> None:
    office.approved()
    office.redaksi("penerbit", "publish")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{office.server}", "dangkal")
    said = office.redaksi("admin", "-C", str(tmp_path / "dangkal"), "verify", code=1)
    assert "tidak lengkap" in said


def test_opening_by_one_person_with_two_commits(kantor: Kantor) -> None:
    kantor.redaksi("kasubag-ptip", "open-office")
    before = kantor.refs()
    said = kantor.redaksi("kasubag-ptip", "open-office", code=1)
    assert "tidak dapat menandatangani" in said
    assert kantor.refs() == before
    hand = Attacker(kantor, "kasubag-ptip")
    trailers = f"Pembukaan: {git(hand.work, 'rev-parse', 'HEAD^{tree}')}\nPeran: sekretaris"
    git(hand.work, "commit", "--quiet", "--allow-empty", "-m", "Pembukaan kantor", "-m", trailers)
    hand.push("main")
    assert "belum dibuka" in kantor.redaksi("admin", "verify")


def test_opening_that_also_changes_something(kantor: Kantor) -> None:
    kantor.redaksi("kasubag-ptip", "open-office")
    hand = Attacker(kantor, "sekretaris")
    page = hand.work / "content" / "layanan" / "jam-layanan" / "index.md"
    page.write_text(page.read_text("utf-8") + "\nDisisipkan.\n", "utf-8")
    git(hand.work, "add", "--all")
    tree = git(hand.work, "write-tree")
    git(hand.work, "commit", "--quiet", "-m", "Pembukaan kantor", "-m", f"Pembukaan: {tree}\nPeran: sekretaris")
    hand.push("main")
    assert "belum dibuka" in kantor.redaksi("admin", "verify")


def with_folder(work: Path, root: str, path: str, *entries: tuple[bytes, str]) -> str:
    """The tree ``root`` with the last name of ``path`` written as ``entries`` (mode, id), several or odd ones included."""
    first, _, rest = path.partition("/")
    found = git(work, "ls-tree", "-z", root).split("\0") if root else []
    kept = [(line.split("\t", 1)[1], *line.split("\t", 1)[0].split()[::2]) for line in found if line]
    rows = [(n.encode(), m.lstrip("0").encode(), o) for n, m, o in kept if n != first]
    if rest:
        below = next((o for n, _, o in kept if n == first), "")
        rows.append((first.encode(), b"40000", with_folder(work, below, rest, *entries)))
    else:
        rows += [(first.encode(), mode, oid) for mode, oid in entries]
    rows.sort(key=lambda row: row[0] + (b"/" if row[1] == b"40000" else b""))
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for name, mode, oid in rows)
    command = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    return subprocess.run(command, cwd=work, input=data, capture_output=True, check=True).stdout.decode().strip()


def merged_by_hand(office: Kantor, path: str, *more: tuple[bytes, str], mode: bytes = b"40000") -> None:
    """Push a merge whose tree holds the approved folder at its place in ``mode``, and ``more`` entries of that name."""
    hand = Attacker(office)
    hand.branch()
    hand.be("penerbit")
    approved = git(hand.work, "rev-parse", f"HEAD:review/{path}")
    git(hand.work, "mv", f"review/{path}", "terbit")
    git(hand.work, "rm", "-r", "--quiet", "--cached", "terbit")
    without = git(hand.work, "write-tree")
    commits = []
    for root, parents, entries in (
        (without, ["HEAD"], [(b"40000", approved)]),
        (git(hand.work, "rev-parse", "origin/main^{tree}"), ["origin/main"], [(mode, approved), *more]),
    ):
        tree = with_folder(hand.work, root, f"content/{path}", *entries)
        words = [word for parent in (*parents, *commits) for word in ("-p", parent)]
        commits.append(git(hand.work, "commit-tree", "-S", tree, *words, "-m", "Terbit"))
    hand.push(f"{commits[-1]}:refs/heads/main")


def test_the_hand_made_merge_is_accepted_in_its_legal_form(office: Kantor) -> None:
    merged_by_hand(office, office.approved())
    assert codes(office) == []


def test_two_entries_of_one_name(office: Kantor) -> None:
    path = office.approved()
    evil = git(office.server, "rev-parse", "main:content/layanan/jam-layanan")
    merged_by_hand(office, path, (b"40000", evil))
    assert codes(office) == ["other-bytes"]
    publishing_is_refused(office)


def test_submodule_in_place_of_the_document(office: Kantor) -> None:
    merged_by_hand(office, office.approved(), mode=b"160000")
    assert codes(office) == ["other-bytes"]
    publishing_is_refused(office)


def test_policy_rollback_by_opening_again_with_ones_own_people(office: Kantor) -> None:
    hand = Attacker(office)
    people = hand.work / "office" / "people.yml"
    text = people.read_text("utf-8")
    public = {name.stem: name.read_text("utf-8").strip() for name in office.keys.glob("*.pub")}
    swapped = {"kasubag-ptip": "admin", "admin": "kasubag-ptip", "sekretaris": "orang-luar"}
    for person in swapped:
        text = text.replace(public[person], f"<{person}>")
    for person, key in swapped.items():
        text = text.replace(f"<{person}>", public[key])
    people.write_text(text, "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Orang baru")
    for person, key in (("kasubag-ptip", "admin"), ("sekretaris", "orang-luar")):
        hand.be(person, key=key)
        tree = git(hand.work, "rev-parse", "HEAD^{tree}")
        git(hand.work, "commit", "--quiet", "--allow-empty", "-m", "Pembukaan", "-m", f"Pembukaan: {tree}")
    hand.push("main")
    assert codes(office) == ["direct-commit"] * 3
    publishing_is_refused(office)


def republished(office: Kantor, page: str, old: str, new: str) -> None:
    office.redaksi("admin", "edit", page)
    source = office.desk("admin") / "drafts" / page / "index.md"
    source.write_text(source.read_text("utf-8").replace(old, new), "utf-8")
    office.redaksi("admin", "submit", page)
    for person in ("redaktur", "kasubag-ptip"):
        office.redaksi(person, "approve", page)
    office.redaksi("penerbit", "publish")


def test_approvals_that_were_used_up_publish_nothing_a_second_time(office: Kantor) -> None:
    page = "layanan/jam-layanan"
    republished(office, page, "secara ringkas", "secara keliru")
    used = git(office.server, "rev-parse", "main^2")
    withdrawn = git(office.server, "rev-parse", f"main:content/{page}")
    republished(office, page, "secara keliru", "secara ringkas")
    hand = Attacker(office, "penerbit")
    tree = with_folder(hand.work, git(hand.work, "rev-parse", "HEAD^{tree}"), f"content/{page}", (b"40000", withdrawn))
    merge = git(hand.work, "commit-tree", "-S", tree, "-p", "HEAD", "-p", used, "-m", "Terbit lagi")
    hand.push(f"{merge}:refs/heads/main")
    assert codes(office) == ["foreign-branch"]
    office.redaksi("penerbit", "publish", code=1)
    live = office.folder / "www" / "current" / page / "index.html"
    assert "secara keliru" not in live.read_text("utf-8")


def test_an_id_swapped_in_the_text(office: Kantor) -> None:
    path = office.submitted()
    hand = Attacker(office)
    branch = hand.branch()
    source = hand.work / "review" / path / "index.md"
    source.write_text(source.read_text("utf-8").replace("id: 2026", "id: 2025"), "utf-8")
    git(hand.work, "commit", "--quiet", "-am", "Ganti")
    hand.push(f"naskah-lokal:{branch}")
    assert "Tanda pengenal naskah berubah" in office.redaksi("redaktur", "approve", path, code=1)


def test_forged_records_commit(office: Kantor) -> None:
    path = office.approved()
    office.redaksi("penerbit", "publish")
    hand = Attacker(office)
    git(hand.work, "checkout", "--quiet", "-B", "catatan", "origin/catatan")
    record = next((hand.work / "records" / "terbit").rglob("*.json"))
    record.write_text(record.read_text("utf-8").replace('"selesai": "2026', '"selesai": "2020'), "utf-8")
    git(hand.work, "-c", "commit.gpgsign=false", "commit", "--quiet", "-am", "Ubah")
    hand.push("catatan")
    assert "belum ada tanda terima" in office.redaksi("admin", "history", path)
    assert "1 catatan tidak dapat dipercaya" in office.redaksi("admin", "verify", code=1)


def test_a_broken_record_and_odd_branches_stop_nobody(office: Kantor) -> None:
    path = office.approved()
    hand = Attacker(office)
    git(hand.work, "push", "--quiet", "origin", "HEAD:refs/heads/naskah/a\u2028b")
    git(hand.work, "checkout", "--quiet", "--orphan", "catatan")
    (hand.work / "records" / "terbit").mkdir(parents=True)
    (hand.work / "records" / "terbit" / "a.json").write_text("{rusak", "utf-8")
    git(hand.work, "add", "--all")
    git(hand.work, "commit", "--quiet", "-m", "x")
    hand.push("catatan")
    assert "cabang tidak memuat naskah" in office.redaksi("redaktur", "status")
    assert "Tercatat di" in office.redaksi("penerbit", "publish")
    assert "menerbitkan" in office.redaksi("admin", "history", path)


def test_two_publishes_at_once(office: Kantor) -> None:
    import sys

    office.approved()
    commands = []
    for desk in ("satu", "dua"):
        folder = office.desk(desk)
        command = [sys.executable, "-m", "pipeline", "-C", str(folder), "--as", "penerbit", "publish"]
        commands.append(
            subprocess.Popen(
                command,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "REDAKSI_KEYS": str(office.keys)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        )
    said = [(command.communicate(timeout=120)[0], command.returncode) for command in commands]
    assert all("Traceback" not in text and code in {0, 1} for text, code in said), said
    assert any(code == 0 and "Terbit: " in text for text, code in said), said
    assert codes(office) == []
    merges = git(office.server, "rev-list", "--merges", "--count", "main")
    assert merges == "1"
