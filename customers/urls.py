from django.urls import path

from customers.views import AddressBookView, AddressView, ConsentsView, CustomerView

urlpatterns = [
    path("", CustomerView.as_view(), name="customer"),
    path("addresses/", AddressBookView.as_view(), name="address-list"),
    path("addresses/<str:address_id>/", AddressView.as_view(), name="address"),
    path("consents/", ConsentsView.as_view(), name="consents"),
]
