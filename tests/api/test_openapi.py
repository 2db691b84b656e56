"""Schemathesis over the published OpenAPI finds no 5xx, and every answer is as described."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from server import create_app
from settings import load_settings
from tests.api.conftest import Family, open_family
from tests.conftest import Running

schema = schemathesis.openapi.from_dict(create_app(load_settings(_env_file=None)).openapi())


@pytest.fixture(scope="module")
def anyone(minxing: Running) -> Family:
    return open_family(httpx.Client(base_url=minxing.url, timeout=20, trust_env=False))


@schema.exclude(path_regex="/desk").parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_5xx_and_nothing_undocumented(case: schemathesis.Case[Any], anyone: Family) -> None:
    """Half of the generated conversation ids are a real one's, so that requests reach past the door."""
    if "conversation_id" in case.path_parameters and hash(case.id) % 2:
        case.path_parameters["conversation_id"] = anyone.id
    if case.operation.path.endswith("/events"):
        case.query = {**(case.query or {}), "poll": True}  # a stream would not end
    response = case.call(base_url=str(anyone.http.base_url), headers=anyone.headers)
    case.validate_response(
        response, checks=[not_a_server_error, status_code_conformance, response_schema_conformance]
    )


def test_every_error_is_described() -> None:
    for path, operations in schema.raw_schema["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    reference = answer["content"]["application/json"]["schema"]["$ref"]
                    assert reference.endswith("/ErrorBody"), (method, path, status)
