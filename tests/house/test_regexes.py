"""`re` backtracks: it may only run patterns that are constants and cannot blow up."""

from __future__ import annotations

import ast
import re
from itertools import chain
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parse  # type: ignore[attr-defined]

import pytest

from tests.house.tree import calls, dotted, imported, inside, parse, place, python_files

REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
RE_FUNCTIONS = {
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}
MANY = 16
"""A repeat up to this often cannot cost much, whatever stands inside it."""

USERS = [
    p
    for p in python_files("src/trailhound")
    if any(name == "re" or name.startswith("re.") for _, name in imported(parse(p)))
]


def is_constant(node: ast.expr) -> bool:
    """Tell whether an expression is fixed before any input is seen: literals, named constants."""
    if isinstance(node, ast.JoinedStr):
        return all(is_constant(v.value) for v in node.values if isinstance(v, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return is_constant(node.left) and is_constant(node.right)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    if isinstance(node, ast.Call):
        return dotted(node.func) == "re.escape" or is_constant_join(node)
    return isinstance(node, ast.Constant)


def is_constant_join(call: ast.Call) -> bool:
    """Tell whether a call is `"|".join(NAMES)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "join":
        return False
    return is_constant(call.func.value) and all(map(is_constant, call.args))


def patterns(tree: ast.AST) -> list[tuple[ast.Call, ast.expr]]:
    return [
        (node, node.args[0])
        for node, name in calls(tree)
        if name.startswith("re.") and name.removeprefix("re.") in RE_FUNCTIONS and node.args
    ]


def grows(repeat: tuple) -> bool:
    return repeat[1][1] > MANY


def children(argument: object) -> list:
    """List the sub-patterns below one parsed node, whatever its shape."""
    if isinstance(argument, sre_parse.SubPattern):
        return list(argument)
    if isinstance(argument, list | tuple):
        return list(chain.from_iterable(children(part) for part in argument))
    return []


def nested_repeat(nodes: list, *, within: bool = False) -> bool:
    r"""Tell whether an unbounded repeat that can start anywhere stands within another one.

    `(a+)+` is; `(?:,\d+)*` is not: each round begins with a character that cannot be skipped
    and that the inner repeat does not take.
    """
    for node in nodes:
        operation, argument = node[0], node[1]
        repeated = operation in REPEATS and grows(node)
        inner = children(argument)
        if repeated and within:
            return True
        if nested_repeat(inner, within=within or (repeated and not anchored(inner))):
            return True
    return False


def anchored(body: list) -> bool:
    """Tell whether a repeat's body begins with one literal that nothing later in it can match."""
    if not body or body[0][0] != sre.LITERAL:
        return all(node[0] in (sre.BRANCH, sre.SUBPATTERN) for node in body) and all(
            anchored(list(branch)) for node in body for branch in branches(node)
        )
    return not any(takes(node, body[0][1]) for node in body[1:])


def branches(node: tuple) -> list:
    return node[1][1] if node[0] == sre.BRANCH else [node[1][-1]]


def takes(node: tuple, code: int) -> bool:
    """Tell whether a parsed node may consume the character `code`; in doubt, yes."""
    operation, argument = node[0], node[1]
    if operation == sre.LITERAL:
        return argument == code
    if operation == sre.IN:
        return in_class(argument, code)
    if operation in REPEATS or operation in (sre.SUBPATTERN, sre.BRANCH, sre.POSSESSIVE_REPEAT):
        return any(takes(child, code) for child in children(argument))
    return operation not in (sre.AT, sre.ASSERT, sre.ASSERT_NOT) and operation != sre.NOT_LITERAL


def in_class(items: list, code: int) -> bool:
    text = "".join(class_text(item) for item in items)
    return re.match(f"[{text}]", chr(code)) is not None


def class_text(item: tuple) -> str:
    kind, value = item
    if kind == sre.NEGATE:
        return "^"
    if kind == sre.LITERAL:
        return re.escape(chr(value))
    if kind == sre.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {
        sre.CATEGORY_DIGIT: r"\d",
        sre.CATEGORY_NOT_DIGIT: r"\D",
        sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S",
        sre.CATEGORY_WORD: r"\w",
        sre.CATEGORY_NOT_WORD: r"\W",
    }[value]


@pytest.mark.parametrize("path", USERS, ids=inside)
def test_patterns_are_constants(path):
    wrong = [
        place(path, node) for node, pattern in patterns(parse(path)) if not is_constant(pattern)
    ]
    assert not wrong, "patterns from rules or mail go to RE2 or Hyperscan"


@pytest.mark.parametrize("path", USERS, ids=inside)
def test_no_repeat_stands_within_a_repeat(path):
    wrong = [
        place(path, node)
        for node, pattern in patterns(parse(path))
        if isinstance(pattern, ast.Constant) and nested_repeat(list(sre_parse.parse(pattern.value)))
    ]
    assert not wrong, "such a pattern may take exponential time"


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", r"(\w+\s?)*$", "(?:a*b*)*", "(x|a+)*", r"(?:\.?\w+)+"]
)
def test_dangerous_patterns_are_seen(pattern):
    assert nested_repeat(list(sre_parse.parse(pattern)))


@pytest.mark.parametrize(
    "pattern", [r"\d{1,3}(?:\.\d{1,3}){3}", r"a+b+", r"(?:,\d+)*", r'"(?:[^"\\]|\\.)*"']
)
def test_harmless_patterns_pass(pattern):
    assert not nested_repeat(list(sre_parse.parse(pattern)))


def test_a_computed_pattern_is_seen():
    tree = ast.parse(
        "import re\nre.compile(name)\nre.compile(FIXED + r'\\d')\nre.compile(f'{rule}')"
    )
    assert [is_constant(pattern) for _, pattern in patterns(tree)] == [False, True, False]
