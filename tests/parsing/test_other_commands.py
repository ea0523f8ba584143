"""Commands that configurations of other origins brought up: each is understood, or known not to matter."""

import pytest
from parsed import config, router, unknown_lines

from ikeaudit.model import parse_address
from ikeaudit.parsing.operands import interface, interface_name


def body(header: str, *lines: str) -> str:
    """A section with its commands."""
    return "\n".join(["hostname R1", header, *(f" {line}" for line in lines)]) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        body("aaa group server tacacs+ ISE", "server name T", "ip vrf forwarding MGMT", "vrf forwarding MGMT"),
        body("object-group network N", "host 10.0.0.1", "10.1.0.0 255.255.0.0"),
        body("ip dhcp pool P", "host 10.0.0.9 255.255.255.0", "client-identifier 0100.1111.2222.33"),
        body("webvpn gateway G", "ip address 192.0.2.1 port 443", "inservice"),
        body("sdwan", "interface GigabitEthernet1", " tunnel-interface", "  encapsulation ipsec weight 1"),
        body("ip access-list role-based R", "permit ip"),
        body(
            "crypto gdoi group G", "identity number 1", "server local", " sa ipsec 1", "  profile P", "  replay time 5"
        ),
        body("crypto map M gdoi fail-close", "match address 102", "activate"),
        body("crypto ca root C", "root tftp 10.0.0.1 x"),
        body("crypto ipsec profile P", "virtual-template 1"),
        body("crypto ikev2 profile P", "match identity remote any", "dynamic", "config-mode set"),
        body("interface Sdwan-system-intf", "ip unnumbered Loopback1"),
        body("interface Dot11Radio0.1", "no ip address"),
        body("interface Vlan10", "crypto connect vlan 20"),
        body(
            "interface Tunnel1",
            "no nhrp route-watch",
            "ip nhrp multicast batch-size 5",
            "tunnel 6rd prefix 2001:db8::/32",
        ),
        "hostname R1\ncrypto ctcp port 10000\ncrypto isakmp ssp 1\nno crypto isakmp ccm\ncrypto ikev2 cts sgt\n",
        "hostname R1\nip host x mx 10 mail.example.com\nipv6 route static bfd Gi0/0 FE80::1\nip route topology T\n",
        "hostname R1\ncrypto keyring K\n  no pre-shared-key address 10.0.0.9\n",
    ],
)
def test_known_and_harmless(text: str) -> None:
    found = config(f"{text}interface Loopback0\n")
    assert (found.kind, found.unknown) == ("ios", ())


def test_an_access_list_of_another_kind_is_not_appended_to_the_one_before() -> None:
    text = "ip access-list extended A\n permit ip any any\nip access-list role-based R\n permit ip\n"
    found = router("hostname R1\n" + text + "crypto map CM 10 ipsec-isakmp\n match address A\n")
    assert [(acl.name, len(acl.entries)) for acl in found.acls] == [("A", 1)]


def test_ipv6_crypto_map_of_an_interface() -> None:
    found = router(body("interface GigabitEthernet0/0", "crypto map FOUR", "ipv6 crypto map SIX"))
    assert [bound.name for bound in found.interfaces[0].crypto_maps] == ["FOUR", "SIX"]


def test_older_names_of_an_isakmp_peer() -> None:
    found = router(
        "hostname R1\ncrypto isakmp peer ip-address 10.0.0.2 vrf V\n set aggressive-mode password p\n"
        "crypto isakmp peer fqdn a.example.com\n set aggressive-mode password q\n"
    )
    assert [(peer.address, peer.hostname, peer.vrf) for peer in found.isakmp.peers] == [
        (parse_address("10.0.0.2"), None, "V"),
        (None, "a.example.com", None),
    ]


def test_numbered_remarks_of_an_access_list() -> None:
    parsed = config(
        "ip access-list extended A\n 10 remark to the other site\n 10 permit ip any any\n"
        "crypto map M 1 ipsec-isakmp\n match address A\n set peer 10.0.0.2\n"
    )
    assert parsed.unknown == ()


@pytest.mark.parametrize(
    ("typed", "algorithms"),
    [
        ("esp-3des esp-md5", ("esp-3des", "esp-md5-hmac")),
        ("esp-aes 128 esp-sha", ("esp-aes", "esp-sha-hmac")),
        ("esp-256-aes esp-sha256-hmac", ("esp-aes 256", "esp-sha256-hmac")),
    ],
)
def test_one_spelling_for_one_transform_set(typed: str, algorithms: tuple[str, ...]) -> None:
    assert router(f"crypto ipsec transform-set T {typed}\n").transform_sets[0].algorithms == algorithms


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("f0/0", "FastEthernet0/0"),
        ("t0", "Tunnel0"),
        ("t1/0/1", "TenGigabitEthernet1/0/1"),
        ("g0/0", "GigabitEthernet0/0"),
        ("dot11radio0", "Dot11Radio0"),
    ],
)
def test_interface_names_as_typed(short: str, full: str) -> None:
    assert interface_name(short) == full
    assert interface(short) == full


def test_abbreviations_belong_to_the_mode_first() -> None:
    found = router(
        "hostname R1\ncry ikev2 prop P\nenc aes-cbc-256\nint sha256\ngr 14\n"
        "cry isa prof PR\nvrf IN\nin mod agg\n"
        "int g0/0\nip vrf for OUT\nip add 10.0.0.1 255.255.255.0\ncry map M\n"
        "int t0\ntun mod ips ipv4\nip nhr map mul dyn\n"
        "cry map M 20 ipsec-isa dyn D\naccess-l 101 per ip any any\n"
    )
    (proposal,) = found.ikev2.proposals
    assert (proposal.integrity, proposal.groups) == (("sha256",), ("14",))
    assert found.isakmp_profiles[0].initiate_mode == "aggressive"
    physical, tunnel = found.interfaces
    assert (physical.name, physical.vrf) == ("GigabitEthernet0/0", "OUT")
    assert [bound.name for bound in physical.crypto_maps] == ["M"]
    assert tunnel.tunnel is not None
    assert (tunnel.name, tunnel.tunnel.mode) == ("Tunnel0", "ipsec ipv4")
    assert [(entry.kind, entry.reference) for entry in found.crypto_maps[0].entries] == [("dynamic", "D")]
    assert found.unknown == ()


def test_policies_typed_in_capitals() -> None:
    (policy,) = router("HOSTNAME R1\nCRYPTO ISAKMP POLICY 10\n ENCR AES 256\n HASH SHA256\n").isakmp_policies
    assert (policy.encryption, policy.hash) == ("aes 256", "sha256")


def test_a_misspelt_command_without_indentation_is_not_dropped() -> None:
    parsed = config("crypto ipsec profile P\nset transform-set T\nset security-association rekey margin 5\n")
    assert unknown_lines(parsed) == [3]


def test_a_glued_crypto_map_is_not_dropped() -> None:
    assert unknown_lines(config("interface GigabitEthernet0/0\n ip address dhcp\n cryptomap CM\n")) == [3]


def test_a_name_that_redaction_cut_is_not_taken_for_a_name() -> None:
    parsed = config("crypto isakmp profile P\n   key K\n   match identity address 10.0.0.2\n")
    assert parsed.router is not None
    assert parsed.router.isakmp_profiles[0].keyrings == ()
    assert unknown_lines(parsed) == [2]
