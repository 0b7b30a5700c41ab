"""A period's evidence as one folder that needs neither Git nor a network: a page that checks its own data, and that data.

The data carries Git's raw objects (commits, folders, texts, the office's files), so that the page can recompute every id,
every signature and the verdict itself. Photos are left out: their ids stand in the folders. The same main gives the same
data, byte for byte, on every clone; so it holds no time of making.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import Refused
from pipeline.kinds import KINDS
from pipeline.model import Shelf
from pipeline.stages import evidence_data, evidence_period
from pipeline.world import files
from pipeline.world.history import scan_path
from pipeline.world.repo import first_parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.stages.evidence_period import Findings, Period
    from pipeline.stages.session import Session
    from pipeline.world.repo import Commit, Repository

SCHEMA: Final = 1
PAGE: Final = "index.html"
DATA: Final = "data.json"
SCRIPTS: Final = (
    *("bytes.js", "objects.js", "signature.js", "yaml.js", "office.js"),
    *("judge.js", "claims.js", "examine.js", "page.js"),
)
"""In the order in which they use one another."""

_TEXTS: Final = (".md", ".csv", ".yml", ".yaml", ".txt")
_OFFICE: Final = ("people.yml", "authority.yml", "court.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The two files of a package, and what they are about; ``sha256`` is the data's digest, to be told apart from it."""

    period: Period
    data: bytes
    page: bytes
    sha256: str
    publications: int
    returns: int
    unproven: int


def package(session: Session, wanted: Period) -> Package:
    """The package of a period; nothing is written."""
    found = evidence_period.gather(session, wanted)
    data = _text(_data(session, found))
    digest = hashlib.sha256(data).hexdigest()
    return Package(
        period=wanted,
        data=data,
        page=_page(session, found, data.decode("ascii"), digest).encode(),
        sha256=digest,
        publications=len(found.publications),
        returns=len(found.returns),
        unproven=len(found.unproven),
    )


def _text(data: dict[str, Any]) -> bytes:
    """Pure ASCII without a ``<``: it stands unchanged in a page, whatever a title or a note says."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c").encode("ascii")


def _data(session: Session, found: Findings) -> dict[str, Any]:
    court, verified = session.office.court, found.found
    quarry = _Quarry(session.repo)
    quarry.take(found, session.main)
    opening = verified.opening
    return {
        "schema": SCHEMA,
        "court": {
            "name": court.name,
            "letterhead": [*court.letterhead],
            "address": [*court.letterhead_address],
            "timezone": court.timezone,
        },
        "period": {
            "name": found.period.name,
            "label": found.period.label,
            "start": found.period.start.isoformat(),
            "end": found.period.end.isoformat(),
        },
        "main": verified.main,
        "last_change": evidence_data.instant(found.last),
        "taken_over": len(verified.taken_over),
        "opening": opening
        and {
            "commit": opening.commit,
            "first": opening.first,
            "office": found.opened_under,
            "signers": [*opening.signers],
        },
        "steps": [*found.steps],
        "before": found.before,
        **evidence_period.rows(found),
        "objects": quarry.objects(),
    }


class _Quarry:
    """Collects the objects that bear out the rows of a period: whatever the page's scripts will ask for, and no more."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._kinds: dict[str, str] = {}
        self._commits: dict[str, Commit] = {}
        self._offices: set[str] = set()
        self._entries = lru_cache(maxsize=512)(repo.entries)  # one folder stands in many commits

    def objects(self) -> dict[str, tuple[str, str]]:
        """Each object's kind and its bytes in base64, by id."""
        ids = sorted(self._kinds)
        found = self._repo.objects(ids)
        return {name: (self._kinds[name], base64.b64encode(found[name] or b"").decode("ascii")) for name in ids}

    def take(self, found: Findings, main: str) -> None:
        """Everything that the rows of a period rest on."""
        self.commit(main)
        for step in found.steps:
            self.commit(step)
        if found.found.opening is not None:
            self.commit(self.commit(found.found.opening.commit).parents[0])
            self.office(found.opened_under)
        for account in found.publications:
            self._publication(account.merge, account.document, account.id, found.chains[account.merge])
        for row in found.returns:
            self.office(row.office)
            self.commit(row.ruled.decision.commit)
            self.commit(row.ruled.entry)
        for withdrawal, _ in found.withdrawals:
            self._withdrawal(withdrawal.merge, withdrawal.document, found.chains[withdrawal.merge])
        for change, _ in found.policies:
            self._policy(change.merge, found.chains[change.merge])

    def _publication(self, merge: str, document: str, document_id: str, chain: Iterable[str]) -> None:
        main, place = self._merge(merge), f"{Shelf.CONTENT}/{document}"
        published = self.way(self.commit(merge).tree, place)
        self.way(main.tree, place)
        if published:
            self.folder(published, texts=True)
        scans = scan_path(document_id, "").rpartition("/")[0]
        base = ""
        for commit in chain:
            base = base or self.commit(commit).parents[0]
            self._stand(commit, document, scans)
        self._stand(base, document, scans)

    def _stand(self, commit: str, document: str, scans: str) -> None:
        """The document's folder on every shelf as a commit has it, and the folder of its scanned sheets."""
        tree = self.commit(commit).tree
        for shelf in Shelf:
            if stands := self.way(tree, f"{shelf}/{document}"):
                self.folder(stands)
        if stands := self.way(tree, scans):
            self._kinds[stands] = "tree"

    def _withdrawal(self, merge: str, document: str, chain: Iterable[str]) -> None:
        main, place = self._merge(merge), f"{Shelf.CONTENT}/{document}"
        self.way(self.commit(merge).tree, place)
        if stood := self.way(main.tree, place):
            self.folder(stood, texts=True)
        for commit in chain:
            self.commit(commit)

    def _policy(self, merge: str, chain: Iterable[str]) -> None:
        self._merge(merge)
        commits = [self.commit(commit) for commit in (merge, *chain)]
        for found in commits:
            self._kinds[found.tree] = "tree"
            self._kinds[self.commit(found.parents[0]).tree] = "tree"
        for touches in self._repo.touches(first_parents(commits[1:])).values():
            folders = (oid for touch in touches if touch.is_folder for oid in (touch.before, touch.after))
            self._kinds.update((oid, "tree") for oid in folders if oid)

    def _merge(self, merge: str) -> Commit:
        """A merge of main, the commit before it, and the office that judged it; gives the commit before."""
        before = self.commit(self.commit(merge).parents[0])
        self.office(before.id)
        return before

    def commit(self, name: str) -> Commit:
        """Take one commit."""
        if name not in self._commits:
            self._commits[name] = self._repo.commit(name)
            self._kinds[name] = "commit"
        return self._commits[name]

    def office(self, commit: str) -> None:
        """Take the office's files that say who may do what, and the folders that tie them to a commit."""
        root = self.commit(commit).tree
        office = self.way(root, "office")
        if office is None or office in self._offices:
            return
        self._offices.add(office)
        self._kinds[office] = "tree"
        for entry in self._entries(office):
            if entry.name in _OFFICE:
                self._kinds[entry.id] = "blob"
            elif entry.name == "procedures" and entry.is_folder:
                self._kinds[entry.id] = "tree"
                self._kinds.update((below.id, "blob") for below in self._entries(entry.id) if not below.is_folder)

    def way(self, root: str, path: str) -> str | None:
        """Take every folder on the way to a path; give the id of the folder that stands there, None if there is none."""
        at = root
        for name in path.split("/"):
            self._kinds[at] = "tree"
            found = next((entry for entry in self._entries(at) if entry.name == name and entry.is_folder), None)
            if found is None:
                return None
            at = found.id
        return at

    def folder(self, tree: str, *, texts: bool = False) -> None:
        """Take a document's folder with all below it, and its texts if wanted; photos never."""
        self._kinds[tree] = "tree"
        for entry in self._entries(tree):
            if entry.is_folder:
                self.folder(entry.id, texts=texts)
            elif texts and entry.name.endswith(_TEXTS):
                self._kinds[entry.id] = "blob"


# -- the page --


def asset(name: str) -> str:
    """A file of ``evidence_assets``."""
    return resources.files(__package__).joinpath("evidence_assets", name).read_text("utf-8")


def policy_hash(text: str) -> str:
    """The source expression by which a content security policy lets exactly this inline text pass."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _page(session: Session, found: Findings, data: str, digest: str) -> str:
    from jinja2 import Environment, StrictUndefined

    script = "\n" + "".join(asset(name) for name in SCRIPTS)
    style = "\n" + asset("package.css")
    settings = {"sha256": digest, "kinds": {name: kind.procedure for name, kind in sorted(KINDS.items())}}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(asset("package.html")).render(
        court=session.office.court,
        period=found.period,
        data=data,
        settings=json.dumps(settings),
        script=script,
        style=style,
        script_policy=policy_hash(script),
        style_policy=policy_hash(style),
    )


# -- writing --


def write(made: Package, folder: Path) -> Path:
    """Write the package's folder and its archive beside it, and give the archive's path; foreign files are left alone."""
    contents = {PAGE: made.page, DATA: made.data}
    with files.told(folder):
        if folder.is_dir() and (strange := sorted(path.name for path in folder.iterdir() if path.name not in contents)):
            raise Refused(
                f"Folder {folder} berisi berkas lain: {', '.join(strange[:3])}.",
                hint="Sebutkan folder baru dengan --out FOLDER. Tidak ada yang berubah.",
                code="folder-in-use",
            )
    for name, data in contents.items():
        files.write_atomic(folder / name, data)
    archive = folder.with_name(f"{folder.name}.zip")
    files.write_atomic(archive, _zipped(folder.name, contents))
    return archive


def _zipped(folder: str, contents: dict[str, bytes]) -> bytes:
    """The same files give the same archive: no time of making, no owner."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(contents.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def describe(made: Package, folder: str, archive: str) -> Iterator[str]:
    """What was made, as lines to print."""
    yield f"Paket bukti {made.period.label}: {made.publications} publikasi, {made.returns} pengembalian."
    if made.unproven:
        yield f"Perhatian: {made.unproven} langkah pada masa ini tidak terbukti; paket menyebutkannya."
    yield f"Buka {folder}/{PAGE} di peramban; pemeriksaannya berjalan tanpa jaringan."
    yield f"Untuk dikirim: {archive} (datanya {len(made.data) // 1024 + 1} kB)."
    yield f"Sampaikan sidik paket ini terpisah dari paketnya, misalnya pada surat pengantar: {made.sha256}"
