"""IP addresses and the address/mask pairs that keys and match statements are written with."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, _BaseAddress, ip_address
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ikeaudit.ios.quads import ipv4_number

if TYPE_CHECKING:
    IPAddress: TypeAlias = IPv4Address | IPv6Address
    """One host address of either family."""
else:  # msgspec reads structs back whose fields have one foreign type, not two
    IPAddress = _BaseAddress

_BITS = {4: 32, 6: 128}
_HOST = {version: (1 << bits) - 1 for version, bits in _BITS.items()}


def parse_address(text: str) -> IPAddress | None:
    """The address that ``text`` spells, or None when it spells none (an octet missing, a host name)."""
    number = ipv4_number(text)
    if number is not None:
        return IPv4Address(number)
    try:
        return ip_address(text)
    except ValueError:
        return None


class Prefix(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, order=True, gc=False):
    """An address with a mask, kept exactly as written (U-15: host bits and odd masks are compared, not mended).

    ``value`` and ``mask`` are plain integers of ``version``'s width, so that thousands of entries stay cheap to search.
    """

    version: int
    value: int
    mask: int

    @classmethod
    def of(cls, address: IPAddress, length: int | None = None) -> Prefix:
        """``address`` with a mask of ``length`` bits; a host mask when no length is given."""
        if length is None:
            return cls(address.version, int(address), _HOST[address.version])
        return cls(address.version, int(address), ((1 << length) - 1) << (_BITS[address.version] - length))

    @classmethod
    def masked(cls, address: IPAddress, mask: IPAddress) -> Prefix:
        """``address`` under a dotted ``mask``, which need not be contiguous."""
        return cls(address.version, int(address), int(mask))

    @property
    def bits(self) -> int:
        """Width of the address family: 32 or 128."""
        return _BITS[self.version]

    @property
    def length(self) -> int:
        """Mask length in bits; for a mask with holes, the number of bits that count."""
        return self.mask.bit_count()

    @property
    def is_host(self) -> bool:
        """Whether the mask leaves exactly one address."""
        return self.length == self.bits

    @property
    def contiguous(self) -> bool:
        """Whether the mask is ones followed by zeros."""
        return self.mask == ((1 << self.length) - 1) << (self.bits - self.length)

    @property
    def has_host_bits(self) -> bool:
        """Whether bits are set outside the mask (U-15)."""
        return self.value & ~self.mask & ((1 << self.bits) - 1) != 0

    @property
    def network(self) -> Prefix:
        """The same set of addresses with host bits cleared: two prefixes cover the same exactly when these are equal."""
        return Prefix(self.version, self.value & self.mask, self.mask)

    @property
    def address(self) -> IPAddress:
        """The address part as written."""
        return IPv4Address(self.value) if self.version == 4 else IPv6Address(self.value)

    def covers(self, address: IPAddress) -> bool:
        """Whether ``address`` falls under this address and mask."""
        return address.version == self.version and (int(address) ^ self.value) & self.mask == 0

    def overlaps(self, other: Prefix) -> bool:
        """Whether some address falls under both."""
        return self.version == other.version and (self.value ^ other.value) & self.mask & other.mask == 0

    def dotted(self) -> str:
        """``192.168.0.0,255.255.255.0``, the way that IOS debugs print it; IPv6 as prefix/length."""
        return f"{self.address},{IPv4Address(self.mask)}" if self.version == 4 else str(self)

    def __str__(self) -> str:
        if not self.contiguous:
            return f"{self.address} {IPv4Address(self.mask) if self.version == 4 else IPv6Address(self.mask)}"
        return str(self.address) if self.is_host else f"{self.address}/{self.length}"
