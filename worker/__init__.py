"""The worker: fires what is due; rq when there is a Redis, else a plain loop."""
