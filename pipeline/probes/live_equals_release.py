"""Isi situs yang dilihat pengunjung sama dengan rilis yang disetujui, berkas demi berkas.

Setiap berkas dalam manifes diambil lewat HTTP dan sidik SHA-256-nya dibandingkan: berkas yang berubah (misalnya disisipi
tautan) dan yang hilang akan tampak. Berkas tambahan yang tidak ada dalam manifes tidak dapat dilihat dari luar. Bila rilis
lebih besar daripada batas sekali ukur, bagian yang diperiksa bergilir setiap hari; halaman depan, robots.txt, dan
sitemap.xml selalu ikut. Berkas yang namanya diawali titik tidak dilayani server dan tidak dinilai (kecuali .well-known).
Sumber: SOP B4 (keamanan).
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage
from pipeline.world.web import Unreachable, Web, address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.probes import LiveSite, Thresholds
    from pipeline.world.files import FileFact

ASPECT = "keamanan"
INDICATOR = "Situs sama dengan rilis"
_RELEASE: Final = {"index.html": b"<h1>Pengadilan</h1>", "berita/index.html": b"<h1>Berita</h1>"}
GOOD = Example(
    pages={"/": ExamplePage(body=_RELEASE["index.html"]), "/berita/": ExamplePage(body=_RELEASE["berita/index.html"])},
    release=_RELEASE,
)
BAD = Example(
    pages={**GOOD.pages, "/berita/": ExamplePage(body=b'<h1>Berita</h1><a hidden href="http://judi.example">slot</a>')},
    release=_RELEASE,
)
ALWAYS: Final = ("index.html", "robots.txt", "sitemap.xml")
WORKERS: Final = 4  # polite to a small server
_GIVE_UP: Final = 3  # answers missing in a row until a worker believes that the server is gone
_SHOWN: Final = 20  # names of each sort; more fill a screen and a record without helping
_OK: Final = 200
_NOT_FOUND: Final = (404, 410)

_EQUAL, _DIFFERING, _MISSING, _UNREACHABLE = "equal", "differing", "missing", "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCheck:
    """What a look at the live files found. ``total`` counts the files of the release; ``hidden`` those no server shows."""

    url: str
    total: int
    equal: tuple[str, ...]
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    unreachable: tuple[str, ...]
    hidden: int

    @property
    def checked(self) -> int:
        """How many files were really compared."""
        return len(self.equal) + len(self.differing) + len(self.missing)

    @property
    def ok(self) -> bool:
        """Whether everything looked at is equal, and something was."""
        return bool(self.equal) and not self.differing and not self.missing and not self.unreachable

    def describe(self) -> Iterator[str]:
        """Yield the result as Indonesian lines, the trouble first."""
        yield f"{len(self.equal)} dari {self.total} berkas rilis diperiksa dan sama di {self.url}."
        for what, names in (("Berbeda", self.differing), ("Hilang", self.missing), ("Tak terbaca", self.unreachable)):
            yield from (f"{what}: {name}" for name in names[:_SHOWN])
            if len(names) > _SHOWN:
                yield f"{what}: dan {len(names) - _SHOWN} berkas lain"


def measure(site: LiveSite, thresholds: Thresholds) -> Iterator[Reading]:
    """Yield how many files of the release differ or are missing at the live site."""
    if not site.files:
        yield _reading(None, Verdict.UNKNOWN, "Manifes rilis tidak ada; tidak ada yang dapat dibandingkan.")
        return
    check = compare(site.url, site.files, limit=thresholds.compared_files, turn=site.turn)
    wrong = len(check.differing) + len(check.missing)
    evidence = f"{check.checked} dari {check.total} berkas dibandingkan di {site.url}; berkas tambahan tidak terlihat."
    yield _reading(wrong if check.checked else None, _verdict(check), evidence, details=tuple(check.describe())[1:])


def compare(url: str, files: Mapping[str, FileFact], *, limit: int, turn: int = 0) -> LiveCheck:
    """Fetch up to ``limit`` files of a release from the site at ``url`` and compare their SHA-256.

    ``turn`` moves the choice on when there are more files than that, so that later turns see the others.
    """
    shown = [path for path in files if not _is_hidden(path)]
    chosen = choose(shown, limit=limit, turn=turn)
    with ThreadPoolExecutor(WORKERS) as pool:
        shares = list(
            pool.map(lambda share: _compare(url, files, share), (chosen[at::WORKERS] for at in range(WORKERS)))
        )
    found = dict(sorted((path, state) for share in shares for path, state in share.items()))
    by_state = {state: tuple(path for path in found if found[path] == state) for state in set(found.values())}
    return LiveCheck(
        url=url,
        total=len(files),
        equal=by_state.get(_EQUAL, ()),
        differing=by_state.get(_DIFFERING, ()),
        missing=by_state.get(_MISSING, ()),
        unreachable=by_state.get(_UNREACHABLE, ()),
        hidden=len(files) - len(shown),
    )


def choose(paths: list[str], *, limit: int, turn: int) -> list[str]:
    """Return at most ``limit`` of ``paths``: the ones always looked at, and a window that each turn moves on by its width."""
    if len(paths) <= limit:
        return sorted(paths)
    always = [path for path in ALWAYS if path in paths][:limit]
    rest = sorted(path for path in paths if path not in always)
    width = limit - len(always)
    start = turn * width % len(rest)
    return always + (rest + rest)[start : start + width]


def _compare(url: str, files: Mapping[str, FileFact], paths: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    silent = 0
    with Web() as web:
        for path in paths:
            found[path] = _UNREACHABLE if silent >= _GIVE_UP else _state(web, address(url, path), files[path])
            silent = silent + 1 if found[path] == _UNREACHABLE else 0
    return found


def _state(web: Web, url: str, fact: FileFact) -> str:
    try:
        answer = web.get(url)
    except Unreachable:
        return _UNREACHABLE
    if answer.status in _NOT_FOUND:
        # A site's own 404 page is a file like others; asked for by name, some servers answer it with its own status.
        return _EQUAL if url.endswith("/404.html") and _same(answer.body, fact) else _MISSING
    if answer.status != _OK:
        return _UNREACHABLE
    return _EQUAL if _same(answer.body, fact) else _DIFFERING


def _same(body: bytes, fact: FileFact) -> bool:
    return hashlib.sha256(body).hexdigest() == fact.sha256


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") and part != ".well-known" for part in path.split("/"))


def _verdict(check: LiveCheck) -> Verdict:
    if check.differing or check.missing:
        return Verdict.POOR
    return Verdict.GOOD if check.ok else Verdict.UNKNOWN


def _reading(value: int | None, verdict: Verdict, evidence: str, details: tuple[str, ...] = ()) -> Reading:
    return Reading(
        aspect=ASPECT,
        indicator=INDICATOR,
        value=value,
        unit="berkas berbeda atau hilang",
        limit="0",
        verdict=verdict,
        evidence=evidence,
        details=details,
    )
