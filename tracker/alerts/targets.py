"""What can be followed."""

from pledges.models import Pledge


def targets_of(pledge: Pledge) -> list[str]:
    bodies = pledge.bodies.order_by("pk").values_list("pk", flat=True)
    return [
        "all",
        f"pledge:{pledge.pk}",
        f"case:{pledge.case_id}",
        f"action:{pledge.action}",
        *(f"body:{pk}" for pk in bodies),
    ]
