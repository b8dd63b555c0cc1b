"""The table of verbs: what the server understands, and who may say it when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protocols.ftp import access, courtesies, doors, folders, transfers
from protocols.ftp.session import Session

Run = Callable[[Session, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. `public` verbs need no login; those that `name` a file answer 553 to a name that cannot be."""

    run: Run
    public: bool = False
    argument: bool = False
    names: bool = False


async def help_(session: Session, argument: str) -> None:
    """HELP: the verbs, or whether there is one of that name."""
    wanted = argument.strip().upper()
    if not wanted:
        rows = [" ".join(verbs) for verbs in _rows(sorted(VERBS), 8)]
        session.reply_lines(214, "verbs", rows, "end")
    elif wanted in VERBS:
        session.reply(214, f"{wanted} is understood")
    else:
        session.reply(502, "no such verb")


def _rows(words: list[str], width: int) -> list[list[str]]:
    return [words[start : start + width] for start in range(0, len(words), width)]


VERBS: dict[str, Verb] = {
    "USER": Verb(access.user, public=True, argument=True),
    "PASS": Verb(access.password, public=True),
    "ACCT": Verb(courtesies.acct, public=True),
    "AUTH": Verb(access.auth, public=True, argument=True),
    "PBSZ": Verb(access.pbsz, public=True),
    "PROT": Verb(access.prot, public=True, argument=True),
    "QUIT": Verb(access.leave, public=True),
    "SYST": Verb(courtesies.syst, public=True),
    "FEAT": Verb(courtesies.feat, public=True),
    "OPTS": Verb(courtesies.opts, public=True, argument=True),
    "NOOP": Verb(courtesies.noop, public=True),
    "STAT": Verb(courtesies.stat, public=True),
    "HELP": Verb(help_, public=True),
    "TYPE": Verb(courtesies.set_type, argument=True),
    "MODE": Verb(courtesies.mode, argument=True),
    "STRU": Verb(courtesies.structure, argument=True),
    "ALLO": Verb(courtesies.allo),
    "PASV": Verb(doors.pasv),
    "EPSV": Verb(doors.epsv),
    "PORT": Verb(doors.port, argument=True),
    "EPRT": Verb(doors.eprt, argument=True),
    "REST": Verb(transfers.rest, argument=True),
    "STOR": Verb(transfers.stor, argument=True, names=True),
    "APPE": Verb(transfers.appe, argument=True, names=True),
    "RETR": Verb(transfers.retr, argument=True),
    "LIST": Verb(transfers.list_folder),
    "NLST": Verb(transfers.nlst),
    "MLSD": Verb(transfers.mlsd),
    "ABOR": Verb(transfers.abor, public=True),
    "MLST": Verb(folders.mlst),
    "CWD": Verb(folders.cwd, argument=True),
    "XCWD": Verb(folders.cwd, argument=True),
    "CDUP": Verb(folders.cdup),
    "XCUP": Verb(folders.cdup),
    "PWD": Verb(folders.pwd),
    "XPWD": Verb(folders.pwd),
    "MKD": Verb(folders.mkd, argument=True),
    "XMKD": Verb(folders.mkd, argument=True),
    "RMD": Verb(folders.rmd, argument=True),
    "XRMD": Verb(folders.rmd, argument=True),
    "DELE": Verb(folders.dele, argument=True),
    "RNFR": Verb(folders.rnfr, argument=True),
    "RNTO": Verb(folders.rnto, argument=True, names=True),
    "SIZE": Verb(folders.size, argument=True),
    "MDTM": Verb(folders.mdtm, argument=True),
}
