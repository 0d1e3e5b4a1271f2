"""What stands around a finding in real notes: qualifiers before and after it, and slips of the keyboard in it.

They teach a model to copy what is written instead of what it expects to be written.
"""

from random import Random

BEFORE = (
    "severe", "mild", "marked", "progressive", "recurrent", "intermittent", "bilateral", "left-sided", "right-sided",
    "persistent", "moderate", "slight", "episodes of", "a history of", "striking", "long-standing", "early",
    "gradually worsening", "occasional", "worsening", "signs of", "subtle", "profound", "transient", "a degree of",
)  # fmt: skip
AFTER = (
    "since infancy", "from early on", "for several years", "noticed by the parents", "on both sides", "at rest",
    "over the past months", "that came on slowly", "confirmed on review", "which has not been explained",
    "since birth", "after the first year", "of unknown cause", "as documented elsewhere", "despite treatment",
    "without any trigger", "when last seen", "in the second decade", "during a febrile illness", "since school age",
)  # fmt: skip

_LEAST_LETTERS = 5


def qualifiers(rng: Random, share: float) -> tuple[str, str]:
    """Draw what to put before and after a finding, each with probability `share`; spaces included."""
    before = f"{rng.choice(BEFORE)} " if rng.random() < share else ""
    after = f" {rng.choice(AFTER)}" if rng.random() < share else ""
    return before, after


def misspell(text: str, rng: Random) -> str:
    """Make one slip in one longer word: letters swapped, left out or doubled. Short words are left as they are."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= _LEAST_LETTERS and word.isalpha()]
    if not long:
        return text
    place = rng.choice(long)
    word, at = words[place], rng.randrange(1, len(words[place]) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == 1:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[: at + 1] + word[at:]
    words[place] = word
    return " ".join(words)
