"""One frozen Settings, read once at start and passed down. No other module looks at the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent


class SettingsError(Exception):
    """Shown to the operator as one sentence; they mend `.env` or the environment and start again."""


class Settings(BaseSettings):
    """Everything an operator may set, as `MINXING_<NAME>` in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="MINXING_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data_dir: Path = PROJECT / "data"
    """Database, key file and index snapshots. Made on first start."""
    database_url: str = ""
    """Empty: SQLite in data_dir. Otherwise `postgresql+asyncpg://…`."""
    key_file: Path | None = None
    """AES-256 key for message text; None: `data_dir/keys/message.key`."""

    allowed_origins: tuple[str, ...] = ()
    """Exact origins of the pages that embed the widget, besides our own (SE-14)."""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    cookie_secure: bool = False
    """True behind HTTPS: `__Host-` cookie, Secure, and HSTS (SE-17)."""

    district: str = ""
    """Default district for answers when the family named none, such as `西湖区`."""

    llm_base_url: str = ""
    """Any OpenAI-compatible server. Empty: the offline composer answers alone."""
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout_seconds: float = Field(default=8.0, gt=0, le=300)
    llm_structured: Literal["function_calling", "json_schema", "off"] = "function_calling"
    llm_answer_tokens: int = Field(default=1_200, ge=50, le=4_000)
    """SE-8: what a model may write for one answer."""
    llm_price_input: float | None = Field(default=None, ge=0)
    """Per million tokens, as your contract says. Without prices no cost is shown."""
    llm_price_output: float | None = Field(default=None, ge=0)
    llm_price_currency: str = Field(default="CNY", max_length=3)
    llm_tokens_per_day: int = Field(default=0, ge=0)
    """SE-8: beyond so many tokens a day answers are worded offline; 0: no cap. Counted per process."""
    llm_fallback_base_url: str = ""
    """A second model, asked when the first fails or is left alone. Empty: the offline composer comes next."""
    llm_fallback_model: str = ""
    llm_fallback_api_key: SecretStr = SecretStr("")
    llm_fallback_structured: Literal["function_calling", "json_schema", "off"] | None = None
    """None: as the first."""
    llm_fallback_price_input: float | None = Field(default=None, ge=0)
    llm_fallback_price_output: float | None = Field(default=None, ge=0)

    partner_url: str = ""
    """A partner agent (A2A) for infant care, nurseries and parenting. Empty: nothing is ever handed on."""
    partner_name: str = "杭小育"
    """As families read it."""
    partner_api_key: SecretStr = SecretStr("")
    partner_timeout_seconds: float = Field(default=6.0, gt=0, le=30)

    encoder_engine: Literal["bundled", "transformers", "openai"] = "bundled"
    """What turns texts into vectors for search. Danger signals and intents always read the bundled one."""
    encoder_model: str = ""
    """`transformers`: a name such as `BAAI/bge-m3`, or a folder. `openai`: the name the endpoint knows."""
    encoder_base_url: str = ""
    """`openai`: any compatible endpoint, such as `http://127.0.0.1:8001/v1`. It sees redacted questions."""
    encoder_api_key: SecretStr = SecretStr("")
    encoder_query_prefix: str = ""
    encoder_passage_prefix: str = ""
    """For models that want words before questions and passages, such as `query: ` and `passage: ` of E5."""
    reranker_model: str = ""
    """A cross-encoder that orders the best clauses anew: a name or a folder. Empty: none."""
    ingest_issuers: tuple[str, ...] = ()
    """SE-4: issuers besides those of `sources.yaml` whose documents need no second person."""

    evaluation: bool = False
    """Adds a `trace` event to each turn for `minxing eval`. Never in service."""
    detector_seconds: float = Field(default=0.8, gt=0, le=60)
    """CR-9: a danger classifier that is slower is passed over. More only to judge it on a crowded machine."""

    messages_per_minute: int = Field(default=20, ge=1)
    """Per conversation (SE-8). A message that carries S3 or S4 is never refused."""
    messages_per_minute_per_address: int = Field(default=60, ge=1)
    conversations_per_hour_per_address: int = Field(default=60, ge=1)
    message_chars_max: int = Field(default=20_000, ge=1)
    """A longer message is refused with 413 after it was scanned to the end (CR-1)."""

    retention_chat_days: int = Field(default=30, ge=1)
    """PR-6: ordinary chat text is deleted after this many days."""
    retention_crisis_days: int = Field(default=3 * 365, ge=1)
    """LG-9: crisis case records are kept three years."""

    @property
    def resolved_database_url(self) -> str:
        """The database to open: the one given, else SQLite in `data_dir`."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'minxing.sqlite3'}"

    @property
    def resolved_key_file(self) -> Path:
        """Where the message key lies (PR-8): outside the database file, mode 0600."""
        return self.key_file or self.data_dir / "keys" / "message.key"

    @property
    def snapshots_dir(self) -> Path:
        """Where index snapshots lie, one folder each, named by content."""
        return self.data_dir / "snapshots"

    @property
    def waiting_dir(self) -> Path:
        """Documents that wait for a second person, and who approved which (SE-4)."""
        return self.data_dir / "waiting"

    @property
    def model_configured(self) -> bool:
        """Whether a language model may word answers."""
        return bool(self.llm_base_url and self.llm_model)

    @property
    def fallback_model_configured(self) -> bool:
        """Whether a second model stands by."""
        return bool(self.llm_fallback_base_url and self.llm_fallback_model)


def load_settings(**overrides: object) -> Settings:
    """Read the settings once.

    Raises:
        SettingsError: with one sentence that names the variable and what it should look like.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "MINXING_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name} in the environment or .env is not usable: {first['msg']}.") from None
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(f".env could not be read: {error}.") from None
    except Exception as error:  # pydantic-settings wraps broken JSON values in its own error type
        raise SettingsError(f"The environment or .env could not be read: {error}.") from None
