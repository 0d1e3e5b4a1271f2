"""A note under construction: text that remembers where findings are put."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mention:
    """A finding in a note: its term number, whether it is said to be present, and where: `text[start:end]`."""

    term: int
    present: bool
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """A note, the findings it mentions in order of place, and what else of the patient it tells."""

    text: str
    mentions: list[Mention]
    tells: frozenset[str]
    """Of "sex", "onset" and "family" those that the note says."""


class Draft:
    """Text under construction that remembers where findings are put."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.parts: list[str] = []
        self.length = 0
        self.mentions: list[Mention] = []
        self.tells: set[str] = set()

    def add(self, text: str) -> None:
        """Append text that is no finding."""
        self.parts.append(text)
        self.length += len(text)

    def mention(self, term: int, present: bool, text: str) -> None:
        """Append the words of a finding."""
        self.mentions.append(Mention(term, present, self.length, self.length + len(text)))
        self.add(text)

    def note(self) -> Note:
        """The note as it stands."""
        return Note("".join(self.parts), self.mentions, frozenset(self.tells))
