"""What machines read of the site: the site map, the feed, and the note to robots, as text.

Dates come from the documents and their approval; where none is known, none is printed.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pipeline.site.catalogue import Entry

FEED_URL: Final = "berita/umpan.xml"
_FEED_ITEMS: Final = 20


def site_map(pages: Iterable[tuple[str, date | None]]) -> str:
    """``sitemap.xml`` (sitemaps.org protocol 0.9): absolute URL and the last known day of change."""
    rows = [
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{day.isoformat()}</lastmod>' if day else ''}</url>"
        for url, day in pages
    ]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *rows,
            "</urlset>",
            "",
        )
    )


def robots(site_url: str) -> str:
    """``robots.txt``: everything may be read; here is the site map."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_url}sitemap.xml\n"


def feed(title: str, description: str, site_url: str, entries: Sequence[Entry], timezone: str) -> str:
    """An RSS 2.0 feed of the newest items, with the day of a correction; a day is midnight in the court's zone."""
    items = [_item(entry, site_url, timezone) for entry in entries[:_FEED_ITEMS]]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
            f"<title>{escape(title)}</title><link>{escape(site_url)}</link>",
            f"<description>{escape(description)}</description><language>id</language>",
            f'<atom:link href="{escape(site_url)}{FEED_URL}" rel="self" type="application/rss+xml"/>',
            *items,
            "</channel></rss>",
            "",
        )
    )


def _item(entry: Entry, site_url: str, timezone: str) -> str:
    url = escape(site_url + entry.url)
    published = f"<pubDate>{format_datetime(_midnight(entry.day, timezone))}</pubDate>" if entry.day else ""
    corrected = entry.corrected
    updated = f"<atom:updated>{_midnight(corrected, timezone).isoformat()}</atom:updated>" if corrected else ""
    return (
        f"<item><title>{escape(entry.title)}</title><link>{url}</link><guid>{url}</guid>{published}{updated}"
        f"<description>{escape(entry.description)}</description></item>"
    )


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
