"""What a client may ask for: a note or a phenopacket, and how the model is to be asked."""

from dataclasses import replace
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from raredxr1.cases.json_text import mended, mended_json
from raredxr1.cases.phenopackets import case_of_phenopacket
from raredxr1.diagnose import Model, Options
from raredxr1.diagnose.given_terms import of_terms
from raredxr1.diagnose.inputs import Document, Packet, of_json, of_text
from raredxr1.diagnose.overruled import stated_beside
from raredxr1.diagnose.pipeline import with_crr
from raredxr1.diagnose.result import Ranking
from raredxr1.schemas import Form, Strict
from raredxr1.serve.product import Order, Product

MOST_SAMPLES = 16
MOST_TOKENS = 4096


class AskOptions(Strict):
    """How the model is to be asked; what is left out is as the model's makers found best."""

    model: str | None = Field(
        default=None, min_length=1, max_length=200, description="by its name in /v1/models; null: the first of them"
    )
    form: Form | None = Field(default=None, description="full: with reasoning; short: the ranking alone")
    ranking: Ranking | None = Field(default=None, description="list, scored or beam; see `raredx diagnose --help`")
    samples: int = Field(default=1, ge=1, le=MOST_SAMPLES, description="turns drawn and fused")
    max_tokens: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    temperature: float | None = Field(default=None, ge=0, le=5)
    top_p: float = Field(default=0.95, gt=0, le=1)
    seed: int = Field(default=0, ge=0, lt=2**31)
    truncate: bool = Field(default=False, description="has no effect: notes of any length are read whole")
    crr: bool | None = Field(
        default=None, description="let the opinions of other diagnosers in; null: where it measured better"
    )
    next_steps: int = Field(default=5, ge=0, le=20, description="how many findings, tests and genes to name at most")
    deidentify: bool = Field(default=False, description="take names, dates and the like out of the note first")
    strict: bool = Field(
        default=False,
        description="refuse a phenopacket or FHIR bundle of which something cannot be used; else it is left out with a "
        "notice",
    )

    def options(self, model: Model) -> Options:
        """As the pipeline wants them.

        Raises:
            InputError: the model was not taught what is asked for, or the options contradict each other.
        """
        asked = Options(**self.model_dump(exclude={"model", "crr", "deidentify", "strict"}))
        return with_crr(asked, model, self.crr)


class Ask(Strict):
    """One note or phenopacket."""

    note: str | None = Field(default=None, description="a clinical note in words, up to 200 kB")
    phenopacket: dict[str, Any] | None = Field(default=None, description="GA4GH phenopacket, version 2")
    fhir: dict[str, Any] | None = Field(default=None, description="FHIR R4 bundle (needs the extra raredxr1[fhir])")
    hpo: str | list[str] | None = Field(
        default=None,
        description="findings as HPO ids or labels, those that are absent with a minus before them: HP:0001250,-Ataxia",
    )
    age: str | None = Field(default=None, description="4y, 18 months, 3 8/12, P4Y6M; overrules what a note says")
    sex: str | None = Field(default=None, description="female or male; overrules what a note says")
    name: str = Field(default="note", min_length=1, max_length=200, description="what the answer calls it")

    @field_validator("name", mode="before")
    @classmethod
    def _whole(cls, name: object) -> object:
        """Half a character in a name would stop every file and answer that holds it."""
        return mended(name) if isinstance(name, str) else name

    @field_validator("phenopacket", "fhir")
    @classmethod
    def _whole_json(cls, value: dict[str, Any] | None) -> object:
        return mended_json(value)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(given is not None for given in (self.note, self.phenopacket, self.fhir, self.hpo)) != 1:
            raise ValueError("give a note, a phenopacket, a FHIR bundle or HPO terms, one of them")
        return self

    def given(self) -> Document:
        """What the pipeline takes.

        Raises:
            InputError: it cannot be used; see `limits`, `case_of_phenopacket` and `of_json`.
        """
        if self.phenopacket is not None:
            return Packet(case_of_phenopacket(self.phenopacket, self.name))
        if self.hpo is not None:
            return of_terms({"hpo": self.hpo, "age": self.age, "sex": self.sex}, self.name)
        if self.note is None:
            return of_json(self.fhir, self.name)
        return of_text(self.note, self.name)

    def order(self, options: AskOptions, product: Product) -> Order:
        """As the worker wants it. For errors see `given`, `AskOptions.options` and `Product.named`."""
        how = options.options(product.named(options.model))
        if self.hpo is None and (self.age or self.sex):
            how = replace(how, patient=stated_beside(self.age, self.sex, self.name))
        return Order(self.given(), self.name, how, options.deidentify, strict=options.strict, model=options.model)
