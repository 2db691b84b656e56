"""Other agents call Minxing through the SDK's own client (issue 4, item 8)."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import importlib.util
import threading
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import uvicorn

from api.mcp_door import build
from knowledge.library import Library
from knowledge.types import SearchResult, UnansweredReason
from tests.conftest import free_port, missing
from tests.tools.conftest import registry_cite
from tools.catalogue import Catalogue
from tools.directory import Directory


class EmptyLibrary:
    """A library that finds nothing: what is tested here is the door."""

    def search(self, question: str, **_: object) -> SearchResult:
        assert question
        return SearchResult((), False, UnansweredReason.NOTHING_FOUND)


@pytest.fixture(scope="module")
def server() -> Any:
    if importlib.util.find_spec("mcp") is None:
        missing("mcp")

    def now() -> dt.datetime:
        return dt.datetime(2026, 11, 21, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    library = cast(Library, EmptyLibrary())
    return build(library, Catalogue.load(registry_cite()), Directory.load(), now)


async def call(server: Any, tool: str, **arguments: object) -> Any:
    client = importlib.import_module("mcp").Client
    async with client(server) as connected:
        return await connected.call_tool(tool, arguments)


async def test_the_tools_are_listed(server: Any) -> None:
    client = importlib.import_module("mcp").Client
    async with client(server) as connected:
        tools = (await connected.list_tools()).tools
    assert {tool.name for tool in tools} == {
        "search_policy",
        "precheck",
        "list_facts",
        "list_benefits",
        "get_benefit",
        "find_contact",
    }


async def test_over_http(server: Any) -> None:
    """Streamable HTTP on a real port, as `minxing mcp --http` serves it."""
    port = free_port()
    app = server.streamable_http_app()
    web = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    serving = threading.Thread(target=web.run)
    serving.start()
    try:
        client = importlib.import_module("mcp").Client
        for _ in range(200):
            if web.started:
                break
            await asyncio.sleep(0.05)
        async with client(f"http://127.0.0.1:{port}/mcp") as connected:
            result = await connected.call_tool("list_benefits", {})
        assert any(one["id"] == "B02" for one in result.structured_content["result"])
    finally:
        web.should_exit = True
        await asyncio.to_thread(serving.join, 20)


async def test_precheck(server: Any) -> None:
    facts = {"child_age": 7, "father_state": "imprisoned", "father_term_months": 72, "mother_state": "dead"}
    result = (await call(server, "precheck", facts=facts, focus=["B02"])).structured_content
    verdict = next(one for one in result["verdicts"] if one["benefit"] == "B02")
    assert verdict["outcome"] == "likely"
    assert verdict["sources"][0]["clause"]


async def test_a_wrong_fact_is_explained(server: Any) -> None:
    result = await call(server, "precheck", facts={"father_stat": "dead"})
    assert result.is_error
    assert "father_state" in result.content[0].text


async def test_a_benefit(server: Any) -> None:
    result = (await call(server, "get_benefit", entry="B02")).structured_content
    assert result["name"] == "事实无人抚养儿童基本生活补贴"


async def test_contacts_put_danger_first(server: Any) -> None:
    result = (await call(server, "find_contact", tags=["violence"])).structured_content
    assert result["result"][0]["number"] == "110"


async def test_not_in_the_documents(server: Any) -> None:
    result = (await call(server, "search_policy", question="天气怎么样")).structured_content
    assert result["answerable"] is False


async def test_facts_say_how_they_are_asked(server: Any) -> None:
    result = (await call(server, "list_facts")).structured_content
    assert any(fact["name"] == "father_state" and fact["choices"] for fact in result["result"])
