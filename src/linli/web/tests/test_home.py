"""The front page leads to everything that people can do."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_every_door_leads_somewhere(client, language):
    page = client.get("/", headers={"accept-language": language}).content.decode()
    doors = ("/report/", "/report/?group=help", "/follow/", "/who/", "/areas/", "/services/")
    for door in doors:
        assert f'href="{door}"' in page, door
        assert client.get(door).status_code == 200, door
