"""Diseases that a note excludes: by name, by a negative test, by the only gene; and what excludes nothing."""

from functools import cache

import pytest

from raredxr1.diagnose.excluded import LEAST, excluded_diseases, exclusion_notice
from raredxr1.diagnose.fused import without
from raredxr1.diagnose.names import Names, open_names


@cache
def names() -> Names:
    return open_names()


def excluded(note: str, *diseases: str) -> list[str]:
    keys = [names().key(disease) for disease in diseases]
    return [one.quote for one in excluded_diseases(note, keys, names())]


@pytest.mark.parametrize(
    ("note", "disease"),
    [
        ("Tremor and jaundice. Wilson disease was ruled out by liver biopsy.", "Wilson disease"),
        ("Ataxia. A gene test for SCA1 and Friedreich's ataxia was negative.", "Friedreich ataxia"),
        ("Tall. No pathogenic variant was found in FBN1.", "Marfan syndrome"),
        ("Tall. FBN1 and TGFBR2 sequencing: negative.", "Marfan syndrome"),
        ("Tall. FBN1 sequencing and MLPA from blood: no pathogenic variant.", "Marfan syndrome"),
        ("Delay. Fragile X testing was negative.", "Fragile X syndrome"),
        ("Delay, laughter. A Prader-Willi methylation study was normal.", "Prader-Willi syndrome"),
        ("Low phosphate. Cystinosis has been excluded by white cell cystine.", "Nephropathic cystinosis"),
        ("Bruising. Leukaemia was ruled out by marrow.", "Acute myeloid leukemia"),
        ("Niemann-Pick disease has been excluded by enzyme assay.", "Niemann-Pick disease type C"),
        (
            "Weak legs. A dried blood spot for Pompe was normal.",
            "Glycogen storage disease due to acid maltase deficiency",
        ),
        ("Weak legs. Dried blood spot for Pompe disease: normal.", "Pompe disease"),
        ("Fatty liver. Wilson disease has been considered and set aside.", "Wilson disease"),
        ("A cough, a dystrophy, Wilson disease and a storage disorder have been set aside.", "Wilson disease"),
        ("Large spleen. Acid sphingomyelinase activity normal.", "Niemann-Pick disease type B"),
        ("Large spleen.\nAcid sphingomyelinase 1.7 (0.8-3.0)\nCK 90", "Niemann-Pick disease type B"),
        ("Large spleen. Leucocyte acid sphingomyelinase: 1.8 nmol/h, normal.", "Niemann-Pick disease type A"),
        ("Thrush. Adenosine deaminase activity: normal", "ADA deficiency"),
        ("Bleeds. Factor VIII activity was normal.", "Hemophilia A"),
        ("Referred with ?Fabry disease. Fabry disease is excluded (normal enzyme).", "Fabry disease"),
    ],
)
def test_what_the_note_excludes_is_found_with_its_words(note: str, disease: str) -> None:
    (quote,) = excluded(note, disease)
    assert quote in note


@pytest.mark.parametrize(
    ("note", "disease"),
    [
        ("Wilson disease cannot be excluded.", "Wilson disease"),
        ("Known Wilson disease, no seizures.", "Wilson disease"),
        ("Wilson disease was excluded in 2019. Now Wilson disease is confirmed by ATP7B.", "Wilson disease"),
        ("Her brother does not have Marfan syndrome.", "Marfan syndrome"),
        ("There was no metabolic disease in the family, and no evidence of an infection.", "Wilson disease"),
        ("Nephropathic cystinosis was excluded.", "Fabry disease"),
        ("A pathogenic variant was found in FBN1. No seizures.", "Marfan syndrome"),
        ("FBN1 sequencing was requested; ECG normal.", "Marfan syndrome"),
        ("Large spleen, no fits. Acid sphingomyelinase 0.2 (0.8-3.0).", "Niemann-Pick disease type B"),
        ("Large spleen. Acid sphingomyelinase activity was low; CK normal.", "Niemann-Pick disease type B"),
        ("Strokes, no rash. Adenosine deaminase 2 activity normal.", "ADA deficiency"),
        ("Weak legs. A dried blood spot for Pompe disease is awaited. ECG normal.", "Pompe disease"),
    ],
)
def test_what_is_open_present_or_of_a_relative_is_not_excluded(note: str, disease: str) -> None:
    assert excluded(note, disease) == []


def notice(note: str, *diseases: str) -> list[str]:
    keys = [names().key(one) for one in diseases]
    return exclusion_notice(excluded_diseases(note, keys, names())).splitlines()


def test_a_line_tells_what_is_excluded_with_how_many_forms() -> None:
    note = "Pain. Fabry disease and cystinosis were ruled out."
    assert notice(note, "Fabry disease", "Nephropathic cystinosis", "Ocular cystinosis") == [
        "Put behind all others, because the note excludes them:",
        "Fabry disease; Cystinosis (2 forms): “Fabry disease and cystinosis were ruled out.”",
    ]
    assert exclusion_notice([]) == ""


def test_forms_of_one_disease_stand_on_one_line_with_one_quote() -> None:
    note = "Floppy as a baby. The Prader-Willi methylation test was negative."
    paternal = "Prader-Willi syndrome due to paternal deletion of 15q11q13 type"
    (_, said) = notice(note, "Prader-Willi syndrome", f"{paternal} 1", f"{paternal} 2")
    assert said == "Prader-Willi syndrome (3 forms): “The Prader-Willi methylation test was negative.”"


def test_one_name_has_one_line_whatever_excludes_it() -> None:
    note = "Bruises. FBN1 sequencing: negative. VWF: normal. Von Willebrand disease excluded."
    lines = notice(
        note, "von Willebrand disease 1", "von Willebrand disease", "Marfan syndrome", "Neonatal Marfan syndrome"
    )
    assert "Marfan syndrome and 1 other disease of FBN1: “FBN1 sequencing: negative”" in lines
    assert [line.casefold().count("von willebrand disease (") for line in lines].count(1) == 1
    assert len(lines) == 3


def test_a_quote_ends_with_a_word() -> None:
    note = f"Tall. FBN1 sequencing and MLPA: no variant detected in any of the exons {'or elsewhere ' * 20}"
    (_, said) = notice(note, "Marfan syndrome")
    assert f"{said.removesuffix('”').split()[-1]} " in note


def test_the_others_gain_what_an_excluded_disease_loses() -> None:
    scores = without({"a"}, {"a": 0.6, "b": 0.2, "c": 0.1})
    assert scores["a"] == LEAST
    assert scores["b"] == pytest.approx(0.5)
    assert scores["c"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("note", "disease"),
    [
        ("Jaundice. Hepatitis B negative, hepatitis C negative.", "Autoimmune hepatitis"),
        ("Jaundice. Hepatitis screen negative.", "Autoimmune hepatitis"),
        ("No proteinuria.", "Proteinuria, low molecular weight, with hypercalciuria and nephrocalcinosis"),
        ("Itchy elbows. He denied allergies to drugs.", "Atopic eczema"),
    ],
)
def test_a_germ_or_a_sign_that_is_not_there_excludes_no_disease_beside_it(note: str, disease: str) -> None:
    names = open_names(by_meaning=False)
    assert not excluded_diseases(note, [names.key(disease)], names)


def test_the_infection_itself_is_excluded() -> None:
    names = open_names(by_meaning=False)
    assert excluded_diseases("Hepatitis B negative.", [names.key("Hepatitis B virus infection")], names)


@pytest.mark.parametrize(
    ("note", "key", "excluded"),
    [
        ("Mild eczema. No asthma, no food allergy and no fits.", "OMIM:603165", False),
        ("HIV and hepatitis B/C negative.", "ORPHA:2137", False),
        ("No hepatitis A, no hepatitis E.", "ORPHA:2137", False),
        ("Proteinuria. Her ANCA and complement were normal.", "ORPHA:2134", False),
        ("Autoimmune hepatitis was ruled out.", "ORPHA:2137", True),
    ],
)
def test_who_denies_a_narrower_disease_denies_no_other(note: str, key: str, excluded: bool) -> None:
    assert names().kb.disease(key) is not None
    assert bool(excluded_diseases(note, [key], names())) is excluded
