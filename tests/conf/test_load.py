"""Settings from file and environment, and every fault at once."""

from pathlib import Path

import pytest

from conf.faults import ConfigurationFaults
from conf.load import load
from conf.settings import Address, PortRange


def write(folder: Path, text: str) -> Path:
    file = folder / "trambox.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults_of(file: Path | None, environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(ConfigurationFaults) as caught:
        load(file, environ)
    return {fault.where: f"{fault.problem}; {fault.mend}" for fault in caught.value.faults}


def test_a_missing_default_file_gives_the_defaults_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings.server.data_dir == tmp_path / "var"
    assert settings.storage.url == f"sqlite://{tmp_path}/var/trambox.db"
    assert settings.web.bind == Address("127.0.0.1", 8080)


def test_the_default_file_of_the_working_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, '[server]\nname = "Sở mẫu"\n')
    assert load(None, {}).server.name == "Sở mẫu"


def test_a_file_that_was_asked_for_must_exist(tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "absent.toml", {})["file"]


def test_the_environment_can_name_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, '[sftp]\nbind = "127.0.0.1:0"\n')
    assert load(None, {"TRAMBOX_CONFIG": str(file)}).sftp.bind == Address("127.0.0.1", 0)


def test_the_environment_overrides_a_key_in_its_own_type(tmp_path: Path) -> None:
    file = write(tmp_path, '[ftp]\nbind = "0.0.0.0:21"\n')
    environ = {
        "TRAMBOX_FTP_BIND": "[::1]:2121",
        "TRAMBOX_FTP_PASSIVE_PORTS": "50000-50010",
        "TRAMBOX_FTP_REQUIRE_TLS": "no",
    }
    ftp = load(file, environ).ftp
    assert (ftp.bind, ftp.passive_ports, ftp.require_tls) == (Address("::1", 2121), PortRange(50000, 50010), False)


def test_relative_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "tls.pem").touch()
    text = '[server]\ndata_dir = "data"\n[web]\ntls_certificate = "tls.pem"\ntls_key = "tls.pem"\n'
    settings = load(write(tmp_path, text), {})
    assert settings.server.data_dir == tmp_path / "data"
    assert settings.storage.url == f"sqlite://{tmp_path}/data/trambox.db"
    assert settings.web.tls_key == str(tmp_path / "tls.pem")


def test_a_relative_database_is_relative_to_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, '[storage]\nurl = "sqlite://db/a.db"\n')
    assert load(file, {}).storage.url == f"sqlite://{tmp_path}/db/a.db"


def test_a_postgres_url_stays_as_it_is(tmp_path: Path) -> None:
    url = "postgres://u:p@127.0.0.1:5433/trambox"
    assert load(write(tmp_path, f'[storage]\nurl = "{url}"\n'), {}).storage.url == url


def test_every_fault_is_listed_with_its_key_and_its_mend(tmp_path: Path) -> None:
    text = """
    [sever]
    [server]
    language = "fr"
    nmae = "x"
    [web]
    bind = "8080"
    [ftp]
    require_tls = "maybe"
    passive_ports = [40099, 40000]
    """
    faults = faults_of(write(tmp_path, text), {"TRAMBOX_AMQP_BIND": "nowhere"})
    assert faults == {
        "sever": "is an unknown section; did you mean 'server'?",
        "server.language": 'is not one of the choices; write "vi" or "en"',
        "server.nmae": "is an unknown key; did you mean 'name'?",
        "web.bind": 'has no port from 0 to 65535; write "host:port", e.g. "0.0.0.0:2121"',
        "ftp.require_tls": "is not a boolean; write true or false",
        "ftp.passive_ports": "is not a range of ports within 1 to 65535; write two ports, e.g. [40000, 40099]",
        "TRAMBOX_AMQP_BIND": 'has no port from 0 to 65535; write "host:port", e.g. "0.0.0.0:2121"',
    }


def test_an_unknown_key_in_the_environment_is_a_fault() -> None:
    assert faults_of(None, {"TRAMBOX_FTP_BIDN": "x"}) == {"TRAMBOX_FTP_BIDN": "is an unknown key; did you mean 'bind'?"}


def test_the_password_variable_is_no_key() -> None:
    assert load(None, {"TRAMBOX_PASSWORD": "secret-enough"}) == load(None, {})


def test_a_key_where_a_section_belongs_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(write(tmp_path, "web = 1\n"), {}) == {"web": "is not a section; write [web] on a line of its own"}


@pytest.mark.parametrize(("content", "problem"), [(b"[web\n", "is not TOML"), (b"# \xff", "is not UTF-8 at byte 2")])
def test_an_unreadable_file_is_told_with_its_place(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "trambox.toml"
    file.write_bytes(content)
    assert problem in faults_of(file, {})["file"]


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "trambox.toml"
    file.write_bytes(b"\xef\xbb\xbf[server]\nname = 'a'\n")
    assert load(file, {}).server.name == "a"
