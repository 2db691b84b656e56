"""Other agents call Minxing through the SDK's own client (issue 4, item 8)."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import uvicorn

from api.mcp_door import build
from knowledge.library import Library
from knowledge.types import SearchResult, UnansweredReason
from tests.conftest import free_port, missing
from tests.tools.conftest import PROJECT, registry_cite
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


async def test_the_trace_says_who_declared_what(server: Any) -> None:
    facts = {"child_age": 7, "father_state": "dead"}
    declared = {"father_state": {"by": "staff"}}
    result = (
        await call(server, "precheck", facts=facts, declared=declared, focus=["B02"])
    ).structured_content
    read = {f["name"]: f for v in result["verdicts"] for step in v["trace"] for f in step["facts"]}
    assert read["father_state"]["declared_by"] == "staff"
    assert read["child_age"]["declared_by"] == "family"


async def use_all(client: Any) -> None:
    """Search, pre-check, benefit and directory, as another agent of the city would call them."""
    found = (
        await client.call_tool("search_policy", {"question": "事实无人抚养儿童补贴怎么申请"})
    ).structured_content
    assert found["hits"] and found["hits"][0]["citation"]["clause"]
    facts = {"child_age": 7, "father_state": "dead", "mother_state": "seriously_ill"}
    checked = (await client.call_tool("precheck", {"facts": facts, "focus": ["B02"]})).structured_content
    assert next(v for v in checked["verdicts"] if v["benefit"] == "B02")["outcome"] == "likely"
    benefit = (await client.call_tool("get_benefit", {"entry": "B02"})).structured_content
    assert benefit["materials"] and benefit["sources"]
    contacts = (await client.call_tool("find_contact", {"tags": ["benefits"]})).structured_content
    assert any(one["number"] == "12345" for one in contacts["result"])


async def test_over_stdio(tmp_path: Path) -> None:
    """`minxing mcp` as a process of its own, with the SDK's client at the other end of the pipe."""
    if importlib.util.find_spec("mcp") is None:
        missing("mcp")
    sdk = importlib.import_module("mcp")
    command = sdk.StdioServerParameters(
        command=sys.executable,
        args=["-c", "from cli import run; run()", "mcp"],
        env={**os.environ, "MINXING_DATA_DIR": str(tmp_path)},
        cwd=PROJECT,
    )
    async with sdk.Client(command, read_timeout_seconds=60) as client:
        await use_all(client)


async def test_over_http_as_a_process(tmp_path: Path) -> None:
    """`minxing mcp --transport streamable-http` on a port of its own."""
    if importlib.util.find_spec("mcp") is None:
        missing("mcp")
    sdk = importlib.import_module("mcp")
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from cli import run; run()", "mcp", "--transport", "streamable-http"),
        *("--port", str(port)),
        env={**os.environ, "MINXING_DATA_DIR": str(tmp_path)},
        cwd=PROJECT,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await listening(port)
        async with sdk.Client(f"http://127.0.0.1:{port}/mcp", read_timeout_seconds=60) as client:
            await use_all(client)
    finally:
        process.terminate()
        await process.wait()


async def listening(port: int, seconds: float = 60) -> None:
    """Wait until something answers on the port."""
    for _ in range(int(seconds / 0.1)):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    pytest.fail("the process never listened")
