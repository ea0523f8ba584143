"""Where the sources contradict themselves or each other, and which reading is taken first."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "C-1",
        "The most specific profile, or the first in the configuration",
        "The guide's table says that the first matching profile is taken, its summary and its own debug that the "
        "most specific one is. The most specific is predicted, as probable; where the other reading ends "
        "differently, findings go by the worse one.",
        f"{s.SELECTION}; public laboratory notes on ISAKMP profiles (2012)",
    ),
    Rule(
        "C-2",
        "One address in two keyrings: unpredictable, or the first",
        "The table calls it unpredictable and not supported, the summary says that the first in the configuration "
        "is used. The first is predicted and called unpredictable, and no plan depends on it.",
        s.SELECTION,
    ),
    Rule(
        "C-3",
        "The default keyring first, or the most specific key",
        "Two criteria of the guide seem to exclude each other. Its example shows two stages: the default keyring, "
        "and only without a match there the others; the longest mask counts inside a stage.",
        s.SELECTION,
    ),
    Rule(
        "C-4",
        "With which profile an unbound end calls",
        "Captures of tunnel protection show the most specific profile, captures of crypto maps none. Each kind of "
        "end is predicted as it was captured, and the other way is computed too.",
        f"{s.SELECTION}; {s.NAT_CAPTURE}; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "C-5",
        "An identity that the text gives differently from the debug",
        "The guide's text names the router's own address as the identity that selects a profile, its debug shows "
        "the peer's. The debug counts.",
        s.SELECTION,
    ),
    Rule(
        "C-6",
        "Who determines the profile after the fifth message",
        "The guide's summary says the initiator; the message is received by the responder, and it does.",
        s.SELECTION,
    ),
    Rule(
        "C-7",
        "Whether an initiator always knows its profile",
        "The guide says always, and shows a router that calls without any. It holds for ends that are bound to one.",
        s.SELECTION,
    ),
    Rule(
        "C-8",
        "Whether the order of keyrings matters",
        "It is said to matter a lot, and not at all. It decides between equal masks only; and the default keyring "
        "comes first anyway.",
        s.SELECTION,
    ),
    Rule(
        "C-9",
        "When the responder looks the key up",
        "Some captures show it at the first message, some at the third. Both look-ups have the same input, so that "
        "one is computed.",
        f"{s.SELECTION}; {s.NAT_CAPTURE}",
    ),
    Rule(
        "C-10",
        "Configurations lose digits on their way",
        "The guide's own configuration has a mask with an octet missing. A damaged line is told, and what is left "
        "of it is used.",
        s.SELECTION,
    ),
)
