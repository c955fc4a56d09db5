from django.urls import path

from customers.views import AddressBookView, AddressView, ConsentsView, CustomerView

urlpatterns = [
    path("customer/", CustomerView.as_view(), name="customer"),
    path("customer/addresses/", AddressBookView.as_view(), name="customer-address-list"),
    path("customer/addresses/<str:address_id>/", AddressView.as_view(), name="customer-address"),
    path("customer/consents/", ConsentsView.as_view(), name="customer-consents"),
]
