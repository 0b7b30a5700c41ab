from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError, Refused
from pipeline.stages import deploy
from pipeline.stages.deploy import Manifest
from pipeline.targets.local import LocalTarget
from pipeline.world.files import FileFact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NOW = datetime(2026, 1, 30, 3, 30, 12, 999_999, tzinfo=UTC)
EVIDENCE = "e" * 64


def fact(text: str) -> FileFact:
    data = text.encode()
    return FileFact(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def manifest(files: Mapping[str, str], *, release: str = "0" * 16) -> Manifest:
    return Manifest(
        release=release,
        commit="c" * 40,
        evidence=EVIDENCE,
        built_at=NOW.replace(microsecond=0),
        files={name: fact(text) for name, text in files.items()},
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name, text in {
        "index.html": "beranda",
        "404.html": "tidak ada",
        "berita/index.html": "berita",
        "assets/foto sidang.jpg": "foto",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    return LocalTarget(tmp_path / "www")


@pytest.fixture
def live(target: LocalTarget) -> Iterator[str]:
    """The address of a web server over what the target shows."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(target.site)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def release(site: Path, target: LocalTarget, *, now: datetime = NOW, allow_delete: bool = False) -> deploy.Release:
    return deploy.release(site, target, commit="c" * 40, evidence=EVIDENCE, now=now, allow_delete=allow_delete)


class TestManifest:
    def test_it_names_every_file_with_digest_and_size(self, site: Path) -> None:
        made = deploy.make_manifest(site, commit="c", evidence=EVIDENCE, now=NOW)
        assert dict(made.files) == {
            "404.html": fact("tidak ada"),
            "assets/foto sidang.jpg": fact("foto"),
            "berita/index.html": fact("berita"),
            "index.html": fact("beranda"),
        }
        assert (made.pages, made.size) == (3, 26)

    def test_the_release_is_the_digest_of_commit_evidence_and_moment(self) -> None:
        one = deploy.release_id("a", "b", NOW)
        assert one == hashlib.sha256(b'["a", "b", "2026-01-30T03:30:12+00:00"]').hexdigest()[:16]
        assert one == deploy.release_id("a", "b", NOW.astimezone(timezone(timedelta(hours=7))))
        others = {deploy.release_id("ab", "", NOW), deploy.release_id("a", "c", NOW), deploy.release_id("x", "b", NOW)}
        later = deploy.release_id("a", "b", NOW + timedelta(seconds=1))
        assert len({one, later, *others}) == 5

    def test_the_same_build_makes_the_same_bytes(self, site: Path) -> None:
        made = [deploy.make_manifest(site, commit="c", evidence=EVIDENCE, now=NOW).to_json() for _ in range(2)]
        assert made[0] == made[1]

    def test_it_is_read_back_unchanged(self, site: Path) -> None:
        made = deploy.make_manifest(site, commit="c", evidence=EVIDENCE, now=NOW)
        assert deploy.read_manifest(made.to_json()) == made
        assert json.loads(made.to_json())["schema"] == 1

    def test_an_empty_site_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PipelineError, match="tidak memuat halaman depan"):
            deploy.make_manifest(tmp_path, commit="c", evidence=EVIDENCE, now=NOW)

    def test_a_site_that_was_not_built_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(PipelineError, match="tidak ada"):
            deploy.make_manifest(tmp_path / "site", commit="c", evidence=EVIDENCE, now=NOW)

    @pytest.mark.parametrize(
        "change",
        [
            {"schema": 2},
            {"release": "../../etc"},
            {"built_at": "kemarin"},
            {"built_at": "2026-01-30T00:00:00"},
            {"files": {"../x": {"sha256": "0" * 64, "size": 1}}},
            {"files": {"/etc/x": {"sha256": "0" * 64, "size": 1}}},
            {"files": {"a//b": {"sha256": "0" * 64, "size": 1}}},
            {"files": {"a\\b": {"sha256": "0" * 64, "size": 1}}},
            {"files": {"": {"sha256": "0" * 64, "size": 1}}},
            {"files": {"a": {"sha256": "0" * 63, "size": 1}}},
            {"files": {"a": {"sha256": "0" * 64, "size": -1}}},
            {"files": {"a": {"sha256": "0" * 64, "size": True}}},
            {"files": {"a": {"sha256": "0" * 64}}},
            {"files": ["a"]},
            {"files": None},
        ],
    )
    def test_a_damaged_manifest_is_one_sentence(self, change: dict[str, object]) -> None:
        good = json.loads(manifest({"a": "1"}).to_json())
        with pytest.raises(PipelineError, match="Manifes rilis rusak"):
            deploy.read_manifest(json.dumps(good | change).encode())

    @given(
        st.binary(max_size=100)
        | st.recursive(st.none() | st.text(), st.lists).map(lambda data: json.dumps(data).encode())
    )
    def test_any_other_bytes_are_one_sentence_too(self, data: bytes) -> None:
        with pytest.raises(PipelineError):
            deploy.read_manifest(data)


class TestPlan:
    def test_the_first_release_sends_everything_as_new(self) -> None:
        made = deploy.plan(manifest({"index.html": "a", "x.css": "b"}), None)
        assert [(up.path, up.reason) for up in made.uploads] == [("x.css", "baru"), ("index.html", "baru")]
        assert (made.deletes, made.unchanged, made.previous) == ((), 0, None)

    def test_each_difference_has_its_reason(self) -> None:
        remote = manifest({"index.html": "a", "lama.html": "x", "tetap.css": "t"}, release="1" * 16)
        made = deploy.plan(manifest({"index.html": "b", "baru.html": "n", "tetap.css": "t"}), remote)
        assert {up.path: up.reason for up in made.uploads} == {"index.html": "berubah", "baru.html": "baru"}
        assert [delete.path for delete in made.deletes] == ["lama.html"]
        assert made.deletes[0].reason
        assert (made.unchanged, made.deleted_pages, made.previous) == (1, 1, "1" * 16)

    def test_pages_are_sent_after_what_they_need(self) -> None:
        made = deploy.plan(manifest({"a.html": "", "z.css": "", "b/index.html": "", "m.jpg": ""}), None)
        assert [up.path for up in made.uploads] == ["m.jpg", "z.css", "a.html", "b/index.html"]

    @given(
        st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123")),
        st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123")),
    )
    def test_carrying_out_a_plan_gives_the_new_site(self, old: dict[str, str], new: dict[str, str]) -> None:
        local, remote = manifest(new), manifest(old)
        made = deploy.plan(local, remote)
        result = dict(remote.files) | {up.path: local.files[up.path] for up in made.uploads}
        for delete in made.deletes:
            del result[delete.path]
        assert result == local.files
        assert made.unchanged + len(made.uploads) == len(local.files)

    @pytest.mark.parametrize(
        ("before", "deleted", "refused"),
        [(30, 20, False), (30, 21, True), (100, 30, False), (100, 31, True), (21, 21, True), (20, 20, False)],
    )
    def test_a_slip_may_not_delete_more_than_a_part_of_the_pages(
        self,
        before: int,
        deleted: int,
        refused: bool,  # noqa: FBT001 - a row of the table
    ) -> None:
        names = [f"{at}/index.html" for at in range(before)]
        made = deploy.plan(manifest(dict.fromkeys(names[deleted:], "")), manifest(dict.fromkeys(names, "")))
        deploy.check_deletions(made, allow=True)
        if not refused:
            deploy.check_deletions(made)
            return
        with pytest.raises(Refused) as caught:
            deploy.check_deletions(made)
        assert caught.value.code == "too-many-deletes"
        assert "--allow-delete" in caught.value.hint

    def test_assets_may_go_in_any_number(self) -> None:
        names = [f"{at}.css" for at in range(500)]
        deploy.check_deletions(deploy.plan(manifest({}), manifest(dict.fromkeys(names, ""))))

    def test_it_is_told_with_a_summary_and_a_line_a_file(self) -> None:
        made = deploy.plan(manifest({"a.html": "b" * 1500, "n.css": ""}), manifest({"a.html": "a", "x.html": ""}))
        lines = list(deploy.describe(made))
        assert lines[1] == "  2 berkas dikirim (1 baru, 1 berubah; 1,5 kB), 1 dihapus, 0 tetap."
        assert "  + a.html (berubah, 1,5 kB)" in lines
        assert lines[-1].startswith("  - x.html (tidak ada lagi")

    def test_a_long_plan_is_cut_and_says_so(self) -> None:
        made = deploy.plan(manifest({f"{at}.css": "" for at in range(50)}), None)
        lines = list(deploy.describe(made, at_most=10))
        assert len(lines) == 13
        assert lines[-1] == "  ... dan 40 lainnya."

    def test_machines_get_all_of_it(self) -> None:
        made = deploy.plan(manifest({"a.html": "b"}), manifest({"x.html": ""}, release="1" * 16))
        data = json.loads(json.dumps(deploy.as_json(made)))
        assert data["uploads"] == [{"path": "a.html", "size": 1, "reason": "baru"}]
        assert [delete["path"] for delete in data["deletes"]] == ["x.html"]
        assert (data["schema"], data["previous"]) == (1, "1" * 16)


class TestRelease:
    def test_it_tells_what_went_live(self, site: Path, target: LocalTarget) -> None:
        made = release(site, target)
        assert (made.id, made.pages, made.files, made.current) == (target.current(), 3, 4, True)
        assert made.plan is not None
        assert made.remarks == ()

    def test_a_plan_changes_nothing(self, site: Path, target: LocalTarget, tmp_path: Path) -> None:
        deploy.prepare(site, target, commit="c", evidence=EVIDENCE, now=NOW)
        assert not (tmp_path / "www").exists()

    def test_too_many_deletions_leave_the_old_site(self, site: Path, target: LocalTarget) -> None:
        for at in range(25):
            (site / f"{at}.html").write_text("")
        old = release(site, target)
        for at in range(25):
            (site / f"{at}.html").unlink()
        later = NOW + timedelta(days=1)
        with pytest.raises(Refused):
            release(site, target, now=later)
        assert target.current() == old.id
        assert release(site, target, now=later, allow_delete=True).id == target.current()

    def test_releases_are_listed_the_latest_first(self, site: Path, target: LocalTarget) -> None:
        ids = [release(site, target, now=NOW + timedelta(days=day)).id for day in range(3)]
        listed = deploy.releases(target)
        assert [entry.id for entry in listed] == ids[::-1]
        assert [entry.current for entry in listed] == [True, False, False]
        assert listed[2].built_at == NOW.replace(microsecond=0)

    @pytest.mark.parametrize("damage", ["gone", "damaged", "of another release"])
    def test_a_live_release_without_its_manifest_is_replaced_as_a_whole(
        self, site: Path, target: LocalTarget, tmp_path: Path, damage: str
    ) -> None:
        old = release(site, target)
        path = tmp_path / "www" / "manifests" / f"{old.id}.json"
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"{" if damage == "damaged" else manifest({"a": "b"}).to_json())
        new = release(site, target, now=NOW + timedelta(days=1))
        assert new.plan is not None
        assert len(new.plan.uploads) == 4
        assert target.current() == new.id

    def test_rolling_back_tells_what_is_live_now(self, site: Path, target: LocalTarget) -> None:
        old = release(site, target)
        release(site, target, now=NOW + timedelta(days=1))
        back = deploy.rollback(target)
        assert (back.id, back.current) == (old.id, True)
        assert target.current() == old.id


class TestLiveComparison:
    def test_a_fresh_release_is_equal_to_its_manifest(self, site: Path, target: LocalTarget, live: str) -> None:
        made = release(site, target)
        check = deploy.compare_live(live, _kept(target, made.id))
        assert check.ok
        assert (check.checked, check.total) == (4, 4)
        assert list(check.describe()) == [f"4 dari 4 berkas rilis diperiksa dan sama di {live}."]

    def test_a_changed_and_a_missing_file_are_named(self, site: Path, target: LocalTarget, live: str) -> None:
        made = release(site, target)
        shown = target.site.resolve()
        (shown / "index.html").unlink()
        (shown / "index.html").write_text("beranda <a href='http://judi.example'>slot</a>")
        (shown / "assets" / "foto sidang.jpg").unlink()
        check = deploy.compare_live(live, _kept(target, made.id))
        assert not check.ok
        assert check.differing == ("index.html",)
        assert check.missing == ("assets/foto sidang.jpg",)
        assert check.equal == ("404.html", "berita/index.html")
        assert "Berbeda: index.html" in list(check.describe())

    def test_a_server_that_is_gone_is_never_equal(self, site: Path, target: LocalTarget) -> None:
        made = release(site, target)
        check = deploy.compare_live("http://127.0.0.1:1/", _kept(target, made.id))
        assert not check.ok
        assert (check.checked, len(check.unreachable)) == (0, 4)

    def test_a_release_over_the_limit_says_how_much_was_seen(self, site: Path, target: LocalTarget, live: str) -> None:
        made = release(site, target)
        check = deploy.compare_live(live, _kept(target, made.id), limit=2)
        assert (check.checked, check.total) == (2, 4)
        assert "index.html" in check.equal
        assert next(check.describe()).startswith("2 dari 4 berkas")


def _kept(target: LocalTarget, release: str) -> Manifest:
    data = target.manifest(release)
    assert data is not None
    return deploy.read_manifest(data)
