"""Lines cut short, shuffled or wrapped: noticed or put together, and what only looks so is left alone."""

import pytest
from parsed import FINGERPRINTER, clear, config, router, unknown_lines

from ikeaudit.parsing.mess.garble import is_garbled
from ikeaudit.parsing.redact import redact


@pytest.mark.parametrize(
    "line",
    [
        "npie1ttie po innrsfee etoicrpf ulclploo r",
        "inarp es tohnharieaucte-t",
        "52.t08.25 0rh i6s5ecn .2estia212  5y1d 55a5.t dm925d.1.",
        "rnnetetEeer 0hi0/cfat",
    ],
)
def test_shuffled_letters_are_garbled(line: str) -> None:
    assert is_garbled(line)


@pytest.mark.parametrize(
    "line",
    [
        "controller SHDSL 0/1/0",
        "l2tp-class L2",
        "license udi pid CSR1000V sn 9XVYC51FMT6",
        "aqm-register-fnf",
        "no supplementary-service sip moved-temporarily",
        "cptone DE",
        "Leaving VRF 001 untouched",
        "L3SW1-STI",
        "neighbor 10.0.0.1 remote-as 65000",
        "midcall-signaling passthru",
    ],
)
def test_commands_of_no_interest_and_titles_are_not_garbled(line: str) -> None:
    assert not is_garbled(line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("hostname R1\ncrypto isakmp policy 10\n encr aes\nprou 2g\n", [4]),
        ("hostname R1\ncrypto isakmp policy 10\n encr aes\nlicense boot level x\n", []),
        ("hostname R1\ncrypto ipsec transform-set T\n", [2]),
        ("crypto isakmp profile P\n match identity address 10.0.0.1 255.255.255.\n", [2]),
        ("crypto isakmp profile P\n match identity address 10.0.0.1 25\n", [2]),
        ("crypto isakmp profile P\n match identity address 0.0.0.0 25\n", []),
        ("crypto keyring K\n local-address 10.0.0.1 255.255.\n", [2]),
        ("interface Tunnel1\n tunnel source Ethernet0/\n", [2]),
        ("interface Tunnel1\n tunnelprotection ipsec profile P\n", [2]),
        ("interface Tunnel1\n tunnel key 1\n-tunnel protection ipsec profile P\n", [3]),
        ("interface Tunnel1\n vrfforwarding X\n", [2]),
        ("crypto isakmp policy 10\n encr aes\n:authentication pre-share\n", [3]),
        ("crypto ikev2 profile P\n match identity remote any\n keyring local\n", [3]),
    ],
)
def test_a_command_with_something_missing_is_unknown(text: str, lines: list[int]) -> None:
    assert unknown_lines(config(text)) == lines


def test_lines_that_a_terminal_wrapped_at_its_edge() -> None:
    name = "A" * 60
    parsed = config(f"hostname R1\ncrypto keyring {name} vrf\nINET\n  pre-shared-key address 10.0.0.1 key sample\n")
    assert parsed.router is not None
    assert (parsed.router.keyrings[0].name, parsed.unknown) == (name, ())
    assert [remark.line for remark in parsed.remarks] == [3]


def test_a_name_broken_at_the_edge_is_put_together_again() -> None:
    header = f"crypto keyring {'A' * 56} vrf INTERNE"
    parsed = config(f"hostname R1\n{header}\nT\n  pre-shared-key address 10.0.0.1 key sample\n")
    assert parsed.router is not None
    assert (len(header), parsed.router.keyrings[0].vrf, parsed.unknown) == (83, "INTERNET", ())


def test_a_global_key_in_pieces() -> None:
    text = "hostname R1\ncrypto isakmp key\nsecret-of-mine\naddress 10.0.0.1\n"
    redacted = redact(text, FINGERPRINTER).text
    assert "secret-of-mine" not in redacted
    (key,) = router(text).default_keyring.keys
    assert (key.secret.fingerprint, str(key.prefix)) == (clear("secret-of-mine"), "10.0.0.1")


def test_marks_of_writing_direction_are_no_part_of_a_name() -> None:
    assert router("crypto keyring \u202eK\u202c\n  pre-shared-key address 10.0.0.1 key x\n").keyrings[0].name == "K"


def test_what_the_router_said_to_commands() -> None:
    parsed = config(
        "R3(config)#crypto isakmp key x address 10.0.0.1\n"
        "A pre-shared key for address mask 10.0.0.1 255.255.255.255 already exists!\n"
        "R3(config)#crypto map M 10 ipsec-isakmp\n% NOTE: This new crypto map will remain disabled until a peer\n"
        "        and a valid access list have been configured.\nR3(config-crypto-map)#set peer 10.0.0.1\n"
    )
    assert (parsed.modelled, parsed.unknown) == (3, ())


def test_transforms_cut_short_by_hand() -> None:
    found = router("cry ips tr TS esp-3d esp-sha-h\nmo tra\n")
    assert (found.transform_sets[0].algorithms, found.transform_sets[0].mode) == (
        ("esp-3des", "esp-sha-hmac"),
        "transport",
    )


@pytest.mark.parametrize(
    "line",
    [
        "<snip>",
        "...",
        "[...]",
        "<output omitted>",
        "--- snip ---",
        "! --- Output suppressed.",
        "!<output truncated>",
        "[ \u2026 ]",
    ],
)
def test_what_somebody_left_out_is_remarked(line: str) -> None:
    parsed = config(f"hostname R1\ncrypto isakmp key x address 10.0.0.1\n{line}\ninterface Tunnel1\n")
    assert parsed.unknown == ()
    assert parsed.remarks == ((3, "something was left out of the file here"),)


def test_defaults_that_show_running_config_all_prints() -> None:
    parsed = config(
        "crypto ikev2 profile P\n match identity remote any\n no identity local\n match address local any\n"
        "crypto ikev2 policy default\n match address local any\n match fvrf any\n proposal default\n"
        "interface Tunnel1\n no tunnel protection\n no ip vrf forwarding\nno crypto map M\n"
    )
    assert parsed.router is not None
    assert (parsed.unknown, parsed.router.ikev2.policies[0].local_addresses) == ((), ())


def test_a_damaged_line_of_a_certificate_takes_no_time() -> None:
    parsed = config(
        "hostname R1\ncrypto pki certificate chain TP\n certificate self-signed 01\n"
        f"  {'0A' * 40}\n  {'3C' * 40}Z\n  quit\ncrypto isakmp key x address 10.0.0.1\n"
    )
    assert parsed.router is not None
    assert len(parsed.router.default_keyring.keys) == 1
