import pytest
from django.test import Client


@pytest.mark.django_db
def test_healthz_answers_plain_text_when_the_database_does(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"
    assert answer["Content-Type"].startswith("text/plain")
    assert not answer.cookies
