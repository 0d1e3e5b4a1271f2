"""A note in another language is named as such; English shorthand never is."""

import pytest

from fake_product import fake_model, fake_names
from raredxr1.diagnose.language import foreign_language
from raredxr1.diagnose.pipeline import Options, diagnose

SHORTHAND = """4yo F w/ DD, sz, SNHL, HSM
58M CP SOB x2d, hx HTN DM2
Pt c/o HA, N/V. PMH: NF1
Seizures, ataxia
hypotonia macrocephaly nystagmus
F/34 tall, ectopia lentis, MVP
newborn w/ HIE, MAS, on CPAP
Marfan habitus. No murmur.
CK 12000, AST 340
Ptosis, ophthalmoplegia, RP
Microcephaly. Seizure.
Dr Müller referred Giuseppe Rossi, 4, ataxia
café-au-lait macules, Lisch nodules
polydactyly; obesity; rod-cone dystrophy
sz since 3 mo, VPA + LEV
Male, 3 years. Findings: Seizure; Ataxia.
hx of GDD, ASD, ADHD. O/E: hypotelorism
Findings: Macroglossia; Omphalocele; Hemihypertrophy.
coarse facies, dysostosis multiplex, HSM
BP 140/90, HR 88, RR 16, T 37.2
VSD, PDA, s/p repair; FTT
Consang parents. MR, ID, epilepsy
Telangiectasia, epistaxis, AVM
proximal myopathy CK raised EMG myopathic
ID, CHD, hypocalcemia, cleft palate
arachnodactyly pes planus pectus carinatum
Kayser-Fleischer rings, dysarthria, dystonia
O/E: hypertelorism, low-set ears, micrognathia
R hemiparesis, L MCA infarct, livedo
angiokeratoma acroparesthesia anhidrosis
IUGR, SGA, apnea, PFO
albinism nystagmus photophobia bleeding
3/12 old floppy infant, areflexia, tongue fasciculations
ESR 40 CRP 12 ANA neg ENA neg
XLA? recurrent OM, pneumonia x4, IgG <1""".splitlines()


@pytest.mark.parametrize("note", SHORTHAND)
def test_shorthand_is_no_other_language(note: str) -> None:
    assert foreign_language(note) == ""


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("French", "Fillette de 4 ans avec des convulsions et une ataxie depuis la naissance."),
        ("German", "Das 4-jährige Mädchen hat seit der Geburt Krampfanfälle und eine Ataxie."),
        ("Spanish", "Niña de 4 años con convulsiones y ataxia desde el nacimiento."),
        ("Italian", "Bambina di 4 anni con convulsioni e atassia dalla nascita."),
        ("Portuguese", "Menina de 4 anos com convulsões e ataxia desde o nascimento."),
        ("Dutch", "Meisje van 4 jaar met epileptische aanvallen en ataxie sinds de geboorte."),
        ("Polish", "Dziewczynka 4-letnia z napadami drgawek i ataksją od urodzenia."),
        ("Russian", "Девочка четырёх лет с судорогами и атаксией с рождения."),
        ("Chinese", "四岁女孩,自出生以来有癫痫和共济失调。"),
        ("Turkish", "Dört yaşında kız çocuğu, doğumdan beri nöbetleri ve ataksisi var."),
    ],
)
def test_other_languages_are_named_first_thing(language: str, note: str) -> None:
    assert foreign_language(note) == language
    result = diagnose(note, fake_model(), fake_names(), Options(form="short"), notices=["Something else."])
    assert result.notices[0].startswith(f"The note reads as {language}.")
