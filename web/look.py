"""What every page shares: words, language, person, the doors to the other pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from quart import Response, render_template, request

from protocols.times import iso, iso_ms
from web.access import maybe_person
from web.deps import WebDeps
from web.navigation import open_doors
from web.refusals import Refusal
from web.words import Words

LANGUAGE_COOKIE = "trambox_language"


class Look:
    """Renders the templates."""

    def __init__(self, deps: WebDeps, words: Mapping[str, Words]) -> None:
        self._deps = deps
        self._words = words

    def words(self) -> Words:
        """The asked language: the cookie, else the person's own, else the server's."""
        person = maybe_person()
        asked = request.cookies.get(LANGUAGE_COOKIE, "") or (person.user.language if person is not None else "")
        return self._words.get(asked) or self._words[self._deps.options.language]

    async def page(self, template: str, status: int = 200, **fields: Any) -> Response:
        """Render a template."""
        words = self.words()
        person = maybe_person()
        html = await render_template(
            template,
            t=words,
            words_table=words.table,
            person=person,
            doors=[] if person is None else await open_doors(self._deps),
            server_name=self._deps.options.server_name,
            tiles=self._deps.options,
            now_s=self._deps.now(),
            iso=iso,
            iso_ms=iso_ms,
            source_url=source_url,
            **fields,
        )
        return Response(html, status, content_type="text/html; charset=utf-8")

    async def refusal_page(self, refusal: Refusal) -> Response:
        """Show a refusal; whoever is not signed in is led to the sign-in page."""
        if refusal.status == 401:
            asked = request.full_path.rstrip("?")
            return await self.page("signin.html", 401, next_url=asked if asked != "/signin" else "/")
        return await self.page("refusal.html", refusal.status, refusal=refusal)


def source_url(source_id: str) -> str:
    """The page of a source."""
    kind, _, name = source_id.partition(":")
    return f"/{'stations' if kind == 'station' else 'vehicles'}/{quote(name, safe='')}"


def local_url(text: str) -> str:
    """A path of this site, or the start page for anything else."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and "\n" not in text and "\r" not in text
    return text if is_local else "/"
