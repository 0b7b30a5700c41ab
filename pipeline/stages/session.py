"""One person at work in one clone: the repository, the office as main has it, who acts and with which key.

Every command that acts starts here. People, roles and procedures come from main, never from a working folder. Nothing
here decides whether an act is allowed (``judgement``) or does it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NoReturn

from pipeline import kinds, signature
from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.office import load_office
from pipeline.world import clock, files, keys
from pipeline.world.history import Branches
from pipeline.world.repo import Repository, Signer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from pipeline.office import Office, Person
    from pipeline.procedure import Procedure
    from pipeline.stages.proposal import Opened

MAIN: Final = "main"
PEOPLE: Final = "office/people.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The repository as of the last ``sync``, and the office as ``main`` (a commit id) has it.

    ``stale`` says why the office server could not be asked, where that was allowed; empty if it was.
    """

    repo: Repository
    main: str
    office: Office
    stale: str = ""

    @classmethod
    def open(cls, folder: Path, *, offline: bool = False) -> Session:
        """Open the clone that ``folder`` lies in and fetch the office's newest state.

        With ``offline`` an unreachable server is no obstacle: whoever only looks, sees this clone as it is and is told so.
        """
        repo = Repository.open(folder)
        stale = ""
        try:
            repo.sync()
        except PipelineError as error:
            if not offline:
                raise
            stale = error.message
        main = repo.tip(MAIN)
        if main is None:
            raise ConfigurationError(
                "Repositori ini belum mempunyai cabang main.",
                hint="Salin repositori kantor lebih dahulu. Bila main pernah ada, mintalah Pranata Komputer memulihkannya dari cadangan.",
            )
        return cls(repo=repo, main=main, office=office_at(repo, main), stale=stale)

    def procedure(self, document: str) -> Procedure:
        """The SOP that the document's kind follows."""
        return self.office.procedures[kinds.kind_of(document).procedure]

    def known_keys(self) -> frozenset[str]:
        """Fingerprints of every key that main's people.yml has ever listed: a retired key still vouches for its own time."""
        return keys_ever(self.repo, self.main)

    def branches(self) -> Branches:
        """The open branches of documents."""
        return Branches(self.repo, self.main)


def keys_ever(repo: Repository, main: str, *, of_machines: bool = False) -> frozenset[str]:
    """Fingerprints of every key that main's people.yml has ever listed, or of the machines' keys alone."""
    found: set[str] = set()
    for commit in repo.versions(main, PEOPLE):
        try:
            people = office_at(repo, commit).people.values()
        except ConfigurationError:
            continue  # a state of office/ that never worked has listed nobody
        found.update(key for person in people if person.machine or not of_machines for key in person.fingerprints())
    return frozenset(found)


def office_at(repo: Repository, commit: str) -> Office:
    """The office as a commit has it."""
    return _office_of(repo, str(repo.tree_id(commit, "office")))


@lru_cache(maxsize=32)
def _office_of(repo: Repository, tree: str) -> Office:
    """The office of one ``office/`` tree; a tree's id stands for its bytes, so it is read once."""
    files = {} if tree == "None" else repo.files_of_tree(tree)
    return load_office({f"office/{name}": data for name, data in files.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, with the key that signs for this person."""

    person: Person
    signer: Signer
    fingerprint: str

    def may_act_on(self, subject: Opened, office: Office) -> bool:
        """Whether this person holds, today, the role that the document waits for."""
        return subject.standing.position.role in self.person.roles_on(office.day(clock.now()))

    def write(self, session: Session, *, tree: str, parents: Sequence[str], message: str, when: datetime) -> str:
        """Write a signed commit and make sure that its signature is this person's before anyone relies on it."""
        repo = session.repo
        commit = repo.write_commit(tree=tree, parents=parents, message=message, signer=self.signer, when=when)
        written = repo.commit(commit)
        if signature.signer_of(written.payload, written.signature) != self.fingerprint:
            raise _foreign_key(self.person)
        return commit


def actor(
    session: Session, name: str | None, environment: Mapping[str, str] = os.environ, keyring: keys.Keyring | None = None
) -> Actor:
    """The acting person: ``name`` (``--as``), else ``REDAKSI_AS``, else Git's own identity; and the key to sign with.

    The key is the file in the key folder that is named after the person, else one that the ssh-agent holds. Without a
    ``keyring`` OpenSSH asks for passphrases by itself, at every signature.
    """
    person = person_named(session, name or environment.get("REDAKSI_AS") or "")
    if not person.keys:
        raise Refused(
            f"{person.name} belum memiliki kunci tanda tangan di office/people.yml.",
            hint="Buat dengan redaksi key new, lalu mintalah Pranata Komputer mendaftarkannya.",
            code="no-key",
        )
    listed = {signature.fingerprint(line): line for line in person.keys}
    key = keys.folder(environment) / person.id
    with files.told(key):
        in_folder = key.exists()
    if in_folder:
        return _with_file(person, key, listed, keyring)
    held = keys.in_agent() if len(listed) > 1 else frozenset()
    fingerprint = next((mark for mark in listed if mark in held), next(iter(listed)))
    return Actor(person=person, signer=_signer(person, f"key::{listed[fingerprint]}"), fingerprint=fingerprint)


def _with_file(person: Person, key: Path, listed: Mapping[str, str], keyring: keys.Keyring | None) -> Actor:
    """Sign with a key file; one that is not this person's is refused before anybody is asked for its passphrase."""
    found = keys.fingerprint_of(key)
    unlock: Callable[[], Mapping[str, str]] = partial(keyring.unlock, key) if keyring else dict
    if found not in listed:
        found, unlock = next(iter(listed)), partial(_refuse_key, person)
    return Actor(person=person, signer=replace(_signer(person, str(key)), unlock=unlock), fingerprint=found)


def _refuse_key(person: Person) -> NoReturn:
    raise _foreign_key(person)


def _foreign_key(person: Person) -> ConfigurationError:
    return ConfigurationError(
        f"Kunci yang dipakai bukan kunci {person.name} yang terdaftar.",
        hint="Periksa folder REDAKSI_KEYS (bawaan: folder yang disebut redaksi key new) dan kunci di office/people.yml. "
        "Tidak ada yang berubah.",
    )


def _signer(person: Person, key: str) -> Signer:
    return Signer(name=person.name, email=person.emails[0], key=key)


def person_named(session: Session, name: str) -> Person:
    """The person or machine with this id, or, without one, of Git's own identity; ``Refused`` if nobody is meant."""
    people = session.office.people
    if name:
        person = people.get(name)
        wanted = name
    else:
        wanted = session.repo.identity()
        person = next((p for p in people.values() if wanted and wanted in p.emails), None)
    if person is None:
        listed = ", ".join(sorted(people))
        raise Refused(
            f"{wanted or 'Anda'} tidak terdaftar di office/people.yml.",
            hint=f"Sebutkan diri dengan --as ORANG. Yang terdaftar: {listed}.",
            code="unknown-person",
        )
    return person


def now_after(moment: datetime | None) -> datetime:
    """The present, but never before ``moment``: a clock that is a little slow must not make a decision look backdated."""
    present = clock.now().replace(microsecond=0)
    return present if moment is None else max(present, moment)
