"""Whom a sentence speaks of: the patient, or a relative, who may be its subject or only be mentioned in it."""

from collections.abc import Mapping, Sequence

from raredxr1.knowledge.assertion.company import RELATIVES, of_both_parents, reports, shared, with_patient
from raredxr1.knowledge.assertion.cues import FINDING, Cue, Word
from raredxr1.knowledge.assertion.giving import Judged, give, give_back
from raredxr1.knowledge.assertion.persons import (
    before_relative,
    behind_apposition,
    bounded,
    but_for,
    closed_apposition,
    dies,
    gender_of_child,
    goes_on_with,
    has,
    has_ended_whose,
    is_addressed,
    is_age,
    is_had,
    is_numbered_child,
    is_own_child,
    may_be_name,
    named_before_colon,
    on_examination,
    owned_by_relative,
    scope_of,
)
from raredxr1.knowledge.assertion.vocabulary import (
    AUXILIARY,
    COUPLE,
    FEMALE,
    INDEFINITE,
    MALE,
    MENTIONING,
    NEUTRAL,
    NOTICED,
    PLACING,
    PREDICATE,
    PREPOSITIONS,
    QUANTITIES,
    SHOWING,
    TESTS,
)

_SELF = ("herself", "himself", "themselves")
GOES_ON = frozenset(("has", "had", "takes", "took", "gets", "got", "wears", "needs", "uses", "also", "died"))
"""Verbs that go on without a subject: "Brother (8), carrier only; has asthma"."""
_UNBORN = frozenset(("fetus", "foetus", "fetuses", "foetuses"))
_PATIENTS = frozenset(("patient", "child", "baby", "infant", "boy", "girl", "proband", "man", "woman", "family"))


class Subject:
    """Whom the words read so far are about.

    Attributes:
        other: whether that is somebody else than the patient.
        relative: gender of the relative last spoken of: "f", "m" or empty.
    """

    def __init__(
        self,
        default_other: bool = False,
        antecedent: str = "",
        relative: str = "",
        writer: str = "",
        patient: str = "",
        born: bool = False,
        names: frozenset[str] = frozenset(),
        neutral: bool = False,
        grown: bool = False,
    ) -> None:
        """Begin a sentence.

        Args:
            default_other: it stands under a heading of relatives.
            antecedent: gender of the relative that the sentence before was about, where the patient's is the other.
            relative: gender of the relative last spoken of under the heading.
            writer: who says "I" in the note: "patient", "relative", or empty: neither is known.
            patient: gender of the patient, "f" or "m"; empty: the note leaves that open.
            born: whether the note says that its patient is born, so that a fetus is somebody else.
            names: what the patient is called, in small letters.
            neutral: whether the relative last spoken of under the heading may be of either gender.
            grown: whether the patient is a grown-up, so that "their son" is somebody else.
        """
        self.neutral = neutral
        self.names = names
        self._grown = grown
        self._goes_on = False
        self._of_patient = False
        self._first = False
        self._ends_at = -1
        self._is_born = born
        self.writer = writer
        self._patients_gender = patient
        self.default_other = default_other
        self.other = default_other
        self.relative = relative
        self.named = False
        self._antecedent = antecedent
        self._scope = ""
        self._possessor = ""
        self._brackets: list[tuple[bool, str]] = []
        self._begun = False
        self._held = 0
        self._parenthetic = False
        self._spoken = self._joined = False
        self._teller = ""

    @property
    def antecedent(self) -> str:
        """Gender of the relative the sentence was about, if a pronoun of that gender cannot mean the patient."""
        apart = {"f": "m", "m": "f"}.get(self.relative)
        return self.relative if self.other and apart and self._possessor == apart else ""

    @property
    def carried(self) -> str | None:
        """Gender of the relative whom the whole sentence was about, empty: not told; None: it was about no relative."""
        alone = self.other and self._first and not self._of_patient and not self.default_other
        return self.relative if alone and self._scope in ("clause", "brief") else None

    @property
    def begun_with(self) -> str | None:
        """Gender of the relative whom the sentence began with, empty: not told; None: no relative, or left since."""
        return self.relative if self._first and self._spoken and not self._of_patient else None

    def go_on(self, gender: str) -> None:
        """Begin with the relative whom the sentence before was about."""
        self._set("clause", gender)
        self._goes_on = self._first = self._spoken = True

    def by_name(self) -> None:
        """The patient is called by name."""
        if not self.default_other:
            self.other, self.named, self._scope, self._goes_on, self._of_patient = False, True, "", False, True

    def of_finding(self, at: int) -> tuple[bool, bool]:
        """Whether a finding here is another's, and whether it is the patient's in so many words."""
        self._begun = True
        return self.other, self.named and not self.other

    def reset(self) -> None:
        """A new clause of the sentence."""
        self.other, self._scope = self.default_other, ""

    def part(self, following: str) -> None:
        """A semicolon: what goes on without a subject goes on with the relative that the sentence began with."""
        if self.begun_with is not None and following in GOES_ON:
            self._set("clause", self.relative)
        else:
            self.reset()

    def take(self, cue: Cue, words: Sequence[Word], cues: Mapping[int, Cue], verdicts: Mapping[int, Judged]) -> bool:
        """Take a cue that tells of a person; False: it is none, or denies something as well."""
        own_child = "my child" in cue.kinds and self.writer == "patient"
        if cue.kinds & RELATIVES or own_child:
            self._relative(cue, words, cues, verdicts)
            self._spoken = True
            return True
        if "of them" in cue.kinds:
            joined = self._joined and words[cue.first].text == "both"  # "she and her mother both have"
            if self._spoken and not joined:
                self._set("clause", self.relative)
            return self._spoken
        if "self" in cue.kinds:
            if not self._joined and self._teller and self._teller == ("f" if words[cue.first].text in FEMALE else "m"):
                self._set("clause", self._teller)
                return True
            return False
        child = gender_of_child(words[cue.end - 1].text)
        sibling = "my child" in cue.kinds and child and self._patients_gender not in ("", child)
        if sibling or ("their child" in cue.kinds and (self.default_other or self._grown)):
            self._set("clause", child)
            return True
        if "family history" in cue.kinds:
            following = words[cue.end].text if cue.end < len(words) else ""
            closed = following in ("unremarkable", "negative", "nil", "none", "non", "noncontributory", "normal")
            adjective = words[cue.end - 1].text in ("maternal", "paternal")
            self._set("brief" if closed or adjective else "clause", "")
            return True
        if "in family" in cue.kinds:
            give(cue.first, words, verdicts)
            return True
        if "my child" in cue.kinds and self.other and cue.first and words[cue.first - 1].text == ",":
            return True  # "his mum, my daughter, has"
        if cue.kinds & {"patient", "my child"}:
            self._patient(cue, words, cues, verdicts)
            return True
        return cue.kinds == {"reports"}

    def comma(self, at: int, words: Sequence[Word]) -> None:
        """A comma ends a mere apposition, unless it is the one that begins it: "his sister, who has"."""
        following = words[at + 1].text if at + 1 < len(words) else ""
        if at == self._ends_at:
            self.reset()  # "his mother, a nurse with asthma, reported"
            return
        begins = following in ("who", "whose")
        told = at + 2 < len(words) and words[at + 2].text in NOTICED and following in ("has", "have", "had")
        if self.other and self._parenthetic and following in PREDICATE and not begins and following != "with" and told:
            self.reset()  # "her father, who is well, has seen tremor"
            return
        if self.other and self._parenthetic and following in PREDICATE and not begins and following != "with":
            self._scope, self._parenthetic = "clause", False  # "her mother, who died young, was said to have"
            return
        if self.other and self._first and dies(at + 1, words):
            self._scope = "clause"  # "Dad tall, died suddenly at 41"
        elif self.other and self._scope in ("brief", "who") and not begins and at > self._held:
            self.reset()

    def verb(self, at: int, words: Sequence[Word]) -> None:
        """A verb makes a relative the subject of its clause."""
        if self.other and self._scope == "brief" and words[at].text in ("has", "have", "had", "suffers", "suffered"):
            self._scope = "clause"
        if self.other and self._scope == "who" and has_ended_whose(at, words):
            self.reset()  # "a boy whose mother is a nurse has"

    def end(self, cue: Cue, words: Sequence[Word]) -> None:
        """What ends other cues ends no subject, but a relative clause within an apposition."""
        if self.other and self._scope == "brief" and words[cue.end - 1].text in ("has", "have", "had"):
            self._scope = "clause"  # "her brother who is 41 also had"
        if self.other and on_examination(cue, words):
            self.reset()  # "his mother has nosebleeds on examination there are"
        if self.other and self._scope == "brief" and words[cue.first].text in ("but", "however", "whereas", "while"):
            self.reset() if not goes_on_with(cue.end, words) else self._set("clause", self.relative)

    def open_bracket(self, of_relative: bool) -> None:
        """An opening bracket; behind a relative it is about them up to its end: "two sisters (Ava, 3, eczema)"."""
        self._brackets.append((self.other, self._scope))
        if of_relative and self.other:
            self._scope = "clause"

    def bracket(self, opened: int, at: int, words: Sequence[Word], verdicts: Mapping[int, Judged]) -> None:
        """A closing one: "epilepsy (mother)" gives what stands before it to the relative named inside."""
        inside = words[opened + 1 : at]
        named = self.other
        before = self._brackets.pop() if self._brackets else (self.default_other, "")
        if named and not before[0] and all(word.text != FINDING for word in inside) and len(inside) <= 6:
            back = opened - 1
            while back >= 0 and opened - back <= 3 and words[back].text != FINDING:
                back -= 1
            if back in verdicts:
                verdicts[back].other = True
        self.other, self._scope = before
        if at == self._ends_at:
            self.reset()

    def close(self, verdicts: Mapping[int, Judged]) -> None:
        """The sentence has ended."""
        self._brackets.clear()

    # --- persons -----------------------------------------------------------------------------------------------------

    def _set(self, scope: str, gender: str) -> None:
        self.other, self._scope, self.named, self.relative = True, scope, False, gender

    def _relative(
        self, cue: Cue, words: Sequence[Word], cues: Mapping[int, Cue], verdicts: Mapping[int, Judged]
    ) -> None:
        gender = "f" if "mother" in cue.kinds else "m" if "father" in cue.kinds else ""
        if words[cue.end - 1].text == "gestational":  # "uneventful apart from gestational diabetes"
            self._set("brief", "f")
            return
        self.neutral = not gender and words[cue.end - 1].text in NEUTRAL
        back = before_relative(cue.first, words)
        owner = words[back + 1].text if back + 1 < cue.first else words[cue.first].text
        before = words[back].text if back >= 0 else ""
        indefinite = any(word.text in INDEFINITE for word in words[back + 1 : cue.first])
        following = words[cue.end].text if cue.end < len(words) else ""
        if following in _SELF and cue.end + 1 < len(words):
            following = words[cue.end + 1].text
        if following == "," and cue.end + 1 < len(words) and words[cue.end + 1].text in ("who", "whose"):
            following, self._parenthetic = "who", True
        if not before and is_addressed(cue.end, words):
            self._first = True
            self._set("clause", gender)  # "Mum, you told us that you had"
            return
        if self.other and self._scope == "clause" and (words[cue.first].text == "lost" or before == following == ","):
            return  # "his mum, my daughter, has": the same person; "his mother lost two babies (both boys), and has"
        # "his sister Eva, 9, has": a name, told from what a sister is by the age or the verb behind it
        name = may_be_name(cue.end, words)
        aged = name and words[cue.end + 1].text == "," and is_age(words[cue.end + 2].text)
        near = [word.text for word in words[cue.end : cue.end + 3]]
        if "," in near[:2] and near[2:] in (["who"], ["whose"]):
            following, self._held = "who", cue.end + 2  # "two sisters, Ida who is well and Eva who has"
            self._parenthetic = self._parenthetic or near[1] == ","  # "his daughter Lily, who is 3, was"
        named = name and words[cue.end].text not in AUXILIARY and words[cue.end + 1].text in PREDICATE
        if named and words[cue.end].text not in PREPOSITIONS and following not in (":", "-", "–", "("):
            following = words[cue.end + 1].text
        skipped = aged + 2 * (following in ("d", "b"))  # "sister d. 29, on dialysis, had"
        apposed = behind_apposition(cue.end + skipped, words) if skipped or following == "," else ""
        called = cue.end + (name and words[cue.end + 1].text == ",")
        headed = not before and [word.text for word in words[called : called + 2]] == [",", FINDING]
        if headed or but_for(cue.end, words):
            apposed = FINDING  # "Grandmother, kyphosis.", "His son Lee, epilepsy."
        if not before and named_before_colon(cue.end, words):
            following = ":"
        closing = closed_apposition(cue.end, words)
        if closing and not apposed:
            if reports(closing + 1, words, cues):  # "his mother (a nurse with asthma) says"
                self._ends_at, self._teller = closing, gender
            self._held, self._parenthetic = closing - 1, True
        if apposed in ("who", "whose"):  # "his mother Ann, 40, who has"
            following, apposed = "who", ""
            self._held = next(at for at in range(cue.end, len(words)) if words[at].text in ("who", "whose"))
        possessor = "f" if owner in FEMALE else "m" if owner in MALE else "i" if owner in ("my", "our") else ""
        if owner == "'s" and before.isalpha() and before not in _PATIENTS:
            possessor = "n"
        self._joined = with_patient(back, before, cue, words, cues, self.default_other)
        if self._joined or (not self.default_other and reports(cue.end, words, cues)):
            self._teller = gender
            return
        said_of = following in ("who", "whose") or (following in ("with", "has", "had") and indefinite)
        if before == "of" and back and words[back - 1].text in QUANTITIES:  # "two of her brothers"
            before = words[back - 2].text if back > 1 else ""
        couple = COUPLE.intersection(word.text for word in words[back + 1 : cue.first])
        both = not self.default_other and of_both_parents(cue, words, cues)
        both = both or (following == "'s" and shared(cue.first, words))
        if both or (before in ("of", "to") and couple):  # "a boy of healthy parents, who presented with"
            return
        if before in MENTIONING and not said_of:
            if closing:  # "with her husband, a joiner with asthma, in clinic"
                self._set("brief", gender)
                return
            if before == "of" and back and words[back - 1].text == FINDING:
                if not verdicts[back - 1].denied:  # "she does not have the cataracts of her mother"
                    give(back, words, verdicts)
                self._set("brief", gender)
            elif following == "'s" and not self.default_other:
                self._set("brief", gender)
            elif before == "of" and back and words[back - 1].text in TESTS and following in SHOWING:
                self._set("clause", gender)  # "the MRI of his sister showed"
            return
        placed = before in PLACING or (before in ("-", "–", "—", ":", "→") and bounded(cue.end, words))
        if placed and give(back, words, verdicts):
            self._set("brief", gender)
            self._possessor = possessor or self._possessor
            return
        held = self._held > cue.end
        scope = scope_of(cue, words, back, before, following, apposed, said_of=said_of, held=held)
        self._first = self._first or before in ("", ":") or (owner == "'s" and back < 2)
        self._set(scope, gender)
        self._possessor = possessor or self._possessor

    def _patient(
        self, cue: Cue, words: Sequence[Word], cues: Mapping[int, Cue], verdicts: Mapping[int, Judged]
    ) -> None:
        text = words[cue.first].text
        owner = cues.get(cue.first - 1)
        if text in _SELF and owner and owner.kinds & RELATIVES:
            return  # "grandmother herself is stiff"
        if text in _UNBORN:
            if self._is_born:
                self._set("clause", "")
            return
        if self._grown and is_own_child(cue.first, cue.end, words, has_begun=self._begun):
            self._set("clause", "")
            return
        gender = "f" if text in FEMALE else "m" if text in MALE else ""
        if self._goes_on and self.other and gender and gender == self.relative:
            return
        before = words[cue.first - 1].text if cue.first else ""
        if before in ("the", "this", "our", "a", "an") and cue.first > 1:
            before = words[cue.first - 2].text
        possessive = cue.end < len(words) and words[cue.end].text == "'s"
        if text == "i" and self.writer == "relative" and has(cue.end, words):
            self._set("clause", "")
            return
        if not gender and self.other and owned_by_relative(cue.first, words):
            return
        if not gender and self.default_other and is_numbered_child(cue.first, words):
            self._set("clause", "")
            return
        if not gender and self.other and [word.text for word in words[max(0, cue.first - 2) : cue.first]] == [",", "a"]:
            return  # "the couple's first child, a girl, had"
        if not gender:
            if possessive or (before in PREPOSITIONS and self.other):
                if self.default_other and before == "in":
                    give_back(cue.first, words, verdicts)
                return
            self.other, self.named, self._scope, self._of_patient = False, True, "", True
            return
        if self._patients_gender and gender != self._patients_gender:  # "she has asthma" in the letter of a boy
            if not self.other and is_had(cue.end, words, cues):
                self._set("clause", gender)
                self._possessor = self._patients_gender
            return
        if not self._begun and self._antecedent == gender and not self.other and cue.first <= 1:
            self._set("clause", gender)
            self._possessor = "m" if gender == "f" else "f"
            return
        if not self.other:
            self.named = self._of_patient = True
            return
        if self.default_other:
            if cue.first <= 1 and self.relative != gender and not self.neutral:
                self.other, self.named = False, True
            return
        if self.relative != gender or self._possessor in ("", gender):
            self.other, self.named, self._scope, self._of_patient = False, True, "", True
