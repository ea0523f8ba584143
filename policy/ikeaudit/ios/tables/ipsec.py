"""Configuration lines of IPsec: transform sets, IPsec profiles, crypto maps (END-PLACES)."""

from __future__ import annotations

from ikeaudit.ios import replies, spelling
from ikeaudit.ios.command import Args, Command, Mode, Reference, alike, kept, section, single
from ikeaudit.ios.tables import ikev1, ikev2, secrets

TRANSFORM_KIND = "crypto ipsec transform-set"
PROFILE_KIND = "crypto ipsec profile"
MAP_KIND = "crypto map"
DYNAMIC_KIND = "crypto dynamic-map"

ISAKMP_PROFILE = Reference(ikev1.PROFILE_KIND, "profile")
IKEV2_PROFILE = Reference(ikev2.PROFILE_KIND, "profile")

_PFS = "group1|group2|group5|group14|group15|group16|group19|group20|group21|group24"

TRANSFORM = Mode(
    name="transform-set",
    prompt="(cfg-crypto-trans)#",
    bears="modelled",
    commands=(single("mode {mode:tunnel|transport} [{require:require}]", "mode"), single("esn", bears="irrelevant")),
)

_SECURITY_ASSOCIATION = (
    single("set security-association lifetime {unit:seconds|days} <value:num>", key=("unit",)),
    *alike(
        "irrelevant",
        single(
            "set security-association lifetime kilobytes <value>", no=("set security-association lifetime kilobytes",)
        ),
        single("set security-association idle-time <seconds:num> [default]", "set security-association idle-time"),
        single("set security-association replay window-size <size:num>", "set security-association replay"),
        single("set security-association replay disable", "set security-association replay"),
        single("set security-association level per-host", told_by=("set security-association level",)),
        single("set security-association dfbit <rest:text>"),
        single("set security-association ecn <rest:text>"),
        single("set security-association dummy <rest:text>"),
    ),
)

_BINDING = (
    single("set transform-set <sets:text>", refers=(Reference(TRANSFORM_KIND, "sets", many=True),)),
    single(f"set pfs [{{group={_PFS}}}]", "set pfs", also=(f"set pfs {{group={_PFS}}} pqc <algorithms:text>",)),
    single("set isakmp-profile <profile>", refers=(ISAKMP_PROFILE,), excludes=("set ikev2-profile",)),
    single("set ikev2-profile <profile>", refers=(IKEV2_PROFILE,), excludes=("set isakmp-profile",)),
    single("set identity <name>"),
    single("set mixed-mode", bears="irrelevant"),
)

_REVERSE_ROUTE = (
    single("set reverse-route <rest:text>", key=("rest",)),
    single(
        "reverse-route [<rest:text>]",
        "reverse-route",
        also=("reverse-route {how:static|remote-peer|tag|distance|gateway}",),
        told_by=("reverse-route", "reverse-route static", "reverse-route remote-peer", "reverse-route tag"),
    ),
)

PROFILE = Mode(
    name="ipsec-profile",
    prompt="(ipsec-profile)#",
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single("dialer pre-classify", bears="irrelevant", told_by=()),
        *_SECURITY_ASSOCIATION,
        *_BINDING,
        single("responder-only"),
        *_REVERSE_ROUTE,
        single("set session-key <rest:text>", bears="irrelevant", kept=True, hides=secrets.SESSION_KEY),
        single("redundancy <rest:text>", bears="irrelevant"),
        *kept(
            "irrelevant",
            "set ip access-group <rest:text>",
            "set nat demux",
            "set security-policy limit <number:num>",
            "qos pre-classify",
            "qos default",
            "virtual-template <number:num>",
            "discover",
        ),
        *kept(
            "unclear",
            "match address <acl:text>",
            "set peer <peer:text>",
            "set group <group:text>",
            "set nat <rest:text>",
        ),
    ),
)

CRYPTO_MAP = Mode(
    name="crypto-map",
    prompt="(config-crypto-map)#",
    bears="modelled",
    commands=(
        single("description <text:text>"),
        single(
            "set peer <peer> [{dynamic:dynamic}] [{default:default}]",
            key=("peer",),
            no=("set peer <peer>",),
            ordered=True,
        ),
        *_SECURITY_ASSOCIATION,
        *_BINDING,
        single("set ip access-group <rest:text>", key=("rest",), bears="irrelevant"),
        single("set nat demux", bears="irrelevant"),
        single("set security-policy limit <number:num>", bears="irrelevant", told_by=()),
        single("set session-key <rest:text>", key=("rest",), bears="irrelevant", hides=secrets.SESSION_KEY),
        single("set group <group>"),
        single("match address <acl>", "match address", seen=("match address {family:ipv4|ipv6} <acl>",)),
        single("match address local <acl>", "match address", bears="unclear", told_by=()),
        single("qos pre-classify", bears="irrelevant"),
        *_REVERSE_ROUTE,
        single("gdoi <rest:text>", key=("rest",), bears="unclear", told_by=()),
        single("client <rest:text>", key=("rest",), bears="unclear", told_by=()),
        single("responder-only", kept=True),
        *kept("irrelevant", "qos default", "redundancy <rest:text>", "dialer <rest:text>", "discover"),
        *kept("unclear", "set nat <rest:text>", "disable"),
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
        id=f"crypto-map-{words.split(' <')[0].split(' {')[0].replace(' ', '-')}",
        seen=(f"crypto map {{family:ipv6}} <name> {words}",),
        part="crypto-map",
        title="crypto map *",
        rank="crypto map",
        key_of=lambda args: (args["name"], words.split(" <")[0], args.get("mode", "")),
        placed=spelling.by_map_and_sequence,
        defines=MAP_KIND,
        **more,
    )


def _map_entry(syntax: str, **more: object) -> Command:
    """One numbered entry of a crypto map, in one of the ways to open it."""
    return single(
        syntax,
        "crypto map",
        id="crypto-map-entry",
        section="crypto-map",
        title="{name} {seq}",
        bears="modelled",
        rank="crypto map",
        key_of=_entry,
        placed=spelling.by_map_and_sequence,
        defines=MAP_KIND,
        **more,
    )


_GLOBAL = (
    single("crypto ipsec security-association lifetime {unit:seconds|days} <value:num>", key=("unit",)),
    single("crypto ipsec security-association lifetime kilobytes <value>"),
    single("crypto ipsec security-association replay <rest:text>"),
    single("crypto ipsec security-association idle-time <seconds:num>"),
    single("crypto ipsec security-association multi-sn"),
    single("crypto ipsec security-association <rest:text>", key=("rest",), bears="unclear", told_by=()),
    *kept("irrelevant", "crypto ipsec security-association dummy <rest:text>"),
    *kept("irrelevant", "crypto ipsec security-association ecn <rest:text>"),
    single("crypto ipsec df-bit <value>"),
    single("crypto ipsec fragmentation <value>"),
    single(
        "crypto ipsec nat-transparency udp-encapsulation",
        negative=True,
        hidden=True,
        bears="modelled",
    ),
    *kept("irrelevant", "crypto ipsec nat-transparency spi-matching"),
    single("crypto ipsec nat-traversal [<rest:text>]", "crypto ipsec nat-traversal", kept=True),
    single("crypto ipsec optional [<rest:text>]", "crypto ipsec optional"),
    single("crypto ipsec ipv4-deny <rest:text>"),
    single("crypto ipsec ipv4-deny-policy <rest:text>"),
    single("crypto ipsec server <rest:text>", key=("rest",)),
    single("crypto ipsec control-plane <rest:text>", key=("rest",)),
    single("crypto ipsec default transform-set", kept=True),
    *kept("irrelevant", "crypto ipsec exclude peer-list <rest:text>"),
    single(
        "crypto ipsec transform-set <name> <transforms:transforms>",
        "crypto ipsec transform-set",
        key=("name",),
        no=("crypto ipsec transform-set <name>",),
        seen=("crypto ipsec transform-set <name> [<transforms:text>]",),
        opens="transform-set",
        section="transform-set",
        defines=TRANSFORM_KIND,
        bears="modelled",
    ),
    section(PROFILE_KIND, "ipsec-profile", separated=True),
    single(
        "crypto dynamic-map <name> <seq:num>",
        "crypto dynamic-map",
        key_of=_entry,
        no=("crypto dynamic-map <name>",),
        opens="crypto-map",
        section="dynamic-map",
        title="{name} {seq}",
        defines=DYNAMIC_KIND,
        bears="modelled",
        seen=("crypto {family:ipv6} dynamic-map <name> <seq:num>", "crypto dynamic-map {family:ipv6} <name> <seq:num>"),
        placed=spelling.by_map_and_sequence,
    ),
    _map_attribute("local-address <interface:interface>", bears="modelled"),
    _map_attribute("isakmp-profile <profile>", bears="modelled", refers=(ISAKMP_PROFILE,)),
    _map_attribute("client authentication list <list>", bears="modelled"),
    _map_attribute("client accounting list <list>"),
    _map_attribute("client configuration address {mode:initiate|respond}", bears="modelled"),
    _map_attribute("isakmp authorization list <list>", bears="modelled"),
    _map_attribute("gdoi fail-close", opens="crypto-other", section="other"),
    _map_attribute("redundancy <rest:text>"),
    _map_entry(
        "crypto map <name> <seq:num> ipsec-isakmp dynamic <dynamic> [{discover:discover}]",
        refers=(Reference(DYNAMIC_KIND, "dynamic"),),
    ),
    _map_entry(
        "crypto map <name> <seq:num> ipsec-isakmp profile <profile>", refers=(Reference(PROFILE_KIND, "profile"),)
    ),
    _map_entry("crypto map <name> <seq:num> {kind:ipsec-isakmp}", opens="crypto-map", created=replies.MAP_NOTE),
    _map_entry("crypto map <name> <seq:num> {kind:ipsec-manual|gdoi}", opens="crypto-map", created=replies.MAP_NOTE),
    _map_entry("crypto map <name> <seq:num>", opens="crypto-map", existing_only=True, no=("crypto map <name>",)),
    _map_entry(
        "crypto map {family:ipv6} <name> <seq:num> {kind:ipsec-isakmp|ipsec-manual|gdoi}",
        opens="crypto-map",
        created=replies.MAP_NOTE,
    ),
)

GLOBAL = alike("irrelevant", *_GLOBAL)
"""Lines of the global mode, in the order in which a running-config lists them."""
