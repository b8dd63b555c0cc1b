"""Headers every answer carries: the browser may run our own files and nothing else."""

from collections.abc import Callable

from quart import Response


def policy(pictures_from: str = "") -> str:
    """What a page may load; `pictures_from` is the origin of the map's tiles, where there are some."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' {pictures_from}".rstrip(),
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def hardening(pictures_from: str = "") -> Callable[[Response], Response]:
    """Make what adds the headers to every answer."""
    told = policy(pictures_from)

    def harden(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = told
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cache-Control", "no-store")
        return response

    return harden
