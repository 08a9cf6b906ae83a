"""The server's entry point: ``granian --interface wsgi mixwijzer.web.config.wsgi:application``."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixwijzer.web.config.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()  # a search for rubbish needn't walk through the program: that costs 100 ms each time
