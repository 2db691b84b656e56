"""Files as they are: the community page at `/`, the widget, the desk."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api.errors import not_found

WEB = Path(__file__).resolve().parents[1] / "web"


def install(app: FastAPI) -> None:
    """Put the pages below the API's routes; the community page comes last, because it takes every address."""

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        """For a supervisor: the process answers."""
        return JSONResponse({"status": "ok"})

    @app.get("/desk", include_in_schema=False)
    async def desk() -> RedirectResponse:
        """The desk lives in a folder."""
        return RedirectResponse("/desk/")

    @app.get("/api/{rest:path}", include_in_schema=False)
    async def nothing(rest: str) -> None:
        """A program that asks for an address we do not have gets JSON, not the page for people."""
        raise not_found()

    for path, folder in (("/widget", "widget"), ("/desk", "desk"), ("/", "site")):
        files = StaticFiles(directory=WEB / folder, html=True)
        app.mount(path, GZipMiddleware(files, minimum_size=600), name=folder)
