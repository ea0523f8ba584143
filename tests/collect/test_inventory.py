"""A bad inventory is one clear sentence with exit code 2."""

from __future__ import annotations

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.session import Credentials, Keychain, keychain, open_inventory, pick

HOSTS = """\
R1: {hostname: 192.0.2.1}
R2: {hostname: 192.0.2.2, username: ann, password: Canary-inv}
hub-1: {hostname: 192.0.2.3}
"""


def refusal(folder, **files):
    """The sentence that an inventory of ``files`` is refused with."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        open_inventory(folder)
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".")
    return sentence


def test_a_missing_folder(tmp_path):
    with pytest.raises(InputError, match=r"There is no inventory at .*nowhere; name its folder with --inventory"):
        open_inventory(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "hosts.yaml").write_text(HOSTS)
    with pytest.raises(InputError, match="is not a folder"):
        open_inventory(tmp_path / "hosts.yaml")


def test_no_hosts_file(tmp_path):
    assert "has no hosts.yaml" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["", "{}\n", "# nobody\n"])
def test_an_empty_hosts_file(tmp_path, text):
    assert "names no hosts" in refusal(tmp_path, hosts=text)


def test_broken_yaml_names_the_line(tmp_path):
    assert "hosts.yaml is not valid YAML, line 3" in refusal(tmp_path, hosts="R1:\n  hostname: 192.0.2.1\n port: 22\n")


def test_a_duplicate_host_names_the_line(tmp_path):
    assert "line 2" in refusal(tmp_path, hosts="R1: {hostname: 192.0.2.1}\nR1: {hostname: 192.0.2.2}\n")


def test_a_binary_file(tmp_path):
    (tmp_path / "hosts.yaml").write_bytes(b"\xff\xfe\x00R1")
    assert "cannot be read as text" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- R1\n- R2\n", "must be a mapping"),
        ("R1: 192.0.2.1\n", "R1 must be a mapping"),
        ("R1: {hostname: 192.0.2.1, port: ssh}\n", "port of R1 must be a number"),
        ("R1: {hostname: 192.0.2.1, groups: spokes}\n", "groups of R1 must be a list"),
        ("R1: {hostname: 192.0.2.1, groups: [spokes]}\n", "R1 is in the group 'spokes'"),
        ("R1: {hostname: 192.0.2.1, connection_options: {netmiko: fast}}\n", "connection_options of R1"),
        ("1: {hostname: 192.0.2.1}\n", "put it in quotes"),
        ("../R1: {hostname: 192.0.2.1}\n", "cannot be the name of a folder"),
    ],
)
def test_the_shape_is_checked(tmp_path, text, said):
    assert said in refusal(tmp_path, hosts=text)


def test_broken_groups(tmp_path):
    assert "groups.yaml" in refusal(tmp_path, hosts=HOSTS, groups="a: [")


@pytest.fixture
def nornir(tmp_path):
    (tmp_path / "hosts.yaml").write_text(HOSTS)
    return open_inventory(tmp_path)


def test_all_hosts_without_a_filter(nornir):
    assert list(pick(nornir, []).inventory.hosts) == ["R1", "R2", "hub-1"]


def test_only_the_hosts_asked_for(nornir):
    assert list(pick(nornir, ["hub-1", "R1"]).inventory.hosts) == ["R1", "hub-1"]


@pytest.mark.parametrize(
    ("name", "close"), [("r1", "did you mean R1"), ("hub1", "did you mean hub-1"), ("zzzzzz", "it has R1, R2, hub-1")]
)
def test_an_unknown_host_names_those_that_come_close(nornir, name, close):
    with pytest.raises(InputError) as caught:
        pick(nornir, ["R2", name])
    assert f"no host {name!r}" in str(caught.value) and close in str(caught.value)


def test_nornir_writes_no_log_file(nornir, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nornir.run(task=lambda task: None, name="nothing")
    assert not (tmp_path / "nornir.log").exists()


ENV = {"IKEAUDIT_USERNAME": "bob", "IKEAUDIT_PASSWORD": "Canary-env", "IKEAUDIT_ENABLE": ""}


NEAREST = {
    "a host": ("R: {username: ann, password: own}", "", "", ("ann", "own", None)),
    "a host's name only": ("R: {username: ann}", "", "", ("ann", "Canary-env", None)),
    "a host's options": (
        "R: {username: no, connection_options: {netmiko: {username: ann, extras: {secret: s}}}}",
        "",
        "",
        ("ann", "Canary-env", "s"),
    ),
    "a group": ("R: {groups: [g]}", "g: {username: ann, password: own}", "", ("ann", "own", None)),
    "a group's group": ("R: {groups: [g]}", "g: {groups: [h]}\nh: {password: own}", "", ("bob", "own", None)),
    "a group's options": (
        "R: {groups: [g]}",
        "g: {connection_options: {netmiko: {password: own, extras: {secret: s}}}}",
        "",
        ("bob", "own", "s"),
    ),
    "the defaults": ("R: {}", "", "username: ann\npassword: own", ("bob", "Canary-env", None)),
    "the defaults' options": (
        "R: {connection_options: {netmiko: {port: 22}}}",
        "",
        "connection_options: {netmiko: {username: ann, password: own, extras: {secret: s}}}",
        ("bob", "Canary-env", "s"),
    ),
}


@pytest.mark.parametrize(("hosts", "groups", "defaults", "expected"), NEAREST.values(), ids=NEAREST)
def test_what_is_nearest_to_the_host_counts(tmp_path, hosts, groups, defaults, expected):
    """Host and groups beat the environment, which beats what the inventory says of all."""
    for name, text in (("hosts", hosts), ("groups", groups), ("defaults", defaults)):
        (tmp_path / f"{name}.yaml").write_text(text)
    host = open_inventory(tmp_path).inventory.hosts["R"]
    keys = keychain([host], environ=ENV)
    for _ in range(2):  # Nornir copies defaults into the host's options when it is first asked
        found = keys.of(host)
        assert (found.username, found.password, found.enable) == expected


def test_the_defaults_come_before_the_prompt(tmp_path):
    (tmp_path / "hosts.yaml").write_text("R: {}")
    (tmp_path / "defaults.yaml").write_text("username: ann\npassword: own")
    host = open_inventory(tmp_path).inventory.hosts["R"]
    assert keychain([host], environ={}, ask=None).of(host).password == "own"


def test_the_inventory_comes_before_the_prompt(nornir):
    asked = []

    def ask(known):
        asked.append(known)
        return Credentials("eve", "typed", "typed-enable")

    keys = keychain(nornir.inventory.hosts.values(), environ={}, ask=ask)
    assert len(asked) == 1
    two, one = keys.of(nornir.inventory.hosts["R2"]), keys.of(nornir.inventory.hosts["R1"])
    assert (two.username, two.password, two.enable) == ("ann", "Canary-inv", "typed-enable")
    assert (one.username, one.password) == ("eve", "typed")


def test_nobody_to_ask_names_the_hosts_and_the_variables(nornir):
    with pytest.raises(InputError) as caught:
        keychain(nornir.inventory.hosts.values(), environ={}, ask=None)
    assert "R1, hub-1" in str(caught.value) and "R2" not in str(caught.value)
    assert "IKEAUDIT_PASSWORD" in str(caught.value)


def test_nothing_is_asked_when_all_is_known(nornir):
    hosts = pick(nornir, ["R2"]).inventory.hosts.values()
    assert keychain(hosts, environ={}, ask=None).of(next(iter(hosts))).username == "ann"


def test_an_ssh_key_needs_no_password(tmp_path):
    (tmp_path / "hosts.yaml").write_text(
        "R1: {hostname: 192.0.2.1, username: ann, connection_options: {netmiko: {extras: {use_keys: true, secret: s}}}}\n"
    )
    host = open_inventory(tmp_path).inventory.hosts["R1"]
    credentials = keychain([host], environ={}, ask=None).of(host)
    assert credentials.password is None and credentials.enable == "s"


def test_no_secret_in_any_text():
    credentials = Credentials("ann", "Canary-a", "Canary-b")
    for text in (
        repr(credentials),
        str(credentials),
        repr(Keychain(credentials, credentials)),
        f"{credentials!r:>200}",
    ):
        assert "Canary" not in text and "ann" in text
