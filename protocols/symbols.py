"""Symbols of parameters: one spelling for the many that stations write.

A folded spelling (no accents, no case, no separators, a point for a comma) is looked up in the table; before that,
symbols that differ by case only are looked up as they stand. A symbol that the table does not know stays as it is.

Invariant: two parameters that one file may hold side by side never fall together: the flow in and the flow out, the
air and the cabinet it is measured in, the water level `H` and the wave height `h`; nor do a substance and its element
(`NO3` and `NO3-N`), unless stations are known to mean the same.
Source: TT 10/2021/TT-BTNMT Phụ lục 15 Bảng 34; TT 13/2023/TT-BTNMT; files of stations in the field.
"""

import unicodedata

# Where the case decides; a single letter always stands as it is.
EXACT = {
    "TN": "TN",
    "Tn": "Tn",
    "tn": "TW",
    "TW": "TW",
    "Co": "Co",
}

SPELLINGS = {
    "Flow": ("LuuLuong", "FlowRate"),
    "FlowIn": ("Flow_In", "LuuLuongVao"),
    "FlowOut": ("Flow_Out", "LuuLuongRa"),
    "Temp": ("Nhiệtđộ", "Nhiet do", "Temperature"),
    "TempIn": ("Temp_In",),
    "Color": ("Colour", "Độ màu"),
    "pH": (),
    "TSS": (),
    "COD": (),
    "BOD": ("BOD5",),
    "TOC": (),
    "TP": ("Tổng P",),
    "Cl": ("Cl-",),
    "NH4": ("Amoni", "NH4-N", "NH4+"),
    "NO3-N": (),
    "NO2-N": (),
    "PO4": (),
    "DO": (),
    "COND": ("Conductivity", "EC"),
    "TURB": ("Turbidity", "Độ đục"),
    "RH": ("Humidity", "Độ ẩm"),
    "P": ("Pressure", "Ápsuất"),
    "NO": (),
    "NO2": (),
    "NOx": (),
    "CO": (),
    "SO2": (),
    "O2": (),
    "O3": (),
    "H2S": (),
    "NH3": (),
    "VHg": ("Hg",),
    "PM": ("Bụi", "Dust"),
    "TSP": (),
    "PM10": (),
    "PM2.5": ("PM2,5", "PM25"),
    "PM1": ("PM1.0",),
    "WindSpeed": (),
    "WindDir": ("WindDirection",),
    "Radiation": (),
    "dd": (),
    "ff": (),
    "VV": (),
    "HTL": (),
    "HHL": (),
    "Tx": (),
    "Td": (),
    "SS": (),
    "Luuluongdenho": (),
    "Luuluongxa": (),
    "Dubaoluuluongdenho": (),
    "Khananggiatangmucnuoc": (),
}
SEPARATORS = str.maketrans({"đ": "d", "Đ": "d", ",": "."} | dict.fromkeys(" _-+\N{NO-BREAK SPACE}"))


def _fold(text: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return letters.translate(SEPARATORS).lower()


BY_FOLDED = {_fold(spelling): symbol for symbol, spellings in SPELLINGS.items() for spelling in (symbol, *spellings)}


def canonical_symbol(text: str) -> str:
    """Give a parameter's one spelling; an unknown one comes back trimmed, in Unicode NFC."""
    symbol = unicodedata.normalize("NFC", text.strip())
    if len(symbol) == 1:
        return symbol
    return EXACT.get(symbol) or BY_FOLDED.get(_fold(symbol), symbol)
