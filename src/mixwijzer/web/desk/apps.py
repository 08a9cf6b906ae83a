"""The desk as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """No models of its own."""

    name = "mixwijzer.web.desk"
    label = "desk"
