"""The HTML report of 2,000 routers: how large it is, and how long a reader waits, in headless Chromium."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hub_fleets import hub_fleet

QUERIES = ("fra", "bus-hub1 br0", "psk-mismatch", "x")
ROUNDS = 5
_TYPED = """async query => {
    const field = document.querySelector('#search');
    const next = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    await next();
    const begun = performance.now();
    field.value = query;
    field.dispatchEvent(new Event('input'));
    const found = performance.now() - begun;
    await next();
    return [found, performance.now() - begun];
}"""


class Measured(NamedTuple):
    """Milliseconds, medians of some rounds, but the worst of ``filter`` and ``seen``; ``size`` in bytes, ``made`` in seconds.

    ``usable``: from the request until the first view stands and answers. ``filter``: from a key in the search field until the
    rows are found; ``seen``: until they are on the screen. ``usable_cpu`` and ``filter_cpu`` are what the page's own thread
    worked until then, whatever else the machine does.
    """

    routers: int
    tunnels: int
    size: int
    made: float
    usable: float
    filter: float
    seen: float
    details: float
    usable_cpu: float
    filter_cpu: float
    load: float


def measure(routers: int = 2000, hubs: int = 20, each: int = 5) -> Measured | None:
    """The report of such a fleet; None where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    from ikeaudit.api import load
    from ikeaudit.api.audit import check
    from ikeaudit.report.html import fleet_page

    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "fleet"
        folder.mkdir()
        for router, text in hub_fleet(routers, hubs, each).items():
            (folder / f"{router}.cfg").write_text(text, encoding="utf-8")
        report = check(load(folder, create=False), whole=True)
        begun = time.process_time()
        text = fleet_page(report)
        made = time.process_time() - begun
        file = Path(name) / "page.html"
        file.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium)
        usable, found, seen, details, usable_cpu, filter_cpu = [], [], [], [], [], []
        for _ in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1360, "height": 900})
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-ready]")
            usable_cpu.append(_worked(session))
            usable.append(float(page.evaluate("document.documentElement.dataset.ready")))
            page.goto(file.as_uri() + "#tunnels?state=down,one-end,unknown,none")
            page.wait_for_selector(".row")
            page.wait_for_timeout(600)  # what is searched is put together when the page has come to rest
            for query in QUERIES:
                before = _worked(session)
                rows, picture = page.evaluate(_TYPED, query)
                filter_cpu.append(_worked(session) - before)
                found.append(rows)
                seen.append(picture)
            page.evaluate("() => { location.hash = 't/BUS-BR042~BUS-HUB1' }")
            page.wait_for_selector("section.direction")
            details.append(float(page.evaluate("document.documentElement.dataset.details")))
            page.close()
        browser.close()
    return Measured(
        routers=len(report.coverage.ios),
        tunnels=sum(report.tunnels.values()),
        size=len(text.encode()),
        made=made,
        usable=statistics.median(usable),
        filter=max(found),
        seen=max(seen),
        details=statistics.median(details),
        usable_cpu=statistics.median(usable_cpu),
        filter_cpu=max(filter_cpu),
        load=os.getloadavg()[0],
    )


def _worked(session: Any) -> float:
    """CPU milliseconds that the page's main thread has worked so far."""
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(found["TaskDuration"]) * 1000
