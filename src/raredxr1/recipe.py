"""Recipes: the YAML file of a stage becomes its settings, a pydantic model that refuses unknown keys."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import Field, ValidationError

from raredxr1.errors import InputError, faults
from raredxr1.schemas import Strict

C = TypeVar("C", bound=Strict)


class Source(Strict):
    """A file to learn from that is not part of the product, and under which licence it is used."""

    path: Path
    licence: str = Field(min_length=1, description="goes into the manifest")

    @property
    def credit(self) -> str:
        """How a manifest names it."""
        return f"{self.path.name}, {self.licence}"


def read_config(kind: type[C], recipe: Path, overrides: list[str]) -> C:
    """Read a recipe (YAML) and apply `key=value` overrides; dots reach inside (`phases.0.until`), values are YAML.

    Raises:
        InputError: no such file, no YAML, an unknown key or a value out of range, each named.
    """
    try:
        values: Any = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"recipe {recipe}: cannot be read ({type(error).__name__})") from error
    if not isinstance(values, dict):
        raise InputError(f"recipe {recipe}: not a mapping of settings")
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals or not key:
            raise InputError(f"override {override!r}: write key=value")
        _set(values, key.split("."), value, override)
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise InputError(f"recipe {recipe}: {faults(error.errors())}") from error


def _set(values: Any, path: list[str], value: str, override: str) -> None:
    for key in path[:-1]:
        if isinstance(values, list) and key.isdecimal() and int(key) < len(values):
            values = values[int(key)]  # phases.0.mixture.text: a place in a list, counted from 0
        elif isinstance(values, dict):
            values = values.setdefault(key, {})
        else:
            raise InputError(f"override {override!r}: {key} is no place in a list of settings")
    if not isinstance(values, dict):
        raise InputError(f"override {override!r}: {path[-2]} holds no settings")
    try:
        values[path[-1]] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise InputError(f"override {override!r}: the value is no YAML") from error
