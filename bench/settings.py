"""Settings of the measured portal: its own, with the counter outside and mail going nowhere."""

import bench.shipped  # noqa: F401 - before anything else
from portal.settings import *  # noqa: F403 - the point is to measure the portal's own settings
from portal.settings import MIDDLEWARE as PORTAL_MIDDLEWARE

MIDDLEWARE = ["bench.counting.CountingMiddleware", *PORTAL_MIDDLEWARE]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
