"""Calls from Celery tasks: one client for the whole project, made where the module is loaded.

    MIJNKLANTPORTAAL_API_KEY=... CELERY_BROKER_URL=redis://... celery -A celery_tasks worker

Every worker process and thread uses the client through `run`; a process that is forked off gets connections of its own.
"""

from typing import Any

from celery import Celery

from mijnklantportaal_client import APIConnectionError, MijnKlantportaal, Outcome
from mijnklantportaal_client.blocking import run

app = Celery("celery_tasks")
portal = MijnKlantportaal()


@app.task
def company_name(customer_id: str) -> str:
    """Read something. What a failed call may be repeated for, the client has repeated already."""
    return run(portal.customers.get(customer_id)).company_name


@app.task(bind=True, max_retries=5)
def create_customer(self: Any, /, **fields: Any) -> str:
    """Create something, later if need be, but never twice: only what certainly was not sent is tried again."""
    try:
        return run(portal.customers.create(**fields)).id
    except APIConnectionError as error:
        if error.outcome is Outcome.NOT_SENT:
            raise self.retry(exc=error) from error
        raise
