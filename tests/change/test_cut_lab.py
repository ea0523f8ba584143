"""What a step takes away comes back word for word, though the plan holds nothing of it: free text, and what no table knows."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from change_lab import OPTIONS, night, pairs

from ikeaudit.change import roll_back
from ikeaudit.fleet import Fleet
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.remediation.strategies.contract import Draft, Proposal, Request, Strategy
from ikeaudit.snapshot.workspace import Workspace

pytestmark = pytest.mark.ssh

SPARE = """\
crypto keyring spare
  description rack 7, ask Canary-noc
  frobnicate with Canary words
"""


def _propose(fleet: Fleet, request: Request) -> Proposal:
    """Delete the spare keyring; the way back is its lines as the model's text has them."""
    drafts = []
    for name in request.order[:1]:
        lines = list(fleet.router(name).lines)
        at = lines.index("crypto keyring spare")
        section = [lines[at], *(line for line in lines[at + 1 : at + 3])]
        drafts.append(
            Draft(
                router=name,
                phase="cleanup",
                title="Delete spare",
                apply="no crypto keyring spare\n",
                rollback="\n".join(section),
            )
        )
    return Proposal(tuple(drafts))


def with_spare(tmp_path, monkeypatch):
    """Two routers with the spare keyring, of a release whose keyrings have commands that no table knows."""
    keyring = LANGUAGES["keyring"]
    monkeypatch.setattr(keyring, "mode", msgspec.structs.replace(keyring.mode, accepts_any=True))
    texts = {
        name: text.replace("crypto isakmp policy 10", f"{SPARE}!\ncrypto isakmp policy 10", 1)
        for name, text in pairs(1).items()
    }
    return night(tmp_path, texts, DELETE)


def elsewhere(night, tmp_path):
    """The same plan and routers in a workspace that was never used: with another key, all fingerprints differ."""
    return replace(night.setting, workspace=Workspace.open(tmp_path / "other"), under_way=[])


DELETE = Strategy(name="delete-spare", title="Delete a keyring", documentation="", propose=_propose)


@pytest.mark.parametrize("workspace", ["the plan's", "another"])
def test_a_keyring_with_free_text_and_an_unknown_line_comes_back(tmp_path, monkeypatch, workspace):
    with with_spare(tmp_path, monkeypatch) as n:
        (rollback,) = {step.rollback for step in n.setting.plan.steps}
        assert [line.split("<")[0] for line in rollback] == ["crypto keyring spare", "description ", ""]
        assert "Canary" not in "".join(rollback)
        (name,) = (step.router for step in n.setting.plan.steps)
        before = n.running(name)
        assert n.apply().result == "committed"
        assert not any("spare" in line or "Canary-noc" in line for line in n.running(name))
        setting = n.setting if workspace == "the plan's" else elsewhere(n, tmp_path)
        assert roll_back(setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
        assert sorted(n.running(name)) == sorted(before)
        written = "".join(f.read_text(errors="replace") for f in tmp_path.rglob("*") if f.is_file())
        assert "Canary-noc" not in written + "".join(n.said) and "Canary words" not in written + "".join(n.said)


@pytest.mark.parametrize("workspace", ["the plan's", "another"])
def test_without_the_copy_nothing_is_sent_and_the_sentence_says_why(tmp_path, monkeypatch, workspace):
    """The copy on the router's flash is where the words are once the keyring is gone."""
    with with_spare(tmp_path, monkeypatch) as n:
        (name,) = (step.router for step in n.setting.plan.steps)
        assert n.apply().result == "committed"
        router = n.lab.router(name)
        for copy in list(router.flash.names):
            n.lab.do(lambda copy=copy: router.flash.delete(copy))
        after = n.running(name)
        setting = n.setting if workspace == "the plan's" else elsewhere(n, tmp_path)
        report = roll_back(setting, OPTIONS, n.said.append, everything=True)
        assert (report.result, {r.state for r in report.routers}) == ("state-unknown", {"unknown"})
        assert any("<CUT:" in line and "no line of the roll-back was sent" in line for line in n.said)
        assert n.running(name) == after
