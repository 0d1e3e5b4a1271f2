"""Findings that notes of clinics have and that were once misread: metabolites, glasses, valves, ages, losses."""

import pytest

from raredxr1.cases.demographics import read_demographics
from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("Urine GAG 38 mg/mmol (0-14).", "Mucopolysacchariduria", "present"),
        ("Urine glycosaminoglycans\t9.1\tmg/mmol\t0-14", "Mucopolysacchariduria", "absent"),
        ("| Urine GAG | 38 | 0-14 mg/mmol |", "Mucopolysacchariduria", "present"),
        ("Methylmalonate (urine) 740 mmol/mol creat (ref <4).", "Methylmalonic aciduria", "present"),
        ("Glutaric acid 512 mmol/mol creatinine (0-10).", "Glutaric aciduria", "present"),
        ("Urine organic acids: ethylmalonic acid 88 mmol/mol (0-12).", "Ethylmalonic aciduria", "present"),
        ("Orotic acid in urine 2 umol/mmol creatinine (0-5).", "Oroticaciduria", "absent"),
        ("Urine succinylacetone 9 mmol/mol (undetectable).", "Elevated urinary succinylacetone level", "present"),
        ("Acylcarnitines: C8 1.9 umol/L (<0.3).", "Elevated circulating octanoylcarnitine concentration", "present"),
        ("C26:0 2.8 umol/L (<1.3).", "Increased circulating very long-chain fatty acid concentration", "present"),
        ("Urine oxalate 190 umol/mmol creatinine (<80).", "Elevated circulating creatinine concentration", None),
        ("Refraction: R -7.25 DS, L -6.50 DS.", "High myopia", "present"),
        ("She wears glasses, -2.50 in each eye.", "Myopia", "present"),
        ("Cycloplegic refraction RE +4.75, LE +5.00.", "Hypermetropia", "present"),
        ("Refraction +1.00 in both eyes.", "Hypermetropia", None),
        ("DXA hip Z -2.5, base excess -8.", "Myopia", None),
        ("The mitral valve was thickened with moderate regurgitation.", "Mitral regurgitation", "present"),
        ("The mitral valve was thickened with moderate regurgitation.", "Thickened mitral valve cusp", "present"),
        ("Echo: aortic valve bicuspid, mild leak.", "Aortic regurgitation", "present"),
        ("Dilated tortuous vessels over the bulbar conjunctiva.", "Conjunctival telangiectasia", "present"),
        ("He goes upstairs holding the banister.", "Difficulty climbing stairs", "present"),
        ("Vertical gaze full.", "Vertical supranuclear gaze palsy", "absent"),
        ("Spleen tip possibly palpable.", "Splenomegaly", "uncertain"),
        ("Her uncle (dec. aged 9) had contractures.", "Flexion contracture", "other"),
        ("A 4-year-old girl. They lost a pregnancy; the fetus had polydactyly.", "Polydactyly", "other"),
        ("The fetus had polydactyly on the scan at 22 weeks.", "Polydactyly", "present"),
        ("G3P1, one termination for anencephaly.", "Anencephaly", "other"),
        ("Nobody recalls large calves.", "Calf muscle hypertrophy", "absent"),
        ("Sudden death and heart block are common in carriers.", "Sudden death", "hypothetical"),
        ("Convulsions were not.", "Seizure", "absent"),
        ("Infantile autism – to differentiate.", "Autism", "uncertain"),
        ("No focal changes, slightly widened subarachnoid spaces.", "Widened subarachnoid space", "present"),
        ("He had haemodialysis for 14 hours.", "Stage 5 chronic kidney disease", None),
        ("| Heparan sulphate | not increased | |", "Heparan sulfate excretion in urine", "absent"),
        ("Impression: rod disease. DD retinitis pigmentosa.", "Global developmental delay", None),
    ],
)
def test_what_was_once_misread(note: str, term: str, state: str | None, names: Names) -> None:
    read = {finding.term: finding.state for finding in stated_findings(note, (), names)}
    assert read.get(term) == state


@pytest.mark.parametrize("note", ["Jaundice, poor feeding, resolved.", "Jaundice, poor feeding – all resolved."])
def test_a_list_that_ends_in_resolved_is_over_as_a_whole(note: str, names: Names) -> None:
    read = {finding.term: finding.detail for finding in stated_findings(note, (), names)}
    assert read == {"Jaundice": "past", "Feeding difficulties": "past"}


@pytest.mark.parametrize(
    ("note", "years"),
    [
        ("Ellie, now 11, was seen today.", 11),
        ("He was born at term and is now 11.", 11),
        ("Seizures from 3; now 9.", 9),
        ("Nuchal translucency was raised at 12 weeks' gestation.", None),
        ("She has now 11 words.", None),
        ("The dose is now 11 mg.", None),
    ],
)
def test_now_eleven_is_an_age_and_gestation_is_none(note: str, years: float | None) -> None:
    age = read_demographics(note).age
    assert (age.years if age else None) == years
