# ruff: noqa: E501 - a table reads better than its wrapped lines
"""Sixty trajectories written by hand over the tests' small knowledge base: fifteen good ones, and forty-five bad for one
reason each.

A trajectory is a case and changes to that case's good turn; `verdict` is the one filter that turns it away, or "ok".
"""

from dataclasses import dataclass, field
from random import Random

from raredxr1.reflect.acceptance import Shown


@dataclass(frozen=True)
class Patient:
    note: str
    gold: str
    observed: tuple[str, ...]
    excluded: tuple[str, ...]
    turn: str
    shown: Shown = field(default_factory=Shown)


@dataclass(frozen=True)
class Trajectory:
    patient: str
    verdict: str
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        text = PATIENTS[self.patient].turn
        for old, new in self.changes:
            assert text.count(old) >= 1, f"{old!r} is not in the turn of {self.patient}"
            text = text.replace(old, new, 1)
        return text


PATIENTS = {
    "rett": Patient(
        note="Girl of 3 years. She shows repetitive movements of the hands and has a small head. She is unsteady: ataxia. "
        "There is no arachnodactyly. The parents are healthy.",
        gold="OMIM:312750",
        observed=("HP:0000733", "HP:0000252", "HP:0001251"),
        excluded=("HP:0001166",),
        turn="""<think>
Findings
1 + "repetitive movements" = Motor stereotypy
2 + "small head" = Microcephaly
3 + "ataxia" = Ataxia
4 - "arachnodactyly" = Arachnodactyly
sex female | family unaffected
Hypotheses
Rett syndrome | for 1 2 3 | awaited Seizure
Angelman syndrome | for 2 3 | awaited Seizure
Weigh
Rett syndrome explains 1, the most specific finding; Angelman syndrome does not.
</think>
<answer>
1. Rett syndrome
2. Angelman syndrome
</answer>""",
        shown=Shown(
            opinions=["likelihood: Rett syndrome; Angelman syndrome", "similarity: Angelman syndrome; Rett syndrome"],
            profiles=[
                "Rett syndrome: Intellectual disability, severe; Microcephaly; Motor stereotypy; Seizure; Ataxia"
            ],
        ),
    ),
    "marfan": Patient(
        note="A tall man of 30 came because of an aortic root aneurysm. He has long slender fingers. He denies seizures. "
        "No deafness, diarrhea or microcephaly.",
        gold="OMIM:154700",
        observed=("HP:0002616", "HP:0001166"),
        excluded=("HP:0001250", "HP:0000365", "HP:0002014", "HP:0000252"),
        turn="""<think>
Findings
1 + "aortic root aneurysm" = Aortic root aneurysm
2 + "long slender fingers" = Arachnodactyly
3 - "seizures" = Seizure
4 - "deafness" = Hearing impairment
5 - "microcephaly" = Microcephaly
sex male
Hypotheses
Marfan syndrome | for 1 2 | awaited Hypertelorism
Deafness, autosomal dominant 1 | against 4
Weigh
Marfan syndrome explains 1; Deafness, autosomal dominant 1 does not.
</think>
<answer>
1. Marfan syndrome
2. Deafness, autosomal dominant 1
</answer>""",
        shown=Shown(
            opinions=["likelihood: Marfan syndrome; Doubled syndrome"],
            profiles=["Marfan syndrome: Arachnodactyly; Aortic root aneurysm; Hypertelorism"],
            hint="Shortlist: Rett syndrome; Marfan syndrome; Angelman syndrome; Deafness, autosomal dominant 1",
        ),
    ),
    "zellweger": Patient(
        note="Infant with a large head and widely spaced eyes. Febrile convulsion at 5 months; watery stool for weeks. "
        "Split hand absent.",
        gold="OMIM:214100",
        observed=(),
        excluded=(),
        turn="""<think>
Findings
1 + "large head" = Macrocephaly
2 + "widely spaced eyes" = Hypertelorism
3 + "Febrile convulsion" = Febrile seizure
4 + "watery stool" = Diarrhea
5 - "Split hand" = Split hand
onset infancy
Hypotheses
Peroxisome biogenesis disorder 1A (Zellweger) | for 1 2 3 4
Marfan syndrome | for 2
Split-hand/foot malformation 1 | against 5 | awaited Hearing impairment
Weigh
Peroxisome biogenesis disorder 1A (Zellweger) explains 4; Marfan syndrome does not.
</think>
<answer>
1. Peroxisome biogenesis disorder 1A (Zellweger)
2. Marfan syndrome
</answer>""",
        shown=Shown(profiles=["Angelman syndrome: Ataxia; Intellectual disability, severe; Seizure; Microcephaly"]),
    ),
}


def _all() -> list[Trajectory]:
    found = []

    def add(patient: str, verdict: str, *changes: tuple[str, str]) -> None:
        found.append(Trajectory(patient, verdict, changes))

    # good
    add("rett", "ok")
    add("rett", "ok", ("sex female | family unaffected\n", ""))
    add("rett", "ok", ("Rett syndrome | for 1 2 3 | awaited Seizure", "Rett syndrome | for 1 3"))
    add("rett", "ok", ("1. Rett syndrome", "1. RETT SYNDROME"), ("Rett syndrome | for", "RETT SYNDROME | for"),
        ("Rett syndrome explains 1, the most specific finding", "RETT SYNDROME explains 1"))  # fmt: skip
    add("rett", "ok", ("Rett syndrome explains", "At first Angelman syndrome, but Angelman syndrome does not explain 1; "
        "Rett syndrome does. Rett syndrome explains"))  # fmt: skip
    add("rett", "ok", ('"repetitive movements"', '" repetitive movements of the hands "'))
    add("rett", "ok", ("Angelman syndrome | for 2 3 | awaited Seizure", "Angelman syndrome | for 3"))
    add("marfan", "ok")
    add("marfan", "ok", ("2. Deafness, autosomal dominant 1", "2. Rett syndrome"))
    add("marfan", "ok", ('"seizures"', '"denies seizures"'), ('"deafness"', '"No deafness"'))
    add("marfan", "ok", ('"aortic root aneurysm"', '"Aortic   root aneurysm"'))
    add("zellweger", "ok")
    add("zellweger", "ok", ('"Split hand"', '"Split hand absent"'))
    add("zellweger", "ok", ("onset infancy\n", ""), ("2. Marfan syndrome\n", ""))
    add("zellweger", "ok", ("Split-hand/foot malformation 1 | against 5", "Rett syndrome | for 3 | against 1"),
        (" | awaited Hearing impairment", " | awaited Microcephaly"))  # fmt: skip
    # format
    add("rett", "format", ("</answer>", "</answer>\nI hope this helps."))
    add("rett", "format", ("</think>\n", ""))
    add(
        "rett",
        "format",
        ("Weigh\nRett syndrome explains 1, the most specific finding; Angelman syndrome does not.\n", ""),
    )
    add("rett", "format", ("2. Angelman syndrome", "2. RETT SYNDROME"))
    add("rett", "format", ("for 1 2 3", "for 1 2 3 9"))
    add("marfan", "format", ("sex male\n", "the man looks ill\n"))
    add("marfan", "format", ("2. Deafness, autosomal dominant 1", "2. Rett syndrome or Angelman syndrome"))
    add("zellweger", "format", ("1. Peroxisome", "Peroxisome"), ("2. Marfan", "1. Peroxisome biogenesis disorder 1A "
        "(Zellweger)\n2. Marfan"))  # fmt: skip
    # diagnosis
    add("rett", "diagnosis", ("1. Rett syndrome\n2. Angelman syndrome", "1. Angelman syndrome\n2. Rett syndrome"))
    add("rett", "diagnosis", ("1. Rett syndrome\n2. Angelman syndrome", "1. Angelman syndrome"))
    add(
        "marfan",
        "diagnosis",
        ("1. Marfan syndrome\n2. Deafness, autosomal dominant 1", "1. Deafness, autosomal dominant 1"),
    )
    add("zellweger", "diagnosis", ("1. Peroxisome biogenesis disorder 1A (Zellweger)\n2. Marfan syndrome",
        "1. Marfan syndrome\n2. Peroxisome biogenesis disorder 1A (Zellweger)"))  # fmt: skip
    add("zellweger", "diagnosis", ("1. Peroxisome biogenesis disorder 1A (Zellweger)\n2. Marfan syndrome",
        "1. Split-hand/foot malformation 1"))  # fmt: skip
    # grounding
    add("rett", "grounding", ('"small head"', '"tiny skull"'))
    add("rett", "grounding", ('"repetitive movements"', '"repetitive movements of the feet"'))
    add("rett", "grounding", ('"ataxia"', '"is"'))
    add("marfan", "grounding", ('"long slender fingers"', '"ong slender fingers"'))
    add("marfan", "grounding", ('"aortic root aneurysm"', '"aortic root aneurysm of 6 cm"'))
    add("zellweger", "grounding", ('"watery stool"', '"watery stoo"'))
    # polarity
    add("rett", "polarity", ("4 - ", "4 + "))
    add("rett", "polarity", ("3 + ", "3 - "), ("for 1 2 3", "for 1 2"), ("for 2 3", "for 2"))
    add("marfan", "polarity", ("3 - ", "3 + "))
    add("marfan", "polarity", ("5 - ", "5 + "))
    add("zellweger", "polarity", ("5 - ", "5 + "), (" | against 5", ""))
    add(
        "zellweger",
        "polarity",
        ("4 + ", "4 - "),
        ("for 1 2 3 4", "for 1 2 3"),
        ("explains 4; Marfan", "explains 1; Marfan"),
    )
    # claims
    add("rett", "claims", ("Angelman syndrome | for 2 3", "Angelman syndrome | for 1 2 3"))
    add("rett", "claims", ("Rett syndrome | for 1 2 3 |", "Rett syndrome | for 1 2 | against 3 |"))
    add(
        "rett",
        "claims",
        ("Rett syndrome | for 1 2 3 | awaited Seizure", "Rett syndrome | for 1 2 3 | awaited Diarrhea"),
    )
    add("rett", "claims", ("Rett syndrome | for 1 2 3 | awaited Seizure", "Rett syndrome | for 1 2 3 | awaited Ataxia"))
    add("rett", "claims", ("explains 1, the most specific finding; Angelman", "explains 2; Angelman"))
    add("marfan", "claims", ("Marfan syndrome | for 1 2 |", "Marfan syndrome | for 1 2 | against 4 |"))
    add("marfan", "claims", ("Marfan syndrome explains 1; Deafness", "Marfan syndrome does not explain 2. Deafness"))
    add(
        "marfan",
        "claims",
        ("Deafness, autosomal dominant 1 | against 4", "Deafness, autosomal dominant 1 | for 2 | against 4"),
    )
    add("zellweger", "claims", ("Marfan syndrome | for 2", "Marfan syndrome | for 2 | against 1"))
    add("zellweger", "claims", ("Marfan syndrome | for 2", "Wandering elbow syndrome | for 2"),
        ("(Zellweger) explains 4; Marfan syndrome does not", "(Zellweger) explains 4"))  # fmt: skip
    # leak
    add("rett", "leak", ("Rett syndrome explains 1", "The former answer was wrong. Rett syndrome explains 1"))
    add("rett", "leak", ("Rett syndrome explains 1", "According to the tables: Rett syndrome explains 1"))
    add("rett", "leak", ("Rett syndrome explains 1", "Both opinions agree. Rett syndrome explains 1"))
    add("rett", "leak", ("Rett syndrome explains 1", "Intellectual disability, severe; Microcephaly; Motor stereotypy; "
        "Seizure; Ataxia. Rett syndrome explains 1"))  # fmt: skip
    add("marfan", "leak", ("Marfan syndrome explains 1", "It is on the shortlist. Marfan syndrome explains 1"))
    add("marfan", "leak", ("Marfan syndrome explains 1", "Rett syndrome; Marfan syndrome; Angelman syndrome; Deafness, "
        "autosomal dominant 1. Marfan syndrome explains 1"))  # fmt: skip
    add("zellweger", "leak", ("Weigh\n", "Weigh\nThe likelihood ranking puts it first. "))
    # length
    add("rett", "length", ("Weigh\n", "Weigh\n" + "It is so and it is not otherwise. " * 60))
    add("marfan", "length", ('1 + "aortic root aneurysm" = Aortic root aneurysm\n2 + "long slender fingers" = '
        'Arachnodactyly\n3 - "seizures" = Seizure\n4 - "deafness" = Hearing impairment\n5 - "microcephaly" = Microcephaly\n',
        ""), ("| for 1 2 |", "|"), (" | against 4", ""), ("Marfan syndrome explains 1; Deafness, autosomal dominant 1 does "
        "not.", "It is the likelier of the two."))  # fmt: skip
    add("zellweger", "length", ("onset infancy", "onset " + "early " * 320))
    return found


TRAJECTORIES = _all()
"""In the order written; `shuffled` gives them in a seeded one."""


def shuffled(seed: int = 5) -> list[Trajectory]:
    return Random(seed).sample(TRAJECTORIES, len(TRAJECTORIES))
