"""Who may log in: stations over FTP and SFTP, providers over AMQP.

The rows are held in memory (`reload` after every change). A password costs a hash only when it was not verified lately.
Failed logins are throttled per address, but a station is never locked out by what others do: from an address of its own
(one of its narrow allow-list, or one it has logged in from) an account may always be tried, and its check goes first.

Invariants: every refusal takes at least `refusal_s` and looks alike; no password is kept or logged.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from protocols.amqp.boundary import ProviderGrant
from protocols.uploads import Grant
from protocols.vocabulary import Protocol as Wire
from storage.familiar import FamiliarAddresses
from storage.models import AccountRow, ProviderRow
from storage.networks import Networks, is_static
from storage.password_check import PasswordCheck
from storage.throttle import Throttle
from storage.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class AccountsOptions:
    """How logins are judged."""

    verified_s: float = 300
    """How long a verified password is trusted without hashing it again."""
    burst: int = 10
    """Failed logins an address may make at once ..."""
    refill_s: float = 6
    """... and then one more each so many seconds."""
    refusal_s: float = 0.3
    """Least duration of a refusal."""


@dataclass(frozen=True, slots=True)
class Login:
    """An account or a provider, ready to be asked."""

    key: str
    password_hash: str
    allowed: Networks | None
    own: Networks
    account: AccountRow | None = None
    provider: ProviderRow | None = None

    def admits(self, address: str) -> bool:
        """Whether the allow-list lets this address in."""
        return self.allowed is None or self.allowed.holds(address)


async def nothing_new() -> bool:
    """Where nobody says otherwise, the rows are as they were read."""
    return False


class Accounts:
    """The accounts and providers of the house; the `Authenticator` of the upload listeners and its AMQP twin.

    `look_again` is asked before a login is refused: true where it read newer rows, and the login is judged once more.
    """

    def __init__(
        self, now: Callable[[], float], check: PasswordCheck, options: AccountsOptions = AccountsOptions()
    ) -> None:
        self._options = options
        self._check = check
        self._throttle = Throttle(now, burst=options.burst, refill_s=options.refill_s)
        self._verdicts = Verdicts(now, kept_s=options.verified_s)
        self._familiar = FamiliarAddresses()
        self._logins: dict[str, Login] = {}
        self._own = Networks(())
        self._generation = 0
        self._refused = 0
        self._log = structlog.get_logger()
        self.look_again: Callable[[], Awaitable[bool]] = nothing_new

    async def reload(self) -> None:
        """Read the rows again and forget every verified password."""
        logins: dict[str, Login] = {}
        for account in await AccountRow.all():
            key = _account_key(account.username)
            logins[key] = Login(key, account.password_hash, *_lists(account.allow_from), account=account)
        for provider in await ProviderRow.all():
            key = _provider_key(provider.username)
            logins[key] = Login(key, provider.password_hash, *_lists(provider.allow_from), provider=provider)
        rows = [row for login in logins.values() if (row := login.account or login.provider) is not None]
        self._own = Networks(text for row in rows for text in row.allow_from or () if is_static(text))
        self._logins = logins
        self._generation += 1
        self._verdicts.forget_all()

    def address_allowed(self, address: str) -> bool:
        """Whether this address may try at all now."""
        return self._throttle.has_token(address) or self._familiar.has_address(address) or self._own.holds(address)

    async def by_password(self, username: str, password: str, address: str, protocol: Wire) -> Grant | None:
        """Judge a login of a station."""
        login = await self._judge(_account_key(username), password, address, protocol)
        if login is None:
            return None
        assert login.account is not None
        return Grant(username, address, protocol, tuple(login.account.stations))

    async def by_key(self, username: str, address: str, protocol: Wire, public_key: str) -> Grant | None:
        """Judge a public key. A key cannot be guessed, and clients offer several: a wrong one costs nothing.

        A key may be shown before it is proved, so it makes an address welcome to connect, but not to guess passwords.
        """
        login = self._logins.get(_account_key(username))
        if login is None or login.account is None or protocol not in login.account.protocols:
            return None
        if not login.admits(address) or public_key not in map(_bare_key, login.account.public_keys):
            return None
        self._familiar.remember(f"key of {username}", address)
        return Grant(username, address, protocol, tuple(login.account.stations))

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        """Judge a login of a provider."""
        login = await self._judge(_provider_key(username), password, address, Wire.AMQP)
        if login is None:
            return None
        assert login.provider is not None
        row = login.provider
        return ProviderGrant(provider_id=row.id, username=username, exchanges=tuple(row.exchanges), address=address)

    def renewed(self, grant: Grant) -> Grant:
        """A grant with the stations that its account has now."""
        login = self._logins.get(_account_key(grant.username))
        if login is None or login.account is None:
            return grant
        return replace(grant, stations=tuple(login.account.stations))

    def statistics(self) -> dict[str, int]:
        """Logins known, refusals since start, checks waiting, addresses throttled now."""
        return {
            "logins": len(self._logins),
            "refused": self._refused,
            "waiting": self._check.waiting(),
            "throttled": self._throttle.throttled(),
        }

    def _find(self, key: str, address: str, protocol: Wire) -> Login | None:
        """The login behind a key, where it may be used from there and over this protocol."""
        login = self._logins.get(key)
        if login is None or not login.admits(address):
            return None
        return None if login.account is not None and protocol not in login.account.protocols else login

    async def _judge(self, key: str, password: str, address: str, protocol: Wire) -> Login | None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            login, fits = await self._look(key, password, address, protocol)
            if login is None and await self.look_again():
                login, fits = await self._look(key, password, address, protocol)
        except asyncio.CancelledError:
            self._throttle.charge(address)  # hanging up before the verdict is no free guess
            raise
        if login is not None:
            self._familiar.remember(key, address)
            return login
        self._refused += 1
        if fits is not None:
            if self._throttle.has_token(address):
                self._log.warning("login_refused", login=key, address=address, protocol=protocol.value)
            self._throttle.charge(address)
        await asyncio.sleep(max(0.0, begun + self._options.refusal_s - loop.time()))
        return None

    async def _look(self, key: str, password: str, address: str, protocol: Wire) -> tuple[Login | None, bool | None]:
        """Judge by the rows at hand: the login if the password fits it, and what the check said."""
        login = self._find(key, address, protocol)
        is_known = login is not None and (login.own.holds(address) or self._familiar.has(key, address))
        fits = await self._fits(login, key, password, address, is_known)
        return login if fits else None, fits

    async def _fits(self, login: Login | None, key: str, password: str, address: str, is_known: bool) -> bool | None:
        if not is_known and not self._throttle.has_token(address):
            return None
        if login is not None and (recalled := self._verdicts.recall(key, password)) is not None:
            return recalled
        generation = self._generation
        fits = await self._check.fits(
            None if login is None else login.password_hash,
            password,
            turn=(key, address),
            is_known=is_known,
            allowed=lambda: is_known or self._throttle.has_token(address),
        )
        if login is not None and fits is not None and generation == self._generation:
            self._verdicts.remember(key, password, fits)
        return fits


def _account_key(username: str) -> str:
    return f"account:{username}"


def _provider_key(username: str) -> str:
    return f"provider:{username}"


def _lists(allow_from: list[str] | None) -> tuple[Networks | None, Networks]:
    listed = None if allow_from is None else Networks(allow_from)
    return listed, Networks(text for text in allow_from or () if is_static(text))


def _bare_key(line: str) -> str:
    return " ".join(line.split()[:2])
