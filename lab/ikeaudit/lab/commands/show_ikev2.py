"""Commands that show the IKEv2 configuration (layouts: SHOW-LAYOUT)."""

from __future__ import annotations

from ikeaudit.lab.blocks import Block, blocks
from ikeaudit.lab.shell import Call
from ikeaudit.lab.syntax import Command

_GROUPS = {
    "1": "DH_GROUP_768_MODP/Group 1", "2": "DH_GROUP_1024_MODP/Group 2", "5": "DH_GROUP_1536_MODP/Group 5",
    "14": "DH_GROUP_2048_MODP/Group 14", "15": "DH_GROUP_3072_MODP/Group 15", "16": "DH_GROUP_4096_MODP/Group 16",
    "19": "DH_GROUP_256_ECP/Group 19", "20": "DH_GROUP_384_ECP/Group 20", "21": "DH_GROUP_521_ECP/Group 21",
    "24": "DH_GROUP_2048_256_MODP/Group 24",
}  # fmt: skip


def _all(block: Block, pattern: str, default: str) -> str:
    """The operands of a line, or ``default``."""
    found = block.first(rf"{pattern} (.+)")
    return found[1].strip() if found else default


def show_proposal(call: Call) -> str:
    """The IKEv2 proposals."""
    rows: list[str] = []
    for block in blocks(call.shell.router.running_text, "crypto ikev2 proposal "):
        integrity = _all(block, "integrity", "none").upper()
        groups = _all(block, "group", "").split()
        rows.append(f" IKEv2 proposal: {block.header.split()[-1]} ")
        rows.append(f"     Encryption : {_all(block, 'encryption', 'none').upper()}")
        rows.append(f"     Integrity  : {integrity}")
        rows.append(f"     PRF        : {_all(block, 'prf', integrity).upper()}")
        rows.append(f"     DH Group   : {' '.join(_GROUPS.get(group, group) for group in groups)}")
    return "".join(f"{row}\n" for row in rows)


def show_policy(call: Call) -> str:
    """The IKEv2 policies; without ``match fvrf`` a policy is for the global VRF (IKEV2-FVRF)."""
    rows: list[str] = []
    for block in blocks(call.shell.router.running_text, "crypto ikev2 policy "):
        rows += ["", f" IKEv2 policy : {block.header.split()[-1]}"]
        rows.append(f"      Match fvrf : {_all(block, 'match fvrf', 'global')}")
        rows.append(f"      Match address local : {_all(block, 'match address local', 'any')}")
        rows += [f"      Proposal    : {c.split()[1]} " for c in block.children if c.startswith("proposal ")]
    return "".join(f"{row}\n" for row in rows)


def show_profile(call: Call) -> str:
    """The IKEv2 profiles, one of them or all."""
    wanted = call.args.get("profile")
    rows: list[str] = []
    for block in blocks(call.shell.router.running_text, "crypto ikev2 profile "):
        name = block.header.split()[-1]
        if wanted not in (None, name):
            continue
        rows += ["", f"IKEv2 profile: {name}", " Shutdown : No", " Ref Count: 1", " Match criteria: "]
        rows.append(f"  Fvrf: {_all(block, 'match fvrf', 'global')}")
        rows.append(f"  Local address/interface: {_all(block, 'match address local', 'none')}")
        rows.append("  Identities:")
        prefix = "match identity remote "
        rows += [f"   {c.removeprefix(prefix)}" for c in block.children if c.startswith(prefix)]
        rows.append("  Certificate maps: none")
        rows.append(f" Local identity: {_all(block, 'identity local', 'none')}")
        rows.append(f" Local authentication method: {_all(block, 'authentication local', 'none').split()[0]}")
        remote = [c.split()[2] for c in block.children if c.startswith("authentication remote ")]
        rows.append(f" Remote authentication method(s): {' '.join(remote) or 'none'}")
        rows.append(f" Keyring: {_all(block, 'keyring local', 'none')}")
        rows.append(" Trustpoint(s): none")
        rows.append(f" Lifetime: {_all(block, 'lifetime', '86400')} seconds")
        dpd = _all(block, "dpd", "")
        rows.append(f" DPD: {'disabled' if not dpd else f'interval {dpd}'}")
        rows.append(f" Ivrf: {_all(block, 'ivrf', 'none')}")
    return "".join(f"{row}\n" for row in rows[1:])


COMMANDS = (
    Command("show crypto ikev2 proposal", show_proposal),
    Command("show crypto ikev2 policy", show_policy),
    Command("show crypto ikev2 profile", show_profile),
    Command("show crypto ikev2 profile <profile>", show_profile),
)
