"""What the user chooses about the move to IKEv2."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.remediation.strategies.ikev2.cloud_file import Cloud
from ikeaudit.remediation.strategies.ikev2.suites import Suite

Cleanup = Literal["now", "later", "only"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Choices for one plan.

    ``suite``: the algorithms, None for the packaged default. ``new_keys``: keys made when the plan is applied, in place of
    those of today. ``cleanup``: IKEv1 objects that nothing uses any more go at the end of this plan (``now``), stay
    (``later``), or are all that the plan is about (``only``). ``clouds``: DMVPN clouds that get a second one beside them
    instead of being moved in place.
    """

    suite: Suite | None = None
    new_keys: bool = False
    cleanup: Cleanup = "now"
    clouds: tuple[Cloud, ...] = ()
