from tests.thirdparty.settings import APPS
from tests.thirdparty.settings import MIDDLEWARE as OTHERS

INSTALLED_APPS = [
    *APPS,
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_hotp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_email",
]
MIDDLEWARE = [*OTHERS, "django_otp.middleware.OTPMiddleware"]
ROOT_URLCONF = "tests.thirdparty.with_otp.urls"
LOGIN_REDIRECT_URL = "/"
OTP_TOTP_THROTTLE_FACTOR = 0  # the guesses are counted, and none has to wait
