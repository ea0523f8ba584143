"""What captures, notes and tools of other origins do to a configuration."""

import pytest
from parsed import clear, config, configs, cut, router, unknown_lines


def test_several_blanks_between_words() -> None:
    found = router("hostname   R1\ncrypto ipsec  profile   P\n set  transform-set   T\n")
    assert (found.hostname, found.ipsec_profiles[0].name) == ("R1", "P")
    assert [named.name for named in found.ipsec_profiles[0].transform_sets] == ["T"]


def test_prompts_of_every_mode() -> None:
    found = router(
        "csr1(config)# crypto ipsec transform-set T esp-aes esp-sha-hmac\n"
        "csr1(cfg-crypto-trans)# mode transport\n"
        "csr1(config)# crypto ipsec profile P\n"
        "csr1(ipsec-profile)# set transform-set T\n"
        "csr1(gdoi-local-server)#sa ipsec 1\n"
    )
    assert found.transform_sets[0].mode == "transport"
    assert [named.name for named in found.ipsec_profiles[0].transform_sets] == ["T"]
    assert found.unknown == ()


def test_indented_prompts() -> None:
    found = router("Text\n\n    R1(config)# crypto keyring K\n    R1(conf-keyring)# local-address Loopback0\n")
    assert found.keyrings[0].local_address is not None


def test_help_at_a_prompt_is_no_configuration() -> None:
    parsed = config(
        "R1(config)#crypto isakmp client configuration group G\nR1(config-isakmp-group)#?\n"
        "acl Specify split tunneling\nkey pre-shared key\n\nR1(config-isakmp-group)#pool P\n"
    )
    assert (parsed.modelled, parsed.irrelevant, parsed.unknown) == (1, 1, ())


def test_what_the_router_says_in_between() -> None:
    parsed = config(
        "hostname R1\ncrypto keyring K\n"
        "*Mar  1 00:01:05.123: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel0, changed state to up\n"
        "  local-address Loopback0\n"
        "000123: Jan  4 10:11:12.123 CET: %BGP-5-ADJCHANGE: neighbor 10.0.0.2 Up\n"
        "%DUAL-5-NBRCHANGE: EIGRP-IPv4 100: Neighbor 10.0.0.2 (Tunnel0) is up\n"
        "  description D\n"
    )
    assert parsed.router is not None
    (ring,) = parsed.router.keyrings
    assert ring.local_address is not None
    assert (ring.local_address.line, ring.description) == (4, cut("D"))
    assert parsed.unknown == ()


def test_a_refused_command_has_no_effect() -> None:
    parsed = config(
        "R1(config)#crypto isakmp policy 10\nR1(config-isakmp)#hash sha265\n                         ^\n"
        "% Invalid input detected at '^' marker.\n\nR1(config-isakmp)#hash sha256\n"
    )
    assert parsed.router is not None
    assert parsed.router.isakmp_policies[0].hash == "sha256"
    assert (parsed.unknown, [remark.line for remark in parsed.remarks]) == ((), [2])


@pytest.mark.parametrize("remark", ["<== overlay", "--> WAN", "<--- hub", "; x", "(must match)", "#x", "← x", "==> y"])
def test_remarks_behind_commands(remark: str) -> None:
    parsed = config(f"interface Tunnel1\n tunnel source Loopback0 {remark}\n tunnel key 7 {remark}\n")
    assert parsed.router is not None
    tunnel = parsed.router.interfaces[0].tunnel
    assert tunnel is not None
    assert (tunnel.source_interface, tunnel.key, parsed.unknown) == ("Loopback0", 7, ())


def test_hyphens_of_a_printer() -> None:
    found = router(
        "crypto isakmp policy 10\n authentication pre\u2010share\n"
        "crypto keyring K\n  pre\u2010shared\u2013key address 10.0.0.2 key cisco\n"
    )
    assert found.isakmp_policies[0].authentication == "pre-share"
    assert [key.secret.fingerprint for key in found.keyrings[0].keys] == [clear("cisco")]


def test_keys_that_rancid_commented_out() -> None:
    found = router(
        "hostname R1\n!crypto isakmp key <removed> address 10.0.0.1\n!crypto isakmp key <removed> address 10.0.0.2\n!\n"
        "crypto keyring K\n!  pre-shared-key address 10.0.0.3 key <removed>\n!\n"
        "crypto ikev2 profile P\n match identity remote any\n! authentication remote pre-share key <removed>\n!\n"
    )
    assert [key.line for key in found.default_keyring.keys] == [2, 3]
    assert [key.line for key in found.keyrings[0].keys] == [6]
    assert [method.line for method in found.ikev2.profiles[0].remote_auth] == [10]


def test_keys_that_a_person_commented_out_stay_comments() -> None:
    found = router("hostname R1\ncrypto keyring K\n!  pre-shared-key address 10.0.0.3 key cisco\n!\n")
    assert found.keyrings[0].keys == ()


def test_configurations_in_yaml() -> None:
    parsed = configs(
        "nodes:\n  - id: n0\n    configuration: |-\n      hostname R1\n      ip route 0.0.0.0 0.0.0.0 10.0.0.1\n"
        "  - id: n1\n    configuration:\n      - content: |\n          hostname R2\n          ip domain name example.com\n"
    )
    routers = [entry.router for entry in parsed if entry.router]
    assert [found.hostname for found in routers] == ["R1", "R2"]
    assert [len(found.static_routes) for found in routers] == [1, 0]
    assert routers[1].domain_name == "example.com"


def test_the_host_name_of_a_webvpn_gateway_is_no_router() -> None:
    parsed = config(
        "hostname R1\nwebvpn gateway G\n hostname vpn\n ssl trustpoint T\ninterface Tunnel1\n tunnel key 1\n"
    )
    assert parsed.host == "R1"
    assert parsed.router is not None
    assert [found.name for found in parsed.router.interfaces] == ["Tunnel1"]


def test_show_tech_support() -> None:
    rule = "------------------ show {} ------------------\n\n"
    parsed = config(
        rule.format("version")
        + "Cisco IOS Software, Version 15.4(3)M4\n\n"
        + rule.format("running-config")
        + "Building configuration...\n\nCurrent configuration : 99 bytes\n!\nhostname R1\n"
        "crypto map M 10 ipsec-isakmp\n set peer 10.0.0.2\nend\n\n"
        + rule.format("interfaces")
        + "Tunnel0 is up, line protocol is up\n  Tunnel source 10.0.0.1, destination 10.0.0.2\n"
    )
    assert (parsed.host, unknown_lines(parsed), parsed.modelled) == ("R1", [], 3)
