"""Settings of gunicorn. The number of processes comes from its own variable WEB_CONCURRENCY."""

import os

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 5
# Who reads what is nobody's business: no access log. Errors go to stderr.
accesslog = None
loglevel = "warning"
# It would write into the home folder.
control_socket_disable = True
# PostgreSQL's workers beside a list that ends after a page run far ahead of it, and a crowd needs each of
# them itself. PgBouncer takes this with "ignore_startup_parameters = options".
PAGES_ALONE = "-c max_parallel_workers_per_gather=0"
raw_env = [f"PGOPTIONS={os.environ.get('PGOPTIONS', PAGES_ALONE)}"]
