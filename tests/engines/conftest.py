from collections.abc import Iterator

import pytest

from tests.engines.openai_server import OpenAIServer


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """An OpenAI-compatible server on this machine."""
    with OpenAIServer() as running:
        yield running
