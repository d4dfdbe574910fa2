"""Models as pydantic fields and FastAPI answers; imported only when pydantic asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from ._model import Model


def core_schema_of(kind: type[Model]) -> CoreSchema:
    """Takes an object as it is or a mapping with wire names; writes wire names."""

    def validate(value: Any) -> Model:
        if isinstance(value, kind):
            return value
        if isinstance(value, dict):
            return kind.from_dict(value)
        raise ValueError(f"must be {kind.__name__} or a mapping with its wire names")

    return core_schema.no_info_plain_validator_function(
        validate,
        json_schema_input_schema=core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()),
        serialization=core_schema.plain_serializer_function_ser_schema(
            lambda value: value.to_dict(), return_schema=core_schema.dict_schema()
        ),
    )
