"""What a command does to the session it was typed in, step by step, free of any transport.

A command that needs more than one answer is a generator of the steps below (a *talk*). The SSH terminal performs them on a
socket; a test performs them on a list of strings. Whoever drives the talk sends back what a step asks for: the typed line for
``Ask``, the result for ``Offload``, None for the rest.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, repr=False)
class Say:
    """Print ``text``; lines end with a plain line feed, the terminal adds the carriage return."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Print ``prompt`` and wait for the user: one line, or one key when ``key`` is set; ``echo`` off for a password."""

    prompt: str
    echo: bool = True
    key: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for ``seconds`` of real time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Offload:
    """Run ``work`` outside the event loop, because it takes its time, and send back its result."""

    work: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """Cut the connection without a word, as a broken line does."""


Step: TypeAlias = Say | Ask | Wait | Offload | Drop
Talk: TypeAlias = Generator[Step, Any, None]
"""A command that prints and asks."""

Report: TypeAlias = Generator[Step, Any, str]
"""A command that comes to a text, which is then filtered and paged like any other."""

Question: TypeAlias = Generator[Step, Any, bool]
"""Part of a talk that comes to a yes or a no."""
