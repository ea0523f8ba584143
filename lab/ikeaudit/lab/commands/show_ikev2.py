"""Commands that show the IKEv2 configuration (layouts: SHOW-LAYOUT)."""

from ikeaudit.lab.blocks import objects
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.shell import Call

_GROUPS = {
    "1": "DH_GROUP_768_MODP/Group 1", "2": "DH_GROUP_1024_MODP/Group 2", "5": "DH_GROUP_1536_MODP/Group 5",
    "14": "DH_GROUP_2048_MODP/Group 14", "15": "DH_GROUP_3072_MODP/Group 15", "16": "DH_GROUP_4096_MODP/Group 16",
    "19": "DH_GROUP_256_ECP/Group 19", "20": "DH_GROUP_384_ECP/Group 20", "21": "DH_GROUP_521_ECP/Group 21",
    "24": "DH_GROUP_2048_256_MODP/Group 24",
}  # fmt: skip


def show_proposal(call: Call) -> str:
    """The IKEv2 proposals."""
    rows: list[str] = []
    for block in objects(call.shell.router.running_text, "crypto-ikev2-proposal"):
        integrity = block.value("integrity", "algorithms", "none").upper()
        groups = block.value("group", "groups").split()
        rows.append(f" IKEv2 proposal: {block.args['name']} ")
        rows.append(f"     Encryption : {block.value('encryption', 'algorithms', 'none').upper()}")
        rows.append(f"     Integrity  : {integrity}")
        rows.append(f"     PRF        : {block.value('prf', 'algorithms', integrity).upper()}")
        rows.append(f"     DH Group   : {' '.join(_GROUPS.get(group, group) for group in groups)}")
    return "".join(f"{row}\n" for row in rows)


def show_policy(call: Call) -> str:
    """The IKEv2 policies; without ``match fvrf`` a policy is for the global VRF (IKEV2-FVRF)."""
    rows: list[str] = []
    for block in objects(call.shell.router.running_text, "crypto-ikev2-policy"):
        rows += ["", f" IKEv2 policy : {block.args['name']}"]
        rows.append(f"      Match fvrf : {block.value('match-fvrf', 'vrf', 'global')}")
        rows.append(f"      Match address local : {block.value('match-address-local', 'address', 'any')}")
        rows += [f"      Proposal    : {name} " for name in block.values("proposal", "name")]
    return "".join(f"{row}\n" for row in rows)


def show_profile(call: Call) -> str:
    """The IKEv2 profiles, one of them or all."""
    wanted = call.args.get("profile")
    rows: list[str] = []
    for block in objects(call.shell.router.running_text, "crypto-ikev2-profile"):
        name = block.args["name"]
        if wanted not in (None, name):
            continue
        rows += ["", f"IKEv2 profile: {name}", " Shutdown : No", " Ref Count: 1", " Match criteria: "]
        rows.append(f"  Fvrf: {block.value('match-fvrf', 'vrf', 'global')}")
        rows.append(f"  Local address/interface: {block.rest(3, 'match-address-local*', default='none')}")
        rows.append("  Identities:")
        rows += [f"   {line.split(maxsplit=3)[3]}" for line in block.texts("match-identity-remote*")]
        rows.append("  Certificate maps: none")
        rows.append(f" Local identity: {block.rest(2, 'identity-local', default='none')}")
        rows.append(f" Local authentication method: {block.value('authentication-local', 'method', 'none')}")
        remote = block.values("authentication-remote", "method")
        rows.append(f" Remote authentication method(s): {' '.join(remote) or 'none'}")
        rows.append(f" Keyring: {block.value('keyring-local', 'name', 'none')}")
        rows.append(" Trustpoint(s): none")
        rows.append(f" Lifetime: {block.value('lifetime', 'seconds', '86400')} seconds")
        dpd = block.rest(1, "dpd")
        rows.append(f" DPD: {'disabled' if not dpd else f'interval {dpd}'}")
        rows.append(f" Ivrf: {block.value('ivrf', 'vrf', 'none')}")
    return "".join(f"{row}\n" for row in rows[1:])


COMMANDS = (
    Command("show crypto ikev2 proposal", show_proposal),
    Command("show crypto ikev2 policy", show_policy),
    Command("show crypto ikev2 profile", show_profile),
    Command("show crypto ikev2 profile <profile>", show_profile),
)
