"""A Django database engine on DynamoDB: `docs/engine.md` says what it promises.

To be read in this order; each folder imports only those above it:

    client/   one request to AWS and its answer
    tables/   a model as DynamoDB sees it
    rows/     a transaction: what it reads, buffers and commits
    query/    SQLite as the reader of SQL, whose tables are asked of `rows`
    schema/   tables made, altered and rewritten by migrations

Beside them stand what Django looks for (`base`, `features`, `operations`, `introspection`,
`creation`, `shell`, `apps`, `management`) and what programs import (all the others: `reads`,
`bulk`, `conflicts`, `fields`, `indexes` and `expressions` first).
"""
