"""A home can turn out not to be let after all: in the history of its vacancy and of the match."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly

EVENTS = [
    *("notice", "answer", "open", "decide", "propose", "confirm", "return", "withdraw"),
    *("hand_over", "open_matching", "stop_matching", "reserve", "free", "let", "unlet"),
    *("correct", "close"),
]
ACTS = [
    *("propose", "speak", "accept", "decline", "confirm", "override", "return", "back"),
    *("cancel", "let", "unlet", "promote", "release", "expire", "reopen"),
]


class Migration(migrations.Migration):
    dependencies = [("letting", "0011_a_notice_is_corrected")]
    operations = [
        migrations.RemoveConstraint("step", "step_event_known"),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(
                condition=models.Q(event__in=EVENTS), name="step_event_known"
            ),
        ),
        migrations.RemoveConstraint("matchstep", "match_act_known"),
        migrations.AddConstraint(
            "matchstep",
            models.CheckConstraint(condition=models.Q(act__in=ACTS), name="match_act_known"),
        ),
        AppendOnly("Step"),
        AppendOnly("MatchStep"),
    ]
