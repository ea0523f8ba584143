"""Configuration lines of IPsec: transform sets, IPsec profiles, crypto maps (END-PLACES)."""

from __future__ import annotations

from ikeaudit.candidate import modes_ikev1, modes_ikev2, replies, spelling
from ikeaudit.candidate.rules import Args, Command, Mode, Reference, single

TRANSFORM_KIND = "crypto ipsec transform-set"
PROFILE_KIND = "crypto ipsec profile"
MAP_KIND = "crypto map"
DYNAMIC_KIND = "crypto dynamic-map"

ISAKMP_PROFILE = Reference(modes_ikev1.PROFILE_KIND, "profile")
IKEV2_PROFILE = Reference(modes_ikev2.PROFILE_KIND, "profile")

_PFS = "group1|group2|group5|group14|group15|group16|group19|group20|group21|group24"

TRANSFORM = Mode(
    name="transform-set",
    prompt="(cfg-crypto-trans)#",
    commands=(single("mode {mode:tunnel|transport} [{require:require}]", "mode"), single("esn")),
)

_SECURITY_ASSOCIATION = (
    single("set security-association lifetime {unit:seconds|days} <value:num>", key=("unit",)),
    single("set security-association lifetime kilobytes <value>", no=("set security-association lifetime kilobytes",)),
    single("set security-association idle-time <seconds:num> [default]", "set security-association idle-time"),
    single("set security-association replay window-size <size:num>", "set security-association replay"),
    single("set security-association replay disable", "set security-association replay"),
    single("set security-association level per-host"),
    single("set security-association dfbit <rest:text>"),
    single("set security-association ecn <rest:text>"),
    single("set security-association dummy <rest:text>"),
)

_BINDING = (
    single(
        "set transform-set <sets:text>",
        refers=(Reference(TRANSFORM_KIND, "sets", many=True),),
    ),
    single(f"set pfs [{{group:{_PFS}}}]", "set pfs"),
    single("set isakmp-profile <profile>", refers=(ISAKMP_PROFILE,), excludes=("set ikev2-profile",)),
    single("set ikev2-profile <profile>", refers=(IKEV2_PROFILE,), excludes=("set isakmp-profile",)),
    single("set identity <name>"),
    single("set mixed-mode"),
)

PROFILE = Mode(
    name="ipsec-profile",
    prompt="(ipsec-profile)#",
    commands=(
        single("description <text:text>"),
        single("dialer pre-classify"),
        *_SECURITY_ASSOCIATION,
        *_BINDING,
        single("responder-only"),
        single("set reverse-route <rest:text>", key=("rest",)),
        single("reverse-route [<rest:text>]", "reverse-route"),
        single("redundancy <rest:text>"),
    ),
)

CRYPTO_MAP = Mode(
    name="crypto-map",
    prompt="(config-crypto-map)#",
    commands=(
        single("description <text:text>"),
        single(
            "set peer <peer> [{dynamic:dynamic}] [{default:default}]",
            key=("peer",),
            no=("set peer <peer>",),
        ),
        *_SECURITY_ASSOCIATION,
        *_BINDING,
        single("set ip access-group <rest:text>", key=("rest",)),
        single("set nat demux"),
        single("set security-policy limit <number:num>"),
        single("set session-key <rest:text>", key=("rest",)),
        single("set group <group>"),
        single("match address <acl>", "match address"),
        single("match address local <acl>", "match address"),
        single("qos pre-classify"),
        single("reverse-route [<rest:text>]", "reverse-route"),
        single("gdoi <rest:text>", key=("rest",)),
        single("client <rest:text>", key=("rest",)),
    ),
)

MODES = (TRANSFORM, PROFILE, CRYPTO_MAP)


def _entry(args: Args) -> tuple[str, ...]:
    return (args["name"], args["seq"]) if "seq" in args else (args["name"],)


def _map_attribute(words: str, **more: object) -> Command:
    """An attribute of a whole crypto map: told from its entries and the other attributes by its words."""
    return single(
        f"crypto map <name> {words}",
        "crypto map",
        rank="crypto map",
        key_of=lambda args: (args["name"], words.split(" <")[0]),
        placed=spelling.by_map_and_sequence,
        defines=MAP_KIND,
        **more,
    )


def _map_entry(syntax: str, **more: object) -> Command:
    """One numbered entry of a crypto map, in one of the ways to open it."""
    return single(
        syntax,
        "crypto map",
        rank="crypto map",
        key_of=_entry,
        placed=spelling.by_map_and_sequence,
        defines=MAP_KIND,
        **more,
    )


GLOBAL = (
    single("crypto ipsec security-association lifetime {unit:seconds|days} <value:num>", key=("unit",)),
    single("crypto ipsec security-association lifetime kilobytes <value>"),
    single("crypto ipsec security-association replay <rest:text>"),
    single("crypto ipsec security-association idle-time <seconds:num>"),
    single("crypto ipsec security-association <rest:text>", key=("rest",)),
    single("crypto ipsec df-bit <value>"),
    single("crypto ipsec fragmentation <value>"),
    single("crypto ipsec nat-transparency udp-encapsulation", negative=True, hidden=True),
    single("crypto ipsec optional [<rest:text>]", "crypto ipsec optional"),
    single(
        "crypto ipsec transform-set <name> <transforms:transforms>",
        "crypto ipsec transform-set",
        key=("name",),
        no=("crypto ipsec transform-set <name>",),
        opens="transform-set",
        defines=TRANSFORM_KIND,
    ),
    single("crypto ipsec profile <name>", key=("name",), opens="ipsec-profile", defines=PROFILE_KIND, separated=True),
    single(
        "crypto dynamic-map <name> <seq:num>",
        "crypto dynamic-map",
        key_of=_entry,
        no=("crypto dynamic-map <name>",),
        opens="crypto-map",
        defines=DYNAMIC_KIND,
        placed=spelling.by_map_and_sequence,
    ),
    _map_attribute("local-address <interface:interface>"),
    _map_attribute("isakmp-profile <profile>", refers=(ISAKMP_PROFILE,)),
    _map_attribute("client authentication list <list>"),
    _map_attribute("client accounting list <list>"),
    _map_attribute("client configuration address {mode:initiate|respond}"),
    _map_attribute("isakmp authorization list <list>"),
    _map_attribute("gdoi fail-close"),
    _map_attribute("redundancy <rest:text>"),
    _map_entry(
        "crypto map <name> <seq:num> ipsec-isakmp dynamic <dynamic> [{discover:discover}]",
        refers=(Reference(DYNAMIC_KIND, "dynamic"),),
    ),
    _map_entry(
        "crypto map <name> <seq:num> ipsec-isakmp profile <profile>",
        refers=(Reference(PROFILE_KIND, "profile"),),
    ),
    _map_entry("crypto map <name> <seq:num> {kind:ipsec-isakmp}", opens="crypto-map", created=replies.MAP_NOTE),
    _map_entry("crypto map <name> <seq:num> {kind:ipsec-manual|gdoi}", opens="crypto-map", created=replies.MAP_NOTE),
    _map_entry("crypto map <name> <seq:num>", opens="crypto-map", existing_only=True, no=("crypto map <name>",)),
    _map_entry(
        "crypto map ipv6 <name> <seq:num> {kind:ipsec-isakmp|gdoi}", opens="crypto-map", created=replies.MAP_NOTE
    ),
)
"""Lines of the global mode, in the order in which a running-config lists them."""
