"""Settings of the portal: one place, from the environment, failing early."""

from datetime import timedelta
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import environment, logs

ROOT = environment.ROOT
PORTAL_MODE = environment.mode
IS_PRODUCTION = environment.is_production
PORTAL_DATA = environment.data

DEBUG = False
SECRET_KEY = environment.secret("SECRET_KEY")
AUDIT_KEY = environment.secret("AUDIT_KEY")
ANSWER_PEPPER = environment.secret("ANSWER_PEPPER")
AUDIT_ANCHOR_PATH = PORTAL_DATA / "audit-anchor.json"
AUDIT_JOURNAL_DAYS = 35  # the oldest backup that anybody would restore

PORT = environment.number("PORT", 8000)
PORTAL_ORIGIN = environment.text(
    "PORTAL_ORIGIN", None if IS_PRODUCTION else f"http://localhost:{PORT}"
).rstrip("/")
ALLOWED_HOSTS = environment.names(
    "ALLOWED_HOSTS", [] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)

INSTALLED_APPS = [
    "clock",
    "audit",
    "notifications",
    "accounts",
    "organizations",
    "catalog",
    "access_requests",
    "support",
    "portal.apps.PortalConfig",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_otp",
    "django_otp_webauthn",
    "guardian",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # files get the headers above, too
    "audit.context.RequestContextMiddleware",
    "portal.middleware.ServiceUnavailableMiddleware",
    "portal.middleware.BadInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "accounts.middleware.HalfSessionMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.acknowledging.RulesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.FormsOnlyMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.middleware.PowersLoggedMiddleware",  # while the line knows request and person
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.form_renderer.PortalFormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
                "accounts.context.frame",
                "access_requests.context.pending_approvals",
                "support.context.audit_log_link",
                "support.context.help_desk_links",
            ],
        },
    },
]

DATABASES = {"default": environment.database()}
# Off behind a pooler that hands a connection from one client to the next (docs/operations.md).
PREPARE_STATEMENTS = environment.switch("PREPARE_STATEMENTS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = environment.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "portal.cache.LosableRedisCache", "LOCATION": REDIS_URL}}

# --- People, sign-in, sessions (values settled in docs/security.md) ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PortalBackend",
    "guardian.backends.ObjectPermissionBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "access_requests:welcome"
LOGOUT_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = [
    "accounts.hashers.PortalArgon2PasswordHasher",
]
PASSWORD_PROFILE = environment.password_profile()
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": "accounts.passwords.ProfileValidator"},
]
SIGN_IN_FAILURE_LIMIT = 5
SIGN_IN_FAILURE_WINDOW = timedelta(minutes=120)
SIGN_IN_LOCK = timedelta(minutes=60)
SIGN_IN_ADDRESS_LIMIT = 1000
SIGN_IN_ADDRESS_WINDOW = timedelta(minutes=60)
MFA_DEVICE_LIMIT = 5
MFA_FAILURE_LIMIT = 10
MFA_FAILURE_WINDOW = timedelta(hours=24)
MFA_LOCK = timedelta(hours=24)
# How many of the User IDs nobody has are asked for a device too, so that the fields tell nothing.
MFA_DECOY_SHARE = 0.25
SECURITY_CODE_LIFETIME = timedelta(minutes=10)
SECURITY_CODE_RESEND_AFTER = timedelta(seconds=60)
SECURITY_CODES_PER_HOUR = 5
ONE_TIME_CODE_LIFETIME = timedelta(hours=24)
RECOVERY_CODE_COUNT = 10
HALF_SESSION_LIFETIME = timedelta(minutes=10)
STEP_UP_MINUTES = 5
ADMIN_STEP_UP_MINUTES = 15
SESSION_IDLE_LIMIT = timedelta(minutes=30)
SESSION_WARNING = timedelta(minutes=2)
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)
SESSION_PARALLEL_LIMIT = 3
PLACE_OF_ADDRESS = environment.text("PLACE_OF_ADDRESS", "")
REGISTRATION_LINK_LIFETIME = timedelta(hours=24)
CHALLENGE_QUESTIONS_ENABLED = environment.switch("CHALLENGE_QUESTIONS_ENABLED", default=True)
CHALLENGE_FAILURE_LIMIT = 3
CHALLENGE_LOCK = timedelta(hours=24)
CHALLENGE_PASS_LIFETIME = timedelta(minutes=10)
DISAVOWAL_LIFETIME = timedelta(days=10)
EMAIL_CHANGE_LINK_LIFETIME = timedelta(hours=24)
KNOWN_DEVICE_AGE = timedelta(hours=24)
RECOVERY_LINK_LIFETIME = timedelta(minutes=30)
RECOVERY_WAIT = timedelta(hours=24)
RECOVERY_WAITED_LINK_LIFETIME = timedelta(hours=24)
PASSWORD_MINIMUM_AGE = timedelta(hours=24)
INACTIVITY_LIMIT = timedelta(days=60)
INACTIVITY_NOTICE_DAYS = (14, 7, 1)
RULES_ACCEPTANCE_LASTS = timedelta(days=365)
MINIMUM_AGE_YEARS = 18
TERMS_VERSION = "2026-01"
OMB_CONTROL_NUMBER = environment.omb_control_number()
OMB_EXPIRATION_DATE = environment.omb_expiration_date()

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if IS_PRODUCTION else "session"
DISPLAY_COOKIE_NAME = "__Host-display" if IS_PRODUCTION else "display"
SESSION_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "csrf"
CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Identity proofing (docs/proofing.md) ---
PROOFING_PROVIDER = environment.proofing_provider()
PROOFING_TRAINING = environment.number("PROOFING_TRAINING", 0) == 1
PROOFING_TERMS_VERSION = "2026-01"
PROOFING_TIMEOUT = timedelta(seconds=5)
# Half the threads of a web process: the other half goes on serving pages while a bureau is slow.
PROOFING_AT_ONCE = 2
PROOFING_PATIENCE = timedelta(seconds=1)
PROOFING_TROUBLES_IN_A_ROW = 5
PROOFING_PAUSE = timedelta(seconds=30)
PROOFING_QUESTIONS = 5
PROOFING_RIGHT_ANSWERS = 4
PROOFING_TIME = timedelta(minutes=5)
PROOFING_SETS = 2
PROOFING_FAIL_LIMIT = 3
PROOFING_INQUIRIES_A_DAY = 10

# --- Transport and content rules ---
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT > 0 else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000 if IS_PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- django-otp, django-guardian ---
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
# Browsers offer passkeys only to https and to localhost; elsewhere the portal does without.
PASSKEYS_ENABLED = urlsplit(PORTAL_ORIGIN).scheme == "https" or (
    urlsplit(PORTAL_ORIGIN).hostname == "localhost"
)
OTP_WEBAUTHN_RP_ID = urlsplit(PORTAL_ORIGIN).hostname or "localhost"
OTP_WEBAUTHN_RP_NAME = "CMS Enterprise Portal"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [
    PORTAL_ORIGIN if PASSKEYS_ENABLED else f"https://{OTP_WEBAUTHN_RP_ID}"
]
OTP_WEBAUTHN_TIMEOUT_SECONDS = 300
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = ""  # a refused passkey is told, not logged with a traceback
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- Mail ---
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text(
    "EMAIL_FROM", None if IS_PRODUCTION else "donotreply@portal.example"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_email = environment.email()
MAILBOX_ENABLED = not _email
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "notifications.mailbox.MailboxBackend")
EMAIL_HOST = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
_blocked = environment.names("NOTIFICATIONS_BLOCKED_ADDRESSES", [])
if _blocked:  # else notifications.blocking names the real organizations of the delivered catalog
    NOTIFICATIONS_BLOCKED_ADDRESSES = _blocked

# --- Text messages and calls ---
# Empty: the mailbox page shows them where it is enabled, and nobody can register a telephone else.
SMS_GATEWAY = environment.text("SMS_GATEWAY", "")

# --- Time and language ---
USE_TZ = True
TIME_ZONE = "America/New_York"
CLOCK_OFFSET = timedelta(seconds=environment.number("CLOCK_OFFSET_SECONDS", 0))
USE_I18N = True
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "portal.formats"

# The folder named has to be whole: what it lacks is retired from the catalog.
CATALOG_DATA = ROOT / environment.text("CATALOG_DATA", "catalog/data")

# --- Static files ---
STATIC_URL = "/static/"
STATIC_ROOT = environment.text("STATIC_ROOT", str(PORTAL_DATA / "static"))
STATICFILES_DIRS = [ROOT / "static"]
USWDS_ROOT = ROOT / "node_modules" / "@uswds" / "uswds" / "dist"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.static_files.UswdsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Log ---
LOGGING = logs.set_up(level=environment.text("LOG_LEVEL", "INFO"), as_json=IS_PRODUCTION)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # the audit log knows whom to believe about it
DJANGO_STRUCTLOG_CELERY_ENABLED = False
# audit.context puts its own id there, whatever the client sent: one id in both logs.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True

# --- Requests for access ---
CERTIFICATION_PERIOD_DAYS = 365
REQUEST_REMINDER_DAYS = (7, 30, 50)
REQUEST_EXPIRY_DAYS = 60
PAGE_SIZE = 25

# --- Help desk console ---
HELP_DESK_CONTACT_LIFETIME = timedelta(minutes=30)
HELP_DESK_VERIFICATION_LIFETIME = timedelta(minutes=15)
HELP_DESK_CODE_LIFETIME = timedelta(minutes=10)
HELP_DESK_CODE_TRIES = 3
HELP_DESK_CODE_SENDS_AN_HOUR = 5
HELP_DESK_REQUEST_DAYS = 90
HELP_DESK_RESET_WAIT = timedelta(hours=24)
HELP_DESK_PROPOSAL_LIFETIME = timedelta(hours=72)
