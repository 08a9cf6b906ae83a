"""Addresses of the week round and the city round."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.rounds.views import answers, city, together, week

app_name = "rounds"
urlpatterns = [
    path("week/", week.week, name="week"),
    path("week/new/", week.make, name="make"),
    path("<uuid:week_round>/table/", week.meeting, name="meeting"),
    path("<uuid:week_round>/minutes/", week.minutes, name="minutes"),
    path("<uuid:week_round>/computation/", week.compute, name="compute"),
    path("<uuid:week_round>/release/", week.release, name="release"),
    path("<uuid:week_round>/adoption/", week.adopt, name="adopt"),
    path("<uuid:week_round>/publication/", week.publish, name="publish"),
    path("<uuid:week_round>/drop/", week.drop, name="drop"),
    path("homes/<uuid:item>/answer/", week.answer, name="answer"),
    path("homes/<uuid:item>/undo/", week.undo, name="undo"),
    path("homes/<uuid:item>/text/", week.advert, name="advert"),
    path("answers/", answers.asks, name="asks"),
    path("answers/<uuid:ask>/", answers.ask, name="ask"),
    path("answers/<uuid:ask>/reply/", answers.reply, name="reply"),
    path("city/", city.cities, name="cities"),
    path("city/new/", city.make, name="city-new"),
    path("city/table/new/", together.invite, name="table-new"),
    path("city/table/<uuid:seat>/division/", together.divide, name="table-divide"),
    path("city/table/<uuid:seat>/absence/", together.decline, name="table-decline"),
    path("city/table/<uuid:seat>/return/", together.come_back, name="table-return"),
    path("city/table/<uuid:seat>/closing/", together.close, name="table-close"),
    path("city/table/<uuid:seat>/opening/", together.open_again, name="table-open"),
    path("city/<uuid:city_round>/table/", together.lay, name="city-lay"),
    path("city/<uuid:city_round>/", city.page, name="city"),
    path("city/<uuid:city_round>/computation/", city.run, name="city-run"),
    path("city/<uuid:city_round>/stop/", city.stop, name="city-stop"),
    path("city/<uuid:city_round>/release/", city.release, name="city-release"),
    path("city/<uuid:city_round>/adoption/", city.adopt, name="city-adopt"),
    path("city/<uuid:city_round>/finish/", city.finish, name="city-finish"),
    path("city/<uuid:city_round>/withdrawal/", city.withdraw, name="city-withdraw"),
    path("city/homes/<uuid:city_home>/", city.home, name="city-home"),
    path("city/homes/<uuid:city_home>/confirmation/", city.confirm, name="city-confirm"),
    path("city/homes/<uuid:city_home>/leaving/", city.leave, name="city-leave"),
    path("city/candidates/<uuid:city_person>/", city.person, name="city-person"),
]
