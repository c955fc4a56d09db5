from django.urls import path

from catalog.views import CategoryListView, ProductDetailView, ProductListView, VariantListView

urlpatterns = [
    path("products/", ProductListView.as_view(), name="product-list"),
    path("products/<str:slug>/", ProductDetailView.as_view(), name="product-detail"),
    path("products/<str:slug>/variants/", VariantListView.as_view(), name="variant-list"),
    path("categories/", CategoryListView.as_view(), name="category-list"),
]
