"""The one way to a rich console: what is printed on it stands there as it is.

Host names, profiles, titles, file names and messages may hold ``[bold]``, ``[/nope]`` or ``:x:``, which rich would obey or
die of. A style is given by ``Text``, never by words in a string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def screen(*, stderr: bool = False, soft_wrap: bool = False) -> Console:
    """A console on standard output, or on standard error; with ``soft_wrap`` the terminal breaks the lines, not rich."""
    from rich.console import Console  # rich is not for those who want JSON

    return Console(stderr=stderr, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False)
