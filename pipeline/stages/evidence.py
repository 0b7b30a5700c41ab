"""What can be shown of one document to somebody who must judge it: who decided what over which bytes, when, and what is missing.

Facts come from ``verify`` (published) or the open branch (in work), with people and procedures as they stood on main before
the change; receipts and the server's stamps are added where there are any. Nothing is judged here a second time, nothing is
written, and what is not known is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import Refused
from pipeline.judgement import Ruling
from pipeline.model import Shelf
from pipeline.procedure import Act
from pipeline.stages import check, stamps, verify
from pipeline.stages.proposal import Opened, opened, without_shelf
from pipeline.stages.publish import RECORD
from pipeline.stages.session import office_at
from pipeline.stages.timeline import timeline
from pipeline.succession import deciding
from pipeline.world import records
from pipeline.world.history import id_of_branch, read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pipeline.judgement import Change, Decision, History, Standing
    from pipeline.model import FieldValue, Finding
    from pipeline.office import Acting, Office
    from pipeline.procedure import Procedure
    from pipeline.stages.session import Session
    from pipeline.stages.timeline import Row
    from pipeline.stages.verify import Proof, Verification, Withdrawal
    from pipeline.world.history import Branches

CLAIMED: Final = "waktu menurut penanda tangan"


class State(StrEnum):
    """Where a document stands, as the page says it."""

    PUBLISHED = "terbit"
    WITHDRAWN = "ditarik"
    IN_WORK = "dalam pengerjaan"
    TAKEN_OVER = "diambil alih dari isi awal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """One decision as people read it.

    ``acting`` is the Plh/Plt period that carried it, ``stamped`` when the office server received it (None: nothing bounds
    the signer's own time), ``meaning`` what the SOP says of a return's reason code. ``entry`` is the commit that carries the
    words: another one than the decision's where it was taken on paper.
    """

    decision: Decision
    entry: str
    name: str
    label: str
    acting: Acting | None
    stands_for: str
    stamped: datetime | None
    code: str
    text: str
    meaning: str
    entered_by: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """A rule that the deciders let pass in this document, and the reason that stands in it."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One way of a document: an earlier publication, the last one, or the one that is open now (then ``merge`` is empty)."""

    document: str
    id: str
    title: str
    tree: str
    procedure: Procedure
    approvals: tuple[Ruled, ...]
    returns: tuple[Ruled, ...]
    rows: tuple[Row, ...]
    exempted: tuple[Exempted, ...]
    merge: str = ""
    published: datetime | None = None
    receipt: Mapping[str, Any] | None = None

    @property
    def grade(self) -> str:
        """By what the approvals are proven: everybody's own signature, or a sheet that two others handled."""
        return verify.GRADE_PAPER if any(one.decision.paper for one in self.approvals) else verify.GRADE_SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that is shown of one document.

    ``shown`` is the way that is told in full: the last publication, else the open one; None for a page that was taken over.
    ``findings`` is None where no check could be repeated. ``missing`` says what an open document still needs.
    """

    document: str
    title: str
    state: State
    main: str
    office: Office
    shown: Account | None
    findings: tuple[Finding, ...] | None = None
    rules: int = 0
    earlier: tuple[Account, ...] = ()
    withdrawal: Withdrawal | None = None
    withdrawn_by: Ruled | None = None
    missing: tuple[str, ...] = ()
    in_work: bool = False


class Register:
    """What a session knows besides main's proofs: receipts, stamps, and the office before each merge; each is read once."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def receipts(self) -> Mapping[str, Mapping[str, Any]]:
        """The record of each publication, by its merge."""
        diary = records.read(self.session.repo, RECORD, self.session.known_keys())
        return {str(record.get("merge")): record for record in diary.records}

    @cached_property
    def stamped(self) -> Mapping[str, datetime]:
        """When the office server received each commit that it stamped."""
        return stamps.stamps(self.session.repo, stamps.machine_keys(self.session.repo, self.session.main))

    def office_before(self, merge: str) -> Office:
        """The office that judged a step of main."""
        return office_at(self.session.repo, self.session.repo.commit(merge).parents[0])

    def publication(self, proof: Proof) -> Account:
        """The account of a proven publication."""
        office = self.office_before(proof.merge)
        fields = read_document(self.session.repo, proof.merge, Shelf.CONTENT, proof.document).fields
        told = self._told(proof.history, proof.standing, office, fields, self.receipts.get(proof.merge))
        return Account(**told, title=proof.title, tree=proof.tree, merge=proof.merge, published=proof.published)

    def work(self, subject: Opened, fields: Mapping[str, FieldValue]) -> Account:
        """The account of a document that is open now."""
        told = self._told(subject.history, subject.standing, self.session.office, fields, None)
        return Account(**told, title=str(fields.get("title") or subject.path), tree=str(subject.standing.tree or ""))

    def _told(
        self,
        history: History,
        standing: Standing,
        office: Office,
        fields: Mapping[str, FieldValue],
        receipt: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        procedure = self._procedure(office, history.document)
        told = {d.commit: self.ruled(d, office, procedure, history.changes) for d in standing.decisions}
        return {
            "document": history.document,
            "id": history.id,
            "procedure": procedure,
            "approvals": tuple(told[d.commit] for d in standing.approvals),
            "returns": tuple(r for r in told.values() if r.decision.ruling is Ruling.RETURNED),
            "rows": timeline(history, standing, office, procedure, receipt=receipt),
            "exempted": tuple(exempted(fields)),
            "receipt": receipt,
        }

    def _procedure(self, office: Office, document: str) -> Procedure:
        return office.procedures[self.session.procedure(document).code]

    def ruled(
        self, decision: Decision, office: Office, procedure: Procedure | None = None, changes: Iterable[Change] = ()
    ) -> Ruled:
        """A decision in words, by the people and the SOP of its time."""
        person, paper = office.people.get(decision.person), decision.paper
        day = paper.date if paper else office.day(decision.time)
        code, text = _parted(decision.reason) if decision.ruling is Ruling.RETURNED else ("", decision.reason)
        reasons = {key: words for step in procedure.steps for key, words in step.reasons.items()} if procedure else {}
        return Ruled(
            decision=decision,
            entry=_entry(decision, changes),
            name=person.name if person else decision.person,
            label=office.role_label(decision.role),
            acting=next((p for p in person.acting if p.role == decision.role and p.start <= day <= p.end), None)
            if person and decision.acting
            else None,
            stands_for=office.role_label(decision.stands_for) if decision.stands_for else "",
            stamped=self.stamped.get(decision.commit),
            code=code,
            text=text,
            meaning=reasons.get(code, ""),
            entered_by=_name(office, paper.entered_by) if paper else "",
            confirmed_by=_name(office, paper.confirmed_by) if paper else "",
        )


def _entry(decision: Decision, changes: Iterable[Change]) -> str:
    """The commit whose words the decision are: for one on paper the last that brought this sheet, before its confirmation."""
    if decision.paper is None:
        return decision.commit
    found = decision.commit
    for change in changes:
        if change.commit == decision.commit:
            break
        if decision.paper.sha256 in change.papers:
            found = change.commit
    return found


def _name(office: Office, person: str) -> str:
    return office.people[person].name if person in office.people else person


def _parted(reason: str) -> tuple[str, str]:
    """Code and sentence of ``kode: kalimat``."""
    code, colon, text = reason.partition(":")
    return (code.strip(), text.strip()) if colon else ("", reason)


def exempted(fields: Mapping[str, FieldValue]) -> Iterator[Exempted]:
    """The exceptions to rules that a document's front matter asks for (``izinkan``)."""
    entries = fields.get("izinkan")
    for entry in entries if isinstance(entries, tuple) else ():
        if isinstance(entry, Mapping):
            yield Exempted(rule=str(entry.get("aturan", "")), reason=str(entry.get("alasan", "")))


# -- one document --


def of_document(session: Session, query: str) -> Dossier:
    """The dossier of the document that ``query`` means: its id, its path or last name, else a part of one path."""
    found, branches = verify.prove(session), session.branches()
    document = _named(session, query, found, branches)
    register = Register(session)
    accounts = [register.publication(proof) for proof in found.proofs if proof.document == document]
    branch = next((b for b, path in sorted(branches.documents.items(), reverse=True) if path == document), None)
    subject = opened(session, branch, branches) if branch else None
    if accounts:
        return _published(session, register, found, accounts, subject)
    if subject is not None and branch is not None:
        return _in_work(session, register.work(subject, branches.fields(branch)), subject)
    return _taken_over(session, document, found)


def _named(session: Session, query: str, found: Verification, branches: Branches) -> str:
    """The one document that is meant; ``Refused`` unless there is exactly one."""
    wanted = without_shelf(query)
    names: dict[str, set[str]] = {document: set() for document in verify.documents(session.repo, session.main)}
    known = [(proof.document, proof.id) for proof in found.proofs]
    known += [(withdrawal.document, withdrawal.id) for withdrawal in found.withdrawals]
    known += [(document, id_of_branch(branch)) for branch, document in branches.documents.items()]
    for document, document_id in known:
        names.setdefault(document, set()).add(document_id)
    exact = [doc for doc, ids in names.items() if wanted in {doc, doc.rpartition("/")[2], *ids}]
    near = exact or [document for document in names if wanted and wanted in document]
    if len(near) == 1:
        return near[0]
    if near:
        raise Refused(
            f"Ada {len(near)} naskah yang cocok dengan {wanted}: {', '.join(sorted(near)[:5])}.",
            hint="Sebutkan alamat naskahnya lebih lengkap.",
            code="ambiguous-document",
        )
    raise Refused(
        f"Tidak ada naskah yang cocok dengan {wanted!r}.",
        hint="Lihat naskah yang ada dengan redaksi status dan redaksi verify.",
        code="no-such-document",
    )


def _published(
    session: Session, register: Register, found: Verification, accounts: list[Account], subject: Opened | None
) -> Dossier:
    last = accounts[-1]
    withdrawal = found.withdrawn().get(last.document)
    findings, rules = _checked(session, register, last)
    return Dossier(
        document=last.document,
        title=last.title,
        state=State.WITHDRAWN if withdrawal else State.PUBLISHED,
        main=session.main,
        office=register.office_before(last.merge),
        shown=last,
        findings=findings,
        rules=rules,
        earlier=tuple(accounts[:-1]),
        withdrawal=withdrawal,
        withdrawn_by=_withdrawn_by(register, withdrawal),
        in_work=subject is not None,
    )


def _withdrawn_by(register: Register, withdrawal: Withdrawal | None) -> Ruled | None:
    return register.ruled(withdrawal.decision, register.office_before(withdrawal.merge)) if withdrawal else None


def _checked(session: Session, register: Register, account: Account) -> tuple[tuple[Finding, ...], int]:
    """The rules of this program, run again over the published bytes as of that day, and how many they are."""
    from pipeline.rules import RULES

    repo, office = session.repo, register.office_before(account.merge)
    known = (*verify.documents(repo, repo.commit(account.merge).parents[0]), account.document)
    today = office.day(account.published) if account.published else None
    document = read_document(repo, account.merge, Shelf.CONTENT, account.document, whole=True)
    context = check.context(office, known_paths=known, today=today or office.day(repo.commit(account.merge).time))
    return check.check_document(document, context), len(RULES)


def _in_work(session: Session, account: Account, subject: Opened) -> Dossier:
    return Dossier(
        document=account.document,
        title=account.title,
        state=State.IN_WORK,
        main=session.main,
        office=session.office,
        shown=account,
        missing=tuple(_missing(session, subject)),
        in_work=True,
    )


def _missing(session: Session, subject: Opened) -> Iterator[str]:
    """What stands between an open document and its publication, one sentence each."""
    office, standing, code = session.office, subject.standing, subject.procedure.code
    yield from (refusal.message for refusal in standing.refusals)
    if standing.shelf is Shelf.DRAFTS:
        yield "Naskah belum diajukan untuk diperiksa."
    if standing.entered is not None:
        yield "Lembar keputusan di atas kertas belum dicocokkan orang kedua."
    seats, position = tuple(deciding(subject.procedure)), standing.position
    for seat in seats[len(standing.approvals) :]:
        yield f"Belum ada persetujuan {office.role_label(seat.role)} (langkah {code}{seat.step})."
    if position.act is Act.DECIDE and len(standing.approvals) == len(seats):
        yield f"Belum ada persetujuan {office.role_label(position.role)} atas koreksi naskahnya."
    if position.act is Act.NOTE:
        yield f"Belum diketahui {office.role_label(position.role)} (langkah {code}{position.step})."
    yield "Naskah belum diterbitkan."


def _taken_over(session: Session, document: str, found: Verification) -> Dossier:
    withdrawal = found.withdrawn().get(document)
    shelf_at = session.repo.commit(withdrawal.merge).parents[0] if withdrawal else session.main
    return Dossier(
        document=document,
        title=read_document(session.repo, shelf_at, Shelf.CONTENT, document).title,
        state=State.WITHDRAWN if withdrawal else State.TAKEN_OVER,
        main=session.main,
        office=session.office,
        shown=None,
        withdrawal=withdrawal,
        withdrawn_by=_withdrawn_by(Register(session), withdrawal),
    )
