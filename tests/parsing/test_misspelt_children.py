"""A misspelt line costs what it says itself, and nothing of what stands around it."""

from __future__ import annotations

import pytest
from parsed import config

HEAD = "hostname GW\ncrypto keyring K\n pre-shared-key address 198.51.100.9 key Mq7zKd2WvR9tX4bP\n"
PROFILE = "crypto isakmp profile P\n {}\n match identity address 198.51.100.9 255.255.255.255\n keyring K\n"
TUNNEL = (
    "interface Tunnel1\n tunnel source 192.0.2.1\n {}\n tunnel mode ipsec ipv4\n tunnel destination 198.51.100.9\n"
    " tunnel protection ipsec profile IP\n"
)


def flat(text: str, gap: str = "") -> str:
    return "\n".join(line.strip() + gap for line in text.splitlines())


@pytest.mark.parametrize(
    "gap", ["", "\n", "\n\n", "\n \n"], ids=["no gap", "blank", "two blanks", "blanks in a blank line"]
)
@pytest.mark.parametrize("child", ["kering K", "sefl-identity address", "frobnicate 7"])
def test_a_flattened_profile_keeps_what_follows(child: str, gap: str) -> None:
    text = flat(HEAD + PROFILE.format(child), gap)
    parsed = config(text)
    assert parsed.router is not None
    (profile,) = parsed.router.isakmp_profiles
    assert (len(profile.matches), [ref.name for ref in profile.keyrings]) == (1, ["K"])
    assert [line for line, _ in parsed.unknown] == [text.split("\n").index(child) + 1]
    assert [(line.kind, line.name) for line in parsed.router.unknown] == [("isakmp-profile", "P")]


@pytest.mark.parametrize("child", ["tunel destinaton 198.51.100.9", "tunnel destinatoin 198.51.100.9"])
def test_a_flattened_tunnel_keeps_what_follows(child: str) -> None:
    text = flat(HEAD + TUNNEL.format(child))
    parsed = config(text)
    assert parsed.router is not None
    tunnel = next(i for i in parsed.router.interfaces if i.name == "Tunnel1").tunnel
    assert tunnel is not None and tunnel.protection is not None and tunnel.mode == "ipsec ipv4"
    assert [line for line, _ in parsed.unknown] == [text.split("\n").index(child) + 1]


def test_a_comment_ends_a_flattened_section() -> None:
    """What follows it was meant for no section any more that could be named."""
    parsed = config(flat(HEAD + PROFILE.format("description x")) + "\n!\nkering K\n")
    assert parsed.router is not None
    assert [line.kind for line in parsed.router.unknown] in ([], ["global"])


@pytest.mark.parametrize("comment", ["# Configure phase 2", "#### phase 2 begins ####"])
def test_comments_with_hash_marks_are_no_headings_of_a_page(comment: str) -> None:
    """Where they are fewer than one in eight lines."""
    text = f"crypto keyring K\n pre-shared-key address 198.51.100.9 key x\n{comment}\ncrypto isakmp profile P\n keyring K\n"
    text += f"{comment}\n match identity address 198.51.100.9 255.255.255.255\ninterface Tunnel1\n"
    assert config(text + " bandwidth 1\n" * 8).kind == "not-ios"
    parsed = config(text + " bandwidth 1\n" * 9)
    assert parsed.kind == "ios" and parsed.router is not None
    assert parsed.router.isakmp_profiles[0].matches and not parsed.unknown


def test_what_is_begun_twice_under_headings_is_a_page_of_several_routers() -> None:
    one = "crypto isakmp policy 10\n authentication pre-share\ninterface Tunnel1\n tunnel source 10.0.0.{}\n"
    assert config(f"# Left\n{one.format(1)}# Right\n{one.format(2)}").kind == "not-ios"


@pytest.mark.parametrize(
    "header", ["interface Tunnel100", "crypto isakmp profile P", "crypto keyring K", "crypto ikev2 profile P"]
)
def test_a_section_that_is_begun_twice_is_remarked(header: str) -> None:
    other = "interface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\n"
    text = f"hostname R1\n{header}\n description one\n{other}{header}\n"
    told = [(remark.line, remark.text) for remark in config(text + " description two\nend\n").remarks]
    assert told == [(6, f"'{header}' was begun at line 2 already: read as one")]
    assert not config(text.replace(f"0\n{header}", f"0\n{header}x")).remarks
