from django.urls import path

from payments.views import NotificationView

urlpatterns = [
    path("<slug:gateway>/notifications/", NotificationView.as_view(), name="notification"),
]
