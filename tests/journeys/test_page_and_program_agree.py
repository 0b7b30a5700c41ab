"""The package's page judges by scripts of its own: here they are held against the program, case by case and at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import ways
from kantor import PROJECT
from playwright.sync_api import sync_playwright
from test_evidence_in_a_browser import QUIET
from ways import ASKING, DOCUMENT, FULL, GOING_ON, ID, SCAN, THREE, TWO, Way

from pipeline import strict_yaml
from pipeline.judgement import Refusal, Standing, identified
from pipeline.model import Shelf
from pipeline.office import load_office
from pipeline.stages.evidence_package import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Page

    from pipeline.judgement import Change
    from pipeline.office import Office, Person
    from pipeline.procedure import Procedure

ASSETS = PROJECT / "pipeline" / "stages" / "evidence_assets"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page with the package's scripts, but for the one that shows."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        opened = browser.new_page()
        opened.add_script_tag(content="".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS[:-1]))
        yield opened
        browser.close()


# -- the verdict over a document's way --


@pytest.fixture(scope="module")
def offices(office_files: Mapping[str, bytes], keys: Path) -> Mapping[str, Office]:
    """The offices of the tables in docs/keputusan.md."""
    return ways.offices(load_office(office_files), keys)


JUDGE = """({ office, procedure, document, id, ways }) => {
  const known = Object.assign(Object.create(Office.prototype), office);
  known.roles = new Map(office.roles);
  known.people = office.people.map((person) => Object.assign(new Person(), person));
  const table = Object.assign(Object.create(Procedure.prototype), procedure);
  for (const step of table.steps) {
    step.arrows = step.arrows.map((arrow) => new Map(Object.entries(arrow)));
  }
  return ways.map((changes) => {
    const bench = new Bench(null, known, table, { document, id });
    try {
      for (const change of changes) {
        require(change.signer && !change.forbidden, "bukan perubahan yang sah");
        change.trailers = new Map(change.trailers);
        bench.weigh(change, change, known.person(change.signer));
      }
      bench.settle();
      const approvals = bench.approvals.map((held) => [held.commit, held.person.id, held.role, held.standsFor]);
      return { approvals, position: bench.position, authors: [...bench.authors].sort() };
    } catch (error) {
      return error instanceof Invalid ? null : String(error);
    }
  });
}"""


def by_page(page: Page, office: Office, told: list[Way]) -> list[object]:
    """What the page's scripts make of each way; None where they refuse it."""
    facts = {
        "office": {
            "people": [person_facts(person) for person in office.people.values()],
            "roles": [[role.id, {"label": role.label, "superior": role.superior}] for role in office.roles.values()],
            "paperRoles": list(office.authority.paper),
            "zone": office.court.timezone,
        },
        "procedure": procedure_facts(office.procedures["B"]),
        "document": DOCUMENT,
        "id": ID,
        "ways": [[change_facts(change, office) for change in way.changes] for way in told],
    }
    return list(page.evaluate(JUDGE, facts))


def by_program(standing: Standing) -> object:
    """The program's verdict in the same words."""
    if standing.refusals:
        return None
    return {
        "approvals": [[held.commit, held.person, held.role, held.stands_for] for held in standing.approvals],
        "position": {
            "step": standing.position.step,
            "role": standing.position.role,
            "act": standing.position.act.value,
        },
        "authors": sorted(standing.authors),
    }


def person_facts(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "machine": person.machine,
        "keys": list(person.fingerprints()),
        "roles": list(person.roles),
        "since": person.since.isoformat() if person.since else "",
        "until": person.until.isoformat() if person.until else "",
        "acting": [
            {"role": p.role, "as": p.as_, "start": p.start.isoformat(), "end": p.end.isoformat(), "letter": p.letter}
            for p in person.acting
        ],
    }


def procedure_facts(procedure: Procedure) -> dict[str, object]:
    return {
        "code": procedure.code,
        "agreeing": procedure.correction_agreed_by or "",
        "steps": [
            {
                "no": step.no,
                "act": step.act.value,
                "deciders": list(step.deciders),
                "machine": step.machine or "",
                "arrows": [{"dari": arrow.role, "ya": arrow.yes or "akhir"} for arrow in step.arrows],
            }
            for step in procedure.steps
        ],
        "positions": [{"step": p.step, "role": p.role, "act": p.act.value} for p in procedure.positions()],
    }


def change_facts(change: Change, office: Office) -> dict[str, object]:
    """One commit as the page finds it in the objects: a scan that its trailer does not name is no scan."""
    person = identified(change, office)
    fits = change.papers == (change.trailer("Kertas"),)
    return {
        "id": change.commit,
        "seconds": int(change.time.timestamp()),
        "parents": ["p"] * change.parents,
        "trailers": [[name, list(values)] for name, values in change.trailers.items()],
        "moves": [{"shelf": move.shelf.value, "before": move.before, "after": move.after} for move in change.moves],
        "strays": list(change.strays) if fits or not change.papers else ["records"],
        "scan": change.papers[0] if change.papers else "",
        "forbidden": bool(change.forbidden),
        "signer": None if isinstance(person, Refusal) else person.id,
    }


@pytest.mark.parametrize("section", [FULL, THREE, TWO, ASKING, GOING_ON])
def test_every_case_of_the_documentation_is_judged_alike(
    page: Page, offices: Mapping[str, Office], section: str
) -> None:
    office = offices[section]
    told = {case: Way(office=office).tell(way) for _, case, way, _ in ways.rows(section)}
    assert told
    expected = [by_program(way.standing()) for way in told.values()]
    assert dict(zip(told, by_page(page, office, list(told.values())), strict=True)) == dict(
        zip(told, expected, strict=True)
    )


WORDS = (
    *("mengembalikan", "menarik", "mengoreksi", "mencocokkan", "mencocokkan", "menarik-pengajuan"),
    *("memasukkan-kertas-sekretaris", "memasukkan-kertas-ketua", "menerbitkan", "mengetahui", "menyelesaikan"),
)


def wandered(office: Office, at: random.Random) -> Way:
    """A way that mostly goes on legally: of each act a few are tried, and one that is refused is rarely kept."""
    people = [person.id for person in office.people.values()]
    author = at.choice([person for person in people if not office.people[person].machine and person != "bekas"])
    way = Way(office=office).go(author, "menulis").go(author, "mengajukan")
    for _ in range(at.randint(2, 12)):
        for _ in range(8):
            moved = tried(way, at.choice(people), at)
            if not moved.standing().refusals or at.random() < 0.01:
                way = moved
                break
    return way


def tried(way: Way, person: str, at: random.Random) -> Way:
    """One act of a person, more often than not the one that is waited for."""
    if way.shelf is not Shelf.REVIEW:
        return way.go(person, at.choice(("menulis", "mengajukan")))
    roles = way.office.people[person].roles_on(way.office.day(way.start))
    if roles and at.random() < 0.6:
        return way.go(person, f"setuju-sebagai-{at.choice(roles)}")
    return way.go(person, at.choice(WORDS))


@pytest.mark.parametrize("section", [FULL, THREE, TWO, ASKING, GOING_ON])
def test_ways_at_random_are_judged_alike(page: Page, offices: Mapping[str, Office], section: str) -> None:
    at, office = random.Random(section), offices[section]
    told = [wandered(office, at) for _ in range(300)]
    expected = [by_program(way.standing()) for way in told]
    assert sum(one is None for one in expected) > 4
    assert sum(isinstance(one, dict) and bool(one["approvals"]) for one in expected) > 4
    assert SCAN in {paper for way in told for change in way.changes for paper in change.papers}
    different = [
        ([(c.author, dict(c.trailers)) for c in way.changes], found, wanted)
        for way, found, wanted in zip(told, by_page(page, office, told), expected, strict=True)
        if found != wanted
    ]
    assert different == []


# -- the reader of YAML in the page --


def plain(node: strict_yaml.Node) -> object:
    match node:
        case strict_yaml.Scalar():
            return node.text
        case strict_yaml.Sequence():
            return [plain(item) for item in node.items]
        case _:
            return {f"_{key}": plain(value) for key, value in node.items.items()}


CONVERT = """(texts) => texts.map((text) => {
  const plain = (v) => v instanceof Map ? Object.fromEntries([...v].map(([k, x]) => ["_" + k, plain(x)]))
    : Array.isArray(v) ? v.map(plain) : v;
  try { return plain(Yaml.read(text)); } catch (error) { return error instanceof Invalid ? null : String(error); }
})"""


def fronts() -> Iterator[str]:
    for path in sorted((PROJECT / "office").rglob("*.yml")):
        yield path.read_text("utf-8")
    for path in sorted((PROJECT / "content").rglob("index.md")):
        yield path.read_text("utf-8").split("\n---", 1)[0].removeprefix("---\n")


def read_both(page: Page, texts: list[str]) -> list[tuple[str, object, object]]:
    """Each text as the page reads it and as the program does; None where it is refused."""
    found = page.evaluate(CONVERT, texts)
    expected: list[object] = []
    for text in texts:
        try:
            expected.append(plain(strict_yaml.load(text)))
        except strict_yaml.YamlError:
            expected.append(None)
    return list(zip(texts, found, expected, strict=True))


def test_the_page_reads_every_file_of_the_office_and_every_front_matter_as_the_program_does(page: Page) -> None:
    texts = list(fronts())
    assert len(texts) > 50
    assert [text for text, found, expected in read_both(page, texts) if found != expected] == []


def test_what_the_page_reads_otherwise_than_the_program_it_refuses(page: Page) -> None:
    at = random.Random(3)
    sources = [text[:600] for text in fronts()]
    signs = list(" \n:-#'\"[]{},|>&*!?ab1\t")
    texts = []
    for _ in range(1500):
        text = at.choice(sources)
        for _ in range(at.randint(1, 3)):
            place = at.randrange(len(text) + 1)
            text = text[:place] + at.choice(["", *signs]) + text[place + at.randint(0, 1) :]
        texts.append(text)
    both = read_both(page, texts)
    assert sum(found is not None and expected is not None for _, found, expected in both) > 500
    assert sum(expected is None for _, _, expected in both) > 100
    assert [text for text, found, expected in both if None not in (found, expected) and found != expected] == []
