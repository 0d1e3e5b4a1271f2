"""Puberty that has not begun, by its stage and the age: "breasts Tanner 1" in a girl of 16.

Limits: no breasts by 13 in girls, testes under 4 mL by 14 in boys (Palmert and Dunkel 2012, N Engl J Med 366:443).
Below them the first stage is none, and nothing is said.
"""

from collections.abc import Iterator

from raredxr1 import lazy_re as re
from raredxr1.knowledge.recognition.hits import Hit
from raredxr1.knowledge.recognition.menses import years_at_head
from raredxr1.rare_re import rare

_DELAYED = "HP:0000823"
_FIRST = r"(?:1|I|one)(?![\w/]|\.\d|\s*(?:cm|mm|ml|side))"
_TANNER = r"(?:Tanner(?:\s+stage)?|stage|B(?=1))"
_BREASTS = rare(
    rf"\bbreasts?(?:\s+(?:development|buds?))?\s*(?:is|are|was|were|at|:|-)?\s*{_TANNER}\s*{_FIRST}|"
    rf"\bTanner(?:\s+stage)?\s+{_FIRST}\s+(?:for\s+)?breasts?\b|\bB1[ ,/]{{0,2}}P[1-5]\b|\bprepubertal breasts?\b|"
    r"\bbreasts? (?:is |are |were |was )?prepubertal\b",
    re.IGNORECASE,
)
_TESTES = rare(
    rf"\bgenital(?:ia|s)?\s*(?:is|are|was|were|at|:|-)?\s*{_TANNER}\s*{_FIRST}|\bprepubertal (?:testes|genitalia)\b|"
    r"\b(?:testes|genitalia) (?:are |were |is |was )?prepubertal\b",
    re.IGNORECASE,
)
_GIRLS, _BOYS, _GROWN = 13, 14, 30
"""Years from which a first stage is late, and from which it is no longer told of the patient."""


def puberty(text: str) -> Iterator[Hit]:
    """Delayed puberty by a first stage at an age at which it has begun in others."""
    for pattern, least in ((_BREASTS, _GIRLS), (_TESTES, _BOYS)):
        for match in pattern.finditer(text):
            years = years_at_head(text)
            if years is not None and least <= years < _GROWN:
                yield Hit(_DELAYED, *match.span(), "value", measured=True)
