"""The server under the console: TLS, the real port, a refused configuration."""

import asyncio
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from quart import Quart

from web.options import WebOptions
from web.serving import serve


def make_certificate(folder: Path) -> tuple[str, str]:
    certificate, key = str(folder / "cert.pem"), str(folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.mark.asyncio
async def test_with_a_certificate_it_speaks_tls_on_the_port_it_tells(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    options = WebOptions(secret_key=b"k", port=0, tls_certificate=certificate, tls_key=key)
    app, stop = Quart(__name__), asyncio.Event()

    @app.get("/")
    async def hello() -> str:
        return "xin chào"

    async def stopped() -> None:
        await stop.wait()

    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    served = asyncio.create_task(serve(app, options, stopped, port.set_result))
    trust = ssl.create_default_context(cafile=certificate)
    async with httpx.AsyncClient(verify=trust, trust_env=False) as client:
        answer = await client.get(f"https://127.0.0.1:{await port}/")
    stop.set()
    await asyncio.wait_for(served, 10)
    assert answer.text == "xin chào"


@pytest.mark.asyncio
async def test_a_certificate_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    options = WebOptions(
        secret_key=b"k", port=0, tls_certificate=str(tmp_path / "none"), tls_key=str(tmp_path / "none")
    )

    async def never() -> None:
        await asyncio.Event().wait()

    with pytest.raises(OSError):
        await serve(Quart(__name__), options, never, lambda port: None)
