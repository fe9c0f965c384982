"""Counts the SQL statements of a request that asks for it; stands outermost in both applications.

Only the settings of the bench name this middleware. A request without the header pays for one
look-up in a dictionary, the same in both applications.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASK = "HTTP_X_BENCH_COUNT"
SQL = "X-Bench-Sql"
DATABASE_MS = "X-Bench-Database-Ms"


class CountingMiddleware:
    """Answers a request that carries ``X-Bench-Count`` with the number of its statements."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count, when asked; BEGIN, COMMIT and the connection's health check are not statements."""
        if ASK not in request.META:
            return self.get_response(request)
        statements: list[tuple[str, float]] = []

        def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, parameters, many, context)
            finally:
                statements.append((sql, (time.perf_counter() - began) * 1000))

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response[SQL] = str(len(statements))
        response[DATABASE_MS] = f"{sum(spent for _, spent in statements):.3f}"
        if path := os.environ.get("BENCH_STATEMENTS"):
            with Path(path).open("a", encoding="utf-8") as file:
                line = {"request": f"{request.method} {request.path}", "statements": statements}
                file.write(json.dumps(line) + "\n")
        return response
