import pytest

from linli.areas.tiles import shelf


@pytest.fixture(autouse=True)
def _own_tiles(settings, tmp_path):
    """Tiles of a test go to a folder of its own, and none are left over from another."""
    settings.VAR = tmp_path
    shelf.renewed()
    yield
    shelf.renewed()
