"""The partner over A2A: one question out, one text back, within a time and a size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

    from settings import Settings
    from tools.types import FactValue

BYTES_MOST = 200_000
"""Of all that the partner sends for one errand."""


class PartnerFailedError(Exception):
    """The composer sees this and tells the family that nobody answered."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What leaves the house: nothing else does."""

    question: str
    """Redacted."""
    facts: dict[str, FactValue] = field(default_factory=dict)
    """By name of `facts.yaml`; only those the family agreed to."""


class Partner(Protocol):
    """Somebody who answers questions that are not ours."""

    name: str

    async def ask(self, errand: Errand) -> str:
        """The answer as it came, unchecked. Raises PartnerFailedError."""
        ...


class A2APartner:
    """An agent that speaks A2A, found by its card below the configured address."""

    def __init__(self, url: str, name: str, key: str, *, timeout_seconds: float) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._key = key
        self._timeout = timeout_seconds

    @classmethod
    def from_settings(cls, settings: Settings) -> A2APartner:
        """The partner that the settings name."""
        return cls(
            settings.partner_url,
            settings.partner_name,
            settings.partner_api_key.get_secret_value(),
            timeout_seconds=settings.partner_timeout_seconds,
        )

    async def ask(self, errand: Errand) -> str:
        """Send the errand and wait for the answer.

        Raises:
            PartnerFailedError: down, slow, not speaking A2A, a card that points elsewhere, or too much text.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._ask(errand)
        except PartnerFailedError:
            raise
        except TimeoutError:
            raise PartnerFailedError("timeout") from None
        except Exception as error:  # whatever a partner or the SDK does, the family gets an answer
            raise PartnerFailedError(type(error).__name__) from error

    async def _ask(self, errand: Errand) -> str:
        from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
        from a2a.helpers.proto_helpers import (
            get_stream_response_text,
            new_data_part,
            new_message,
            new_text_part,
        )
        from a2a.types import Role, SendMessageRequest

        async with _http(self._key, self._timeout) as http:
            card = await A2ACardResolver(http, self._url).get_agent_card()
            for interface in card.supported_interfaces:
                if _origin(interface.url) != _origin(self._url):
                    # The key and the family's words go where the operator said, not where a card says.
                    raise PartnerFailedError("the card points to another host")
            client = ClientFactory(ClientConfig(streaming=False, httpx_client=http)).create(card)
            parts = [new_text_part(errand.question)]
            if errand.facts:
                parts.append(new_data_part({"facts": errand.facts}))
            request = SendMessageRequest(message=new_message(parts, role=Role.ROLE_USER))
            request.configuration.accepted_output_modes.append("text/plain")
            texts = [get_stream_response_text(each) async for each in client.send_message(request)]
        answer = "\n".join(text for text in texts if text.strip())
        if not answer.strip():
            raise PartnerFailedError("empty")
        return answer


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port


def _http(key: str, timeout_seconds: float) -> httpx.AsyncClient:
    """A client of its own for each errand: no redirects, no proxy of the environment, a bounded body."""
    import httpx

    class Bounded(httpx.AsyncByteStream):
        def __init__(self, stream: AsyncIterator[bytes], close: object) -> None:
            self._stream, self._close = stream, close

        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = BYTES_MOST
            async for piece in self._stream:
                left -= len(piece)
                if left < 0:
                    raise PartnerFailedError("too much text")
                yield piece

        async def aclose(self) -> None:
            await self._close.aclose()  # type: ignore[attr-defined]

    class Transport(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await super().handle_async_request(request)
            stream = response.stream
            assert isinstance(stream, httpx.AsyncByteStream)
            response.stream = Bounded(stream.__aiter__(), stream)
            return response

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(
        transport=Transport(), timeout=timeout_seconds, headers=headers, follow_redirects=False
    )
