from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# What words separated by spaces ask of the index: each of them, in any of its forms. "simple" takes words as
# they stand; the others know the forms of words, in the languages of the pages. `flags` are those of a word in
# a tsquery: places such as "A", and "*" for words that begin like one of them, which then have no other form.
# It is immutable, as the configurations that it names in full are until the next release of PostgreSQL: the
# database then knows the words before it chooses how to search.
POSTGRESQL = """
    CREATE FUNCTION public_wanted(words text, flags text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT string_agg('(' || forms || ')', ' & ')::tsquery
        FROM (
            SELECT string_agg(DISTINCT quote_literal(lexeme) || rtrim(':' || flags, ':'), ' | ') AS forms
            FROM string_to_table(words, ' ') WITH ORDINALITY AS wanted (word, place),
                 unnest(
                     CASE WHEN strpos(flags, '*') > 0 THEN ARRAY['simple']
                     ELSE ARRAY['simple', 'english', 'arabic', 'french', 'spanish'] END
                 ) AS language,
                 unnest(tsvector_to_array(to_tsvector(('pg_catalog.' || language)::regconfig, word))) AS lexeme
            GROUP BY place
        ) AS each_word
    $$
"""


def add(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION public_wanted(text, text)")


class Migration(migrations.Migration):
    """Let PostgreSQL find the forms of words within a search. SQLite's index knows the English ones by itself."""

    dependencies = [("public", "0002_ranking")]
    operations = [migrations.RunPython(add, remove)]
