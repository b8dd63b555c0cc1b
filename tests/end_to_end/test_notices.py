"""Notices all the way: a bad value and a silent station, a real mail server, a real webhook, an answer by link."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import orjson
import pytest

from tests.end_to_end.office import STATION, Office, hour_body, office
from tests.protocols.letters.post_office import Receiver, http_receiver, smtp_server

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(120)]
RECIPIENTS = """
[[recipients]]
name = "Trực ban"
emails = ["truc.ban@example.vn"]
[[recipients]]
name = "Đội máy"
webhook = "{hook}"
webhook_secret = "k"
causes = ["failed"]
language = "en"
[[recipients]]
name = "Nhà máy"
emails = ["nobody@example.vn"]
"""
AWAIT_S = 30.0


async def until(is_so: Callable[[], bool]) -> None:
    started = monotonic()
    while not is_so():
        assert monotonic() - started < AWAIT_S
        await asyncio.sleep(0.1)


def posted(receiver: Receiver) -> list[dict[str, Any]]:
    return [orjson.loads(body) for _, body in receiver.posts]


async def imported(opened: Office, text: str) -> None:
    file = opened.box.folder / "recipients.toml"
    file.write_text(text, encoding="utf-8")
    code, out, err = await opened.box.verb("import", str(file))
    assert code == 0, out + err


async def test_a_failed_value_reaches_people_and_machines_is_answered_by_link_and_its_end_is_told(
    tmp_path: Path,
) -> None:
    with smtp_server() as mail, http_receiver() as hook:
        mail.refuses = frozenset({"nobody@example.vn"})
        pace = {
            "TRAMBOX_NOTICES_SMTP_HOST": "127.0.0.1", "TRAMBOX_NOTICES_SMTP_PORT": str(mail.port),
            "TRAMBOX_NOTICES_SMTP_SECURITY": "none", "TRAMBOX_NOTICES_GATHER_S": "1",
            "TRAMBOX_NOTICES_CALM_S": "12", "TRAMBOX_NOTICES_PUBLIC_URL": "http://127.0.0.1",
        }  # fmt: skip
        async with office(tmp_path, pace) as opened:
            await imported(opened, RECIPIENTS.format(hook=hook.url))
            hour_s = opened.first_hour_s
            await opened.upload(opened.name(hour_s), hour_body(hour_s, [600.0] * 12))
            await until(lambda: any("Số liệu" in str(m["Subject"]) or "lỗi" in str(m["Subject"]) for m in mail.mails))
            await until(lambda: bool(hook.posts))
            letter = next(m for m in mail.mails if "lỗi" in str(m["Subject"]))
            assert STATION in letter.get_content()
            assert "COD 600 mg/L (ngưỡng vật lý)" in letter.get_content()
            document = posted(hook)[0]
            assert (document["cause"], document["occasion"]) == ("failed", "opened")
            assert document["standing"][0]["source"] == f"station:{STATION}"

            listed = await opened.get("notices", state="open")
            mine = next(entry for entry in listed if (entry["recipient"], entry["cause"]) == ("Trực ban", "failed"))
            assert not mine["acknowledged"]
            found = re.search(r"/n/([\w-]+)", letter.get_content())
            assert found is not None
            async with httpx.AsyncClient(base_url=opened.box.web) as reader:
                page = await reader.get(f"/n/{found[1]}")
                assert page.status_code == 200
                assert STATION in page.text
                said = await reader.post(f"/n/{found[1]}", data={"who": "Lan, Nhà máy", "text": "thay đầu đo, 16:00"})
                assert said.status_code == 200
                assert (await reader.get("/n/nothing")).status_code == 404
                assert (await reader.get("/api/v1/notices")).status_code == 401
            answered = await opened.get(f"notices/{mine['id']}")
            assert answered["acknowledged_by"] == "Lan, Nhà máy"
            assert answered["replies"][0]["text"] == "thay đầu đo, 16:00"

            others = [entry for entry in listed if entry["recipient"] == "Nhà máy"]
            refused = [one for entry in others for one in entry["letters"] if one["state"] == "refused"]
            assert refused, others
            assert "550" in refused[0]["last_error"]
            mail.refuses = frozenset()
            again = await opened.post(f"letters/{refused[0]['id']}/retry")
            assert again.status_code == 200, again.text
            await until(lambda: any(m["To"] == "nobody@example.vn" for m in mail.mails))
            assert (await opened.post(f"letters/{refused[0]['id']}/retry")).status_code == 409

            await until(lambda: any("đã hết" in str(m["Subject"]) for m in mail.mails))
            await until(lambda: posted(hook)[-1]["occasion"] == "recovered")
            closed = await opened.get(f"notices/{mine['id']}")
            assert closed["state"] == "closed"
