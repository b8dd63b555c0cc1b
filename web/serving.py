"""Serves the console on hypercorn inside the running loop, with TLS where a certificate is set.

On shutdown the open event streams are ended first, so that the drain does not wait for browsers.
"""

from collections.abc import Awaitable, Callable

from hypercorn.asyncio.run import worker_serve
from hypercorn.config import Config
from hypercorn.utils import wrap_app
from quart import Quart

from web.options import WebOptions

DRAIN_S = 3.0
KEEP_ALIVE_S = 75.0


async def serve(
    app: Quart,
    options: WebOptions,
    shutdown: Callable[[], Awaitable[None]],
    listening: Callable[[int], None],
) -> None:
    """Listen until `shutdown` returns, then drain.

    Args:
        listening: told the real port as soon as it is bound; connections wait in the backlog from then on.
    Raises:
        OSError: the address is in use or the certificate cannot be read.
    """
    config = Config()
    config.bind = [f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"]
    config.graceful_timeout = DRAIN_S
    config.keep_alive_timeout = KEEP_ALIVE_S
    config.include_server_header = False
    config.errorlog = None
    if options.uses_tls:
        config.certfile, config.keyfile = options.tls_certificate, options.tls_key
        config.create_ssl_context()
    sockets = config.create_sockets()
    bound = (sockets.secure_sockets or sockets.insecure_sockets)[0]
    bound.listen(config.backlog)
    listening(int(bound.getsockname()[1]))

    async def until_shutdown() -> None:
        await shutdown()
        app.shutdown_event.set()

    await worker_serve(
        wrap_app(app, config.wsgi_max_body_size, "asgi"), config, sockets=sockets, shutdown_trigger=until_shutdown
    )
