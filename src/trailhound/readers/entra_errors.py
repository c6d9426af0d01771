"""Error numbers of Entra ID sign-ins, which the Microsoft 365 audit log carries too."""

from __future__ import annotations

INTERRUPTS = frozenset(
    [
        "16000",
        "16001",
        "50055",
        "50058",
        "50072",
        "50074",
        "50076",
        "50079",
        "50097",
        "50125",
        "50127",
        "50129",
        "50140",
        "50143",
        "50144",
        "50158",
        "50203",
        "51006",
        "65001",
    ]
)
"""Sign-in errors that ask for one more step (second factor, consent, enrolment), not bad passwords.
A second factor that was refused (500121) is a failure."""
