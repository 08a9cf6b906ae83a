"""What is drawn of vacancies, and the words of an advice for other pages that show one."""

from mixwijzer.web.letting.screens.advice import (
    TONES,
    Place,
    Veil,
    beyond_the_word,
    language,
    reason_lines,
    room_elsewhere,
    told,
    veil_of,
)
from mixwijzer.web.letting.screens.vacancy import VacancyScreen, vacancies_table, vacancy_screen

__all__ = [
    "TONES",
    "Place",
    "VacancyScreen",
    "Veil",
    "beyond_the_word",
    "language",
    "reason_lines",
    "room_elsewhere",
    "told",
    "vacancies_table",
    "vacancy_screen",
    "veil_of",
]
