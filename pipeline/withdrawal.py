"""The verdict on taking a published page down: one signature of somebody who may, over the page as it stands, with a reason.

Publishing needs two, taking down needs one (``office/authority.yml``, penarikan). Pure; it reads no repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.judgement import Decision, Refusal, Ruling, identified

if TYPE_CHECKING:
    from pipeline.judgement import Change
    from pipeline.office import Office

_HINT: Final = "Jalankan redaksi withdraw dengan alasan, atas nama pejabat yang berwenang."


def judge_withdrawal(
    change: Change, office: Office, *, document: str, document_id: str, tree: str
) -> Decision | Refusal:
    """The decision of a commit that takes ``document`` (published as ``tree``) down, or why it is none."""
    person = identified(change, office)
    if isinstance(person, Refusal):
        return person
    role, day = change.trailer("Peran"), office.day(change.time)
    if change.moves or change.strays or change.trailer("Keputusan") != Ruling.WITHDRAWN:
        return _because("unknown-act", "Penarikan ini bukan keputusan yang sah.")
    if person.machine:
        return _because("machine-votes", f"{person.name} tidak memiliki suara.")
    if (change.trailer("Id"), change.trailer("Dokumen")) != (document_id, document):
        return _because("other-document", "Penarikan ini dibuat untuk naskah lain.")
    if change.trailer("Sidik") != tree:
        return _because("other-tree", "Penarikan ini dibuat atas isi yang berbeda dari yang terbit.")
    if role not in office.authority.withdrawal or role not in person.roles_on(day):
        return _because(
            "wrong-role", f"{person.name} tidak berwenang menarik halaman sebagai {office.role_label(role)}."
        )
    if not change.trailer("Alasan"):
        return _because("no-reason", "Penarikan ini tidak menyebut alasan.")
    return Decision(
        commit=change.commit,
        person=person.id,
        role=role,
        acting=person.acting_as(role, day),
        ruling=Ruling.WITHDRAWN,
        tree=tree,
        step="",
        time=change.time,
        started=change.trailer("Mulai"),
        reason=change.trailer("Alasan"),
    )


def _because(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, hint=_HINT)
