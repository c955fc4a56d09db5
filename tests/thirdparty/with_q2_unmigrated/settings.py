"""Its tables made from its models, as they are after the migrations: what works then."""

from tests.thirdparty.with_q2.settings import INSTALLED_APPS, Q_CLUSTER

MIGRATION_MODULES = {"django_q": None}
__all__ = ["INSTALLED_APPS", "MIGRATION_MODULES", "Q_CLUSTER"]
