"""What the staff do: lists, searches, forms and reports of the dashboard."""

from typing import Any

from oscar.core.loading import get_model

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser
from tests.thirdparty.with_oscar.catalogue import Category, product

Order = get_model("order", "Order")
Range = get_model("offer", "Range")

PAGES = {
    "dashboard_home": "",
    "dashboard_products": "catalogue/",
    "dashboard_product_search": "catalogue/?title=mug+1",
    "dashboard_by_upc": "catalogue/?upc=upc-03",
    "dashboard_categories": "catalogue/categories/",
    "dashboard_product_types": "catalogue/product-types/",
    "dashboard_stock_alerts": "catalogue/stock-alerts/",
    "dashboard_orders": "orders/",
    "dashboard_order_search": "orders/?name=lovelace&status=Being+processed",
    "dashboard_statistics": "orders/statistics/",
    "dashboard_lines": "orders/?product_title=mug",
    "dashboard_customers": "users/",
    "dashboard_customer_search": "users/?email=ada@example.com",
    "dashboard_partners": "partners/",
    "dashboard_offers": "offers/",
    "dashboard_ranges": "ranges/",
    "dashboard_vouchers": "vouchers/",
    "dashboard_reviews": "reviews/",
    "dashboard_reports": "reports/",
    "dashboard_report_of_orders": "reports/?report_type=order_report&date_range=today",
    "dashboard_report_of_products": "reports/?report_type=product_analytics",
    "dashboard_report_of_baskets": "reports/?report_type=open_baskets",
    "dashboard_report_of_offers": "reports/?report_type=conditional-offer-performance",
    "dashboard_report_of_vouchers": "reports/?report_type=voucher-performance",
    "dashboard_pages": "pages/",
}


def show(name: str, address: str) -> None:
    def get() -> Any:
        return page(superuser().get(f"/dashboard/{address}"))[:2]

    get.__name__ = name
    operation(get)


for each in PAGES.items():
    show(*each)


@operation
def make_a_category() -> list[Any]:
    kitchen = str(Category.objects.get(name="Kitchen").pk)
    form = {"name": "Spoons", "slug": "spoons", "is_public": "on"}
    form |= {"treebeard_position": "first-child", "treebeard_ref_node": kitchen}
    done = superuser().post("/dashboard/catalogue/categories/create/", form)
    return [page(done)[:2], [each.full_name for each in Category.get_tree()]]


@operation
def make_a_range() -> list[Any]:
    client = superuser()
    done = client.post("/dashboard/ranges/create/", {"name": "Few", "is_public": "on"})
    few = Range.objects.get(name="Few")
    for title in ("Mug 01", "Mug 02"):
        few.add_product(product(title))
    few.remove_product(product("Mug 01"))
    found = [each.title for each in few.all_products()]
    return [page(done)[:2], found, few.contains_product(product("Mug 02")), few.num_products()]


@operation
def edit_a_product() -> Any:
    return page(superuser().get(f"/dashboard/catalogue/products/{product('Mug 03').pk}/"))[:2]


@operation
def delete_a_product() -> list[Any]:
    key = product("Mug 20").pk
    done = superuser().post(f"/dashboard/catalogue/products/{key}/delete/")
    return [page(done)[:2], type(product("Mug 21")).objects.count()]


@operation
def order_page() -> list[Any]:
    client, order = superuser(), Order.objects.get(number="100-cancel")
    noted = client.post(
        f"/dashboard/orders/{order.number}/",
        {"order_action": "save_note", "message": "called the customer", "note_type": "Info"},
    )
    shown = page(client.get(f"/dashboard/orders/{order.number}/"))
    return [page(noted)[:2], shown[:2], [note.message for note in order.notes.order_by("pk")]]


@operation
def admin_lists() -> list[Any]:
    client = superuser()
    kinds = ("catalogue/product", "order/order", "basket/basket", "voucher/voucher")
    return [page(client.get(f"/admin/{kind}/"))[:2] for kind in kinds]
