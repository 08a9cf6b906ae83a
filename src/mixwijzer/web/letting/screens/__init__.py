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
from mixwijzer.web.letting.screens.lists import (
    BroughtScreen,
    brought_screen,
    lists_hint,
    lists_table,
)
from mixwijzer.web.letting.screens.matching import (
    CandidatesScreen,
    MatchScreen,
    candidates_screen,
    delay_facts,
    match_screen,
    match_tasks,
)
from mixwijzer.web.letting.screens.people import (
    CandidateScreen,
    ListScreen,
    candidate_screen,
    left_table,
    list_screen,
    people_table,
)
from mixwijzer.web.letting.screens.vacancy import VacancyScreen, vacancies_table, vacancy_screen

__all__ = [
    "TONES",
    "BroughtScreen",
    "CandidateScreen",
    "CandidatesScreen",
    "ListScreen",
    "MatchScreen",
    "Place",
    "VacancyScreen",
    "Veil",
    "beyond_the_word",
    "brought_screen",
    "candidate_screen",
    "candidates_screen",
    "delay_facts",
    "language",
    "left_table",
    "list_screen",
    "lists_hint",
    "lists_table",
    "match_screen",
    "match_tasks",
    "people_table",
    "reason_lines",
    "room_elsewhere",
    "told",
    "vacancies_table",
    "vacancy_screen",
    "veil_of",
]
