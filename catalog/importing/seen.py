"""What stands twice in a file, told with both lines: also by a dry run, which stores nothing."""

from catalog.importing.drafts import LineError, ProductDraft, Refused


class Seen:
    """The products and SKUs of a file so far, with the lines they stand on."""

    def __init__(self) -> None:
        self.products: dict[str, int] = {}
        self.skus: dict[str, int] = {}

    def check(self, draft: ProductDraft) -> None:
        """Raises Refused for what an earlier line has."""
        errors = [*self.product_twice(draft), *self.skus_twice(draft)]
        if errors:
            raise Refused(errors)

    def product_twice(self, draft: ProductDraft) -> list[LineError]:
        line = self.products.setdefault(draft.slug, draft.line)
        if line == draft.line:
            return []
        sentence = f"{draft.slug} stands on line {line} too: put the lines of a product together."
        return [LineError(draft.line, draft.column("slug"), sentence)]

    def skus_twice(self, draft: ProductDraft) -> list[LineError]:
        errors = []
        for variant in draft.variants:
            line = self.skus.setdefault(variant.sku, variant.line)
            if line != variant.line:
                sentence = f"{variant.sku} stands on line {line} too: a SKU is one variant's."
                errors.append(LineError(variant.line, draft.column("sku"), sentence))
        return errors
