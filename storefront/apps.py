from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"

    def ready(self) -> None:
        from catalog.signals import published, tree_changed
        from storefront.renewal import on_published, on_tree_changed

        published.connect(on_published)
        tree_changed.connect(on_tree_changed)
