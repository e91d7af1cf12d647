import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0008_replies"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                help_text="The wider pledge of the same case, of which this one is a step.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="pledges.pledge",
                verbose_name="part of",
            ),
        ),
    ]
