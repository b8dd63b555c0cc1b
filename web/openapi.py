"""Writes the OpenAPI 3.1 description from the table of operations."""

import re
from typing import Any

from web.access import Access
from web.operation import Operation
from web.operations import OPERATIONS
from web.query_words import QUERY_WORDS

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
REFUSAL = {
    "type": "object",
    "required": ["error", "detail", "field"],
    "properties": {"error": {"type": "string"}, "detail": {"type": "string"}, "field": {"type": "string"}},
}


def openapi_path(rule: str) -> str:
    """Bring a route's rule to OpenAPI's braces."""
    return PLACEHOLDER.sub(r"{\1}", rule)


def build_openapi(version: str) -> dict[str, Any]:
    """Describe the API."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(openapi_path(operation.rule), {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trambox", "version": version},
        "paths": paths,
        "components": {
            "schemas": {"Refusal": REFUSAL},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "trambox_session"},
            },
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method.lower()}{re.sub(r'[^a-z0-9]+', '_', openapi_path(operation.rule))}",
        "x-access": operation.access.value,
        "parameters": [
            *(_parameter(name, "path") for name in PLACEHOLDER.findall(operation.rule)),
            *(_parameter(name, "query") for name in operation.query),
        ],
        "responses": {"200": {"description": "done", "content": {operation.media: {"schema": _answer(operation)}}}},
    }
    refusals = operation.refusals if operation.access is Access.PUBLIC else (401, *operation.refusals)
    for status in (*refusals, *((400,) if operation.query or operation.body else ())):
        described["responses"][str(status)] = {
            "description": "refused",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
    if operation.body:
        properties = {name: {"type": "string"} for name in operation.body}
        described["requestBody"] = {
            "content": {"application/json": {"schema": {"type": "object", "properties": properties}}}
        }
    described["security"] = [] if operation.access is Access.PUBLIC else [{"bearer": []}, {"session": []}]
    return described


def _parameter(name: str, place: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": {"type": "integer" if name in ("limit", "offset", "after", "file_id") else "string"},
    }
    if place == "query":
        described["description"] = QUERY_WORDS[name]
    return described


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.media != "application/json":
        return {"type": "string"}
    described = {"type": "object", "properties": {name.removeprefix("[]"): {} for name in operation.gives}}
    is_list = bool(operation.gives) and operation.gives[0].startswith("[]")
    return {"type": "array", "items": described} if is_list else described
