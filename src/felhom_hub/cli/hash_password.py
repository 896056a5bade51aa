"""`felhom-hub hash-password`: a password, asked for twice or read from standard input, as the hash for hub.yaml."""

import getpass
import sys

import bcrypt
import click

from felhom_hub.cli.options import config_option

# About a quarter of a second on the machines that a hub runs on; OWASP asks for 10 or more.
_COST = 12
# bcrypt reads no more than this; OpenBSD's cut the rest off silently, which would make a long password a shorter one.
_MAX_BYTES = 72
_READ_BYTES = 4096


@click.command("hash-password", epilog="Example: felhom-hub hash-password --stdin < password.txt")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, one line.")
@config_option
def hash_password(*, from_stdin: bool) -> None:
    """Make the bcrypt hash that auth.password_hash wants, and print it alone on standard output."""
    password = _from_stdin() if from_stdin else _asked_twice()
    click.echo(bcrypt.hashpw(_checked(password), bcrypt.gensalt(rounds=_COST)).decode("ascii"))
    if sys.stdout.isatty():
        click.echo("Write it into hub.yaml, in single quotes:\nauth:\n  password_hash: '…'", err=True)


def _from_stdin() -> str:
    data = sys.stdin.buffer.read(_READ_BYTES)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise click.UsageError("the password on standard input is not UTF-8 text") from None
    return text.removesuffix("\n").removesuffix("\r")


def _asked_twice() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask at; give the password with --stdin")
    try:
        password = _checked(getpass.getpass("Password: "))
        if _checked(getpass.getpass("The same once more: ")) != password:
            raise click.UsageError("the two passwords differ; nothing was made")
    except EOFError:
        click.echo(err=True)  # the cursor still stands behind the question
        raise click.UsageError("no password was given") from None
    return password.decode("utf-8")


def _checked(password: str) -> bytes:
    """The password's bytes, where a sign-in form could send them and bcrypt reads all of them."""
    if not password:
        raise click.UsageError("the password is empty")
    if not password.isprintable():
        raise click.UsageError("the password must be one line of printable characters")
    data = password.encode("utf-8")
    if len(data) > _MAX_BYTES:
        raise click.UsageError(
            f"the password has more than {_MAX_BYTES} bytes of UTF-8 ({len(data)}), which bcrypt cannot read"
        )
    return data
