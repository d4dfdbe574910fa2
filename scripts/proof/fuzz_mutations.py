"""Answers with something wrong in them: of their JSON values, and of their bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any, TypeAlias

from .fuzz_values import DATES, KEYS, OTHERS, TEXTS, TOKENS

Place: TypeAlias = tuple[Any, Any]
"""A list or dict, and the index or key in it."""
JSONMutation: TypeAlias = Callable[["Tree"], None]
ByteMutation: TypeAlias = Callable[[Random, bytes], bytes]


class Twin(str):
    """A key that may stand twice in one dict."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class Tree:
    """An answer's JSON while it is changed; a token stands in it as a text that `encode` puts in its place."""

    def __init__(self, rng: Random, root: Any) -> None:
        self.rng = rng
        self.holder = [copy.deepcopy(root)]
        self.tokens: dict[str, str] = {}

    def place(self, kind: type | tuple[type, ...] = object) -> Place | None:
        """Somewhere in the tree where a value of this kind stands; the whole counts as well."""
        found: list[Place] = []
        stack: list[Place] = [(self.holder, 0)]
        while stack:
            container, key = stack.pop()
            value = container[key]
            if isinstance(value, kind):
                found.append((container, key))
            if isinstance(value, dict):
                stack.extend((value, name) for name in value)
            elif isinstance(value, list):
                stack.extend((value, index) for index in range(len(value)))
        if len(found) > 1 and found[0][0] is self.holder and self.rng.random() < 0.8:
            found = found[1:]
        return self.rng.choice(found) if found else None

    def put(self, value: Any, kind: type | tuple[type, ...] = object) -> None:
        """Replaces a value of this kind."""
        if place := self.place(kind):
            place[0][place[1]] = value

    def token(self, text: str) -> str:
        """A text that stands for a token."""
        name = f"@token {len(self.tokens)}@"
        self.tokens[f'"{name}"'] = text
        return name

    def encode(self) -> str:
        """The JSON text, or what looks like one."""
        # Only what surrogates leave no choice is escaped, so that all that follows meets raw UTF-8.
        text = json.dumps(self.holder[0], ensure_ascii=self.rng.random() < 0.3, indent=self.rng.choice((None, None, 1)))
        for name, token in self.tokens.items():
            text = text.replace(name, token)
        return text


def drop(tree: Tree) -> None:
    if place := tree.place():
        container, key = place
        if container is not tree.holder:
            del container[key]


def null(tree: Tree) -> None:
    tree.put(None)


def other_type(tree: Tree) -> None:
    tree.put(copy.deepcopy(tree.rng.choice(OTHERS)))


def odd_token(tree: Tree) -> None:
    tree.put(tree.token(tree.rng.choice(TOKENS)))


def odd_date(tree: Tree) -> None:
    tree.put(tree.rng.choice(DATES), str)


def odd_text(tree: Tree) -> None:
    tree.put(tree.rng.choice(TEXTS), str)


def empty_text(tree: Tree) -> None:
    tree.put("", str)


def other_case(tree: Tree) -> None:
    if place := tree.place(str):
        container, key = place
        container[key] = tree.rng.choice((str.upper, str.title, str.swapcase, "{} ".format))(container[key])


def extra_key(tree: Tree) -> None:
    if place := tree.place(dict):
        container, key = place
        container[key][tree.rng.choice(KEYS)] = copy.deepcopy(tree.rng.choice(OTHERS))


def extra_deep(tree: Tree) -> None:
    if place := tree.place(dict):
        container, key = place
        container[key][tree.rng.choice(KEYS)] = tree.token(tree.rng.choice(TOKENS))


def twin_key(tree: Tree) -> None:
    place = tree.place(dict)
    if place and (members := place[0][place[1]]):
        key = tree.rng.choice(list(members))
        second = members[key] if tree.rng.random() < 0.3 else copy.deepcopy(tree.rng.choice(OTHERS))
        first_or_last = {Twin(key): second}
        place[0][place[1]] = {**first_or_last, **members} if tree.rng.random() < 0.5 else {**members, **first_or_last}


def rename_key(tree: Tree) -> None:
    place = tree.place(dict)
    if place and (members := place[0][place[1]]):
        key = tree.rng.choice(list(members))
        members[tree.rng.choice((*KEYS, key.upper(), f"{key} "))] = members.pop(key)


def swap_values(tree: Tree) -> None:
    one, other = tree.place(), tree.place()
    if one and other:
        left, right = copy.deepcopy(one[0][one[1]]), copy.deepcopy(other[0][other[1]])
        one[0][one[1]] = right
        # The first may have held the second.
        with suppress(IndexError, KeyError):
            other[0][other[1]] = left


def wrap(tree: Tree) -> None:
    if place := tree.place():
        container, key = place
        value = container[key]
        container[key] = tree.rng.choice(([value], {"data": value}, {"0": value}, [value, value], {"data": [value]}))


def unwrap(tree: Tree) -> None:
    if place := tree.place((list, dict)):
        container, key = place
        members = list(container[key].values()) if isinstance(container[key], dict) else container[key]
        numbered = {str(index): member for index, member in enumerate(members)}
        container[key] = tree.rng.choice((members, members[0] if members else None, numbered))


def repeat_items(tree: Tree) -> None:
    if place := tree.place(list):
        container, key = place
        container[key] = [copy.deepcopy(item) for _ in range(tree.rng.randint(2, 5)) for item in container[key]]


def odd_row(tree: Tree) -> None:
    if place := tree.place(list):
        container, key = place
        container[key].insert(tree.rng.randint(0, len(container[key])), copy.deepcopy(tree.rng.choice([None, *OTHERS])))


def flip(rng: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randint(1, 3) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: Random, content: bytes) -> bytes:
    return content[: rng.randint(0, len(content))]


def cut_front(rng: Random, content: bytes) -> bytes:
    return content[rng.randint(0, len(content)) :]


def cut_out(rng: Random, content: bytes) -> bytes:
    start, end = sorted(rng.randint(0, len(content)) for _ in range(2))
    return content[:start] + content[end:]


def insert(rng: Random, content: bytes) -> bytes:
    at = rng.randint(0, len(content))
    new = rng.choice(
        (rng.randbytes(rng.randint(1, 8)), b"\x00", b",", b"}", b'"', b"\\", b"\xff", b"\xed\xa0\x80", b"\n")
    )
    return content[:at] + new + content[at:]


def repeat(rng: Random, content: bytes) -> bytes:
    start, end = sorted(rng.randint(0, len(content)) for _ in range(2))
    return content[:end] + content[start:end] * rng.randint(1, 3) + content[end:]


def swap(rng: Random, content: bytes) -> bytes:
    a, b, c, d = sorted(rng.randint(0, len(content)) for _ in range(4))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def other_encoding(rng: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    name = rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "cp037"))
    return text.encode(name, "replace")


def mark_first(rng: Random, content: bytes) -> bytes:
    mark = rng.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b")]}',\n"))
    return mark + content


def surround(rng: Random, content: bytes) -> bytes:
    around = rng.choice(
        (
            (b"<pre>", b"</pre>"),
            (b" \r\n\t", b"\n\n"),
            (b"callback(", b");"),
            (b"", b"\x00"),
            (b"", b"<br />"),
            (b"", content),
        )
    )
    return around[0] + content + around[1]


def nothing(rng: Random, _: bytes) -> bytes:
    return rng.choice((b"", b" ", b"null", b"[]", b"{}", b'""', b"0", b"true", b"\xff", b"<html></html>"))


JSON_MUTATIONS: tuple[JSONMutation, ...] = (
    *(drop, null, other_type, odd_token, odd_date, odd_text, empty_text, other_case, extra_key, extra_deep, twin_key),
    *(rename_key, swap_values, wrap, unwrap, repeat_items, odd_row),
)
BYTE_MUTATIONS: tuple[ByteMutation, ...] = (
    *(flip, cut, cut_front, cut_out, insert, repeat, swap, other_encoding, mark_first, surround, nothing),
)


def mutate(rng: Random, example: Any) -> tuple[bytes, tuple[str, ...]]:
    """An answer made from a valid one, and the names of what was done to it, in order; seldom nothing."""
    tree = Tree(rng, example)
    names: list[str] = []
    way = rng.random()
    # A few are left whole; of the others, four have changes in their JSON to one that has none.
    if 0.02 < way < 0.85:
        for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 3, 4, 6, 12))):
            mutation = rng.choice(JSON_MUTATIONS)
            mutation(tree)
            names.append(mutation.__name__)
    content = tree.encode().encode("utf-8", "surrogatepass" if rng.random() < 0.5 else "backslashreplace")
    if way > 0.75:
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            byte_mutation = rng.choice(BYTE_MUTATIONS)
            content = byte_mutation(rng, content)
            names.append(byte_mutation.__name__)
    return content, tuple(names)
