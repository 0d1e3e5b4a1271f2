"""What a note is read to say of one finding, for tests of reading."""

from raredxr1.diagnose.names import Names
from raredxr1.diagnose.stated import stated_findings


def state_read(note: str, term: str, names: Names) -> str | None:
    """The state of a term, with its detail behind a slash; None: it is not read."""
    assert names.term_id(term), "the test names a term that there is"
    read = {one.term: one for one in stated_findings(note, [], names)}
    if term not in read:
        return None
    return f"{read[term].state}/{read[term].detail}" if read[term].detail else read[term].state
