"""How IOS prints a line that may be typed in several ways (KEY-FORMS, PROFILE-MATCH, TEXT-PRINTED)."""

from __future__ import annotations

from ikeaudit.candidate.names import ANY_ADDRESS, HOST_MASK, interface_order, removable
from ikeaudit.candidate.rules import Args, Placed


def address_and_mask(args: Args) -> tuple[str, str]:
    """Address and mask that a key line means: /32 without a mask, except that 0.0.0.0 means everything (KEY-FORMS)."""
    address = args["address"]
    return address, args.get("mask") or (ANY_ADDRESS if address == ANY_ADDRESS else HOST_MASK)


def _masked(args: Args) -> str:
    """The address, with its mask unless that is the host mask; a typed mask of zeros is kept."""
    mask = args.get("mask", "")
    return args["address"] if mask in ("", HOST_MASK) else f"{args['address']} {mask}"


def _encoding(args: Args) -> str:
    """The encoding digit, which IOS prints unless it is 0."""
    digit = args.get("encoding", "0")
    return "" if digit == "0" else f"{digit} "


def keyring_key(args: Args) -> str:
    """``pre-shared-key address A [M] key K``: the host mask is left out, trailing blanks belong to the key."""
    return f"pre-shared-key address {_masked(args)} key {_encoding(args)}{args['secret']}"


def keyring_key_ipv6(args: Args) -> str:
    """``pre-shared-key address ipv6 P/L key K``."""
    return f"pre-shared-key address ipv6 {args['prefix']} key {_encoding(args)}{args['secret']}"


def keyring_key_hostname(args: Args) -> str:
    """``pre-shared-key hostname H key K``."""
    return f"pre-shared-key hostname {args['host']} key {_encoding(args)}{args['secret']}"


def _xauth(args: Args) -> str:
    return " no-xauth" if args.get("noxauth") else ""


def global_key(args: Args) -> str:
    """``crypto isakmp key K address A [M] [no-xauth]``."""
    return f"crypto isakmp key {_encoding(args)}{args['secret']} address {_masked(args)}{_xauth(args)}"


def global_key_ipv6(args: Args) -> str:
    """``crypto isakmp key K address ipv6 P/L [no-xauth]``."""
    return f"crypto isakmp key {_encoding(args)}{args['secret']} address ipv6 {args['prefix']}{_xauth(args)}"


def global_key_hostname(args: Args) -> str:
    """``crypto isakmp key K hostname H [no-xauth]``."""
    return f"crypto isakmp key {_encoding(args)}{args['secret']} hostname {args['host']}{_xauth(args)}"


def _match_address(args: Args) -> str:
    address, mask = address_and_mask(args)
    return address if (address, mask) == (ANY_ADDRESS, ANY_ADDRESS) else f"{address} {mask}"


def match_identity_address(args: Args) -> str:
    """``match identity address A M [VRF]``: the mask is printed, except for 0.0.0.0 (TEXT-PRINTED)."""
    vrf = f" {args['vrf']}" if args.get("vrf") else ""
    return f"match identity address {_match_address(args)}{vrf}"


def match_remote_address(args: Args) -> str:
    """``match identity remote address A M`` of an IKEv2 profile."""
    return f"match identity remote address {_match_address(args)}"


def ikev2_peer_address(args: Args) -> str:
    """``address A [M]`` of an IKEv2 peer block; the host mask is left out."""
    return f"address {_masked(args)}"


def ikev2_peer_key(args: Args) -> str:
    """``pre-shared-key [local|remote] [6] K``."""
    side = f"{args['side']} " if args.get("side") else ""
    return f"pre-shared-key {side}{_encoding(args)}{args['secret']}"


def by_number(args: Args) -> Placed:
    """IKE policies are printed by number."""
    return Placed(0, "", (int(args["number"]),))


def by_map_and_sequence(args: Args) -> Placed:
    """Entries of one crypto map stand together, attributes of the whole map first, then by sequence number."""
    return Placed(0, args["name"], (int(args.get("seq") or -1),))


def by_interface(args: Args) -> Placed:
    """Interfaces are printed by type, then by number."""
    rank, family, key = interface_order(args["name"])
    return Placed(rank, family, key)


def interface_removal(args: Args) -> str:
    """Why this interface cannot be removed; empty when it can."""
    return "" if removable(args["name"]) else "% Removal of physical interfaces is not permitted"
