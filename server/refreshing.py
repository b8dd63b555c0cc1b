"""Accounts that look again: a login that fails may belong to an account imported a moment ago."""

from collections.abc import Awaitable, Callable

from protocols.amqp.boundary import ProviderGrant
from protocols.uploads import Grant
from protocols.vocabulary import Protocol as Wire
from storage.accounts import Accounts
from storage.models import ProviderRow


class RefreshingAccounts:
    """Accounts in front of an inventory that may just have changed.

    Args:
        refresh: brings the inventory up to date; says whether it had changed.
    """

    def __init__(self, accounts: Accounts, refresh: Callable[[], Awaitable[bool]]) -> None:
        self._accounts = accounts
        self._refresh = accounts.look_again = refresh
        self._registers: dict[int, bool] = {}

    async def reload(self) -> None:
        """Read the accounts again."""
        await self._accounts.reload()
        self._registers = dict(await ProviderRow.all().values_list("id", "auto_register"))

    def may_register(self, provider_id: int) -> bool:
        """Whether a provider's unknown vehicles are accepted."""
        return self._registers.get(provider_id, False)

    async def by_password(self, username: str, password: str, address: str, protocol: Wire) -> Grant | None:
        """Log an account in."""
        return await self._accounts.by_password(username, password, address, protocol)

    async def by_key(self, username: str, address: str, protocol: Wire, public_key: str) -> Grant | None:
        """Log an account in by its key."""
        grant = await self._accounts.by_key(username, address, protocol, public_key)
        if grant is None and await self._refresh():
            return await self._accounts.by_key(username, address, protocol, public_key)
        return grant

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        """Log a provider in."""
        return await self._accounts.provider(username, password, address)

    def address_allowed(self, address: str) -> bool:
        """Whether an address may try at all now."""
        return self._accounts.address_allowed(address)

    def statistics(self) -> dict[str, int]:
        """What the dump shows."""
        return self._accounts.statistics()
