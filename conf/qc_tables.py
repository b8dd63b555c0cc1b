"""Reads `qc.<test>` tables; their keys belong to the rules, which judge them here before anything is stored.

Kept is the table as written, or `false` for a test that is turned off.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from actors.rules.averaging import HourlyMeanThresholds
from actors.rules.completeness import CompletenessThresholds
from actors.rules.cusum import CusumThresholds
from actors.rules.detection import DetectionThresholds
from actors.rules.drift import DriftThresholds, PeltTable
from actors.rules.flat_line import FlatLineThresholds
from actors.rules.gap import GapThresholds
from actors.rules.model import ModelThresholds
from actors.rules.order import OrderThresholds
from actors.rules.partners import Partners
from actors.rules.rain import RainSumThresholds
from actors.rules.range_check import RangeThresholds
from actors.rules.spatial import SpatialThresholds
from actors.rules.spike import SpikeThresholds
from actors.rules.step import StepThresholds
from actors.rules.syntax_units import SyntaxUnits
from actors.rules.wind import WindDirThresholds
from conf.faults import did_you_mean
from conf.table_reader import TableReader


def check_rule(table: Mapping[str, object], cadence_s: float) -> None:
    """Read one rule of Q5 by itself; raises ValueError. Its partners are looked up with the whole station."""
    del cadence_s
    Partners.bind([table], ())


QC_TABLES: Mapping[str, Callable[[Mapping[str, object], float], object]] = MappingProxyType(
    {
        "range": RangeThresholds.from_table,
        "detection_limit": DetectionThresholds.from_table,
        "step": StepThresholds.from_table,
        "spike": SpikeThresholds.from_table,
        "flat_line": FlatLineThresholds.from_table,
        "gap": GapThresholds.from_table,
        "completeness": CompletenessThresholds.from_table,
        "consistency": check_rule,
        "order": OrderThresholds.from_table,
        "syntax": SyntaxUnits.from_table,
        "spatial": SpatialThresholds.from_table,
        "cusum": CusumThresholds.from_table,
        "drift": DriftThresholds.from_table,
        "pelt": PeltTable.from_table,
        "model": ModelThresholds.from_table,
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
        elif test == "consistency" and isinstance(params, list):
            kept[test] = [rule for index, rule in enumerate(params) if _is_rule(table, f"{test}[{index}]", rule)]
        elif not isinstance(params, dict):
            table.fault(test, params, "is not a table", f"write qc.{test} = {{ ... }}, or false to turn it off")
        else:
            _judge(table, test, partial(QC_TABLES[test], params, cadence_s))
            kept[test] = params
    return kept


def read_rules(tables: Sequence[TableReader] | None) -> tuple[dict[str, object], ...]:
    """Read the `[[stations.consistency]]` tables of a station."""
    rules: list[dict[str, object]] = []
    for table in tables or ():
        rule = table.rest()
        _judge(table, "rule", partial(check_rule, rule, 0))
        rules.append(rule)
    return tuple(rules)


def _is_rule(table: TableReader, key: str, rule: object) -> bool:
    if not isinstance(rule, dict):
        table.fault(key, rule, "is not a table", 'write qc.consistency = [{ rule = "gust" }]')
        return False
    _judge(table, key, partial(check_rule, rule, 0))
    return True


def _judge(table: TableReader, key: str, read: Callable[[], object]) -> None:
    """Let a rule read its table, and turn what it does not like into a fault."""
    try:
        read()
    except ValueError as error:
        problem, _, mend = str(error).partition("; ")
        for name in (f"qc.{key}: ", "qc.consistency: ", "qc.consistency."):
            problem = problem.removeprefix(name)
        table.fault(key, None, problem, mend or "mend it")
