"""The table of operations against the routes."""

from dataclasses import fields
from typing import Any, cast

import pytest

from tests.web.house import House
from web.app import create_app
from web.deps import WebDeps
from web.openapi import build_openapi
from web.operations import OPERATIONS, access_table
from web.options import WebOptions


class Nobody:
    """Stands where routes are only listed."""


def routes() -> set[tuple[str, str]]:
    nobody = cast(Any, Nobody())
    parts: dict[str, Any] = dict.fromkeys((part.name for part in fields(WebDeps)), nobody)
    app = create_app(WebDeps(**{**parts, "now": lambda: 0.0, "options": WebOptions(secret_key=b"k")}))
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & methods}


def test_every_route_stands_in_the_table_and_every_line_of_it_is_a_route() -> None:
    assert routes() == set(access_table())


def test_the_description_names_every_operation_once() -> None:
    described = build_openapi("1")
    operations = [item for path in described["paths"].values() for item in path.values()]
    assert len(operations) == len(OPERATIONS) == len({item["operationId"] for item in operations})


@pytest.mark.asyncio
async def test_the_description_is_served_and_rendered(house: House) -> None:
    async with house.client("") as client:
        described, page = (await client.get("/openapi.json")).json(), await client.get("/docs")
    assert "/api/v1/stations/{code}/files/{file_id}/raw" in described["paths"]
    assert page.status_code == 200 and "/api/v1/vehicles/{plate}/violations" in page.text
