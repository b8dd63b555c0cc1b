"""What destinations are owed when an hour is made: a file for each that takes the station, stored with the means."""

from collections.abc import Callable

from actors.hourly_file import HourlyValue, build_hourly_file
from actors.kernel.clock import Now
from actors.products import Made
from actors.rules.averaging import HourlyMean
from actors.station_profile import StationProfile
from protocols.vocabulary import Period
from storage.ids import Ids
from storage.models import DestinationRow
from storage.writer import Unit


class HourlyOwing:
    """Adds the files owed to the unit that stores an hour's means.

    Args:
        destinations: name -> destination of kind files.
    """

    def __init__(self, now: Now, ids: Ids, destinations: Callable[[], dict[str, DestinationRow]]) -> None:
        self._now = now
        self._ids = ids
        self._destinations = destinations

    def owe(self, unit: Unit, profile: StationProfile, made: Made) -> set[str]:
        """Write the hour's file for each of the station's destinations; returns their names."""
        owed: set[str] = set()
        if made.period is not Period.HOUR:
            return owed
        values = [
            HourlyValue(each.parameter, HourlyMean(each.value, each.count, each.measured_by, each.flag), each.unit)
            for each in made.values
        ]
        for name in profile.destinations:
            destination = self._destinations().get(name)
            if destination is None or not destination.enabled:
                continue
            file = build_hourly_file(profile, destination, made.end_s, values)
            if file is None:
                continue
            row = (self._ids.take("outfiles"), destination.id, made.station_id, made.end_s, made.version)
            made_ms = int(self._now() * 1000)
            unit.add("outfiles", (*row, file.name, file.body, made_ms, "waiting", 0, None, "", reason_of(made)))
            unit.count(f"destination.{name}.due")
            unit.count(f"destination.{name}.waiting")
            owed.add(name)
        return owed


def reason_of(made: Made) -> str:
    """Why there is a further version of an hour; empty for the first one."""
    if made.version == 1:
        return ""
    told = {each.reason for each in made.values if each.parameter in made.changed and each.reason}
    return "; ".join(sorted(told))[:120] or f"version {made.version}"
