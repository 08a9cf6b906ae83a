"""The pages of the yearbook."""

from mixwijzer.web.yearbook.views.baselines import baseline, baselines, freeze, take
from mixwijzer.web.yearbook.views.quarter import pdf_file, quarter, word_file

__all__ = ["baseline", "baselines", "freeze", "pdf_file", "quarter", "take", "word_file"]
