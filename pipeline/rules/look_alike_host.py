"""Tautan menuju situs yang dimaksud, bukan situs yang namanya menyerupai.

Penipu mendaftarkan nama yang sekilas sama (rn menyerupai m, angka 0 menyerupai huruf o) atau menaruh nama pengadilan di
depan nama miliknya. Nama yang dibandingkan adalah situs pengadilan dan mitranya, dari office/court.yml.
Sumber: Unicode Technical Standard 39 (confusables); rancangan Redaksi (ancaman: situs tiruan).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline import markdown
from pipeline.model import Finding, Level
from pipeline.rules import Context, Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
_COURT: Final = Context(
    own_hosts=("www.pa-banjarmelati.go.id", "pa-banjarmelati.go.id"),
    partner_hosts=("mahkamahagung.go.id", "pta-contoh.go.id"),
)


def _example(body: str) -> Example:
    return Example(body=body, context=_COURT)


GOOD = (
    _example(
        "[Kami](https://www.pa-banjarmelati.go.id/), [MA](https://jdih.mahkamahagung.go.id/), www.mahkamahagung.go.id\n"
    ),
    _example(
        "[PN](https://www.pn-banjarmelati.go.id/), [PA](https://pa-contoh.go.id/), [Pemkab](https://banjarkab.go.id/)\n"
    ),
    _example("[www.pa-banjarmelati.go.id](https://pa-banjarmelati.go.id/) dan surel info@pa-banjarmelati.go.id\n"),
)
BAD = (
    _example("[Kami](https://www.pa-banjannelati.go.id/)\n"),
    _example("[Kami](https://www.pa-banjarme1ati.go.id/)\n"),
    _example("Kunjungi www.pa-banjarrnelati.go.id untuk mendaftar.\n"),
    _example("[Kami](https://pa-banjarmelati.com/)\n"),
    _example("[Kami](https://www.pa-banjarmelati.go.id.daftar.example/)\n"),
    _example("[Kami](https://www.pa-banjarmelati.go.id@daftar.example/)\n"),
    _example("[Kami](https://pa-banj\u0430rmelati.go.id/)\n"),
    _example("[Kami](https://xn--pa-banjrmelati-1qi.go.id/)\n"),
    _example("[www.pa-banjarmelati.go.id](https://daftar.example/)\n"),
    _example("[Daftar](https://192.0.2.7/)\n"),
)

_HOST: Final = re.compile(
    r"(?<![\w@.-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:id|com|net|org|info|xyz|site|online|co|io)\b", re.IGNORECASE
)
_HINT: Final = "Periksa huruf demi huruf, dan salin alamat dari situs resminya."
# What is easily taken for something else in a narrow typeface, longest first.
_CONFUSABLE: Final = (
    ("rn", "m"),
    ("nn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("0", "o"),
    ("1", "l"),
    ("i", "l"),
    ("5", "s"),
)
_COURTS: Final = frozenset({"pa", "pn", "pt", "pta", "ptun", "pttun", "ms", "msaceh", "dilmil", "kejari", "polres"})
_NEAR: Final = 2
_LONG_ENOUGH: Final = 8


def check(document: Document, context: Context) -> Iterator[Finding]:
    """Yield one finding per link, and per host named in the text, that pretends to be a known host."""
    known = frozenset(host.lower() for host in (*context.own_hosts, *context.partner_hosts))
    for link in document.links:
        if markdown.is_external(link.href):
            yield from _of_link(link.href, link.text, link.line, known)
    for passage in document.passages:
        for found in _HOST.finditer(re.sub(r"https?://\S+", " ", passage.text)):
            if problem := _problem(found[0].lower(), known):
                yield Finding(line=passage.line, message=problem, hint=_HINT)


def _of_link(href: str, words: str, line: int, known: frozenset[str]) -> Iterator[Finding]:
    try:
        address = urlsplit(href)
        host = (address.hostname or "").rstrip(".")
    except ValueError:
        yield Finding(line=line, message="Alamat tautan tidak sah.", hint=_HINT)
        return
    if address.username is not None:
        yield Finding(line=line, message=f"Tautan menyembunyikan tujuannya: sesudah tanda @ adalah {host}.", hint=_HINT)
    elif problem := _problem(host, known):
        yield Finding(line=line, message=problem, hint=_HINT)
    else:
        named = [found[0].lower() for found in _HOST.finditer(re.sub(r"https?://", " ", words))]
        for other in named:
            if other in known and _bare(other) != _bare(host) and not host.endswith(f".{_bare(other)}"):
                yield Finding(line=line, message=f"Tulisan tautan menyebut {other}, tetapi menuju {host}.", hint=_HINT)


def _problem(host: str, known: Iterable[str]) -> str | None:
    """What is wrong with ``host``, or None."""
    if not host.isascii() or any(part.startswith("xn--") for part in host.split(".")):
        return f"Nama situs {host} memakai huruf yang bukan huruf Latin biasa."
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        return f"Tautan menuju alamat angka ({host}), bukan nama situs."
    hosts = {_bare(name) for name in known}
    if _bare(host) in hosts or any(host.endswith(f".{name}") for name in hosts):
        return None
    for name in sorted(hosts):
        if _imitates(_bare(host), name):
            return f"Nama situs {host} menyerupai {name}, tetapi bukan itu."
    return None


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _imitates(host: str, real: str) -> bool:
    """Whether ``host`` would be taken for ``real``: looks the same, is spelled nearly so, or wears its name."""
    if _folded(host) == _folded(real) or f"{real}." in f"{host}.":
        return True
    mine, theirs = real.split(".", 1), host.split(".", 1)
    if mine[0] == theirs[0] and len(mine[0]) >= _LONG_ENOUGH:
        # Under the same registry (go.id) a like name is another office of the region, say banjarnegarakab.bps.go.id.
        return not host.endswith("." + ".".join(real.split(".")[-2:]))
    if _is_another_court(theirs[0], mine[0]) or len(real) < _LONG_ENOUGH:
        return False
    return 0 < _distance(host, real, _NEAR) <= (_NEAR if len(mine[0]) > _LONG_ENOUGH else 1)


def _is_another_court(name: str, real: str) -> bool:
    """``pn-contoh`` beside ``pa-contoh``, ``pa-contoh`` beside ``pta-contoh``: a court of its own."""
    ours, _, place = real.partition("-")
    other, _, its_place = name.partition("-")
    return ours != other and place == its_place and {ours, other} <= _COURTS


def _folded(host: str) -> str:
    for seen, meant in _CONFUSABLE:
        host = host.replace(seen, meant)
    return host.replace("-", "")


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop or change (Levenshtein); more than ``most`` is not counted further."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for above, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], above
        for at, its in enumerate(other, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (letter != its))
    return row[-1]
