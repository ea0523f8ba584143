"""What the inventory gives netmiko that cannot be used: named before anything is sent, in one sentence."""

from __future__ import annotations

import pytest

from ikeaudit.session import Credentials, SessionError, open_inventory
from ikeaudit.session.connect import session

EXTRAS = "  connection_options: {netmiko: {extras: %s}}\n"


@pytest.mark.parametrize(
    ("extras", "said"),
    [
        (
            "{key_file: nowhere/id_rsa}",
            "nowhere/id_rsa, key_file in the inventory, cannot be used: no such file or directory",
        ),
        (
            "{use_keys: true, key_file: inventory}",
            "inventory, key_file in the inventory, cannot be used: a folder",
        ),
        ("{key_file: [a, b]}", "key_file in the inventory must be the name of a file"),
        ("{colour: red}", "netmiko has no argument colour, which connection_options in the inventory give it"),
        ("{device_type: juniper_junos}", "the inventory gives its platform as juniper_junos"),
    ],
)
def test_it_is_named(inventory, tmp_path, closed_port, monkeypatch, extras, said):
    monkeypatch.chdir(tmp_path)
    nornir = open_inventory(inventory(EXTRAS % extras, R1=closed_port))
    with (
        pytest.raises(SessionError) as caught,
        session(nornir.inventory.hosts["R1"], nornir.config, Credentials("lab", "pw")),
    ):
        pass
    assert said in str(caught.value)
    assert "Error" not in str(caught.value)


def test_a_key_that_is_there_is_taken(inventory, tmp_path, closed_port, monkeypatch):
    """It is the connection then that is refused: whether the key is one, the library tells."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key").write_text("no key")
    nornir = open_inventory(inventory(EXTRAS % "{key_file: key}", R1=closed_port))
    with (
        pytest.raises(SessionError) as caught,
        session(nornir.inventory.hosts["R1"], nornir.config, Credentials("lab", "pw")),
    ):
        pass
    assert "key_file" not in str(caught.value)
