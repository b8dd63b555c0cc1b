"""The description of the API, for machines and for people."""

from quart import Blueprint, Response

from web.answers import answer
from web.look import Look
from web.openapi import build_openapi, openapi_path
from web.operations import OPERATIONS
from web.query_words import QUERY_WORDS

API_VERSION = "1"


def description_routes(look: Look) -> Blueprint:
    """Routes of the description."""
    routes = Blueprint("description", __name__)

    @routes.get("/openapi.json")
    async def openapi() -> Response:
        return answer(build_openapi(API_VERSION))

    @routes.get("/docs")
    async def docs() -> Response:
        described = [(operation, openapi_path(operation.rule)) for operation in OPERATIONS]
        return await look.page("docs.html", operations=described, query_words=QUERY_WORDS)

    return routes
