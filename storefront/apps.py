from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from catalog.signals import published
        from storefront.renewal import on_published

        published.connect(on_published)
