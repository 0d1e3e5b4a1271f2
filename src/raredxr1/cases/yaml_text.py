"""YAML as the mapping it holds, for formats that are JSON elsewhere: no tags, no types but true, false and null.

Numbers and dates stay text, as the readers want them. A file can neither run anything nor grow: tags that are not
plain are refused, and so are deep nesting, many aliases and a key said twice. Specification: https://yaml.org/spec/1.2/.
"""

from typing import Any

import yaml

from raredxr1.errors import InputError

MOST_ALIASES = 200
"""A writer that meets a value twice makes an alias of it; a file with more of them is no patient's."""
DEEPEST = 40
_KEPT = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null")


class _Loader(yaml.SafeLoader):
    """The safe loader without numbers and dates, and without keys that hide one another."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping.

        Raises:
            yaml.constructor.ConstructorError: a key stands there twice, or is no text.
        """
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) != len(node.value) or len(set(keys)) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key that is said twice or no text", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str, name: str) -> object:
    """Read one YAML document.

    Args:
        text: the document.
        name: what messages call it.

    Raises:
        InputError: not YAML, several documents, or over the limits above.
    """
    try:
        _check(text, name)
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f"line {mark.line + 1}" if mark else "its characters"
        raise InputError(f"{name}: no YAML that can be read ({where})") from error
    except RecursionError as error:
        raise InputError(f"{name}: YAML nested too deeply") from error


def _check(text: str, name: str) -> None:
    depth = aliases = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST:
            raise InputError(f"{name}: YAML nested too deeply")
        if aliases > MOST_ALIASES:
            raise InputError(f"{name}: YAML with more than {MOST_ALIASES} aliases")
    if documents > 1:
        raise InputError(f"{name}: {documents} YAML documents; give one a file")
