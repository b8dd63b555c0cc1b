"""Files of many stations, each new: five parameters as in TT 10/2021, one file per station and five minutes."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from time import time

from protocols.times import ICT
from tests.bench.world import SYMBOLS, station_code

CADENCE_S = 300
HOURS_BACK = 72


def station_files(stations: range) -> Iterator[tuple[str, bytes]]:
    """Give (name, content) for ever: all stations of one slot, then the next slot."""
    random = Random(stations.start)
    codes = [station_code(number) for number in stations]
    slot_s = (int(time()) - HOURS_BACK * 3600) // CADENCE_S * CADENCE_S
    while True:
        stamp = datetime.fromtimestamp(slot_s, ICT).strftime("%Y%m%d%H%M%S")
        for code in codes:
            rows = (f"{symbol}\t{random.uniform(5, 9):.2f}\tmg/L\t{stamp}\t00\r\n" for symbol in SYMBOLS)
            yield f"{code}_{stamp}.txt", "".join(rows).encode()
        slot_s += CADENCE_S
