"""One request to AWS and its answer: connections, signatures, refusals, retries."""
