"""The pages of the yearbook."""

from mixwijzer.web.yearbook.views.baselines import baseline, baselines, freeze, take
from mixwijzer.web.yearbook.views.quarter import quarter, word_file

__all__ = ["baseline", "baselines", "freeze", "quarter", "take", "word_file"]
