"""Settings of gunicorn. The number of processes comes from its own variable WEB_CONCURRENCY."""

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 5
# Who reads what is nobody's business: no access log. Errors go to stderr.
accesslog = None
loglevel = "warning"
# It would write into the home folder.
control_socket_disable = True
