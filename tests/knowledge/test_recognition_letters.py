"""What letters of a stranger got wrong, and stays mended."""

import pytest

from raredxr1.diagnose.names import Names, open_names
from raredxr1.diagnose.stated import stated_findings
from raredxr1.schemas import Finding, Span

FEBRILE = "Febrile seizure (within the age range of 3 months to 6 years)"


@pytest.fixture(scope="module")
def names() -> Names:
    return open_names(by_meaning=False)  # the rules by themselves


@pytest.mark.parametrize(
    ("note", "term", "state"),
    [
        ("She may develop scoliosis.", "Scoliosis", "hypothetical"),
        ("We said that he could later develop seizures.", "Seizure", "hypothetical"),
        ("She cannot keep up with her class.", "Chorea", None),
        ("She cannot keep her hands still.", "Chorea", "present"),
        ("He cannot sit without support.", "Hyperactivity", None),
        ("He cannot sit still for a minute.", "Hyperactivity", "present"),
        ("Infections from time to time.", "Recurrent infections", None),
        ("Hearing and vision: no concerns at all.", "Blindness", None),
        ("He can't sweat in the heat.", "Anhidrosis", "present"),
        ("Sats 97% RA. Joints swollen.", "Rheumatoid arthritis", None),
        (
            "Leaflet given on febrile convulsions.",
            "Febrile seizure (within the age range of 3 months to 6 years)",
            "hypothetical",
        ),
        ("She has never had a stroke, a haemorrhage or a brain abscess.", "Brain abscess", "absent"),
        ("She was put on a low calcium formula.", "Hypocalcemia", None),
        ("Echo: narrowing of the aorta above the valve.", "Supravalvular aortic stenosis", "present"),
        ("Echo: narrowing of the aorta above the valve.", "Coarctation of aorta", None),
        ("A girl of 4 years. OFC 51 cm (mean).", "Macrocephaly", None),
        ("A girl of 4 years. OFC 51 cm (mean).", "Microcephaly", "absent"),
        ("Large units in cervical, thoracic and lumbar muscles.", "Enlarged thorax", None),
        ("Short hands and feet.", "Short foot", "present"),
        ("Twitching was seen when she pursed her lips.", "Pursed lips", None),
        ("A boy with pursed lips.", "Pursed lips", "present"),
        ("She was unable to close her eyes.", "Lagophthalmos", "present"),
        ("The rash always begins as dark patches.", "Skin rash", "present"),
        ("An ultrasound for abdominal pain was done.", "Abdominal pain", "present"),
        ("Repeat ultrasound for hydronephrosis.", "Hydronephrosis", "hypothetical"),
        ("One afebrile convulsion at four.", "Fever", None),
        ("Mild neonatal jaundice, no phototherapy.", "Prolonged neonatal jaundice", None),
        ("Mild neonatal jaundice, no phototherapy.", "Neonatal hyperbilirubinemia", "present"),
        ("K+ 2.4 in ED, replaced by drip.", "Hypokalemia", "present"),
        ("LH and FSH were both raised.", "Elevated circulating luteinizing hormone level", "present"),
        ("T6 and L3 are compressed.", "Vertebral compression fracture", "present"),
        ("No collapse of L1.", "Vertebral compression fracture", "absent"),
        (
            "ERG: reduced rod and cone responses.",
            "Decreased light- and dark-adapted electroretinogram amplitude",
            "present",
        ),
        ("EOG: Arden ratio reduced.", "Decreased Arden ratio of electrooculogram", "present"),
        ("NCS: sural SNAPs absent.", "Decreased amplitude of sensory action potentials", "present"),
        ("NCS: median nerve, no conduction block.", "Cardiac conduction abnormality", None),
        ("NCS: median nerve, no conduction block.", "Motor conduction block", "absent"),
        ("Urine amino acids (umol/mmol)\nLysine    940    10-70   H\n", "Hyperlysinemia", None),
        ("Urine amino acids (umol/mmol)\nLysine    940    10-70   H\n", "Hyperlysinuria", "present"),
        ("Plasma amino acids (umol/L)\nLysine    61    70-230   L\n", "Hypolysinemia", "present"),
        ("OCT: subretinal fluid, CNV of the macula.", "Choroidal neovascularization", "present"),
        ("He complains of headaches on waking.", "Headache", "present"),
        ("She tires easily.", "Easy fatigability", "present"),
        ("Has trouble climbing stairs.", "Difficulty climbing stairs", "present"),
        ("A high pitched cry.", "High-pitched cry", "present"),
        ("No learning difficulties.", "Specific learning disability", "absent"),
        ("Heel to toe walking was poor.", "Tip-toe gait", None),
        ("Heel to toe walking was poor.", "Impaired tandem gait", "present"),
        ("Test | Result | Range\nCopper | low |\n", "Decreased circulating copper concentration", "present"),
        ("Test | Result | Range\nOrotic acid | increased | -\n", "Oroticaciduria", "present"),
        ("Ears: large, low set.", "Macrotia", "present"),
        ("Ears: large, low set.", "Low-set ears", "present"),
        ("Optic discs: pale.", "Optic disc pallor", "present"),
        ("Gait - ataxic.", "Gait ataxia", "present"),
        ("Spleen: not enlarged.", "Splenomegaly", "absent"),
        ("Hearing: no concerns.", "Hearing impairment", "absent"),
        ("Lens      subluxed      clear\nVessels      attenuated      normal\n", "Lens subluxation", "present"),
        ("Lens: clear      Vitreous: haemorrhage", "Vitreous hemorrhage", "present"),
        ("No nail dystrophy.", "Anonychia", None),
        ("No nails on the toes.", "Anonychia", "present"),
        ("Four bad chest infections last winter.", "Recurrent lower respiratory tract infections", "present"),
        ("Two ear infections last year.", "Recurrent otitis media", None),
        ("Pneumonia x4.", "Recurrent pneumonia", "present"),
        ("She fell five times.", "Frequent falls", "present"),
        ("He has not fractured anything.", "Bone fracture", "absent"),
        ("He broke his ankle.", "Bone fracture", "present"),
        ("Liver 3cm, smooth.", "Hepatomegaly", "present"),
        ("USS: spleen 8 cm.", "Splenomegaly", None),
        ("A 2-day-old baby girl, BP 60/36.", "Hypotension", None),
        ("Na 140, Ca(i) 1.17.", "Hypocalcemia", None),
        ("FSH 71 and LH 24 IU/L.", "Elevated circulating follicle stimulating hormone level", "present"),
        ("FSH 71 and LH 24 IU/L.", "Elevated circulating luteinizing hormone level", None),
        ("A 3-year-old boy. One earlier stillbirth.", "Stillbirth", "other"),
        ("Sensorineural deafncss and heartbum.", "Sensorineural hearing impairment", "present"),
        ("Ankle sweIling.", "Ankle swelling", "present"),
        ("TSH 2.1 mIU/L.", "Elevated circulating thyroid-stimulating hormone concentration", "absent"),
        ("Left eye: no redness.", "Red eye", "absent"),
        ("Eyes: no squint, red reflex present.", "Red eye", None),
        ("Neck: supple, no masses, no large lymph nodes.", "Cervical lymphadenopathy", None),
        ("On examination: sclerae: blue.", "Blue sclerae", "present"),
        ("They could not see a thymus on the film.", "Blindness", None),
        ("Fanconi anemia suspected.", "Anemia", None),
        ("Plt 14K, retic 0.1%.", "Thrombocytopenia", "present"),
        ("Plt 14K, retic 0.1%.", "Reticulocytopenia", "present"),
        ("No headaches, no fits.", "Seizure", "absent"),
        ("The suit fits him well.", "Seizure", None),
        ("She was anxious about driving. He is clumsy too.", "Anxiety", "present"),
        ("She was anxious about driving. He is clumsy too.", "Clumsiness", "present"),
        ("He drinks a lot and gets up at night to wee.", "Polydipsia", "present"),
        ("He drinks a lot and gets up at night to wee.", "Nocturia", "present"),
        ("He rarely makes eye contact and lines up cars.", "Reduced eye contact", "present"),
    ],
)
def test_letters(note: str, term: str, state: str | None, names: Names) -> None:
    assert names.term_id(term), "the test names a term that there is"
    said = {finding.term: finding.state for finding in stated_findings(note, [], names)}
    assert said.get(term) == state, said


def test_a_quote_that_says_nothing_is_no_finding(names: Names) -> None:
    note = "Hearing: no problems."
    at = note.index("no")
    quoted = Finding(
        index=1, present=True, quote="no", term="Hypertonia", hpo_id="HP:0001276", span=Span(start=at, end=at + 2)
    )
    assert all(finding.by != "model" for finding in stated_findings(note, [quoted], names))


def test_what_denies_a_wider_term_goes_with_the_kind_that_is_there(names: Names) -> None:
    found = stated_findings("Weakness of the left arm since May. Power normal in clinic.", [], names)
    assert [(one.term, one.state) for one in found] == [("Upper limb muscle weakness", "present")]
    assert [(place.state, place.quote) for place in found[0].elsewhere] == [("absent", "Power normal")]
