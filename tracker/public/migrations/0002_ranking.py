from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

first = import_module("tracker.public.migrations.0001_search")

# Words as they stand, and their stems: English ones of titles, names and translations, those of the quote in
# its own language. The letters say where a word stands (tracker/public/search/wanted.py).
POSTGRESQL = (
    """
    ALTER TABLE public_searchentry ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title_words) || to_tsvector('english', title_words), 'A')
        || setweight(
            to_tsvector('simple', quote_words || ' ' || translation_words)
            || to_tsvector('english', translation_words)
            || CASE quote_language
                WHEN 'ar' THEN to_tsvector('arabic', quote_words)
                WHEN 'en' THEN to_tsvector('english', quote_words)
                WHEN 'es' THEN to_tsvector('spanish', quote_words)
                WHEN 'fr' THEN to_tsvector('french', quote_words)
                ELSE ''::tsvector
            END,
            'B'
        )
        || setweight(to_tsvector('simple', subject_words) || to_tsvector('english', subject_words), 'C')
    ) STORED
    """,
    "CREATE INDEX public_searchentry_vector ON public_searchentry USING gin (vector)",
)
# As in the first migration, with other columns.
SQLITE = (
    """
    CREATE VIRTUAL TABLE public_searchwords USING fts5(
        title_words, quote_words, translation_words, subject_words,
        content='public_searchentry', content_rowid='pledge_id', prefix='3 4', tokenize='porter unicode61'
    )
    """,
    """
    CREATE TRIGGER public_searchentry_added AFTER INSERT ON public_searchentry BEGIN
        INSERT INTO public_searchwords (rowid, title_words, quote_words, translation_words, subject_words)
        VALUES (new.pledge_id, new.title_words, new.quote_words, new.translation_words, new.subject_words);
    END
    """,
    """
    CREATE TRIGGER public_searchentry_removed AFTER DELETE ON public_searchentry BEGIN
        INSERT INTO public_searchwords (
            public_searchwords, rowid, title_words, quote_words, translation_words, subject_words)
        VALUES ('delete', old.pledge_id, old.title_words, old.quote_words, old.translation_words,
                old.subject_words);
    END
    """,
    """
    CREATE TRIGGER public_searchentry_changed AFTER UPDATE ON public_searchentry BEGIN
        INSERT INTO public_searchwords (
            public_searchwords, rowid, title_words, quote_words, translation_words, subject_words)
        VALUES ('delete', old.pledge_id, old.title_words, old.quote_words, old.translation_words,
                old.subject_words);
        INSERT INTO public_searchwords (rowid, title_words, quote_words, translation_words, subject_words)
        VALUES (new.pledge_id, new.title_words, new.quote_words, new.translation_words, new.subject_words);
    END
    """,
)


def make_searchable(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    """Make the index anew: whoever migrates fills it from the record at once (tracker/public/apps.py)."""

    dependencies = [("public", "0001_search")]
    operations = [
        migrations.RunPython(first.make_plain, first.make_searchable),
        migrations.DeleteModel(name="SearchEntry"),
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
                ("title_words", models.TextField()),
                ("quote_words", models.TextField()),
                ("quote_language", models.CharField(max_length=3)),
                ("translation_words", models.TextField()),
                ("subject_words", models.TextField()),
            ],
        ),
        migrations.RunPython(make_searchable, first.make_plain),
    ]
