"""Investigations: each finding that a test showed stands behind that test's name."""

from collections.abc import Sequence

from raredxr1.cases.registers.teller import Teller

TESTS: dict[str, tuple[str, ...]] = {
    "labs": (
        "[blood tests|laboratory tests|laboratory studies|initial laboratory values|investigations] showed ",
        "[laboratory investigations|bloods|routine bloods] [revealed|disclosed|showed] ",
        "[laboratory work-up|the laboratory] [revealed|showed] ",
        "[blood|laboratory] tests were [done|performed] and showed ",
    ),
    "urine": ("[urinalysis|urine analysis|a urine test] [showed|revealed] ", "{his} urine [had|contained] "),
    "mri": (
        "[brain MRI|MRI of the brain|cranial MRI|MRI brain|neuroimaging|magnetic resonance imaging] "
        "[showed|revealed|disclosed|demonstrated] ",
        "an MRI [at {1-12y}|] [showed|revealed] ",
        "[brain MRI|an MRI of the brain] was [performed|done] and showed ",
        "{his} brain MRI showed ",
    ),
    "echo": (
        "[echocardiography|an echocardiogram|echo|transthoracic echocardiography] [showed|revealed|demonstrated] ",
        "[cardiac evaluation|cardiology review] [showed|revealed] ",
    ),
    "xray": (
        "[a skeletal survey|X-rays|radiographs|skeletal X-rays|plain films] [showed|revealed] ",
        "{his} X-rays showed ",
    ),
    "ultrasound": ("[abdominal|renal|an] ultrasound [showed|revealed] ", "ultrasound was [done|performed] and showed "),
    "eeg": (
        "[an EEG|the EEG|electroencephalography] [showed|revealed] ",
        "{his} EEG showed ",
        "an EEG was performed and showed ",
    ),
    "emg": ("[nerve conduction studies|EMG and nerve conduction studies|neurophysiology|NCS] [showed|revealed] ",),
    "biopsy": ("[a muscle biopsy|muscle biopsy|biopsy] [showed|revealed] ",),
    "eyes": (
        "[fundoscopy|eye examination|ophthalmological examination|the eye clinic] [showed|found|revealed] ",
        "on [slit lamp examination|ophthalmic review] there was ",
    ),
}
SHORT = {
    "labs": ("bloods: ", "labs: ", "Ix: ", "bl: "),
    "urine": ("urine: ", "UA: ", "dip: "),
    "mri": ("MRI: ", "MRI brain: ", "MRI B: "),
    "echo": ("echo: ", "TTE: ", "cardio: "),
    "xray": ("XR: ", "skel survey: ", "X-ray: "),
    "ultrasound": ("USS: ", "abdo US: ", "US: "),
    "eeg": ("EEG: ",),
    "emg": ("EMG/NCS: ", "NCS: "),
    "biopsy": ("bx: ", "muscle bx: "),
    "eyes": ("ophthal: ", "eyes: ", "fundi: "),
}
HEADS = {
    "labs": ("Laboratory", "Bloods", "Blood tests", "Labs"),
    "urine": ("Urine", "Urinalysis"),
    "mri": ("MRI brain", "Brain MRI", "MRI"),
    "echo": ("Echocardiogram", "Echo", "Heart"),
    "xray": ("X-ray", "Skeletal survey", "Radiology"),
    "ultrasound": ("Ultrasound", "Abdominal US"),
    "eeg": ("EEG",),
    "emg": ("EMG/NCS", "Neurophysiology"),
    "biopsy": ("Biopsy", "Muscle biopsy"),
    "eyes": ("Eyes", "Ophthalmology"),
}


def present_tests(t: Teller) -> list[str]:
    """Names of the investigations that showed something, in random order."""
    names = [name for name in TESTS if t.parts.get(name)]
    t.rng.shuffle(names)
    return names


def tell_tests(t: Teller, names: Sequence[str] | None = None) -> None:
    """Append what the investigations showed, as sentences."""
    for name in present_tests(t) if names is None else names:
        t.findings(t.taken(name), TESTS[name])
