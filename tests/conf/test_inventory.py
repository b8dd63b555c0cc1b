"""An inventory file becomes records, or every fault with its place."""

from pathlib import Path

import pytest

from conf.faults import ConfigurationFaults
from conf.inventory import read_inventory
from storage.entries import AccountEntry, DestinationEntry, ParameterEntry, ProviderEntry, StationEntry, VehicleEntry

SAMPLE = Path(__file__).parents[2] / "conf" / "sample.toml"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def faults_of(folder: Path, text: str) -> dict[str, str]:
    file = folder / "inventory.toml"
    file.write_text(text, encoding="utf-8")
    return {fault.where: f"{fault.problem}; {fault.mend}" for fault in read_inventory(file)[1]}


def test_the_sample_has_no_fault() -> None:
    assert read_inventory(SAMPLE)[1] == []


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    file = tmp_path / "inventory.toml"
    text = f"""
    [[stations]]
    code = "TB_CAPH_NUOSXL"
    name = "Trạm nước thải Cà Phê"
    kind = "wastewater"
    facility = "f"
    owner = "o"
    province = "33"
    lat = 20.45
    lon = 106.34
    cadence_s = 300
    grace_s = 120
    profile = "auto"
    destinations = ["bo"]
      [[stations.parameters]]
      symbol = "COD"
      unit = "mg/L"
      aliases = ["COD_out"]
      measuring_range = [0, 500]
      detection_limit = 5
      limit = {{ value = 75, kq = 1.2, kf = 1.2, scaled = true }}
      qc.range = {{ fail_lo = 0, fail_hi = 500, sus_hi = 400 }}
      qc.detection_limit = {{ mdl = 5, instr_hi = 500 }}
      qc.step = {{ s10 = 100, f10 = 300, s60 = 200, f60 = 500 }}
      qc.spike = {{ sus = 100, fail = 300, max_gap_s = 900 }}
      qc.flat_line = {{ tol = 0.05, sus_s = 7200, fail_s = 21600 }}
      qc.gap = {{ fail_s = 3600 }}
    [[accounts]]
    username = "tb_caph"
    password = "p"
    public_key = "{KEY} a comment"
    stations = ["TB_CAPH_NUOSXL"]
    protocols = ["ftp", "sftp"]
    allow_from = ["127.0.0.0/8"]
    [[providers]]
    username = "gps1"
    password = "p"
    allow_from = ["127.0.0.1"]
    exchanges = ["tracking.gps1"]
    auto_register = false
    [[vehicles]]
    plate = "29A-123.45"
    provider = "gps1"
    company = "c"
    department = "d"
    business = "b"
    seats = 45
    payload_kg = 0
    speed_limit_kmh = 80
    [[destinations]]
    name = "bo"
    kind = "files"
    url = "ftp://user:pass@127.0.0.1:2100/tudong/SoTNMT_A/{{medium}}"
    minute = 5
    layout = "tt10_2021"
    hour_label = "end"
    min_completeness = 0.75
    [[destinations]]
    name = "csgt"
    kind = "waypoints"
    url = "amqp://user:pass@127.0.0.1:5672/%2F"
    exchange = "tracking.so"
    routing_key = "track1"
    deadline_s = 120
    """
    file.write_text(text, encoding="utf-8")
    inventory, faults = read_inventory(file)
    assert faults == []
    cod = ParameterEntry(
        symbol="COD",
        unit="mg/L",
        aliases=("COD_out",),
        measuring_range=(0, 500),
        detection_limit=5,
        limit={"value": 75, "kq": 1.2, "kf": 1.2, "scaled": True},
        qc={
            "range": {"fail_lo": 0, "fail_hi": 500, "sus_hi": 400},
            "detection_limit": {"mdl": 5, "instr_hi": 500},
            "step": {"s10": 100, "f10": 300, "s60": 200, "f60": 500},
            "spike": {"sus": 100, "fail": 300, "max_gap_s": 900},
            "flat_line": {"tol": 0.05, "sus_s": 7200, "fail_s": 21600},
            "gap": {"fail_s": 3600},
        },
    )
    assert inventory.stations == (
        StationEntry(
            code="TB_CAPH_NUOSXL",
            kind="wastewater",
            name="Trạm nước thải Cà Phê",
            facility="f",
            owner="o",
            province="33",
            lat=20.45,
            lon=106.34,
            destinations=("bo",),
            parameters=(cod,),
        ),
    )
    assert inventory.accounts == (
        AccountEntry("tb_caph", "p", (KEY,), ("ftp", "sftp"), ("127.0.0.0/8",), ("TB_CAPH_NUOSXL",)),
    )
    assert inventory.providers == (ProviderEntry("gps1", "p", ("127.0.0.1/32",), ("tracking.gps1",), False),)
    assert inventory.vehicles == (VehicleEntry("29A12345", "gps1", "c", "d", "b", 45, 0, 80),)
    files, waypoints = inventory.destinations
    assert files == DestinationEntry("bo", "files", "ftp://user:pass@127.0.0.1:2100/tudong/SoTNMT_A/{medium}")
    assert (waypoints.exchange, waypoints.routing_key, waypoints.deadline_s) == ("tracking.so", "track1", 120)


def test_an_absent_allow_list_is_anywhere_and_an_empty_one_is_nobody(tmp_path: Path) -> None:
    file = tmp_path / "inventory.toml"
    file.write_text('[[accounts]]\nusername = "a"\n[[accounts]]\nusername = "b"\nallow_from = []\n', encoding="utf-8")
    accounts = read_inventory(file)[0].accounts
    assert [account.allow_from for account in accounts] == [None, ()]


def test_a_station_silent_about_parameters_is_told_from_one_without(tmp_path: Path) -> None:
    file = tmp_path / "inventory.toml"
    station = '[[stations]]\ncode = "{}"\nkind = "air"\n'
    file.write_text(station.format("A") + station.format("B") + "parameters = []\n", encoding="utf-8")
    assert [entry.parameters for entry in read_inventory(file)[0].stations] == [None, ()]


def test_every_fault_is_listed_with_its_place(tmp_path: Path) -> None:
    text = """
    [[station]]
    [[stations]]
    code = "a/b"
    kind = "watewater"
    province = "99"
    lat = 91
    cadence_s = 0
    naem = "x"
    [[stations.parameters]]
    unit = 5
    measuring_range = [5, 0]
    limit = { kq = 0 }
    [[stations.parameters]]
    symbol = "pH"
    aliases = ["COD", "COD"]
    qc.range = { fail_low = 0 }
    qc.stepp = { s10 = 1 }
    qc.gap = true
    """
    code_mend = "write the name before the time in its files, e.g. TB_CAPH_NUOSXL"
    assert faults_of(tmp_path, text) == {
        "file.station": "is an unknown key; did you mean 'stations'?",
        "stations[0].code": f"is not of the right form; {code_mend}",
        "stations[0].kind": "is not one of the choices; did you mean 'wastewater'?",
        "stations[0].province": 'is not a province\'s code; write the two digits, e.g. "33" for Hưng Yên',
        "stations[0].lat": "is out of range; write a number from -90 to 90",
        "stations[0].lon": "is missing beside its twin; give both or neither",
        "stations[0].cadence_s": "is not a whole number in range; write a whole number from 1 to 86400",
        "stations[0].naem": "is an unknown key; did you mean 'name'?",
        "stations[0].parameters[0].symbol": "is missing; write the name in its files, e.g. COD",
        "stations[0].parameters[0].unit": 'is not a string; write it as "..."',
        "stations[0].parameters[0].measuring_range": "is not a range; write [low, high] with low < high",
        "stations[0].parameters[0].limit.value": "is missing; add the limit, e.g. value = 75",
        "stations[0].parameters[0].limit.kq": "is out of range; write a number from 0.01 to 100",
        "stations[0].parameters[1].aliases[1]": "stands twice; take one away",
        "stations[0].parameters[1].qc.range": "unknown key 'fail_low'; write 'fail_lo'",
        "stations[0].parameters[1].qc.stepp": "is an unknown test; did you mean 'step'?",
        "stations[0].parameters[1].qc.gap": "is not a table; write qc.gap = { ... }, or false to turn it off",
    }


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("stations", 'code = "A"\nkind = "air"'),
        ("accounts", 'username = "a"'),
        ("providers", 'username = "a"'),
        ("vehicles", 'plate = "29A-123.45"'),
        ("destinations", 'name = "a"\nkind = "files"\nurl = "ftp://h/x"'),
    ],
)
def test_a_name_stands_only_once(tmp_path: Path, table: str, line: str) -> None:
    faults = faults_of(tmp_path, f"[[{table}]]\n{line}\n[[{table}]]\n{line}\n")
    assert faults == {f"{table}[1]": f"stands already at {table}[0]; keep one"}


def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFaults, match="line 2"):
        faults_of(tmp_path, '[[stations]]\ncode = "A\n')


def test_a_single_table_where_a_list_belongs_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, '[stations]\ncode = "A"\n')
    assert faults == {"stations": "is not a list of tables; write [[stations]] on a line of its own"}
