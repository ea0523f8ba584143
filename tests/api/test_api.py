"""``ikeaudit.api``: the same answers as the command line's, typed, without printing, ending or writing anything."""

from __future__ import annotations

import inspect
import shutil
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

import ikeaudit.api as api
from ikeaudit.cli.main import main

CASES = Path(__file__).parents[1] / "cases"
PLANS = Path(__file__).parents[1] / "remediation" / "plans"
SEED = PLANS / "a1-seed"
WHEN = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)

FAILED = '{"host": "R9", "status": "failed", "reason": "connection refused"}'


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("workspace") / "ws"))


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """A snapshot of the seed's two routers and of one that did not answer."""
    for file in SEED.glob("*.cfg"):
        host = tmp_path / "snapshot" / file.stem
        host.mkdir(parents=True)
        shutil.copy(file, host / "running-config.txt")
    (tmp_path / "snapshot" / "R9").mkdir()
    (tmp_path / "snapshot" / "R9" / "meta.json").write_text(FAILED)
    return tmp_path / "snapshot"


@pytest.mark.parametrize("name", sorted(set(api.__all__) - {"SCHEMAS"}))
def test_what_is_public_is_typed_and_described(name: str) -> None:
    thing = getattr(api, name)
    assert (inspect.getdoc(thing) or "").strip(), name
    if inspect.isfunction(thing):
        signature = inspect.signature(thing)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_nothing_else_is_public() -> None:
    modules = {
        "audit",
        "comparing",
        "diagnosing",
        "expecting",
        "exporting",
        "kept",
        "ladders",
        "lookup",
        "parts",
        "planning",
        "shared",
        "snapshot",
        "witnessing",
    }
    assert {*dir(api)} == {*api.__all__}
    for name in api.__all__:
        getattr(api, name)
    found = {name for name in vars(api) if not name.startswith("_")}
    assert found - modules - {"TYPE_CHECKING", "Any", "name_in"} == set(api.__all__)


@pytest.mark.parametrize("verb", ["check", "explain", "coverage"])
def test_the_documents_are_those_of_the_command_line(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([verb, str(SEED), "--format", "json"])
    printed = capsys.readouterr().out
    snapshot = api.load(SEED)
    documents = {"check": api.check(snapshot), "explain": api.explain(snapshot), "coverage": snapshot.report}
    assert api.to_json(documents[verb]) == printed
    assert capsys.readouterr() == ("", "")


def test_a_plan_is_that_of_the_command_line_and_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["plan", str(SEED), "--strategy", "single-keyring", "--change-id", "CHG-7", "--out", "typed"])
    capsys.readouterr()
    typed = api.load_plan("typed")
    at = datetime.strptime(typed.plan.created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    made = api.plan(api.load(SEED), "single-keyring", change_id="CHG-7", at=at)
    assert [path.name for path in tmp_path.iterdir()] == ["typed"]
    assert made == typed and made.plan.digest
    assert made.proof.steps and {record.outcome for record in made.proof.after} == {"up"}
    document = made.write(tmp_path / "ours")
    assert api.to_json(document) == (tmp_path / "ours" / "plan.json").read_text()
    assert capsys.readouterr() == ("", "")


def test_a_host_that_did_not_answer_is_no_error_and_no_clean_result(collected: Path) -> None:
    snapshot = api.load(collected)
    assert snapshot.hosts == ("R1", "R2")
    report = api.check(snapshot, codes=["KR-FVRF-MISS"], fail_on="never")
    assert (report.findings, report.verdict.word, report.verdict.code) == ((), "INCOMPLETE", 3)
    assert api.findings(snapshot, codes=["KR-FVRF-MISS"]) == ()
    with pytest.raises(api.IncompleteError, match="R9 could not be read: connection refused"):
        api.exchanges(snapshot, "R9")


def test_coverage_below_the_limit_is_incomplete(tmp_path: Path) -> None:
    (tmp_path / "r.cfg").write_text("hostname R\ncrypto isakmp policy 10\n encr aes\ncrypto isakmp frobnicate\nend\n")
    snapshot = api.load(tmp_path)
    assert snapshot.coverage.total.unknown == 1
    assert api.check(snapshot, fail_on="never").verdict.word == "INCOMPLETE", "two lines of three are less than 90%"
    assert api.check(snapshot, fail_on="never", min_coverage=60).verdict.word == "OK"


def test_what_is_no_ios_can_be_loaded_and_not_be_audited(tmp_path: Path) -> None:
    (tmp_path / "fw.conf").write_text("set version 20.4R3\nset system host-name fw\nset security ike proposal P1\n")
    snapshot = api.load(tmp_path)
    assert (snapshot.hosts, snapshot.coverage.not_ios[0].host) == ((), "fw")
    for question in (api.check, api.findings, api.exchanges, api.explain):
        with pytest.raises(api.InputError, match=r"fw\.conf is not an IOS configuration"):
            question(snapshot)
    with pytest.raises(api.InputError, match="nothing to audit"):
        api.plan(snapshot, "single-keyring")


def test_translations_change_who_answers(tmp_path: Path) -> None:
    """DOMAIN 4.8: R2 calls an address that only a static translation leads to R1."""
    for file in SEED.glob("*.cfg"):
        text = file.read_text()
        (tmp_path / file.name).write_text(text.replace("192.168.0.1", "198.51.100.9") if file.stem == "R2" else text)
    alone = api.exchanges(api.load(tmp_path), "R2")
    assert [exchange.responder for exchange in alone if exchange.initiator == "R2"] == [None]
    one = api.Translation(inside=ip_address("192.168.0.1"), outside=ip_address("198.51.100.9"))
    behind = api.exchanges(api.load(tmp_path, nat=[one]), "R2")
    assert [exchange.responder for exchange in behind if exchange.initiator == "R2"] == ["R1"]
    (tmp_path / "nat.yaml").write_text("- inside: 192.168.0.1\n  outside: 198.51.100.9\n  kind: static\n")
    listed = api.exchanges(api.load(tmp_path, nat=tmp_path / "nat.yaml"), "R2")
    assert listed == behind


def test_two_workspaces_have_two_tokens_for_a_key(tmp_path: Path) -> None:
    one, other, again = (api.load(SEED, workspace=tmp_path / name) for name in ("a", "b", "a"))
    texts = [api.to_json(api.explain(snapshot)) for snapshot in (one, other, again)]
    assert texts[0] == texts[2] != texts[1]


def test_a_name_is_found_in_any_case_and_a_wrong_one_is_said() -> None:
    snapshot = api.load(str(SEED))
    assert api.exchanges(snapshot, "r2", "R1") == api.exchanges(snapshot, "R2", "R1")
    assert {finding.hosts for finding in api.findings(snapshot, hosts=["r1"], codes=["kr-dup-addr"])} == {("R1",)}
    made = api.plan(snapshot, "single-keyring", change_id="C", hosts=["r1"], at=WHEN)
    assert [router.name for router in made.plan.routers] == ["R1"]
    for wrong in (
        lambda: api.exchanges(snapshot, "R7"),
        lambda: api.findings(snapshot, codes=["KR-NOPE"]),
        lambda: api.check(snapshot, fail_on="nope"),
        lambda: api.check(snapshot, target_releases=["soon"]),
        lambda: api.explain(snapshot, transcripts="some"),
        lambda: api.plan(snapshot, "nope"),
        lambda: api.plan(snapshot, "single-keyring", hosts=["R7"]),
        lambda: api.plan(snapshot, "single-keyring", change_id="../x"),
        lambda: api.ikev2(suite="nope"),
        lambda: api.load("nowhere"),
        lambda: api.load_plan("nowhere"),
    ):
        with pytest.raises(api.InputError):
            wrong()


def test_choices_of_the_move_to_ikev2() -> None:
    snapshot = api.load(SEED)
    made = api.plan(snapshot, api.ikev2(suite="cnsa", new_keys=True, cleanup="later"), change_id="C", at=WHEN)
    assert made.plan.strategy == "ikev2"
    assert {need.source for router in made.plan.routers for need in router.keys} >= {"generated"}
    assert all(step.phase != "cleanup" for step in made.plan.steps)
    plain = api.plan(snapshot, "ikev2", change_id="C", at=WHEN)
    assert any(step.phase == "cleanup" for step in plain.plan.steps)
    assert {need.source for router in plain.plan.routers for need in router.keys} == {"own"}


def test_an_altered_plan_is_refused(tmp_path: Path) -> None:
    api.plan(api.load(SEED), "single-keyring", change_id="C", at=WHEN).write(tmp_path / "plan")
    with (tmp_path / "plan" / "plan.md").open("a") as file:
        file.write("\n")
    with pytest.raises(api.RefusedError, match=r"plan\.md was altered"):
        api.load_plan(tmp_path / "plan")


def test_a_refusal_of_a_strategy_is_no_error() -> None:
    made = api.plan(api.load(PLANS / "refused-different-keys"), "single-keyring", change_id="C", at=WHEN)
    assert made.plan.empty and made.plan.refusals
