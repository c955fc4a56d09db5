from django.urls import path

from cart.views import CartView, LinesView, LineView

urlpatterns = [
    path("cart/", CartView.as_view(), name="cart"),
    path("cart/lines/", LinesView.as_view(), name="cart-line-list"),
    path("cart/lines/<str:sku>/", LineView.as_view(), name="cart-line"),
]
