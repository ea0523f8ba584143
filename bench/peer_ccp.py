"""ciscoconfparse2 as a peer, in an interpreter of its own: it asks for an older hier-config than the project measures.

A line on standard input names a file that holds configurations, one after a form feed; the answer is the CPU seconds for
parsing each and looking up what a script for tunnels would: keyrings, profiles, policies, tunnels and their commands.
"""

import gc
import logging
import sys
import time
from pathlib import Path

from ciscoconfparse2 import CiscoConfParse
from loguru import logger

WANTED = (
    r"^crypto keyring",
    r"^crypto isakmp profile",
    r"^crypto isakmp policy",
    r"^crypto ipsec profile",
    r"^interface Tunnel",
)


def read(text: str) -> int:
    """The commands found in one configuration."""
    parsed = CiscoConfParse(text.splitlines(), syntax="ios")
    return sum(len(section.children) for pattern in WANTED for section in parsed.find_objects(pattern))


def main() -> None:
    """Answer until the input ends."""
    logger.remove()
    logging.disable()
    for line in sys.stdin:
        texts = Path(line.strip()).read_text(encoding="utf-8").split("\f")
        gc.collect()
        started = time.process_time()
        for text in texts:
            read(text)
        sys.stdout.write(f"{time.process_time() - started}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
