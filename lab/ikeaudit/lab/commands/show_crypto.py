"""Commands that show the crypto configuration: keys, profiles, policies (layouts: SHOW-LAYOUT)."""

from collections.abc import Mapping

from ikeaudit.lab.blocks import Block, objects
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.shell import Call

_GLOBAL_KEYS = ("crypto-isakmp-key-address", "crypto-isakmp-key-ipv6", "crypto-isakmp-key-hostname")
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


_OTHER_IDENTITIES = ("match-identity-ipv6", "match-identity-name", "match-identity-group")


def _text(call: Call) -> str:
    return call.shell.router.running_text


def _key_row(ring: str, args: Mapping[str, str]) -> str:
    peer = args.get("address") or args.get("prefix") or args["host"]
    mask = args.get("mask")
    if mask is None and peer == "0.0.0.0":  # noqa: S104 - the wildcard address of a key, nothing listens on it
        mask = "0.0.0.0"  # noqa: S104
    shown = f"{peer:<14} [{mask:<15}]" if mask and mask != _HOST_MASK else peer
    return f"{ring:<12} {shown:<44}{args['secret']}"


def show_isakmp_key(call: Call) -> str:
    """The keys: the default keyring first, then the keyrings in order."""
    text = _text(call)
    rows = [_key_row("default", line.args) for line in objects(text, *_GLOBAL_KEYS)]
    for block in objects(text, "crypto-keyring"):
        vrf = block.args.get("vrf")
        ring = f"{block.args['name']} ({vrf})" if vrf else block.args["name"]
        rows += [_key_row(ring, args) for _, args in block.read("pre-shared-key-*")]
    head = "Keyring      Hostname/Address                            Preshared Key\n\n"
    return head + "".join(f"{row}\n" for row in rows)


def show_isakmp_policy(call: Call) -> str:
    """The IKE policies; attributes that are not printed have the defaults of classic IOS (POLICY-DEFAULTS)."""
    rows = ["", "Global IKE policy"]
    found = [(int(b.args["number"]), b) for b in objects(_text(call), "crypto-isakmp-policy")]
    for number, block in sorted(found, key=lambda pair: pair[0]):
        rows += [f"Protection suite of priority {number}", *_suite(block)]
    return "".join(f"{row}\n" for row in rows)


def _suite(block: Block) -> list[str]:
    group, lifetime = block.value("group", "group", "1"), block.value("lifetime", "seconds", "86400")
    cipher, digest = block.rest(1, "encryption", default="des"), block.value("hash", "hash", "sha")
    method = block.value("authentication", "method", "rsa-sig")
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
    for block in objects(_text(call), "crypto-isakmp-profile"):
        vrf = block.value("vrf", "vrf")
        rows += ["", f"ISAKMP PROFILE {block.args['name']}{f' VRF {vrf}' if vrf else ''}"]
        rows += ["   Ref Count = 1", "   Identities matched are:"]
        for line, args in block.read("match", *_OTHER_IDENTITIES):
            kind = "ip-" if "address" in args or "prefix" in args else ""
            rows.append(f"    {kind}{line.split(maxsplit=2)[2]}")
        rings = block.values("keyring", "name")
        rows += ["   Certificate maps matched are:", f"   keyring(s): {' '.join(rings) or '<none>'}"]
        rows += ["   trustpoint(s): <all>", "   Identity presented is: ip-address"]
    return "".join(f"{row}\n" for row in rows[1:])


def show_ipsec_profile(call: Call) -> str:
    """The IPsec profiles."""
    text = _text(call)
    sets = {}
    for block in objects(text, "crypto-ipsec-transform-set"):
        sets[block.args["name"]] = block.args["transforms"]
    rows: list[str] = []
    for block in objects(text, "crypto-ipsec-profile"):
        rows += ["", f"IPSEC profile {block.args['name']}"]
        isakmp, ikev2 = (block.value(f"set-{version}-profile", "profile") for version in ("isakmp", "ikev2"))
        if isakmp:
            rows.append(f"\tISAKMP Profile: {isakmp}")
        if ikev2:
            rows.append(f"\tIKEv2 Profile: {ikev2}")
        lifetimes = (args for _, args in block.read("set-security-association-lifetime"))
        seconds = next((args["value"] for args in lifetimes if args["unit"] == "seconds"), 3600)
        pfs = block.value("set-pfs", "group")
        rows.append(f"\tSecurity association lifetime: 4608000 kilobytes/{seconds} seconds")
        rows.append(f"\tResponder-Only (Y/N): {'Y' if block.texts('responder-only') else 'N'}")
        rows.append(f"\tPFS (Y/N): {'Y' if pfs else 'N'}")
        if pfs:
            rows.append(f"\tDH group:  {pfs}")
        rows += ["\tMixed-mode : Disabled", "\tTransform sets={ "]
        named = block.value("set-transform-set", "sets").split()
        rows += [f"\t\t{name}:  {{ {sets.get(name, '')}  }} , " for name in named]
        rows.append("\t}")
    return "".join(f"{row}\n" for row in rows[1:])


COMMANDS = (
    Command("show crypto isakmp key", show_isakmp_key),
    Command("show crypto isakmp policy", show_isakmp_policy),
    Command("show crypto isakmp profile", show_isakmp_profile),
    Command("show crypto ipsec profile", show_ipsec_profile),
)
