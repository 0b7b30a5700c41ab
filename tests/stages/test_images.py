"""What ``submit`` does to a document's folder: photos cleaned and renamed, the text following, nothing lost."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from pipeline.model import Level
from pipeline.picture import Master, PictureError, intake
from pipeline.picture_metadata import metadata_in
from pipeline.stages import images
from pipeline.stages.images import clean_photos, describe, intake_safely

if TYPE_CHECKING:
    from pathlib import Path


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    tags = Image.Exif()
    tags[0x010F] = "Kamera"
    tags.get_ifd(0x8825).update({1: "S", 2: (7.0, 23.0, 5.0)})
    target = io.BytesIO()
    Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 60).convert("RGB").save(target, kind, exif=tags)
    return target.getvalue()


def cleaned(files: dict[str, bytes]) -> images.CleanResult:
    return clean_photos(files, take_in=intake)


def text_after(text: str, *names: str) -> str:
    result = cleaned({"index.md": text.encode(), **{name: photo() for name in names}})
    assert not result.problems
    return result.files["index.md"].decode()


# --- The folder -------------------------------------------------------------------------------------------------------


def test_a_phone_photo_is_cleaned_renamed_and_the_text_follows() -> None:
    text = "---\ntitle: IMG 2031.JPG\n---\n![Ketua membuka sidang](IMG%202031.JPG)\n"
    result = clean_photos({"index.md": text.encode(), "IMG 2031.JPG": photo()})
    assert list(result.files) == ["img-2031.jpg", "index.md"]
    assert metadata_in(result.files["img-2031.jpg"]) == ()
    assert result.files["index.md"].decode() == text.replace("IMG%202031.JPG", "img-2031.jpg")
    assert result.problems == ()
    assert list(describe(result)) == [
        "Foto IMG 2031.JPG menjadi img-2031.jpg (dibuang: lokasi (GPS), data kamera (EXIF))."
    ]


def test_a_clean_folder_stays_byte_for_byte() -> None:
    first = cleaned({"index.md": b"![a](A.JPG)\r\n", "A.JPG": photo(), "biaya.csv": b"a,b\n"})
    second = cleaned(first.files)
    assert second.files == first.files
    assert (second.cleaned, second.problems, list(describe(second))) == ((), (), [])


def test_a_photo_of_another_type_says_so_without_metadata() -> None:
    result = cleaned({"foto.webp": intake_free_webp()})
    assert list(describe(result)) == ["Foto foto.webp menjadi foto.jpg (ukuran dan jenisnya disesuaikan)."]


def intake_free_webp() -> bytes:
    target = io.BytesIO()
    Image.effect_mandelbrot((64, 48), (-2, -1.5, 1, 1.5), 60).save(target, "WEBP")
    return target.getvalue()


def test_two_names_that_differ_only_in_capitals_are_kept_apart() -> None:
    small, large = photo(size=(64, 48)), photo(size=(80, 48))
    text = "![besar](FOTO.JPG) ![kecil](foto.jpg)"
    result = cleaned({"index.md": text.encode(), "FOTO.JPG": large, "foto.jpg": small})
    assert set(result.files) == {"index.md", "foto.jpg", "foto-2.jpg"}
    assert Image.open(io.BytesIO(result.files["foto.jpg"])).width == 64
    assert Image.open(io.BytesIO(result.files["foto-2.jpg"])).width == 80
    assert result.files["index.md"].decode() == "![besar](foto-2.jpg) ![kecil](foto.jpg)"


def test_no_new_name_overwrites_a_photo_that_could_not_be_taken_in() -> None:
    result = cleaned({"foto.jpg": b"rusak", "Foto.JPEG": photo()})
    assert set(result.files) == {"foto.jpg", "foto-2.jpg"}
    assert result.files["foto.jpg"] == b"rusak"
    assert [problem.path for problem in result.problems] == ["foto.jpg"]


def test_a_photo_dressed_as_a_table_is_taken_in_as_a_photo() -> None:
    result = cleaned({"biaya.csv": photo()})
    assert list(result.files) == ["biaya.jpg"]
    assert metadata_in(result.files["biaya.jpg"]) == ()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic", "HEIC"),
        ("denah.svg", b"<svg onload='alert(1)'/>", "SVG"),
        ("lucu.gif", b"GIF89a", "GIF"),
        ("kosong.jpg", b"", "kosong"),
        ("rusak.jpg", photo()[:-300], "rusak"),
        ("sub/foto.jpg", photo(), "folder lain"),
    ],
)
def test_what_cannot_be_taken_in_stays_and_becomes_an_error_with_a_remedy(name: str, data: bytes, words: str) -> None:
    result = cleaned({"index.md": b"teks", name: data})
    assert result.files == {"index.md": b"teks", name: data}
    (problem,) = result.problems
    assert (problem.path, problem.level, problem.rule) == (name, Level.ERROR, images.RULE)
    assert words in problem.message
    assert name in problem.message
    assert problem.hint.endswith(".")


def test_data_beside_the_text_passes_untouched() -> None:
    files = {"index.md": b"teks", "biaya.yml": b"a: 1\n", "statistik-2026.csv": b"a,b\n", "panjar.yaml": b"b: 2\n"}
    result = cleaned(files)
    assert (result.files, result.problems) == (files, ())


def test_one_bad_photo_does_not_stop_the_good_ones() -> None:
    result = cleaned({"a.jpg": photo(), "b.jpg": b"rusak", "C.JPG": photo()})
    assert [(photo.name, photo.new_name) for photo in result.cleaned] == [("C.JPG", "c.jpg"), ("a.jpg", "a.jpg")]
    assert [problem.path for problem in result.problems] == ["b.jpg"]


def test_a_thousand_photos_are_refused_without_decoding_one() -> None:
    def never(data: bytes, name: str) -> Master:
        raise AssertionError(f"{name}: {len(data)}")

    files = dict.fromkeys((f"foto-{number}.jpg" for number in range(1000)), photo())
    result = clean_photos(files, take_in=never)
    assert result.files == files
    assert [problem.message for problem in result.problems] == ["Naskah ini memuat 1000 foto, paling banyak 20."]


# --- The text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![a](IMG_1.JPG)", "![a](img-1.jpg)"),
        ('![a](IMG_1.JPG "Ketua, IMG_1.JPG")', '![a](img-1.jpg "Ketua, IMG_1.JPG")'),
        ("![a](<IMG_1.JPG>)", "![a](<img-1.jpg>)"),
        ("![a](./IMG_1.JPG)", "![a](./img-1.jpg)"),
        ("![a](img_1.jpg)", "![a](img-1.jpg)"),
        (r"![a](IMG\_1.JPG)", "![a](img-1.jpg)"),
        ("[unduh](IMG_1.JPG)", "[unduh](img-1.jpg)"),
        ("[![a](IMG_1.JPG)](IMG_1.JPG)", "[![a](img-1.jpg)](img-1.jpg)"),
        ('![a][foto]\n\n[foto]: IMG_1.JPG "x"', '![a][foto]\n\n[foto]: img-1.jpg "x"'),
        ("Nama berkasnya IMG_1.JPG.", "Nama berkasnya IMG_1.JPG."),
        ("![IMG_1.JPG](lain.jpg)", "![IMG_1.JPG](lain.jpg)"),
        ("![a](folder/IMG_1.JPG)", "![a](folder/IMG_1.JPG)"),
        ("![a](IMG_1.JPG.bak)", "![a](IMG_1.JPG.bak)"),
        ("![a](https://contoh.id/IMG_1.JPG)", "![a](https://contoh.id/IMG_1.JPG)"),
        ("`![a](IMG_1.JPG)`", "`![a](IMG_1.JPG)`"),
        ("``x ` ![a](IMG_1.JPG)`` ![a](IMG_1.JPG)", "``x ` ![a](IMG_1.JPG)`` ![a](img-1.jpg)"),
        ("```\n![a](IMG_1.JPG)\n```\n![a](IMG_1.JPG)", "```\n![a](IMG_1.JPG)\n```\n![a](img-1.jpg)"),
        ("~~~ md\r\n![a](IMG_1.JPG)\r\n~~~\r\n![a](IMG_1.JPG)", "~~~ md\r\n![a](IMG_1.JPG)\r\n~~~\r\n![a](img-1.jpg)"),
        ("satu ` saja\n\n![a](IMG_1.JPG)\n\nlagi ` satu", "satu ` saja\n\n![a](img-1.jpg)\n\nlagi ` satu"),
        (
            "---\ndescription: ![a](IMG_1.JPG)\n---\n![a](IMG_1.JPG)",
            "---\ndescription: ![a](IMG_1.JPG)\n---\n![a](img-1.jpg)",
        ),
    ],
)
def test_only_targets_of_links_and_images_are_renamed(before: str, after: str) -> None:
    assert text_after(before, "IMG_1.JPG") == after


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("IMG 2031.JPG", "![a](IMG 2031.JPG)", "![a](img-2031.jpg)"),
        ("foto (2).jpg", '![a](foto (2).jpg "Sidang (kedua)")', '![a](foto-2.jpg "Sidang (kedua)")'),
        ("foto (2).jpg", r"![a](<foto (2).jpg>)", r"![a](<foto-2.jpg>)"),
        ("Café.jpg", "![a](Cafe\u0301.jpg)", "![a](cafe.jpg)"),
        ("Cafe\u0301.jpg", "![a](Caf%C3%A9.jpg)", "![a](cafe.jpg)"),
    ],
)
def test_names_with_spaces_brackets_and_accents_are_found_however_written(name: str, before: str, after: str) -> None:
    assert text_after(before, name) == after


def test_a_name_inside_a_longer_name_is_not_touched() -> None:
    assert text_after("![a](A.JPG) ![b](AA.JPG)", "A.JPG", "AA.JPG") == "![a](a.jpg) ![b](aa.jpg)"


def test_a_text_that_is_not_utf8_keeps_its_other_bytes() -> None:
    result = cleaned({"index.md": b"\xe9\xff ![a](A.JPG) \x80", "A.JPG": photo()})
    assert result.files["index.md"] == b"\xe9\xff ![a](a.jpg) \x80"


def test_a_long_hostile_text_is_renamed_in_time() -> None:
    text = "`a``b```" * 8_000 + "](" * 20_000 + "```\n" * 8_000
    start = time.monotonic()
    text_after(text, "A.JPG")
    assert time.monotonic() - start < 3


# --- The child process ------------------------------------------------------------------------------------------------


def test_the_child_gives_the_same_master_as_the_parent_would() -> None:
    data = photo("PNG", (300, 200))
    assert intake_safely(data, "Denah \udcff 1.PNG") == intake(data, "Denah \udcff 1.PNG")


def test_the_child_s_refusal_arrives_with_its_sentences() -> None:
    with pytest.raises(PictureError, match="SVG") as refused:
        intake_safely(b"<svg/>", "denah.svg")
    assert "PNG" in refused.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limits of this kind")
def test_a_photo_that_needs_more_memory_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    squeezed = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.stages import images; images.MEMORY = 250 << 20; images.work()"
    monkeypatch.setattr(images, "_PROGRAM", squeezed)
    with pytest.raises(PictureError, match="terlalu besar"):
        intake_safely(flat_png(7000, 7000), "besar.png")
    assert intake_safely(photo(), "a.jpg").width == 64


def flat_png(width: int, height: int) -> bytes:
    """A valid PNG of one colour: few bytes, many pixels."""

    def chunk(name: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))

    pixels = zlib.compress(b"\0" * ((width * 3 + 1) * height), 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "program", ["import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "import time; time.sleep(60)"]
)
def test_a_decoder_that_crashes_or_hangs_costs_one_sentence(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_PROGRAM", program)
    monkeypatch.setattr(images, "_WAIT", 0.5)
    result = clean_photos({"a.jpg": photo(), "index.md": b"![a](a.jpg)"})
    assert [problem.message for problem in result.problems] == [
        "Pengolahan foto a.jpg dihentikan karena melampaui batas waktu atau memori."
    ]
    assert result.files["a.jpg"] == photo()


def test_a_mistake_of_ours_in_the_child_is_no_fault_of_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_PROGRAM", "raise KeyError('bug')")
    with pytest.raises(RuntimeError, match="KeyError"):
        intake_safely(photo(), "a.jpg")


def test_the_child_takes_no_code_from_the_folder_it_is_called_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PIL.py").write_text("raise SystemExit(9)")
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert intake_safely(photo(), "a.jpg").name == "a.jpg"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limits of this kind")
def test_the_child_can_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "bocor"
    program = f"from pipeline.stages import images; images._limit(); import pathlib; pathlib.Path({str(target)!r}).write_text('x')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode != 0
    assert not target.exists() or target.stat().st_size == 0
