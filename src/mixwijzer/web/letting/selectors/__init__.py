"""What is there to see of vacancies, for this reader, today?

Who still has to say how it is in a complex sees no account or advice of it: in their place stands
`Hidden`. Every page takes a fixed number of queries.
"""

from mixwijzer.web.letting.selectors.elsewhere import AlternativeLine, Places, places_with_room
from mixwijzer.web.letting.selectors.lines import (
    Hidden,
    Link,
    PastAnswer,
    QuestionLine,
    VacancyLine,
    current_by_key,
    hidden_complexes,
    last_answer,
    vacancies,
    vacancy_lines,
)
from mixwijzer.web.letting.selectors.page import (
    AnswerView,
    ComplexLine,
    DecisionView,
    Facts,
    HistoryLine,
    Priced,
    QuestionView,
    VacancyPage,
    vacancy_page,
)
from mixwijzer.web.letting.selectors.requests import (
    Partner,
    RequestLine,
    open_requests,
    partners,
)
from mixwijzer.web.letting.selectors.vocabulary import KINDS, Offer, offered, offers, own_texts

__all__ = [
    "KINDS",
    "AlternativeLine",
    "AnswerView",
    "ComplexLine",
    "DecisionView",
    "Facts",
    "Hidden",
    "HistoryLine",
    "Link",
    "Offer",
    "Partner",
    "PastAnswer",
    "Places",
    "Priced",
    "QuestionLine",
    "QuestionView",
    "RequestLine",
    "VacancyLine",
    "VacancyPage",
    "current_by_key",
    "hidden_complexes",
    "last_answer",
    "offered",
    "offers",
    "open_requests",
    "own_texts",
    "partners",
    "places_with_room",
    "vacancies",
    "vacancy_lines",
    "vacancy_page",
]
