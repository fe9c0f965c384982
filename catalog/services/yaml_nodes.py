"""Reads YAML as nodes, so that every complaint can name its line."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from catalog.services.delivered import Place, Problem

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TAG = "tag:yaml.org,2002:"
Check = Callable[[str], object]


def read_root(path: Path, name: str, problems: list[Problem]) -> "Fields | None":
    """Return the mapping at the root of a file, or None with a problem added."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except UnicodeDecodeError:
        problems.append(Problem(Place(name, 1), "the file is not UTF-8"))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or "the file is not YAML"
        line = mark.line + 1 if mark else 1
        problems.append(Problem(Place(name, line), f"the file is not YAML: {reason}"))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(Place(name, 1), "a mapping is expected"))
        return None
    return Fields(node, name, problems)


class Fields:
    """The fields of one mapping, each read once by its type.

    A reader returns a usable value in any case; what was wrong is in `problems`.
    """

    def __init__(self, node: yaml.MappingNode, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.place = Place(file, node.start_mark.line + 1)
        self.nodes: dict[str, yaml.Node] = {}
        self.keys: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in self.nodes:
                self.complain(key, f'"{name}" stands here twice')
            self.nodes[name], self.keys[name] = value, key

    def complain(self, node: yaml.Node | None, reason: str) -> None:
        """Add a problem at a node, or at the mapping itself."""
        place = Place(self.file, node.start_mark.line + 1) if node is not None else self.place
        self.problems.append(Problem(place, reason))

    def at(self, name: str) -> Place:
        """Return the place of a field, or of the mapping when it is absent."""
        node = self.nodes.get(name)
        return Place(self.file, node.start_mark.line + 1) if node is not None else self.place

    def only(self, *names: str) -> "Fields":
        """Complain about fields that nobody asks for, most often misspelled ones."""
        for name in self.nodes.keys() - set(names):
            self.complain(self.keys[name], f'unknown field "{name}"')
        return self

    def text(
        self, name: str, *, required: bool = False, longest: int = 2000, check: Check | None = None
    ) -> str:
        """Return a text; absent and empty are ""."""
        node = self.nodes.get(name)
        if node is None or self._is_null(node):
            if required:
                self.complain(node, f'"{name}" is missing')
            return ""
        return self._text(node, name, longest, check, required=required)

    def texts(self, name: str, *, longest: int = 200, check: Check | None = None) -> list[str]:
        """Return a list of different texts; absent is an empty list."""
        found: list[str] = []
        for node in self._items(name):
            value = self._text(node, name, longest, check, required=True)
            if value in found:
                self.complain(node, f'"{value}" stands in "{name}" twice')
            found.append(value)
        return found

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return a whole number."""
        node = self.nodes.get(name)
        if node is None:
            return default
        if node.tag != TAG + "int" or not str(node.value).isdigit():
            self.complain(node, f'"{name}" has to be a whole number')
            return default
        value = int(node.value)
        if not least <= value <= most:
            self.complain(node, f'"{name}" has to be from {least} to {most}')
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        node = self.nodes.get(name)
        if node is None:
            return default
        if node.tag != TAG + "bool" or node.value not in {"true", "false"}:
            self.complain(node, f'"{name}" has to be true or false')
            return default
        return bool(node.value == "true")

    def choice(self, name: str, among: Collection[str], *, default: str = "") -> str:
        """Return one of some words; without a default one has to be given."""
        value = self.text(name, required=not default) or default
        if value and value not in among:
            self.complain(
                self.nodes.get(name), f'"{name}" has to be one of {", ".join(sorted(among))}'
            )
        return value

    def mappings(self, name: str) -> "Iterator[Fields]":
        """Yield each mapping of a list; absent is an empty list."""
        for node in self._items(name):
            if isinstance(node, yaml.MappingNode):
                yield Fields(node, self.file, self.problems)
            else:
                self.complain(node, f'"{name}" holds something that is not a mapping')

    def mapping(self, name: str) -> "Fields | None":
        """Return a mapping inside this one, or None when it is absent."""
        node = self.nodes.get(name)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f'"{name}" has to be a mapping')
            return None
        return Fields(node, self.file, self.problems)

    def items(self, name: str) -> "Iterator[Fields | str]":
        """Yield each item of a list that may hold mappings and words."""
        for node in self._items(name):
            if isinstance(node, yaml.MappingNode):
                yield Fields(node, self.file, self.problems)
            else:
                yield self._text(node, name, 200, None, required=True)

    def _items(self, name: str) -> list[yaml.Node]:
        node = self.nodes.get(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.complain(node, f'"{name}" has to be a list')
            return []
        return list(node.value)

    def _text(
        self, node: yaml.Node, name: str, longest: int, check: Check | None, *, required: bool
    ) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag != TAG + "str":
            self.complain(node, f'"{name}" has to be text')
            return ""
        value = str(node.value).strip()
        if required and not value:
            self.complain(node, f'"{name}" is empty')
        if len(value) > longest:
            self.complain(node, f'"{name}" is longer than {longest} characters')
        if value and check is not None:
            try:
                check(value)
            except ValidationError as error:
                self.complain(node, f'"{name}": {capfirst(" ".join(error.messages))}')
        return value

    @staticmethod
    def _is_null(node: yaml.Node) -> bool:
        return node.tag == TAG + "null"
