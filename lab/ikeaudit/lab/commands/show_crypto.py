"""Commands that show the crypto configuration: keys, profiles, policies (layouts: SHOW-LAYOUT)."""

from __future__ import annotations

import re

from ikeaudit.lab.blocks import Block, blocks
from ikeaudit.lab.shell import Call
from ikeaudit.lab.syntax import Command

_KEYRING_KEY = re.compile(
    r"pre-shared-key (?:address (?:ipv6 )?(?P<address>\S+)(?: (?P<mask>\d+\.\d+\.\d+\.\d+))?|hostname (?P<name>\S+)) "
    r"key (?:(?P<type>[067]) (?=\S))?(?P<key>.*)"
)
_GLOBAL_KEY = re.compile(
    r"crypto isakmp key (?:(?P<type>[067]) (?=\S+ (?:address|hostname) ))?(?P<key>\S+) "
    r"(?:address (?:ipv6 )?(?P<address>\S+)(?: (?P<mask>\d+\.\d+\.\d+\.\d+))?|hostname (?P<name>\S+))"
)
_HOST_MASK = "255.255.255.255"
_GROUPS = {
    "1": "768 bit", "2": "1024 bit", "5": "1536 bit", "14": "2048 bit", "15": "3072 bit", "16": "4096 bit",
    "19": "256 bit", "20": "384 bit", "21": "521 bit", "24": "2048 bit, 256 bit subgroup",
}  # fmt: skip
_CIPHERS = {
    "des": "DES - Data Encryption Standard (56 bit keys).",
    "3des": "Three key triple DES",
    "aes": "AES - Advanced Encryption Standard (128 bit keys).",
    "aes 128": "AES - Advanced Encryption Standard (128 bit keys).",
    "aes 192": "AES - Advanced Encryption Standard (192 bit keys).",
    "aes 256": "AES - Advanced Encryption Standard (256 bit keys).",
}
_HASHES = {
    "md5": "Message Digest 5",
    "sha": "Secure Hash Standard",
    "sha256": "Secure Hash Standard 2 (256 bit)",
    "sha384": "Secure Hash Standard 2 (384 bit)",
    "sha512": "Secure Hash Standard 2 (512 bit)",
}
_METHODS = {
    "pre-share": "Pre-Shared Key",
    "rsa-sig": "Rivest-Shamir-Adleman Signature",
    "rsa-encr": "Rivest-Shamir-Adleman Encryption",
    "ecdsa-sig": "Elliptic Curve Digital Signature Algorithm",
}


def _text(call: Call) -> str:
    return call.shell.router.running_text


def _key_row(ring: str, match: re.Match[str]) -> str:
    peer, mask = match["address"] or match["name"], match["mask"]
    if mask is None and peer == "0.0.0.0":  # noqa: S104 - the wildcard address of a key, nothing listens on it
        mask = "0.0.0.0"  # noqa: S104
    shown = f"{peer:<14} [{mask:<15}]" if mask and mask != _HOST_MASK else peer
    return f"{ring:<12} {shown:<44}{match['key']}"


def show_isakmp_key(call: Call) -> str:
    """The keys: the default keyring first, then the keyrings in order."""
    text = _text(call)
    rows = [_key_row("default", m) for m in (_GLOBAL_KEY.match(line) for line in text.splitlines()) if m]
    for block in blocks(text, "crypto keyring "):
        name, _, rest = block.header.removeprefix("crypto keyring ").strip().partition(" ")
        ring = f"{name} ({rest.split()[-1]})" if rest.startswith("vrf ") else name
        rows += [_key_row(ring, m) for m in (_KEYRING_KEY.match(child) for child in block.children) if m]
    head = "Keyring      Hostname/Address                            Preshared Key\n\n"
    return head + "".join(f"{row}\n" for row in rows)


def show_isakmp_policy(call: Call) -> str:
    """The IKE policies; attributes that are not printed have the defaults of classic IOS (POLICY-DEFAULTS)."""
    rows = ["", "Global IKE policy"]
    found = [(int(b.header.split()[-1]), b) for b in blocks(_text(call), "crypto isakmp policy ")]
    for number, block in sorted(found, key=lambda pair: pair[0]):
        rows += [f"Protection suite of priority {number}", *_suite(block)]
    return "".join(f"{row}\n" for row in rows)


def _suite(block: Block) -> list[str]:
    def value(pattern: str, default: str) -> str:
        match = block.first(pattern)
        return match[1].strip() if match else default

    group, lifetime = value(r"group (\d+)", "1"), value(r"lifetime (\d+)", "86400")
    cipher, digest = value(r"encr(?:yption)? (.+)", "des"), value(r"hash (\S+)", "sha")
    method = value(r"authentication (\S+)", "rsa-sig")
    return [
        f"\tencryption algorithm:\t{_CIPHERS.get(cipher, cipher)}",
        f"\thash algorithm:\t\t{_HASHES.get(digest, digest)}",
        f"\tauthentication method:\t{_METHODS.get(method, method)}",
        f"\tDiffie-Hellman group:\t#{group} ({_GROUPS.get(group, 'unknown')})",
        f"\tlifetime:\t\t{lifetime} seconds, no volume limit",
    ]


def show_isakmp_profile(call: Call) -> str:
    """The ISAKMP profiles; the layout is not verified (SHOW-LAYOUT)."""
    rows: list[str] = []
    for block in blocks(_text(call), "crypto isakmp profile "):
        vrf = block.first(r"vrf (\S+)")
        rows += ["", f"ISAKMP PROFILE {block.header.split()[-1]}{f' VRF {vrf[1]}' if vrf else ''}"]
        rows += ["   Ref Count = 1", "   Identities matched are:"]
        for child in block.children:
            if child.startswith("match identity address "):
                rows.append(f"    ip-address {child.removeprefix('match identity address ').strip()}")
            elif child.startswith("match identity "):
                rows.append(f"    {child.removeprefix('match identity ').strip()}")
        rings = [child.split()[1] for child in block.children if child.startswith("keyring ")]
        rows += ["   Certificate maps matched are:", f"   keyring(s): {' '.join(rings) or '<none>'}"]
        rows += ["   trustpoint(s): <all>", "   Identity presented is: ip-address"]
    return "".join(f"{row}\n" for row in rows[1:])


def show_ipsec_profile(call: Call) -> str:
    """The IPsec profiles."""
    text = _text(call)
    sets = {}
    for block in blocks(text, "crypto ipsec transform-set "):
        name, *transforms = block.header.removeprefix("crypto ipsec transform-set ").split()
        sets[name] = " ".join(transforms)
    rows: list[str] = []
    for block in blocks(text, "crypto ipsec profile "):
        rows += ["", f"IPSEC profile {block.header.split()[-1]}"]
        isakmp, ikev2 = block.first(r"set isakmp-profile (\S+)"), block.first(r"set ikev2-profile (\S+)")
        if isakmp:
            rows.append(f"\tISAKMP Profile: {isakmp[1]}")
        if ikev2:
            rows.append(f"\tIKEv2 Profile: {ikev2[1]}")
        seconds = block.first(r"set security-association lifetime seconds (\d+)")
        pfs = block.first(r"set pfs (\S+)")
        rows.append(f"\tSecurity association lifetime: 4608000 kilobytes/{seconds[1] if seconds else 3600} seconds")
        rows.append(f"\tResponder-Only (Y/N): {'Y' if 'responder-only' in block.children else 'N'}")
        rows.append(f"\tPFS (Y/N): {'Y' if pfs else 'N'}")
        if pfs:
            rows.append(f"\tDH group:  {pfs[1]}")
        rows += ["\tMixed-mode : Disabled", "\tTransform sets={ "]
        named = block.first(r"set transform-set (.+)")
        rows += [f"\t\t{name}:  {{ {sets.get(name, '')}  }} , " for name in (named[1].split() if named else [])]
        rows.append("\t}")
    return "".join(f"{row}\n" for row in rows[1:])


COMMANDS = (
    Command("show crypto isakmp key", show_isakmp_key),
    Command("show crypto isakmp policy", show_isakmp_policy),
    Command("show crypto isakmp profile", show_isakmp_profile),
    Command("show crypto ipsec profile", show_ipsec_profile),
)
