"""Attacks on the way to main, made with plain Git and ssh-keygen, at the guard of a server, at ``publish``, at ``deploy``.

Each attack of ``attacks.ATTACKS`` first shows its legal twin accepted, then is refused by its code, and nothing has
changed. For ``publish`` and ``deploy`` the server has no guard: whoever has a shell there can do all of this. docs/serangan.md
is made from the same list; after a change run ``REDAKSI_TULIS_DOKUMEN=1 python -m pytest tests/journeys/test_attacks.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import attacks_on_decisions  # noqa: F401 -- each enters its definitions in the list
import attacks_on_documents  # noqa: F401
import attacks_on_history
import attacks_on_policy
import pytest
from attacker import DAY, DOCUMENT, MAIN, PATH, Attacker, Workshop
from attacks import ATTACKS, CLASSES, FORGE, Apart, Attack, Nowhere, Said, documentation
from kantor import PROJECT, Kantor, git
from warm_guard import warm

from pipeline.stages import hook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the office server, publish and deploy are for Linux")

PAGE: Final = PROJECT / "docs" / "serangan.md"
POINTS: Final = ("hook", "publish", "deploy")
AGE: Final = 40
"""Days since the office was opened."""
WHOLE_WAY: Final = {
    "wrong-order",
    "used-up-approvals",
    "policy-reverted-alone",
    "opening-by-one-person",
    "withdrawal-without-the-right",
    "scan-swapped",
}
"""One legal twin of each kind goes live by ``publish`` and by ``deploy``; of the others, ``verify`` finds all proven."""


# -- the ground on which they are tried --


@dataclass
class Ground:
    """What every attack begins with: the workshop, and servers to copy, made once."""

    shop: Workshop
    folder: Path
    keys: Path
    interpreter: Path
    refs: dict[bool, dict[str, str]] = field(default_factory=dict)
    accepted: set[object] = field(default_factory=set)
    taken: dict[tuple[str, bool], tuple[Attacker, list[str]]] = field(default_factory=dict)

    def take(self, attack: Attack, *, evil: bool) -> tuple[Attacker, list[str]]:
        """The attack's steps, or its legal twin's; taken once."""
        key = (attack.name, evil)
        if key not in self.taken:
            hand = Attacker(self.shop)
            self.taken[key] = hand, attack.build(hand, evil=evil)
        return self.taken[key]

    def seed(self, *, opened: bool, guarded: bool) -> Path:
        """A server as it is before any attack."""
        place = self.folder / f"{'terbuka' if opened else 'belum'}-{'dijaga' if guarded else 'polos'}.git"
        if not place.exists():
            git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", place.name)
            git(place, "config", "receive.denyDeleteCurrent", "ignore")  # whoever has a shell there can do it
            self.refs[opened] = Attacker(self.shop).before if opened else {MAIN: self.shop.unopened}
            brought(self.shop, place, self.refs[opened])
            if guarded:
                assert not hook.install(place, python=str(self.interpreter)).trouble
                (place / "hooks" / "post-receive").unlink()  # it only notes what was accepted
        return place


def brought(shop: Workshop, server: Path, refs: Mapping[str, str]) -> None:
    """The server has these references, without anybody asking its guard."""
    git(server, "fetch", "--quiet", str(shop.folder), *(f"+{commit}:{ref}" for ref, commit in refs.items()))


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory, _seed: Path, keys: Path) -> Iterator[Ground]:
    """An office that was opened weeks ago, with one submitted document."""
    folder = tmp_path_factory.mktemp("serangan")
    for name, kind in (("redaktur-kedua", ["ed25519"]), ("pengganti", ["ed25519"]), ("rsa", ["rsa", "-b", "2048"])):
        command = ["ssh-keygen", "-q", "-t", *kind, "-N", "", "-C", name, "-f", str(keys / name)]
        subprocess.run(command, check=True)
    shutil.copytree(_seed, folder / "bengkel.git")
    git(folder / "bengkel.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    start = int(time.time()) // DAY * DAY - AGE * DAY + DAY // 4
    shop = Workshop(folder=folder / "bengkel.git", keys=keys, start=start)
    open_the_office(shop)
    with warm() as interpreter:
        yield Ground(shop=shop, folder=folder, keys=keys, interpreter=interpreter)


def open_the_office(shop: Workshop) -> None:
    """Main with people who hold two keys or act for others, then signed by those who open the office."""
    first = git(shop.folder, "rev-parse", "main")
    people = shop.read(f"{first}:office/people.yml")
    people = people.replace(
        f'"{shop.public("redaktur")}"', f'"{shop.public("redaktur")}", "{shop.public("redaktur-kedua")}"'
    )
    people = people.replace("[redaktur@", "[redaktur.lama@kantor.invalid, redaktur@")
    for person, periods in {
        "redaktur": [("kasubag-ptip", 0, 400)],
        "ketua": [("redaktur", 0, 400)],
        "pranata-komputer": [("redaktur", 1, 5), ("kasubag-ptip", 1, 5)],
        "sekretaris": [("redaktur", 60, 90)],
    }.items():
        acting = ", ".join(period(shop, *found) for found in periods)
        people = people.replace(f"peran: [{person}]\n", f"peran: [{person}]\n    wakil: [{acting}]\n")
    site = shop.read(f"{first}:office/site.yml").replace("pratinjau: ya", "pratinjau: tidak")
    files = {"office/people.yml": people.encode(), "office/site.yml": site.encode()}
    hand = Attacker.outside(shop)
    shop.unopened = hand.commit(shop.changed(f"{first}^{{tree}}", files), "Isi awal", parents=[])
    attacks_on_policy.sign_opening(hand, *attacks_on_policy.RIGHT)
    shop.main = hand.tip


def period(shop: Workshop, role: str, start: int, end: int) -> str:
    """An acting period, in days after the opening."""
    days = [time.strftime("%Y-%m-%d", time.gmtime(shop.start + number * DAY)) for number in (start, end)]
    return f"{{peran: {role}, sebagai: Plh, mulai: {days[0]}, sampai: {days[1]}, surat: W11-A1/1}}"


@dataclass
class Scene:
    """One server and the desk of its publisher."""

    ground: Ground
    kantor: Kantor

    def prepare(self, hand: Attacker, refs: list[str], *, guarded: bool) -> None:
        """The server as it was before, and a desk that has seen it."""
        shutil.copytree(self.ground.seed(opened=hand.opened, guarded=guarded), self.kantor.server)
        seeded = self.ground.refs[hand.opened]
        if new := {ref: commit for ref, commit in hand.before.items() if seeded.get(ref) != commit}:
            brought(self.ground.shop, self.kantor.server, new)
        for ref in seeded.keys() - hand.before.keys():
            git(self.kantor.server, "update-ref", "-d", ref)
        put(self.kantor.server, hand.on_server)
        if not guarded:
            self._prepare_desk(hand, refs)

    def _prepare_desk(self, hand: Attacker, refs: list[str]) -> None:
        desk = self.kantor.desk("penerbit")
        if any(ref.startswith("+") for ref in refs):
            self.kantor.redaksi("penerbit", "verify")
        if hand.objects:
            git(desk, "fetch", "--quiet", str(self.ground.shop.folder), *hand.objects)
        put(desk / ".git", hand.at_desk)

    def send(self, refs: list[str]) -> subprocess.CompletedProcess[str]:
        """Push, as anybody with push right can."""
        command = ["git", "push", str(self.kantor.server), *refs]
        return subprocess.run(command, cwd=self.ground.shop.folder, capture_output=True, encoding="utf-8", check=False)

    @property
    def live(self) -> bool:
        """Whether visitors see anything."""
        return (self.kantor.folder / "www").exists()


def put(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


@pytest.fixture
def scenes(tmp_path: Path, ground: Ground, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Scene]:
    """Makes a scene of that name."""

    def scene(name: str) -> Scene:
        (tmp_path / name).mkdir()
        return Scene(ground, Kantor(folder=tmp_path / name, keys=keys, monkeypatch=monkeypatch))

    return scene


# -- the three points: whether it was accepted, and what was said --


def at_hook(scene: Scene, hand: Attacker, refs: list[str]) -> tuple[bool, str]:
    scene.prepare(hand, refs, guarded=True)
    before = scene.kantor.refs()
    done = scene.send(refs)
    assert done.returncode == 0 or scene.kantor.refs() == before
    return done.returncode == 0, done.stderr


def at_command(scene: Scene, hand: Attacker, refs: list[str], *words: str) -> tuple[bool, str]:
    scene.prepare(hand, refs, guarded=False)
    done = scene.send(refs)
    assert done.returncode == 0, done.stderr
    before = scene.kantor.refs()
    said = scene.kantor.try_redaksi("penerbit", *words)
    assert said.code == 0 or scene.kantor.refs() == before
    assert scene.live == (said.code == 0 and words[0] != "verify"), said.text
    return said.code == 0, said.text


COMMANDS: Final = {"publish": ("publish",), "deploy": ("deploy", "lokal"), "verify": ("verify",)}


def at(point: str, scene: Scene, hand: Attacker, refs: list[str]) -> tuple[bool, str]:
    return at_hook(scene, hand, refs) if point == "hook" else at_command(scene, hand, refs, *COMMANDS[point])


def require_accepted(attack: Attack, point: str, ground: Ground, scene: Scene) -> None:
    """The legal twin is accepted; one that several attacks share is tried once."""
    how = point if point == "hook" or attack.name in WHOLE_WAY else "verify"
    hand, refs = ground.take(attack, evil=False)
    known = (how, tuple(refs), tuple(hand.before.items()))
    if known not in ground.accepted:
        accepted, said = at(how, scene, hand, refs)
        assert accepted, said
        ground.accepted.add(known)


def reason(said: str) -> str:
    """The first code that a refusal carries, by the guard's mouth or the command's."""
    found = re.search(r"(?m)^remote: \[([a-z-]+)\] |\[([a-z-]+)\]\s*\Z", said)
    return "".join(filter(None, found.groups())) if found else ""


CASES: Final = [
    pytest.param(attack, point, id=f"{attack.name}-{point}")
    for attack in ATTACKS
    for point in POINTS
    if not isinstance(getattr(attack, point), Nowhere | Apart)
]


@pytest.mark.parametrize(("attack", "point"), CASES)
def test_the_legal_form_is_accepted_and_the_attack_refused(
    attack: Attack, point: str, ground: Ground, scenes: Callable[[str], Scene]
) -> None:
    require_accepted(attack, point, ground, scenes("sah"))
    accepted, said = at(point, scenes("serangan"), *ground.take(attack, evil=True))
    assert not accepted, "the attack got through"
    expected = getattr(attack, point)
    assert expected in said if isinstance(expected, Said) else reason(said) == expected, said


@pytest.mark.parametrize("attack", [pytest.param(a, id=a.name) for a in ATTACKS if a.branch])
def test_the_publisher_does_not_carry_the_attack_to_main(
    attack: Attack, ground: Ground, scenes: Callable[[str], Scene]
) -> None:
    """Only the document's branch was pushed: what was merged by hand above, ``publish`` would have to merge."""
    hand, _ = ground.take(attack, evil=True)
    refs = [f"+{hand.branch}:{hand.ref}"]
    accepted, said = at_command(scenes("serangan"), hand, refs, "publish", hand.path)
    assert not accepted, "the attack got through"
    assert reason(said) == attack.branch, said


def test_the_publisher_carries_what_is_approved_to_main(ground: Ground, scenes: Callable[[str], Scene]) -> None:
    hand = Attacker(ground.shop).approve("redaktur", "kasubag-ptip")
    accepted, said = at_command(scenes("sah"), hand, [f"{hand.tip}:{hand.ref}"], "publish", PATH)
    assert accepted, said


# -- what needs a test of its own --


def test_two_publishes_at_once(ground: Ground, scenes: Callable[[str], Scene]) -> None:
    scene = scenes("bersamaan")
    hand = Attacker(ground.shop).approve("redaktur", "kasubag-ptip")
    scene.prepare(hand, [], guarded=False)
    scene.send([f"{hand.tip}:{hand.ref}"])
    words = [sys.executable, "-m", "pipeline", "--as", "penerbit", "-C"]
    environment = {**os.environ, "REDAKSI_KEYS": str(ground.keys)}
    running = [
        subprocess.Popen(
            [*words, str(scene.kantor.desk(desk)), "publish"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for desk in ("satu", "dua")
    ]
    said = [(command.communicate(timeout=120)[0], command.returncode) for command in running]
    assert all("Traceback" not in text and code in {0, 1} for text, code in said), said
    assert any(code == 0 and "Terbit: " in text for text, code in said), said
    assert git(scene.kantor.server, "rev-list", "--merges", "--count", "main") == "1"
    scene.kantor.redaksi("admin", "verify")


def test_a_publish_that_another_one_forestalls(ground: Ground, scenes: Callable[[str], Scene]) -> None:
    """Between the judgement of one publisher and its push, another publication reaches main."""
    scene = scenes("kalah-cepat")
    hand = Attacker(ground.shop).approve("redaktur", "kasubag-ptip")
    document = hand.tip
    other = attacks_on_history.edition(hand, "secara ringkas", "secara singkat").land()[0].partition(":")[0]
    scene.prepare(hand, [], guarded=False)
    brought(ground.shop, scene.kantor.server, {hand.ref: other, f"refs/heads/naskah/{DOCUMENT}": document})
    script = scene.kantor.server / "hooks" / "pre-receive"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\nexec git update-ref {MAIN} {other}\n", "utf-8")
    script.chmod(0o755)
    said = scene.kantor.redaksi("penerbit", "publish", PATH, code=1)
    assert reason(said) == "moved", said
    assert git(scene.kantor.server, "rev-parse", "main") == other
    assert not scene.live


def test_forged_records_are_named_and_not_believed(ground: Ground, scenes: Callable[[str], Scene]) -> None:
    for attack in (found for found in ATTACKS if found.of == "forged records commit"):
        for evil, code in ((False, 0), (True, 1)):
            scene = scenes(f"{attack.name}-{code}")
            hand, refs = ground.take(attack, evil=evil)
            scene.prepare(hand, refs, guarded=False)
            assert scene.send(refs).returncode == 0
            said = scene.kantor.redaksi("admin", "verify", code=code)
            assert ("tidak dapat dipercaya" in said) is evil


def test_a_decision_smuggled_into_a_reason_is_only_text(kantor: Kantor) -> None:
    path = kantor.opened().submitted()
    smuggled = "Jelaskan.\n\nKeputusan: disetujui\nPeran: kasubag-ptip"
    kantor.redaksi("redaktur", "return", path, smuggled, "--reason", "bahasa")
    row = json.loads(kantor.redaksi("admin", "history", path, "--json"))[-1]
    assert row["act"] == "mengembalikan"
    assert "draf" in kantor.redaksi("admin", "status").lower()


def test_a_broken_record_and_odd_branches_stop_nobody(ground: Ground, scenes: Callable[[str], Scene]) -> None:
    scene = scenes("rusak")
    hand = Attacker(ground.shop).approve("redaktur", "kasubag-ptip")
    document, empty = hand.tip, ground.shop.git("mktree")
    broken = ground.shop.changed(empty, {"records/terbit/a.json": b"{rusak"})
    record = hand.be("admin").commit(broken, "x", parents=[])
    scene.prepare(hand, [], guarded=False)
    odd = [f"{hand.main}:refs/heads/naskah/a\u2028b", f"{record}:refs/heads/catatan", f"{document}:{hand.ref}"]
    assert scene.send(odd).returncode == 0
    assert "cabang tidak memuat naskah" in scene.kantor.redaksi("redaktur", "status")
    assert "Tercatat di" in scene.kantor.redaksi("penerbit", "publish")
    assert "menerbitkan" in scene.kantor.redaksi("admin", "history", PATH)


def test_nobody_signs_the_opening_twice(kantor: Kantor) -> None:
    kantor.redaksi("kasubag-ptip", "open-office")
    before = kantor.refs()
    assert "tidak dapat menandatangani" in kantor.redaksi("kasubag-ptip", "open-office", code=1)
    assert kantor.refs() == before


# -- the page --


def test_every_class_of_attack_is_tried() -> None:
    assert {found.of for found in ATTACKS} == set(CLASSES)
    assert not CLASSES.keys() & FORGE.keys()
    assert len({found.name for found in ATTACKS}) == len({found.title for found in ATTACKS}) == len(ATTACKS)


def test_the_page_says_what_the_tests_show() -> None:
    if os.environ.get("REDAKSI_TULIS_DOKUMEN"):
        PAGE.write_text(documentation(), encoding="utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == documentation()
