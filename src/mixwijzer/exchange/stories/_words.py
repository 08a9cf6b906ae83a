"""The Dutch words of a story and the codes they stand for: people sign what they can read."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["code_of"]

_DUTCH: Mapping[str, str] = {
    # what a story has
    "verhaal": "story",
    "uitleg": "why",
    "vandaag": "today",
    "buurt": "neighbourhood",
    "elders": "elsewhere",
    "vacature": "vacancy",
    "gronden": "grounds",
    "verwacht": "expect",
    # a complex
    "woningen": "homes",
    "portieken": "stairwells",
    "leeg": "empty",
    "profiel": "profile",
    "plafonds": "caps",
    "oordelen": "judgements",
    "telling": "counts",
    "rollen": "roles",
    "gegevens": "labels",
    "toegezegd": "promised",
    "vullen_tot": "fill_up_until",
    "andere_buurt": "other_neighbourhood",
    "afstand": "distance",
    "open": "open",
    "standaard": "standard",
    # a band
    "minstens": "min",
    "streven": "target",
    "hoogstens": "max",
    # a judgement or label
    "op": "on",
    "door": "by",
    "kent": "known",
    "bij_opzegging": "at_notice",
    "vrijwel iedereen": "all",
    "de meeste": "most",
    "een deel": "part",
    "groep": "category",
    "huishoudens": "households",
    "bron": "source",
    "ronde": "round",
    "signaal": "signal",
    "vastgelegd": "recorded",
    "tot": "until",
    # a vacancy
    "kamers": "rooms",
    "huur": "rent",
    "portiek": "stairwell",
    "opzegging": "notice",
    "vrij_vanaf": "free_from",
    "publicatie": "publication",
    "vertrekt": "leaver",
    "ook_open": "also_open",
    "buiten_verhuur": "out_of_base",
    # a ground
    "weg": "channel",
    # what is expected
    "antwoord": "verdict",
    "omdat": "because",
    "verandert": "flips",
    "krapst": "binding",
    "uitzondering": "modifiers",
    "aanbevolen": "recommended",
    "zonder_grond": "no_ground",
    "open_vacatures": "open_vacancies",
    "geldig_tot": "valid_until",
    "fout": "error",
    # verdicts
    "geen ruimte": "no_room",
    "eerst vragen": "ask_first",
    "krap": "tight",
    "ruimte": "room",
    # categories
    "aandacht": "attention",
    "overig": "regular",
    "actief": "carrier",
    # scopes
    "wijk": "district",
    "gemeente": "municipality",
    # reasons
    "plafond": "cap",
    "geen profiel": "no_profile",
    "geen grens": "no_norm",
    "verlopen": "expired_labels",
    # exceptions
    "gelijk voor gelijk": "like_for_like",
    "nog vullen": "fill_up",
    "nooit nee": "ordinary",
    "kent een deel": "known_part",
    # changes
    "vertrek": "departures",
    "zeker": "confirmed",
    "minder_dan": "fewer_than",
    "grens": "limit",
    "concept": "draft",
}


def code_of(word: str) -> str:
    """Return the code that a word of a story stands for; a code stands for itself.

    >>> code_of("eerst vragen"), code_of("ask_first"), code_of("plafond portiek")
    ('ask_first', 'ask_first', 'cap stairwell')
    """
    plain = " ".join(word.split())
    if plain in _DUTCH:
        return _DUTCH[plain]
    return " ".join(_DUTCH.get(part, part) for part in plain.split(" "))
