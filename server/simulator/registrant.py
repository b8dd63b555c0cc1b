"""A work that registers itself once, by the file of TT 13/2023/TT-BTNMT; it waits for somebody to take it in."""

import asyncio
import io

from openpyxl import Workbook

from protocols.formats.tt13_2023_registration import build_rows
from server.simulator.files import StationFile
from server.simulator.uplinks import Refused, Unreachable, Uplink

NAME = "DK_33_hochuaSongLuoc.xlsx"
RETRY_S = 3.0
FIELDS = {
    "Donvi": "Công ty Thủy lợi Sông Luộc (mô phỏng)",
    "Diachichitiet": "Thành phố Hưng Yên",
    "Nguoidaidien": "Nguyễn Văn Mẫu",
    "Chucvu": "Giám đốc",
    "Dienthoai": "0221 000 000",
    "Thudientu": "truc@songluoc.example",
    "Loaicongtrinh": "Đập, hồ chứa",
    "Tinh": "Hưng Yên",
    "Dinhdangfiledulieu": "txt",
}


def registration_file() -> StationFile:
    """Write the file as an office does."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in build_rows(FIELDS):
        sheet.append(row)
    body = io.BytesIO()
    book.save(body)
    return StationFile(NAME, body.getvalue())


async def register(uplink: Uplink) -> None:
    """Send it, again until somebody answers."""
    file = await asyncio.to_thread(registration_file)
    while True:
        try:
            return await uplink.send(file)
        except Refused:
            return None
        except Unreachable:
            await asyncio.sleep(RETRY_S)
