from django.urls import path
from rest_framework_simplejwt import views

from tests.thirdparty.urls import urlpatterns as admin

urlpatterns = [
    *admin,
    path("token/", views.TokenObtainPairView.as_view()),
    path("refresh/", views.TokenRefreshView.as_view()),
    path("verify/", views.TokenVerifyView.as_view()),
    path("blacklist/", views.TokenBlacklistView.as_view()),
]
