"""Each component says what it should, chooses nothing for its reader, and lets no markup in."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from mixwijzer.engine.norms import Standing
from mixwijzer.engine.reasons import Verdict
from mixwijzer.web.ui.charts import (
    Ahead,
    Counted,
    Course,
    Difference,
    Field,
    Moment,
    Part,
    Reach,
    Span,
    Waypoint,
)
from mixwijzer.web.ui.components import (
    Channel,
    Column,
    DataTable,
    Event,
    Fact,
    Ground,
    Link,
    Option,
    Persona,
    ReasonLine,
    Step,
    StepState,
    Task,
)
from mixwijzer.web.ui.templatetags.ui import VERDICTS
from tests.web.refused_words import visible_text

pytestmark = pytest.mark.once

BAD = '"><img src=x onerror=alert(1)>{{7*7}}'
ACCOUNT = Counted(
    best=2,
    likely=Span(low=1, high=3),
    wide=Span(low=0, high=5),
    homes=20,
    at_most=8,
    chances=tuple([0.2, 0.2, 0.2, 0.2, 0.1, 0.1] + [0.0] * 15),
)


def draw(template: str, /, language: str = "nl", **values: object) -> str:
    with translation.override(language):
        return Template(template).render(Context(values))


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("room", "Ruimte"),
        ("tight", "Krap"),
        ("ask_first", "Eerst vragen"),
        ("no_room", "Geen ruimte"),
    ],
)
def test_a_verdict_is_word_sign_and_colour_and_no_two_share_one(verdict, word):
    html = draw("{% verdict_badge verdict %}", verdict=verdict)
    assert visible_text(html) == word
    others = [name for name in VERDICTS if name != verdict]
    assert all(VERDICTS[verdict][i] != VERDICTS[name][i] for name in others for i in range(3))


def test_every_verdict_and_standing_of_the_engine_has_its_words():
    for verdict in Verdict:
        assert visible_text(draw("{% verdict verdict .5 %}{% endverdict %}", verdict=verdict))
    for standing in Standing:
        assert visible_text(draw("{% norm standing %}", standing=standing))


def test_a_verdict_says_its_chance_in_the_language_of_the_page():
    assert visible_text(draw('{% verdict_badge "room" .912 %}')) == "Ruimte, 9 op 10"
    assert visible_text(draw('{% verdict_badge "room" .97 %}', "en")) == "Room, almost certain"
    html = draw(
        '{% verdict "tight" .86 kind="attention" about="in Vechtoever 17" %}x{% endverdict %}'
    )
    assert (
        visible_text(html)
        == "wat extra aandacht in Vechtoever 17 Krap (kans op een plek: ruim 8 op 10) x"
    )


def test_an_icon_that_is_not_on_the_sheet_is_an_error_at_once():
    with pytest.raises(ValueError, match="no icon 'key-rond'"):
        draw('{% icon "key-rond" %}')


def test_a_figure_about_a_neighbourhood_names_its_base():
    html = draw('{% basis "Woonbelang" 212 624 %}')
    assert visible_text(html) == (
        "van het bezit van Woonbelang in deze buurt: 212 van 624 woningen (34 %)"
    )
    assert "0 van 0 woningen" in visible_text(draw('{% basis "Woonbelang" 0 0 %}'))


def test_chips_choose_nothing_until_the_reader_did():
    options = [Option(value="a", label="Eén"), Option(value="b", label="Twee", disabled=True)]
    html = draw('{% reason_chips "reason" "Reden" options %}', options=options)
    assert "checked" not in html
    assert html.count('type="radio"') == 2
    assert html.count(" disabled") == 1
    again = draw('{% reason_chips "reason" "Reden" options chosen="a" %}', options=options)
    assert again.count(" checked") == 1


def test_chips_say_what_is_wrong_beside_themselves():
    html = draw('{% reason_chips "reason" "Reden" options error="Kies een reden." %}', options=[])
    assert 'aria-describedby="error_reason"' in html
    assert "Kies een reden." in visible_text(html)


def test_a_stepper_is_a_plain_number_field_when_nothing_runs():
    html = draw('{% stepper "attention_low" "minst" 10 high=39 %}')
    assert re.search(r'<input id="id_attention_low" name="attention_low" type="number"[^>]*>', html)
    assert html.count("hidden") == 2
    assert 'min="0" max="39" value="10"' in html
    assert "minst: 1 lager" in visible_text(html)
    assert 'value=""' in draw('{% stepper "low" "minst" nothing %}', nothing=None)


def test_a_card_is_named_by_its_title():
    html = draw('{% card "Geschiedenis" note="Kort" count=3 css="card-edge" %}inhoud{% endcard %}')
    assert 'aria-labelledby="card-geschiedenis"' in html
    assert 'id="card-geschiedenis"' in html
    assert visible_text(html) == "Geschiedenis 3 Kort inhoud"


def test_an_error_leads_to_its_field_and_the_field_repeats_it():
    class Form(forms.Form):
        reason = forms.CharField(
            label="Reden", help_text="Kort", error_messages={"required": "Kies een reden."}
        )

    form = Form({})
    assert not form.is_valid()
    html = draw("{% error_summary form %}", form=form)
    assert '<a href="#id_reason">Kies een reden.</a>' in html
    assert "Er klopt nog één ding niet" in html
    field = draw("{% form_field form.reason %}", form=form)
    assert 'aria-describedby="hint_reason error_reason"' in field
    assert 'class="input"' in field
    assert draw("{% error_summary form %}", form=Form({"reason": "x"})).strip() == ""


def test_an_error_of_the_whole_form_stands_without_a_link():
    class Form(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("Iemand was u voor.")

    html = draw("{% error_summary form %}", form=Form({}))
    assert "<li>Iemand was u voor.</li>" in html


def test_a_step_bar_marks_where_we_are_for_eyes_and_ears():
    steps = [
        Step(label="Gemeld", state=StepState.DONE),
        Step(label="Uw beeld", state=StepState.CURRENT),
        Step(label="Advies"),
    ]
    html = draw("{% step_bar steps %}", steps=steps)
    assert html.count('aria-current="step"') == 1
    assert visible_text(html) == "Stappen van deze vacature klaar Gemeld 2 Uw beeld 3 Advies"


def test_a_channel_that_is_closed_says_why_and_one_that_is_open_says_its_ground():
    ground = Ground(standing="agreement", source="§ 4.3")
    open_way = Channel(
        title="Gewoon aanbod",
        explanation="x",
        chance=0.75,
        ground_text="Grond: niet nodig",
        ground=ground,
    )
    closed = Channel(
        title="Tussenlanding", explanation="x", chance=0.7, closed="Geen geldige grond."
    )
    html = visible_text(draw("{% channel_card channel %}", channel=open_way))
    assert "75 van de 100" in html
    assert "Grond: niet nodig afspraak § 4.3" in html
    assert "kan nu niet Geen" not in html
    html = visible_text(draw("{% channel_card channel %}", channel=closed))
    assert "kan nu niet" in html
    assert "Geen geldige grond." in html


def test_a_table_carries_its_column_names_to_a_phone():
    table = DataTable(
        caption="Ik volg",
        columns=(Column(label="Wat"), Column(label="Stap"), Column(label="Dagen", numeric=True)),
        rows=((Link(label="26-068", href="/x/"), "Aangeboden", "5"),),
    )
    html = draw("{% data_table table %}", table=table)
    assert '<th scope="row"><a href="/x/">26-068</a></th>' in html
    assert '<td data-label="Stap">Aangeboden</td>' in html
    assert '<td data-label="Dagen" class="numeric">5</td>' in html


def test_a_row_that_does_not_fit_its_table_is_an_error():
    table = DataTable(caption="x", columns=(Column(label="a"),), rows=(("1", "2"),))
    with pytest.raises(ValueError, match="zip"):
        draw("{% data_table table %}", table=table)


def test_the_words_of_a_chart_follow_the_language():
    dutch = draw('{% histogram account "Actief" as chart %}{% drawing chart %}', account=ACCOUNT)
    english = draw(
        '{% histogram account "Active" as chart %}{% drawing chart %}', "en", account=ACCOUNT
    )
    assert "grens 8" in dutch
    assert "waarschijnlijk 1–3" in dutch
    assert "limit 8" in english
    assert "likely 1–3" in english


def test_a_range_speaks_a_whole_sentence():
    html = draw(
        '{% range_line account "De Vlierhof" as chart %}{% drawing chart %}', account=ACCOUNT
    )
    assert (
        "De Vlierhof: waarschijnlijk 1 tot 3 huishoudens, meest waarschijnlijk 2; "
        "9 van de 10 keer 0 tot 5; de grens is 8 van 20"
    ) in visible_text(html)


COURSE = Course(
    moments=(Moment(day=date(2026, 1, 1), label=BAD, counted=ACCOUNT),),
    ahead=(
        Ahead(
            months=12, label=BAD, middle=2, likely=ACCOUNT.likely, wide=ACCOUNT.wide, marked=True
        ),
    ),
)

HOSTILE = {
    "card": "{% card bad note=bad aside=bad %}{{ bad }}{% endcard %}",
    "verdict": '{% verdict "room" about=bad %}{{ bad }}{% endverdict %}',
    "notice": '{% notice "info" bad %}{{ bad }}{% endnotice %}',
    "empty": "{% empty bad %}{{ bad }}{% endempty %}",
    "hint and veil": "{% hint %}{{ bad }}{% endhint %}{% veil bad %}{{ bad }}{% endveil %}",
    "tags": '{% status "ok" bad %}{% norm "aim" bad %}{% category "attention" bad %}',
    "basis": "{% basis bad 1 2 bad %}",
    "stepper": '{% stepper "x" bad bad %}',
    "chips": '{% reason_chips "x" bad options error=bad %}',
    "crumbs and events": "{% breadcrumbs crumbs %}{% timeline events %}",
    "lists": "{% facts items %}{% work_list tasks %}{% reasons lines %}",
    "channel": "{% channel_card channel %}",
    "table": "{% data_table table %}",
    "persona": '{% persona_button persona "/" %}',
    "histogram": "{% histogram account bad as c %}{% drawing c %}{% chart_table c %}",
    "range": "{% range_line account bad as c %}{% drawing c %}{% chart_table c %}",
    "fan": "{% fan course bad as c %}{% drawing c %}{% chart_table c %}",
    "small fan": "{% small_fan course bad axis as c %}{% drawing c %}{% chart_table c %}",
    "triangle": "{% triangle field corners bad as c %}{% drawing c %}{% chart_table c %}",
    "reach": "{% reach_line reach bad as c %}{% drawing c %}{% chart_table c %}",
    "difference": "{% difference_line longer bad bad as c %}{% drawing c %}{% chart_table c %}",
    "meter": "{% meter bad .5 as c %}{% drawing c %}{% chart_table c %}",
    "shares": "{% share_bar parts bad as c %}{% drawing c %}{% chart_table c %}",
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE)
def test_text_from_outside_stays_text(template):
    ground = Ground(standing="aim", source=BAD)
    html = draw(
        template,
        bad=BAD,
        options=[Option(value=BAD, label=BAD)],
        crumbs=[Link(label=BAD, href=BAD), Link(label=BAD)],
        events=[Event(on=date(2026, 1, 1), icon="check", title=BAD, text=BAD, href=BAD)],
        items=[Fact(term=BAD, value=BAD, note=BAD)],
        tasks=[Task(icon="check", title=BAD, href=BAD, about=BAD, why=BAD, due=BAD, action=BAD)],
        lines=[ReasonLine(tone="ok", title=BAD, text=BAD, ground=ground)],
        channel=Channel(
            title=BAD, explanation=BAD, chance=0.5, advert=BAD, delay=BAD, closed=BAD, ground=ground
        ),
        table=DataTable(
            caption=BAD,
            columns=(Column(label=BAD), Column(label=BAD)),
            rows=((Link(label=BAD, href=BAD), BAD),),
        ),
        persona=Persona(key=BAD, name=BAD, about=BAD),
        account=ACCOUNT,
        course=COURSE,
        axis=Span(low=0, high=20),
        field=Field(reach=((0.5, 0.2, 0.3),), path=(Waypoint(label=BAD, mix=(0.5, 0.2, 0.3)),)),
        corners=[BAD] * 3,
        reach=Reach(low=0.1, high=0.5, now=0.2),
        longer=Difference(value=3, most=12),
        parts=[Part(kind="regular", label=BAD, share=1.0)],
    )
    assert "<img" not in html
    assert "onerror=alert" in html, "the text itself is shown"
    assert "49" not in re.sub(r"[\d.]+%|\d+\.\d+", "", html)
