"""What a configuration says, as frozen values: the vocabulary that every other package shares."""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.model.address import IPAddress, Prefix, parse_address
    from ikeaudit.model.device import CryptoSession, IsakmpSa, ShownKey, ShowOutputs
    from ikeaudit.model.evidence import Evidence
    from ikeaudit.model.ezvpn import EzvpnClient, EzvpnUse
    from ikeaudit.model.gdoi import GdoiGroup
    from ikeaudit.model.ikev1 import (
        DEFAULT_KEYRING,
        AggressivePeer,
        ClientGroup,
        IdentityMatch,
        IsakmpPolicy,
        IsakmpProfile,
        IsakmpSettings,
        Keepalive,
        Key,
        Keyring,
        KeyringRef,
        LocalAddress,
        MatchKind,
        NamedLine,
        RsaPubkey,
        SelfIdentity,
    )
    from ikeaudit.model.ikev2 import (
        ANY_VRF,
        Ikev2,
        Ikev2Auth,
        Ikev2Identity,
        Ikev2Keyring,
        Ikev2Peer,
        Ikev2Policy,
        Ikev2Profile,
        Ikev2Proposal,
    )
    from ikeaudit.model.interface import (
        Interface,
        InterfaceAddress,
        NhrpMap,
        StaticRoute,
        Tunnel,
        TunnelMode,
        TunnelProtection,
    )
    from ikeaudit.model.ipsec import (
        AccessList,
        AclEntry,
        CryptoMap,
        CryptoMapEntry,
        CryptoPeer,
        EntryKind,
        IpsecProfile,
        TransformSet,
    )
    from ikeaudit.model.nat import NatRule, RouteMap, RouteMapEntry
    from ikeaudit.model.router import FileKind, HostMapping, Router, UnknownLine
    from ikeaudit.model.secret import Secret, SecretFacts, same_key
    from ikeaudit.model.shown import (
        CryptoConnection,
        DmvpnPeer,
        Ikev2Sa,
        IsakmpDetail,
        ShownLine,
        show_file,
    )

__all__ = [
    "ANY_VRF",
    "DEFAULT_KEYRING",
    "AccessList",
    "AclEntry",
    "AggressivePeer",
    "ClientGroup",
    "CryptoConnection",
    "CryptoMap",
    "CryptoMapEntry",
    "CryptoPeer",
    "CryptoSession",
    "DmvpnPeer",
    "EntryKind",
    "Evidence",
    "EzvpnClient",
    "EzvpnUse",
    "FileKind",
    "GdoiGroup",
    "HostMapping",
    "IPAddress",
    "IdentityMatch",
    "Ikev2",
    "Ikev2Auth",
    "Ikev2Identity",
    "Ikev2Keyring",
    "Ikev2Peer",
    "Ikev2Policy",
    "Ikev2Profile",
    "Ikev2Proposal",
    "Ikev2Sa",
    "Interface",
    "InterfaceAddress",
    "IpsecProfile",
    "IsakmpDetail",
    "IsakmpPolicy",
    "IsakmpProfile",
    "IsakmpSa",
    "IsakmpSettings",
    "Keepalive",
    "Key",
    "Keyring",
    "KeyringRef",
    "LocalAddress",
    "MatchKind",
    "NamedLine",
    "NatRule",
    "NhrpMap",
    "Prefix",
    "RouteMap",
    "RouteMapEntry",
    "Router",
    "RsaPubkey",
    "Secret",
    "SecretFacts",
    "SelfIdentity",
    "ShowOutputs",
    "ShownKey",
    "ShownLine",
    "StaticRoute",
    "TransformSet",
    "Tunnel",
    "TunnelMode",
    "TunnelProtection",
    "UnknownLine",
    "parse_address",
    "same_key",
    "show_file",
]

_ROOMS = (
    "address",
    "device",
    "evidence",
    "ezvpn",
    "gdoi",
    "ikev1",
    "ikev2",
    "interface",
    "ipsec",
    "nat",
    "router",
    "secret",
    "shown",
)
"""Where the names are: they are looked for when one is wanted, so that who needs an error needs no model."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
