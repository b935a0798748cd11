"""Signing in: password and second factor, passkeys, an organisation's own sign-in service."""
