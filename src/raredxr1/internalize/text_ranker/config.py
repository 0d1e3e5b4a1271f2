"""Settings of the text ranker's training, and which files such trainings learn from."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from raredxr1.schemas import Strict


class Text(Strict):
    """A file of texts about diseases, or of narratives."""

    path: Path
    source: str = Field(description="what it is, for the manifest and the data card")
    licence: str
    where: list[str] = Field(default_factory=list, description="only rows with these values: split=train")


class LeftOut(Strict):
    """A case file, or rows of it, whose cases must stay unseen."""

    path: Path
    where: list[str] = Field(default_factory=list)


class Impact(Strict):
    """How much the kinds of text say."""

    weights: dict[str, float] = Field(description="of each kind of text")
    length_norm: float = Field(ge=0, le=1, description="b of BM25")
    saturation: float = Field(default=1.5, gt=0, description="k1 of BM25")
    pair_weight: float = Field(default=0.6, ge=0)
    narrative_idf: float = Field(ge=0, description="power of a word's rarity in narratives")


class TextsConfig(Strict):
    """What is learned from: texts about diseases, presentations, cases, narratives."""

    out: Path
    data: Path = Field(default=Path(), description="folder that the paths of texts and cases start from")
    knowledge: Path | None = Field(default=None, description="knowledge base; by default the shipped one")
    texts: list[Text] = Field(description="JSONL of entries: definitions, question and answer documents, summaries")
    presentations: list[Text] = Field(
        default_factory=list, description="tables (TSV: id, presentation) of how patients present; not below `data`"
    )
    cases: list[Text] = Field(default_factory=list, description="case files with notes and their disease")
    narratives: list[Text] = Field(default_factory=list, description="published cases that name their disease")
    told: list[Text] = Field(default_factory=list, description="case files of HPO terms, told as notes for learning")
    leave_out: list[LeftOut] = Field(
        default_factory=list, description="case files for measuring: a narrative that shares text with one is not used"
    )
    told_each: int = Field(default=2, ge=0, description="told cases of each disease")
    most_diseases_a_text: int = Field(default=6, ge=1, description="an entry about more is about a group")
    seed: int = 0

    @model_validator(mode="after")
    def _rooted(self) -> Self:
        for file in [*self.texts, *self._cases]:
            file.path = self.data / file.path
        self.data = Path()
        return self

    @property
    def files(self) -> list[Text | LeftOut]:
        """Every file that is read."""
        return [*self.presentations, *self.texts, *self._cases]

    @property
    def learned_from(self) -> list[Text]:
        """Every file whose words go into the weights, the public texts first."""
        return [*self.texts, *self.presentations, *self.cases, *self.narratives, *self.told]

    @property
    def _cases(self) -> list[Text | LeftOut]:
        return [*self.cases, *self.narratives, *self.told, *self.leave_out]


class TextRankerConfig(TextsConfig):
    """A training run of the text ranker."""

    words: Impact = Field(
        default_factory=lambda: Impact(
            weights={
                "name": 1.5, "definition": 1.5, "article": 1.0, "summary": 1.0, "presentation": 2.5, "finding": 3.0,
                "wording": 1.0, "case": 0.5,
            },
            length_norm=0.6,
            narrative_idf=1.0,
        ),
        description="words and word pairs",
    )  # fmt: skip
    findings: Impact = Field(
        default_factory=lambda: Impact(
            weights={
                "definition": 1.5, "article": 1.5, "summary": 1.5, "presentation": 2.5, "finding": 3.0, "case": 2.0,
            },
            length_norm=0.25,
            narrative_idf=0.0,
        ),
        description="HPO terms that the dictionary reads in the same texts",
    )  # fmt: skip
    penalty: float = Field(default=3e-3, gt=0, description="on the logarithms of the learned word weights")
    rivals: int = Field(default=120, ge=2, description="diseases a narrative's own is ranked against")
    folds: int = Field(default=4, ge=2)
    most_entries: int = Field(default=8_000_000, ge=1, description="weights kept, the largest of each disease first")
