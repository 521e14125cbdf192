"""The WSGI entry, for hosts that know nothing else. Page links and live events need ASGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiremisu.settings")
application = get_wsgi_application()
