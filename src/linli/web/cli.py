"""The command line: `linli COMMAND --help` explains each.

Exit codes: 0 all is well; 1 something is wrong, and it was said; 2 the call cannot be understood.
Commands of a room live in that room's `commands.py` and are loaded when they are called.
"""

import importlib
import os
from typing import Any, ClassVar

import click


class Lazy(click.Group):
    """A group whose commands are imported when somebody asks for them."""

    homes: ClassVar[dict[str, str]] = {
        "administrator": "linli.web.commands:administrator",
        "areas": "linli.areas.commands:areas",
        "code": "linli.web.commands:code",
        "demo": "linli.web.commands:demo",
        "doctor": "linli.web.doctor:doctor",
        "grids": "linli.territory.commands:grids",
        "keys": "linli.web.commands:keys",
        "migrate": "linli.web.commands:migrate",
        "opendata": "linli.opendata.commands:opendata",
        "serve": "linli.web.commands:serve",
        "services": "linli.cases.commands:services",
        "worker": "linli.web.commands:worker",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(self.homes)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click calls it so
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in self.homes:
            return None
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
        django.setup()
        module, name = self.homes[cmd_name].split(":")
        found: Any = getattr(importlib.import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """What goes wrong in a way that we know is said in a sentence, whatever command it was."""
        from django.db import DatabaseError

        from linli.kernel.errors import LinliError

        try:
            return super().invoke(ctx)
        except LinliError as error:
            raise click.ClickException(str(error)) from None
        except DatabaseError as error:
            raise click.ClickException(
                f"The database cannot be used ({type(error).__name__}). `linli migrate` brings it "
                "up to date; `linli doctor` says what else is wrong."
            ) from None


@click.command(cls=Lazy)
@click.version_option(package_name="linli")
def main() -> None:
    """Linli: neighbourhood services for the people who live there."""
