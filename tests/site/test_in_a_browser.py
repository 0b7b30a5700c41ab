"""What a visitor can do on the built site, in Debian's own Chromium: by keyboard, on a phone, without scripts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
WIDTHS = (320, 390, 768, 1120, 1280)
KINDS = (
    "",
    "layanan/",
    "berita/",
    "berita/2026/",
    "berita/2026/sidang-keliling/",
    "pengumuman/",
    "pengumuman/2026/jam-ramadan/",
    "pengumuman/2026/libur-awal-tahun/",
    "pengumuman/2024/",
    "berita/2026/berita-05/",
    "berita/2026/salah-kutip/",
    "profil/sejarah/",
    "tidak-ada/",
)


@contextmanager
def opened(browser: Browser, size: dict[str, int], **options: object) -> Iterator[Page]:
    context = browser.new_context(viewport=size, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


@dataclass
class Observed:
    """What was seen while every kind of page was opened once; lists are by URL and hold what is wrong."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sideways: dict[str, list[int]] = field(default_factory=dict)
    small_targets: dict[str, list[str]] = field(default_factory=dict)
    faint_texts: dict[str, list[str]] = field(default_factory=dict)
    grounds: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def observed(browser: Browser, address: str) -> Observed:
    seen = Observed()
    with opened(browser, PHONE) as page:
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
        for url in KINDS:
            page.set_viewport_size(PHONE)
            page.goto(address + url)
            page.evaluate("document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; })")
            page.locator("#menu-button").click()
            seen.small_targets[url] = page.evaluate(SMALL_TARGETS)
            seen.sideways[url] = [width for width in WIDTHS if is_wider_than(page, width)]
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                seen.grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                seen.faint_texts[f"{url} {scheme}"] = page.evaluate(CONTRAST)
        page.wait_for_load_state("networkidle")
    return seen


def is_wider_than(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


def test_no_page_asks_anything_of_another_host(observed: Observed, address: str) -> None:
    assert len(observed.requests) >= 3 * len(KINDS)
    assert [url for url in observed.requests if not url.startswith((address, "data:"))] == []


def test_no_page_has_an_error_but_the_wrong_address_that_is_one(observed: Observed) -> None:
    assert len(observed.errors) == 1
    assert "404" in observed.errors[0]


def test_no_page_scrolls_sideways_at_any_width(observed: Observed) -> None:
    assert observed.sideways == {url: [] for url in KINDS}


def test_text_stands_out_from_its_ground_in_both_schemes(observed: Observed) -> None:
    assert {url: texts for url, texts in observed.faint_texts.items() if texts} == {}
    assert len(observed.grounds) == 2, "the dark scheme is another one"


def test_every_target_on_a_phone_is_large_enough_for_a_finger(observed: Observed) -> None:
    """WCAG 2.2, 2.5.8: 24 px, except links within a line of text."""
    assert observed.small_targets == {url: [] for url in KINDS}


def test_the_menu_opens_and_closes_by_keyboard_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, PHONE) as page:
        page.goto(address)
        button = page.locator("#menu-button")
        assert button.get_attribute("aria-expanded") == "false"
        assert not page.locator("#menu").is_visible()
        for _ in range(3):  # skip link, name of the court, menu
            page.keyboard.press("Tab")
        assert focused(page) == "menu-button"
        page.keyboard.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Tab")
        assert focused(page) == "Profil"
        page.keyboard.press("Escape")
        assert focused(page) == "menu-button"
        assert not page.locator("#menu").is_visible()


def test_links_of_the_closed_menu_take_no_focus_on_a_phone(browser: Browser, address: str) -> None:
    with opened(browser, PHONE) as page:
        page.goto(f"{address}layanan/")
        for _ in range(4):
            page.keyboard.press("Tab")
        assert focused(page) not in {"Profil", "Layanan"}


def test_an_open_menu_closes_when_the_focus_moves_past_it(browser: Browser, address: str) -> None:
    with opened(browser, PHONE) as page:
        page.goto(address)
        page.locator("#menu-button").click()
        page.locator("#menu a").last.focus()
        page.keyboard.press("Tab")
        assert page.locator("#menu-button").get_attribute("aria-expanded") == "false"


def test_the_skip_link_is_first_and_leads_to_the_content(browser: Browser, address: str) -> None:
    with opened(browser, DESKTOP) as page:
        page.goto(f"{address}berita/")
        page.keyboard.press("Tab")
        assert focused(page) == "Lewati ke isi"
        page.keyboard.press("Enter")
        assert focused(page) == "isi"


def test_without_scripts_the_menu_is_a_link_to_the_sections_at_the_foot(browser: Browser, address: str) -> None:
    with opened(browser, PHONE, java_script_enabled=False) as page:
        page.goto(address)
        assert not page.locator("#menu-button").is_visible()
        page.locator("#menu-link").click()
        assert page.url.endswith("#menu-bawah")
        page.locator("#menu-bawah a", has_text="Layanan").click()
        assert page.locator("h1").inner_text() == "Layanan"


def test_a_wrong_address_deep_in_the_site_still_has_its_style_and_leads_on(browser: Browser, address: str) -> None:
    with opened(browser, PHONE) as page:
        answer = page.goto(f"{address}berita/2019/tidak/ada/")
        assert answer is not None
        assert answer.status == 404
        assert page.locator("h1").inner_text() == "Halaman tidak ditemukan"
        assert page.evaluate("getComputedStyle(document.querySelector('.site-footer')).borderTopWidth") == "4px"
        page.locator(".door a", has_text="Layanan").click()
        assert page.locator("h1").inner_text() == "Layanan"


def test_a_page_prints_without_menu_and_on_white(browser: Browser, address: str) -> None:
    with opened(browser, DESKTOP, color_scheme="dark") as page:
        page.goto(f"{address}berita/2026/sidang-keliling/")
        page.emulate_media(media="print")
        assert not page.locator("#menu").is_visible()
        assert not page.locator(".share").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).color") == "rgb(0, 0, 0)"


# Contrast of every visible text with the nearest opaque ground behind it (WCAG 2.2, 1.4.3), as the browser computes colours.
CONTRAST = """() => {
  const parse = (c) => (c.match(/[0-9.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] === 1) { return c; }
    }
    return [255, 255, 255];
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length || node.closest(".skip")) { continue; }
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) { bad.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 30)}`); }
  }
  return bad;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button")]
  .filter((node) => node.getClientRects().length && !node.closest("p, li p, .prose, address, figcaption, .skip"))
  .filter((node) => {
    const cover = getComputedStyle(node, "::after");
    const box = (cover.position === "absolute" ? node.closest("li") : node).getBoundingClientRect();
    return box.width < 24 || box.height < 24;
  })
  .map((node) => node.textContent.trim())"""
