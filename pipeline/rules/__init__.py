"""Rules for a document: one file, one rule; this file finds them, runs them, and stamps what they say.

A rule is a module of this folder. Its docstring (in Indonesian: one sentence, then why, then ``Sumber:``) is its public
documentation; ``LEVEL`` says how much it weighs, ``GOOD`` and ``BAD`` are its own examples, and ``check(document)`` or
``check(document, context)`` yields findings. Its name is the file's name with dashes. To add a rule, add one file.
Rules open no file and ask no network: what they may know of the court and the site comes with the ``Context``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from pipeline import frontmatter
from pipeline.model import Attachment, Document, Finding, Level, Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from types import ModuleType

MOST_FINDINGS: Final = 50
"""Findings of one rule on one document that are kept; more help nobody."""

DIGIT_RUN: Final = re.compile(r"\d(?:[ \t\n.\-\u2010-\u2014\u00a0\u00ad\u200b-\u200d\u2060*_]{0,3}\d){15,}")
"""Sixteen digits or more, in groups as people write them, or broken up by signs of Markdown and invisible letters."""

_PERSONAL_NUMBER: Final = 16
_WEIGHT: Final = {Level.ERROR: 2, Level.WARNING: 1, Level.HINT: 0}
_FRONT: Final = {
    "id": "2026k7m2qx",
    "title": "Sidang keliling di Wanayasa",
    "description": "Warga Wanayasa mengikuti sidang di pendopo kecamatan tanpa perjalanan ke kota.",
    "tanggal": "2026-01-30",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may know besides the document; what nobody supplied is unknown, and not judged.

    ``known_paths`` are the published documents and sections (``layanan/biaya-perkara``, ``layanan``) without slashes
    at their ends; None means that no link can be looked up. Hosts and contacts are the court's own data.
    """

    own_hosts: tuple[str, ...] = ()
    partner_hosts: tuple[str, ...] = ()
    known_paths: frozenset[str] | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small document that shows what a rule finds or leaves alone, read by the real reader.

    ``fields`` are written into the front matter as they stand, over those of a harmless item; None leaves one out.
    """

    body: str = "Sidang berlangsung tertib.\n"
    fields: Mapping[str, str | None] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    path: str = "berita/2026/sidang-keliling"
    context: Context = field(default_factory=Context)
    source: bytes | None = None

    def document(self) -> Document:
        """The example as a document."""
        front = {**_FRONT, **self.fields}
        lines = [f"{name}: {value}\n" for name, value in front.items() if value is not None]
        text = "---\n" + "".join(lines) + "---\n\n" + self.body
        return frontmatter.read(
            text.encode() if self.source is None else self.source,
            path=self.path,
            shelf=Shelf.DRAFTS,
            attachments=[Attachment(name=name, data=data) for name, data in self.files.items()],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as its module gives it. ``excusable`` rules may be excepted in a document (``izinkan``).

    ``for_ever`` rules hold for every version that history would keep, not only for the one that is published.
    """

    name: str
    documentation: str
    level: Level
    excusable: bool
    for_ever: bool
    good: tuple[Example, ...]
    bad: tuple[Example, ...]
    check: Callable[[Document, Context], Iterable[Finding]]

    @property
    def sentence(self) -> str:
        """The rule in one sentence: the first line of its documentation."""
        return self.documentation.split("\n", 1)[0]


def run(document: Document, context: Context | None = None, rules: Sequence[Rule] | None = None) -> tuple[Finding, ...]:
    """Every finding on ``document``, by file and line; a rule that fails is itself a finding, and the others go on.

    Problems of reading that no rule of ``rules`` takes up are passed through as they are.
    """
    chosen = RULES if rules is None else tuple(rules)
    reasons = _reasons(document)
    found = [finding for finding in document.problems if finding.rule not in {rule.name for rule in chosen}]
    for rule in chosen:
        reason = reasons.get(rule.name) if rule.excusable else None
        found += [_excused(finding, reason) for finding in _findings(rule, document, context or Context())]
    ordered = sorted(found, key=lambda finding: (finding.path, finding.line, -_WEIGHT[finding.level], finding.rule))
    return tuple(replace(one, message=masked(one.message), hint=masked(one.hint)) for one in ordered)


def masked(text: str) -> str:
    """``text`` with every sixteen-digit number shown by its ends only: a finding must not spread what it found."""
    return DIGIT_RUN.sub(lambda run: _mask(run[0]), text)


def _mask(run: str) -> str:
    digits = re.sub(r"\D", "", run)
    return f"{digits[:4]}********{digits[-4:]}" if len(digits) == _PERSONAL_NUMBER else run


def from_reading(document: Document, rule: str) -> Iterator[Finding]:
    """The problems that were found under the name ``rule`` while the document was read."""
    return (problem for problem in document.problems if problem.rule == rule)


def _findings(rule: Rule, document: Document, context: Context) -> Iterator[Finding]:
    try:
        found = iter(rule.check(document, context))
        for finding in islice(found, MOST_FINDINGS):
            yield _stamped(finding, rule)
        if (more := next(found, None)) is not None:
            yield _stamped(
                replace(
                    more,
                    message=f"Masih ada temuan serupa setelah {MOST_FINDINGS} yang pertama.",
                    hint="Perbaiki yang sudah disebut, lalu periksa lagi.",
                ),
                rule,
            )
    except Exception as error:  # noqa: BLE001 - a faulty rule must neither hide the others nor pass for "no finding"
        yield Finding(
            rule=rule.name,
            message=f"Aturan {rule.name} tidak dapat dijalankan ({type(error).__name__}).",
            hint="Naskah ini belum dapat dinyatakan baik. Laporkan kepada Tim TI; aturan lain tetap diperiksa.",
        )


def _stamped(finding: Finding, rule: Rule) -> Finding:
    """Give the finding its rule's name and at most the rule's weight."""
    return replace(finding, rule=rule.name, level=min(finding.level, rule.level, key=lambda level: _WEIGHT[level]))


def _reasons(document: Document) -> Mapping[str, str]:
    """The exceptions of the document: the reason by the rule's name."""
    entries = cast("tuple[Mapping[str, str], ...]", document.fields.get("izinkan", ()))
    return {entry["aturan"]: entry["alasan"] for entry in entries if len(entry["alasan"]) >= SHORTEST_REASON}


SHORTEST_REASON: Final = 10
"""Characters of a reason for an exception; less explains nothing to the Redaktur."""


def _excused(finding: Finding, reason: str | None) -> Finding:
    """An exception lowers a finding, and never silences it: the Redaktur sees what he lets pass, and why."""
    if reason is None:
        return finding
    level = Level.WARNING if finding.level is Level.ERROR else Level.HINT
    return replace(finding, level=level, message=f"{finding.message} (dikecualikan: {reason})")


def _discover() -> Iterator[Rule]:
    """Every module of this folder, by name."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        yield _of_module(importlib.import_module(f"{__name__}.{found.name}"))


def _of_module(module: ModuleType) -> Rule:
    return Rule(
        name=module.__name__.rpartition(".")[2].replace("_", "-"),
        documentation=inspect.cleandoc(module.__doc__ or ""),
        level=module.LEVEL,
        excusable=getattr(module, "EXCUSABLE", True),
        for_ever=getattr(module, "FOR_EVER", False),
        good=_examples(module.GOOD),
        bad=_examples(module.BAD),
        check=_with_context(module.check),
    )


def _examples(given: str | Example | tuple[str | Example, ...]) -> tuple[Example, ...]:
    """One example or several; a plain text is the body of one."""
    several = given if isinstance(given, tuple) else (given,)
    return tuple(Example(body=entry) if isinstance(entry, str) else entry for entry in several)


def _with_context(check: Callable[..., Iterable[Finding]]) -> Callable[[Document, Context], Iterable[Finding]]:
    """Let a rule ask for the document alone, or for the context too."""
    if len(inspect.signature(check).parameters) > 1:
        return check
    return lambda document, _context: check(document)


def describe() -> Iterator[str]:
    """A line for each rule, to print."""
    for rule in RULES:
        yield f"{rule.name} ({rule.level.value}): {rule.sentence}"


def documentation() -> str:
    """The page ``docs/aturan.md``: every rule with its reason and its examples."""
    return "\n".join(_documentation()) + "\n"


def _documentation() -> Iterator[str]:
    yield "# Aturan pemeriksaan naskah\n"
    yield "Halaman ini dibuat dari berkas-berkas di `pipeline/rules/`; jangan diubah dengan tangan.\n"
    yield "*Galat* menahan pengajuan naskah, *peringatan* ditunjukkan kepada Redaktur, *saran* tidak menahan apa pun. Aturan yang dapat dikecualikan ditulis di isian `izinkan` dengan alasannya; temuannya tetap ditunjukkan kepada Redaktur.\n"
    for rule in RULES:
        excuse = "dapat dikecualikan" if rule.excusable else "tidak dapat dikecualikan"
        yield f"## {rule.name}\n"
        yield f"*{rule.level.value.capitalize()}, {excuse}.* {rule.documentation}\n"
        yield from _shown_examples("Tidak baik", rule.bad)
        yield from _shown_examples("Baik", rule.good)


def _shown_examples(label: str, examples: Iterable[Example]) -> Iterator[str]:
    """The first example that can be shown as text, with what matters beside the text: its files, its address."""
    example = next((example for example in examples if example.source is None), None)
    if example is None:
        return
    plain = Example()
    beside = [f"berkas `{name}`" for name in example.files]
    if example.path != plain.path:
        beside.append(f"alamat `{example.path}`")
    text = "".join(
        f"# tanpa {name}\n" if value is None else f"{name}: {value}\n" for name, value in example.fields.items()
    )
    if example.body != plain.body or not (text or beside):
        text += example.body.strip("\n") + "\n"
    yield f"{label}{' (' + ', '.join(beside) + ')' if beside else ''}:\n"
    if text:
        yield f"````markdown\n{text}````\n"


RULES: Final[tuple[Rule, ...]] = tuple(_discover())
"""Every rule, by name."""

FOR_EVER: Final = tuple(rule for rule in RULES if rule.for_ever)
"""The rules that every version in history must pass: what was once merged can be read in any clone, for ever."""
