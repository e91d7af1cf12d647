import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Words as they stand; English stems of the titles and translations; stems of the quote in its own language.
POSTGRESQL = (
    """
    ALTER TABLE public_searchentry ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
        to_tsvector('simple', words || ' ' || quote_words)
        || to_tsvector('english', words)
        || CASE quote_language
            WHEN 'ar' THEN to_tsvector('arabic', quote_words)
            WHEN 'en' THEN to_tsvector('english', quote_words)
            WHEN 'es' THEN to_tsvector('spanish', quote_words)
            WHEN 'fr' THEN to_tsvector('french', quote_words)
            ELSE ''::tsvector
        END
    ) STORED
    """,
    "CREATE INDEX public_searchentry_vector ON public_searchentry USING gin (vector)",
)
# Porter knows the forms of English words alone. The full-text table holds no words of its own: triggers tell it what to add and what to forget. A migration
# that makes SQLite rebuild public_searchentry must make them again.
SQLITE = (
    """
    CREATE VIRTUAL TABLE public_searchwords USING fts5(
        words, quote_words, content='public_searchentry', content_rowid='pledge_id', prefix='3 4',
        tokenize='porter unicode61'
    )
    """,
    """
    CREATE TRIGGER public_searchentry_added AFTER INSERT ON public_searchentry BEGIN
        INSERT INTO public_searchwords (rowid, words, quote_words)
        VALUES (new.pledge_id, new.words, new.quote_words);
    END
    """,
    """
    CREATE TRIGGER public_searchentry_removed AFTER DELETE ON public_searchentry BEGIN
        INSERT INTO public_searchwords (public_searchwords, rowid, words, quote_words)
        VALUES ('delete', old.pledge_id, old.words, old.quote_words);
    END
    """,
    """
    CREATE TRIGGER public_searchentry_changed AFTER UPDATE ON public_searchentry BEGIN
        INSERT INTO public_searchwords (public_searchwords, rowid, words, quote_words)
        VALUES ('delete', old.pledge_id, old.words, old.quote_words);
        INSERT INTO public_searchwords (rowid, words, quote_words)
        VALUES (new.pledge_id, new.words, new.quote_words);
    END
    """,
)


def make_searchable(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def make_plain(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    # Triggers, vector and index go with the table itself.
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE public_searchwords")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("pledges", "0010_criticism")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "pledge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="pledges.pledge",
                    ),
                ),
                ("words", models.TextField()),
                ("quote_words", models.TextField()),
                ("quote_language", models.CharField(max_length=3)),
            ],
        ),
        migrations.RunPython(make_searchable, make_plain),
    ]
