"""Customers and their groups for staff: looked up, mended, never browsed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from backoffice.ground import TransactionalAdmin
from backoffice.tables import moment, table
from customers.addresses import address_lines
from customers.models import Customer, CustomerGroup
from customers.rules import (
    A_LANGUAGE,
    A_PHONE,
    A_VAT_ID,
    PHONE,
    VAT_ID,
    canonical_language,
)
from customers.search import HELP, search_customers
from customers.selectors import list_consent_records
from customers.services import change_customer

MOST_RECORDS = 200  # of a customer's consents, the latest


class CustomerForm(forms.ModelForm):
    """Groups by their names, of those that there are and those that the customer is in; the rest
    in the forms in which customers write it themselves."""

    groups = forms.MultipleChoiceField(
        label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            known = dict(CustomerGroup.objects.order_by("pk").values_list("pk", "name"))
            codes = sorted({*known, *self.instance.groups})
            field: Any = self.fields["groups"]
            field.choices = [(code, known.get(code, code)) for code in codes]
        for name, pattern, sentence in (("phone", PHONE, A_PHONE), ("vat_id", VAT_ID, A_VAT_ID)):
            if name in self.fields:
                self.fields[name].validators.append(RegexValidator(pattern, sentence))

    def clean_language(self) -> str:
        tag: str = self.cleaned_data["language"]
        try:
            return canonical_language(tag) if tag else ""
        except ValueError:
            raise forms.ValidationError(A_LANGUAGE) from None


@admin.register(Customer)
class CustomerAdmin(TransactionalAdmin):
    """Found by address and name. The list shows who was looked for, and nobody else: no index has
    all customers, and nobody needs to leaf through them."""

    form = CustomerForm
    list_display = ("id", "name", "email", "phone", "created_at")
    ordering = ("id",)
    sortable_by = ()
    search_fields = ("email", "name")
    search_help_text = HELP
    actions = None
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = (
        "id", "email", "user_name", "address_book", "consent_records", "channels", "created_at",
        "updated_at", "erased_at", "merged_into",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("id", "email", "user_name", "name", "phone", "language", "groups")}),
        (_("Business"), {"fields": ("company", "vat_id")}),
        (_("Addresses"), {"fields": ("address_book",)}),
        (_("Consents"), {"fields": ("channels", "consent_records")}),
        (_("Staff"), {"fields": ("notes", "created_at", "updated_at", "erased_at", "merged_into")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        return queryset.filter(pk__in=search_customers(search_term)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        gone = obj is not None and obj.is_gone
        return not gone and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        change_customer(customer=obj, **changes)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Which fields, without their values: the history outlives an erasure."""
        with override(None):  # in English: see backoffice/history.py
            labels = [str(form.fields[name].label or name) for name in form.changed_data]
        return [{"changed": {"fields": labels}}] if labels else []

    @admin.display(description=_("user"))
    def user_name(self, customer: Customer) -> str:
        return str(customer.user or "-")

    @admin.display(description=_("addresses"))
    def address_book(self, customer: Customer) -> SafeString:
        rows = (
            (entry["label"], one_below_the_other(entry["address"]), uses_of(customer, entry["id"]))
            for entry in customer.addresses
        )
        return table((_("Label"), _("Address"), _("Default for")), rows)

    @admin.display(description=_("records"))
    def consent_records(self, customer: Customer) -> SafeString:
        rows = (
            (
                moment(record.state["at"]), record.get_purpose_display(),
                gettext("given") if record.given else gettext("withdrawn"), record.version,
                record.language, record.get_source_display(), record.by,
            )
            for record in list_consent_records(customer=customer)[:MOST_RECORDS]
        )  # fmt: skip
        return table(
            (_("At"), _("Purpose"), _("State"), _("Text"), _("Language"), _("Where"), _("By")), rows
        )


@admin.register(CustomerGroup)
class CustomerGroupAdmin(TransactionalAdmin):
    """None is deleted: nothing finds its members, who would be in another of the same code."""

    list_display = ("code", "name", "description")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)

    def has_delete_permission(self, request: HttpRequest, obj: CustomerGroup | None = None) -> bool:
        return False


def one_below_the_other(address: dict[str, str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in address_lines(address)))


def uses_of(customer: Customer, address_id: str) -> str:
    uses = {
        gettext("shipping"): customer.default_shipping_address,
        gettext("billing"): customer.default_billing_address,
    }
    return ", ".join(use for use, chosen in uses.items() if chosen == address_id)
