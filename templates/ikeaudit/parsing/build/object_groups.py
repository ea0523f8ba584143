"""Object-groups, put in place of their names in the access lists that refer to them (ACL-GROUPS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import summarize_address_range
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec

from ikeaudit.ios.words import slot, starts
from ikeaudit.model import AclEntry, Prefix
from ikeaudit.parsing.operands import address, ipv6_prefix, mask_of

Network: TypeAlias = Prefix | str | None
"""What an access list names: a prefix, an object-group by its name, or what makes no sense."""

(GROUP,) = starts("global/object-group")
"""What the protocol of an entry begins with that stands for a group of services."""

_DESCRIPTION = slot("interface/description")
_GROUP = slot("object-group/group-object")
_CUT = "<CUT:"
"""What a word begins with that nothing accounts for."""
_LARGEST = 4096
_PORTS = {"eq": 1, "lt": 1, "gt": 1, "neq": 1, "range": 2}


_T = TypeVar("_T")


class Service(NamedTuple):
    """A protocol and its ports, as an entry of an access list has them."""

    protocol: str
    source_ports: str = ""
    destination_ports: str = ""


class ObjectGroups:
    """The object-groups of one router, as they are written."""

    def __init__(self) -> None:
        self._written: dict[str, list[tuple[int, str]]] = {}
        self._networks: dict[str, tuple[Prefix, ...] | None] = {}
        self._services: dict[str, tuple[Service, ...] | None] = {}
        self.unread: dict[int, str] = {}
        """Lines that make no sense of groups that were asked for, with the name of the group."""

    def take(self, header: str, lines: Iterable[tuple[int, str]]) -> None:
        """A group, or more of it; ``header`` is ``network NAME`` or the like."""
        name = header.split()[-1]
        self._written.setdefault(name, []).extend(line for line in lines if not line[1].startswith(_DESCRIPTION))

    def expanded(self, entry: AclEntry, source: Network, destination: Network) -> Iterator[AclEntry]:
        """``entry`` once for each member of the groups that it names.

        Where one of them is not defined, not understood or too large: itself, with what is not known left out.
        """
        service, named = Service(entry.protocol, entry.source_ports, entry.destination_ports), entry.protocol
        services = self.services(named.removeprefix(GROUP)) if named.startswith(GROUP) else (service,)
        ends = [self.networks(end) if isinstance(end, str) else (end,) for end in (source, destination)]
        size = len(services or ()) * len(ends[0] or ()) * len(ends[1] or ())
        if services is None or not 0 < size <= _LARGEST:
            near, far = (end if isinstance(end, Prefix) else None for end in (source, destination))
            yield msgspec.structs.replace(entry, source=near, destination=far, grouped=True)
            return
        for protocol, source_ports, destination_ports in services:
            for one in ends[0] or ():
                for other in ends[1] or ():
                    yield AclEntry(
                        entry.line, entry.action, protocol, one, other, source_ports, destination_ports,
                        grouped=True, narrowed=entry.narrowed,
                    )  # fmt: skip

    def networks(self, name: str) -> tuple[Prefix, ...] | None:
        """The addresses of a group; None where that cannot be told."""
        if name not in self._networks:
            self._networks[name] = None  # what a group holds that holds itself cannot be told
            found = [self._network(text.split()) for _, text in self._written.get(name, ())]
            known = self._known(name, found)
            if found and len(known) == len(found):
                self._networks[name] = tuple(dict.fromkeys(prefix for some in known for prefix in some))
        return self._networks[name]

    def _known(self, name: str, found: Sequence[_T | None]) -> list[_T]:
        """What lines of a group say; those that say nothing are noted."""
        lines = [line for line, _ in self._written.get(name, ())]
        self.unread |= {line: name for line, one in zip(lines, found, strict=True) if one is None}
        return [one for one in found if one is not None]

    def _network(self, words: list[str]) -> tuple[Prefix, ...] | None:
        match words:
            case ["group-object", name]:
                return self.networks(name)
            case ["any"]:
                return (Prefix(4, 0, 0),)
            case ["host", host] if (found := address(host)) is not None:
                return (Prefix.of(found),)
            case ["range", first, last]:
                ends = address(first), address(last)
                if ends[0] is None or ends[1] is None or ends[0].version != ends[1].version or ends[0] > ends[1]:  # type: ignore[operator]
                    return None
                nets = summarize_address_range(*ends)  # type: ignore[arg-type]
                return tuple(Prefix.of(net.network_address, net.prefixlen) for net in nets)
            case [base, mask] if (found := address(base)) is not None and found.version == 4:
                if mask[:1] == "/" and mask[1:].isdigit() and int(mask[1:]) <= found.max_prefixlen:
                    return (Prefix.of(found, int(mask[1:])).network,)
                dotted = mask_of(mask)
                prefix = Prefix.masked(found, dotted).network if dotted is not None else None
                return (prefix,) if prefix is not None and prefix.contiguous else None
            case [word] if (prefix := ipv6_prefix(word)) is not None:
                return (prefix.network,)
        return None

    def services(self, name: str) -> tuple[Service, ...] | None:
        """The services of a group; None where that cannot be told."""
        if name not in self._services:
            self._services[name] = None
            found = [self._service(text.split()) for _, text in self._written.get(name, ())]
            known = self._known(name, found)
            if found and len(known) == len(found):
                self._services[name] = tuple(dict.fromkeys(service for some in known for service in some))
        return self._services[name]

    def _service(self, words: list[str]) -> tuple[Service, ...] | None:
        if words[0] == _GROUP:
            return self.services(words[-1])
        protocol, rest = words[0], words[1:]
        if any(word.startswith(_CUT) for word in words):
            return None
        if protocol not in ("tcp", "udp", "tcp-udp"):
            return (Service(protocol, "", " ".join(rest)),)
        ports = {"source": "", "": ""}
        while rest:
            which = "source" if rest[0] == "source" else ""
            rest = rest[1:] if which else rest
            operator = rest[0] if rest and rest[0] in _PORTS else "eq"
            rest = rest[1:] if rest and rest[0] in _PORTS else rest
            taken, rest = rest[: _PORTS[operator]], rest[_PORTS[operator] :]
            if len(taken) < _PORTS[operator] or ports[which]:
                return None
            ports[which] = " ".join((operator, *taken))
        return tuple(Service(one, ports["source"], ports[""]) for one in _PROTOCOLS.get(protocol, (protocol,)))


_PROTOCOLS: Mapping[str, tuple[str, ...]] = {"tcp-udp": ("tcp", "udp")}
