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
from mixwijzer.web.letting.selectors.matching import (
    CandidatePage,
    CandidatesPage,
    Delay,
    FitLine,
    MatchPage,
    MatchWork,
    candidate_page,
    candidates_page,
    delay_of,
    letter_rows,
    match_page,
    match_work,
    people,
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
    "CandidatePage",
    "CandidatesPage",
    "ComplexLine",
    "DecisionView",
    "Delay",
    "Facts",
    "FitLine",
    "Hidden",
    "HistoryLine",
    "Link",
    "MatchPage",
    "MatchWork",
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
    "candidate_page",
    "candidates_page",
    "current_by_key",
    "delay_of",
    "hidden_complexes",
    "last_answer",
    "letter_rows",
    "match_page",
    "match_work",
    "offered",
    "offers",
    "open_requests",
    "own_texts",
    "partners",
    "people",
    "places_with_room",
    "vacancies",
    "vacancy_lines",
    "vacancy_page",
]
