"""The model's reasoning as it is written: pieces in, what a person should see out."""

from raredxr1.diagnose.output.glossary import printable
from raredxr1.dialogue import ANSWER, ANSWER_END, THINK, THINK_END

_TAGS = (THINK, THINK_END, ANSWER, ANSWER_END)


class ReasoningStream:
    """Leaves out the tags of the turn, and everything from the answer on: the table shows that better."""

    def __init__(self) -> None:
        self._line = ""
        self._shown = 0
        self._over = False

    def feed(self, piece: str) -> str:
        """Take a piece as the model wrote it; return what can be shown now, perhaps nothing."""
        shown = []
        for character in piece:
            if not self._over:
                shown.append(self._take(character))
        return "".join(shown)

    def _take(self, character: str) -> str:
        if character == "\n":
            line, shown = self._line, self._shown
            self._line, self._shown = "", 0
            return "" if line.strip() in _TAGS else printable(line[shown:]) + "\n"
        self._line += character
        if self._line.strip() == ANSWER:
            self._over = True
            return ""
        if any(tag.startswith(self._line.strip()) for tag in _TAGS):
            return ""
        new, self._shown = self._line[self._shown :], len(self._line)
        return printable(new)


def reasoning(turn: str) -> str:
    """The reasoning of a whole turn, as `ReasoningStream` shows it."""
    return ReasoningStream().feed(turn if turn.endswith("\n") else turn + "\n").strip("\n")
