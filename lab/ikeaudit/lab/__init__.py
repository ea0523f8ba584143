"""Virtual IOS routers over real SSH: for the demo, the tests and the rehearsal of a change.

A lab router speaks the exec and configuration commands that collecting, changing and verifying need, in IOS's own words and
errors, to any SSH client; netmiko's ``cisco_ios`` driver runs against it unmodified. Configuration is stateful: the same
engine that proves a plan (``ikeaudit.candidate``) carries out what is typed. Established SAs outlive changes of
keys and profiles, the revert timer really fires, a restart really loses what was not saved, and ``ikeaudit.lab.faults`` makes
the things happen that go wrong at night.

**What the lab cannot prove.** How real IOS selects keys and profiles: when two lab routers negotiate, the outcome and the
debug lines come from ``ikeaudit.exchange``, the very model that made the prediction. A tunnel that comes up in the lab shows
that the commands were sent, accepted and had the effect that the model expects of them, and that the change's own machinery
(timers, replies, roll-back, verification) works. It is no evidence that the model is right: what is not
known stands in docs/selection-rules.md. Nor does the lab know routing protocols, NAT, real timing, or how one IOS release
differs from the next; where IOS's words are not documented, its replies are plausible ones.
"""

from ikeaudit.lab.boot import boot_from_folder
from ikeaudit.lab.clock import LabClock, LoopClock
from ikeaudit.lab.console import Console
from ikeaudit.lab.lab import ENABLE_VARIABLE, PASSWORD_VARIABLE, USERNAME_VARIABLE, Lab
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.world import Negotiator, by_our_model

__all__ = [
    "ENABLE_VARIABLE",
    "PASSWORD_VARIABLE",
    "USERNAME_VARIABLE",
    "Console",
    "Lab",
    "LabClock",
    "LabRouter",
    "LoopClock",
    "Negotiator",
    "boot_from_folder",
    "by_our_model",
]
