"""What notes say beside the findings: birth, vaccination, school, medicines, earlier illnesses, normal results.

Nothing here is a finding. Each line names the terms that would make it untrue, and is left out where one is present.
"""

from dataclasses import dataclass

from raredxr1.cases.speech.grammar import Template, compiled
from raredxr1.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Line:
    """A line that may be said unless the patient has one of some findings, at some ages."""

    template: Template
    unless: frozenset[int]
    low: float
    high: float

    def fits(self, shown: frozenset[int], years: float | None) -> bool:
        """Whether it is true of a patient with these findings and of this age (unknown: it must hold at any)."""
        if self.unless & shown:
            return False
        return (self.low == 0.0 and self.high > 100) if years is None else self.low <= years <= self.high


_NEURO, _BIRTH, _GROWTH, _HEART, _LUNG = "HP:0012638", "HP:0001197", "HP:0001507", "HP:0001626", "HP:0002086"
_BLOOD, _METABOLIC, _LIVER, _KIDNEY, _GUT = "HP:0001871", "HP:0001939", "HP:0001392", "HP:0000079", "HP:0025031"
_EYE, _EAR, _SKIN, _IMMUNE, _BEHAVIOUR, _FEED = (
    "HP:0000478",
    "HP:0000364",
    "HP:0000951",
    "HP:0002715",
    "HP:0000708",
    "HP:0011968",
)
_GENITAL, _BRAIN, _SLEEP = "HP:0000078", "HP:0012443", "HP:0002360"

PREGNANCY = (
    ("[amniocentesis|NIPT|the nuchal scan] was [normal|unremarkable|declined]", _BIRTH),
    ("length at birth was {48-53} cm and [head circumference|OFC] {34-36} cm", f"{_BIRTH} {_GROWTH} HP:0000240"),
    ("{he} went home on day {2-5}", f"{_BIRTH} HP:0003623 HP:0002643 HP:0001319 HP:0011968"),
    ("conception was [spontaneous|by IVF]", ""),
    ("phototherapy was given for {1-3} days", "HP:0000952 HP:0002904"),
    ("[the|] pregnancy [was|had been] [uneventful|unremarkable|uncomplicated|normal]", _BIRTH),
    ("{he} was born [at term|at {38-41} weeks][ by [normal vaginal delivery|caesarean section|ventouse]|]", _BIRTH),
    ("[birth weight|BW] [was |]{2.8-3.9} kg", f"{_BIRTH} HP:0004323"),
    ("Apgar scores were {7-8} and {9-10}", f"{_BIRTH} HP:0002104 HP:0002643 HP:0001319"),
    ("the mother was {19-41} and the father {22-46} at {his} birth", ""),
    (
        "the newborn period was [unremarkable|uneventful]",
        f"{_BIRTH} HP:0003623 HP:0002643 HP:0001319 HP:0011968 HP:0003577",
    ),
    ("{he} was [breast-fed|bottle-fed] [for {3-14} months|]", f"{_FEED} {_BIRTH}"),
    ("newborn screening was [normal|negative|reported as normal]", _METABOLIC),
    ("the mother had taken [folic acid|iron tablets|no medicines] in pregnancy", ""),
    ("[G{2-4}P{1-3}|gravida {2-4}, para {1-3}]", ""),
)
SOCIAL_CHILD = (
    ("{he} <has|had> [one|two|three] [older|younger|healthy] [brothers|sisters|siblings]", ""),
    ("{he} <goes|went> to [swimming|football|dancing] once a week", _NEURO, 5.0, 17.0),
    ("{he} <is|was> cared for by {his} grandmother during the day", "", 0.5, 6.0),
    ("{he} <is|was> in grade {1-4}", "HP:0001249 HP:0012758", 7.0, 10.0),
    ("there [is|was] [mould in the flat|an older car with smokers in it|no smoking at home]", ""),
    ("the family came from [another region|abroad] {2-9} [months|years] ago", ""),
    ("they [travelled {60-400} km|came by train|came by ambulance] for this appointment", ""),
    ("{he} <drinks|drank> {200-600} mL of cow's milk a day", "HP:0011968", 1.0, 6.0),
    ("immunisations <are|were> up to date", ""),
    ("vaccinations <are|were> complete for age", ""),
    ("{he} <attends|attended> [nursery|kindergarten|the local nursery]", "", 2.5, 5.5),
    ("{he} <attends|attended> [the local|mainstream] school", "HP:0001249 HP:0012758", 6.0, 17.0),
    ("the family [recently moved here|lives in the countryside|lives {20-120} km from the hospital]", ""),
    ("{he} <lives|lived> with {his} [parents|mother|grandparents|parents and [two|three] siblings]", ""),
    ("there [are two cats|is a dog|are no pets] at home", ""),
    ("an interpreter was [present|used]", ""),
    ("{he} had [chickenpox|scarlet fever|hand, foot and mouth disease] at {2-6y}", "HP:0002719 HP:0000988"),
    ("{he} <likes|liked> [music|water|swings|being outdoors]", "", 2.0, 12.0),
)
SOCIAL_ADULT = (
    ("{he} <is|was> a [non-smoker|former smoker of {5-30} pack-years]", "", 19.0, 120.0),
    (
        "{he} <works|worked> [night shifts|part-time] in a [warehouse|hospital|supermarket|factory]",
        "HP:0001249",
        20.0,
        64.0,
    ),
    ("{he} <lives|lived> on the [second|third] floor without a lift", "HP:0002540"),
    ("{he} <has|had> a [cat|dog|parrot]", ""),
    ("{he} <is|was> [single|divorced|widowed]", "", 24.0, 120.0),
    ("{he} [had spent|spent] {2-5} weeks in [Spain|Turkey|Thailand|Kenya] [last year|two years ago]", ""),
    ("{he} <drives|drove> to work, {10-60} km each way", "HP:0000505 HP:0001250", 20.0, 64.0),
    (
        "{he} <works|worked> as [a teacher|an accountant|a bus driver|a cook|a farmer|a carpenter|a clerk]",
        "HP:0001249 HP:0000726",
        20.0,
        64.0,
    ),
    ("{he} <is|was> retired", "", 66.0, 120.0),
    ("{he} <is|was> married with [two|three] children", "HP:0000144 HP:0001249 HP:0000135", 26.0, 120.0),
    ("{he} <does|did> not smoke", "", 16.0, 120.0),
    ("{he} <smokes|smoked> {5-20} cigarettes a day", "", 19.0, 80.0),
    ("{he} <drinks|drank> alcohol [occasionally|at weekends]", "", 20.0, 90.0),
    ("{he} <lives|lived> [alone|with {his} family|in a flat on the third floor]", "HP:0001249 HP:0002540"),
)
PAST = (
    ("{he} <takes|took> vitamin D [400|600|800|1000|2000] IU [daily|a day]", "HP:0004348"),
    ("{he} <takes|took> [paracetamol|ibuprofen] [as needed|now and then]", "HP:0012531 HP:0001945"),
    ("a [mole|skin tag|wart] was removed [last year|{2-8} years ago]", "HP:0000951", 10.0, 120.0),
    ("{he} had a [fall|bicycle accident|minor car accident] at {5-30y} without lasting injury", _NEURO),
    ("[penicillin|amoxicillin] [caused|gave] a rash {2-9} years ago", "HP:0012393 HP:0000951", 10.0, 120.0),
    (
        "{he} was in hospital for [gastroenteritis|bronchiolitis|observation] for {2-6} days at {6-30m}",
        f"{_GUT} {_LUNG} {_IMMUNE}",
    ),
    ("[surgical history|PSH]: [none|nil|adenoidectomy]", ""),
    (
        "[medications|current medication|regular medicines]: [none|nil|vitamin D|multivitamins]",
        "HP:0001250 HP:0000822 HP:0000819",
    ),
    ("the last dental check was {2-11} months ago", ""),
    ("[the appointment was|this visit was] [brought forward|postponed twice|arranged by the GP]", ""),
    ("a second opinion had been sought in [March|June|October] {2015-2024}", ""),
    ("[old|outside|earlier] [records|scans|letters] were [reviewed|requested|not to hand]", ""),
    ("a blood transfusion was never needed", _BLOOD),
    ("{he} <takes|took> [no regular medication|only vitamin D|no medicines]", "HP:0001250 HP:0000822 HP:0000819"),
    ("there <are|were> [no known|no] allergies", "HP:0012393"),
    ("[tonsils|adenoids] were removed at {4-9y}", ""),
    ("{he} had an appendectomy at {9-30y}", _GUT),
    ("{he} broke [a wrist|a collarbone] at {5-20y}", "HP:0002757 HP:0000924"),
    ("a [urinary tract infection|sinus infection] was treated [last year|some months ago]", f"{_IMMUNE} {_KIDNEY}"),
    (
        "{he} was seen at another hospital [last year|two years ago], [no records were available|with no conclusion|"
        "where no cause was found]",
        "",
    ),
    ("there had been no recent travel", ""),
    ("{he} had mild COVID-19 [last winter|the year before]", _IMMUNE),
    ("[the|] past medical history [is|was] otherwise unremarkable", ""),
    ("[earlier|previous] notes [were|are] not available", ""),
)
NORMAL = (
    ("[skin|hair and nails] unremarkable", "HP:0001574"),
    ("[neck|neck and thyroid] normal on palpation", "HP:0000464 HP:0000820"),
    ("[gait and stance|gait] <are|were> age-appropriate", f"{_NEURO} HP:0003011 HP:0000924"),
    ("[SpO2|oxygen saturation] {96-100}% on room air", f"{_HEART} {_LUNG}"),
    ("[capillary refill|CRT] under 2 s", _HEART),
    ("[peripheral pulses|femoral pulses] <are|were> [palpable|normal]", _HEART),
    ("{he} <is|was> [cooperative|alert|friendly] during the examination", f"{_BEHAVIOUR} HP:0011446"),
    ("[spine|back] straight, [hips|shoulders] free", "HP:0000924 HP:0003011"),
    ("[chest|lungs] clear", _LUNG),
    ("heart sounds <are|were> normal", _HEART),
    ("the abdomen <is|was> soft", f"{_GUT} {_LIVER}"),
    ("pupils <are|were> equal and reactive", _EYE),
    ("cranial nerves <are|were> intact", f"{_NEURO} {_EYE} {_EAR}"),
    ("sensation <is|was> intact", _NEURO),
    ("[HR|heart rate] {72-98}/min, [RR|respiratory rate] {14-20}/min", f"{_HEART} {_LUNG} HP:0001945", 8.0, 120.0),
    (
        "[afebrile|T {36.4-37.1} °C], [alert and cooperative|well perfused]",
        f"HP:0001945 {_BEHAVIOUR} HP:0011446 {_HEART}",
    ),
    ("the rest of the examination <is|was> [unremarkable|normal|within normal limits]", ""),
    ("[vital signs|observations] <were|were> [stable|normal]", f"{_HEART} {_LUNG} HP:0001945"),
    ("general condition <is|was> good", "HP:0012638"),
    ("external genitalia <are|were> normal", _GENITAL),
    ("ENT examination <is|was> unremarkable", f"{_EAR} HP:0000152"),
)
RESULTS = (
    (
        "[plasma amino acids|urine organic acids|acylcarnitines] <were|were> [normal|unremarkable]",
        f"{_METABOLIC} HP:0003110",
    ),
    ("karyotype [46,XX or XY as expected|was normal on {20-30} cells]", "HP:0000078"),
    ("[coeliac serology|allergy tests|Lyme serology|TORCH screen] [was|came back] negative", f"{_IMMUNE} {_GUT}"),
    ("WBC {5-9}.{0-9}, [platelets|plts] {190-360}", f"{_BLOOD} {_IMMUNE}"),
    ("creatinine {30-70} µmol/L", f"{_KIDNEY} {_METABOLIC}"),
    ("[urine dipstick|urinalysis] clear", _KIDNEY),
    (
        "samples were sent to [another|the regional] laboratory on {1-28}/{1-12}/{2016-2024}",
        "",
    ),
    ("[the|a] [report|result] of the [gene panel|exome|array] is expected in {3-12} weeks", ""),
    ("[CGG repeat testing|methylation of 15q11|SMN1 copy number] was normal", ""),
    ("abdominal X-ray [was|is] unremarkable", f"{_GUT} HP:0000924"),
    (
        "[full blood count|FBC|complete blood count] and electrolytes <are|were> normal",
        f"{_BLOOD} {_METABOLIC} {_KIDNEY}",
    ),
    ("[U&E|urea and electrolytes] normal", f"{_METABOLIC} {_KIDNEY}"),
    ("[array CGH|chromosomal microarray|karyotype] was [normal|unremarkable|reported as normal]", ""),
    ("a [gene panel|metabolic screen] <is|was> [pending|awaited]", ""),
    ("[exome sequencing has been requested|DNA was stored|blood was taken for genetic testing]", ""),
    ("thyroid function <is|was> normal", "HP:0000820 HP:0002926"),
    ("[chest X-ray|CXR] <is|was> [clear|unremarkable|normal]", f"{_LUNG} {_HEART} HP:0000924"),
    ("abdominal ultrasound <is|was> [normal|unremarkable]", f"{_LIVER} {_KIDNEY} {_GUT} {_BLOOD} {_GENITAL}"),
    ("[ECG|electrocardiogram] <shows|showed> sinus rhythm", _HEART),
    ("[Na {136-143}, K {3.7-4.6}|sodium {136-143} mmol/L, potassium {3.7-4.6} mmol/L]", f"{_METABOLIC} {_KIDNEY}"),
    ("[viral serology was|blood cultures were] negative", ""),
)


class Background:
    """Lines by topic, with the findings that rule them out looked up."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Read the tables above."""
        self.pregnancy = _lines(kb, PREGNANCY)
        self.social_child = _lines(kb, SOCIAL_CHILD)
        self.social_adult = _lines(kb, SOCIAL_ADULT)
        self.past = _lines(kb, PAST)
        self.normal = _lines(kb, NORMAL)
        self.results = _lines(kb, RESULTS)


def _lines(kb: KnowledgeBase, table: tuple[tuple[str | float, ...], ...]) -> tuple[Line, ...]:
    lines = []
    for text, unless, *ages in table:
        known = [kb.resolve_term(i) for i in str(unless).split()]
        low, high = (float(ages[0]), float(ages[1])) if ages else (0.0, 150.0)
        template = compiled(str(text))
        low = max(low, template.least_years)
        lines.append(Line(template, frozenset(kb.term(i) for i in known if i), low, high))
    return tuple(lines)
