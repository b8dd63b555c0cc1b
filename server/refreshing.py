"""Accounts that look again: a login may belong to an account imported, or changed, a moment ago.

Before each login the mark of imports is looked at; one that fails all the same asks the store itself.
"""

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
        meet: takes over an import that has answered.
    """

    def __init__(
        self, accounts: Accounts, refresh: Callable[[], Awaitable[bool]], meet: Callable[[], Awaitable[None]]
    ) -> None:
        self._meet = meet
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
        await self._meet()
        return await self._accounts.by_password(username, password, address, protocol)

    async def by_key(self, username: str, address: str, protocol: Wire, public_key: str) -> Grant | None:
        """Log an account in by its key."""
        await self._meet()
        grant = await self._accounts.by_key(username, address, protocol, public_key)
        if grant is None and await self._refresh():
            return await self._accounts.by_key(username, address, protocol, public_key)
        return grant

    async def provider(self, username: str, password: str, address: str) -> ProviderGrant | None:
        """Log a provider in."""
        await self._meet()
        return await self._accounts.provider(username, password, address)

    async def renewed(self, grant: Grant) -> Grant:
        """What a session that is open already may do now: its account may have got another station since its login."""
        await self._meet()
        return self._accounts.renewed(grant)

    def address_allowed(self, address: str) -> bool:
        """Whether an address may try at all now."""
        return self._accounts.address_allowed(address)

    def statistics(self) -> dict[str, int]:
        """What the dump shows."""
        return self._accounts.statistics()
