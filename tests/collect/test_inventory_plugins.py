"""A Nornir configuration with any plugin works as it is, and no word of a plugin gets out."""

from __future__ import annotations

import logging
import sys
from collections import Counter

import pytest
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.inventory import InventoryPluginRegister, TransformFunctionRegister
from nornir.plugins.inventory import simple
from nornir.plugins.runners import SerialRunner

from ikeaudit.model.errors import InputError
from ikeaudit.session import inventory_simple, keychain, open_inventory, pick

SECRET = "Canary-inv-7Qx"


class Ours:
    """An inventory plugin as somebody writes one: ``how`` says what becomes of it."""

    def __init__(self, how: str = "well", url: str = "") -> None:
        self.how = how

    def load(self) -> Inventory | None:
        print(f"my secret is {SECRET}")
        logging.getLogger("ours").error("my secret is %s", SECRET)
        if self.how == "exits":
            sys.exit(f"{SECRET} is wrong")
        if self.how == "fails":
            raise ValueError(f"{SECRET} is no number")
        if self.how == "is refused":
            raise ConnectionRefusedError(111, SECRET)
        options = {"netmiko": ConnectionOptions(extras={"use_keys": "True", "allow_agent": "false"})}
        hosts = Hosts(
            {
                "R1": Host("R1", "192.0.2.1", "2222", platform="Cisco IOS", connection_options=options),
                "R2": Host("R2", "192.0.2.2", "", platform="cisco-ios-xe", data={"site": "berlin"}),
            }
        )
        if self.how == "nobody":
            hosts = Hosts()
        if self.how == "nothing":
            return None
        if self.how == "other things":
            hosts["panel 1/2"] = Host("panel 1/2", "panel 1/2")
        if self.how == "numbers":
            hosts["R3"] = Host("R3", "192.0.2.3", password=20260101)
        return Inventory(hosts=hosts, groups=Groups(), defaults=Defaults())


def passwords(host, suffix: str = "") -> None:
    """A transform function: the password is the name, and what is asked for."""
    if suffix == "fails":
        raise KeyError(SECRET)
    host.password = f"{host.name}{suffix}"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(InventoryPluginRegister.available, "Ours", Ours)
    monkeypatch.setitem(TransformFunctionRegister.available, "passwords", passwords)


@pytest.fixture
def opened(tmp_path):
    def opened(text, **options):
        (tmp_path / "config.yaml").write_text(text)
        return open_inventory(tmp_path / "config.yaml", **options)

    return opened


def test_a_plugin_and_a_transform_function(opened):
    nornir = opened(
        "inventory:\n  plugin: Ours\n  transform_function: passwords\n  transform_function_options: {suffix: '!'}\n"
        "runner: {plugin: serial}\nuser_defined: {x: 1}\nlogging: {enabled: true, log_file: nornir.log}\n"
    )
    one, two = nornir.inventory.hosts.values()
    assert (one.port, one.platform, two.port, two.platform) == (2222, "cisco_ios", None, "cisco_xe")
    assert one.connection_options["netmiko"].extras == {"use_keys": True, "allow_agent": False}
    assert keychain([two], environ={"IKEAUDIT_USERNAME": "ann", "IKEAUDIT_PASSWORD": "no"}).of(two).password == "R2!"
    assert isinstance(nornir.runner, SerialRunner)
    assert nornir.config.logging.enabled is False
    assert list(pick(nornir, filters=["site=berlin"]).inventory.hosts) == ["R2"]


@pytest.mark.parametrize(("given", "workers", "expected"), [("", None, 50), ("7", None, 7), ("7", 3, 3), ("", 3, 3)])
def test_how_many_workers(opened, given, workers, expected):
    runner = f"runner: {{options: {{num_workers: {given}}}}}\n" if given else ""
    assert opened(f"inventory: {{plugin: Ours}}\n{runner}", workers=workers).runner.num_workers == expected


def test_a_simple_inventory_by_its_configuration(tmp_path, opened, monkeypatch):
    (tmp_path / "routers.yaml").write_text("R1: {hostname: 192.0.2.1}\n")
    text = "inventory: {plugin: SimpleInventory, options: {host_file: routers.yaml}}\nssh: {config_file: mine}\n"
    monkeypatch.chdir(tmp_path)  # Nornir looks for its files from where one stands
    nornir = opened(text)
    assert list(nornir.inventory.hosts) == ["R1"] and nornir.config.ssh.config_file == "mine"


def test_files_lie_where_one_stands_or_beside_the_configuration(tmp_path, opened, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "hosts.yaml").write_text("R1: {groups: [a]}\n")
    (tmp_path / "groups.yaml").write_text("a: {}\n")
    (tmp_path / "here" / "groups.yaml").write_text("b: {}\n")  # of somebody else's
    nornir = opened("inventory: {plugin: SimpleInventory}")
    assert [*nornir.inventory.hosts, *nornir.inventory.groups] == ["R1", "a"]
    (tmp_path / "here" / "hosts.yaml").write_text("R2: {groups: [b]}\n")  # now Nornir itself would find them
    nornir = opened("inventory: {plugin: SimpleInventory}")
    assert [*nornir.inventory.hosts, *nornir.inventory.groups] == ["R2", "b"]
    assert list(opened("inventory: {plugin: Ours, options: {url: hosts.yaml}}").inventory.hosts) == ["R1", "R2"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("exits", "the inventory plugin Ours failed: it ended with SystemExit; look at http://127.0.0.1:9"),
        ("fails", "the inventory plugin Ours failed: it ended with ValueError"),
        ("is refused", "no connection (ConnectionRefusedError); look at http://127.0.0.1:9"),
        ("nobody", "the inventory plugin Ours delivers no hosts"),
        ("nothing", "the inventory plugin Ours delivers no hosts"),
        ("numbers", "the password of R3 must be a text"),
    ],
)
def test_what_a_plugin_says_is_not_told(opened, capfd, caplog, how, words):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(InputError) as caught:
        opened(f"inventory: {{plugin: Ours, options: {{how: {how}, url: 'http://ann:{SECRET}@127.0.0.1:9/api'}}}}")
    assert words in str(caught.value)
    out, err = capfd.readouterr()
    for text in (str(caught.value), repr(caught.value), out, err, caplog.text):
        assert SECRET not in text
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_what_a_source_of_truth_has_beside_routers_is_in_nobodys_way(opened):
    nornir = opened("inventory: {plugin: Ours, options: {how: other things}}")
    assert list(nornir.inventory.hosts) == ["R1", "R2", "panel 1/2"]


@pytest.mark.parametrize(
    "token",
    [
        f"http://[{SECRET}@",
        f"http://ann:{SECRET}/z@127.0.0.1:9/api",
        f"{SECRET}{'x' * 5000}",
        f"~{SECRET}/x",
        f"{SECRET}/../{'y' * 300}",
    ],
)
def test_a_token_is_not_told_as_the_name_of_a_file(opened, token):
    assert list(opened(f"inventory: {{plugin: Ours, options: {{url: '{token}'}}}}").inventory.hosts) == ["R1", "R2"]
    with pytest.raises(InputError) as caught:
        opened(f"inventory: {{plugin: Ours, options: {{how: fails, url: '{token}'}}}}")
    assert SECRET not in str(caught.value)


def test_options_that_a_plugin_does_not_have(opened):
    with pytest.raises(InputError, match=r"options of the inventory plugin Ours do not fit .*'hwo'"):
        opened(f"inventory: {{plugin: Ours, options: {{hwo: {SECRET}}}}}")


def test_a_transform_function_that_fails(opened):
    with pytest.raises(InputError) as caught:
        opened("inventory: {plugin: Ours, transform_function: passwords, transform_function_options: {suffix: fails}}")
    assert "the transform function passwords failed: it ended with KeyError" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_what_opening_costs_grows_with_the_hosts_and_no_faster(tmp_path, monkeypatch):
    """Each file is read once, by ikeaudit alone, and each entry looked at once."""
    done = Counter()

    def counted(name):
        plain = getattr(inventory_simple, name)

        def call(*args, **options):
            done[name] += 1
            return plain(*args, **options)

        monkeypatch.setattr(inventory_simple, name, call)

    for name in ("read_inventory", "_check_fields", "_element", "_found"):
        counted(name)
    monkeypatch.delattr(simple.SimpleInventory, "load")
    (tmp_path / "hosts.yaml").write_text(
        "".join(f"R{n}:\n  hostname: 10.0.0.{n}\n  groups: [spokes]\n  data: {{site: berlin}}\n" for n in range(200))
    )
    (tmp_path / "groups.yaml").write_text("spokes: {platform: cisco_ios, username: ann, password: x}\n")
    chosen = pick(open_inventory(tmp_path), ["R9*"], filters=["site=berlin"])
    keychain(chosen.inventory.hosts.values(), environ={})
    assert len(chosen.inventory.hosts) == 11
    assert done == {"read_inventory": 2, "_check_fields": 202, "_element": 201, "_found": 201}
