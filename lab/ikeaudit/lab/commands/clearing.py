"""Commands that clear security associations, and the debugs that the lab accepts without effect."""

from itertools import product

from ikeaudit.lab.command_table import Command
from ikeaudit.lab.sa import Sa
from ikeaudit.lab.shell import Call


def clear_session(call: Call) -> None:
    """Both phases of the associations for which all that is named holds; of all when nothing is."""
    named = call.args
    call.shell.router.sas.drop(lambda sa: all(getattr(sa, name) == value for name, value in named.items()))


def clear_isakmp(call: Call) -> None:
    """Phase 1, of one connection or all."""
    wanted = call.args.get("connection")
    call.shell.router.sas.drop_ike(lambda sa: sa.version == 1 and wanted in (None, str(sa.conn_id)))


def clear_ipsec(call: Call) -> None:
    """Phase 2, of one peer or all; its successor needs traffic."""
    peer = call.args.get("peer")
    call.shell.router.sas.drop_ipsec(lambda sa: peer in (None, sa.remote))


def clear_counters(call: Call) -> None:
    """The packet counters."""
    for sa in call.shell.router.sas:
        sa.sent = sa.received = 0


def clear_ikev2(call: Call) -> None:
    """IKEv2 SAs with their children, of one peer or all."""
    remote = call.args.get("remote")

    def which(sa: Sa) -> bool:
        return sa.version == 2 and remote in (None, sa.remote)

    call.shell.router.sas.drop(which)


def debug(call: Call) -> str:
    """Taken note of: the lab logs its negotiations whether or not it is asked to."""
    return f"{call.args['what'].capitalize()} debugging is on\n"


def undebug(call: Call) -> str:
    """All debugging off."""
    return "All possible debugging has been turned off\n"


_SESSIONS = tuple(
    " ".join(filter(None, ("clear crypto session", *named)))
    for named in product(*(("", f"{name} <{name}>") for name in ("local", "remote", "fvrf", "ivrf")))
)
"""The parameters combine, in this order."""

COMMANDS = (
    *(Command(template, clear_session) for template in _SESSIONS),
    Command("clear crypto isakmp", clear_isakmp),
    Command("clear crypto isakmp <connection:0-4294967295>", clear_isakmp),
    Command("clear crypto sa", clear_ipsec),
    Command("clear crypto sa peer <peer>", clear_ipsec),
    Command("clear crypto sa counters", clear_counters),
    Command("clear crypto ikev2 sa", clear_ikev2),
    Command("clear crypto ikev2 sa remote <remote>", clear_ikev2),
    Command("debug <what...>", debug),
    Command("undebug all", undebug),
    Command("no debug all", undebug),
)
