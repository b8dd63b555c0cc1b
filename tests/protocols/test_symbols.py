"""Symbols of parameters and their spellings."""

import pytest

from protocols.symbols import BY_FOLDED, EXACT, SPELLINGS, canonical_symbol


@pytest.mark.parametrize(
    ("spellings", "symbol"),
    [
        (("PM2,5", "PM2.5", "pm25"), "PM2.5"),
        (("PM1", "PM1.0"), "PM1"),
        (("Amoni", "NH4", "NH4+", "NH4-N"), "NH4"),
        (("Nhiệtđộ", "NhietDo", "Temp", "TEMP"), "Temp"),
        (("Flowin", "FlowIn", "Flow_In"), "FlowIn"),
        (("Flow_Out", "FlowOut"), "FlowOut"),
        (("Flow", "LuuLuong"), "Flow"),
        (("Ápsuất", "A\u0301psua\u0302\u0301t", "Pressure", "P"), "P"),
        (("Humidity", "RH"), "RH"),
        (("Hg", "VHg"), "VHg"),
        (("pH", "PH", "ph"), "pH"),
        (("VV", "vv"), "VV"),
        (("Do mau", "Color"), "Color"),
        (("Bui", "PM"), "PM"),
    ],
)
def test_the_spellings_of_a_symbol_are_one(spellings: tuple[str, ...], symbol: str) -> None:
    assert {canonical_symbol(spelling) for spelling in spellings} == {symbol}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H", "h"),
        ("TN", "Tn"),
        ("Tn", "tn"),
        ("CO", "Co"),
        ("Flowin", "Flow_Out"),
        ("Temp", "TempIn"),
        ("NO", "NO2"),
        ("PM10", "PM1.0"),
        ("NO3", "NO3-N"),
        ("DO", "do man"),
    ],
)
def test_different_parameters_stay_apart(one: str, other: str) -> None:
    assert canonical_symbol(one) != canonical_symbol(other)


def test_no_spelling_belongs_to_two_symbols() -> None:
    """Every (symbol, spelling) pair must come back as that symbol, or a later row has overwritten an earlier one."""
    for symbol, spellings in SPELLINGS.items():
        for spelling in (symbol, *spellings):
            assert canonical_symbol(spelling) == symbol


@pytest.mark.parametrize("symbol", sorted({*BY_FOLDED.values(), *EXACT.values()}))
def test_a_canonical_symbol_is_its_own_canonical_symbol(symbol: str) -> None:
    assert canonical_symbol(symbol) == symbol


def test_an_unknown_symbol_stays_as_it_is() -> None:
    assert canonical_symbol(" m,p-Xylene ") == "m,p-Xylene"
