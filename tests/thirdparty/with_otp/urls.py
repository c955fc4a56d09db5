from django.contrib import admin
from django.urls import path
from django_otp.admin import OTPAdminSite
from django_otp.forms import OTPAuthenticationForm
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.views import LoginView

site = OTPAdminSite("otp")
site.register(TOTPDevice, TOTPDeviceAdmin)
urlpatterns = [
    path("login/", LoginView.as_view(otp_authentication_form=OTPAuthenticationForm)),
    path("otp-admin/", site.urls),
    path("admin/", admin.site.urls),
]
