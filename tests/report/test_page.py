"""The HTML page without a browser: what is packed is what the JSON says, only our scripts can run, no key is in it."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import stat
from hashlib import sha256
from html import unescape
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest
from canaries import CANARIES
from generated_fleets import cloud_with_faults
from hub_fleets import hub_fleet
from hypothesis import given, settings
from hypothesis import strategies as some
from pages import HOSTILE, every_string, inflated, renamed, report_of, unpacked, written

from ikeaudit.api import load
from ikeaudit.api.audit import check, explain
from ikeaudit.api.parts import Parts
from ikeaudit.cli.main import main
from ikeaudit.lab.scenarios import SEED
from ikeaudit.report import Run, WholeFleet, to_json
from ikeaudit.report.html import fleet, fleet_page
from ikeaudit.report.html.fleet import headline
from ikeaudit.report.html.pack import Joining, Packed, blob, pack, thinned
from ikeaudit.report.html.page import SCRIPTS

SCRIPT_HOME = resources.files("ikeaudit.report.html")
ANY_JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 9) | some.floats(allow_nan=False) | some.text(max_size=3),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=2), inner, max_size=4),
    max_leaves=12,
)


def read_back(packed: Packed) -> dict[str, list[Any]]:
    """A packed list as it stands on the page."""
    found: dict[str, list[Any]] = json.loads(gzip.decompress(base64.b64decode(blob(packed))))
    return found


def joined(parts: list[Packed]) -> Packed:
    found = Joining()
    for part in parts:
        found.add(part)
    return found.packed


@settings(deadline=None)
@given(some.lists(ANY_JSON, max_size=6))
def test_what_is_packed_comes_back(values: list[object]) -> None:
    assert unpacked(read_back(pack(values))) == values


def test_like_values_share_a_skeleton_and_constant_columns() -> None:
    values = [{"from": name, "to": "HUB", "at": [0, 1], "n": n} for n, name in enumerate(("A", "B", "C"))]
    packed = read_back(pack(values))
    assert packed["s"] == ["A", "HUB", "B", "C"]
    assert packed["k"] == [{"from": 0, "to": 1, "at": "[0,1]", "n": -3}]
    assert packed["c"] == [[[0, 2, 3], [1], [0, 1, 2]]]


def test_a_truth_value_is_no_number() -> None:
    values = [["a", True], ["a", "b"], ["a", 1], ["a", False], ["a", 0.0], ["a", None]]
    packed = read_back(pack(values))
    assert [(one, type(one[1])) for one in unpacked(packed)] == [(one, type(one[1])) for one in values]
    assert len(packed["k"]) == 5, "numbers share a shape, the others have one each"


@settings(deadline=None)
@given(some.lists(some.lists(ANY_JSON, max_size=4), max_size=4))
def test_lists_packed_apart_are_joined_as_if_they_had_been_one(parts: list[list[object]]) -> None:
    packed = [pack(part) for part in parts]
    before = [read_back(one) for one in packed]
    found = joined(packed)
    assert unpacked(read_back(found)) == [value for part in parts for value in part]
    assert read_back(found) == read_back(pack(value for part in parts for value in part))
    assert [read_back(one) for one in packed] == before, "what is joined stays as it is"


def test_of_what_is_not_kept_the_first_of_each_shape_stands_for_all() -> None:
    values = [{"n": "A"}, {"n": "B"}, {"other": "C"}, {"n": "D"}]
    packed = read_back(thinned(pack(values), lambda place: place == 3))
    assert unpacked(packed) == [{"n": "A"}, {"n": "A"}, {"other": "C"}, {"n": "D"}]
    assert packed["x"] == [1]
    assert packed["s"] == ["A", "D", "C"], "no string that nobody needs"


def test_examples_are_joined_too_and_thinned_once_more() -> None:
    values = [{"n": "A", "m": 1}, {"n": "B", "m": 2}, {"n": "C", "m": 300}]
    few = joined([thinned(pack(values), lambda place: place == 2) for _ in range(2)])
    assert unpacked(read_back(few)) == [values[at] for at in (0, 0, 2, 0, 0, 2)]
    assert list(few.examples) == [1, 4]
    fewer = read_back(thinned(few, lambda place: place % 3 == 2))
    assert unpacked(fewer) == [values[at] for at in (0, 0, 2, 0, 0, 2)] and fewer["x"] == [1, 3, 4]
    assert fewer["c"] == [[[0, 1, 1], [1, 300, 300]]]


def test_the_same_page_is_the_same_bytes() -> None:
    assert blob({"a": [1, "x"]}) == blob({"a": [1, "x"]})


@pytest.fixture(scope="module")
def seed_page() -> str:
    return fleet_page(report_of(SEED))


def test_the_page_holds_what_explain_and_check_print() -> None:
    snapshot = load(SEED, create=False)
    details = inflated(fleet_page(check(snapshot, whole=True)), "details")
    assert unpacked(details["exchanges"]) == json.loads(to_json(explain(snapshot)))["exchanges"]
    assert unpacked(details["findings"]) == json.loads(to_json(check(snapshot)))["findings"]


@pytest.mark.parametrize(
    "texts", [hub_fleet(40, 2, 2), cloud_with_faults(18)], ids=["hubs with IKEv2 and ties", "a DMVPN"]
)
def test_every_direction_is_there_once_and_tunnels_point_at_theirs(texts: dict[str, str], tmp_path: Path) -> None:
    snapshot = load(written(tmp_path / "fleet", texts), create=False)
    report = check(snapshot, whole=True)
    page = fleet_page(report)
    core, told = inflated(page, "core"), unpacked(inflated(page, "details")["exchanges"])
    wanted = json.loads(to_json(explain(snapshot)))["exchanges"]
    assert sorted(map(json.dumps, told)) == sorted(map(json.dumps, wanted))
    short = unpacked(core["directions"])
    assert [(one["i"], one["r"], one["p"], one["o"]) for one in short] == [
        (one["initiator"], one["responder"], one["peer"], one["outcome"]) for one in told
    ]
    assert report.whole is not None
    tunnels = [tunnel for part in report.whole.drawn(lambda part: part.tunnels) for tunnel in part]
    for tunnel, there, back, state in zip(
        tunnels, *(core["tunnels"][name] for name in ("there", "back", "state")), strict=True
    ):
        assert (short[there]["i"], short[there]["p"]) == (tunnel.there.initiator, tunnel.there.peer)
        assert (back == -1) == (tunnel.back is None)
        assert tunnel.back is None or short[back]["i"] == tunnel.back.initiator
        assert state in core["states"]
    assert sum(core["states"].values()) == len(core["tunnels"]["there"])


def test_a_finding_names_the_tunnels_that_it_harms(tmp_path: Path) -> None:
    """Two spokes of the cloud have faults of their own: each cause harms that spoke's tunnels, with both hubs."""
    core = inflated(fleet_page(report_of(written(tmp_path / "fleet", cloud_with_faults(20)))), "core")
    directions, tunnels = unpacked(core["directions"]), core["tunnels"]
    for spoke in ("S12", "S17"):
        causes = [f for f in unpacked(core["findings"]) if spoke in f["hosts"] and f["effect"] != "none"]
        assert causes, spoke
        for cause in causes:
            harmed = [int(place) for place in cause["harms"].split(",")]
            assert len(harmed) == cause["tunnels"]
            for place in harmed:
                ends = directions[tunnels["there"][place]]
                assert spoke in (ends["i"], ends["r"])
                assert tunnels["state"][place] in ("down", "one-end", "order", "later")


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({}, "No tunnel is configured in what was read."),
        ({"none": 1}, "None of 1 tunnel is known to fail."),
        ({"none": 7, "design": 1}, "None of 8 tunnels is known to fail."),
        ({"none": 7, "unknown": 1}, "None of 8 tunnels is known to fail, but 1 is not known."),
        ({"one-end": 1}, "The only tunnel comes up from one end only."),
        ({"one-end": 1, "none": 1}, "1 of 2 tunnels comes up from one end only."),
        ({"down": 2, "none": 1998}, "2 of 2,000 tunnels come up from neither end."),
        ({"order": 2, "unknown": 3}, "2 of 5 tunnels come up only by luck of an order; 3 are not known."),
        (
            {"down": 2, "one-end": 15, "later": 1, "unknown": 9, "none": 543},
            "18 of 570 tunnels will not come up from both ends for good: 2 from neither end, 15 from one end only, "
            "1 only to be lost later; 9 are not known.",
        ),
    ],
)
def test_the_verdict_in_one_sentence(states: dict[str, int], sentence: str) -> None:
    assert headline(states) == sentence  # type: ignore[arg-type]


def test_the_policy_is_first_and_lets_our_script_and_style_through_alone(seed_page: str) -> None:
    head = re.search(r"<head>(<[^>]*>)", seed_page)
    assert head is not None
    assert head[1].startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ')
    for kind, tag in (("script", "script"), ("style", "style")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", seed_page, re.S)
        digest = base64.b64encode(sha256(text.encode()).digest()).decode()
        assert re.findall(rf"{kind}-src ([^;\"]*)", head[1]) == [f"'sha256-{digest}'"]
    assert "base-uri 'none'; form-action 'none'\"" in head[1]
    tags = re.sub(r"<(script|style)>.*?</\1>", "", seed_page, flags=re.S)
    assert not re.search(r"<[^>]* (on\w+|style|src|href)=", tags)


def test_the_scripts_are_small_files_that_load_nothing_and_write_no_html() -> None:
    there = {file.name for file in SCRIPT_HOME.iterdir() if file.name.endswith(".js")}
    assert there == set(SCRIPTS), "a script that the page does not hold, or the other way round"
    for name in (*SCRIPTS, "app.css"):
        text = SCRIPT_HOME.joinpath(name).read_text(encoding="utf-8")
        assert text.count("\n") < 400, name
        assert "</" not in text, "the page would end there"
        for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "import(", "fetch(",
                     "XMLHttp", "WebSocket", "EventSource", "sendBeacon", "@import", "url("):  # fmt: skip
            assert word not in text, (name, word)
        assert set(re.findall(r"https?://[^'\"]*", text)) <= {"http://www.w3.org/2000/svg"}, name


def test_hostile_names_are_text_without_javascript_too(tmp_path: Path) -> None:
    report = report_of(written(tmp_path / "fleet", cloud_with_faults(18)))
    routers = [entry.host for entry in report.coverage.ios]
    report = renamed(report, dict(zip(routers, HOSTILE, strict=False)))
    page = fleet_page(report)
    body = re.sub(r"<(script|style)[ >].*?</\1>", "", page, flags=re.S)
    assert set(re.findall(r"<([a-zA-Z!]+)", body)) <= {
        *(
            "doctype",
            "html",
            "head",
            "meta",
            "title",
            "body",
            "header",
            "p",
            "h",
            "nav",
            "main",
            "table",
            "thead",
            "tbody",
        ),
        *("tr", "th", "td", "noscript", "!doctype"),
    }
    assert "\u202e" not in page, "what turns letters around is written out"
    assert unescape(body).count("<U+202E>") == body.count("&lt;U+202E&gt;")


def test_no_key_is_in_it_when_the_blobs_are_inflated(tmp_path: Path) -> None:
    """As the canary test does for the other formats, which base64 would hide a leak from."""
    folder = tmp_path / "fleet"
    shutil.copytree(SEED, folder)
    key = CANARIES["psk"]
    for file in folder.glob("*.cfg"):
        text = file.read_text(encoding="utf-8").replace("key cisco", f"key {key}")
        file.write_text(
            text.replace("interface Tunnel1\n", f"interface Tunnel1\n description uses {key}\n"), encoding="utf-8"
        )
    said = every_string(fleet_page(report_of(folder)))
    assert key not in said
    assert "<PSK:" in said, "the lines with keys are there, as tokens"
    assert main(["plan", str(folder), "-s", "single-keyring", "--out", str(tmp_path / "plan")]) == 0
    assert main(["plan", "show", str(tmp_path / "plan"), "-f", "html", "--output", str(tmp_path / "p.html")]) == 0
    said = (
        every_string((tmp_path / "p.html").read_text(encoding="utf-8")) + (tmp_path / "plan/ladders.json").read_text()
    )
    assert key not in said
    assert "<PSK:" in said


def test_past_the_limit_healthy_directions_are_told_by_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(written(tmp_path / "fleet", hub_fleet(60, 2, 2)))
    whole = unpacked(inflated(fleet_page(report), "details")["exchanges"])
    monkeypatch.setattr(fleet, "LARGEST", 1000)
    page = fleet_page(report)
    core, packed = inflated(page, "core"), inflated(page, "details")["exchanges"]
    kept = unpacked(packed)
    assert core["left_out"] == len(packed["x"]) > 0
    for place, (one, was) in enumerate(zip(kept, whole, strict=True)):
        if place in packed["x"]:
            assert (was["outcome"], was["confidence"], was["lost_at"]) == ("up", "certain", None)
            assert [step["message"] for step in one["steps"]] == [step["message"] for step in was["steps"]]
        else:
            assert one == was
    assert {one["outcome"] for one in kept} == {one["outcome"] for one in whole}


def test_check_alone_writes_the_whole_page_for_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))  # the same tokens both times
    assert main(["check", str(SEED), "--format", "html", "-o", "one.html"]) == 1
    assert main(["check", str(SEED), "--format", "json", "-o", "check.json", "--report", "html=two.html"]) == 1
    one, two = Path("one.html"), Path("two.html")
    assert one.read_bytes() == two.read_bytes()
    assert stat.S_IMODE(one.stat().st_mode) == stat.S_IMODE(two.stat().st_mode) == 0o600
    assert unpacked(inflated(one.read_text(encoding="utf-8"), "details")["exchanges"])[0]["steps"]


def test_who_wants_no_page_pays_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are what costs: without ``html`` no exchange is asked for them."""
    asked: list[bool] = []
    told = Parts.told
    monkeypatch.setattr(Parts, "told", lambda self, work: asked.append(True) or told(self, work))
    for format_ in ("console", "json", "sarif"):
        main(["check", str(SEED), "--format", format_, "-o", str(tmp_path / format_)])
    assert asked == []
    main(["check", str(SEED), "--format", "html", "-o", str(tmp_path / "page")])
    assert asked


def test_explain_has_a_page_as_well(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    main(["explain", str(SEED), "R1", "R2", "--format", "html", "-o", str(file)])
    page = file.read_text(encoding="utf-8")
    core = inflated(page, "core")
    assert len(unpacked(core["directions"])) == 2
    assert core["shown"] == "Only tunnels of R1 and R2."
    assert "The only tunnel comes up from one end only." in page


def test_runs_are_told_where_there_are_some() -> None:
    report = report_of(SEED)
    assert isinstance(report.whole, WholeFleet)
    runs = (
        Run(time="2026-01-01T02:00:00Z", tunnels={"none": 1}),
        Run(time="2026-01-02T02:00:00Z", tunnels={"one-end": 1}),
    )
    report = msgspec.structs.replace(report, whole=msgspec.structs.replace(report.whole, runs=runs))
    assert inflated(fleet_page(report), "core")["runs"] == [
        {"time": "2026-01-01T02:00:00Z", "tunnels": {"none": 1}},
        {"time": "2026-01-02T02:00:00Z", "tunnels": {"one-end": 1}},
    ]
