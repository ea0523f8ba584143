"""Which hosts are meant: names and patterns, groups, filters, the first so many."""

from __future__ import annotations

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.session import open_inventory, pick

HOSTS = """\
hub-1: {hostname: 192.0.2.1, groups: [hubs], data: {site: berlin, tags: [core, old]}}
BR1: {hostname: 192.0.2.11, port: 2222, groups: [spokes], data:
  {site: berlin, vlan: 10, lab: true, at: {name: Mitte, floor: null}}}
BR2: {hostname: 192.0.2.12, groups: [spokes], password: Canary-x, data: {site: london, vlan: 100, at: {name: City}}}
"BR[3]": {hostname: 192.0.2.13, groups: [old]}
"""
GROUPS = "hubs: {groups: [vpn]}\nspokes: {groups: [vpn], data: {role: spoke}}\nvpn: {}\nold: {groups: [a/b]}\na/b: {}\n"
DEFAULTS = "platform: ios\ndata: {owner: noc}\n"


@pytest.fixture
def nornir(tmp_path):
    for name, text in (("hosts", HOSTS), ("groups", GROUPS), ("defaults", DEFAULTS)):
        (tmp_path / f"{name}.yaml").write_text(text)
    return open_inventory(tmp_path)


def chosen(nornir, *names, **others):
    return " ".join(pick(nornir, names, **others).inventory.hosts)


@pytest.mark.parametrize(
    ("names", "hosts"),
    [
        (["BR*"], "BR1 BR2 BR[3]"),
        (["BR?", "hub-1"], "hub-1 BR1 BR2"),
        (["BR[12]"], "BR1 BR2"),
        (["BR[3]"], "BR[3]"),  # a name comes before a pattern
        (["BR[!1]"], "BR2"),
        ([], "hub-1 BR1 BR2 BR[3]"),
    ],
)
def test_names_and_patterns(nornir, names, hosts):
    assert chosen(nornir, *names) == hosts


@pytest.mark.parametrize(
    ("groups", "hosts"),
    [
        (["spokes"], "BR1 BR2"),
        (["vpn"], "hub-1 BR1 BR2"),
        (["hubs", "old"], "hub-1 BR[3]"),
        (["*s"], "hub-1 BR1 BR2"),
        (["a/b"], "BR[3]"),
    ],
)
def test_groups_at_once_and_through_others(nornir, groups, hosts):
    assert chosen(nornir, groups=groups) == hosts


@pytest.mark.parametrize(
    ("filters", "hosts"),
    [
        (["site=berlin"], "hub-1 BR1"),
        (["site!=berlin"], "BR2 BR[3]"),
        (["site=berlin", "role=spoke"], "BR1"),  # role comes from a group
        (["owner=noc"], "hub-1 BR1 BR2 BR[3]"),  # from the defaults
        (["at__name=M*"], "BR1"),
        (["at__floor="], "BR1"),
        (["vlan=10"], "BR1"),
        (["lab=true"], "BR1"),
        (["tags=core"], "hub-1"),
        (["groups=vpn"], "hub-1 BR1 BR2"),
        (["name=BR1"], "BR1"),
        (["port=2222"], "BR1"),
        (["platform=ios", "hostname=192.0.2.1?"], "BR1 BR2 BR[3]"),
    ],
)
def test_filters_are_true_together(nornir, filters, hosts):
    assert chosen(nornir, filters=filters) == hosts


def test_the_first_of_what_is_chosen(nornir):
    assert chosen(nornir, "BR*", limit=2) == "BR1 BR2"
    assert chosen(nornir, limit=9) == "hub-1 BR1 BR2 BR[3]"


def test_all_of_it_together(nornir):
    assert chosen(nornir, "BR*", groups=["spokes"], filters=["site=london"], limit=1) == "BR2"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"names": ["XX*"]}, "no host 'XX*'; it has hub-1, BR1, BR2, BR[3]"),
        ({"names": ["br1"]}, "did you mean BR1"),
        ({"groups": ["spoke"]}, "no group 'spoke'; did you mean spokes"),
        ({"filters": ["sit=berlin"]}, "no host has 'sit'; did you mean site"),
        ({"filters": ["at__nam=x"]}, "no host has 'at__nam'"),
        ({"filters": ["site=paris"]}, "No host is chosen: none of the 4 in the inventory fits --filter site=paris"),
        ({"names": ["hub*"], "groups": ["spokes"]}, "fits --host hub* --group spokes"),
        ({"filters": ["site"]}, "KEY=VALUE"),
        ({"filters": ["=berlin"]}, "KEY=VALUE"),
        ({"filters": ["password=Canary-x"]}, "secrets of the inventory are not looked for"),
        ({"limit": 0}, "at least 1"),
    ],
)
def test_nothing_chosen_and_mistakes_are_said(nornir, given, words):
    with pytest.raises(InputError) as caught:
        pick(nornir, **given)
    assert words in str(caught.value) and "Canary" not in str(caught.value)
