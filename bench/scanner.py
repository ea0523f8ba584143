"""The floor: a scanner written for these generated files alone, which knows no mess, no abbreviation and no second spelling.

It extracts what matters (keys, profiles, tunnels) line by line, and is what no reader of real files can beat.
"""

_SECTIONS = ("crypto keyring ", "crypto isakmp ", "crypto ipsec ", "interface ")


def scan(text: str) -> dict[str, list[tuple[str, ...]]]:
    """The commands of each section that tunnels depend on, cut into words."""
    found: dict[str, list[tuple[str, ...]]] = {}
    here: list[tuple[str, ...]] | None = None
    for line in text.split("\n"):
        if line.startswith(" "):
            if here is not None:
                here.append(tuple(line.split()))
        elif line.startswith(_SECTIONS):
            here = found[line] = []
        else:
            here = None
    return found
