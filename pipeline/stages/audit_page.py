"""The content audit as one page of HTML that needs no other file, no script and no network.

It only lays out an ``Audit``: it looks at nothing itself, and every text of a document is escaped on its way in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pipeline.stages.audit import ASPECTS, HOME, Code, Severity, priorities, thousands, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.stages.audit import Audit, Item, Priority


def html(found: Audit) -> str:
    """The audit as one HTML page in Indonesian that needs no other file, no script and no network."""
    steps = priorities(found)
    body = Markup("").join(
        [
            _heading(found),
            _totals(found),
            _first_steps(steps),
            *(_section(found, code) for code in Code if found.of(code)),
            _not_looked_at(found),
        ]
    )
    title = f"Audit isi situs {found.court}, {written(found.day)}"
    return str(_PAGE.format(title=title, style=_STYLE, body=body))


_PAGE: Final = Markup("""<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
""")

_STYLE: Final = Markup("""
:root { --green: #0d3b2e; --line: #c9d4ce; --soft: #f2f6f3; --gold: #8a6410; --red: #a3210f; --ink: #1b2420; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 1.0625rem/1.6 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
header { border-top: .5rem solid var(--green); padding: 2rem 0 .5rem; }
h1 { margin: 0; font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; color: var(--green); }
h2 { margin: 2.75rem 0 .5rem; font-size: 1.3rem; line-height: 1.3; color: var(--green); }
a { color: #0a5c44; text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--gold); outline-offset: 2px; }
.lead { margin: .5rem 0 0; color: #45524c; }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; padding: 0; }
.totals div { border: 1px solid var(--line); border-left: .35rem solid var(--green); padding: .7rem 1rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.totals .blocking { border-left-color: var(--red); }
.totals .important { border-left-color: #c8961e; }
.totals .unknown, .totals .minor { border-left-color: #7b8a83; }
.totals .none { border-left-color: var(--green); }
.totals dt { font-size: .95rem; }
.totals dd { margin: 0; font-size: 1.9rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.first { background: var(--soft); padding: 1rem 1.25rem 1.1rem; margin-top: 2rem; }
.first h2 { margin-top: 0; }
.first ol { margin: 0; padding-left: 1.4rem; }
.first li { margin: .35rem 0; }
.weight { display: inline-block; border: 1px solid currentcolor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; color: #45524c; vertical-align: .1em; font-weight: 500; }
.weight.blocking { color: var(--red); }
.weight.important { color: var(--gold); }
.places { columns: 20rem; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--green); white-space: nowrap; }
tbody th { font-weight: 500; width: 28%; }
td + td { width: 34%; color: #45524c; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, th, td { display: block; width: auto; }
  tbody th, td { border: 0; padding: .1rem 0; width: auto; }
  tbody tr { border-bottom: 1px solid var(--line); padding: .7rem 0; }
  td + td { width: auto; }
}
@media print { body { font-size: 10pt; } .first { border: 1px solid var(--line); } tr { break-inside: avoid; } }
""")

_CLASSES: Final = {
    Severity.BLOCKING: "blocking",
    Severity.IMPORTANT: "important",
    Severity.MINOR: "minor",
    Severity.UNKNOWN: "unknown",
}


def _heading(found: Audit) -> Markup:
    return Markup(
        "<header><h1>Audit isi situs</h1>"
        '<p class="lead">{court}, <time datetime="{iso}">{day}</time>. Diperiksa: {documents} naskah, {pages} halaman situs, '
        "{links} tautan dan berkas.</p></header>\n"
    ).format(
        court=found.court,
        iso=found.day.isoformat(),
        day=written(found.day),
        documents=thousands(found.documents),
        pages=thousands(found.pages),
        links=thousands(found.links),
    )


def _totals(found: Audit) -> Markup:
    cell = Markup('<div class="{}"><dt>{}</dt><dd>{}</dd></div>')
    sums = {severity: sum(item.count for item in found.items if item.severity is severity) for severity in Severity}
    cells = (
        cell.format(_CLASSES[severity] if total else "none", severity, thousands(total))
        for severity, total in sums.items()
    )
    return Markup('<dl class="totals">{}</dl>\n').format(Markup("").join(cells))


def _first_steps(steps: Sequence[Priority]) -> Markup:
    if not steps:
        return Markup(
            '<section class="first"><h2>Tidak ada temuan</h2><p>Semua hal yang diperiksa baik.</p></section>\n'
        )
    row = Markup('<li><a href="#{}">{}</a> ({} hal di {} tempat), mulai dari {}.</li>')
    rows = (
        row.format(step.code, step.task, thousands(step.things), thousands(step.documents), step.begin)
        for step in steps[:5]
    )
    return Markup('<section class="first"><h2>Yang paling berguna dikerjakan dulu</h2><ol>{}</ol></section>\n').format(
        Markup("").join(rows)
    )


def _section(found: Audit, code: Code) -> Markup:
    """One kind of remark; what all its items have in common is said once, above them."""
    aspect = ASPECTS[code]
    items = found.of(code)
    return Markup(
        '<section aria-labelledby="{code}"><h2 id="{code}">{label}: {total} '
        '<span class="weight {kind}">{weight}</span></h2>\n{items}</section>\n'
    ).format(
        code=code,
        label=aspect.label,
        total=thousands(found.total(code)),
        kind=_CLASSES[aspect.severity],
        weight=aspect.severity,
        items=_alike(found, items) if len(items) > 1 and len(_said(items)) == 1 else _different(found, items),
    )


def _said(items: Iterable[Item]) -> set[tuple[str, str]]:
    return {(item.message, item.remedy) for item in items}


def _alike(found: Audit, items: Sequence[Item]) -> Markup:
    rows = Markup("").join(Markup("<li>{}</li>").format(_address(found, item)) for item in items)
    return Markup('<p>{} {}</p>\n<ul class="places">{}</ul>').format(items[0].message, items[0].remedy, rows)


def _different(found: Audit, items: Sequence[Item]) -> Markup:
    shared = len({item.remedy for item in items}) == 1
    head = Markup("") if shared else Markup('<th scope="col">Saran</th>')
    row = Markup('<tr><th scope="row">{}</th><td>{}</td>{}</tr>\n')
    remedy = Markup("") if shared else Markup("<td>{}</td>")
    rows = (row.format(_address(found, item), item.message, remedy.format(item.remedy)) for item in items)
    return Markup(
        '{}<table><thead><tr><th scope="col">Tempat</th><th scope="col">Temuan</th>{}</tr></thead>\n'
        "<tbody>\n{}</tbody></table>"
    ).format(Markup("<p>{}</p>\n").format(items[0].remedy) if shared else "", head, Markup("").join(rows))


def _address(found: Audit, item: Item) -> Markup:
    """The place of an item, as a link to the live page where it has one."""
    if item.code in {Code.UNPROVEN, Code.NOT_ON_SITE}:
        return Markup("{}").format(item.document)
    path = item.document.removesuffix(HOME) if item.document.endswith(".html") else f"{item.document}/"
    return Markup('<a href="{}/{}">{}</a>').format(found.url, path, item.document)


def _not_looked_at(found: Audit) -> Markup:
    if not found.unmeasured:
        return Markup("")
    rows = Markup("").join(Markup("<li>{}</li>").format(sentence) for sentence in found.unmeasured)
    return Markup("<section><h2>Yang tidak diperiksa</h2><ul>{}</ul></section>\n").format(rows)
