from django.urls import path

from orders.views import CheckoutView, OrderListView, OrderView

urlpatterns = [
    path("checkout/", CheckoutView.as_view(), name="checkout"),
    path("orders/", OrderListView.as_view(), name="order-list"),
    path("orders/<str:number>/", OrderView.as_view(), name="order-detail"),
]
