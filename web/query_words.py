"""What the parameters of a query mean, in the words of the API's user; each has its line here once."""

QUERY_WORDS = {
    "kind": "of violations speed, continuous_driving, daily_driving, weekly_driving, no_transmission, frequency, "
    "missing_field or order; of sources `station`, `vehicle`, or a kind: air, wastewater, emission, surface_water, "
    "ground_water, hydromet",
    "averaging": "instant, hour, 8h, day or year",
    "state": "of sources a freshness (never_seen, fresh, late, silent, backfilling, maintenance, paused) or an actor "
    "state; of exceedances tendency, approaching, awaiting_verification, exceeding, ended, withdrawn, if absent what "
    "goes on",
    "q": "part of the id or the name",
    "bbox": "west,south,east,north in degrees",
    "company": "part of the company's name; of reports the whole name, `-` for vehicles without one, with `department` "
    "where several have one of that name",
    "department": "the department's whole name, `-` for vehicles without one",
    "business": "the business type, `-` for vehicles without one",
    "plate": "only this vehicle",
    "band": "only cases of speeding in this band: <5, 5-10, 10-20, 20-35 or >35",
    "by": "department (where absent), company, plate or business",
    "order": "the number to rank by, the highest first; per_1000_km where absent",
    "provider": "part of the provider's name",
    "cause": "missing, abnormal, failed, exceeding, tendency, destination or verification",
    "limit": "at most so many (1 to 100000; 1000 where absent); the header X-Total-Count tells how many there are",
    "offset": "skip so many; 0 where absent",
    "from": "ISO 8601, inclusive; 24 hours before `to` where absent; without an offset it is +07:00; of reports the "
    "whole day, the first of the month of `to` where absent",
    "to": "ISO 8601, inclusive; now where absent; of reports the whole day",
    "parameter": "only this symbol",
    "period": "`1h` where absent, `8h`, `24h` (running), `day` or `hydromet_day`; of an index `hour` or `day`",
    "label": "whether `time` is the `end` of the period (where absent) or its `start`",
    "proposal_state": "only these proposals: open, approved, rejected, superseded",
    "day": "the day of receipt, yyyy-MM-dd in +07:00; today where absent",
    "window": "`hour`, `day`, or `span` (from to to as one window); hour where absent",
    "points": "of a chart its pixels (10 to 5000; 1200 where absent), of a track how many positions (100 to 20000; "
    "4000 where absent)",
    "violation": "`true`: only vehicles with a violation going on",
    "faulty": "`true`: only those with something visibly wrong",
    "span": "`24h` or `30d`; 24h where absent",
    "test": "only what this test questioned, a name of `tests`",
    "flag": "3 or 4",
    "station": "only this station's code",
    "action": "only this review action",
    "error_type": "only this kind of error",
    "who": "only what this person did",
    "of": "a month `2026-11`, a half year `2026-H1` or a year `2026`; the month that ended last where absent",
    "after": "replay what came after this event id (the header Last-Event-ID says the same)",
    "registered": "`true` what people registered, `false` what only its tracker told of; all where absent",
    "registration_state": "pending, approved or rejected; all where absent",
}
