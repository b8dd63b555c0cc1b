"""A session from its greeting to its end: read a line, do what it says, answer.

Invariant: every line gets its answer, whatever it holds, and no line ends anything but its own session.
"""

from protocols.errors import UploadError
from protocols.ftp.control import LineTooLong
from protocols.ftp.deadline import Deadline
from protocols.ftp.replies import code_of
from protocols.ftp.session import Session
from protocols.ftp.verbs import VERBS

GREETING = "Trambox"
LISTED_VERB_LENGTH = 60


async def converse(session: Session) -> None:
    """Serve one client until it leaves, is lost, or has been silent for too long."""
    options, control = session.house.options, session.control

    def on_silence() -> None:
        if not session.busy or session.grant is None:
            session.house.tally.timeouts += 1
            session.reply(421, "silent for too long" if session.grant is not None else "no login in time")
            control.close()

    silence = Deadline(session.loop, on_silence)
    silence.put_off(options.login_s)
    session.reply(220, GREETING)
    try:
        while not session.ending:
            try:
                line = await control.next_line()
            except LineTooLong:
                session.reply(500, "line too long")
                continue
            if line is None:
                break
            session.busy = True
            await execute(session, line)
            session.busy = False
            await control.drained()
            if session.grant is not None:
                silence.put_off(options.idle_s)
    finally:
        silence.cancel()
        session.close_data()
        control.close()


async def execute(session: Session, line: bytes) -> None:
    """Do what one line says; the answer is sent when this returns."""
    word, _, argument = _text(line).partition(" ")
    name = word.strip().upper()
    verb = VERBS.get(name)
    if verb is None:
        session.reply(500, "not understood")
    elif not verb.public and session.grant is None:
        session.reply(530, "log in first")
    elif verb.argument and not argument.strip():
        session.reply(501, f"{name} needs an argument")
    else:
        session.activity = name if name == "PASS" else f"{name} {argument}"[:LISTED_VERB_LENGTH]
        try:
            await verb.run(session, argument)
        except UploadError as error:
            session.house.tally.refused += verb.names
            session.reply(code_of(error, naming=verb.names), error.reason)


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
