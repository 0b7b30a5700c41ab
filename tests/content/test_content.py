"""Everything under ``content/``, whoever wrote it: readable, by the rules, unique, and with links that lead somewhere.

Holds for any court and any amount of content; what is asked of the starting stock alone is in ``test_starting_stock``.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import frontmatter, kinds, markdown, rules
from pipeline.model import Level, Shelf
from pipeline.office import load_office
from pipeline.world.files import read_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT: Final = Path(__file__).resolve().parents[2]
CONTENT: Final = ROOT / "content"
OFFICE: Final = load_office({f"office/{name}": data for name, data in read_folder(ROOT / "office").items()})
SECTIONS: Final = frozenset(section.slug for section in OFFICE.site.sections)
LISTS: Final = SECTIONS | {"berita", "pengumuman"}
DOCUMENTS: Final = tuple(
    frontmatter.read(file.read_bytes(), path=file.parent.relative_to(CONTENT).as_posix(), shelf=Shelf.CONTENT)
    for file in sorted(CONTENT.rglob("index.md"))
)
PATHS: Final = frozenset(document.path for document in DOCUMENTS)


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_there_is_content_and_every_file_of_it_belongs_to_a_document() -> None:
    folders = {file.parent for file in CONTENT.rglob("*") if file.is_file()}
    assert folders == {CONTENT / path for path in PATHS}


def test_every_document_reads_without_a_finding() -> None:
    assert [(document.path, document.problems) for document in DOCUMENTS if document.problems] == []


def test_the_rules_find_no_error_and_no_warning() -> None:
    context = rules.Context(
        own_hosts=OFFICE.court.own_hosts,
        partner_hosts=OFFICE.court.partner_hosts,
        known_paths=PATHS | LISTS,
        today=date.today(),  # noqa: DTZ011 - a day more or less decides nothing here
    )
    found = [(document.path, finding) for document in DOCUMENTS for finding in rules.run(document, context)]
    assert [(path, finding) for path, finding in found if finding.level in {Level.ERROR, Level.WARNING}] == []


def test_every_path_has_the_shape_of_its_kind() -> None:
    assert [path for path in PATHS if not kinds.is_document_path(path)] == []


def test_every_id_has_the_shape_of_an_id() -> None:
    assert [document.path for document in DOCUMENTS if not kinds.ID.fullmatch(document.id)] == []


def test_every_id_is_used_once() -> None:
    assert _twice(document.id for document in DOCUMENTS) == []


def test_a_page_lies_in_a_section_of_the_menu() -> None:
    pages = [document.path for document in DOCUMENTS if document.kind == "halaman"]
    assert [path for path in pages if path.split("/")[0] not in SECTIONS] == []


def test_a_dated_document_lies_in_the_folder_of_its_year() -> None:
    dated = [document for document in DOCUMENTS if document.kind != "halaman"]
    days = {document.path: document.fields["tanggal"] for document in dated}
    assert [
        path for path, day in days.items() if not (isinstance(day, date) and path.split("/")[1] == str(day.year))
    ] == []


def test_no_two_pages_of_a_section_claim_the_same_place() -> None:
    pages = [document for document in DOCUMENTS if document.kind == "halaman" and "urutan" in document.fields]
    assert _twice((document.path.split("/")[0], document.fields["urutan"]) for document in pages) == []


def test_every_link_inside_the_site_leads_to_a_document_or_a_list() -> None:
    links = [(document.path, link.href) for document in DOCUMENTS for link in document.links]
    inside = [(path, href.partition("#")[0]) for path, href in links if not markdown.is_external(href)]
    known = {f"/{path}/" for path in PATHS | LISTS}
    assert [(path, href) for path, href in inside if href and href not in known] == []


def test_no_document_links_to_itself() -> None:
    links = [(document.path, link.href) for document in DOCUMENTS for link in document.links]
    assert [path for path, href in links if href == f"/{path}/"] == []


def test_a_page_that_still_lacks_something_proves_no_required_item() -> None:
    lacking = [document for document in DOCUMENTS if document.fields.get("belum_diisi")]
    assert [document.path for document in lacking if document.fields.get("informasi_publik")] == []
