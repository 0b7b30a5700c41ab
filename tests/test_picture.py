"""Photos as cameras and phones make them: what hides in them is named, what leaves the intake is clean."""

from __future__ import annotations

import io
import json
import random
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat, PngImagePlugin

from pipeline import picture
from pipeline.picture import CARD_SIZE, MAX_BYTES, MAX_SIDE, PictureError, card, intake, slugged, variants
from pipeline.picture_metadata import Metadata, metadata_in, picture_type

XMP_GPS = b"<x:xmpmeta><rdf exif:GPSLatitude='7,23.1S' exif:GPSLongitude='109,41.5E'/></x:xmpmeta>"
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 60, 200), (255, 255, 255)


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """A picture with many colours whose top left quarter is red, so that its orientation can be seen."""
    generator = random.Random(7)
    image = Image.frombytes("RGB", (40, 30), generator.randbytes(3600)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill=RED)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def exif(orientation: int = 1, *, gps: bool = True) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "Kamera Kantor"
    if gps:
        tags.get_ifd(0x8825).update({1: "S", 2: (7.0, 23.0, 5.0), 3: "E", 4: (109.0, 41.0, 30.0)})
    return tags.tobytes()


def exif_with_thumbnail() -> bytes:
    """A TIFF block by hand: a directory of one entry, then a second directory, as cameras put their thumbnail."""
    entry = struct.pack(">HHI4s", 0x0131, 2, 4, b"Cam\0")
    first = struct.pack(">H", 1) + entry + struct.pack(">I", 26)
    second = struct.pack(">H", 1) + struct.pack(">HHII", 0x0201, 4, 1, 44) + struct.pack(">I", 0)
    return b"MM\0*" + struct.pack(">I", 8) + first + second


def with_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def with_chunk(png: bytes, name: bytes, payload: bytes) -> bytes:
    chunk = struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))
    return png[:33] + chunk + png[33:]


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = image.convert("RGB").getpixel((x, y))
    assert isinstance(value, tuple)
    return value


def near(left: tuple[int, ...], right: tuple[int, ...], within: int = 24) -> bool:
    return all(abs(a - b) <= within for a, b in zip(left, right, strict=True))


JPEG = saved(scene(), "JPEG", quality=90)
PNG = saved(scene(), "PNG")
WEBP = saved(scene(), "WEBP")


# --- What hides in a file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [JPEG, saved(scene(), "JPEG", progressive=True), PNG, WEBP], ids=range(4))
def test_a_file_of_nothing_but_pixels_carries_no_metadata(data: bytes) -> None:
    assert metadata_in(data) == ()


def test_the_place_in_a_phone_photo_is_named() -> None:
    assert metadata_in(saved(scene(), "JPEG", exif=exif())) == (Metadata.GPS, Metadata.EXIF)
    assert metadata_in(saved(scene(), "PNG", exif=exif())) == (Metadata.GPS, Metadata.EXIF)
    assert metadata_in(saved(scene(), "WEBP", exif=exif())) == (Metadata.GPS, Metadata.EXIF)


def test_camera_data_without_a_place_is_not_called_a_place() -> None:
    assert metadata_in(saved(scene(), "JPEG", exif=exif(gps=False))) == (Metadata.EXIF,)


def test_a_thumbnail_of_the_camera_is_named() -> None:
    data = with_segment(JPEG, 0xE1, b"Exif\0\0" + exif_with_thumbnail())
    assert metadata_in(data) == (Metadata.EXIF, Metadata.THUMBNAIL)


@pytest.mark.parametrize(
    ("marker", "payload", "name"),
    [
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>", Metadata.XMP),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0<x/>", Metadata.XMP),
        (0xE2, b"ICC_PROFILE\0\1\1....", Metadata.PROFILE),
        (0xE2, b"MPF\0MM\0*", Metadata.THUMBNAIL),
        (0xE0, b"JFXX\0\x10", Metadata.THUMBNAIL),
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + b"rgb", Metadata.THUMBNAIL),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04", Metadata.IPTC),
        (0xFE, b"Difoto oleh Budi", Metadata.COMMENT),
        (0xE4, b"produsen kamera", Metadata.OTHER),
        (0xE1, b"sesuatu yang lain", Metadata.OTHER),
        (0xEE, b"Adobe" + b"0" * 20, Metadata.OTHER),
        (0xF0, b"", Metadata.OTHER),
        (0xE1, b"Exif\0\0rusak", Metadata.EXIF),
    ],
)
def test_each_segment_that_no_decoder_needs_is_named(marker: int, payload: bytes, name: Metadata) -> None:
    assert metadata_in(with_segment(JPEG, marker, payload)) == (name,)


def test_adobe_s_colour_marker_is_needed_and_no_metadata() -> None:
    assert metadata_in(with_segment(JPEG, 0xEE, b"Adobe\0\x64\0\0\0\0\1")) == ()


def test_metadata_between_the_scans_of_a_progressive_jpeg_is_found() -> None:
    data = saved(scene(), "JPEG", progressive=True)
    second_scan = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    comment = b"\xff\xfe" + struct.pack(">H", 7) + b"halo!"
    assert metadata_in(data[:second_scan] + comment + data[second_scan:]) == (Metadata.COMMENT,)


@pytest.mark.parametrize(
    ("chunk", "payload", "name"),
    [
        (b"tEXt", b"Author\0Budi", Metadata.COMMENT),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>", Metadata.XMP),
        (b"zTXt", b"Raw profile type exif\0\0", Metadata.EXIF),
        (b"zTXt", b"Raw profile type iptc\0\0", Metadata.IPTC),
        (b"iCCP", b"sRGB\0\0", Metadata.PROFILE),
        (b"gAMA", b"\0\0\xb1\x8f", Metadata.PROFILE),
        (b"acTL", b"\0" * 8, Metadata.ANIMATION),
        (b"tIME", b"\0" * 7, Metadata.OTHER),
        (b"prVt", b"pribadi", Metadata.OTHER),
    ],
)
def test_each_chunk_that_no_decoder_needs_is_named(chunk: bytes, payload: bytes, name: Metadata) -> None:
    assert metadata_in(with_chunk(PNG, chunk, payload)) == (name,)


def test_a_place_inside_xmp_is_a_place() -> None:
    jpeg = with_segment(JPEG, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP_GPS)
    png = with_chunk(PNG, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_GPS)
    for data in (jpeg, png, saved(scene(), "WEBP", xmp=XMP_GPS)):
        assert metadata_in(data) == (Metadata.GPS, Metadata.XMP)


def test_a_webp_s_profile_and_animation_are_named() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert metadata_in(saved(scene(), "WEBP", icc_profile=profile)) == (Metadata.PROFILE,)
    frames = [scene(), ImageChops.invert(scene())]
    assert Metadata.ANIMATION in metadata_in(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP], ids=["jpeg", "png", "webp"])
def test_bytes_behind_the_end_are_named(data: bytes) -> None:
    assert metadata_in(data + b"<script>alert(1)</script>") == (Metadata.TRAILING,)


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP], ids=["jpeg", "png", "webp"])
def test_a_file_that_ends_too_early_is_never_clean(data: bytes) -> None:
    for cut in range(12, len(data), max(1, len(data) // 97)):
        assert metadata_in(data[:cut]), cut


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7", b"<svg/>", b"\x89PNG"])
def test_a_type_that_cannot_be_read_is_never_clean(data: bytes) -> None:
    assert picture_type(data) is None
    assert metadata_in(data) == (Metadata.UNKNOWN_TYPE,)


HEADS = st.sampled_from([b"", b"\xff\xd8\xff", PNG[:33], PNG[:8], b"RIFF\x40\0\0\0WEBP", JPEG[:200], JPEG[:-2]])
EXIF_HEADS = st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"MM\0*\xff\xff\xff\xff", b"II*\0"])


@settings(max_examples=300, deadline=None)
@given(head=HEADS, tail=st.binary(max_size=300))
@example(head=b"\xff\xd8\xff", tail=b"\xff" * 300)
@example(head=b"RIFF\xff\xff\xff\xffWEBP", tail=b"EXIF\xff\xff\xff\xff")
def test_no_bytes_whatever_make_the_reader_raise(head: bytes, tail: bytes) -> None:
    found = metadata_in(head + tail)
    assert set(found) <= {name.value for name in Metadata}
    assert len(set(found)) == len(found)


@settings(max_examples=200, deadline=None)
@given(head=EXIF_HEADS, tail=st.binary(max_size=200))
def test_no_camera_data_whatever_make_the_reader_raise(head: bytes, tail: bytes) -> None:
    assert Metadata.EXIF in metadata_in(with_segment(JPEG, 0xE1, b"Exif\0\0" + head + tail))


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(JPEG) - 1), byte=st.integers(0, 255))
def test_a_photo_with_one_changed_byte_is_read_without_a_crash(at: int, byte: int) -> None:
    metadata_in(JPEG[:at] + bytes((byte,)) + JPEG[at + 1 :])


def test_reading_takes_linear_time_on_hostile_bytes() -> None:
    for filler in (b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\xe4\x00\x02", b"\xff\xda\x00\x02"):
        metadata_in(b"\xff\xd8\xff\xda\x00\x02" + filler * (600_000 // len(filler)))


def test_the_reader_starts_without_a_decoder() -> None:
    code = "import sys, json, pipeline.picture_metadata; print(json.dumps([m for m in sys.modules if m.startswith('PIL')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == []


# --- Intake -----------------------------------------------------------------------------------------------------------


def test_a_phone_photo_becomes_a_clean_upright_master() -> None:
    upright = scene(3000, 2000)
    stored = upright.transpose(Image.Transpose.ROTATE_90)
    photo = saved(stored, "JPEG", quality=90, exif=exif(6), comment=b"rahasia")
    master = intake(photo, "IMG_2031.JPG")
    assert (master.name, master.format) == ("img-2031.jpg", "JPEG")
    assert (master.width, master.height) == (2560, 1707) == opened(master.data).size
    assert master.removed == (Metadata.GPS, Metadata.EXIF, Metadata.COMMENT)
    assert metadata_in(master.data) == ()
    assert near(pixel(opened(master.data), 200, 200), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_orientation_of_each_type_ends_upright(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera stored what it saw, by Image.Transpose
    stored = scene() if orientation == 1 else scene().transpose(Image.Transpose(undo[orientation]))
    master = opened(intake(saved(stored, kind, exif=exif(orientation)), "a").data)
    assert master.size == (320, 240)
    assert near(pixel(master, 40, 30), RED)
    assert not near(pixel(master, 280, 30), RED)
    assert not near(pixel(master, 40, 210), RED)


def test_a_clean_master_comes_back_byte_for_byte() -> None:
    sources = [
        saved(scene(3000, 2000), "JPEG", exif=exif(3)),
        saved(scene(), "PNG", exif=exif()),
        saved(scene(), "WEBP"),
        saved(Image.new("RGB", (64, 64), BLUE), "PNG", pnginfo=_note()),
        saved(scene().convert("L"), "JPEG", comment=b"x"),
    ]
    for source in sources:
        once = intake(source, "Foto Sidang.jpeg")
        again = intake(once.data, once.name)
        assert again.data == once.data
        assert (again.name, again.width, again.height, again.removed) == (once.name, once.width, once.height, ())


def _note() -> PngImagePlugin.PngInfo:
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Budi")
    note.add_itxt("XML:com.adobe.xmp", XMP_GPS.decode())
    return note


def test_the_text_of_a_drawn_png_is_removed_and_its_pixels_stay() -> None:
    drawn = Image.new("RGB", (300, 200), WHITE)
    ImageDraw.Draw(drawn).rectangle((20, 20, 120, 90), fill=BLUE)
    master = intake(saved(drawn, "PNG", pnginfo=_note()), "denah.png")
    assert (master.name, master.removed) == ("denah.png", (Metadata.GPS, Metadata.XMP, Metadata.COMMENT))
    assert ImageChops.difference(opened(master.data).convert("RGB"), drawn).getbbox() is None


def test_a_photograph_kept_as_png_becomes_a_jpeg() -> None:
    master = intake(saved(scene(900, 600), "PNG", exif=exif()), "Layar 1.PNG")
    assert (master.name, master.format) == ("layar-1.jpg", "JPEG")


def test_transparency_is_laid_on_white() -> None:
    logo = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rectangle((40, 40, 60, 60), fill=(*GREEN, 255))
    palette = logo.convert("P")
    palette.info["transparency"] = palette.getpixel((0, 0))
    for data in (saved(logo, "PNG"), saved(logo, "WEBP", lossless=True), saved(palette, "PNG")):
        master = opened(intake(data, "logo.png").data)
        assert near(pixel(master, 2, 2), WHITE, 4)
        assert master.mode == "RGB"


def test_palette_one_bit_and_sixteen_bit_pictures_keep_their_tones() -> None:
    ramp = Image.frombytes("I;16", (64, 32), b"".join(struct.pack("<H", x * 1024) for x in range(64)) * 32)
    grey = opened(intake(saved(ramp, "PNG"), "abu.png").data)
    assert near(pixel(grey, 32, 16), (128, 128, 128), 4)
    bits = opened(intake(saved(Image.new("1", (32, 32), 1), "PNG"), "bit.png").data)
    assert near(pixel(bits, 5, 5), WHITE, 2)
    colours = opened(intake(saved(scene().quantize(64), "PNG"), "palet.png").data)
    assert near(pixel(colours, 40, 30), RED)


def test_a_print_shop_s_cmyk_jpeg_becomes_rgb() -> None:
    master = opened(intake(saved(scene().convert("CMYK"), "JPEG", quality=95), "cetak.jpg").data)
    assert master.mode == "RGB"
    assert near(pixel(master, 40, 30), RED, 40)


def test_a_wide_gamut_photo_is_converted_to_srgb() -> None:
    profile, expected = _swapping_profile()
    photo = saved(Image.new("RGB", (64, 64), (220, 40, 40)), "JPEG", quality=95, subsampling=0, icc_profile=profile)
    master = intake(photo, "lebar.jpg")
    assert Metadata.PROFILE in master.removed
    assert near(pixel(opened(master.data), 30, 30), expected, 6)
    assert not near(pixel(opened(master.data), 30, 30), (220, 40, 40), 20)


def _swapping_profile() -> tuple[bytes, tuple[int, ...]]:
    """An sRGB profile whose red and green colorants are exchanged, and what (220, 40, 40) looks like under it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {
        bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i
        for i in range(struct.unpack_from(">I", profile, 128)[0])
    }
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile), (40, 220, 40)


def test_a_broken_colour_profile_does_not_cost_the_photo() -> None:
    master = intake(saved(scene(), "JPEG", icc_profile=b"bukan profil" * 20), "a.jpg")
    assert near(pixel(opened(master.data), 40, 30), RED)


def test_broken_camera_data_does_not_cost_the_photo() -> None:
    for rubbish in (b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12" * 40, b"rusak"):
        master = intake(with_segment(JPEG, 0xE1, b"Exif\0\0" + rubbish), "a.jpg")
        assert master.removed == (Metadata.EXIF,)


def test_a_portrait_mode_photo_with_several_pictures_keeps_the_first() -> None:
    several = saved(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240), BLUE)])
    master = intake(several, "potret.jpg")
    assert near(pixel(opened(master.data), 40, 30), RED)
    assert metadata_in(master.data) == ()


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP], ids=["jpeg", "png", "webp"])
def test_what_hangs_behind_a_photo_is_cut_off(data: bytes) -> None:
    master = intake(data + b"PK\x03\x04<script>alert(1)</script>", "a.jpg")
    assert b"script" not in master.data
    assert master.removed == (Metadata.TRAILING,)


def test_a_noisy_photo_still_fits_the_limit() -> None:
    noise = Image.frombytes("RGB", (1700, 1700), random.Random(3).randbytes(1700 * 1700 * 3))
    master = intake(saved(noise, "JPEG", quality=95), "derau.jpg")
    assert len(master.data) <= MAX_BYTES
    assert max(master.width, master.height) <= MAX_SIDE
    assert intake(master.data, "derau.jpg").data == master.data


@pytest.mark.parametrize("data", [JPEG, PNG, WEBP], ids=["jpeg", "png", "webp"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_photo_that_was_cut_off_is_refused(data: bytes, share: float) -> None:
    with pytest.raises(PictureError, match="terpotong atau rusak"):
        intake(data[: int(len(data) * share)], "a.jpg")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"GIF89a" + b"\0" * 20, "GIF"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, "HEIC"),
        (b"\0\0\0\x1cftypmif1" + b"\0" * 20, "HEIC"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 20, "AVIF"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"BM" + b"\0" * 30, "BMP"),
        (b"MM\0*" + b"\0" * 30, "TIFF"),
        (b"teks biasa", "bukan foto"),
    ],
)
def test_a_type_that_the_site_does_not_take_is_refused_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words) as refused:
        intake(data, "IMG_1.HEIC")
    assert "IMG_1.HEIC" in refused.value.message
    assert "JPEG" in refused.value.hint or "PNG" in refused.value.hint or not data


def test_animations_are_refused() -> None:
    frames = [scene(), ImageChops.invert(scene())]
    for kind in ("PNG", "WEBP"):
        with pytest.raises(PictureError, match="animasi"):
            intake(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100), "a")


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    size = struct.pack(">II", 30_000, 30_000)
    header = b"IHDR" + size + b"\x08\x02\0\0\0"
    bomb = PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]
    with pytest.raises(PictureError, match="50 juta piksel"):
        intake(bomb, "bom.png")


def test_a_picture_between_one_and_two_times_the_cap_is_refused_too() -> None:
    header = b"IHDR" + struct.pack(">II", 8_000, 8_000) + b"\x08\x02\0\0\0"
    big = PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]
    with pytest.raises(PictureError, match="50 juta piksel"):
        intake(big, "besar.png")


def test_a_file_of_hundreds_of_megabytes_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_INPUT", len(JPEG) - 1)
    with pytest.raises(PictureError, match="terlalu besar"):
        intake(JPEG, "a.jpg")


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15), (5000, 20)])
def test_one_pixel_and_a_thin_line_are_no_photos(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="terlalu kecil"):
        intake(saved(Image.new("RGB", size, RED), "PNG"), "titik.png")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    source=st.sampled_from([JPEG, PNG, WEBP]),
    cuts=st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=4),
)
def test_damaged_photos_become_a_clean_master_or_one_sentence(source: bytes, cuts: list[tuple[int, bytes]]) -> None:
    data = source
    for at, patch in cuts:
        data = data[:at] + patch + data[at + len(patch) :]
    try:
        master = intake(data, "a.jpg")
    except PictureError as error:
        sentences = (error.message, error.hint)
        assert all(sentence.endswith(".") for sentence in sentences)
    else:
        assert metadata_in(master.data) == ()


# --- Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("IMG 2031.JPG", "img-2031"),
        ("Foto Pelantikan – Ketua (1).jpeg", "foto-pelantikan-ketua-1"),
        ("Café.png", "cafe"),
        ("صورة.jpg", "foto"),
        ("CON.jpg", "foto-con"),
        ("../../etc/passwd.png", "passwd"),
        ("..\\..\\boot.jpg", "boot"),
        (".jpg", "jpg"),
        ("tanpa-akhiran", "tanpa-akhiran"),
        ("a" * 200 + ".jpg", "a" * 60),
    ],
)
def test_names_become_slugs(name: str, slug: str) -> None:
    assert slugged(name) == slug


@settings(max_examples=100, deadline=None)
@given(name=st.text(max_size=90))
def test_every_name_becomes_a_slug_and_stays_one(name: str) -> None:
    slug = slugged(name)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slugged(f"{slug}.jpg") == slug


# --- Variants ---------------------------------------------------------------------------------------------------------


def test_a_master_gives_two_webp_widths_and_one_jpeg() -> None:
    made = variants(intake(saved(scene(3000, 2000), "JPEG"), "a.jpg").data)
    assert [(v.width, v.height, v.format, v.suffix) for v in made] == [
        (480, 320, "WEBP", ".webp"),
        (960, 640, "WEBP", ".webp"),
        (1200, 800, "JPEG", ".jpg"),
    ]
    for variant in made:
        image = opened(variant.data)
        assert (image.size, image.format) == ((variant.width, variant.height), variant.format)
        assert metadata_in(variant.data) == ()
        assert near(pixel(image, variant.width // 8, variant.height // 8), RED)


def test_variants_are_never_wider_than_the_master() -> None:
    assert [v.width for v in variants(saved(scene(700, 500), "JPEG"))] == [480, 700, 700]
    assert [v.width for v in variants(saved(scene(300, 200), "JPEG"))] == [300, 300]
    assert [(v.width, v.height) for v in variants(saved(scene(1000, 2500), "JPEG"))] == [
        (480, 1200),
        (960, 2400),
        (480, 1200),
    ]


def test_variants_have_the_same_bytes_each_time() -> None:
    master = saved(scene(1600, 1200), "JPEG")
    assert variants(master) == variants(master)


def test_a_smaller_size_made_from_a_larger_one_looks_the_same() -> None:
    source = scene(2400, 1600)
    small = opened(variants(saved(source, "JPEG", quality=95))[0].data).convert("RGB")
    direct = source.resize(small.size, Image.Resampling.LANCZOS)
    assert max(ImageStat.Stat(ImageChops.difference(small, direct)).mean) < 4


def test_a_draft_s_raw_photo_is_shown_upright_and_clean() -> None:
    stored = scene().transpose(Image.Transpose.ROTATE_90)
    shown = variants(saved(stored, "JPEG", exif=exif(6)))
    assert [(v.width, v.height) for v in shown] == [(320, 240), (320, 240)]
    assert all(metadata_in(v.data) == () for v in shown)


def test_a_master_that_cannot_be_decoded_is_refused_by_name() -> None:
    with pytest.raises(PictureError, match="rusak"):
        variants(PNG[:100] + b"\0" * (len(PNG) - 200) + PNG[-100:])
    with pytest.raises(PictureError, match="bukan foto"):
        variants(b"bukan foto")


# --- Title cards ------------------------------------------------------------------------------------------------------

TITLES = [
    "Mediasi",
    "Sidang keliling pertama tahun 2026 digelar di Balai Kecamatan Wanayasa, Banjarnegara",
    "Pertanggungjawaban ketidakbersinambunganpenyelenggaraanketatalaksanaanperadilan",
    "W" * 300,
    "kata " * 80,
    "",
    "صورة 法院",
]


@pytest.mark.parametrize("title", TITLES)
def test_no_title_leaves_its_field(title: str) -> None:
    field = (84, 160, 84 + 864, 176 + 300)
    empty = opened(card("", court="PA Banjarnegara", kicker="Berita"))
    drawn = opened(card(title, court="PA Banjarnegara", kicker="Berita"))
    assert drawn.size == CARD_SIZE
    difference = ImageChops.difference(drawn, empty).convert("L").point(lambda value: 255 if value > 60 else 0)
    box = difference.getbbox()
    if box is None:
        assert not title.strip() or not title.isascii()
        return
    assert box[0] >= field[0] - 3
    assert box[1] >= field[1] - 3
    assert box[2] <= field[2] + 3
    assert box[3] <= field[3] + 3


def test_long_court_names_and_kickers_stay_on_the_card() -> None:
    data = card("Judul", court="Pengadilan Agama " * 12, kicker="Pengumuman penting " * 9)
    right = opened(data).crop((1000, 0, 1200, 630)).convert("RGB")
    plain = opened(card("Judul", court="", kicker="")).crop((1000, 0, 1200, 630)).convert("RGB")
    assert max(ImageStat.Stat(ImageChops.difference(right, plain)).mean) < 2


def test_a_card_is_a_light_clean_jpeg_with_the_same_bytes_each_time() -> None:
    data = card(TITLES[1], court="Pengadilan Agama Banjarnegara", kicker="Berita")
    assert data == card(TITLES[1], court="Pengadilan Agama Banjarnegara", kicker="Berita")
    assert data != card(TITLES[0], court="Pengadilan Agama Banjarnegara", kicker="Berita")
    assert len(data) <= 300_000
    assert metadata_in(data) == ()


def test_the_letters_of_a_card_contrast_with_their_ground() -> None:
    assert _contrast(picture._IVORY, picture._LINES) >= 4.5
    assert _contrast(picture._IVORY, picture._GREEN) >= 7
    assert _contrast(picture._GOLD, picture._GREEN) >= 4.5


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """WCAG 2.2, contrast ratio."""

    def luminance(colour: tuple[int, int, int]) -> float:
        red, green, blue = (c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
