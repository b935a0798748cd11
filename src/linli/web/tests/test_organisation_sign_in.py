"""Signing in with an organisation's own service: an invented provider on this machine."""

import importlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import clear_url_caches

from linli.kernel.models import Account
from linli.web import urls
from linli.web.signin import urls as signin_urls

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]


class Provider(BaseHTTPRequestHandler):
    """Says whatever `claims` says about whoever comes."""

    claims: dict = {}
    asked: list = []

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.endswith("openid-configuration"):
            self.answer({
                "issuer": base, "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token", "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/keys",
            })  # fmt: skip
        else:
            self.answer({k: v for k, v in self.claims.items() if k != "amr"})

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(body)
        base = f"http://127.0.0.1:{self.server.server_port}"
        token = {"iss": base, "aud": "linli", "iat": time.time(), "exp": time.time() + 60}
        self.answer({
            "access_token": "invented", "token_type": "Bearer",
            "id_token": jwt.encode({**token, **self.claims}, "k" * 32, algorithm="HS256"),
        })  # fmt: skip

    def answer(self, data):
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings, monkeypatch):
    settings.LANGUAGE_CODE = "en"
    cache.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer = f"http://127.0.0.1:{server.server_port}"
    app = {"provider_id": "organisation", "name": "County Hall", "client_id": "linli",
           "secret": "invented", "settings": {"server_url": issuer}}  # fmt: skip
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "County Hall"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
    }
    reload_urls()
    Provider.claims, Provider.asked = {}, []
    yield Provider
    server.shutdown()
    server.server_close()
    settings.OIDC_ISSUER = ""
    reload_urls()


def reload_urls():
    importlib.reload(signin_urls)
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def dolma():
    return Account.objects.create(username="dolma", names={"en": "Dolma"}, language="en")


def come_in(client, provider, **claims):
    provider.claims = {"sub": "0001", **claims}
    away = client.get("/sign-in/organisation/login/")
    asked = parse_qs(urlsplit(away.url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile"}  # no e-mail
    return client.get(
        "/sign-in/organisation/login/callback/", {"code": "x", "state": asked["state"][0]}
    )


def test_the_page_offers_it_only_where_it_is_configured(client, provider, settings):
    assert "Sign in with County Hall" in client.get("/sign-in/").content.decode()
    settings.OIDC_ISSUER = ""
    reload_urls()
    assert "County Hall" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/organisation/login/").status_code == 404


def test_somebody_with_an_account_comes_in_and_sets_up_a_second_factor(client, provider, dolma):
    response = come_in(client, provider, preferred_username="Dolma", amr=["pwd", "mfa"])
    assert response.url == "/desk/"
    assert provider.asked[0]["code_verifier"]
    # what the organisation did is not enough unless the setting says so
    assert client.get("/account/").url == "/account/second-factor/"


def test_the_organisation_s_second_factor_counts_where_the_setting_says_so(
    client, provider, dolma, settings
):
    settings.OIDC_SECOND_FACTOR = True
    come_in(client, provider, preferred_username="dolma", amr=["pwd", "mfa"])
    assert client.get("/account/").status_code == 200


def test_a_password_over_there_is_not_a_second_factor(client, provider, dolma, settings):
    settings.OIDC_SECOND_FACTOR = True
    come_in(client, provider, preferred_username="dolma", amr=["pwd"])
    assert client.get("/account/").url == "/account/second-factor/"


@pytest.mark.parametrize("name", ["stranger", "", "closed", None])
def test_nobody_gets_an_account_that_way(client, provider, dolma, name):
    Account.objects.create(username="closed", is_active=False)
    response = come_in(client, provider, preferred_username=name, email="dolma@example.org")
    assert response.url == "/sign-in/"
    assert "no account for you here" in client.get("/sign-in/").content.decode()
    assert "_auth_user_id" not in client.session
    assert Account.objects.count() == 2


def test_nothing_that_it_says_is_stored(client, provider, dolma):
    secrets = {"name": "Dolma Unsaid", "email": "unsaid@example.org", "birthdate": "1990-01-01"}
    come_in(client, provider, preferred_username="dolma", **secrets)
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()
    kept = str([s.get_decoded() for s in Session.objects.all()]) + str(Account.objects.values())
    assert not [v for v in secrets.values() if v in kept]


def test_a_forged_answer_leads_back(client, provider, dolma):
    provider.claims = {"sub": "0001", "preferred_username": "dolma"}
    response = client.get("/sign-in/organisation/login/callback/", {"code": "x", "state": "y"})
    assert response.url == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_saying_no_over_there_leads_back(client, provider, dolma):
    asked = parse_qs(urlsplit(client.get("/sign-in/organisation/login/").url).query)
    answer = {"error": "access_denied", "state": asked["state"][0]}
    response = client.get("/sign-in/organisation/login/callback/", answer)
    assert response.url == "/sign-in/"
