"""A form of a finding that is denied denies no other form of it: "not AL amyloidosis", "no primary hyperoxaluria".

The words by which a form is told are in `data/recognition/forms.tsv`.
"""

from functools import cache

from raredxr1 import lazy_re as re
from raredxr1.data import rows

_REACH = 80


def is_denied_form(text: str, start: int, end: int) -> bool:
    """Whether what is denied at a place is a form of what was read there, which is then not denied.

    Args:
        text: the note.
        start: where the words read begin.
        end: where they end.
    """
    before, behind = _patterns()
    return bool(before.search(text, max(0, start - _REACH), start) or behind.match(text, end))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    written, plain = list[str](), list[str]()
    for (words,) in rows("recognition/forms"):
        for word in words.split("|"):
            (plain if word == word.lower() else written).append(re.escape(word))
    number = r"(?:type|class|stage|grade)[ -](?:\d{1,2}[a-z]?|[ivx]{1,4}[a-z]?)"
    form = rf"(?:(?-i:{'|'.join(written)})|{'|'.join(plain)}|{number})"
    return (
        re.compile(
            r"\b(?:no|not|without|nor|never|n['’]t|excludes?|excluded|than)\b"
            r"[^.;:,\n()]{0,60}? "
            rf"(?:{form}[ -](?:and |or ))*{form}[ -](?:(?!and |or )[a-z]+[ -])?$",
            re.IGNORECASE,
        ),
        re.compile(rf"[ ,(]+(?:of (?:the |an? )?)?{form}[ -](?:type|form|kind|variant)\b", re.IGNORECASE),
    )
