"""What is there to see of vacancies, for this reader, today?

Who still has to say how it is in a complex sees no account or advice of it: in their place stands
`Hidden`. Every page takes a fixed number of queries.
"""

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
    AlternativeLine,
    AnswerView,
    ComplexLine,
    DecisionView,
    Facts,
    HistoryLine,
    QuestionView,
    VacancyPage,
    vacancy_page,
)

__all__ = [
    "AlternativeLine",
    "AnswerView",
    "ComplexLine",
    "DecisionView",
    "Facts",
    "Hidden",
    "HistoryLine",
    "Link",
    "PastAnswer",
    "QuestionLine",
    "QuestionView",
    "VacancyLine",
    "VacancyPage",
    "current_by_key",
    "hidden_complexes",
    "last_answer",
    "vacancies",
    "vacancy_lines",
    "vacancy_page",
]
