"""The words probes ask in. Nothing that writes training examples imports this file; a test compares the two."""

NOTES = (
    "Handover of this afternoon concerns {who}. What stands out: {present}.{absent}",
    "Telephone advice was sought about {who}. The caller lists {present}.{absent}",
    "Second opinion wanted: {who}; accumulated so far, {present}.{absent}",
    "Record of a video visit, {who}. Problem list as dictated: {present}.{absent}",
    "For the case conference: {who}, in whom one sees {present}.{absent}",
    "{present} - that is the tally in {who}.{absent}",
    "Locum's entry. Met {who} today; noteworthy are {present}.{absent}",
    "Transfer sheet\nperson: {who}\nproblems: {present}{absent}",
)
"""Frames of notes; `absent` is empty or one of ABSENT."""
ABSENT = (
    " Asked about and crossed out: {absent}.", " Looked for in vain: {absent}.", " Struck from the list: {absent}.",
    " None of the following: {absent}.",
)  # fmt: skip
JOINED = (" plus ", "; moreover ", ", along with ", " + ", "; then ")

PROFILES = (
    "Write down the signs by which {name} makes itself known.",
    "Imagine a ward on which everybody has {name}: which findings would you meet?",
    "Complete the sentence: those affected by {name} tend to have",
    "A student asks you to sketch {name}. Which manifestations do you put on the board?",
)
CHOICES = (
    "Two candidates remain, {a} and {b}. Known so far: {clues}. Which name goes on the chart?",
    "Weighing {a} versus {b} in somebody with {clues}: where does the balance tip?",
    "The panel is split over {a} and {b}. Observed: {clues}. Cast your vote.",
    "{clues} - closer to {a} or closer to {b}?",
)
