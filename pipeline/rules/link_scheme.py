"""Tautan memakai https, http, mailto, tel, atau alamat di situs sendiri.

Alamat seperti "javascript:" dan "data:" menjalankan program di peramban pembaca, dan alamat "//situs" menyembunyikan
tujuannya. Foto selalu berada di folder naskah: foto dari situs lain memberi tahu situs itu siapa yang membaca.
Sumber: OWASP Cross Site Scripting Prevention; rancangan Redaksi (tanpa permintaan ke pihak ketiga).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline import markdown
from pipeline.model import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = (
    "[Biaya](/layanan/biaya-perkara/), [situs](https://www.mahkamahagung.go.id/), [telepon](tel:+62286592810)\n",
    "[bagian](#syarat) dan ![Ketua membuka sidang](sidang.jpg)\n",
)
BAD = (
    "[klik](javascript:alert(1))\n",
    "[klik](javascript&colon;alert(1))\n",
    "[klik](JaVaScRiPt:alert(1))\n",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)\n",
    "[klik](//situs.example/)\n",
    "<vbscript:msgbox>\n",
    "[klik](/\\\\situs.example/)\n",
    "![Ketua membuka sidang](https://situs.example/a.jpg)\n",
    "![Ketua membuka sidang](data:image/png;base64,AAAA)\n",
    "[klik][1]\n\n[1]: file:///C:/data.doc\n",
)

_SHOWN: Final = 40


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per link of a refused form, and per picture that does not lie beside the text."""
    for link in document.links:
        if not markdown.is_safe(link.href):
            yield Finding(
                line=link.line,
                message=f"Tautan ke {_shown(link.href)} tidak diizinkan.",
                hint="Pakai alamat https://..., atau alamat di situs ini seperti /layanan/biaya-perkara/",
            )
    for image in document.images:
        if not markdown.is_safe(image.src) or ":" in image.src:
            yield Finding(
                line=image.line,
                message=f"Foto diambil dari {_shown(image.src)}, bukan dari folder naskah.",
                hint="Simpan foto di folder naskah ini, lalu tulis nama berkasnya saja.",
            )


def _shown(address: str) -> str:
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in address)
    return f'"{plain}"' if len(plain) <= _SHOWN else f'"{plain[: _SHOWN - 1]}…"'
