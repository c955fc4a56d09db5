"""Categories, products with attributes and options, stock, and the pages that show them."""

from typing import Any

from django.core.management import call_command
from django.test import Client
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model
from oscar.test.factories import create_product, create_stockrecord

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import user

Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
Review = get_model("reviews", "ProductReview")
StockRecord = get_model("partner", "StockRecord")


def product(title: str) -> Any:
    return Product.objects.get(title=title)


def get(address: str) -> Any:
    return page(Client().get(address))


@operation
def categories() -> list[str]:
    for path in ("Kitchen > Mugs", "Kitchen > Pans", "Books > Novels"):
        create_from_breadcrumbs(path)
    return [each.full_name for each in Category.get_tree()]


@operation
def products() -> list[Any]:
    for n in range(25):
        made = create_product(
            upc=f"upc-{n:02}", title=f"Mug {n:02}", product_class="Mugs", price=f"{n + 1}.50",
            partner_name="Potter", partner_sku=f"MUG-{n:02}", num_in_stock=20,
            attributes={"colour": "red" if n % 2 else "blue"},
        )  # fmt: skip
        made.categories.add(Category.objects.get(name="Mugs"))
    mug = product("Mug 03")
    return [Product.objects.count(), mug.attr.colour, mug.get_product_class().name, mug.slug]


@operation
def variants() -> list[Any]:
    parent = create_product(title="Pan", product_class="Pans", structure="parent")
    parent.categories.add(Category.objects.get(name="Pans"))
    for size in ("small", "large"):
        child = create_product(title=f"Pan, {size}", product_class="Pans", parent=parent)
        create_stockrecord(child, price="20.00", partner_sku=f"PAN-{size}", num_in_stock=5)
    found = product("Pan").children.order_by("title")
    return [[each.title, each.is_child, each.get_product_class().name] for each in found]


@operation
def browsable() -> list[Any]:
    found = Product.objects.browsable().base_queryset()
    mugs = Category.objects.get(name="Mugs")
    inside = Product.objects.filter(categories__in=mugs.get_descendants_and_self())
    return [found.count(), inside.distinct().count(), Product.objects.browsable_dashboard().count()]


@operation
def public_categories() -> list[Any]:
    category = Category.objects.get(name="Books")
    category.is_public = False
    category.save()
    return sorted(Category.objects.browsable().values_list("name", flat=True))


@operation
def home() -> Any:
    return get("/catalogue/")


@operation
def second_page() -> Any:
    return get("/catalogue/?page=2")


@operation
def category_page() -> Any:
    return get(Category.objects.get(name="Mugs").get_absolute_url())


@operation
def product_page() -> Any:
    return get(product("Mug 03").get_absolute_url())


@operation
def parent_page() -> Any:
    return get(product("Pan").get_absolute_url())


@operation
def search() -> Any:
    return get("/search/?q=mug")[:2]


@operation
def a_review() -> list[Any]:
    client = Client()
    client.force_login(user("ada"))
    mug = product("Mug 03")
    address = f"/catalogue/{mug.slug}_{mug.pk}/reviews/"
    form = {"title": "Good", "score": "4", "body": "Holds tea."}
    done = client.post(f"{address}add/", form)
    review = Review.objects.get()
    voted = review.vote_up(user("bob"))
    review.refresh_from_db()
    return [page(done)[:2], product("Mug 03").rating, voted, review.total_votes, get(address)]


@operation
def allocate_and_consume() -> list[Any]:
    record = StockRecord.objects.get(partner_sku="MUG-03")
    record.allocate(3)
    record.refresh_from_db()
    allocated = [record.num_in_stock, record.num_allocated, record.net_stock_level]
    record.consume_allocation(2)
    record.refresh_from_db()
    record.cancel_allocation(1)
    record.refresh_from_db()
    return [allocated, record.num_in_stock, record.num_allocated]


@operation
def commands() -> Any:
    call_command("oscar_update_product_ratings", verbosity=0)
    call_command("oscar_calculate_scores", verbosity=0)
    return product("Mug 03").rating
