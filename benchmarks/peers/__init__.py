"""django-oscar with django-oscar-api, for `make bench PEERS=1`: the same five requests, answered
by the shop that others would take. It runs in an environment of its own, `.local/peers`."""
