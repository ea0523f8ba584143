"""The HTML page in a browser: headless Chromium, as Debian has it, driven by Playwright.

Every page that is opened here is watched: an error on its console, a request that leaves it, or a dialog fails the test.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from dual_hub import HUBS, hub_text, spoke_name, spoke_text
from generated_fleets import cloud_with_faults
from hub_fleets import hub_fleet
from pages import HOSTILE, page_of, renamed, report_of, written

from ikeaudit.api import load
from ikeaudit.api.audit import check
from ikeaudit.cli.main import main
from ikeaudit.lab.scenarios import SEED
from ikeaudit.report import Run
from ikeaudit.report.html import fleet

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium")
HOW = "no Chromium here: `apt-get install chromium`, then these tests run"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None and os.environ.get("IKEAUDIT_BROWSER") != "required":
        pytest.skip(HOW)
    assert CHROMIUM is not None, HOW
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM)
        yield found
        found.close()


INKS = """() => {
    const canvas = document.querySelector('.strip canvas');
    const inks = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, seen = new Set();
    for (let at = 0; at < inks.length; at += 4) if (inks[at + 3] === 255) seen.add(inks.slice(at, at + 3).join());
    return seen.size;
}"""
"""How many colours the first strip has."""
INTRUDERS = (
    "() => document.querySelectorAll('main img, main script, main iframe, [onerror], [onload], [onclick]').length"
)
Opener = Callable[..., Any]


@pytest.fixture
def opened(browser: Any) -> Iterator[Opener]:
    """Opens a page at a hash and waits until it says that it is ready; afterwards nothing may have gone wrong."""
    troubles: list[str] = []
    contexts = []

    def open_page(
        file: Path, place: str = "", *, wide: int = 1360, ready: bool = True, script: str = "", **options: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": wide, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.on(
            "console", lambda it: troubles.append(f"{it.type}: {it.text}") if it.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda it: troubles.append(f"request: {it.url}") if it.url.split("#")[0] != file.as_uri() else None,
        )
        page.goto(file.as_uri() + place)
        if ready:
            page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="module")
def seed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(report_of(SEED), tmp_path_factory.mktemp("seed") / "page.html")


@pytest.fixture(scope="module")
def hubs_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """118 routers, three hubs: 2 sites with another key, 1 with a tie, some with IKEv2 or without a configuration."""
    home = tmp_path_factory.mktemp("hubs")
    return page_of(report_of(written(home / "fleet", hub_fleet(120, 3, 2, seed=5))), home / "page.html")


@pytest.fixture(scope="module")
def cloud_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cloud")
    return page_of(report_of(written(home / "fleet", cloud_with_faults(20))), home / "page.html")


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("plan")
    assert main(["plan", str(SEED), "-s", "single-keyring", "-o", str(home / "plan"), "--change-id", "CHG-1"]) == 0
    assert main(["plan", "show", str(home / "plan"), "-f", "html", "--output", str(home / "page.html")]) == 0
    return home / "page.html"


def go(page: Any, place: str) -> None:
    """Follow a link by its hash."""
    page.evaluate("place => { location.hash = place }", place)
    page.wait_for_timeout(80)


def rows(page: Any) -> int:
    """How many rows a list says that it has."""
    found = re.match(r"([\d,]+) of", page.text_content(".count"))
    assert found is not None
    return int(found[1].replace(",", ""))


def test_the_first_view_says_what_is_wrong(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file)
    assert page.text_content("h1") == "The only tunnel comes up from one end only."
    causes = page.locator("table.causes tbody tr")
    assert causes.count() == 2
    assert "keyring1 and keyring2" in causes.nth(0).text_content()
    assert "R1.cfg:4" in causes.nth(0).text_content()
    causes.nth(0).locator("a[href^='#f/']").click()
    page.wait_for_selector(".v-f dl")
    assert re.fullmatch(r"#f/[0-9a-f]{16}", page.evaluate("location.hash"))
    assert "PW-ONEWAY" in page.text_content("main"), "what follows from it"
    page.locator("main a[href='#t/R1~R2']").first.click()
    page.wait_for_selector("section.direction")


def test_without_findings_tunnels_are_grouped_by_reason(opened: Opener, tmp_path: Path) -> None:
    """What `explain` writes: the cloud's S17 has another key, so that its tunnels with both hubs are down for one reason.

    So are its shortcuts to its neighbours in the list, which `explain` shows as well.
    """
    folder = written(tmp_path / "fleet", cloud_with_faults(18))
    main(["explain", str(folder), "-f", "html", "-o", str(tmp_path / "page.html")])
    page = opened(tmp_path / "page.html")
    assert "What is wrong, by reason" in page.text_content("main")
    row = page.locator("table.causes tr", has_text="The two ends use different keys")
    assert row.locator("td").first.text_content() == "4"
    row.locator("td a").first.click()
    page.wait_for_selector(".rows")
    assert rows(page) == 4
    assert all("S17" in one for one in page.locator(".row").all_text_contents())


def test_commands_that_are_proved_to_mend_are_shown(opened: Opener, tmp_path: Path) -> None:
    report = check(load(SEED, create=False), codes=["KR-DUP-ADDR"], hosts=["R1"], fixes=True, whole=True)
    (proved,) = [one for one in report.findings if report.repairs[one.fingerprint].proved and one.hosts == ("R1",)]
    page = opened(page_of(report, tmp_path / "page.html"), f"#f/{proved.fingerprint}")
    commands = report.repairs[proved.fingerprint].commands
    assert page.locator("main pre").all_text_contents() == ["\n".join(lines) for lines in commands.values()]
    assert "Only findings on R1 and of KR-DUP-ADDR." in page.text_content(".facts")


def test_a_ladder_tells_what_was_picked_at_each_message(opened: Opener, seed_file: Path) -> None:
    """The seed: R1 takes the key of keyring1 blindly, and profile2, which it selects by the identity, lists keyring2."""
    page = opened(seed_file, "#t/R2~R1")
    first = page.locator("section.direction").nth(0)
    assert first.get_attribute("data-outcome") == "down", "the failing direction comes first"
    assert first.locator("h3").text_content().startswith("R2 calls R1")
    assert [one.get_attribute("data-message") for one in first.locator(".rung").all()] == ["MM1", "MM2 MM3 MM4", "MM5"]
    blind = first.locator("[data-message='MM1'] .side").nth(1)
    assert blind.locator(".dec.taken").text_content().startswith("✔keyring1 · first in the configuration")
    assert "keyring2 · same address, later" in blind.text_content()
    refused = first.locator("[data-message='MM5']")
    assert "profile2 lists keyring2, the key is keyring1’s" in refused.locator(".dec.bad").text_content()
    assert refused.locator(".arrow.failed").text_content().startswith("MM5 ✕")
    assert "Key not found in keyrings of profile" in first.locator(".logged").text_content()
    assert first.locator(".readings tbody tr").count() == 2
    assert page.locator("section.direction").nth(1).get_attribute("data-outcome") == "up"


def test_what_a_ladder_cites_is_shown_among_the_lines(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, "#t/R1~R2")
    first = page.locator("section.direction").nth(0)
    assert not first.locator(".lines").is_visible()
    first.locator(".dec.bad .cite").click()
    on = first.locator(".lines tr.on")
    assert on.is_visible()
    assert on.text_content() == "R1.cfg:18keyring keyring2"


def test_debug_lines_come_and_go(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, "#t/R1~R2")
    assert page.locator(".logs").first.is_hidden()
    page.keyboard.press("t")
    assert page.locator(".logs").first.is_visible()
    assert "processing SA payload. message ID = 0" in page.text_content(".ladder")
    page.keyboard.press("t")
    assert page.locator(".logs").first.is_hidden()


def test_tunnels_are_filtered_and_the_address_keeps_it(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file, "#tunnels")
    preset = rows(page)
    assert page.locator("[data-facet=state][aria-pressed=true]").count() >= 2, (
        "what needs no look is not shown at first"
    )
    page.locator("[data-facet=state][data-value=none]").click()
    assert rows(page) > preset
    pressed = page.locator("[data-facet=state][aria-pressed=true]")
    while pressed.count():
        pressed.first.click()
    everything = rows(page)
    page.locator("[data-facet=ike][data-value=IKEv2]").click()
    second = rows(page)
    page.locator("[data-facet=ike][data-value=IKEv2]").click()
    page.locator("[data-facet=ike][data-value=IKEv1]").click()
    assert rows(page) + second == everything
    page.fill("#search", "BUS-HUB1 br0")
    page.wait_for_timeout(50)
    few = rows(page)
    assert 0 < few < everything
    place = page.evaluate("location.hash")
    assert "ike=IKEv1" in place and "q=BUS-HUB1%20br0" in place
    again = opened(hubs_file, place)
    assert rows(again) == few
    assert again.input_value("#search") == "BUS-HUB1 br0"
    assert again.locator("[data-facet=ike][data-value=IKEv1]").get_attribute("aria-pressed") == "true"


def test_findings_are_filtered_by_category_severity_code_router_and_certainty(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file, "#findings")
    everything = rows(page)
    for facet in ("severity", "category", "certainty"):
        buttons = page.locator(f"[data-facet={facet}]")
        assert buttons.count() >= 2, facet
        parts = []
        for button in buttons.all():
            button.click()
            parts.append(rows(page))
            button.click()
        assert sum(parts) == everything, f"each finding has one {facet}"
    code = page.locator("input[data-facet=code], [data-facet=code]").first
    code.fill("KR-DUP-ADDR-DIFFKEY")
    code.dispatch_event("change")
    page.wait_for_timeout(50)
    assert 0 < rows(page) < everything
    assert all("KR-DUP-ADDR-DIFFKEY" in one for one in page.locator(".row .code").all_text_contents())
    host = page.locator("input[data-facet=host]")
    known = page.locator("#values-host option").first.get_attribute("value")
    host.fill(known)
    host.dispatch_event("change")
    page.wait_for_timeout(50)
    assert f"host={known}" in page.evaluate("location.hash")
    page.locator(".facet .chip").first.click()
    page.wait_for_timeout(50)
    assert rows(page) > 0


def test_a_link_to_nothing_says_so(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, "#t/R1~R9")
    assert page.text_content("main") == "There is no tunnel between R1 and R9 in this report."
    for place, words in (
        ("#f/0000", "There is no finding 0000"),
        ("#r/R9", "There is no router R9"),
        ("#r/%E0%A4%A", "no router %E0"),
    ):
        go(page, place)
        assert words in page.text_content("main")
    for place in ("#nowhere", "#constructor", "#findings?severity=blue&x", "#tunnels?cause=zz"):
        go(page, place)
        assert page.locator("main .view").count() == 1


def test_every_tunnel_of_a_hub_is_a_cell_that_opens_it(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file)
    assert page.locator(".strip canvas").count() == 3
    names = page.locator(".strip-name").all_text_contents()
    assert names == sorted(names)
    inked = page.evaluate(INKS)
    assert inked >= 2, "healthy and failing cells differ"
    page.locator(".strip canvas").first.click(position={"x": 4, "y": 4})
    page.wait_for_selector("section.direction")
    assert names[0] in page.text_content("h2.title")


def test_a_strip_is_walked_by_keys_and_told(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file)
    page.locator(".strip canvas").first.focus()
    page.keyboard.press("ArrowRight")
    first = page.text_content("#status")
    page.keyboard.press("ArrowRight")
    second = page.text_content("#status")
    assert ": " in first and first != second
    page.keyboard.press("Enter")
    page.wait_for_selector("section.direction")
    assert second.split(":")[0] in page.text_content("h2.title")


def test_a_router_is_a_star_with_an_arrow_for_each_direction(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file)
    spoke = page.evaluate("() => document.querySelector('table.causes a[href^=\"#r/\"]')?.textContent") or "BUS-BR001"
    go(page, f"#r/{spoke}")
    assert page.locator("svg.star a.tunnel").count() == 2
    assert page.locator("svg.star .head").count() >= 3
    page.locator("svg.star a.tunnel").first.click(force=True)
    page.wait_for_selector("section.direction")


def test_a_small_fleet_is_a_ring(opened: Opener, cloud_file: Path) -> None:
    page = opened(cloud_file)
    assert page.locator("svg.ring circle").count() == 22
    tunnels = int(page.text_content("nav a[href='#tunnels'] span"))
    assert page.locator("svg.ring a.tunnel").count() == tunnels
    assert page.locator("svg.ring .l-down").count() >= 2
    assert page.locator("svg.ring .l-down").first.get_attribute("stroke-dasharray"), "shape, not hue alone"


def test_failing_tunnels_follow_one_another(opened: Opener, cloud_file: Path) -> None:
    page = opened(cloud_file)
    seen = []
    for _ in range(3):
        page.keyboard.press("]")
        page.wait_for_selector("section.direction")
        page.wait_for_timeout(60)
        seen.append(page.evaluate("location.hash"))
    assert len(set(seen)) == 3
    page.keyboard.press("[")
    page.wait_for_timeout(60)
    assert page.evaluate("location.hash") == seen[1]


def test_keys_go_to_sections_search_and_help(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file)
    for key, view in (("2", "findings"), ("3", "tunnels"), ("4", "coverage"), ("1", "overview")):
        page.keyboard.press(key)
        page.wait_for_selector(f"html[data-view={view}]")
    page.keyboard.press("/")
    page.wait_for_timeout(150)
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("2")
    assert page.evaluate("document.documentElement.dataset.view") == "tunnels", "a figure in a search is no key"
    page.fill("#search", "")
    page.locator(".rows").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("section.direction")
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_coverage_counts_every_file(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file, "#coverage")
    assert "100%" in page.text_content("main")
    assert page.text_content(".count").split(" of ")[0] == page.text_content(".facts").split(" · ")[1].split()[0]


def test_runs_are_a_chart_and_a_table(opened: Opener, tmp_path: Path) -> None:
    report = report_of(SEED)
    runs = tuple(Run(time=f"2026-01-0{day}T02:00:00Z", tunnels={"one-end": day, "none": 9}) for day in (1, 2, 3))
    report = msgspec.structs.replace(report, whole=msgspec.structs.replace(report.whole, runs=runs))  # type: ignore[type-var]
    page = opened(page_of(report, tmp_path / "page.html"), "#trend")
    tall = [float(one.get_attribute("height")) for one in page.locator("svg.trend rect").all()]
    assert [round(one / tall[0], 2) for one in tall] == [1, 2, 3]
    assert page.locator("main table tbody tr").count() == 3


def test_a_plan_shows_before_after_and_back_by_message(opened: Opener, plan_file: Path) -> None:
    page = opened(plan_file, "#d/R2~R1~Tunnel1")
    assert page.locator(".moment h3").all_text_contents() == ["Today", "After the plan", "After the roll-back"]
    endings = page.locator(".moment .ending").all_text_contents()
    assert [one.split(",")[0] for one in endings] == [
        "✕ down at MM5: keyring-verification",
        "✔ up",
        "✕ down at MM5: keyring-verification",
    ]
    for message in ("MM1", "MM5"):
        cells = page.locator(f".cell[data-message='{message}']")
        tops = {round(cells.nth(n).bounding_box()["y"]) for n in range(3)}
        assert cells.count() == 3 and len(tops) == 1, "a row is a message"
    after = page.locator(".cell[data-message='MM5']").nth(1)
    assert "key keyring1, listed by the profile" in after.locator(".changed").text_content()
    assert page.locator(".cell[data-message='MM1']").nth(0).locator(".changed").count() == 0
    assert page.locator(".cell[data-message='MM5']").nth(2).locator(".changed").count() == 0, (
        "the roll-back is as it was"
    )
    assert page.locator(".cell.empty").count() > 0


def test_beside_ikev1_each_message_of_ikev2_stands_at_what_does_the_same(opened: Opener, tmp_path: Path) -> None:
    """SA_INIT and its answer do what MM1 and MM2 do, AUTH and its answer what MM5 and MM6 do (RFC 7296 section 1.2)."""
    texts = {name: hub_text(name, 2) for name in HUBS} | {spoke_name(n): spoke_text(n) for n in (1, 2)}
    fleet_there = str(written(tmp_path / "fleet", texts))
    assert main(["plan", fleet_there, "-s", "ikev2", "-o", str(tmp_path / "plan")]) == 0
    file = tmp_path / "page.html"
    assert main(["plan", "show", str(tmp_path / "plan"), "-f", "html", "--output", str(file)]) == 0
    page = opened(file)
    page.wait_for_selector(".compare")
    beside = {
        message: page.locator(f".cell[data-message='{message}']").nth(1).locator(".msg").text_content()
        for message in ("MM1", "MM2", "MM5", "MM6")
    }
    assert beside == {"MM1": "SA_INIT", "MM2": "SA_INIT", "MM5": "AUTH", "MM6": "AUTH"}
    assert page.locator(".cell[data-message='QM1']").nth(1).locator(".msg").count() == 0
    assert page.locator(".wave-bar").count() >= 2
    assert "directions stay up" in page.text_content(".states")


def test_a_plan_shows_its_waves_and_steps(opened: Opener, plan_file: Path) -> None:
    page = opened(plan_file)
    assert "1 of 2 directions come up today, 2 afterwards." in page.text_content("h1")
    page.wait_for_selector(".compare")
    assert page.locator(".wave-bar").count() == 1
    assert page.locator(".wave-bar").bounding_box()["width"] > 300
    page.keyboard.press("3")
    page.wait_for_selector("html[data-view=steps]")
    assert page.locator("details.step").count() == 8
    assert "crypto keyring" in page.text_content("main")
    page.keyboard.press("2")
    page.wait_for_selector("html[data-view=directions]")
    page.locator("[data-facet=change][data-value=mended]").click()
    assert rows(page) == 1
    page.locator(".row").first.click()
    page.wait_for_selector(".compare")


def test_hostile_names_are_names(opened: Opener, tmp_path: Path) -> None:
    report = report_of(written(tmp_path / "fleet", cloud_with_faults(18)))
    names = dict(zip([entry.host for entry in report.coverage.ios], HOSTILE, strict=False))
    file = page_of(renamed(report, names), tmp_path / "page.html")
    page = opened(file)
    for place in ("#findings", "#tunnels?state=none,down", "#coverage"):
        go(page, place)
    go(page, "#overview")
    links = [one.get_attribute("href") for one in page.locator("svg.ring a[href^='#r/']").all()]
    assert len(links) == 20
    for link in links:
        go(page, link)
        assert page.locator("h2.title bdi").count() >= 1, link
        assert page.locator("svg.star").count() + page.locator(".strip").count() >= 1, link
        tunnel = page.locator("main a[href^='#t/']").first.get_attribute("href")
        go(page, tunnel)
        page.wait_for_selector("section.direction")
        assert page.locator("section.direction").count() >= 1, tunnel
    assert page.evaluate("() => window.pwned") is None
    assert page.evaluate(INTRUDERS) == 0
    go(page, "#r/evil%E2%80%AEgnp.exe")
    assert page.text_content("h2.title") == "evil<U+202E>gnp.exe"
    assert page.evaluate("() => ({}).polluted") is None


def test_without_javascript_the_summary_stands(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file, ready=False, java_script_enabled=False)
    assert "tunnels will not come up" in page.text_content("h1") or "come up from" in page.text_content("h1")
    assert page.locator("main table tbody tr").count() >= 3
    assert page.locator("noscript").is_visible()
    assert page.locator("th").first.is_visible()


def test_a_browser_that_cannot_inflate_keeps_the_summary_and_says_why(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, script="delete window.DecompressionStream")
    assert "What is wrong, by cause" in page.text_content("main")
    assert "This browser cannot show more than this summary" in page.text_content("main")


def test_storage_that_throws_is_no_matter(opened: Opener, seed_file: Path) -> None:
    page = opened(
        seed_file, script="Object.defineProperty(window, 'localStorage', {get() { throw new Error('sandboxed') }})"
    )
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_dark_and_light(opened: Opener, seed_file: Path) -> None:
    paper = "() => getComputedStyle(document.body).backgroundColor"
    page = opened(seed_file, color_scheme="dark")
    dark = page.evaluate(paper)
    assert dark != opened(seed_file, color_scheme="light").evaluate(paper)
    page.click("#theme")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    for _ in range(5):  # a browser writes what a page keeps some time later, and may load it anew before
        page.reload()
        page.wait_for_selector("html[data-ready]")
        if page.evaluate(paper) == "rgb(255, 255, 255)":
            break
    assert page.evaluate(paper) == "rgb(255, 255, 255)", "the choice is kept"


@pytest.mark.parametrize("place", ["", "#findings", "#tunnels", "#t/{a}~{b}", "#r/{a}", "#coverage"])
def test_a_narrow_window_needs_no_sideways_scrolling(opened: Opener, hubs_file: Path, place: str) -> None:
    page = opened(hubs_file, wide=390)
    go(page, "#tunnels")
    page.wait_for_selector(".row")
    ends = page.locator(".row").first.locator("bdi").all_text_contents()[:2]
    go(page, place.format(a=ends[0], b=ends[1]) or "#overview")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for name in ("h1", "nav"):
        assert page.locator(name).is_visible()


def test_a_narrow_plan(opened: Opener, plan_file: Path) -> None:
    page = opened(plan_file, "#d/R2~R1~Tunnel1", wide=390)
    label = "cell => getComputedStyle(cell, '::before').content"
    assert page.locator(".cell[data-message='MM5']").nth(1).evaluate(label) == '"After the plan"', "one below the other"
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_on_paper_lists_are_whole_tables(opened: Opener, hubs_file: Path) -> None:
    page = opened(hubs_file, "#findings")
    number = rows(page)
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".only-print tbody tr").count() == min(number, 500)
    assert page.locator(".only-print table").is_visible()
    assert page.locator(".rows").is_hidden() and page.locator("nav").is_hidden()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator(".only-print").count() == 0


def test_on_paper_the_lines_behind_a_ladder_are_there_and_nothing_is_dark(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, "#t/R1~R2", color_scheme="dark")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".lines").first.is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf(format="A4")) > 20_000


def test_what_is_told_by_example_says_so(opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "LARGEST", 1000)
    file = page_of(report_of(written(tmp_path / "fleet", hub_fleet(60, 2, 2))), tmp_path / "page.html")
    page = opened(file, "#tunnels?state=none")
    page.wait_for_selector(".row")
    said = 0
    for n in range(6):
        go(page, "#tunnels?state=none")
        page.wait_for_selector(".row")
        page.locator(".row").nth(n).click()
        page.wait_for_selector("section.direction")
        said += page.locator(".example").count()
    assert said > 0
    assert page.locator("section.direction").count() == 2, "what is told by example has its ladder"


EVERY_STATE = "#tunnels?state=down,one-at-most,one-end,order,later,unknown,none,design"
CASES = sorted(file.parent for file in (Path(__file__).parents[1] / "cases").rglob("expect.toml"))


def test_whatever_a_case_is_about_its_ladders_are_drawn(opened: Opener, tmp_path: Path) -> None:
    """One case in forty of all that there are: certificates, clouds, NAT, damaged text; each page is walked through."""
    for number, case in enumerate(CASES[::40]):
        page = opened(page_of(report_of(case), tmp_path / f"{number}.html"), EVERY_STATE)
        for row in range(min(3, page.locator(".row").count())):
            go(page, EVERY_STATE)
            page.wait_for_selector(".row")
            page.locator(".row").nth(row).click()
            page.wait_for_selector("section.direction")
            said = page.text_content("main")
            assert "[object" not in said and "NaN" not in said, case
        for view in ("#overview", "#findings", "#coverage"):
            go(page, view)
        page.context.close()


def test_what_the_state_says_stands_in_the_row_and_above_the_ladder(opened: Opener, tmp_path: Path) -> None:
    """R2's call is as the replay has it; R1's was predicted to fail, and R1 shows that it started one two hours ago."""
    case = Path(__file__).parents[1] / "cases" / "hazards" / "MODEL-DISAGREES" / "fires"
    page = opened(page_of(report_of(case), tmp_path / "page.html"), "#tunnels")
    (row,) = page.locator(".row").all()
    assert "seen: up, started by R1 2 h ago; the model is wrong" in row.text_content()
    go(page, "#tunnels?seen=observed")
    assert rows(page) == 0
    go(page, "#tunnels?seen=contradicted")
    assert rows(page) == 1
    assert page.locator("[data-facet='seen']").all_text_contents() == ["contradicted 1"]
    go(page, "#t/R1~R2")
    page.wait_for_selector("section.direction")
    told = page.locator("section.direction .observed").all_text_contents()
    assert len(told) == 1
    assert told[0].startswith("Seen: up, started by R1 2 h ago; the model is wrong: it is up")
    assert told[0].endswith(", with profile P.")


def test_without_state_nothing_is_said_of_it(opened: Opener, seed_file: Path) -> None:
    page = opened(seed_file, "#tunnels")
    assert page.locator("[data-facet='seen']").count() == 0
    assert "seen:" not in page.locator(".row").first.text_content()
    go(page, "#t/R1~R2")
    page.wait_for_selector("section.direction")
    assert page.locator(".observed").count() == 0
