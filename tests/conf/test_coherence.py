"""Faults that show only where keys meet."""

import dataclasses
from pathlib import Path

import pytest

from conf.coherence import incoherences, without_password
from conf.settings import FtpSettings, NightlySettings, ReviewSettings, Settings, StorageSettings, WebSettings


def settings(**sections: object) -> Settings:
    sound = Settings(storage=StorageSettings(url="sqlite:///tmp/x.db"))
    return dataclasses.replace(sound, **sections)  # type: ignore[arg-type]


def places(of: Settings) -> list[str]:
    return [fault.where for fault in incoherences(of)]


def test_sound_settings_have_no_fault() -> None:
    assert places(settings()) == []


@pytest.mark.parametrize(
    "url", ["mysql://a@b/c", "postgres:///x", "postgres://host", "sqlite://", "x", "postgres://h:x/d"]
)
def test_a_wrong_storage_address_is_a_fault(url: str) -> None:
    assert places(settings(storage=StorageSettings(url=url))) == ["storage.url"]


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    file.touch()
    assert places(settings(web=WebSettings(tls_certificate=str(file)))) == ["web.tls_key"]


def test_a_certificate_that_is_not_there_is_a_fault() -> None:
    web = WebSettings(tls_certificate="/nowhere/a.pem", tls_key="/nowhere/b.pem")
    assert places(settings(web=web)) == ["web.tls_certificate", "web.tls_key"]


def test_required_tls_needs_a_certificate() -> None:
    assert places(settings(ftp=FtpSettings(require_tls=True))) == ["ftp.require_tls"]


def test_the_public_address_is_an_ipv4_address() -> None:
    assert places(settings(ftp=FtpSettings(public_address="ftp.example.vn"))) == ["ftp.public_address"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://u:p@ss@h/d", "postgres://u:***@h/d"),
        ("ftp://u@h/x", "ftp://u@h/x"),
        ("sqlite:///a@b.db", "sqlite:///a@b.db"),
        ("plain", "plain"),
    ],
)
def test_a_shown_url_has_no_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


@pytest.mark.parametrize("at", ["24:00", "2:30", "02:60", "night"])
def test_a_time_of_night_that_no_clock_shows_is_a_fault(at: str) -> None:
    assert places(settings(nightly=NightlySettings(at=at))) == ["nightly.at"]


def test_the_clocks_of_the_review_desk_have_bounds() -> None:
    wild = ReviewSettings(verification_s=0, interpolation_max_gap_s=90_000, neighbours_km=0)
    assert places(settings(review=wild)) == [
        "review.verification_s", "review.interpolation_max_gap_s", "review.neighbours_km",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "words", "faults"),
    [
        ("", "", []),
        ("https://tiles.example.vn/{z}/{x}/{y}.png", "© Cục Đo đạc", []),
        ("https://tiles.example.vn/{z}/{x}/{y}.png", "", ["web.tiles_attribution"]),
        ("https://{s}.example.vn/{z}/{x}/{y}.png", "©", ["web.tiles_url"]),
        ("https://a.vn 'unsafe-inline'/{z}/{x}/{y}.png", "©", ["web.tiles_url"]),
        ("https://tiles.example.vn/map.png", "©", ["web.tiles_url"]),
        ("data:{z}{x}{y}", "©", ["web.tiles_url"]),
    ],
)
def test_tiles_come_from_one_named_host_with_their_attribution(url: str, words: str, faults: list[str]) -> None:
    assert places(settings(web=WebSettings(tiles_url=url, tiles_attribution=words))) == faults
