"""The table of everything that can be asked over HTTP: it documents (`/openapi.json`, `/docs`) and it guards (access).

A test holds the table against the routes in both directions; a route without a line here is refused.
"""

from web.access import Access
from web.operation import PAGE, SPAN, Operation
from web.report_operations import REPORT_OPERATIONS

MAP = ("bbox", "limit", "state", "q", "violation", "company", "provider")
SOURCE = (
    "[]id", "kind", "name", "freshness", "actor", "last_seen", "last_time", "deadline", "completeness_24h",
    "worst_flag", "exceeding", "delivery", "queued", "exceedance",
)  # fmt: skip
FILE = (
    "id", "name", "path", "received", "time", "account", "protocol", "address", "size", "sha256", "fate", "reason",
    "layout", "records", "faults",
)  # fmt: skip
EXCEEDANCE = (
    "parameter", "averaging", "level", "state", "start", "end", "last", "worst", "worst_time", "cmax", "low", "unit",
    "count", "noticed", "updated",
)  # fmt: skip
LIMIT = (
    "low", "value", "kq", "kf", "kp", "kv", "scaled", "o2_ref", "o2_refused_from", "approach", "tendency_s",
    "how", "factors_from", "preset", "permit", "document", "article", "confidence", "note", "valid_from",
    "valid_to", "in_force",
)  # fmt: skip
VERSION = ("version", "params_hash", "valid_from", "who", "reason", "changed", "tests")
PROPOSAL = (
    "[]id", "parameter", "made", "tables", "was", "evidence", "state", "decided_by", "decided", "reason", "version",
)  # fmt: skip
INDEX = ("aqi", "level", "level_number", "colour", "main", "sub", "nowcast", "mode", "version", "made", "reason")
PRODUCT = (
    "[]time", "parameter", "value", "kind", "wind_kind", "unit", "flag", "count", "expected", "version", "made",
    "reason",
)  # fmt: skip
DISASTER = ("from", "to", "cadence_s", "reason", "begun_by", "ended_by", "state")
REGISTRATION = (
    "id", "code", "account", "received", "work", "work_title", "province", "province_name", "content", "is_station",
    "state", "decided_by", "decided", "note", "file", "name", "faults",
)  # fmt: skip
OUTCOME = ("took_ms", "state", "reread", "lost")
NOTICE = (
    "[]id", "recipient", "cause", "state", "opened", "closed", "acknowledged_by", "acknowledged", "escalated",
    "standing", "items", "letters", "replies",
)  # fmt: skip
FORWARD = "/api/v1/forwards/<name>"
OUTFILE = (
    "[]id", "name", "station", "hour", "version", "reason", "state", "attempts", "made", "forwarded", "last_error",
)  # fmt: skip
SAMPLE = (
    "[]id", "asked", "asked_by", "reason", "bottle", "channel", "state", "due", "sent", "answered", "answer",
    "attempts", "last_error",
)  # fmt: skip
ACTOR = "/api/v1/actors/<path:actor_id>"
STATION = "/api/v1/stations/<path:code>"
VEHICLE = "/api/v1/vehicles/<path:plate>"
EPISODES = "/api/v1/review/episodes"
EPISODE = (
    "id", "station", "station_name", "parameter", "test", "error_type", "flag", "from", "to", "count", "state",
    "version", "opened", "changed", "decision", "decided_by", "due", "overdue", "urgent",
)  # fmt: skip
EPISODE_FILTERS = ("station", "parameter", "test", "flag", "from", "to", "state", "q")
ACT = (
    "version", "times", "values", "value", "factor", "offset", "flag", "reading", "max_gap_s", "method", "reason",
    "evidence", "result", "note", "error_type", "confirm", "whole_case",
)  # fmt: skip
JOURNAL = ("from", "to", "station", "parameter", "action", "error_type", "who")
JOURNAL_LINE = (
    "id", "episode", "station", "parameter", "from", "to", "test", "error_type", "count", "value_before", "value_after",
    "unit", "action", "mark", "method", "who", "role", "at", "cause", "evidence", "result", "note", "shift", "state",
    "answer",
)  # fmt: skip
SHIFT = (
    "id", "outgoing", "incoming", "from", "to", "notes", "incoming_notes", "open_items", "outgoing_confirmed",
    "incoming_confirmed",
)  # fmt: skip
VEHICLE_FACTS = (
    "company", "department", "terminal", "business", "seats", "payload_kg", "speed_limit_kmh", "device", "sim", "vin",
)  # fmt: skip
PROVIDER = (
    "[]name", "auto_register", "vehicles", "unregistered", "last_seen", "received", "stored", "duplicate", "refused",
    "other", "defects",
)  # fmt: skip
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTS = {
    "approve": "Take the questioned values as good",
    "reject": "Leave the values out of every product; what came is kept",
    "correct": "Lay a number over the value: `value`, `values` by time, or `factor` and `offset`",
    "interpolate": "Fill linearly between accepted neighbours; refused with the reason where that cannot be",
    "mark": "Mark with `flag` 2, 3 or 4",
    "confirm_abnormal": "Abnormal but true: good, with `reason` and `evidence`",
    "promote": "Let another record of an instant speak: `reading`",
    "request_verification": "Ask the station; the answer is due in two hours",
    "answer_verification": "Keep the station's answer: `note`",
    "escalate": "Tell the superiors: `reason`",
    "note": "Write a note down",
    "reopen": "Take the decisions back, with a `reason`",
}
TWICE = "; more than one value answers 202 with `confirm`, to be sent again"
TWO_STEPS = ("approve", "reject", "correct", "interpolate", "mark", "confirm_abnormal")
NOTED = ("request_verification", "answer_verification", "note")

REGISTERED = "/api/v1/registrations/<int:number>"

ARCHIVE = ("running", "last", "files", "rows", "first_day", "last_day", "archived", "expired_waypoints",
           "expired_violations", "hot_days", "waypoints_days", "violations_days")  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/healthz", "Tell that the process is alive", Access.PUBLIC, gives=("alive",)),
    Operation("GET", "/readyz", "Tell whether it can accept and store; 503 with reasons where not", Access.PUBLIC,
              gives=("ready", "reasons"), refusals=(503,)),
    Operation("GET", "/metrics", "Counters for Prometheus", Access.PUBLIC, media="text/plain"),
    Operation("GET", "/openapi.json", "This description", Access.PUBLIC, gives=("openapi", "info", "paths")),
    Operation("GET", "/docs", "This description as a page", Access.PUBLIC, media="text/html"),
    Operation("POST", "/api/v1/login", "Sign in: sets the session cookie, gives the CSRF token", Access.PUBLIC,
              body=("username", "password"), gives=("csrf", "role"), refusals=(401, 429)),
    Operation("POST", "/api/v1/logout", "Sign out: takes the session cookie away"),
    Operation("GET", "/api/v1/me", "Tell who is asking", gives=("name", "role", "csrf", "scope")),
    Operation("POST", "/api/v1/tokens", "Make a bearer token, shown once; `user` (someone else) takes admin",
              body=("name", "user"), gives=("token", "user", "name"), refusals=(403, 404)),
    Operation("GET", "/api/v1/users", "List who may sign in", gives=("[]name", "role", "created", "scope")),
    Operation("GET", "/api/v1/sources", "List stations and vehicles, worst first",
              query=("kind", "state", "q", *PAGE), gives=SOURCE),
    Operation("GET", "/api/v1/sources/<path:source_id>", "Show one source: `station:CODE` or `vehicle:PLATE`",
              gives=(*SOURCE[:0], "id", *SOURCE[1:], "counters", "last_values", "restarts", "stopped_by", "next_try",
                     "crashes"), refusals=(404,)),
    Operation("GET", "/api/v1/summary", "Count the sources by freshness, kind and actor state",
              gives=("total", "freshness", "kinds", "actors", "exceeding", "concerns: [kind, about]")),
    Operation("GET", "/api/v1/services", "List intakes, forwarders and clocks",
              gives=("[]id", "name", "actor", "restarts", "next_try", "detail", "statistics")),
    Operation("POST", f"{ACTOR}/restart", "Restart an actor", Access.ACT, gives=OUTCOME, refusals=(403, 404)),
    Operation("POST", f"{ACTOR}/stop", "Stop an actor; it stays stopped over a restart of the server", Access.ACT,
              gives=OUTCOME, refusals=(403, 404)),
    Operation("POST", f"{ACTOR}/start", "Start a stopped actor", Access.ACT, gives=OUTCOME, refusals=(403, 404)),
    Operation("GET", f"{STATION}/readings", "List judged values by time", query=(*SPAN, "parameter"), refusals=(404,),
              gives=("[]time", "parameter", "value", "raw", "unit", "raw_unit", "device_status", "flag", "tests",
                     "qualifier", "order", "excluded", "resent", "reasons", "converted", "file", "line", "params_hash",
                     "control", "validity_eea", "quality_bufr")),
    Operation("GET", f"{STATION}/readings.csv", "Download judged values of any period, in UTF-8",
              query=(*SPAN, "parameter"), media="text/csv", refusals=(404,)),
    Operation("GET", f"{STATION}/control", "Count readings by control state, and list what changed after 20 minutes",
              query=SPAN, gives=("network", "mandatory", "published_after_s", "states", "parameters", "changes"),
              refusals=(404,)),
    Operation("GET", f"{STATION}/hourly", "List hourly means, the latest version of each", query=SPAN, refusals=(404,),
              gives=PRODUCT),
    Operation("GET", f"{STATION}/means", "List products of a period, the latest version of each: means, wind "
              "directions as vectors, rain as sums", query=(*SPAN, "period", "label", "parameter"), refusals=(404,),
              gives=PRODUCT),
    Operation("GET", f"{STATION}/aqi", "List air quality indexes (VN_AQI) of hours or days, the latest version of each",
              query=(*SPAN, "period"), refusals=(404,), gives=("[]time", "day", *INDEX)),
    Operation("GET", "/api/v1/aqi", "Show the newest index of every air station, the worst first", Access.PUBLIC,
              gives=("[]station", "name", "lat", "lon", "time", *INDEX)),
    Operation("GET", f"{STATION}/gaps", "List holes in the series", query=SPAN, refusals=(404,),
              gives=("[]parameter", "from", "to", "missing", "state")),
    Operation("GET", f"{STATION}/limits", "List what each parameter may reach by averaging, and how that came about",
              refusals=(404,), gives=("[]parameter", "averaging", "unit", "cmax", *LIMIT)),
    Operation("GET", f"{STATION}/exceedances", "List runs of values beyond a limit or near it, by start",
              query=(*SPAN, "averaging", "parameter"), refusals=(404,), gives=("[]id", "station", *EXCEEDANCE)),
    Operation("GET", "/api/v1/exceedances", "List exceedances of all stations, the newest first; X-Total-Count",
              query=("state", *PAGE), gives=("[]id", "station", *EXCEEDANCE), refusals=(400,)),
    Operation("GET", "/api/v1/limits/presets", "List the values and factors of the QCVN that an inventory may name",
              gives=("presets", "factors")),
    Operation("GET", "/api/v1/areas", "List areas and their disasters; `now` is the one that is on or coming",
              gives=("[]name", "title", "stations", "disasters", "now")),
    Operation("POST", "/api/v1/areas/<name>/disaster", "Switch increased frequency on for an area; without `from` now, "
              "without `to` until it is ended", Access.ACT, body=("from", "to", "cadence_s", "reason"), gives=DISASTER,
              refusals=(400, 403, 404, 409)),
    Operation("POST", "/api/v1/areas/<name>/disaster/end", "End the increased frequency of an area, now or at `to`; "
              "`to` also puts the end of the last one right, and hours made already are made again", Access.ACT,
              body=("to",), gives=DISASTER, refusals=(400, 403, 404)),
    Operation("GET", "/api/v1/map", "Give what a window of the map shows: vehicles in columns, above `limit` counts "
              "per cell, and its stations", query=MAP, refusals=(400,), gives=(
                  "total", "cells: [lon, lat, count]",
                  "vehicles: {plate, lon, lat, heading, speed_kmh, state, violation, time}",
                  "stations: [code, name, lon, lat, state]")),
    Operation("GET", "/api/v1/map/events", "Follow a window of the map: `view` with everything (of at most `limit` "
              "vehicles, 2000 where absent), then `moved` with what moved, came or is `gone`; `stations`; `beat`",
              query=MAP, refusals=(400, 503), media="text/event-stream"),
    Operation("GET", "/api/v1/zones", "List speed limits with a place as GeoJSON; with `bbox` those it touches and "
              "their `total`, none where there are more than `limit`", query=("bbox", "limit"), refusals=(400,),
              gives=("type", "features: [id, geometry, properties]", "total")),
    Operation("GET", f"{STATION}/completeness", "Judge windows by their expected slots, with what is missing",
              query=(*SPAN, "window", "parameter"), refusals=(400, 404),
              gives=("[]parameter", "from", "to", "expected", "received", "rate", "flag", "missing", "open")),
    Operation("GET", f"{STATION}/series", "Give what a chart draws, in columns: of a long span the lowest, highest and "
              "flagged values of each `bucket_s`, of a short one all; null is a hole", refusals=(400, 404),
              query=(*SPAN, "parameter", "points"), gives=(
                  "from", "to", "cadence_s", "bucket_s",
                  "series: [parameter, unit, count, offset_s, value, flag, corrected]",
              )),
    Operation("GET", f"{STATION}/history", "Give the cells of the history bars: one per expected slot of 24 hours, or "
              "one per day of 30; `expected` and the counts are values, `slots` instants", query=("span",),
              refusals=(400, 404),
              gives=("span", "from", "to", "slots_per_day", "expected", "received", "rate",
                     "cells: [from, to, slots, filled, expected, received, late, backfilled, failed]")),
    Operation("GET", f"{STATION}/format", "Tell the pinned layout, the one last seen, and the spellings",
              refusals=(404,), gives=("profile", "layout", "file", "received", "parameters")),
    Operation("GET", f"{STATION}/files", "List the files of a day, newest first", query=("day",), refusals=(404,),
              gives=("[]id", *FILE[1:])),
    Operation("GET", f"{STATION}/files/<int:file_id>", "Show one file: fate and faults", gives=FILE, refusals=(404,)),
    Operation("GET", f"{STATION}/files/<int:file_id>/raw", "Download the exact bytes", media="application/octet-stream",
              refusals=(404,)),
    Operation("GET", f"{STATION}/thresholds", "Show what each parameter is judged with, now and before",
              query=("parameter",), gives=("[]parameter", "registered", *VERSION, "history"), refusals=(404,)),
    Operation("POST", f"{STATION}/thresholds", "Change a parameter's tests: a table, false for off, null for the "
              "default; makes a version", Access.ACT, body=("parameter", "tables", "reason"),
              gives=("parameter", "took_effect", *VERSION), refusals=(400, 403, 404)),
    Operation("GET", f"{STATION}/drift", "Show slow drift: daily means with CUSUM's flags and alarms, changes by PELT",
              query=("parameter", "from", "to"), refusals=(400, 404),
              gives=("parameter", "neighbours", "days", "events", "change_points")),
    Operation("GET", f"{STATION}/proposals", "List thresholds that a station's data propose",
              query=("proposal_state",), gives=PROPOSAL, refusals=(404,)),
    Operation("GET", "/api/v1/proposals", "List proposals of all stations", query=("proposal_state",),
              gives=(*PROPOSAL, "station")),
    Operation("POST", "/api/v1/proposals/<int:number>/approve", "Judge with what is proposed from now on", Access.ACT,
              body=("reason",), gives=("id", *PROPOSAL[1:]), refusals=(400, 403, 404, 409)),
    Operation("POST", "/api/v1/proposals/<int:number>/reject", "Keep the thresholds in use", Access.ACT,
              body=("reason",), gives=("id", *PROPOSAL[1:]), refusals=(400, 403, 404, 409)),
    Operation("GET", f"{VEHICLE}/track", "Give the track in columns with the limit of each place; of more than "
              "`points` what stands out", query=(*SPAN, "points"), refusals=(400, 404),
              gives=("from", "to", "count", "bucket_s", "offset_s", "lon", "lat", "speed_kmh", "limit_kmh", "driver",
                     "drivers", "faults: [place, [kind]]", "unplaced")),
    Operation("GET", f"{VEHICLE}/waypoints", "List positions by time; X-Total-Count", query=(*SPAN, "faulty", *PAGE),
              refusals=(400, 404),
              gives=("[]id", "time", "received", "speed_kmh", "lon", "lat", "driver", "heading_deg", "ignition", "door",
                     "aircon", "provider", "faults", "plate", "registered", "company", "department", "business",
                     "seats", "payload_kg")),
    Operation("GET", f"{VEHICLE}/waypoints/<int:row>/raw", "Download the exact bytes of a waypoint", refusals=(404,),
              media="application/octet-stream"),
    Operation("GET", "/api/v1/vehicles", "List vehicles by plate; X-Total-Count", query=("registered", "q", *PAGE),
              gives=("[]plate", "registered", "provider", *VEHICLE_FACTS), refusals=(400,)),
    Operation("GET", f"{VEHICLE}/identity", "Tell who a vehicle is: what people entered wins, what its trackers say "
              "stands beside it", gives=("plate", "registered", "provider", *VEHICLE_FACTS, "said", "differences",
                                         "words", "drivers", "companies"), refusals=(404,)),
    Operation("GET", "/api/v1/providers", "List providers with what they sent (7 days where `from` is absent)",
              query=SPAN, gives=PROVIDER),
    Operation("GET", "/api/v1/providers/<name>", "Show one provider by day of receipt, with the first example of each "
              "defect", query=SPAN, gives=("name", *PROVIDER[1:], "examples", "refused_example", "days",
                                             "defect_days: [kind, total, days: [day, count, plate, sent, received]]"),
              refusals=(404,)),
    Operation("GET", f"{VEHICLE}/violations", "List violations by start", query=SPAN, refusals=(404,),
              gives=("[]id", "kind", "start", "end", "duration_s", "driver", "v_kmh", "limit_kmh", "excess_kmh", "band",
                     "time_worst", "closed", "places", "vehicles", "article")),
    Operation("GET", EPISODES, "List questioned values as episodes: overdue and urgent first, then fail, then oldest; "
              "`state` is todo, open, verifying, escalated, done or all", query=(*EPISODE_FILTERS, *PAGE),
              gives=("[]id", *EPISODE[1:])),
    Operation("GET", f"{EPISODES}/cases", "List the same by cases: episodes of a series that share an instant are one; "
              "an act on the first of them with `whole_case` true is about all", query=(*EPISODE_FILTERS, *PAGE),
              gives=("[]id", *EPISODE[1:], "episodes")),
    Operation("GET", f"{EPISODES}/counts", "Count the episodes by state", query=EPISODE_FILTERS,
              gives=("open", "verifying", "escalated", "done")),
    Operation("GET", f"{EPISODES}/<int:episode_id>", "Show one episode with what is around it in time and space",
              refusals=(404,), gives=(*EPISODE, "window", "values", "series", "raw_series", "others", "neighbours",
                                      "device_statuses", "limits", "faults", "tickets", "journal", "earlier", "case")),
    *(Operation("POST", f"{EPISODES}/<int:episode_id>/{action}", said + (TWICE if action in TWO_STEPS else ""),
                Access.NOTE if action in NOTED else Access.REVIEW, body=ACT,
                gives=("journal", "state", "version", "count", "closed", "due"), refusals=(403, 404, 409))
      for action, said in ACTS.items()),
    Operation("GET", "/api/v1/review/journal", "List the acts of quality control, newest first (31 days where `from` "
              "is absent)", query=(*JOURNAL, *PAGE), gives=("[]id", *JOURNAL_LINE[1:])),
    Operation("GET", "/api/v1/review/journal.xlsx", "The journal in the columns of QĐ 338/QĐ-KTTV Phụ lục 01",
              query=JOURNAL, media=SHEET),
    Operation("GET", "/api/v1/review/report", "Sum up a month, a half year or a year", query=("of",),
              gives=("period", "from", "to", "due_before", "episodes", "by_station", "by_parameter", "by_error_type",
                     "by_action")),
    Operation("GET", "/api/v1/review/report.xlsx", "The same as an Excel file", query=("of",), media=SHEET),
    Operation("GET", "/api/v1/shifts", "List hand-overs of shifts, newest first", query=PAGE,
              gives=("[]id", *SHIFT[1:])),
    Operation("GET", "/api/v1/shifts/open-items", "Tell what is open now",
              gives=("open", "verifying", "escalated", "failed", "tickets")),
    Operation("POST", "/api/v1/shifts", "Hand the shift over: whoever leaves confirms with it", Access.NOTE,
              body=("outgoing", "incoming", "notes"), gives=SHIFT, refusals=(403,)),
    Operation("POST", "/api/v1/shifts/<int:shift_id>/confirm", "Confirm a hand-over in one's own name", Access.NOTE,
              body=("notes",), gives=SHIFT, refusals=(403, 404)),
    Operation("GET", f"{STATION}/samples", "List the samples asked of the station's sampler, newest first",
              gives=SAMPLE, refusals=(404,)),
    Operation("POST", f"{STATION}/samples", "Tell the station's sampler to take a sample", Access.ACT,
              body=("reason", "bottle"), gives=("id", *SAMPLE[1:]), refusals=(400, 403, 404, 409)),
    Operation("POST", "/api/v1/samples/<int:sample_id>/answer", "Note what became of a sample: taken or failed",
              Access.ACT, body=("state", "detail"), gives=("id", *SAMPLE[1:]), refusals=(400, 403, 404, 409)),
    Operation("POST", "/s/<token>", "Take a sampler's answer by the token it was given", Access.PUBLIC,
              body=("state", "detail"), gives=("id", *SAMPLE[1:]), refusals=(400, 404, 409)),
    Operation("GET", "/api/v1/pulls", "List the loggers' servers that are visited, and what was fetched lately",
              gives=("[]name", "stations", "pattern", "every_s", "enabled", "files")),
    Operation("GET", "/api/v1/notices", "List notices to responsible units, newest first", refusals=(400,),
              query=("state", "cause", *PAGE), gives=NOTICE),
    Operation("GET", "/api/v1/notices/<int:notice_id>", "Show one notice", gives=("id", *NOTICE[1:]), refusals=(404,)),
    Operation("POST", "/api/v1/notices/<int:notice_id>/answer", "Take a notice on, and answer it", Access.ACT,
              body=("text",), gives=("id", *NOTICE[1:]), refusals=(403, 404)),
    Operation("POST", "/api/v1/letters/<int:letter_id>/retry", "Send a refused letter again", Access.ACT,
              gives=("id", "occasion", "channel", "address", "subject", "made", "state", "attempts", "sent",
                     "last_error"), refusals=(403, 404, 409)),
    Operation("GET", "/api/v1/recipients", "List the responsible units",
              gives=("[]name", "emails", "webhook", "causes", "stations", "areas", "kinds", "language", "enabled")),
    Operation("POST", "/n/<token>", "Answer the notice behind a letter's link", Access.PUBLIC, media="text/html",
              refusals=(400, 404)),
    Operation("GET", "/api/v1/registrations", "List what works register of themselves, newest first",
              query=("registration_state",), gives=("[]id", *REGISTRATION[1:])),
    Operation("GET", REGISTERED, "Show one registration", gives=REGISTRATION, refusals=(404,)),
    Operation("POST", f"{REGISTERED}/approve", "Make (or mend) the station, let its account bring "
              "its files", Access.ACT, body=("note", "work"), gives=REGISTRATION, refusals=(403, 404, 409)),
    Operation("POST", f"{REGISTERED}/reject", "Turn a registration down; `note` says why", Access.ACT,
              body=("note",), gives=REGISTRATION, refusals=(403, 404, 409)),
    Operation("GET", "/api/v1/forwards", "List destinations and how they stand",
              gives=("[]name", "kind", "state", "queued", "oldest_age_s", "last_error", "deadline_misses_today",
                     "deadline_misses_by_day", "p50_s", "p99_s", "deadline_s", "due", "forwarded",
                     "waiting", "refused")),
    Operation("GET", f"{FORWARD}/files", "List a destination's hourly files, the newest hour first; X-Total-Count",
              query=("state", "day", *PAGE), gives=OUTFILE, refusals=(400, 404)),
    Operation("GET", f"{FORWARD}/files/<int:file_id>/raw", "Download the exact bytes that are sent", refusals=(404,),
              media="application/octet-stream"),
    Operation("POST", f"{FORWARD}/files/<int:file_id>/retry", "Let one refused file wait again", Access.ACT,
              gives=("id", "state"), refusals=(403, 404, 409)),
    *REPORT_OPERATIONS,
    Operation("GET", "/api/v1/archive", "Show what stands in the archive of waypoints and what was let go",
              gives=ARCHIVE),
    Operation("POST", "/api/v1/archive", "Move complete days at once, up to a UTC day; `expire` lets old ones go",
              Access.ACT, body=("until", "expire"), gives=ARCHIVE, refusals=(400, 403, 409)),
    Operation("GET", "/api/v1/audit", "Show the balance: received = stored + duplicate + refused, per destination "
              "due = forwarded + waiting + refused", gives=("balanced", "files", "waypoints", "destinations")),
    Operation("GET", "/api/v1/audit-log", "List who did what, newest first", query=PAGE,
              gives=("[]at", "user", "action", "target", "detail")),
    Operation("GET", "/api/v1/events", "Push changes: flip, received, forward, actor, review, exceedance, strip, "
              "resync; `beat` each 15 s", query=("after",), media="text/event-stream"),
)  # fmt: skip

PAGES: dict[str, Access] = {
    "/static/<path:filename>": Access.PUBLIC,
    "/signin": Access.PUBLIC,
    "/language/<code>": Access.PUBLIC,
    "/aqi": Access.PUBLIC,
    "/": Access.READ,
    "/stations/<path:code>": Access.READ,
    "/stations/<path:code>/charts": Access.READ,
    "/stations/<path:code>/files": Access.READ,
    "/stations/<path:code>/files/<int:file_id>": Access.READ,
    "/stations/<path:code>/qc": Access.READ,
    "/stations/<path:code>/limits": Access.READ,
    "/stations/<path:code>/thresholds": Access.READ,
    "/stations/<path:code>/aqi": Access.READ,
    "/wall": Access.READ,
    "/wall/<token>": Access.PUBLIC,
    "/wall/<token>/events": Access.PUBLIC,
    "/vehicles": Access.READ,
    "/vehicles/<path:plate>": Access.READ,
    "/providers": Access.READ,
    "/reports": Access.READ,
    "/reports/<int:number>": Access.READ,
    "/reports/violations": Access.READ,
    "/reports/days": Access.READ,
    "/reports/indicators": Access.READ,
    "/providers/<name>": Access.READ,
    "/review": Access.READ,
    "/review/<int:episode_id>": Access.READ,
    "/review/journal": Access.READ,
    "/review/report": Access.READ,
    "/shifts": Access.READ,
    "/stations/<path:code>/samples": Access.READ,
    "/notices": Access.READ,
    "/notices/<int:notice_id>": Access.READ,
    "/n/<token>": Access.PUBLIC,
    "/map": Access.READ,
    "/areas": Access.READ,
    "/exceedances": Access.READ,
    "/report": Access.READ,
    "/registrations": Access.READ,
    "/destinations": Access.READ,
    "/destinations/<name>/files": Access.READ,
    "/log": Access.READ,
    "/users": Access.READ,
}


def access_table() -> dict[tuple[str, str], Access]:
    """What each (method, rule) takes; pages answer GET only."""
    return {(item.method, item.rule): item.access for item in OPERATIONS} | {
        ("GET", rule): access for rule, access in PAGES.items()
    }
