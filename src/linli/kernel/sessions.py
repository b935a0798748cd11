"""Sessions in the database, written behind the same lock as everything else."""

from django.contrib.sessions.backends import db

from linli.kernel.actions import writing


class SessionStore(db.SessionStore):
    """Django's database sessions; on SQLite their writes queue with the other writers."""

    def save(self, must_create: bool = False) -> None:
        with writing():
            super().save(must_create)

    @classmethod
    def get_model_class(cls) -> type:
        return db.SessionStore.get_model_class()
