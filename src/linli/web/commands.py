"""Commands that run a deployment."""

import signal
from types import FrameType

import click
from django.conf import settings
from django.core.management import call_command

from linli.kernel import vault
from linli.web import server
from linli.web.worker import Worker

PORT = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on.",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@PORT
def serve(host: str, port: int) -> None:
    """Serve the pages; with SQLite the worker runs inside."""
    _serve(host, port)


def _serve(host: str, port: int) -> None:
    from linli.web.demo.half import refuse

    refuse()
    try:
        server.serve(host, port)
    except server.Running:
        raise click.ClickException(
            f"Linli is being served from {settings.VAR} already. With SQLite there is one server: "
            "stop that one first, or set another LINLI_VAR."
        ) from None
    except server.Taken as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {error}. Another --port may be free."
        ) from None


@click.command()
def worker() -> None:
    """Run the worker as a process of its own; for PostgreSQL."""
    if server.embedded():
        raise click.ClickException(
            "With SQLite the worker is a thread of the server: `linli serve` starts both. "
            "A second process would wait for the database's one writer, and starve."
        )
    from linli.web.demo.half import refuse

    refuse()
    loop = Worker()

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("The worker is running. Ctrl-C stops it.")
    loop.run()


@click.command()
def migrate() -> None:
    """Bring the database up to date and publish the services that ship with Linli."""
    call_command("migrate", verbosity=0)
    from linli.web import installation

    installation.install()
    click.echo("The database is up to date.")


@click.group()
def keys() -> None:
    """Keys that lie outside the database and its backups."""


@keys.command()
def rotate() -> None:
    """Make a new master key, wrap every case's key anew, and soon forget the old one."""
    count = vault.rotate()
    click.echo(
        f"{count} keys wrapped anew with {vault.current_master()}. "
        "The worker deletes the old one in an hour."
    )


@click.command()
@click.argument("name")
@click.option(
    "--address", default="http://localhost:8000", show_default=True, help="Of the service."
)
def administrator(name: str, address: str) -> None:
    """Open the first administrator's account and print the link that sets its password."""
    from django.urls import reverse

    from linli.kernel.accounts import open_first_administrator
    from linli.kernel.errors import LinliError

    try:
        account, token = open_first_administrator(name)
    except LinliError as error:
        raise click.ClickException(
            "; ".join(map(str, error.fields.values())) or str(error)
        ) from None
    path = reverse("password_link", args=[account.pk, token])
    click.echo(f"Choose a password within seven days:\n{address.rstrip('/')}{path}")


@click.command()
@click.argument("name")
def code(name: str) -> None:
    """Print a sample account's current sign-in code (demonstration only)."""
    if not settings.DEMO and not (settings.VAR / "demo").exists():
        raise click.ClickException("Codes are printed for a demonstration only.")
    from linli.kernel.accounts import demo_code
    from linli.kernel.errors import Missing

    try:
        click.echo(demo_code(name))
    except Missing:
        raise click.ClickException(f"There is no sample account {name}.") from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@PORT
@click.option("--cases", default=20_000, show_default=True, help="Past cases to generate.")
@click.option(
    "--scale", default=1.0, show_default=True, help="Size; 1 is the reference prefecture."
)
@click.option("--seed", default=7, show_default=True, help="Another seed, another prefecture.")
@click.option("--serve/--no-serve", "then_serve", default=True, help="Start the server afterwards.")
def demo(host: str, port: int, cases: int, scale: float, seed: int, then_serve: bool) -> None:
    """Generate the fictional reference prefecture once, then serve it."""
    from linli.web import installation
    from linli.web.demo.build import accounts_text, build
    from linli.web.demo.half import start_over

    start_over()
    call_command("migrate", verbosity=0)
    try:
        build(cases=cases, seed=seed, scale=scale)  # installs as of a year ago
    except KeyboardInterrupt:
        raise click.ClickException("Stopped half-way: the next run starts over.") from None
    installation.install()
    # Passkeys are bound to a host name, and an address is none.
    shown = "localhost" if host == "127.0.0.1" else host
    click.echo(f"\nLinli is at http://{shown}:{port}/   (Ctrl-C stops it)\n")
    click.echo(accounts_text())
    if then_serve:
        _serve(host, port)
