"""Vehicles as they are registered: the list, who a vehicle is by whose word, and the exact bytes of a waypoint."""

from typing import Any

from quart import Blueprint, Response, request

from protocols.times import iso, iso_ms
from storage.models import VehicleRow
from storage.provider_days import provider_names
from storage.registry import ENTERED, Identity, identity, vehicles
from web.answers import answer
from web.asking import page
from web.deps import WebDeps
from web.look import Look
from web.refusals import bad_value, not_found
from web.scope import scope_asking, sees_sender
from web.sources import TOTAL_COUNT
from web.vehicles import vehicle_named

PAGE_VEHICLES = 200
REGISTERED = {"": None, "true": True, "false": False}


def vehicle_shape(row: VehicleRow) -> dict[str, Any]:
    """One vehicle, as people entered it."""
    return {
        "plate": row.plate,
        "registered": row.registered,
        "provider": row.provider,
        **{field: getattr(row, field) for field in ENTERED},
    }


def identity_shape(known: Identity) -> dict[str, Any]:
    """A vehicle with what its trackers say beside what people entered."""
    return {
        "plate": known.vehicle.plate,
        "registered": known.vehicle.registered,
        "provider": known.vehicle.provider,
        **known.values,
        "said": list(known.said),
        "differences": [
            {"field": field, "entered": entered, "said": said, "provider": provider}
            for field, entered, said, provider in known.differences
        ],
        "words": [
            {
                "provider": word.provider, "plate": word.spelling, "business": word.business, "driver": word.driver,
                "company": word.company, "device_model": word.device_model, "device": word.device, "sim": word.sim,
                "vin": word.vin, "said": iso(word.said_s) if word.said_s else None,
                "received": iso_ms(word.received_ms),
            }
            for word in known.words
        ],
        "drivers": [
            {
                "licence": each.licence, "name": each.name, "class": each.licence_class, "place": each.place,
                "issued": iso(each.issued_s) if each.issued_s else None,
                "expires": iso(each.expires_s) if each.expires_s else None, "provider": each.provider,
            }
            for each in known.drivers
        ],
        "companies": [
            {
                "company": each.company, "name": each.name, "address": each.address, "tel": each.tel,
                "provider": each.provider,
            }
            for each in known.companies
        ],
    }  # fmt: skip


async def asked_vehicles(default_limit: int) -> tuple[list[VehicleRow], int]:
    """The vehicles that the query asks for, within the scope of the person asking."""
    text = request.args.get("registered", "")
    if text not in REGISTERED:
        raise bad_value("registered", "registered must be true or false")
    window = page(default_limit)
    asked = request.args.get("q", "")
    return await vehicles(scope_asking(), REGISTERED[text], asked, window.limit, window.offset)


def registry_routes(deps: WebDeps, look: Look) -> Blueprint:
    """Routes of registered vehicles."""
    routes = Blueprint("registry", __name__)

    @routes.get("/api/v1/vehicles")
    async def listed() -> Response:
        rows, count = await asked_vehicles(1000)
        return answer([vehicle_shape(row) for row in rows], headers={TOTAL_COUNT: str(count)})

    @routes.get("/api/v1/vehicles/<path:plate>/identity")
    async def who(plate: str) -> Response:
        return answer(identity_shape(await identity(await vehicle_named(deps, plate), sees_sender)))

    @routes.get("/api/v1/vehicles/<path:plate>/waypoints/<int:row>/raw")
    async def raw(plate: str, row: int) -> Response:
        vehicle = await vehicle_named(deps, plate)
        found = await deps.queries.waypoint(vehicle.id, row)
        if found is None or not sees_sender((await provider_names()).get(found.provider_id, "")):
            raise not_found("waypoint", str(row), "id")
        return Response(bytes(found.body), content_type="application/octet-stream")

    @routes.get("/vehicles")
    async def vehicles_page() -> Response:
        rows, count = await asked_vehicles(PAGE_VEHICLES)
        window = page(PAGE_VEHICLES)
        asked = {"q": request.args.get("q", ""), "registered": request.args.get("registered", "")}
        scope = scope_asking()
        return await look.page("vehicles.html", rows=rows, count=count, window=window, asked=asked, scope=scope)

    return routes
