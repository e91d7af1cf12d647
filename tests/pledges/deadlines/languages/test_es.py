"""Spanish, as said on Friday 4 April 2025 where Friday and Saturday are the weekend."""

import pytest

from tests.pledges.deadlines.reading import read, summary

pytestmark = pytest.mark.once

READINGS = [
    # figures, decades and acts
    ("dentro de los 90 días siguientes al decreto", "2025-07-03, day"),
    ("en los 90 días posteriores al decreto", "2025-07-03, day"),
    ("en un plazo de 90 días a partir del decreto", "2025-07-03, day"),
    ("antes de 12/2025", "2025-11-30, day"),
    ("antes del fin de la década", "unreadable: ambiguous_period"),
    ("en un mes", "2025-05-04, day"),
    ("dentro de un mes", "2025-05-04, day"),
    ("en un plazo de 30 días", "2025-05-04, day"),
    ("en los próximos 30 días", "2025-05-04, day"),
    ("en 48 horas", "2025-04-06, day"),
    ("en quince días", "2025-04-19, day"),
    ("treinta y un días", "2025-05-05, day"),
    ("veintiún días", "2025-04-25, day"),
    ("ciento veinte días", "2025-08-02, day"),
    ("en un año", "2026-04-04, day"),
    ("una prórroga de tres meses no renovable", "2025-07-04, day"),
    ("dentro de 90 días del decreto", "2025-07-03, day"),
    ("5 días hábiles", "2025-04-10, day"),
    ("en un plazo máximo de diez días hábiles", "2025-04-20, day"),
    ("a más tardar el 4 de mayo de 2025", "2025-05-04, day"),
    ("hasta el 4 de mayo de 2025", "2025-05-04, day"),
    ("antes del 4 de mayo", "2025-05-03, day"),
    ("el 1.º de mayo de 2025", "2025-05-01, day"),
    ("el primero de mayo", "2025-05-01, day"),
    ("el próximo martes", "2025-04-08, day"),
    ("el próximo domingo", "2025-04-06, day"),
    ("el próximo lunes 7 de abril", "2025-04-07, day"),
    ("mañana", "2025-04-05, day"),
    ("mañana por la mañana", "2025-04-05, day"),
    ("pasado mañana", "2025-04-06, day"),
    ("a fin de mes", "2025-04-01 to 2025-04-30, month"),
    ("a finales de marzo", "2026-03-01 to 2026-03-31, month"),
    ("a principios de septiembre", "2025-09-01 to 2025-09-30, month"),
    ("el mes que viene", "2025-05-01 to 2025-05-31, month"),
    ("durante el mes de mayo", "2025-05-01 to 2025-05-31, month"),
    ("en el tercer trimestre de 2026", "2026-07-01 to 2026-09-30, quarter"),
    ("antes de que termine el tercer trimestre de 2026", "2026-07-01 to 2026-09-30, quarter"),
    ("en el primer semestre de 2026", "2026-01-01 to 2026-06-30, half_year"),
    ("antes de fin de año", "2025-01-01 to 2025-12-31, year"),
    ("antes de que finalice el año", "2025-01-01 to 2025-12-31, year"),
    ("el año que viene", "2026-01-01 to 2026-12-31, year"),
    ("en 2027", "2027-01-01 to 2027-12-31, year"),
    ("para 2028", "2028-01-01 to 2028-12-31, year"),
    ("antes de 2028", "2027-12-31, day"),
    ("próximamente", "vague"),
    ("lo antes posible", "vague"),
    ("en las próximas semanas", "vague"),
    ("en los próximos días", "vague"),
    ("en unos días", "vague"),
    ("para la primavera", "vague"),
    ("antes de las elecciones", "event_tied"),
    ("después de la formación de la comisión", "event_tied"),
    ("treinta días después de la formación de la comisión", "event_tied"),
    ("dentro de los tres meses siguientes a la publicación de la ley", "event_tied"),
    ("dentro del mes", "unreadable: ambiguous_period"),
    ("el viernes", "unreadable: ambiguous_weekday"),
    ("03/04/2025", "unreadable: ambiguous_date"),
    ("año fiscal 2025-2026", "unreadable: fiscal_year"),
    ("en 2 o 3 meses", "unreadable: incomplete"),
    ("dentro de un o dos meses", "unreadable: incomplete"),
    ("3 a 5 días", "unreadable: incomplete"),
    ("no antes del 4 de mayo", "unreadable: not_a_deadline"),
    ("hace dos meses", "unreadable: not_a_deadline"),
    ("a partir del 4 de mayo", "unreadable: incomplete"),
]


@pytest.mark.parametrize(("phrase", "expected"), READINGS)
def test_spanish(phrase: str, expected: str) -> None:
    assert summary(read(phrase, "es")) == expected
