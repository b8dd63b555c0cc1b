"""The example file is generated, and it is the defaults."""

from pathlib import Path

from conf.example import example_text
from conf.load import load

FILE = Path(__file__).parents[2] / "conf" / "example.toml"


def test_the_example_file_is_the_generated_one() -> None:
    assert FILE.read_text(encoding="utf-8") == example_text()


def test_the_example_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text(example_text(), encoding="utf-8")
    (tmp_path / "empty.toml").touch()
    assert load(tmp_path / "example.toml", {}) == load(tmp_path / "empty.toml", {})
