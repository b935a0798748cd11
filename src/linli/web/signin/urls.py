"""Addresses of sign-in. The names are django-allauth's own, which looks its pages up by them."""

from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from linli.web.signin import views

urlpatterns: list[URLPattern] = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("account/", views.my_account, name="mfa_index"),
    path("account/language/", views.choose_language, name="choose_language"),
    path("account/password/", views.change_password, name="account_change_password"),
    path("account/link/<int:pk>/<str:token>/", views.use_link, name="password_link"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path(
        "account/second-factor/application/",
        login_required(views.AddApplication.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "account/second-factor/passkey/",
        login_required(views.AddPasskey.as_view()),
        name="mfa_add_webauthn",
    ),
    path("account/second-factor/<int:pk>/remove/", views.remove_factor, name="remove_factor"),
    path("account/codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/codes/new/",
        login_required(views.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path("account/confirm/", views.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", views.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        views.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]

if settings.OIDC_ISSUER:
    urlpatterns += [
        path(
            "sign-in/<str:provider_id>/login/",
            openid.login,
            name="openid_connect_login",
        ),
        path(
            "sign-in/<str:provider_id>/login/callback/",
            openid.callback,
            name="openid_connect_callback",
        ),
    ]
