"""A site that sends mail, to a server on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.mail.postbox import Postbox, open_postbox

SITE = "https://mixwijzer.hanzeveen.example"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with open_postbox() as box:
        yield box


@pytest.fixture
def mails(settings: Any, postbox: Postbox) -> Postbox:
    """Let this site send to the postbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
    settings.DEFAULT_FROM_EMAIL = "Mixwijzer <mixwijzer@hanzeveen.example>"
    settings.ADDRESS, settings.MAIL = SITE, True
    return postbox
