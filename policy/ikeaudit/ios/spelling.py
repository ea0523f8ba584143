"""How IOS prints a line that may be typed in several ways (KEY-FORMS, PROFILE-MATCH, TEXT-PRINTED)."""

from __future__ import annotations

from ikeaudit.ios.command import Args, Placed
from ikeaudit.ios.names import ANY_ADDRESS, HOST_MASK, interface_order


def address_and_mask(args: Args) -> tuple[str, str]:
    """Address and mask that a key line means: /32 without a mask, except that 0.0.0.0 means everything (KEY-FORMS)."""
    address = args["address"]
    return address, args.get("mask") or (ANY_ADDRESS if address == ANY_ADDRESS else HOST_MASK)


def masked(args: Args) -> str:
    """The address, with its mask unless that is the host mask; a typed mask of zeros is kept."""
    mask = args.get("mask", "")
    return args["address"] if mask in ("", HOST_MASK) else f"{args['address']} {mask}"


def encoded(args: Args) -> str:
    """A key behind the digit of its encoding, which IOS prints unless it is 0; trailing blanks belong to the key."""
    digit = args.get("encoding", "0")
    return args["secret"] if digit == "0" else f"{digit} {args['secret']}"


def key_peer(args: Args) -> str:
    """Whom a key is for: ``address A [M]``, ``address ipv6 P/L`` or ``hostname H``."""
    if "host" in args:
        return f"hostname {args['host']}"
    return f"address ipv6 {args['prefix']}" if "prefix" in args else f"address {masked(args)}"


def matched(args: Args) -> str:
    """Address and mask of a match statement: the mask is printed, except for 0.0.0.0 (TEXT-PRINTED)."""
    address, mask = address_and_mask(args)
    return address if (address, mask) == (ANY_ADDRESS, ANY_ADDRESS) else f"{address} {mask}"


def by_map_and_sequence(args: Args) -> Placed:
    """Entries of one crypto map stand together, attributes of the whole map first, then by sequence number."""
    return Placed(0, args["name"], (int(args.get("seq") or -1),))


def by_interface(args: Args) -> Placed:
    """Interfaces are printed by type, then by number."""
    return Placed(*interface_order(args["name"]))
