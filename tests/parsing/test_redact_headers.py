"""A word behind a header that no table accounts for is cut: only the header's name may be one that nobody knows."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing.redact import KnownSecrets, cut

SECRET = "S3cretX"
HEADERS = (
    "crypto ipsec transform-set NAME1",
    "crypto ipsec transform-set NAME1 esp-aes",
    "crypto ipsec transform-set NAME1 esp-aes 256 esp-sha-hmac",
    "crypto ipsec transform-set NAME1 esp-aes esp-sha-hmac comp-lzs",
    "crypto isakmp profile NAME1",
    "crypto keyring NAME1",
    "crypto keyring NAME1 vrf NAME2",
    "crypto map NAME1 10 ipsec-isakmp",
    "crypto dynamic-map NAME1 10",
    "crypto ikev2 proposal NAME1",
    "crypto ikev2 keyring NAME1",
    "crypto ipsec profile NAME1",
    "crypto isakmp policy 10",
    "interface Tunnel1",
    "ip access-list extended NAME1",
    "vrf definition NAME1",
    "router bgp 65000",
)


def clean(line: str) -> str:
    return cut(f"hostname R1\n{line}\n!\nend\n", FINGERPRINTER, KnownSecrets()).text.splitlines()[1]


@pytest.mark.parametrize("no", ["", "no ", "default "])
@pytest.mark.parametrize("header", HEADERS)
def test_what_stands_behind_a_header_is_cut(header: str, no: str) -> None:
    assert SECRET not in clean(f"{no}{header} {SECRET}")


@pytest.mark.parametrize(
    "header", [header for header in HEADERS if not header.endswith("NAME1") or "set" not in header]
)
def test_the_header_itself_is_kept(header: str) -> None:
    assert clean(header) == header


@pytest.mark.parametrize(
    "transforms",
    [
        "esp-gcm 256",
        "ah-sha-hmac esp-seal",
        "esp-192-aes esp-sha512-hmac",
        "esp-aes-256",
        "esp-md5",
        "comp-lzs",
        "esp-null",
    ],
)
def test_transforms_of_any_release_are_kept(transforms: str) -> None:
    assert clean(f"crypto ipsec transform-set NAME1 {transforms}") == f"crypto ipsec transform-set NAME1 {transforms}"


def test_what_only_looks_like_a_transform_at_first_is_cut() -> None:
    assert SECRET not in clean(f"crypto ipsec transform-set NAME1 esp-{SECRET}")
