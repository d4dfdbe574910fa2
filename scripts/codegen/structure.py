"""Whether a document is OpenAPI 3.1 at all, so that the other modules need not doubt the kind of every node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import validator_for
from openapi_spec_validator.schemas import schema_v31

from .document import ContractError, roots

# Not the validator of that package, which takes another library where there is one, and that names other errors.
_DOCUMENTS = validator_for(schema_v31)(schema_v31)
_SCHEMAS = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def check(document: dict[str, Any]) -> None:
    """Refuses a document that has not the structure of OpenAPI 3.1.

    Raises:
        ContractError: With the place and what is wrong there.
    """
    _refuse("the document", _DOCUMENTS.iter_errors(document))
    if "paths" not in document:
        raise ContractError("the document has no paths")
    for path, item in document["paths"].items():
        if "$ref" in item:
            raise ContractError(f"{path}: a path by reference can't be followed")


def check_schemas(document: dict[str, Any]) -> None:
    """Refuses a document that holds a schema that is none.

    Raises:
        ContractError: With the place and what is wrong there.
    """
    for name, root, _ in roots(document):
        _refuse(name, _SCHEMAS.iter_errors(root))


def _refuse(place: str, found: Iterable[ValidationError]) -> None:
    error = best_match(found)
    if error is not None:
        raise ContractError(f"{place} at {error.json_path}: {error.message:.300}")
