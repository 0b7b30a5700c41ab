"""Tautan dan foto menuju sesuatu yang ada.

Tautan mati adalah keluhan pertama pengunjung situs pengadilan. Tautan ke halaman sendiri ditulis dari akar situs dan
diakhiri garis miring, /layanan/biaya-perkara/, sehingga dapat diperiksa sebelum tayang; foto disebut dengan nama
berkasnya saja. Sumber: WCAG 2.2, kriteria 2.4.4 (tujuan tautan).
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from pipeline import markdown
from pipeline.model import Finding, Level
from pipeline.rules import Context, Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, Image, Link

LEVEL = Level.ERROR
_SITE: Final = Context(
    known_paths=frozenset({"layanan/biaya-perkara", "berita/2025/rapat-mediator"}), own_hosts=("www.pa-contoh.go.id",)
)
_PHOTO: Final = {"sidang.jpg": b""}
GOOD = (
    Example(body="[Biaya](/layanan/biaya-perkara/#syarat), [berita](/berita/), [2025](/berita/2025/)\n", context=_SITE),
    Example(body="[bagian](#syarat-umum) [beranda](/)\n\n## Syarat umum\n", context=_SITE),
    Example(body="![Ketua membuka sidang](sidang.jpg)\n", files=_PHOTO),
    Example(body="[Belum dapat diperiksa](/layanan/belum-tahu/)\n"),
    Example(body="[MA](https://www.mahkamahagung.go.id/)\n", context=_SITE),
)
BAD = (
    Example(body="![Ketua membuka sidang](sidnag.jpg)\n", files=_PHOTO),
    Example(body="![Ketua membuka sidang](foto/sidang.jpg)\n", files=_PHOTO),
    Example(body="[Biaya](/layanan/biaya/)\n", context=_SITE),
    Example(body="[Biaya](/layanan/biaya-perkara)\n", context=_SITE),
    Example(body="[Biaya](../biaya-perkara/index.md)\n"),
    Example(body="[situs](www.mahkamahagung.go.id)\n"),
    Example(body="[bagian](#syarat)\n"),
    Example(body="[kosong]()\n"),
    Example(body="[lengkap](https://www.pa-contoh.go.id/layanan/biaya-perkara/)\n", context=_SITE),
)

GENERATED: Final = frozenset({"", "berita", "pengumuman", "berita/umpan.xml"})
"""Addresses that the site makes by itself, besides the list of every folder that holds a document."""


def check(document: Document, context: Context) -> Iterator[Finding]:
    """Yield one finding per picture without its file and per link within the site that leads nowhere."""
    for image in document.images:
        if markdown.is_safe(image.src) and ":" not in image.src:
            yield from _of_image(image, document)
    for link in document.links:
        if markdown.is_safe(link.href):
            yield from _of_link(link, document, context)


def _of_image(image: Image, document: Document) -> Iterator[Finding]:
    name = unquote(image.src)
    files = [attachment.name for attachment in document.attachments]
    if name in files and "/" not in name:
        return
    near = difflib.get_close_matches(name.rpartition("/")[2].lower(), [file.lower() for file in files], n=1)
    meant = [file for file in files if near and file.lower() == near[0]]
    yield Finding(
        line=image.line,
        message=f"Foto {name or '(tanpa nama)'} tidak ada di folder naskah.",
        hint=f"Mungkin maksudnya: {meant[0]}" if meant else "Letakkan berkas fotonya di samping index.md.",
    )


def _of_link(link: Link, document: Document, context: Context) -> Iterator[Finding]:
    address = urlsplit(link.href)
    if markdown.is_external(link.href):
        if address.hostname in context.own_hosts:
            yield _relative(link, address.path)
    elif address.scheme:
        return
    elif link.href.startswith("#"):
        yield from _of_anchor(link, address.fragment, document)
    elif not link.href.startswith("/"):
        yield from _of_neighbour(link, document)
    else:
        yield from _of_path(link, unquote(address.path), document, context)


def _relative(link: Link, path: str) -> Finding:
    return Finding(
        line=link.line,
        level=Level.HINT,
        message="Tautan ke situs sendiri ditulis dengan alamat lengkap.",
        hint=f"Tulis alamatnya saja, {path or '/'}, agar dapat diperiksa.",
    )


def _of_anchor(link: Link, anchor: str, document: Document) -> Iterator[Finding]:
    anchors = [heading.anchor for heading in document.headings]
    if unquote(anchor) not in anchors:
        near = difflib.get_close_matches(anchor, anchors, n=1)
        yield Finding(
            line=link.line,
            message=f"Tidak ada subjudul untuk tautan #{anchor}.",
            hint=f"Mungkin maksudnya: #{near[0]}" if near else "Sesuaikan dengan subjudul yang dituju.",
        )


def _of_neighbour(link: Link, document: Document) -> Iterator[Finding]:
    if unquote(link.href) in {attachment.name for attachment in document.attachments}:
        return
    looks_like_host = link.href.startswith("www.")
    yield Finding(
        line=link.line,
        message="Tautan kosong." if not link.href else f"Tautan {link.href} tidak menuju halaman mana pun.",
        hint=f"Tulis https://{link.href}"
        if looks_like_host
        else "Tulis dari akar situs dan akhiri dengan garis miring, seperti /layanan/biaya-perkara/",
    )


def _of_path(link: Link, path: str, document: Document, context: Context) -> Iterator[Finding]:
    known = context.known_paths
    target = path.strip("/")
    if known is None or _exists(target, known | {document.path}):
        if target and not path.endswith("/") and "." not in target.rpartition("/")[2]:
            yield Finding(
                line=link.line,
                level=Level.WARNING,
                message=f"Tautan {path} tidak diakhiri garis miring.",
                hint=f"Tulis {path}/",
            )
        return
    near = difflib.get_close_matches(target, known, n=1, cutoff=0.7)
    yield Finding(
        line=link.line,
        message=f"Halaman {path} tidak ada.",
        hint=f"Mungkin maksudnya: /{near[0]}/" if near else "Periksa alamatnya, atau hapus tautannya.",
    )


def _exists(target: str, known: frozenset[str]) -> bool:
    return target in GENERATED or target in known or any(path.startswith(f"{target}/") for path in known)
