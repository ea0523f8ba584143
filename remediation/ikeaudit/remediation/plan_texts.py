"""The files of a plan by name, the long ones packed: what is proven of a large fleet is long, and says the same many times."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Packed(NamedTuple):
    """A text in little room."""

    content: bytes

    @classmethod
    def of(cls, text: bytes) -> Packed:
        """``text``, encoded as UTF-8."""
        return cls(zlib.compress(text, 1))

    def text(self) -> str:
        """The text."""
        return zlib.decompress(self.content).decode()


class Texts(Mapping[str, str]):
    """Texts by the path of their file, relative to the plan's folder; one that is packed is unpacked when it is asked for."""

    def __init__(self, texts: Mapping[str, str | Packed]) -> None:
        self._texts = dict(texts)

    def __getitem__(self, name: str) -> str:
        text = self._texts[name]
        return text if isinstance(text, str) else text.text()

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def with_text(self, name: str, text: str) -> Texts:
        """These, and one more."""
        return Texts({**self._texts, name: text})
