"""A strategy in a folder of the user's own plans and is proven; its mistakes are said in one sentence."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from ikev2_laws import after_fleet
from plans import WHEN, fleet_in, planned

from ikeaudit.cli.main import main
from ikeaudit.lab.scenarios import SEED
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.remediation.strategies import STRATEGIES, load_own
from ikeaudit.rendering import Templates

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "strategies" / "own.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(strategies/[\w./-]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
AGGRESSIVE = TESTS / "cases" / "aggressive" / "hostname-key"
PACKAGED = tuple(strategy.name for strategy in STRATEGIES)


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("workspace") / "ws"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The example of the page, file by file."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "strategies"


def change(own: Path, routers: Path) -> PlannedChange:
    loaded = load_own(own, PACKAGED)
    templates = Templates(None, loaded.templates)
    return make_plan(fleet_in(routers), loaded.strategies[0], change_id="CHG-1", created=WHEN, templates=templates)


def test_the_page_has_the_whole_example() -> None:
    assert {Path(name).name for name in FILES} == {"strategy.py", "aggressive-mode.j2", "page.md"}


def test_the_example_of_the_page_runs(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The very command of the page, on the seed's routers."""
    (command,) = re.findall(r"^\$ ikeaudit (.*)$", PAGE, re.MULTILINE)
    places = {"SNAPSHOT": SEED, "strategies": own, "PLAN": tmp_path / "plan"}
    assert main([str(places.get(word, word)) for word in command.split()]) == 0
    assert "no-aggressive-mode" in capsys.readouterr().out
    plan = load_plan(tmp_path / "plan")
    assert plan.strategy == "no-aggressive-mode"
    ours = [step for step in plan.steps if step.title == "Refuse aggressive mode"]
    assert [(step.router, step.commands, step.rollback) for step in ours] == [
        (name, ("crypto isakmp aggressive-mode disable",), ("no crypto isakmp aggressive-mode disable",))
        for name in ("R1", "R2")
    ]
    proof = msgspec.json.decode((tmp_path / "plan" / "proof.json").read_bytes(), type=Proof)
    assert {len(step.exchanges) for step in proof.steps} == {2}
    assert "No aggressive mode where nothing needs it" in (tmp_path / "plan" / "plan.md").read_text()


def test_the_example_keeps_the_laws(own: Path) -> None:
    before, made = fleet_in(SEED), change(own, SEED)
    after = after_fleet(before, made)
    assert all(router.isakmp.aggressive_mode_disabled for router in after.routers)
    assert [e.outcome for e in after.exchanges] == [e.outcome for e in before.exchanges]
    assert all(r.rolled_back_hash == r.before_hash for r in made.plan.routers)
    loaded = load_own(own, PACKAGED)
    again = make_plan(
        after, loaded.strategies[0], change_id="CHG-2", created=WHEN, templates=Templates(None, loaded.templates)
    )
    assert again.plan.empty and not again.plan.refusals


def test_the_example_refuses_with_the_line(own: Path) -> None:
    """A initiates aggressive mode, B has a key for a host name."""
    plan = change(own, AGGRESSIVE).plan
    assert plan.empty
    found = {(r.router, e.file, e.line) for r in plan.refusals for e in r.evidence}
    assert found == {("A", "a.cfg", 10), ("B", "b.cfg", 4)}


def test_the_proof_does_not_trust_it(own: Path) -> None:
    """Without its own check, the example would cut the peer off that needs aggressive mode; the replay finds that."""
    file = own / "no-aggressive-mode" / "strategy.py"
    file.write_text(file.read_text().replace("if users:", "if False:"))
    plan = change(own, AGGRESSIVE).plan
    assert plan.empty
    (reason,) = [refusal.reason for refusal in plan.refusals if refusal.router == "B"]
    assert "gets worse without being announced: up becomes down (aggressive-mode-disabled)" in reason


def test_it_may_import_its_neighbours_and_is_read_anew(own: Path) -> None:
    home = own / "no-aggressive-mode"
    (home / "words.py").write_text('TITLE = "One"\n')
    file = home / "strategy.py"
    file.write_text(
        file.read_text().replace('"""Switch', 'from .words import TITLE\n"""Switch', 1)
        .replace('title="No aggressive mode where nothing needs it"', "title=TITLE")
    )  # fmt: skip
    assert load_own(own, PACKAGED).strategies[0].title == "One"
    (home / "words.py").write_text('TITLE = "Another"\n')
    shutil.rmtree(home / "__pycache__", ignore_errors=True)
    assert load_own(own, PACKAGED).strategies[0].title == "Another"


def test_a_template_of_it_can_be_replaced_too(own: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine" / "strategies" / "no-aggressive-mode" / "aggressive-mode.j2"
    target.parent.mkdir(parents=True)
    target.write_text("! ours\n{% if undo %}no {% endif %}crypto isakmp aggressive-mode disable\n")
    loaded = load_own(own, PACKAGED)
    text = Templates(tmp_path / "mine", loaded.templates).render(
        "strategies/no-aggressive-mode/aggressive-mode.j2", undo=True
    )
    assert text == "! ours\nno crypto isakmp aggressive-mode disable\n"


def test_a_template_of_the_package_is_replaced_by_the_verb(tmp_path: Path) -> None:
    target = tmp_path / "mine" / "strategies" / "single-keyring" / "drop-keyrings.j2"
    target.parent.mkdir(parents=True)
    target.write_text("{% for ring in rings %}\n! ours\nno crypto keyring {{ ring.header }}\n{% endfor %}\n")
    words = ["plan", str(SEED), "-s", "single-keyring", "-o", str(tmp_path / "plan"), "--templates"]
    assert main([*words, str(tmp_path / "mine")]) == 0
    assert "! ours\nno crypto keyring keyring2\n" in (tmp_path / "plan" / "R1" / "apply.cfg").read_text()


def test_a_replaced_template_with_a_missing_value_is_one_sentence(tmp_path: Path) -> None:
    target = tmp_path / "strategies" / "single-keyring" / "drop-keyrings.j2"
    target.parent.mkdir(parents=True)
    target.write_text("no crypto keyring {{ keyring }}\n")
    with pytest.raises(InputError, match=r"drop-keyrings\.j2 cannot be filled in: 'keyring' is undefined\."):
        planned(fleet_in(SEED), templates=Templates(tmp_path))


@pytest.mark.parametrize("name", ["drop-keyrings.j2", "create-keyrings.j2"])
def test_a_replaced_template_with_a_key_in_it_makes_no_plan(tmp_path: Path, name: str) -> None:
    target = tmp_path / "strategies" / "single-keyring" / name
    target.parent.mkdir(parents=True)
    target.write_text("crypto isakmp key Canary-PSK-77 address 203.0.113.9\n")
    with pytest.raises(InputError, match="hold a key or another secret") as caught:
        planned(fleet_in(TESTS / "remediation" / "plans" / "a2-many-keyrings"), templates=Templates(tmp_path))
    assert "Canary" not in str(caught.value)


GOOD = FILES["strategies/no-aggressive-mode/strategy.py"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("STRATEGY = ", "MINE = ", "strategy.py: it must assign a Strategy to STRATEGY"),
        ("def propose(", "def propose((", "strategy.py line 8: it is not Python: "),
        ("import Draft", "import Drafts, Draft", "strategy.py line 3: it cannot be loaded: ImportError: cannot import"),
        ('"""Switch', 'import sys\nsys.exit(3)\n"""Switch', "strategy.py line 2: it cannot be loaded: SystemExit: 3."),
        ('name="no-', 'name="no_', "STRATEGY is called no_aggressive-mode, and its folder no-aggressive-mode;"),
        ("propose=propose", 'propose="propose"', "propose of STRATEGY is not what it should be: a function of a fleet"),
        ("propose=propose", 'propose=propose, waves="all"', "waves of STRATEGY is not what it should be: 'routers' or"),
        ('title="No', 'title="\\nNo', "title of STRATEGY is not what it should be: one line of text."),
        ("for name in request.order", "for name in request.hosts", "strategy.py line 10: no-aggressive-mode failed: Attr"),
        ("fleet.router(name)", 'fleet.router("R9")', "strategy.py line 11: no-aggressive-mode failed: KeyError: 'R9'."),
        ("return Proposal(", "return (", "strategy.py: propose must return a Proposal, not tuple."),
        ('phase="switch"', 'phase="now"', "strategy.py: what propose returns is not a Proposal: Invalid enum value 'now'"),
        ("evidence=router.evidence(*users)", "evidence=()", "must name its reason and its lines"),
        ("router.evidence(keys[0].line)", "()", "the step 'Refuse aggressive mode' on R1 must name the lines"),
        ("router=name,\n                phase", 'router="R9",\n                phase', "is for R9, which this plan must not"),
        ("TEMPLATE, undo=False", "TEMPLATE", "aggressive-mode.j2 cannot be filled in: 'undo' is undefined."),
        ("mode.j2", "modes.j2", "There is no template strategies/no-aggressive-mode/aggressive-modes.j2."),
    ],
)  # fmt: skip
def test_its_mistakes_are_one_sentence(
    own: Path, tmp_path: Path, old: str, new: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in GOOD
    (own / "no-aggressive-mode" / "strategy.py").write_text(GOOD.replace(old, new, 1))
    routers = AGGRESSIVE if "users)" in old else SEED
    words = ["plan", routers, "--strategies", own, "-s", "no-aggressive-mode", "-o", tmp_path / "plan"]
    assert main([str(word) for word in words]) == 2
    shown = capsys.readouterr()
    assert not shown.out and sentence in shown.err and shown.err.count("\n") == 1
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda own: shutil.rmtree(own), "is not a folder; name one that holds your own strategies"),
        (lambda own: shutil.rmtree(own / "no-aggressive-mode"), "There is no strategy in"),
        (lambda own: (own / "no-aggressive-mode" / "page.md").unlink(), "a strategy has a documentation page; write one"),
        (lambda own: (own / "no-aggressive-mode").rename(own / "ikev2"), "there is a strategy ikev2 already"),
        (lambda own: (own / "no-aggressive-mode").rename(own / "No_AM"), "the name of a strategy has lower-case letters"),
    ],
)  # fmt: skip
def test_a_folder_that_will_not_do_is_one_sentence(
    own: Path, make: object, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make(own)  # type: ignore[operator]
    assert main(["plan", str(SEED), "--strategies", str(own), "-s", "no-aggressive-mode", "-o", "x"]) == 2
    shown = capsys.readouterr()
    assert not shown.out and sentence in shown.err and shown.err.count("\n") == 1


def test_names_of_own_strategies_are_offered(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(SEED), "--strategies", str(own), "-s", "none", "-o", "x"]) == 2
    assert "choose one of: single-keyring, ikev2, no-aggressive-mode." in capsys.readouterr().err
    assert main(["plan", str(SEED), "--strategies", str(own), "-o", "x"]) == 2
    assert "how to repair (single-keyring or ikev2 or no-aggressive-mode)" in capsys.readouterr().err


def test_a_folder_that_is_not_named_is_not_loaded(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plan", str(SEED), "-s", "no-aggressive-mode", "-o", "x"]) == 2
    assert "There is no strategy 'no-aggressive-mode'" in capsys.readouterr().err
    assert main(["plan", str(SEED), "--strategies", str(own), "-s", "no-aggressive-mode", "-o", "y"]) == 0
    capsys.readouterr()
    assert main(["plan", str(SEED), "-s", "no-aggressive-mode", "-o", "x"]) == 2, "what was loaded once is no registry"
    assert str(own) not in sys.path


def test_options_of_ikev2_are_not_its_own(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", str(SEED), "--strategies", str(own), "-s", "no-aggressive-mode", "-o", "x", "--new-keys"]
    assert main(words) == 2
    assert "--new-keys belongs to the strategy ikev2" in " ".join(capsys.readouterr().err.split())
