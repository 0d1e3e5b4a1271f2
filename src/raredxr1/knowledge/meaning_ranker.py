"""Ranks diseases by the meaning of a note: a sentence encoder puts notes near texts about the disease they tell of.

A note is read in windows; the mean of their vectors is compared, by its cosine, with a vector of each disease, the mean
of those of its texts. Words that no text about the disease uses are understood as far as the encoder knows them.
`internalize.meaning_ranker` trains it.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raredxr1.errors import InputError
from raredxr1.knowledge.extraction.encoder_model import TextEncoder
from raredxr1.knowledge.extraction.windows import windows
from raredxr1.knowledge.store import KnowledgeBase
from raredxr1.knowledge.term_store import DAMAGED

FORMAT = 1
DISEASES = "diseases.npz"
SHARPNESS = 20.0
"""What cosines are multiplied by where it is trained: then they are logarithms of odds."""
MOST = 40
"""Parts of a note that are read, some 80 words each; of a longer note as many, evenly spread: a mean needs no more."""
READ = f"the note, of one longer than {MOST} parts of some 80 words so many, evenly spread"
MEANING_RANKER = Path(__file__).parent.parent / "assets" / "meaning_ranker"


class MeaningRanker:
    """The encoder with a vector of each disease, opened over a knowledge base. May be used by several threads.

    Attributes:
        meta: what the file says of itself: knowledge base, sources with their licences.
    """

    def __init__(self, kb: KnowledgeBase, folder: Path = MEANING_RANKER) -> None:
        """Open the vectors; the encoder is opened when the first note comes.

        Raises:
            InputError: missing, damaged, or of another format.
        """
        path, self._encoder = folder / DISEASES, _encoder(folder)
        if not (path.is_file() and self._encoder.is_there):
            raise InputError(f"{folder}: no ranker by meaning here; train one with `raredx train meaning-ranker`")
        try:
            with np.load(path, allow_pickle=False) as file:
                self.meta: dict[str, Any] = json.loads(file["meta"].tobytes().decode())
                if self.meta["format"] != FORMAT:
                    raise InputError(f"{path}: of another format; train it again")
                ids = file["ids"].tobytes().decode().split("\n")
                self._vectors = file["vectors"].astype(np.float32) * file["scale"][:, None]
            if len(ids) != len(self._vectors):
                raise ValueError
        except DAMAGED as error:
            raise InputError(f"{path}: not a ranker by meaning, or a damaged one") from error
        known = (kb.disease(i) for i in ids)
        rows = [(row, d) for row, d in enumerate(known) if d is not None and kb.candidate_mask[d]]
        self._vectors = self._vectors[[row for row, _ in rows]]
        self._diseases = np.array([d for _, d in rows], dtype=np.int64)
        self._count = len(kb.disease_records)

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """How near each disease of the knowledge base is to a text, -1 to 1, by its number; nan where it has no vector.

        Args:
            text: a note that is not empty.
        """
        whole = windows(text)
        parts = [text[part.start : part.end] for part in whole[:: -(-len(whole) // MOST) or 1]]
        said = self._encoder.means(parts or [text])
        mean = (said / np.linalg.norm(said, axis=1, keepdims=True)).sum(0)
        found = np.full(self._count, np.nan, dtype=np.float32)
        found[self._diseases] = self._vectors @ (mean / np.linalg.norm(mean))
        return found


@lru_cache(maxsize=2)
def _encoder(folder: Path) -> TextEncoder:
    """One a process, whatever knowledge base it serves."""
    return TextEncoder(folder)


@lru_cache(maxsize=2)
def meaning_ranker(kb: KnowledgeBase, folder: Path = MEANING_RANKER) -> MeaningRanker:
    """The ranker by meaning over a knowledge base, one a process."""
    return MeaningRanker(kb, folder)
