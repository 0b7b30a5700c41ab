"""Looks at what is published: the content audit of main, and the measurement of the live site (SOP B4) with its record.

Nothing of the site or of main changes. Of a run that was measured with a machine's key, one record goes to ``catatan``.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigurationError, PipelineError
from pipeline.probes import Thresholds
from pipeline.stages import audit, deploy, golive, monev, verify
from pipeline.world import clock, files, records

if TYPE_CHECKING:
    from pipeline.office import Office, TargetSettings
    from pipeline.stages.session import Actor, Session

RECORD: Final = "monev"


def inspect(session: Session) -> audit.Audit:
    """Build main as it stands and audit its documents and pages."""
    with tempfile.TemporaryDirectory(prefix="redaksi-audit-") as scratch:
        now = clock.build_time()
        site = golive.built_site(session, session.main, verify.prove(session), Path(scratch), now)
        return audit.audit(
            list(golive.published(session, session.main)),
            site=site,
            office=session.office,
            today=session.office.day(now),
            last_changed={path: session.office.day(moment) for path, moment in golive.last_changed(session).items()},
        )


def write(found: audit.Audit, folder: Path) -> None:
    """Write the audit as a page and as JSON into ``folder``."""
    files.make_folder(folder)
    files.write_atomic(folder / "index.html", audit.page(found).encode())
    text = json.dumps(audit.as_json(found), ensure_ascii=False, indent=1) + "\n"
    files.write_atomic(folder / "audit.json", text.encode())


def measure(session: Session, actor: Actor | None, *, url: str = "", target: str = "") -> tuple[monev.MonevRun, str]:
    """Measure the live site against its release; with ``actor``, add one record and give its path (else empty)."""
    settings = golive.targets_of(session, target)[0]
    address = url or settings.url
    if not address:
        raise ConfigurationError(
            f"Alamat situs pada tujuan {settings.name} belum diketahui.",
            hint="Isi url pada tujuan itu di office/site.yml, atau tambahkan --url ALAMAT.",
        )
    run = monev.measure(
        address, _released(session, settings), thresholds_of(session.office), now=clock.now().replace(microsecond=0)
    )
    if actor is None:
        return run, ""
    record = records.append(session.repo, RECORD, "website", monev.as_json(run), when=run.started, signer=actor.signer)
    return run, record


def _released(session: Session, settings: TargetSettings) -> deploy.Manifest | None:
    """The manifest of the release that should be live; None where the target keeps none that can be read."""
    place = golive.connect(session, settings)
    release = place.current()
    try:
        return deploy.read_manifest(place.manifest(release) or b"") if release else None
    except PipelineError:
        return None  # the probe that compares then says that it could not measure


def thresholds_of(office: Office) -> Thresholds:
    """What the office holds its site to."""
    held = office.site.monev
    return Thresholds(
        response_ms=held.response_ms, page_kb=held.page_bytes // 1000, required_headers=held.required_headers
    )
