"""The way of a home can be chosen anew, after its advert yielded nobody."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly

EVENTS = [
    *("notice", "answer", "open", "decide", "propose", "confirm", "return", "withdraw", "anew"),
    *("hand_over", "open_matching", "stop_matching", "reserve", "free", "let", "unlet"),
    *("correct", "close", "reopen"),
]
REASONS = [
    ("mistake", "A mistake"),
    ("changed", "The situation changed"),
    ("returned", "Returned by the second reader"),
    ("no_reaction", "Nobody reacted to the advertisement"),
    ("all_refused", "Nobody who was offered the home took it"),
    ("rules", "The letting rules allowed nobody who reacted"),
    ("no_request", "Nobody of the group that it was for asks for a home now"),
]


class Migration(migrations.Migration):
    dependencies = [("letting", "0013_open_again")]
    operations = [
        migrations.AlterField(
            "withdrawal", "reason", models.CharField(max_length=30, choices=REASONS)
        ),
        migrations.RemoveConstraint("step", "step_event_known"),
        migrations.AddConstraint(
            "step",
            models.CheckConstraint(
                condition=models.Q(event__in=EVENTS), name="step_event_known"
            ),
        ),
        AppendOnly("Step"),
        AppendOnly("Withdrawal"),
    ]
