"""Reads `qc.<test>` tables; their keys belong to the rules, which judge them here before anything is stored.

Kept is the table as written, or `false` for a test that is turned off.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from actors.rules.averaging import HourlyMeanThresholds
from actors.rules.completeness import CompletenessThresholds
from actors.rules.cusum import CusumThresholds
from actors.rules.detection import DetectionThresholds
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.gap import GapThresholds
from actors.rules.order import OrderThresholds
from actors.rules.rain import RainSumThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spatial import SpatialThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds
from actors.rules.syntax_units import SyntaxUnits
from actors.rules.wind import WindDirThresholds
from conf.faults import did_you_mean
from conf.table_reader import TableReader

QC_TABLES: Mapping[str, Callable[[Mapping[str, object], float], object]] = MappingProxyType(
    {
        "range": RangeThresholds.from_table,
        "detection_limit": DetectionThresholds.from_table,
        "step": StepThresholds.from_table,
        "spike": SpikeThresholds.from_table,
        "flat_line": FlatLineThresholds.from_table,
        "gap": GapThresholds.from_table,
        "completeness": CompletenessThresholds.from_table,
        "order": OrderThresholds.from_table,
        "syntax": SyntaxUnits.from_table,
        "spatial": SpatialThresholds.from_table,
        "cusum": CusumThresholds.from_table,
        "hourly_mean": HourlyMeanThresholds.from_table,
        "wind_dir": WindDirThresholds.from_table,
        "rain_sum": RainSumThresholds.from_table,
    }
)


def read_qc(table: TableReader | None, cadence_s: int) -> dict[str, object]:
    """Read the `qc` tables of one parameter."""
    if table is None:
        return {}
    kept: dict[str, object] = {}
    for test, params in table.rest().items():
        if test not in QC_TABLES:
            table.fault(test, None, "is an unknown test", did_you_mean(test, QC_TABLES))
        elif params is False:
            kept[test] = False
        elif not isinstance(params, dict):
            table.fault(test, params, "is not a table", f"write qc.{test} = {{ ... }}, or false to turn it off")
        else:
            try:
                QC_TABLES[test](params, cadence_s)
            except ValueError as error:
                problem, _, mend = str(error).partition("; ")
                table.fault(test, None, problem.removeprefix(f"qc.{test}: "), mend or "mend it")
            kept[test] = params
    return kept
