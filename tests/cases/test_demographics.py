"""Age and sex are the patient's, as the note states them; never a relative's, a bone's or a pregnancy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raredxr1.cases.ages import duration
from raredxr1.cases.demographics import read_demographics


def read(note: str) -> tuple[float | None, str | None]:
    found = read_demographics(note)
    for one in (found.age, found.sex):
        assert one is None or note[one.span.start : one.span.end] == one.quote
    return found.age and round(found.age.years, 2), found.sex and found.sex.value


@pytest.mark.parametrize(
    ("note", "age", "sex"),
    [
        ("4-year-old girl with seizures.", 4, "female"),
        ("4yo F w/ DD, sz, SNHL", 4, "female"),
        ("9 y/o m with tall stature", 9, "male"),
        ("Boy aged 3 8/12 with ataxia.", 3.67, "male"),
        ("Seen at 8/12 of age: floppy baby girl.", 0.67, "female"),
        ("This 4 year\nold girl has ataxia", 4, "female"),
        ("a 14 year and 6 month old adolescent female", 14.5, "female"),
        ("The patient is a 2½-year-old boy", 2.5, "male"),
        ("two-and-a-half-year-old daughter of first cousins", 2.5, "female"),
        ("A 52 year's old man", 52, "male"),
        ("58M with chest pain", 58, "male"),
        ("F/34, tall, lens dislocation", 34, "female"),
        ("Age/Sex: 34/F. Ataxia.", 34, "female"),
        ("Age: 12\nSex: male", 12, "male"),
        ("Mrs Smith, 45, has telangiectasia.", 45, "female"),
        ("Re: Mr Colin D., 52, baker\n\nHis feet are numb.", 52, "male"),
        ("Thank you for seeing Sana (DOB 4/5/2018), who is 7. She lost words at 16 months.", 7, "female"),
        ("Chest clinic: 33F never-smoker, wet cough since birth.", 33, "female"),
        ("Skin clinic: infant girl 6 wks. She had a fit on day 9.", 0.12, "female"),
        ("7 mo boy. Jaundice.", 0.58, "male"),
        ("Dear colleague, Nina (12) has burning hands. Her mother has the same.", 12, "female"),
        ("Her sister (12) has burning hands.", None, "female"),
        ("Five-week-old. Mother: she is slow to let go. She is bald.\nTests: karyotype 46,XY.", 0.1, "male"),
        ("Dear colleague, Marie (35, clerk, from Lyon) has had pains since she was 19.", 35, "female"),
        ("Her sister Anne (35, teacher) has the same.", None, "female"),
        ("HPI: 31F G2P1, two collapsed lungs (age 22, 27), now breathless.", 31, "female"),
        ("About our boy. He is three and three quarters. He walked at 19 months.", 3.75, "male"),
        (
            "I'm Ivy's dad. Ivy is eight and a half. She trips, her speech is slurred. I had asthma as a boy.",
            8.5,
            "female",
        ),
        ("Patient: Jan B., 33 M, drives a van. Unsteady.", 33, "male"),
        ("Eva Lund, 27 F, cook. Unsteady.", 27, "female"),
        ("NAME: EVA L, 17 M OLD, FLOPPY GIRL", 1.42, "female"),
        (
            "Seeing Mrs Eva P, DOB 9/3/1968. Twice, aged 21 after a run, her urine was black. Statin stopped 2019.",
            51,
            "female",
        ),
        ("DOB: 12/08/2026\nClinic: 03/10/2026\nFloppy baby girl.", 0.14, "female"),
        ("Re: Sam Holt, d.o.b. 1 March 2019. Seen May 4, 2026. He walked at 3 years.", 7, "male"),
        ("re: Mr. Ali S., born 1989\nAn inpatient from 02.02.2026. At the age of 19 he had cataracts.", 37, "male"),
        ("Kim, born 11/9/2026, seen 2026-09-17, is yellow.", 0.02, None),
        ("His mother (DOB 3/4/1980) is well, seen 4/5/2020.", None, "male"),
        ("A woman aged 45 following a fall has ataxia.", 45, "female"),
        ("My daughter is nine. Since she was four she has had fevers.", 9, "female"),
        ("Our little boy Max just turned five and he falls.", 5, "male"),
        ("Our son is 7 and a half, he cannot run.", 7.5, "male"),
        ("My boy is six foot tall.", None, "male"),
        ("My son is four words behind.", None, None),
        ("| Name | P. Novak | Age/Sex | 41/F |\n|---|---|---|---|", 41, "female"),
        ("Age | 41 | Sex | F", 41, "female"),
        ("Q: Problem? A: Bleeding after an extraction in a 34-yr-old woman. Q: Family? A: son (4) too.", 34, "female"),
        ("Clinic: Mr B, 23 (rower, 198 cm). Father 196 cm.", 23, "male"),
        ("Deaf since he was a 4-year-old boy. Now he is 30.", 30, "male"),
        ("My son Theo is 16 months. We had a boy before, he died at 7 months.", 1.33, "male"),
        ("Age at assessment: 4 years 10 months\nHe had jaundice on day 2.", 4.83, "male"),
        ("Robin Marsh, 6 years\n\nHis sister is 9. He walked at 14 months.", 6, "male"),
        ("Ivy Holt (4 y 2 m)\nShe had shingles aged 3.", 4.17, "female"),
        ("Prednisolone, 6 weeks. She's four and a half, and has seizures.", 4.5, "female"),
        ("A previously well man of 52 presented with ataxia", 52, "male"),
        ("A woman in her 40s with myopathy", 40, "female"),
        ("a man in his early fifties with chorea", 50, "male"),
        ("2 month male infant, floppy", 0.17, "male"),
        ("A newborn boy with hypotonia.", 0, "male"),
        ("DOL 3, term male with lactic acidosis", 0.01, "male"),
        ("Thank you for seeing Tom, who is now 6 years 4 months old. He falls.", 6.33, "male"),
        ("Seen: Amir Salah, 8 years, with his aunt. X-ray at 2 years normal.", 8, "male"),
        ("I met Noor, who is 13, and her mother. She walked at 2 years.", 13, "female"),
        ("Female, 5 years 3 months.\nFindings: Seizure.", 5.25, "female"),
        ("This gentleman has ataxia.", None, "male"),
        ("Catheter: 12F. Ataxia.", None, None),
        ("Seizures and ataxia.", None, None),
        ("Case 3. Initials: D.O., 34F, sent by a colleague", 34, "female"),
        ("Ida will be 5 in March. She had a tube put in at 18 months.", 5, "female"),
        ("ward 9\n64 f ex-librarian. pc cough", 64, "female"),
        ("DoB: 2 May 2014 (12)\nA girl. MRI of 3 June 2019 normal.", 12, "female"),
        ("Your thoughts on Mrs Ida Berg - 46, a teacher, please.", 46, "female"),
    ],
)
def test_as_it_is_written(note: str, age: float | None, sex: str | None) -> None:
    assert read(note) == (age, sex)


@pytest.mark.parametrize(
    ("note", "age", "sex"),
    [
        ("DOB 12/03/2015. Born at 32 weeks. She is 5 years old.", 5, "female"),
        ("ex-28-weeker with cerebral palsy", None, None),
        ("She's just turned 8. Her reading is at the level of a 4 year old.", 8, "female"),
        ("He talks like a 2-year-old boy would. He is now 5.", 5, "male"),
        ("When he turned 4 he lost words. Seen at 6 years.", 6, "male"),
        ("37M BIBA, 2/7 of chest pain", 37, "male"),
        ("NIPT: fetal sex: female. Baby boy, day 3.", 0.01, "male"),
        ("delivered at 39 weeks of gestation; boy", None, "male"),
        ("His mother, aged 38, is well. He is 7 years old.", 7, "male"),
        ("SEEN AT 18 MONTHS: HYPOTONIA. HER MOTHER IS 30 YEARS OLD.", 1.5, "female"),
        ("Mother is 38 years old. He has two sisters aged 4 and 6. At 9 years he was referred.", 9, "male"),
        ("Born to a 28-year-old primigravida. Male infant seen at 3 months.", 0.25, "male"),
        ("Family history: brother died at 5 years.\nPatient: 9 y/o M", 9, "male"),
        ("his father died aged 45", None, "male"),
        ("She has a 4-year-old son with the same.", None, "female"),
        ("67 year old male with a history of ALS in his 50 year old sister", 67, "male"),
        ("bone age of 5 years in a 9 yr old boy", 9, "male"),
        ("newborn screening was normal in a 5 day old", 0.01, None),
        ("A 5-month history of cough in a man", None, "male"),
        ("Re: Ines K., 7 years 2 months\nHer first words came at 12 months.", 7.17, "female"),
        ("Patient: A. Bell (DOB 1.2.1990) 34 years\nHe had measles aged 6.", 34, "male"),
        ("He had shingles aged 12. He is now 17 years old.", 17, "male"),
        ("The teeth came at 19 months. Seen at 4 years, he has no sweat.", 4, "male"),
        ("Seen with her brother D.O., 34M, who is well.", None, "female"),
        ("Ida Berg (30y)\nGA: 21+3. BPD 51 mm, HC 190 mm, AC 150 mm, FL 17 mm. Male.", None, "male"),
        ("Baby girl. Previous: 1 boy aged 4.", None, "female"),
    ],
)
def test_whose_it_is(note: str, age: float | None, sex: str | None) -> None:
    assert read(note) == (age, sex)


def test_the_age_when_seen_goes_before_ages_of_events() -> None:
    found = read_demographics("He walked at 18 months and spoke at 3 years. Seen in clinic at 4 years.").age
    assert found is not None
    assert (found.iso8601, found.kind) == ("P4Y", "presentation")


def test_an_age_of_an_event_is_marked_so() -> None:
    found = read_demographics("Seizures since the age of 3 years, lost speech at 5 years.").age
    assert found is not None
    assert (found.iso8601, found.kind) == ("P5Y", "event")


@pytest.mark.parametrize(
    ("words", "iso", "upper"),
    [
        ("3 to 5 years", "P3Y", 5.0), ("4y5m", "P4Y5M", None), ("6/52", "P6W", None), ("1.5 yr", "P1Y6M", None),
        ("twenty-three years", "P23Y", None), ("10 d", "P10D", None), ("13 8/12", "P13Y8M", None), ("7", "P7Y", None),
    ],
)  # fmt: skip
def test_durations(words: str, iso: str, upper: float | None) -> None:
    read = duration(words)
    assert read is not None
    assert (read.iso8601, read.to_years) == (iso, upper)


@given(st.text(alphabet=st.sampled_from("0123456789/½ -.,;:yYmMfFdwo\nathesrib♀"), max_size=80))
def test_any_text_is_read_or_not(note: str) -> None:
    read(note)


def test_a_note_of_two_hundred_kilobytes_is_read() -> None:
    """Under the time limit of every test: what takes time by the square of the length does not pass."""
    sentence = "At 18 months he sat, as his mother, aged 40, said. His cousin of 7 years walked late. "
    assert read(sentence * 2300) == (1.5, "male")


@pytest.mark.parametrize(
    ("note", "age"),
    [
        ("Baby boy. Small PDA day 3, closed day 12. Tube fed, now day 26 and growing.", 0.07),
        ("Term girl. Jaundice day 2. Scan day 5 normal.", None),
        ("A baby boy presented on day 4 of life with lethargy.", 0.01),
        ("Male infant, DOL 3, with seizures.", 0.01),
        ("Mr Holt, 41 M. Brought in with seizures.", 41),
    ],
)
def test_a_day_that_dates_something_is_no_age(note: str, age: float | None) -> None:
    found = read_demographics(note).age
    assert (round(found.years, 2) if found and found.kind == "presentation" else None) == age
