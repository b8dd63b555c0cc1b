"""The operations of the reports on vehicles."""

from web.operation import PAGE, Operation

REPORT = ("from", "to", "department", "company", "business", "plate")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CASE = (
    "[]plate", "department", "company", "business", "id", "kind", "start", "end", "duration_s", "driver", "v_kmh",
    "limit_kmh", "excess_kmh", "band", "places", "time_worst", "closed", "track",
)  # fmt: skip
VEHICLE_DAY = (
    "[]plate", "department", "company", "business", "day", "way_km", "over_km", "moving_time", "over_time",
    "silent_time", "over_5", "over_10", "over_20", "over_35", "continuous", "daily", "silences", "rare", "lacking",
    "disorder", "track",
)  # fmt: skip

REPORT_OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/api/v1/reports", "List the report forms of TT 09/2015 with their columns",
              gives=("[]annex", "title", "by", "heading", "columns")),
    Operation("GET", "/api/v1/reports/<int:number>", "Fill the form of an annex (3 to 13, 19 to 21); `links` leads "
              "from each cell to what lies behind it", query=REPORT + PAGE, refusals=(404,),
              gives=("annex", "title", "by", "heading", "columns", "from", "to", "chosen", "rows", "total")),
    Operation("GET", "/api/v1/reports/<int:number>/excel", "Download the form, filled, in the annex's own layout",
              query=REPORT, refusals=(404,), media=SHEET),
    Operation("GET", "/api/v1/reports/indicators", "Rank units by an indicator of article 7", gives=(
              "from", "to", "by", "order", "rows", "total"), query=(*REPORT, "by", "order", *PAGE)),
    Operation("GET", "/api/v1/reports/violations", "List the violations behind a cell, each with its `track`",
              query=(*REPORT, "kind", "band", *PAGE), gives=CASE),
    Operation("GET", "/api/v1/reports/days", "List single days of vehicles with way and time", query=REPORT + PAGE,
              gives=VEHICLE_DAY),
    Operation("GET", "/api/v1/reports/hours", "Count a kind of violation by hour of the day",
              query=(*REPORT, "kind"), gives=("from", "to", "kind", "hours")),
)  # fmt: skip
