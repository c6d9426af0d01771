"""The published schemas, ready to check documents against."""

from __future__ import annotations

import json
from functools import cache

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.conftest import ROOT

NAMES = ("result-1", "record-1")


@cache
def schema(name):
    return json.loads((ROOT / "docs/schema" / f"{name}.json").read_text("utf-8"))


@cache
def validator(name):
    known = [(schema(n)["$id"], Resource.from_contents(schema(n))) for n in NAMES]
    return Draft202012Validator(schema(name), registry=Registry().with_resources(known))


def mistakes(name, document):
    """List where and how a document differs from its schema."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(name).iter_errors(document)
    ]
