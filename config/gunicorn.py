"""Settings of gunicorn. The number of processes comes from its own variable WEB_CONCURRENCY."""

import gc
import os

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 5
# Who reads what is nobody's business: no access log. Errors go to stderr. A warning would name the network
# address of whoever sends what is no request, with the words of it as they came.
accesslog = None
loglevel = "error"
# It would write into the home folder.
control_socket_disable = True
# PostgreSQL's workers beside a list that ends after a page run far ahead of it, and a crowd needs each of
# them itself. In its usual 4 MB a search for how frequent words begin has no room for what the index found,
# and reads whole pages of the table. PgBouncer takes this with "ignore_startup_parameters = options".
FOR_PAGES = "-c max_parallel_workers_per_gather=0 -c work_mem=16MB"
raw_env = [f"PGOPTIONS={os.environ.get('PGOPTIONS', FOR_PAGES)}"]


def post_worker_init(_worker: object) -> None:
    """Keep what is loaded for good out of the search for garbage, which else stops all readers for 0.1 s."""
    gc.collect()
    gc.freeze()
