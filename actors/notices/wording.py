"""The words of letters, by language: subject and body of one digest. Pure.

The list is whole in every letter: what is new, what recovered, and all that stands, so the last one is enough.
Source: QĐ 338/QĐ-KTTV Điều 6 (list of missing, abnormal and failed stations; answer within 2 hours).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from actors.notices.digest import Digest, Item
from actors.rules.test_names import TEST_WORDS
from protocols.times import iso, iso_ms
from protocols.vocabulary import Occasion

MOST_LINES = 500
_VEHICLES = re.compile(r"(\d+) vehicles")
_IN_BRACKETS = re.compile(r"\(((?:[a-z_]+|8h)(?:, (?:[a-z_]+|8h))*)\)")

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "vi": {
            **TEST_WORDS["vi"],
            "cause.missing": "Trạm, đơn vị truyền mất dữ liệu",
            "notices.vehicles": "{count} xe",
            "cause.abnormal": "Trạm có số liệu nghi ngờ",
            "cause.failed": "Trạm có số liệu lỗi",
            "cause.exceeding": "Trạm vượt giới hạn cho phép",
            "cause.tendency": "Trạm có xu hướng vượt giới hạn",
            "cause.destination": "Nơi nhận không nhận dữ liệu",
            "cause.verification": "Yêu cầu xác minh quá hạn trả lời",
            "averaging.hour": "trung bình giờ",
            "averaging.8h": "trung bình 8 giờ",
            "averaging.day": "trung bình ngày",
            "occasion.opened": "{count} nguồn",
            "occasion.changed": "{count} nguồn (+{added}, hết {recovered})",
            "occasion.reminder": "nhắc lại, {count} nguồn",
            "occasion.escalated": "chưa có trả lời, {count} nguồn",
            "occasion.recovered": "đã hết",
            "to": "Kính gửi: {recipient}",
            "new": "Mới:",
            "recovered": "Đã hết:",
            "standing": "Đang diễn ra:",
            "since": "từ {since}",
            "until": "từ {since} đến {until}",
            "more": "… và {count} nguồn khác",
            "answer": "Đề nghị xác nhận và trả lời trong {hours} giờ:",
            "no_link": "Đề nghị xác nhận và trả lời trong {hours} giờ trên trang điều hành (thông báo số {id}).",
            "sender": "Thư tự động của {server}, lúc {at}.",
        },
        "en": {
            **TEST_WORDS["en"],
            "cause.missing": "Stations and providers without data",
            "notices.vehicles": "{count} vehicles",
            "cause.abnormal": "Stations with suspect values",
            "cause.failed": "Stations with failed values",
            "cause.exceeding": "Stations over their limit",
            "cause.tendency": "Stations that tend to exceed their limit",
            "cause.destination": "Destinations that take nothing",
            "cause.verification": "Verifications without an answer in time",
            "averaging.hour": "hourly mean",
            "averaging.8h": "8 hour mean",
            "averaging.day": "daily mean",
            "occasion.opened": "{count} sources",
            "occasion.changed": "{count} sources (+{added}, {recovered} recovered)",
            "occasion.reminder": "reminder, {count} sources",
            "occasion.escalated": "not answered, {count} sources",
            "occasion.recovered": "recovered",
            "to": "To: {recipient}",
            "new": "New:",
            "recovered": "Recovered:",
            "standing": "Standing:",
            "since": "since {since}",
            "until": "from {since} to {until}",
            "more": "… and {count} more",
            "answer": "Please acknowledge and answer within {hours} hours:",
            "no_link": "Please acknowledge and answer within {hours} hours at the console (notice {id}).",
            "sender": "Automatic letter of {server}, {at}.",
        },
    }
)


class Wording(NamedTuple):
    """A letter's text, and the same for machines."""

    subject: str
    body: str
    document: dict[str, Any]


class Sender(NamedTuple):
    """Who writes: the box's name, where it can be reached (empty = nowhere), how soon an answer is due."""

    server: str
    public_url: str
    answer_h: float


def word_letter(
    digest: Digest, occasion: Occasion, language: str, sender: Sender, name_of: Callable[[str], str], now_s: float
) -> Wording:
    """Write the letter of a digest; call before the digest is marked as told."""
    words = WORDS.get(language, WORDS["vi"])
    standing, news, recoveries = digest.standing(), digest.news(), digest.recoveries()
    if occasion is Occasion.RECOVERED:
        recoveries = digest.items
    happened = words[f"occasion.{occasion}"].format(count=len(standing), added=len(news), recovered=len(recoveries))
    title = words[f"cause.{digest.cause}"]
    old = [item for item in standing if item not in news] if digest.told_ms else []
    parts = [
        words["to"].format(recipient=digest.recipient),
        f"{title}: {happened}",
        *_list(words, "new" if digest.told_ms else "standing", news, name_of),
        *_list(words, "recovered", recoveries, name_of),
        *_list(words, "standing", old, name_of),
    ]
    link = f"{sender.public_url.rstrip('/')}/n/{digest.token}" if sender.public_url else ""
    if occasion is not Occasion.RECOVERED:
        hours = f"{sender.answer_h:g}"
        asked = words["answer" if link else "no_link"].format(hours=hours, id=digest.notice_id)
        parts.append(f"{asked}\n{link}".rstrip())
    parts.append(words["sender"].format(server=sender.server, at=iso(int(now_s))[:16].replace("T", " ")))
    document = {
        "notice": str(digest.notice_id),
        "recipient": digest.recipient,
        "cause": str(digest.cause),
        "occasion": str(occasion),
        "at": iso(int(now_s)),
        "opened": iso_ms(digest.opened_ms),
        "link": link,
        "new": [_item(item, name_of) for item in news],
        "recovered": [_item(item, name_of) for item in recoveries],
        "standing": [_item(item, name_of) for item in standing],
    }
    return Wording(f"[{sender.server}] {title}: {happened}", "\n\n".join(parts) + "\n", document)


def say_detail(words: Mapping[str, str], detail: str) -> str:
    """Name the tests or means in the brackets of a detail; one that has no word here keeps its own name."""
    if (counted := _VEHICLES.fullmatch(detail)) is not None:
        return words["notices.vehicles"].format(count=counted[1])
    return _IN_BRACKETS.sub(lambda found: f"({_names(words, found[1])})", detail)


def _names(words: Mapping[str, str], names: str) -> str:
    return ", ".join(words.get(f"test.{name}") or words.get(f"averaging.{name}", name) for name in names.split(", "))


def _list(words: Mapping[str, str], head: str, items: Iterable[Item], name_of: Callable[[str], str]) -> list[str]:
    lines = [_line(words, item, name_of) for item in items]
    if not lines:
        return []
    shown, more = lines[:MOST_LINES], len(lines) - MOST_LINES
    return ["\n".join([words[head], *shown, *([words["more"].format(count=more)] if more > 0 else [])])]


def _line(words: Mapping[str, str], item: Item, name_of: Callable[[str], str]) -> str:
    since = _clock(item.since_ms)
    span = words["since"].format(since=since)
    if item.recovered_ms is not None:
        span = words["until"].format(since=since, until=_clock(item.recovered_ms))
    code, name = item.source.partition(":")[2], name_of(item.source)
    title = f"{code} ({name})" if name and name != code else code
    return f"- {title}: {span}{f'; {say_detail(words, item.detail)}' if item.detail else ''}"


def _item(item: Item, name_of: Callable[[str], str]) -> dict[str, Any]:
    return {
        "source": item.source,
        "name": name_of(item.source),
        "since": iso_ms(item.since_ms),
        "recovered": None if item.recovered_ms is None else iso_ms(item.recovered_ms),
        "detail": item.detail,
    }


def _clock(time_ms: int) -> str:
    moment = iso_ms(time_ms)
    return f"{moment[11:16]} {moment[8:10]}/{moment[5:7]}"
