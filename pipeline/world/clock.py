"""The only door to the time of day, so that everything else takes its ``now`` as an argument.

It refuses naive times: what leaves here is aware and in UTC; the court's zone is applied where people read it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.errors import ConfigurationError

TOLERANCE: Final = timedelta(minutes=5)
"""By how much somebody else's clock may be ahead of this one."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def build_time() -> datetime:
    """Return the moment a build stands for: ``SOURCE_DATE_EPOCH`` (seconds since 1970) where it is set, else now.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return now().replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigurationError(
            f"SOURCE_DATE_EPOCH bernilai {epoch!r}, bukan jumlah detik.",
            hint="Hapus SOURCE_DATE_EPOCH dari lingkungan, atau isi dengan bilangan bulat, misalnya 1767225600.",
        ) from error
