"""Pictures by content hash: made once, kept in a cache that may break, written as elements that hold their place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_site import photo_bytes

from pipeline.errors import PipelineError
from pipeline.site.photos import PhotoStore, picture_html

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with one picture in it."""
    place = tmp_path_factory.mktemp("cache") / "foto"
    PhotoStore(place).photo(photo_bytes(1))
    return place


def test_the_same_master_is_made_once_and_another_name_of_it_is_the_same_file(folder: Path) -> None:
    store = PhotoStore(folder)
    first, again = store.photo(photo_bytes(1)), store.photo(photo_bytes(1))
    assert store.made == 0
    assert first == again
    assert set(store.used) == {file.url for file in first.files}
    assert all(file.source.read_bytes() for file in first.files)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(index=st.one_of(st.binary(max_size=80), st.sampled_from([b"[]", b"{}", b"null", b'[{"name": "a.webp"}]'])))
def test_whatever_stands_in_a_cache_entry_the_picture_comes_out_whole(folder: Path, index: bytes) -> None:
    whole = PhotoStore(folder).photo(photo_bytes(1))
    next(folder.glob("*.json")).write_bytes(index)
    store = PhotoStore(folder)
    assert store.photo(photo_bytes(1)) == whole
    assert store.made == 1
    assert [file.format for file in whole.files] == ["WEBP", "WEBP", "JPEG"]


def test_a_cache_entry_cannot_name_a_file_outside_the_cache(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.webp"
    secret.write_bytes(b"rahasia")
    entry = next(folder.glob("*.json"))
    row = {"name": f"../../{secret.name}", "width": 1, "height": 1, "format": "WEBP"}
    entry.write_text(json.dumps([row]))
    assert all(file.source.parent == folder for file in PhotoStore(folder).photo(photo_bytes(1)).files)


def test_what_is_no_photo_is_told_and_leaves_no_entry(tmp_path: Path) -> None:
    with pytest.raises(PipelineError):
        PhotoStore(tmp_path / "foto").photo(b"bukan foto")
    assert not list(tmp_path.rglob("*"))


def test_cards_differ_by_every_word_on_them(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    cards = [
        store.card("Judul", court="Pengadilan A"),
        store.card("Judul", court="Pengadilan B"),
        store.card("Judul", court="Pengadilan A", kicker="Berita"),
        store.card("JudulPengadilan", court="A"),
    ]
    assert len({card.fallback.url for card in cards}) == 4
    assert store.made == 4


def test_the_words_of_a_picture_are_text_and_its_addresses_are_made_for_the_page(folder: Path) -> None:
    picture = PhotoStore(folder).photo(photo_bytes(1))
    html = picture_html(picture, alt='"><script>x</script>', relative=lambda url: f"../{url}", sizes="100vw")
    assert "<script>" not in html
    assert 'src="../assets/foto/' in html
    assert html.count('loading="lazy"') == 1
    eager = picture_html(picture, alt="", relative=str, sizes="100vw", eager=True)
    assert "lazy" not in eager
    assert 'alt=""' in eager
