"""Layouts of the show commands that read the configuration (DOMAIN 9)."""

from __future__ import annotations

from ikeaudit.lab import Console, LabRouter
from ikeaudit.lab.blocks import binding, blocks

KEYS = """\
hostname R1
crypto keyring keyring1
  pre-shared-key address 192.168.0.0 255.255.0.0 key cisco
crypto keyring keyring2
  pre-shared-key address 192.168.0.2 key cisco2
crypto keyring INET vrf INET
  pre-shared-key address 0.0.0.0 0.0.0.0 key <PSK:0123456789abcdef>
  pre-shared-key hostname peer.example key 6 BLOB
crypto isakmp key cisco3 address 0.0.0.0
interface Tunnel1
 tunnel source Gi0/0
 tunnel protection ipsec profile P
interface Gi0/0
 ip address 192.0.2.1 255.255.255.0
 crypto map CM
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.2
end
"""


def test_keys_as_the_seed_shows_them() -> None:
    console = Console(LabRouter("R1", KEYS))
    # Three lines of the seed, to the column; the last two rows follow its layout.
    assert console.send("show crypto isakmp key").splitlines() == [
        "Keyring      Hostname/Address                            Preshared Key",
        "",
        "default      0.0.0.0        [0.0.0.0        ]            cisco3",
        "keyring1     192.168.0.0    [255.255.0.0    ]            cisco",
        "keyring2     192.168.0.2                                 cisco2",
        "INET (INET)  0.0.0.0        [0.0.0.0        ]            <PSK:0123456789abcdef>",
        "INET (INET)  peer.example                                BLOB",
    ]


def test_an_ikev2_profile_and_proposal() -> None:
    text = (
        "hostname R1\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n integrity sha384\n group 20 19\n"
        "crypto ikev2 profile F\n match identity remote address 192.0.2.2 255.255.255.255\n"
        " authentication local pre-share\n authentication remote pre-share\n keyring local K\nend\n"
    )
    console = Console(LabRouter("R1", text))
    assert "DH_GROUP_384_ECP/Group 20 DH_GROUP_256_ECP/Group 19" in console.send("show crypto ikev2 proposal")
    shown = console.send("show crypto ikev2 profile F")
    assert "   address 192.0.2.2 255.255.255.255" in shown
    assert " Keyring: K" in shown
    assert console.send("show crypto ikev2 profile G") == ""


def test_blocks_end_where_the_indent_ends() -> None:
    found = list(blocks(KEYS, "crypto keyring "))
    assert [block.header for block in found] == [
        "crypto keyring keyring1",
        "crypto keyring keyring2",
        "crypto keyring INET vrf INET",
    ]
    assert found[2].children[1] == "pre-shared-key hostname peer.example key 6 BLOB"


def test_binding_names_the_lines_that_hold_a_tunnel_up() -> None:
    assert binding(KEYS, "Tunnel1", "Gi0/0") == (
        "tunnel source Gi0/0",
        "tunnel protection ipsec profile P",
        "ip address 192.0.2.1 255.255.255.0",
    )
    assert binding(KEYS, "Gi0/0 CM 10", "Gi0/0") == ("crypto map CM", "crypto map CM 10 ipsec-isakmp")
    assert binding(KEYS, "Gi0/0 CM 20", "Gi0/0") == ()
    assert binding(KEYS, "Tunnel2", None) == ()
