"""Every probe is proven by its own examples; a new file in pipeline/probes/ is tested here without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.errors import PipelineError
from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage, LiveSite, Probe, Thresholds, load_all

if TYPE_CHECKING:
    from collections.abc import Callable

PROBES = load_all()
each = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__.rpartition(".")[2])


def readings(probe: Probe, site: LiveSite, thresholds: Thresholds) -> list[Reading]:
    """What the probe yields, or nothing where it says that it can't measure."""
    try:
        return list(probe.measure(site, thresholds))
    except PipelineError:
        return []


def test_the_probes_of_the_first_release_are_there() -> None:
    names = {probe.__name__.rpartition(".")[2] for probe in PROBES}
    assert names >= {"reachable", "response_time", "page_weight", "security_headers", "live_equals_release"}


@each
def test_its_good_example_is_good(probe: Probe, serve: Callable[[Example], LiveSite]) -> None:
    found = readings(probe, serve(probe.GOOD), probe.GOOD.thresholds)
    assert found
    assert [reading for reading in found if reading.verdict is not Verdict.GOOD] == []


@each
def test_its_bad_example_is_poor(probe: Probe, serve: Callable[[Example], LiveSite]) -> None:
    found = readings(probe, serve(probe.BAD), probe.BAD.thresholds)
    assert Verdict.POOR in {reading.verdict for reading in found}


@each
def test_a_dead_server_is_never_good(probe: Probe, gone: LiveSite, thresholds: Thresholds) -> None:
    assert Verdict.GOOD not in {reading.verdict for reading in readings(probe, gone, thresholds)}


@each
def test_a_server_that_only_answers_errors_is_never_called_all_good(
    probe: Probe, serve: Callable[[Example], LiveSite], thresholds: Thresholds
) -> None:
    broken = Example(pages={}, missing=ExamplePage(status=500), release={"index.html": b"x"})
    found = readings(probe, serve(broken), thresholds)
    assert not found or {reading.verdict for reading in found} != {Verdict.GOOD}


@each
def test_it_speaks_to_the_office(probe: Probe, serve: Callable[[Example], LiveSite]) -> None:
    assert probe.__doc__
    assert "Sumber:" in probe.__doc__
    assert probe.ASPECT in {"data", "keamanan", "kapasitas", "sistem"}
    for reading in readings(probe, serve(probe.BAD), probe.BAD.thresholds):
        assert reading.aspect == probe.ASPECT
        assert reading.indicator
        assert reading.evidence
