"""The files of a plan by name; what is proven of a large fleet is long, and lies packed in memory or on the disk already."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from ikeaudit.snapshot.private_files import FolderDraft


class Packed(NamedTuple):
    """A text in little room."""

    content: bytes

    @classmethod
    def of(cls, text: bytes) -> Packed:
        """``text``, encoded as UTF-8."""
        return cls(zlib.compress(text, 1))

    def text(self) -> str:
        """The text."""
        return self.encoded().decode()

    def encoded(self) -> bytes:
        """The text as it is written."""
        return zlib.decompress(self.content)


class Written(NamedTuple):
    """A text that lies in the plan's folder, or in the draft of it, with its SHA-256."""

    draft: FolderDraft
    name: str
    sum: str

    @classmethod
    def to(cls, draft: FolderDraft, name: str, text: Packed) -> Written:
        """Write ``text``."""
        content = text.encoded()
        draft.write(name, content)
        return cls(draft, name, sha256(content).hexdigest())

    def text(self) -> str:
        """The text, read again."""
        return (self.draft.path / self.name).read_text(encoding="utf-8")


Text: TypeAlias = str | Packed | Written


class Texts(Mapping[str, str]):
    """Texts by the path of their file, relative to the plan's folder; what is no string becomes one when it is asked for."""

    def __init__(self, texts: Mapping[str, Text]) -> None:
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

    def written(self, draft: FolderDraft | None = None) -> dict[str, str]:
        """The SHA-256 of each file that is written already (to ``draft``)."""
        found = {name: text for name, text in self._texts.items() if isinstance(text, Written)}
        return {name: text.sum for name, text in found.items() if draft is None or text.draft is draft}
