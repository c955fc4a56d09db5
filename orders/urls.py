from django.urls import path

from orders.views import CheckoutView, CountryView, OrderListView, OrderView

urlpatterns = [
    path("checkout/", CheckoutView.as_view(), name="checkout"),
    path("countries/<str:code>/", CountryView.as_view(), name="country"),
    path("orders/", OrderListView.as_view(), name="order-list"),
    path("orders/<str:number>/", OrderView.as_view(), name="order-detail"),
]
