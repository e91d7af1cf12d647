"""Chain the events that were written before there were chains."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from pledges import append_only
from pledges.ledger import chain

BATCH = 2_000
FIELDS = ["actor_salt", "prev_hash", "hash"]
SUBJECTS = {"pledge": ("Pledge", "reference"), "body": ("Body", "slug"), "case": ("Case", "slug")}


def chained(events: Any) -> Iterator[Any]:  # noqa: ANN401  (a queryset of a historical model)
    """Yield the events with their hashes, stream by stream."""
    stream, head = None, chain.START
    for event in events.select_related("deadline").order_by("stream", "position").iterator(BATCH):
        if event.stream != stream:
            stream, head = event.stream, chain.START
        event.actor_salt = chain.new_salt() if event.actor_id else ""
        event.prev_hash = head
        event.hash = head = chain.hash_of(
            chain.event_body(
                stream=event.stream,
                position=event.position,
                kind=event.kind,
                deadline=event.deadline.position if event.deadline else None,
                happened_on=event.happened_on,
                recorded_at=event.recorded_at,
                actor=chain.seal(event.actor_id, event.actor_salt),
                payload=event.payload,
                prev_hash=event.prev_hash,
            )
        )
        yield event


def chain_existing(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    event_model = apps.get_model("pledges", "Event")
    heads: dict[str, str] = {}
    batch: list[Any] = []
    with append_only.lifted(schema_editor.connection):
        for event in chained(event_model.objects.all()):
            heads[event.stream] = event.hash
            batch.append(event)
            if len(batch) == BATCH:
                event_model.objects.bulk_update(batch, FIELDS)
                batch = []
        event_model.objects.bulk_update(batch, FIELDS)
    for stream, head in heads.items():
        kind, _, name = stream.partition(":")
        model, key = SUBJECTS.get(kind, ("Source", "pk"))
        apps.get_model("pledges", model).objects.filter(**{key: name}).update(head_hash=head)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_chain")]
    operations = [migrations.RunPython(chain_existing, migrations.RunPython.noop)]
